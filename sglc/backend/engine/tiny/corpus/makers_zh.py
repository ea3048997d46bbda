"""The kinds of values that are written otherwise in Chinese texts than in English ones."""

from __future__ import annotations

import random

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.made_up import Variant, Written, company, decimal, from_shape, made, same, word
from sglc.backend.engine.tiny.corpus.made_up import joined as joined_in_english

NUMBERS = ("一", "两", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二")


def joined(values: list[str], draw: Draw) -> str:
    return joined_in_english(values, draw.any(("和", "、", "以及"))).replace(", ", "、")


def listed(name: str, *types: str) -> tuple[Variant, ...]:
    return (Variant(types or ("str", "str(max=20)"), same(lambda draw: draw.of(slots.listed(name)))),)


def several(name: str, most: int = 4) -> tuple[Variant, ...]:
    def make(draw: Draw) -> Written:
        values = draw.some(slots.listed(name), draw.number(1, most))
        return values, joined(values, draw)

    return (Variant(("list[str]", f"list[str](max={most + 2})"), make),)


def count(low: int, high: int, *types: str) -> tuple[Variant, ...]:
    def make(draw: Draw) -> Written:
        number = draw.number(low, high)
        return number, NUMBERS[number - 1] if number <= 12 and draw.chance(0.4) else str(number)

    return (Variant(types or ("int", "int(min=0)"), make),)


def chinese_company(random_: random.Random) -> str:
    """Two or three characters of names, with what a company is."""
    start = "".join(
        random_.choice("华东海天明新金宏瑞达安康盛远光科信博恒通龙凤星云泰和") for _ in range(random_.choice((2, 2, 3)))
    )
    return start + random_.choice(("公司", "科技", "集团", "贸易公司", "食品厂", "电子", "家居", "有限公司", "工作室"))


def date(random_: random.Random) -> tuple[str, str]:
    """The same day as YYYY-MM-DD and as people write it."""
    year, month, day = random_.randint(1950, 2035), random_.randint(1, 12), random_.randint(1, 28)
    iso = f"{year}-{month:02}-{day:02}"
    return iso, random_.choice(
        (
            f"{year}年{month}月{day}日",
            f"{year}年{month}月{day}号",
            iso,
            f"{year}.{month}.{day}",
            f"{year}/{month}/{day}",
        )
    )


def short_date(random_: random.Random) -> str:
    if random_.random() < 0.4:
        return date(random_)[1]
    month, day = random_.randint(1, 12), random_.randint(1, 28)
    return random_.choice(
        (
            f"{month}月{day}日",
            f"{month}月{day}号",
            f"下{random_.choice(slots.listed('days.zh'))}",
            f"{month}月{day}日上午",
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
    amount, text = decimal(3000, 2)(draw)
    currency, unit = draw.any(
        (("CNY", "元"), ("CNY", "块"), ("CNY", "人民币"), ("USD", "美元"), ("EUR", "欧元"), ("GBP", "英镑"))
    )
    return {"amount": amount, "currency": currency}, f"{text}{unit}"


def lines(draw: Draw) -> Written:
    form = draw.any(("{p}{n}个", "{n}个{p}", "{p} x {n}", "{p}({n})"))
    value, texts = [], []
    for product in draw.some(slots.listed("products.zh"), draw.number(1, 3)):
        number, text = count(1, 12)[0].make(draw)
        value.append({"product": product, "quantity": number})
        texts.append(form.format(p=product, n=text))
    return value, joined(texts, draw)


def people(draw: Draw) -> Written:
    values = list(dict.fromkeys(slots.chinese_person(draw) for _ in range(draw.number(1, 4))))
    return values, joined(values, draw)


def person(draw: Draw) -> str:
    return slots.chinese_person(draw) if draw.chance(0.85) else slots.person(draw)


def _year(draw: Draw) -> Written:
    text = draw.made(lambda r: str(r.randint(1750, 2035)))
    return int(text), text


def _title(random_: random.Random) -> str:
    words = slots.listed("title_words.zh")
    return random_.choice(words) + random_.choice(("", "的", "与", "里的")) + random_.choice(words)


def _street(random_: random.Random) -> str:
    number = f"{random_.choice(slots.listed('street_names.zh'))}{random_.randint(1, 399)}号"
    return number + random_.choice(
        ("", "", f"{random_.randint(1, 30)}栋", f"{random_.randint(1, 9)}单元{random_.randint(101, 2999)}室")
    )


TEXT = ("str", "str(max=40)")
CHINESE_MAKERS: dict[str, tuple[Variant, ...]] = {
    "person": (Variant(("str", "str(max=20)"), same(person)),),
    "phone_zh": (
        Variant(
            ("str", r're"\d[\d-]{6,15}"'), made(lambda r: "1" + from_shape(r, r.choice(("3", "5", "8")) + "000000000"))
        ),
        Variant(
            ("str", 're"[0-9-]{7,16}"'),
            made(lambda r: from_shape(r, r.choice(("000-00000000", "0000-0000000", "000-0000-0000")))),
        ),
    ),
    "company": (Variant(TEXT, made(lambda r: chinese_company(r) if r.random() < 0.75 else company(r))),),
    "job": listed("jobs.zh"),
    "department": listed("departments.zh"),
    "language": listed("languages.zh"),
    "country": listed("countries.zh"),
    "color": listed("colors.zh"),
    "material": listed("materials.zh"),
    "dish": listed("dishes.zh"),
    "allergy": listed("foods.zh"),
    "animal": listed("animals.zh"),
    "symptom": listed("symptoms.zh"),
    "product": listed("products.zh"),
    "city_zh": listed("cities.zh"),
    "names": (Variant(("list[str]", "list[str](max=6)"), people),),
    "skills": several("skills.zh"),
    "colors": several("colors.zh"),
    "products": several("products.zh"),
    "ingredients": several("foods.zh", 5),
    "lines": (Variant(("list[Line]", "list[Line](max=5)"), lines),),
    "date_zh": (Variant(("str", "str(max=30)"), made(short_date)),),
    "iso_date_zh": (Variant(('re"\\d{4}-\\d{2}-\\d{2}"',), iso_date),),
    "time_zh": (
        Variant(
            TEXT,
            made(
                lambda r: (
                    r.choice(("上午", "下午", "晚上", ""))
                    + f"{r.randint(1, 12)}{r.choice(('点', '点半', '点一刻', ':30', ':15', '点20分'))}"
                )
            ),
        ),
    ),
    "count_zh": count(1, 60),
    "count5_zh": count(1, 5, "int(min=1, max=5)", "int"),
    "floor_zh": count(1, 33),
    "money_zh": (Variant(("Money",), money),),
    "street_zh": (Variant(("str", "str(max=60)"), made(_street)),),
    "zip_zh": (Variant(("str", r're"\d{6}"'), made(lambda r: from_shape(r, "000000"))),),
    "plate_zh": (
        Variant(
            ("str",), made(lambda r: r.choice("京沪粤苏浙川鄂湘鲁豫") + from_shape(r, r.choice(("A·*****", "A*****"))))
        ),
    ),
    "title_zh": (Variant(TEXT, made(_title)),),
    "year_zh": (Variant(("int", "int(min=1000, max=2100)"), _year),),
    "account_zh": (
        Variant(
            ("str", r're"\d{12,20}"'),
            made(lambda r: from_shape(r, r.choice(("6000000000000000", "6000000000000000000")))),
        ),
    ),
    "any": (
        Variant(TEXT, made(chinese_company)),
        Variant(TEXT, made(_title)),
        Variant(TEXT, made(word)),
        Variant(("int",), _year),
        *listed("materials.zh"),
        *listed("cities.zh"),
        Variant(
            ("str", 're"[A-Z0-9-]+"'), made(lambda r: from_shape(r, r.choice(("A00", "AA-000", "0000", "A-0000"))))
        ),
        Variant(("float", "float(min=0)"), decimal(2000, 2)),
    ),
}
"""What differs from MAKERS."""
