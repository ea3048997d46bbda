"""The kinds of values that fields of records have in English texts, each with the ways to make one up."""

from __future__ import annotations

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.made_up import (
    Variant,
    box,
    company,
    count,
    decimal,
    email,
    from_shape,
    hhmm,
    iso,
    items,
    lines,
    listed,
    made,
    money,
    person,
    phone,
    same,
    shape,
    short_date,
    thing,
    time,
    title,
    whole,
    word,
)

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
AMOUNT = (Variant(("float", "float(min=0)", "float"), decimal(3000, 2)),)
DATE = (Variant(("str", "str", "str(max=40)"), made(short_date)),)
COMPANY = (Variant(("str", "str(max=60)"), made(company)),)
MAKERS: dict[str, tuple[Variant, ...]] = {
    "person": (Variant(("str", "str(min=1, max=60)", "str(max=40)"), same(person)),),
    "first_name": (
        Variant(
            ("str", 're"[A-Z][a-z]+"'),
            same(lambda draw: draw.made(word) if draw.chance(0.5) else draw.of(slots.listed("first_names"))),
        ),
    ),
    "email": (Variant(("str", r're"[a-z0-9._]+@[a-z0-9.]+"', "str(max=60)"), made(email)),),
    "phone": (Variant(("str", r're"[+0-9() -]{6,20}"', "str(max=24)"), made(phone)),),
    "user": (
        Variant(
            ("str", r're"[a-z0-9_]+"'),
            made(lambda r: word(r).lower() + r.choice(("", "_x", str(r.randint(1, 99)), "_" + word(r, 1, 1).lower()))),
        ),
    ),
    "age": (whole(1, 99, "int", "int(min=0, max=120)"),),
    "date": DATE,
    "iso_date": (Variant(('re"\\d{4}-\\d{2}-\\d{2}"',), iso),),
    "time": (Variant(("str", "str(max=20)"), made(time)),),
    "hhmm": (Variant(('re"\\d\\d:\\d\\d"', 're"[0-2][0-9]:[0-5][0-9]"'), hhmm),),
    "job": (Variant(("str", "str(max=40)"), listed("jobs")),),
    "company": COMPANY,
    "department": (Variant(("str", "str(max=40)"), listed("departments")),),
    "language": (Variant(("str", 're"[A-Z][a-z]+"'), listed("languages")),),
    "country": (Variant(("str", "str(max=40)"), listed("countries")),),
    "names": (items(person),),
    "skills": (items(lambda draw: draw.of(slots.listed("skills"))),),
    "colors": (items(lambda draw: draw.of(slots.listed("colors"))),),
    "products": (items(thing),),
    "cities": (items(lambda draw: draw.of(slots.listed("cities"))),),
    "ingredients": (items(lambda draw: draw.of(slots.listed("foods")), 5),),
    "lines": (Variant(("list[Line]", "list[Line](max=5)"), lines),),
    "code": CODES,
    "product": (Variant(("str", "str(max=60)"), same(thing)),),
    "count": (count(1, 24), whole(2, 400)),
    "years": (count(1, 10),),
    "amount": AMOUNT,
    "money": (Variant(("Money",), money),),
    "percent": (whole(1, 99, "int", "int(min=0, max=100)"),),
    "color": (Variant(("str", "str(max=20)"), listed("colors")),),
    "material": (Variant(("str", "str(max=30)"), listed("materials")),),
    "model": (
        Variant(
            ("str", "str(max=40)"),
            made(lambda r: f"{word(r)} {from_shape(r, r.choice(('A0', '000', 'A000', '00', 'A-00', '0')))}"),
        ),
    ),
    "weight": (Variant(("float", "float(min=0)"), decimal(120, 1)),),
    "length": (Variant(("float", "float(min=0)"), decimal(300, 1)), whole(2, 900)),
    "distance": (Variant(("float", "float(min=0)"), decimal(900, 1)), whole(2, 900)),
    "area": (whole(12, 400),),
    "box": (Variant(("Box",), box),),
    "city": (
        Variant(
            ("str", "str(max=40)"),
            same(lambda draw: draw.made(word) if draw.chance(0.4) else draw.of(slots.listed("cities"))),
        ),
    ),
    "street": (
        Variant(
            ("str", "str(max=60)"),
            made(
                lambda r: r.choice((f"{r.randint(1, 199)} {{s}}", f"{{s}} {r.randint(1, 199)}")).format(
                    s=r.choice(slots.listed("street_names"))
                )
            ),
        ),
    ),
    "zip": (shape(r"\d{5}", "00000"),),
    "room": (
        Variant(
            ("str", "str(max=8)"), made(lambda r: from_shape(r, r.choice(("000", "A0", "0.00", "A00", "00", "0000"))))
        ),
    ),
    "floor": (count(1, 30, "int", "int(min=0, max=60)"),),
    "minutes": (whole(5, 240),),
    "flight": (shape(r"[A-Z]{2} ?\d{2,4}", "AA 000", "AA000", "AA0000", "AA 00"),),
    "seat": (shape(r"\d{1,2}[A-Z]", "00A", "0A"),),
    "plate": (
        Variant(
            ("str",),
            made(lambda r: from_shape(r, r.choice(("A-AA 000", "AA 000 AA", "AAA 0000", "000 AAA", "AA00 AAA")))),
        ),
    ),
    "temperature": (whole(-15, 42, "int", "int(min=-60, max=60)"),),
    "url": (
        Variant(
            ("str", 're"[a-z0-9:/.-]+"'),
            made(
                lambda r: (
                    r.choice(("https://", "www.", ""))
                    + word(r).lower()
                    + r.choice((".example", ".example/", ".example/a"))
                    + word(r, 1, 1).lower()
                )
            ),
        ),
    ),
    "file": (
        Variant(
            ("str", "str(max=60)"),
            made(
                lambda r: (
                    word(r, 1, 2).lower()
                    + r.choice(("", "_v2", f"-{r.randint(1, 99)}"))
                    + r.choice((".pdf", ".docx", ".csv", ".png", ".txt", ".xlsx", ".py"))
                )
            ),
        ),
    ),
    "ip": (
        Variant(("str", r're"\d+\.\d+\.\d+\.\d+"'), made(lambda r: ".".join(str(r.randint(1, 254)) for _ in range(4)))),
    ),
    "version": (
        Variant(
            ("str", r're"\d+\.\d+(\.\d+)?"'),
            made(lambda r: ".".join(str(r.randint(0, 30)) for _ in range(r.choice((2, 3))))),
        ),
    ),
    "error": (shape(r"[A-Z0-9-]+", "E000", "AA-000", "0A0000", "AAA-00"),),
    "port": (whole(80, 65000, "int(min=1, max=65535)", "int"),),
    "title": (Variant(("str", "str(max=80)"), made(title)),),
    "year": (whole(1750, 2035, "int", "int(min=1000, max=2100)"),),
    "pages": (whole(20, 999),),
    "rating": (count(1, 5, "int(min=1, max=5)", "int"),),
    "isbn": (shape(r"[0-9-]+", "000-0-00-000000-0", "0-000-00000-0"),),
    "iban": (shape(r"[A-Z]{2}\d{12,20}", "AA00000000000000", "AA000000000000000000"),),
    "big": (whole(1000, 9_000_000, "int", "int(min=0)", "int(min=0, max=99999999)"),),
    "dish": (Variant(("str",), listed("dishes")),),
    "allergy": (Variant(("str",), listed("foods")),),
    "animal": (Variant(("str",), listed("animals")),),
    "symptom": (Variant(("str",), listed("symptoms")),),
    "any": (
        *CODES[:6],
        *AMOUNT,
        *DATE,
        *COMPANY,
        whole(1, 5000),
        Variant(("str", "str(max=40)"), made(word)),
        Variant(("str", "str(max=40)"), listed("materials")),
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
