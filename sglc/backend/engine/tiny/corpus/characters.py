"""examples/character.sgl: a hint -> a sheet that keeps to it. What a hint leaves open follows from trade and trait."""

from __future__ import annotations

import zlib
from typing import Any

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.made_up import word
from sglc.backend.engine.tiny.corpus.programs import example, written
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.ir.decode import to_json

PROGRAMS = 300
RESERVED = ("a careful young healer", "a cheerful smith")
"""Hints of the example itself, which training must not see."""
TRAITS = {
    "Oak": (
        "brave",
        "strong",
        "cheerful",
        "loyal",
        "bold",
        "proud",
        "stubborn",
        "honest",
        "jolly",
        "daring",
        "fearless",
        "hearty",
    ),
    "Ash": (
        "careful",
        "kind",
        "gentle",
        "patient",
        "shy",
        "humble",
        "thoughtful",
        "friendly",
        "warm",
        "helpful",
        "caring",
        "calm",
    ),
    "Elm": (
        "clever",
        "curious",
        "witty",
        "wise",
        "learned",
        "bookish",
        "restless",
        "inventive",
        "quick",
        "talkative",
        "bright",
        "sly",
    ),
    "Yew": (
        "grim",
        "silent",
        "lonely",
        "strict",
        "cunning",
        "gloomy",
        "secretive",
        "stern",
        "greedy",
        "bitter",
        "cold",
        "vain",
    ),
}
CHINESE_TRAITS = {
    "Oak": ("勇敢", "强壮", "开朗", "忠诚", "大胆", "骄傲", "固执", "诚实", "快活", "无畏"),
    "Ash": ("细心", "善良", "温柔", "耐心", "害羞", "谦虚", "体贴", "友好", "热心", "冷静"),
    "Elm": ("聪明", "好奇", "机智", "睿智", "博学", "好动", "手巧", "敏捷", "健谈", "狡黠"),
    "Yew": ("阴沉", "沉默", "孤独", "严厉", "狡猾", "忧郁", "神秘", "冷酷", "贪心", "虚荣"),
}
TRADES = (
    *(
        "healer",
        "smith",
        "baker",
        "hunter",
        "sailor",
        "miller",
        "weaver",
        "teacher",
        "farmer",
        "guard",
        "cook",
        "bard",
        "scribe",
    ),
    *(
        "potter",
        "ranger",
        "merchant",
        "knight",
        "thief",
        "monk",
        "wizard",
        "witch",
        "fisher",
        "mason",
        "tailor",
        "shepherd",
    ),
    *(
        "innkeeper",
        "librarian",
        "gardener",
        "doctor",
        "painter",
        "carpenter",
        "captain",
        "dancer",
        "alchemist",
        "astronomer",
    ),
    *("beekeeper", "messenger", "judge", "nurse", "tinker", "brewer", "archer", "student", "clockmaker", "glassblower"),
)
CHINESE_TRADES = (
    *(
        "医者",
        "铁匠",
        "面包师",
        "猎人",
        "水手",
        "磨坊主",
        "织工",
        "老师",
        "农夫",
        "卫兵",
        "厨师",
        "诗人",
        "书记",
        "陶匠",
        "巡林人",
    ),
    *(
        "商人",
        "骑士",
        "小偷",
        "僧人",
        "巫师",
        "女巫",
        "渔夫",
        "石匠",
        "裁缝",
        "牧羊人",
        "店主",
        "园丁",
        "医生",
        "画家",
        "木匠",
    ),
)
NAMES = (
    *(
        "Tomas",
        "Mira",
        "Edda",
        "Bran",
        "Lena",
        "Orin",
        "Sela",
        "Hanno",
        "Runa",
        "Joris",
        "Alma",
        "Kaspar",
        "Nell",
        "Osric",
        "Tilda",
    ),
    *(
        "Wendel",
        "Ysra",
        "Falk",
        "Greta",
        "Ivo",
        "Jutta",
        "Levin",
        "Marta",
        "Nils",
        "Odo",
        "Petra",
        "Rolf",
        "Signe",
        "Ulla",
        "Veit",
    ),
)
YOUNG = {"en": ("young", "young", "very young", "youthful"), "zh": ("年轻", "小", "少年", "年纪很轻的")}
OLD = {"en": ("old", "old", "very old", "aged", "elderly"), "zh": ("老", "年老的", "年迈的", "上了年纪的")}
SAID = {
    "en": {
        "name": (" called {}", " named {}", ", name {}", " by the name of {}", " whose name is {}"),
        "house": (" of house {}", " from the house of {}", ", house {}", " in house {}"),
        "wood": (" with a wand of {}", ", wand of {}", ", the wand made of {}", " with a {} wand"),
        "fate": (", now dead", " who died last year", ", a ghost", ", no longer alive", " (deceased)"),
        "years": (", {} years old", ", aged {}", ", {} years of age", ", age {}"),
    },
    "zh": {
        "name": (",名叫 {}", ",叫 {}", ",名字是 {}"),
        "house": (",属于 {} 学院", ",来自 {} 家", ",学院是 {}"),
        "wood": (",魔杖是 {}", ",用 {} 魔杖", ",魔杖的木料是 {}"),
        "fate": (",已经去世", ",去年死了", ",是个鬼魂", ",已不在人世"),
        "years": (",{}岁", ",今年{}岁", ",年龄{}"),
    },
}
WOODS, LENGTHS = ("holly", "vine", "willow"), ("9", "9.5", "10", "10.5", "11", "11.5", "12", "12.5", "13", "13.5", "14")


def _sheet(language: str, draw: Draw) -> tuple[str, dict[str, Any], dict[str, Any], dict[str, str]]:
    """A hint, the whole sheet, what of it the hint fixes (an age as a range), and the words used."""
    traits = TRAITS if language == "en" else CHINESE_TRAITS
    house = draw.any(tuple(traits))
    trait = draw.any(traits[house])
    known = draw.chance(0.8)
    trade = (
        draw.any(TRADES if language == "en" else CHINESE_TRADES)
        if known
        else draw.of(slots.listed("jobs" if language == "en" else "jobs.zh"))
    )
    spread = zlib.crc32(trade.encode()) >> 3
    fixed: dict[str, Any] = {}
    said = dict.fromkeys(("name", "house", "wood", "fate", "years"), "")
    ways = SAID[language]
    if draw.chance(0.3):
        fixed["name"] = draw.made(lambda random_: word(random_)[:12])
    if draw.chance(0.15):
        fixed["house"] = draw.any(tuple(traits))
    if draw.chance(0.15):
        fixed["wood"] = draw.any(WOODS)
    for key in ("name", "house", "wood"):
        if key in fixed:
            said[key] = draw.any(ways[key]).format(fixed[key])
    if draw.chance(0.15):
        fixed["alive"] = False
        said["fate"] = draw.any(ways["fate"])
    hint = draw.of(slots.listed("character_hints" if language == "en" else "character_hints.zh"))
    age, age_word = 27 + spread % 30, ""
    if "{age}" in hint and draw.chance(0.7):
        young = draw.chance(0.5)
        age = 17 + spread % 9 if young else 66 + spread % 25
        age_word = draw.any((YOUNG if young else OLD)[language])
        fixed["age"] = (10, 30) if young else (60, 99)
    elif "{years}" in hint and draw.chance(0.5):
        age = draw.number(12, 98)
        said["years"] = draw.any(ways["years"]).format(age)
        fixed["age"] = (age, age)
    sheet = {
        "name": fixed.get("name", NAMES[spread % len(NAMES)]),
        "house": fixed.get("house", house),
        "age": age,
        "wand": {"wood": fixed.get("wood", WOODS[spread % 3]), "length": LENGTHS[spread % len(LENGTHS)]},
        "alive": fixed.get("alive", True),
    }
    fixed.setdefault("alive", True)
    parts = {key: text for key, text in said.items() if f"{{{key}}}" in hint}
    for key in said.keys() - parts.keys():
        # A hint without room for it leaves it open.
        sheet, fixed = _without(sheet, fixed, key, house, spread)
    text = hint.format(trait=trait, trade=trade, age=age_word, **parts)
    for wrong, right in (
        ("  ", " "),
        ("a  ", "a "),
        (" ,", ","),
        ("an young", "a young"),
        ("an very", "a very"),
        ("an youth", "a youth"),
    ):
        text = text.replace(wrong, right)
    if text in RESERVED:
        return _sheet(language, draw)
    return text, sheet, fixed, {"trait": trait, "trade": trade}


def _without(
    sheet: dict[str, Any], fixed: dict[str, Any], key: str, house: str, spread: int
) -> tuple[dict[str, Any], dict[str, Any]]:
    default = {"name": NAMES[spread % len(NAMES)], "house": house, "alive": True}
    key = "alive" if key == "fate" else key
    if key == "wood":
        sheet = sheet | {"wand": sheet["wand"] | {"wood": WOODS[spread % 3]}}
    elif key in default:
        sheet = sheet | {key: default[key]}
    fixed = {name: value for name, value in fixed.items() if name != key} | ({"alive": True} if key == "alive" else {})
    return sheet, fixed


def _keeps(fixed: dict[str, Any], value: dict[str, Any]) -> bool:
    """Whether a sheet says what the hint said."""
    low, high = fixed.get("age", (10, 99))
    wood = value.get("wand", {}).get("wood")
    return (
        low <= value["age"] <= high
        and all(value[key] == fixed[key] for key in ("name", "house", "alive") if key in fixed and key in value)
        and ("wood" not in fixed or wood is None or wood == fixed["wood"])
    )


def _character(language: str, draw: Draw) -> Case:
    hint, sheet, fixed, _ = _sheet(language, draw)
    length = sheet["wand"]["length"]
    text = to_json(sheet).replace(f'"length":"{length}"', f'"length":{length}')
    return Case(
        program=example("character"),
        function="character",
        args={"hint": hint},
        teacher=lambda path, told: text,
        check=lambda value: _keeps(fixed, value),
    )


FIELDS = {
    "name": "name: str(min=1, max=20)",
    "age": "age: int(min=10, max=99)",
    "trade": "{trade}: str(max=40)",
    "trait": "{trait}: str(max=40)",
    "alive": "alive: bool = true",
    "house": 'house: "Oak" | "Ash" | "Elm" | "Yew"',
}
ASKS = {
    "en": (
        "Invent a character: {hint}.",
        "Make up a person for a story: {hint}.",
        "A figure for a game, please: {hint}.",
        "Fill in a sheet for {hint}.",
    ),
    "zh": ("编一个人物:{hint}。", "为故事设计一个人物:{hint}。", "请为游戏创建角色:{hint}。"),
}


def _record(language: str, draw: Draw) -> Case:
    """The same as a record of some of the fields; trade and trait are copied from the hint."""
    hint, sheet, fixed, words = _sheet(language, draw)
    layout = Draw(f"characters {language} {draw.number(1, PROGRAMS)}", held_out=draw.held_out)
    others = layout.random.sample(("age", "trade", "trait", "alive", "house"), layout.number(2, 4))
    keys = ["name", *([*others] if "age" in others else ["age", *others])]
    names = {"trade": layout.any(("trade", "job", "work")), "trait": layout.any(("trait", "mood", "nature"))}
    record = layout.any(("Character", "Hero", "Person", "Figure"))
    lines = "".join(f"    {FIELDS[key].format(**names)}\n" for key in keys)
    ask = to_json(layout.of(ASKS[language]) + f"\n{{describe({record})}}")
    hole = f"gen made: {record} with max_tokens=120"
    source = f"type {record}:\n{lines}\n\n"
    source += f"def invent(hint: str) -> {record}:\n    user: {ask}\n    assistant: {hole}\n    return made\n"
    value = {names.get(key, key): words.get(key, sheet.get(key)) for key in keys}
    return Case(
        program=written(source),
        function="invent",
        args={"hint": hint},
        teacher=lambda path, told: to_json(value),
        check=lambda got: _keeps(fixed, got) and all(got[names[key]] == words[key] for key in words if key in keys),
    )


TASKS = (
    Task("character", "character", "en", lambda draw: _character("en", draw)),
    Task("character_zh", "character", "zh", lambda draw: _character("zh", draw), 0.5),
    Task("character_record", "character", "en", lambda draw: _record("en", draw), 0.5),
    Task("character_record_zh", "character", "zh", lambda draw: _record("zh", draw), 0.4),
)
