"""examples/product.sgl: descriptions of products -> name, maker, price, colors and whether it is in stock."""

from __future__ import annotations

import random
import re
from typing import Any

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.made_up import company, from_shape, joined, word
from sglc.backend.engine.tiny.corpus.makers_zh import chinese_company
from sglc.backend.engine.tiny.corpus.programs import example, written
from sglc.backend.engine.tiny.corpus.record_words import WORDS
from sglc.backend.engine.tiny.corpus.substitution import common_characters
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.ir.decode import to_json

PLAIN = {
    "en": ("plain", "simple", "basic", "normal", "standard", "usual", "good", "nice", "new", "cheap"),
    "zh": ("普通", "简单", "一般", "便宜"),
}
REAL = 0.85
"""The share of things and colors that exist; words that are copied are exchanged for others in training anyway."""
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
SHADES = {
    "en": ("light", "dark", "pale", "deep", "bright", "dusty", "soft", "old", "mat", "warm"),
    "zh": ("浅", "深", "淡", "暗", "亮", "", "", "", "", ""),
}
CHINESE_HUES = ("色",) * 8 + tuple("蓝红绿黄紫灰白黑粉棕金")
CHINESE_KINDS = tuple("机器灯杯壶椅桌架箱包刀笔布垫镜鞋帽衣车琴钟锅盘碗瓶罐盒板梳")
"""What things are, behind other characters."""
JOINING = frozenset(
    "和与及或跟同、有是为分款的可选含共都种版做售卖出由家厂产制造一个件这那新现色价元块只要在从把被让给"
)
"""Characters that made-up names and colors do without: beside a sentence's own ones nobody could tell where they end."""
BESIDE = re.compile(r"\{maker\} ?\{name\}")
"""A maker's and a product's name side by side, with nothing between."""
NO_VERB = {
    "en": re.compile(
        r"((The|Our|This|A)( new| popular| famous| little)? )?\{name\}"
        r"(,? (made |built |sold |designed )?(by|from|of)( the brand| the maker| the company)? \{maker\})?\.?"
    ),
    "zh": re.compile(r"(这款|这个)?((来自|出自)?\{maker\}(出品|制造|生产|做|设计|新出|最新)?的)?\{name\}。"),
}
"""Openers that the next sentence can go on with: `comes in red`, `, available in red`."""
GOES_ON = {
    "en": re.compile(r"It (?!,)|(Available|Sold|Made|Painted|Offered|Dyed|Priced|Now|To be had)\b"),
    "zh": re.compile("[有分卖售重高宽共已可]|只要|只卖|目前|现在|暂时|保修|定价|标价|做成|不含|适合|采用|由|用"),
}
ONE_COLOR = re.compile(
    "(?!.*(几|任选|都|各|[Tt]he (colou?rs|shades)|colors are|between|Choose from|Select from|Pick from|(versions|models) in)).*"
)
"""Sentences that do not speak of several colors."""
NO_COMMA = re.compile("有|目前|现在|现有|暂时|售价|定价|采用|由|已")
"""What a Chinese sentence may go on with right behind a name."""
WIDE = str.maketrans(",:;!?()", "\uff0c\uff1a\uff1b\uff01\uff1f\uff08\uff09")
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


def _characters(random_: random.Random, low: int, high: int) -> str:
    """Characters at random."""
    made = ""
    length = random_.randint(low, high)
    while len(made) < length:
        one = random_.choice(common_characters())
        made += "" if one in JOINING else one
    return made


def _thing(draw: Draw, language: str) -> str:
    """What kind of thing it is, in some texts one that does not exist."""
    if draw.chance(REAL):
        return _real_thing(draw, language)
    if language == "zh":
        return draw.made(lambda r: _characters(r, 1, 3) + r.choice(CHINESE_KINDS))
    made = draw.made(word).lower()
    return made if draw.chance(0.5) else f"{made} {_real_thing(draw, language).rpartition(' ')[2]}"


def _real_thing(draw: Draw, language: str) -> str:
    return draw.of(slots.listed("products" if language == "en" else "products.zh"))


def _name(draw: Draw, language: str) -> str:
    """What is sold, most with a made-up name in front, some with a type behind."""
    thing = _thing(draw, language)
    roll = draw.random.random()
    if roll < 0.2:
        return thing
    if language == "zh" and draw.chance(0.6):
        brand = draw.made(lambda r: _characters(r, 2, 3)) if draw.chance(0.3) else draw.of(slots.listed("brands.zh"))
        return brand + thing
    first = draw.made(word)
    if roll < 0.65:
        return f"{first} {thing}" if language == "en" else f"{first}{thing}"
    if roll < 0.8:
        return f"{first} {draw.made(lambda r: from_shape(r, r.choice(('A0', '00', '000', 'AA0'))))} {thing}"
    if roll < 0.9:
        return f"{first} {draw.made(lambda r: from_shape(r, r.choice(('A00', '00', '0000'))))}"
    return f"{thing} {first}"


def _color(draw: Draw, language: str) -> str:
    real = draw.of(slots.listed("colors" if language == "en" else "colors.zh"))
    if draw.chance(REAL):
        return real
    shade = draw.any(SHADES[language])
    if language == "zh":
        return draw.made(lambda r: shade + _characters(r, 1, 3) + r.choice(CHINESE_HUES))
    made = draw.made(lambda r: word(r, 1, 2)).lower()
    return draw.any((made, made, f"{shade} {made}", f"{made} {real.rpartition(' ')[2]}"))


def _colors(draw: Draw, language: str) -> list[str]:
    """One to five, all different."""
    count = draw.any((1, 2, 2, 3, 3, 4, 5))
    found: list[str] = []
    while len(found) < count:
        color = _color(draw, language)
        if color not in found and 2 <= len(color) <= 20:
            found.append(color)
    return found


def _case(language: str, draw: Draw) -> Case:
    ending = "" if language == "en" else ".zh"

    def template(kind: str, fitting: re.Pattern[str] | None = None) -> str:
        """One of a kind; one that fits where a few draws give one."""
        texts = [draw.of(slots.listed(f"product_{kind}{ending}")) for _ in range(15 if fitting else 1)]
        return next((one for one in texts if fitting and fitting.fullmatch(one)), texts[0])

    item: dict[str, Any] = {"name": _name(draw, language), "maker": None, "price": None, "colors": [], "in_stock": True}
    facts = {"plain": draw.any(PLAIN[language])}
    said: list[str] = []
    keep = ""
    plain = NO_VERB[language] if draw.chance(0.2) else None
    if draw.chance(0.65):
        item["maker"] = draw.made(company if language == "en" or draw.chance(0.3) else chinese_company)
        opener = template("openers", plain)
        if BESIDE.search(opener):
            # Of two made-up names side by side nobody can tell where one ends.
            item["name"] = keep = _real_thing(draw, language)
    else:
        opener = template("bare", plain)
        if "{plain}" in opener:
            item["name"] = keep = _real_thing(draw, language)
    if draw.chance(0.7):
        colors = _colors(draw, language)
        item["colors"] = colors
        between = (" and ", " or ", ", ", " and ") if language == "en" else ("和", "、", "或")
        facts["colors"] = joined(colors, draw.any(between))
        if language == "zh":
            facts["colors"] = facts["colors"].replace(", ", "、")
    if draw.chance(0.7):
        item["price"], facts["price"] = _price(draw, language)
    one = ONE_COLOR if len(item["colors"]) == 1 else None
    if "colors" in facts and "price" in facts and draw.chance(0.3):
        said.append(template("both", one))
    else:
        said += [template("colors", one)] if "colors" in facts else []
        said += [template("prices")] if "price" in facts else []
    roll = draw.random.random()
    if roll < 0.5:
        item["in_stock"] = roll >= 0.35
        said.append(template("in" if item["in_stock"] else "out"))
        keep = f"{keep} {said[-1]}"
    said += [template("other") for _ in range(draw.any((0, 0, 1, 1, 2, 3)))]
    facts |= {"name": item["name"], "maker": str(item["maker"])}
    text = _joined(draw, language, opener, draw.shuffled(said), facts)
    program = example("product") if language == "en" or draw.chance(0.5) else _chinese_program(draw)
    return Case(
        program=program,
        function="product",
        args={"text": text},
        teacher=lambda path, told: to_json(item),
        check=lambda value: bool(value == item),
        keep=f"{keep} {facts['plain']} {facts.get('price', '')}",
    )


def _joined(draw: Draw, language: str, opener: str, said: list[str], facts: dict[str, str]) -> str:
    first, said = _merged(draw, language, opener, said)
    gap = draw.any((" ", " ", " ", "\n")) if language == "en" else draw.any(("", "", "", "\n"))
    # Chinese sentences often go on after a comma.
    stop = "." if language == "en" else draw.any(("。", "。", "。", ","))
    wide = language == "zh" and draw.chance(0.4)
    sentences = [first, *said]
    if draw.chance(0.15):
        sentences = draw.shuffled(sentences)
    if stop == ",":
        sentences = [*(one.rstrip("。") for one in sentences[:-1]), sentences[-1].rstrip("。") + "。"]
    ended = [one if one[-1:] in ".!?。!" or gap == "\n" else one + stop for one in sentences]
    told = [one.translate(WIDE) if wide else one for one in ended]
    return gap.join(one.format(**facts, **_beside(draw, language)) for one in told).strip()


def _merged(draw: Draw, language: str, first: str, said: list[str]) -> tuple[str, list[str]]:
    """`The lamp by Orlo.` and `It comes in red.`: one sentence of two, where they can be."""
    fitting = [one for one in said if GOES_ON[language].match(one)]
    if not fitting or not NO_VERB[language].fullmatch(first) or draw.chance(0.3):
        return first, said
    more = draw.any(fitting)
    start = first.rstrip(".。")
    if language == "zh":
        start += draw.any((more, f",{more}")) if NO_COMMA.match(more) else f",{more}"
    elif more.startswith("It "):
        start += more[2:]
    else:
        start += f", {more[0].lower()}{more[1:]}"
    return start, [one for one in said if one is not more]


def _beside(draw: Draw, language: str) -> dict[str, str]:
    """What a sentence says besides: nothing that is asked for."""
    ending = "" if language == "en" else ".zh"
    return {
        "n": str(draw.number(1, 99)) if draw.chance(0.92) else str(draw.number(100, 2000)),
        "material": draw.of(slots.listed("materials" + ending)),
        "thing": draw.of(slots.listed("products" + ending)),
        "city": draw.of(slots.listed("cities" + ending)),
        "country": draw.of(slots.listed("countries" + ending)),
        "year": str(draw.number(1800, 2029)),
        "person": slots.person(draw) if language == "en" else slots.chinese_person(draw),
        "code": draw.made(lambda r: from_shape(r, r.choice(("AA-000", "00000", "A0-00")))),
    }


def _chinese_program(draw: Draw) -> Any:
    words = WORDS["zh"]
    ask = draw.of(words.asks).format(rec="记录")
    return written(PROGRAM.replace("{ask}", ask).replace("{lead}", draw.any(("文字:", "原文:", "商品介绍:", ""))))


TASKS = (
    Task("product", "extraction", "en", lambda draw: _case("en", draw), 2.0),
    Task("product_zh", "extraction", "zh", lambda draw: _case("zh", draw), 2.0),
)
