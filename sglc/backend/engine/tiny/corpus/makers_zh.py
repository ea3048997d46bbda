"""The kinds of values that are written otherwise in Chinese texts than in English ones.

Few values are made up of characters that stand together nowhere: `substitution` exchanges what is copied for other characters.
"""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence
from functools import lru_cache

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.made_up import Variant, Written, decimal, from_shape, made, same
from sglc.backend.engine.tiny.corpus.made_up import joined as joined_in_english
from sglc.backend.engine.tiny.corpus.real_values import COINED, company
from sglc.backend.engine.tiny.corpus.real_values import person as english_person
from sglc.backend.engine.tiny.corpus.substitution import common_characters


def _table(name: str) -> dict[str, tuple[str, ...]]:
    """Lines such as `jobs 医生 律师`: what belongs to a list, by its name."""
    rows = (line.split() for line in slots.listed(name))
    return {row[0]: tuple(row[1:]) for row in rows}


MORE, ENDINGS = _table("values.zh"), _table("endings.zh")
"""By the name of a list: more words than it holds, and what words that are made up may end with."""
DIGITS = "零一二三四五六七八九"
UNCLEAR = frozenset(
    DIGITS + "十百千万亿两几半第的了是在和与及或跟同以为有不没叫由从到给用把被对这那个之其于自向往请让将就也都才只很更"
    "最再又还吗呢吧啊呀着过来去要想能会可得地写填改换成做买卖看说问寄送发打约住坐乘放加吃点我你他她它们您名人位件份块元"
    "分星晚夜页年月日号时岁度米层楼牌型版收等里上下前后中内外先并且但若如因此共只每各另即已曾正刚未别勿无非所至达按据经"
)
"""Characters that could belong to the sentence around a value, so that none is made up with them."""
PARTS_OF_DAY = (
    *(("", 1, 12), ("上午", 8, 11), ("早上", 6, 9), ("中午", 12, 12)),
    *(("下午", 1, 6), ("傍晚", 5, 7), ("晚上", 7, 11), ("凌晨", 1, 5)),
)
PROVINCES = "京津沪渝冀豫云辽黑湘皖鲁新苏浙赣鄂桂甘晋蒙陕吉闽贵粤青藏川宁琼"


@lru_cache(maxsize=1)
def _clear() -> tuple[str, ...]:
    return tuple(character for character in common_characters() if character not in UNCLEAR)


def characters(random_: random.Random, low: int = 2, high: int = 4) -> str:
    return "".join(random_.choices(_clear(), k=random_.randint(low, high)))


def coined(random_: random.Random, kind: str, bare: float = 0.35) -> str:
    """Characters at random, most with an ending of the kind behind; `bare`: the share of those without."""
    if random_.random() < bare:
        return characters(random_)
    return characters(random_, 1, 2) + random_.choice(ENDINGS[kind])


def mixed(kind: str, bare: float = 0.35) -> Callable[[Draw], str]:
    """A real one, or now and then one that is made up."""
    real = tuple(dict.fromkeys((*slots.listed(f"{kind}.zh"), *MORE.get(kind, ()))))

    def make(draw: Draw) -> str:
        return draw.made(lambda r: coined(r, kind, bare)) if draw.chance(COINED) else draw.of(real)

    return make


def joined(values: list[str], draw: Draw) -> str:
    return joined_in_english(values, draw.any(("和", "、", "以及"))).replace(", ", "、")


def one(kind: str, bare: float = 0.35) -> tuple[Variant, ...]:
    return (Variant(("str", "str(max=20)"), same(mixed(kind, bare))),)


def several(make: Callable[[Draw], str], most: int = 4) -> tuple[Variant, ...]:
    def written(draw: Draw) -> Written:
        values = list(dict.fromkeys(make(draw) for _ in range(draw.number(1, most))))
        return values, joined(values, draw)

    return (Variant(("list[str]", f"list[str](max={most + 2})"), written),)


def in_words(number: int) -> str:
    """A number below 1000 as it is spoken: 十三, 二十五, 一百零八."""
    hundreds, rest = divmod(number, 100)
    tens, ones = divmod(rest, 10)
    last = DIGITS[ones] if ones else ""
    if hundreds:
        middle = f"{DIGITS[tens]}十" if tens else "零" if ones else ""
        return f"{DIGITS[hundreds]}百{middle}{last}"
    if tens:
        return f"{DIGITS[tens] if tens > 1 else ''}十{last}"
    return DIGITS[ones]


def count(low: int, high: int, *types: str, two: str = "两") -> tuple[Variant, ...]:
    """A number, four in ten in words. `two`: how 2 is written where something is counted."""

    def make(draw: Draw) -> Written:
        number = draw.number(low, high)
        if draw.chance(0.4):
            return number, two if number == 2 else in_words(number)
        return number, str(number)

    return (Variant(types or ("int", "int(min=0)"), make),)


def whole(low: int, high: int, *types: str) -> Variant:
    """A whole number of the side of the draw, one in four in words."""

    def make(draw: Draw) -> Written:
        text = draw.made(lambda r: str(r.randint(low, high)))
        number = int(text)
        if draw.chance(0.25):
            return number, "两" if number == 2 else in_words(number)
        return number, text

    return Variant(types or ("int", "int(min=0)"), make)


def amount(high: int, places: int) -> Callable[[Draw], Written]:
    """A number with places behind its point, or a whole one in words."""
    in_digits = decimal(high, places)

    def make(draw: Draw) -> Written:
        if draw.chance(0.85):
            return in_digits(draw)
        text = draw.made(lambda r: str(r.randint(3, min(high, 999))))
        return float(text), in_words(int(text))

    return make


def temperature(draw: Draw) -> Written:
    number = int(draw.made(lambda r: str(r.randint(-40, 42))))
    below = f"零下{in_words(-number)}", f"零下{-number}", str(number), str(number)
    above = in_words(number) if number > 0 else "零", str(number), str(number)
    return number, draw.any(below if number < 0 else above)


def chinese_company(random_: random.Random) -> str:
    """A name, now and then of two or three characters at random, with what a company is."""
    name = characters(random_, 2, 3) if random_.random() < COINED else random_.choice(MORE["company_names"])
    return name + random_.choice(ENDINGS["company"])


def date(random_: random.Random, first: int = 1950, last: int = 2035) -> tuple[str, str]:
    """The same day as YYYY-MM-DD and as people write it."""
    year, month, day = random_.randint(first, last), random_.randint(1, 12), random_.randint(1, 28)
    iso = f"{year}-{month:02}-{day:02}"
    return iso, random_.choice(
        (
            f"{year}年{month}月{day}日",
            f"{year}年{month}月{day}日",
            f"{year}年{month}月{day}号",
            f"{year}年{month:02}月{day:02}日",
            iso,
            f"{year}.{month}.{day}",
            f"{year}/{month}/{day}",
            f"{year}/{month:02}/{day:02}",
        )
    )


def _day(random_: random.Random) -> str:
    """A day of a year that is not said."""
    month, day = random_.randint(1, 12), random_.randint(1, 28)
    return random_.choice(
        (
            f"{month}月{day}日",
            f"{month}月{day}号",
            f"{in_words(month)}月{in_words(day)}日",
            f"{in_words(month)}月{in_words(day)}号",
            f"{month}/{day}",
        )
    )


def short_date(random_: random.Random) -> str:
    if random_.random() < 0.35:
        return date(random_)[1]
    day = random_.choice(slots.listed("days.zh"))
    return random_.choice(
        (
            _day(random_),
            _day(random_),
            f"{random_.choice(('下', '这', '本'))}{day}",
            f"{random_.randint(1, 12)}月{random_.randint(1, 28)}日{random_.choice(('上午', '下午', '晚上'))}",
            f"{random_.choice(('下个月', '这个月'))}{random_.randint(1, 28)}号",
            f"明年{_day(random_)}",
        )
    )


def past_date(random_: random.Random) -> str:
    if random_.random() < 0.6:
        return date(random_, 2008, 2026)[1]
    day = random_.choice(slots.listed("days.zh"))
    return random_.choice((_day(random_), f"去年{_day(random_)}", f"今年{_day(random_)}", f"上{day}"))


def birthday(random_: random.Random) -> str:
    if random_.random() < 0.8:
        return date(random_, 1930, 2024)[1]
    return random_.choice(
        (_day(random_), f"农历{in_words(random_.randint(1, 12))}月初{in_words(random_.randint(1, 10))}")
    )


def time(random_: random.Random) -> str:
    part, first, last = random_.choice(PARTS_OF_DAY)
    hour, minute = random_.randint(first, last), random_.randint(1, 59)
    spoken = "两" if hour == 2 else in_words(hour)
    return random_.choice(
        (
            f"{part}{random_.choice((hour, spoken))}{random_.choice(('点', '点半', '点一刻', f'点{minute}分', '点整'))}",
            f"{part}{spoken}{random_.choice(('点', '点半', '点一刻', f'点{in_words(minute // 4 + 11)}'))}",
            f"{part}{hour}:{minute:02}",
            f"{random_.randint(0, 23)}:{minute:02}",
            f"{random_.randint(7, 22):02}:{random_.choice(('00', '15', '30', '45'))}",
        )
    )


def iso_date(draw: Draw) -> Written:
    iso = ""

    def make(random_: random.Random) -> str:
        nonlocal iso
        iso, text = date(random_)
        return text

    text = draw.made(make)
    return iso, text


def money(draw: Draw) -> Written:
    number, text = amount(3000, 2)(draw)
    currency, sign, unit = draw.any(
        (
            ("CNY", "¥", "元"),
            ("CNY", "¥", "块"),
            ("CNY", "¥", "元人民币"),
            ("USD", "$", "美元"),
            ("EUR", "€", "欧元"),
            ("GBP", "£", "英镑"),
            ("CHF", "CHF ", "瑞士法郎"),
        )
    )
    in_digits = text[0].isascii()
    return {"amount": number, "currency": currency}, f"{sign}{text}" if in_digits and draw.chance(0.2) else text + unit


def lines(draw: Draw) -> Written:
    form = draw.any(("{p}{n}个", "{n}个{p}", "{p} x {n}", "{p}({n})", "{n}件{p}", "{p}×{n}", "{p}{n}件", "{p}*{n}"))
    value, texts = [], []
    make = mixed("products")
    for product in dict.fromkeys(make(draw) for _ in range(draw.number(1, 3))):
        number, text = count(1, 12)[0].make(draw)
        value.append({"product": product, "quantity": number})
        texts.append(form.format(p=product, n=text))
    return value, joined(texts, draw)


def person(draw: Draw) -> str:
    if draw.chance(0.1):
        return english_person(draw)
    if draw.chance(COINED):
        return draw.made(lambda r: r.choice(slots.listed("surnames.zh")) + characters(r, 1, 2))
    return slots.chinese_person(draw)


def _year(draw: Draw) -> Written:
    text = draw.made(lambda r: str(r.randint(1750, 2035)))
    return int(text), text


def _title(random_: random.Random) -> str:
    words: Sequence[str] = (*slots.listed("title_words.zh"), *MORE["title_words"])
    first, second = (
        characters(random_, 1, 3) if random_.random() < COINED / 2 else random_.choice(words) for _ in range(2)
    )
    return (
        first + random_.choice(("", "", "的", "与", "里的", "之")) + second + random_.choice(("", "", "", "记", "论"))
    )


def _street(random_: random.Random) -> str:
    if random_.random() < COINED:
        name = characters(random_, 1, 3) + random_.choice(ENDINGS["street_names"])
    else:
        name = random_.choice((*slots.listed("street_names.zh"), *MORE["street_names"]))
    district = f"{random_.choice(MORE['districts'])}区" if random_.random() < 0.12 else ""
    return f"{district}{name}{random_.randint(1, 399)}号" + random_.choice(
        (
            "",
            "",
            f"{random_.randint(1, 30)}{random_.choice('栋幢')}",
            f"{random_.randint(1, 9)}单元{random_.randint(101, 2999)}室",
            f"{random_.choice(MORE['estates'])}{random_.choice(ENDINGS['buildings'])}{random_.randint(1, 20)}栋",
        )
    )


def _model(random_: random.Random) -> str:
    code = from_shape(random_, random_.choice(("A0", "000", "A000", "00", "A-00", "AA-000", "0")))
    name = characters(random_, 2, 3) if random_.random() < COINED else random_.choice(MORE["model_words"])
    english = random_.choice(slots.listed("model_words"))
    return random_.choice((f"{english} {code}", f"{english} {code}", f"{name}{code}", f"{name} {code}", f"A{code}"))


def _mobile(random_: random.Random) -> str:
    return "1" + from_shape(
        random_, random_.choice("3578") + random_.choice(("000000000", "00-0000-0000", "000000000"))
    )


TEXT = ("str", "str(max=40)")
FLOAT = ("float", "float(min=0)")
LANDLINES = ("000-00000000", "0000-0000000", "000-0000-0000", "400-000-0000", "00000000")
CHINESE_MAKERS: dict[str, tuple[Variant, ...]] = {
    "person": (Variant(("str", "str(max=30)"), same(person)),),
    "phone_zh": (
        Variant(("str", r're"\d[\d-]{6,15}"'), made(_mobile)),
        Variant(("str", 're"[0-9-]{7,16}"'), made(lambda r: from_shape(r, r.choice(LANDLINES)))),
    ),
    "company": (Variant(TEXT, made(lambda r: chinese_company(r) if r.random() < 0.85 else company(r))),),
    "job": one("jobs", 0.1),
    "department": one("departments", 0.0),
    "language": one("languages", 0.1),
    "country": one("countries", 0.3),
    "color": one("colors", 0.15),
    "material": one("materials", 0.25),
    "dish": one("dishes"),
    "allergy": one("foods"),
    "animal": one("animals"),
    "symptom": one("symptoms", 0.0),
    "product": one("products"),
    "city_zh": one("cities", 0.5),
    "names": several(person),
    "skills": several(mixed("skills")),
    "colors": several(mixed("colors", 0.1)),
    "products": several(mixed("products")),
    "ingredients": several(mixed("foods"), 5),
    "lines": (Variant(("list[Line]", "list[Line](max=5)"), lines),),
    "date_zh": (Variant(("str", "str(max=30)"), made(short_date)),),
    "past_date_zh": (Variant(("str", "str(max=30)"), made(past_date)),),
    "born_zh": (Variant(("str", "str(max=30)"), made(birthday)),),
    "iso_date_zh": (Variant(('re"\\d{4}-\\d{2}-\\d{2}"',), iso_date),),
    "time_zh": (Variant(TEXT, made(time)),),
    "count_zh": count(1, 120),
    "count5_zh": count(1, 5, "int(min=1, max=5)", "int"),
    "floor_zh": count(1, 60, "int", "int(min=0)", "int(min=1, max=99)", two="二"),
    "age": (whole(1, 99, "int", "int(min=0, max=120)"),),
    "minutes": (whole(5, 240),),
    "pages": (whole(20, 999),),
    "area": (whole(12, 400),),
    "temperature": (Variant(("int", "int(min=-60, max=60)"), temperature),),
    "amount": (Variant(FLOAT, amount(3000, 2)),),
    "weight": (Variant(FLOAT, amount(120, 1)),),
    "length": (Variant(FLOAT, amount(300, 1)), whole(2, 900)),
    "distance": (Variant(FLOAT, amount(900, 1)), whole(2, 900)),
    "money_zh": (Variant(("Money",), money),),
    "street_zh": (Variant(("str", "str(max=60)"), made(_street)),),
    "zip_zh": (Variant(("str", r're"\d{6}"'), made(lambda r: from_shape(r, "000000"))),),
    "plate_zh": (
        Variant(
            ("str",), made(lambda r: r.choice(PROVINCES) + from_shape(r, r.choice(("A·*****", "A*****", "A *****"))))
        ),
    ),
    "title_zh": (Variant(TEXT, made(_title)),),
    "model": (Variant(TEXT, made(_model)),),
    "year_zh": (Variant(("int", "int(min=1000, max=2100)"), _year),),
    "account_zh": (
        Variant(
            ("str", r're"\d{12,20}"'),
            made(lambda r: from_shape(r, r.choice("456") + r.choice(("000000000000000", "000000000000000000")))),
        ),
    ),
    "any": (
        Variant(TEXT, made(chinese_company)),
        Variant(TEXT, made(_title)),
        Variant(TEXT, made(lambda r: f"{r.choice(MORE['model_words'])}{r.randint(1, 99)}")),
        *one("foods"),
        *one("products"),
        Variant(("int",), _year),
        *one("materials", 0.25),
        *one("cities", 0.5),
        Variant(
            ("str", 're"[A-Z0-9-]+"'), made(lambda r: from_shape(r, r.choice(("A00", "AA-000", "0000", "A-0000"))))
        ),
        Variant(("float", "float(min=0)"), decimal(2000, 2)),
    ),
}
"""What differs from MAKERS."""
