"""examples/character.sgl: a hint -> a sheet that keeps to it. What a hint leaves open follows from trade and trait."""

from __future__ import annotations

import re
import zlib
from functools import lru_cache
from typing import Any

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.made_up import word
from sglc.backend.engine.tiny.corpus.programs import example, written
from sglc.backend.engine.tiny.corpus.substitution import common_characters
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.ir.decode import to_json

PROGRAMS = 400
HOUSES, WOODS = ("Oak", "Ash", "Elm", "Yew"), ("holly", "vine", "willow")
LENGTHS = ("9", "9.5", "10", "10.5", "11", "11.5", "12", "12.5", "13", "13.5", "14")
NAMES = {
    "en": (
        *("Tomas", "Mira", "Edda", "Bran", "Lena", "Orin", "Sela", "Hanno", "Runa", "Joris", "Alma", "Kaspar", "Nell"),
        *("Osric", "Tilda", "Wendel", "Ysra", "Falk", "Greta", "Ivo", "Jutta", "Levin", "Marta", "Nils", "Odo"),
        *("Petra", "Rolf", "Signe", "Ulla", "Veit"),
    ),
    "zh": ("阿木", "小雨", "石头", "云娘", "青山", "阿月", "大川", "若兰", "铁生", "白露", "阿福", "明珠"),
}
"""For those whose name a hint leaves open."""
YOUNG = {
    "en": ("young", "young", "very young", "youthful", "rather young", "quite young", "still young"),
    "zh": ("年轻的", "年少的", "年纪很轻的", "还很年轻的", "十分年轻的", "年纪轻轻的"),
}
OLD = {
    "en": ("old", "old", "very old", "aged", "elderly", "rather old", "grey-haired", "white-haired"),
    "zh": ("年老的", "年迈的", "上了年纪的", "白发苍苍的", "高龄的", "很老的", "年事已高的"),
}
SAID = {
    "en": {
        "name": (" called {}", " named {}", ", name {}", " by the name of {}", " whose name is {}", ", {} by name"),
        "house": (" of house {}", " from the house of {}", ", house {}", " in house {}", " of the {} house"),
        "wood": (
            *(" with a wand of {}", ", wand of {}", ", the wand made of {}", " with a {} wand", ", wand: {}"),
            " carrying a wand of {}",
        ),
        "dead": (", now dead", " who died last year", ", a ghost", ", no longer alive", " (deceased)", ", long dead"),
        "alive": (", still alive", ", alive and well", " (alive)"),
        "years": (", {} years old", ", aged {}", ", {} years of age", ", age {}", " of {} years", ", now {}"),
    },
    "zh": {
        "name": (",名叫{}", ",叫{}", ",名字是{}", ",人称{}", ",姓名:{}", ",大名{}"),
        "house": (",属于 {} 学院", ",来自 {} 家", ",学院是 {}", ",住在 {} 学院", ",学院:{}"),
        "wood": (",魔杖是 {}", ",用 {} 魔杖", ",魔杖的木料是 {}", ",拿着 {} 做的魔杖", ",魔杖:{}"),
        "dead": (",已经去世", ",去年死了", ",是个鬼魂", ",已不在人世", ",早就过世了", "(已故)"),
        "alive": (",还活着", ",仍然健在", "(在世)"),
        "years": (",{}岁", ",今年{}岁", ",年龄{}", ",刚满{}岁", ",现年{}岁"),
    },
}
GHOSTS = {
    "en": ("the ghost of", "the spirit of", "in memory of", "the late ghost of"),
    "zh": ("已故的", "死去的", "鬼魂:", "亡灵:"),
}


@lru_cache(maxsize=1)
def reserved() -> frozenset[str]:
    """Hints of the example itself, which training must not see."""
    return frozenset(re.findall(r'"(an? [^"]*|the [^"]*)"', example("character").text))


def _list(name: str, language: str) -> str:
    return name if language == "en" else f"{name}.zh"


def _trait(draw: Draw, language: str, *, copied: bool) -> tuple[str, str]:
    """A trait and the house it belongs to; where it is only copied it may be made up."""
    traits = slots.sections(_list("character_traits", language))
    house = draw.any(HOUSES)
    if copied and draw.chance(0.2):
        return _coined(draw, language, draw.any((2, 2, 2, 3))), house
    return draw.of(traits[house]), house


def _trade(draw: Draw, language: str, *, copied: bool) -> str:
    if copied and draw.chance(0.25):
        return _coined(draw, language, draw.any((2, 2, 3, 3, 4)))
    return draw.of(slots.listed(_list("character_trades" if draw.chance(0.8) else "jobs", language)))


def _coined(draw: Draw, language: str, length: int) -> str:
    if language == "en":
        return draw.made(lambda random_: word(random_).lower())
    return draw.made(lambda random_: "".join(random_.choices(common_characters(), k=length)))


def _name(draw: Draw, language: str, *, copied: bool) -> str:
    if copied and draw.chance(0.65):
        return slots.person(draw)[:20].strip() if language == "en" else slots.chinese_person(draw)
    return draw.made(lambda random_: word(random_)[:12])


def _sheet(language: str, draw: Draw, *, copied: bool) -> tuple[str, dict[str, Any], dict[str, Any], dict[str, str]]:
    """A hint, the whole sheet, what of it the hint fixes (an age as a range), and the words used.

    `copied`: trade and trait are only copied, so that any word does, and a name may be any name.
    """
    trait, house = _trait(draw, language, copied=copied)
    trade = _trade(draw, language, copied=copied)
    spread = zlib.crc32(trade.encode()) >> 3
    hint = draw.of(slots.listed(_list("character_hints", language)))
    fixed: dict[str, Any] = {"alive": True}
    said: dict[str, str] = {}
    if "{who}" in hint or ("{name}" in hint and draw.chance(0.6 if copied else 0.3)):
        fixed["name"] = _name(draw, language, copied=copied)
    if "{house}" in hint and draw.chance(0.15):
        fixed["house"] = draw.any(HOUSES)
    if "{wood}" in hint and draw.chance(0.15):
        fixed["wood"] = draw.any(WOODS)
    for key in ("name", "house", "wood"):
        if key in fixed:
            value = fixed[key]
            spaced = language == "zh" and key == "name" and value.isascii()
            said[key] = draw.any(SAID[language][key]).format(f" {value}" if spaced else value)
    if "{dead}" in hint:
        fixed["alive"] = False
        said["dead"] = draw.any(GHOSTS[language])
    elif "{fate}" in hint and draw.chance(0.2):
        fixed["alive"] = draw.chance(0.25)
        said["fate"] = draw.any(SAID[language]["alive" if fixed["alive"] else "dead"])
    age = 27 + spread % 30
    if "{aged}" in hint or ("{age}" in hint and draw.chance(0.7)):
        young = draw.chance(0.5)
        age = 17 + spread % 9 if young else 66 + spread % 25
        said["age"] = said["aged"] = draw.any((YOUNG if young else OLD)[language])
        fixed["age"] = (10, 30) if young else (60, 99)
    elif "{years}" in hint and draw.chance(0.5):
        age = draw.number(12, 98)
        said["years"] = draw.any(SAID[language]["years"]).format(age)
        fixed["age"] = (age, age)
    if "{detail}" in hint and draw.chance(0.5):
        said["detail"] = ("," if language == "zh" else ", ") + draw.of(
            slots.listed(_list("character_details", language))
        )
    names = ("name", "house", "wood", "fate", "years", "age", "aged", "dead", "detail")
    text = hint.format(trait=trait, trade=trade, who=fixed.get("name", ""), **{key: said.get(key, "") for key in names})
    text = _tidy(text) if language == "en" else text
    if text in reserved():
        return _sheet(language, draw, copied=copied)
    known = NAMES[language if copied else "en"]
    sheet = {
        "name": fixed.get("name", known[spread % len(known)]),
        "house": fixed.get("house", house),
        "age": age,
        "wand": {"wood": fixed.get("wood", WOODS[spread % 3]), "length": LENGTHS[spread % len(LENGTHS)]},
        "alive": fixed["alive"],
    }
    return text, sheet, fixed, {"trait": trait, "trade": trade}


_VOWEL = re.compile(r"[aeio]|u(?!ni|s[ue])|hon|hour", re.IGNORECASE)


def _tidy(text: str) -> str:
    """Without double spaces, and with `a` or `an` as the next word wants it."""
    text = re.sub(" +", " ", text).replace(" ,", ",").strip()

    def article(found: re.Match[str]) -> str:
        n = _VOWEL.match(found[1]) and not found[1].startswith("one")
        return f"a{'n' if n else ''} {found[1]}"

    return re.sub(r"\ban? (\w+)", article, text)


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
    hint, sheet, fixed, _ = _sheet(language, draw, copied=False)
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
KEYS = {
    "trade": ("trade", "job", "work", "profession", "occupation", "craft", "calling", "trade"),
    "trait": ("trait", "mood", "nature", "quality", "temper", "character_trait", "manner", "trait"),
}
RECORDS = ("Character", "Hero", "Person", "Figure", "Sheet", "Role", "Card", "Profile", "Actor", "Npc")


def _record(language: str, draw: Draw) -> Case:
    """The same as a record of some of the fields; trade and trait are copied from the hint."""
    hint, sheet, fixed, words = _sheet(language, draw, copied=True)
    layout = Draw(f"characters {language} {draw.number(1, PROGRAMS)}", held_out=draw.held_out)
    others = layout.random.sample(("age", "trade", "trait", "alive", "house"), layout.number(2, 4))
    keys = ["name", *([*others] if "age" in others else ["age", *others])]
    keys = layout.shuffled(keys) if layout.chance(0.5) else keys
    names = {key: layout.any(KEYS[key]) for key in KEYS}
    record = layout.any(RECORDS)
    lines = "".join(f"    {FIELDS[key].format(**names)}\n" for key in keys)
    ask = to_json(layout.of(slots.listed(_list("character_asks", language))) + f"\n{{describe({record})}}")
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
