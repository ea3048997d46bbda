"""The kinds of values that fields of records have in English texts, each with the ways to make one up."""

from __future__ import annotations

import random
from collections.abc import Callable

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.made_up import (
    Variant,
    Written,
    box,
    count,
    decimal,
    from_shape,
    hhmm,
    iso,
    items,
    joined,
    made,
    money,
    phone,
    same,
    shape,
    short_date,
    time,
    whole,
    word,
)
from sglc.backend.engine.tiny.corpus.real_values import (
    COINED,
    company,
    email,
    file,
    first_name,
    model,
    person,
    street,
    thing,
    title,
    url,
    user,
)

NOUNS = {
    "jobs": "driver teacher maker cleaner engineer trainer planner keeper seller guard writer fitter operator clerk",
    "departments": "support sales planning services control design repair training office supply",
    "skills": "repair design planning writing training analysis cooking painting programming dancing",
    "colors": "red blue green grey brown yellow pink white",
    "foods": "beans oil nuts cheese sauce seeds flour berries bread fish roots syrup",
    "materials": "wood steel fiber glass cloth leather stone plastic wool foam paper",
    "dishes": "soup stew salad pie curry noodles cake rice pancakes dumplings roast",
    "animals": "cat dog bird snake fox monkey lizard fish horse mouse",
    "symptoms": "pain ache cough fever rash cramp itch cold burn",
}
"""For each list what a made-up word may stand in front of."""


def mixed(name: str, share: float = COINED) -> Callable[[Draw], str]:
    """One of a list, or with a chance of `share` something that nobody has heard of: `brinol wood`, `brinol`."""
    nouns = NOUNS[name].split()

    def make(random_: random.Random) -> str:
        first = word(random_, 1, 2).lower()
        # A word alone is longer, so that it is hardly ever one that exists.
        return word(random_).lower() if random_.random() < 0.3 else f"{first} {random_.choice(nouns)}"

    return lambda draw: draw.made(make) if draw.chance(share) else draw.of(slots.listed(name))


def place(draw: Draw) -> str:
    """A city, a made-up one at times."""
    return draw.made(word) if draw.chance(COINED) else draw.of(slots.listed("cities"))


def color(draw: Draw) -> str:
    """At most 20 letters long."""
    if draw.chance(0.95):
        return mixed("colors", 0.1)(draw)
    return f"{draw.any(('dark', 'light', 'pale', 'deep', 'warm'))} {draw.made(lambda r: word(r, 1, 2).lower())}"


def country(random_: random.Random) -> str:
    return (
        word(random_) if random_.random() < 0.6 else f"{word(random_, 1, 2)}{random_.choice(('land', 'stan', 'nia'))}"
    )


def temperature(draw: Draw) -> Written:
    """Below zero with a sign or with `minus`."""
    text = draw.made(lambda r: str(r.randint(-40, 45)))
    return int(text), f"minus {text[1:]}" if text.startswith("-") and draw.chance(0.3) else text


def lines(draw: Draw) -> Written:
    """Products with their numbers: `two lamps` is not needed to be good English, so `2 x desk lamp`."""
    form = draw.any(("{n} x {p}", "{n} {p}", "{p} ({n})", "{n} pieces of {p}", "{p}: {n}"))
    most = draw.any((12, 12, 40, 99))
    found = [(thing(draw), count(1, most).make(draw)) for _ in range(draw.number(1, 3))]
    value = [{"product": product, "quantity": count[0]} for product, count in found]
    return value, joined([form.format(n=count[1], p=product) for product, count in found], " and ")


CODES = (
    shape(r"[A-Z]{2}-\d{4,6}", "AA-0000", "AA-00000", "AA-000000"),
    shape(r"\d{5,10}", "00000", "0000000", "0000000000"),
    shape(r"[A-Z]?\d{4,10}", "A0000", "A00000", "000000", "A00000000"),
    shape(r"[A-Z]{3}\d{3}", "AAA000"),
    shape(r"#\d{4,6}", "#0000", "#000000"),
    shape(r"[A-Z]+-\d+-[A-Z]", "AA-000-A", "AAA-0000-A", "A-00-A"),
    shape(r"\d{4}/\d{2,5}", "2024/000", "2025/00000", "0000/00"),
    shape(r"[A-Z0-9]{8}", "********"),
    shape(r"[A-Z]\d-[A-Z0-9]{4}", "A0-****"),
    shape(r"[a-z]{3}\d{2,4}", "aaa00", "aaa0000"),
    shape(r"[A-Z0-9-]+", "A-0000", "***-***", "AAAA-0000-00"),
)
AMOUNT = tuple(Variant(("float", "float(min=0)"), decimal(most, 2)) for most in (60, 3000, 3000, 80_000))
DATE = (Variant(("str", "str", "str(max=40)"), made(short_date)),)
COMPANY = (Variant(("str", "str(max=60)"), made(company)),)
MAKERS: dict[str, tuple[Variant, ...]] = {
    "person": (Variant(("str", "str(min=1, max=60)", "str(max=40)"), same(person)),),
    "first_name": (
        Variant(
            ("str", 're"[A-Z][a-z]+"'),
            same(first_name),
        ),
    ),
    "email": (Variant(("str", r're"[a-z0-9._]+@[a-z0-9.]+"', "str(max=60)"), made(email)),),
    "phone": (Variant(("str", r're"[+0-9() -]{6,20}"', "str(max=24)"), made(phone)),),
    "user": (
        Variant(
            ("str", r're"[a-z0-9_]+"'),
            made(user),
        ),
    ),
    "age": tuple(make(1, 99, "int", "int(min=0, max=120)") for make in (whole, count)),
    "date": DATE,
    "iso_date": (Variant(('re"\\d{4}-\\d{2}-\\d{2}"',), iso),),
    "time": (Variant(("str", "str(max=20)"), made(time)),),
    "hhmm": (Variant(('re"\\d\\d:\\d\\d"', 're"[0-2][0-9]:[0-5][0-9]"'), hhmm),),
    "job": (Variant(("str", "str(max=40)"), same(mixed("jobs"))),),
    "company": COMPANY,
    "department": (Variant(("str", "str(max=40)"), same(mixed("departments"))),),
    "language": (
        Variant(
            ("str", 're"[A-Z][a-z]+"'),
            same(
                lambda draw: (
                    draw.made(lambda r: word(r) + r.choice(("", "ish", "ian")))
                    if draw.chance(COINED)
                    else draw.of(slots.listed("languages"))
                )
            ),
        ),
    ),
    "country": (
        Variant(
            ("str", "str(max=40)"),
            same(lambda draw: draw.made(country) if draw.chance(COINED) else draw.of(slots.listed("countries"))),
        ),
    ),
    "names": (items(person),),
    "skills": (items(mixed("skills")),),
    "colors": (items(color),),
    "products": (items(thing),),
    "cities": (items(place),),
    "ingredients": (items(mixed("foods"), 5),),
    "lines": (Variant(("list[Line]", "list[Line](max=5)"), lines),),
    "code": CODES,
    "product": (Variant(("str", "str(max=60)"), same(thing)),),
    "count": (count(1, 24), count(1, 99), whole(2, 400), whole(2, 5000)),
    "few": (count(1, 12), count(1, 40)),
    "years": (count(1, 10), count(1, 30)),
    "amount": AMOUNT,
    "money": (Variant(("Money",), money),),
    "percent": (whole(1, 99, "int", "int(min=0, max=100)"),),
    "color": (Variant(("str", "str(max=20)"), same(color)),),
    "material": (Variant(("str", "str(max=30)"), same(mixed("materials"))),),
    "model": (
        Variant(
            ("str", "str(max=40)"),
            made(model),
        ),
    ),
    "weight": tuple(Variant(("float", "float(min=0)"), decimal(most, 1)) for most in (20, 120, 900)),
    "length": (Variant(("float", "float(min=0)"), decimal(300, 1)), whole(2, 900)),
    "distance": (Variant(("float", "float(min=0)"), decimal(900, 1)), whole(2, 900)),
    "area": (whole(12, 400), whole(5, 2000)),
    "box": (Variant(("Box",), box),),
    "city": (Variant(("str", "str(max=40)"), same(place)),),
    "street": (Variant(("str", "str(max=60)"), made(street)),),
    "zip": (shape(r"\d{5}", "00000"),),
    "room": (
        Variant(
            ("str", "str(max=8)"), made(lambda r: from_shape(r, r.choice(("000", "A0", "0.00", "A00", "00", "0000"))))
        ),
    ),
    "floor": (count(1, 60, "int", "int(min=0, max=60)"),),
    "minutes": (whole(1, 300), count(1, 99)),
    "flight": (shape(r"[A-Z]{2} ?\d{2,4}", "AA 000", "AA000", "AA0000", "AA 00"),),
    "seat": (shape(r"\d{1,2}[A-Z]", "00A", "0A"),),
    "plate": (
        Variant(
            ("str",),
            made(lambda r: from_shape(r, r.choice(("A-AA 000", "AA 000 AA", "AAA 0000", "000 AAA", "AA00 AAA")))),
        ),
    ),
    "temperature": (Variant(("int", "int(min=-60, max=60)"), temperature),),
    "url": (Variant(("str", 're"[a-z0-9:/.-]+"'), made(url)),),
    "file": (Variant(("str", "str(max=60)"), made(file)),),
    "ip": (
        Variant(("str", r're"\d+\.\d+\.\d+\.\d+"'), made(lambda r: ".".join(str(r.randint(1, 254)) for _ in range(4)))),
    ),
    "version": (
        Variant(
            ("str", r're"\d+\.\d+(\.\d+)?"'),
            made(lambda r: ".".join(str(r.randint(0, 30)) for _ in range(r.choice((2, 3))))),
        ),
    ),
    "error": (shape(r"[A-Z0-9-]+", "E000", "AA-000", "0A0000", "AAA-00", "E-00", "000", "A0000", "AAA0", "AA-00-A"),),
    "port": (whole(80, 65000, "int(min=1, max=65535)", "int"),),
    "title": (Variant(("str", "str(max=80)"), made(title)),),
    "year": (whole(1750, 2035, "int", "int(min=1000, max=2100)"),),
    "pages": (whole(5, 1500),),
    "rating": (count(1, 5, "int(min=1, max=5)", "int"),),
    "isbn": (shape(r"[0-9-]+", "000-0-00-000000-0", "0-000-00000-0"),),
    "iban": (shape(r"[A-Z]{2}\d{12,20}", "AA00000000000000", "AA000000000000000000"),),
    "big": (whole(1000, 9_000_000, "int", "int(min=0)", "int(min=0, max=99999999)"),),
    "dish": (Variant(("str",), same(mixed("dishes"))),),
    "allergy": (Variant(("str",), same(mixed("foods"))),),
    "animal": (Variant(("str",), same(mixed("animals"))),),
    "symptom": (Variant(("str",), same(mixed("symptoms"))),),
    "any": (
        *CODES[:6],
        *AMOUNT,
        *DATE,
        *COMPANY,
        whole(1, 5000),
        Variant(("str", "str(max=40)"), same(mixed("foods"))),
        Variant(("str", "str(max=40)"), same(place)),
        Variant(("str", "str(max=60)"), same(thing)),
        Variant(("str", "str(max=40)"), same(mixed("materials"))),
        Variant(("str",), made(title)),
    ),
}
"""For each kind of value of a bank of fields the ways of which a program takes one."""

HELPERS = {
    "Line": "type Line:\n    product: str\n    quantity: int(min=1)\n",
    "Money": 'type Money:\n    amount: float(min=0)\n    currency: "EUR" | "USD" | "GBP" | "CHF" | "CNY"\n',
    "Box": 'type Box "in centimeters":\n    width: int\n    height: int\n    depth: int\n',
}
"""Records that types of MAKERS name."""
