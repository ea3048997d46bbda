"""examples/product.sgl: descriptions of products -> name, maker, price, colors and whether it is in stock."""

from __future__ import annotations

from typing import Any

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.made_up import company, from_shape, joined, word
from sglc.backend.engine.tiny.corpus.makers_zh import chinese_company
from sglc.backend.engine.tiny.corpus.programs import example, written
from sglc.backend.engine.tiny.corpus.record_words import WORDS
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.ir.decode import to_json

PLAIN = {
    "en": ("plain", "simple", "basic", "normal", "standard", "usual", "good", "nice", "new", "cheap"),
    "zh": ("普通", "简单", "一般", "便宜"),
}
CURRENCIES = {
    "en": (
        *(("EUR", "{} EUR"), ("EUR", "€{}"), ("EUR", "{} €"), ("EUR", "{} euros"), ("EUR", "EUR {}")),
        *(("USD", "${}"), ("USD", "{} USD"), ("USD", "{} dollars"), ("USD", "US${}")),
        *(
            ("GBP", "£{}"),
            ("GBP", "{} GBP"),
            ("GBP", "{} pounds"),
            ("CNY", "{} yuan"),
            ("CNY", "¥{}"),
            ("CNY", "{} CNY"),
        ),
    ),
    "zh": (
        *(("CNY", "{}元"), ("CNY", "{}元"), ("CNY", "¥{}"), ("CNY", "{}块"), ("CNY", "人民币{}元")),
        *(("EUR", "{}欧元"), ("USD", "{}美元"), ("GBP", "{}英镑"), ("USD", "${}"), ("EUR", "€{}")),
    ),
}
PROGRAM = """type Price:
    amount: float(min=0)
    currency: "EUR" | "USD" | "GBP" | "CNY"


type Product:
    name: str(min=1, max=60) "商品名,不含厂家"
    maker: str(max=40)? "厂家,没写就是 null"
    price: Price?
    colors: list[str(min=2, max=20)](max=5) "文中的颜色"
    in_stock: bool = true "只有文中说没货时为 false"


def product(text: str) -> Product:
    user: "{ask}\\n{describe(Product)}\\n\\n{lead}{text}"
    assistant: gen item: Product with max_tokens=160
    return item
"""


def _price(draw: Draw, language: str) -> tuple[dict[str, Any], str]:
    amount = draw.made(
        lambda random_: (
            f"{random_.random() ** 3 * 2500 + 1:.{random_.choice((0, 2, 2, 2))}f}"
            if random_.random() < 0.7
            else f"{random_.randint(1, 300)}.{random_.choice(('90', '99', '50', '95', '49'))}"
        )
    )
    currency, form = draw.any(CURRENCIES[language])
    shown = amount
    if float(amount) >= 1000 and draw.chance(0.6):
        shown = f"{float(amount):,.{len(amount.partition('.')[2])}f}"
    return {"amount": float(amount), "currency": currency}, form.format(shown)


def _name(draw: Draw, language: str) -> str:
    """What is sold, most with a made-up name in front, some with a type behind."""
    thing = draw.of(slots.listed("products" if language == "en" else "products.zh"))
    roll = draw.random.random()
    if roll < 0.2:
        return thing
    first = draw.made(word)
    if roll < 0.65:
        return f"{first} {thing}" if language == "en" else f"{first}{thing}"
    if roll < 0.8:
        return f"{first} {draw.made(lambda r: from_shape(r, r.choice(('A0', '00', '000', 'AA0'))))} {thing}"
    if roll < 0.9:
        return f"{first} {draw.made(lambda r: from_shape(r, r.choice(('A00', '00', '0000'))))}"
    return f"{thing} {first}"


def _case(language: str, draw: Draw) -> Case:
    ending = "" if language == "en" else ".zh"

    def template(kind: str) -> str:
        return draw.of(slots.listed(f"product_{kind}{ending}"))

    item: dict[str, Any] = {"name": _name(draw, language), "maker": None, "price": None, "colors": [], "in_stock": True}
    facts = {"plain": draw.any(PLAIN[language])}
    said: list[str] = []
    if draw.chance(0.65):
        item["maker"] = draw.made(company if language == "en" or draw.chance(0.3) else chinese_company)
        opener = template("openers")
        if "{maker} {name}" in opener or "{maker}{name}" in opener:
            # Of two made-up names side by side nobody can tell where one ends.
            item["name"] = draw.of(slots.listed("products" + ending))
    else:
        opener = template("bare")
        if "{plain}" in opener:
            item["name"] = draw.of(slots.listed("products" + ending))
    if draw.chance(0.7):
        colors = draw.some(slots.listed("colors" + ending), draw.any((1, 2, 2, 3, 3, 4, 5)))
        item["colors"] = colors
        between = (" and ", " or ", ", ", " and ") if language == "en" else ("和", "、", "或")
        facts["colors"] = joined(colors, draw.any(between))
        if language == "zh":
            facts["colors"] = facts["colors"].replace(", ", "、")
    if draw.chance(0.7):
        item["price"], facts["price"] = _price(draw, language)
    if "colors" in facts and "price" in facts and draw.chance(0.3):
        said.append(template("both"))
    else:
        said += [template("colors")] if "colors" in facts else []
        said += [template("prices")] if "price" in facts else []
    roll = draw.random.random()
    if roll < 0.35:
        item["in_stock"] = False
        said.append(template("out"))
    elif roll < 0.5:
        said.append(template("in"))
    said += [template("other") for _ in range(draw.any((0, 0, 1, 1, 2)))]
    facts |= {
        "name": item["name"],
        "maker": str(item["maker"]),
        "n": str(draw.number(1, 90)),
        "material": draw.of(slots.listed("materials" + ending)),
        "thing": draw.of(slots.listed("products" + ending)),
        "city": draw.of(slots.listed("cities" + ending)),
        "country": draw.of(slots.listed("countries" + ending)),
        "code": draw.made(lambda r: from_shape(r, r.choice(("AA-000", "00000", "A0-00")))),
    }
    text = _joined(draw, language, opener, draw.shuffled(said), facts)
    program = example("product") if language == "en" or draw.chance(0.5) else _chinese_program(draw)
    return Case(
        program=program,
        function="product",
        args={"text": text},
        teacher=lambda path, told: to_json(item),
        check=lambda value: bool(value == item),
    )


def _joined(draw: Draw, language: str, opener: str, said: list[str], facts: dict[str, str]) -> str:
    first = opener
    if language == "en" and said and draw.chance(0.3) and "It comes in" in said[0] and first.endswith("."):
        # "The lamp by Orlo comes in red": one sentence of two.
        first, said = f"{first[:-1]} {said[0][3:]}", said[1:]
    gap = draw.any((" ", " ", " ", "\n")) if language == "en" else draw.any(("", "", "", "\n"))
    stop = "." if language == "en" else "。"
    sentences = [first, *said] if draw.chance(0.9) else [*said, first]
    return (
        gap.join(one if one[-1:] in ".!?。!" or gap == "\n" else one + stop for one in sentences)
        .strip()
        .format(**facts)
    )


def _chinese_program(draw: Draw) -> Any:
    words = WORDS["zh"]
    ask = draw.of(words.asks).format(rec="记录")
    return written(PROGRAM.replace("{ask}", ask).replace("{lead}", draw.any(("文字:", "原文:", "商品介绍:", ""))))


TASKS = (
    Task("product", "extraction", "en", lambda draw: _case("en", draw), 2.0),
    Task("product_zh", "extraction", "zh", lambda draw: _case("zh", draw), 2.0),
)
