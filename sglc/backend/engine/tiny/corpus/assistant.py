"""Facts about made-up things and a question -> one sentence that says the fact asked for, or that it is not known."""

from __future__ import annotations

import json
import random
from collections.abc import Sequence
from functools import lru_cache
from typing import NamedTuple

from sglc.backend.engine.tiny.corpus import chat_words, slots, wording
from sglc.backend.engine.tiny.corpus.chat_words import SUFFIXES, articles, coined
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.programs import Source, written
from sglc.backend.engine.tiny.corpus.support import says_only
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.ir.decode import to_json

_UNKNOWN = {"en": "I am sorry, I do not know the {} of {}.", "zh": "抱歉，资料里没有{1}的{0}。"}
_STREETS = ("Street", "Road", "Lane", "Avenue", "Square", "Alley")
_MATERIALS = {
    "en": (
        "wood",
        "steel",
        "glass",
        "plastic",
        "cotton",
        "leather",
        "paper",
        "stone",
        "wool",
        "copper",
        "bamboo",
        "silk",
    ),
    "zh": ("木头", "钢", "玻璃", "塑料", "棉布", "皮革", "纸", "石头", "羊毛", "铜", "竹子", "丝绸"),
}
_SPANS = {"en": ("days", "weeks", "months", "years", "hours"), "zh": ("天", "周", "个月", "年", "个小时")}


class Attribute(NamedTuple):
    """Something that can be known. `type`: of its values; `noun`: its name; `answer`: the sentence that says it."""

    kind: str
    type: str
    noun: str
    answer: str
    questions: tuple[str, ...]


class Known(NamedTuple):
    """What is known about one thing."""

    entity: str
    facts: dict[Attribute, str]

    def sentence(self, attribute: Attribute) -> str:
        text = attribute.answer.replace("{e}", self.entity).replace("{v}", self.facts[attribute])
        return wording.capital(articles(text))


@lru_cache(maxsize=4)
def attributes(language: str) -> dict[str, tuple[Attribute, ...]]:
    found: dict[str, list[Attribute]] = {}
    for line in slots.listed("assist" + SUFFIXES[language]):
        kind, type_, noun, answer, *questions = chat_words.parts(line)
        found.setdefault(kind, []).append(Attribute(kind, type_, noun, answer, tuple(questions)))
    return {kind: tuple(some) for kind, some in found.items()}


def _name(draw: Draw, language: str) -> str:
    return draw.of(slots.listed("coined_names.zh")) if language == "zh" else draw.made(coined).capitalize()


def entity(draw: Draw, kind: str, language: str) -> str:
    """A person, or a thing with a made-up name."""
    if kind == "person":
        return slots.person(draw) if language == "en" else slots.chinese_person(draw)
    shape = draw.any(chat_words.lines("assist_entities", language)[kind])
    name = _name(draw, language)
    if kind == "thing":
        return f"the {name} {shape}" if language == "en" else f"{name}{shape}"
    return shape.replace("{n}", name)


def value(draw: Draw, type_: str, language: str) -> str:
    """A value as it is written."""
    listed = {"city": "cities", "job": "jobs", "language": "languages", "hobby": "hobbies"}
    if type_ in listed:
        return draw.of(slots.listed(listed[type_] + SUFFIXES[language]))
    match type_:
        case "person":
            return entity(draw, "person", language)
        case "color":
            return draw.of(chat_words.lines("likes", language)["color" if language == "en" else "颜色"])
        case "material":
            return draw.of(_MATERIALS[language])
        case "weekday":
            return draw.any(slots.listed("days" + SUFFIXES[language])[:7])
        case "street" if language == "en":
            return f"{draw.made(lambda r: str(r.randint(1, 290)))} {_name(draw, 'en')} {draw.any(_STREETS)}"
        case "street":
            return f"{_name(draw, 'zh')}路{draw.made(lambda r: str(r.randint(1, 290)))}号"
    return draw.made(lambda r: _figure(r, type_, language))


def _figure(random_: random.Random, type_: str, language: str) -> str:
    pick, whole, english = random_.choice, random_.randint, language == "en"
    match type_:
        case "money":
            shapes = (
                ("{} euros", "{} dollars", "${}", "{} pounds", "{}.50 euros")
                if english
                else ("{}元", "{}块钱", "{}.5元")
            )
            return pick(shapes).format(whole(2, 900))
        case "weight":
            return pick(("{} kg", "{} grams", "{}.5 kg") if english else ("{}公斤", "{}克")).format(whole(1, 95))
        case "length":
            return pick(("{} cm", "{} meters", "{} centimeters")).format(whole(2, 250))
        case "duration" | "days" | "hours":
            spans = {"duration": _SPANS[language][:-1], "days": _SPANS[language][:1], "hours": _SPANS[language][-1:]}[
                type_
            ]
            return f"{whole(2, 40)}{' ' if english else ''}{pick(spans)}"
        case "early" | "late" | "time":
            hours = {"early": (6, 11), "late": (15, 23), "time": (7, 21)}[type_]
            return f"{whole(*hours)}:{pick(('00', '15', '30', '45', '20', '50', '10'))}"
        case "date" if english:
            return f"{whole(1, 28)} {pick(chat_words.MONTHS)}"
        case "date":
            return f"{whole(1, 12)}月{whole(1, 28)}日"
        case "phone":
            return pick(("0{} {}", "0{}-{}", "+{} {}")).format(whole(20, 99), slots.digits(random_, 4, 7))
        case "email":
            return f"{coined(random_)}@{coined(random_)}.{pick(('com', 'org', 'net', 'shop'))}"
        case "word":
            return coined(random_) + slots.digits(random_, 1, 3)
        case "room":
            return f"room {pick(('', 'A', 'B', 'C', 'K'))}{whole(1, 420)}"
        case "age":
            return str(whole(17, 96))
    return str(whole(2, 480))


def known(draw: Draw, kind: str, language: str, count: int) -> Known:
    """A thing and facts about it in any order."""
    some = draw.shuffled(attributes(language)[kind])[:count]
    return Known(entity(draw, kind, language), {each: value(draw, each.type, language) for each in some})


def shown(draw: Draw, things: Sequence[Known], language: str) -> str:
    """The facts as lines, sentences or JSON."""
    style = draw.any(("lines", "dashes", "sentences", "json"))
    blocks = []
    for thing in things:
        if style == "sentences":
            gap = " " if language == "en" else ""
            blocks.append(gap.join(thing.sentence(each) for each in thing.facts))
        elif style == "json":
            record = {"name": thing.entity, **{each.noun: fact for each, fact in thing.facts.items()}}
            blocks.append(to_json(record) if draw.chance(0.7) else json.dumps(record, ensure_ascii=False))
        else:
            colon, dash = (": " if language == "en" else "："), "- " if style == "dashes" else ""
            lines = (f"{dash}{each.noun}{colon}{fact}" for each, fact in thing.facts.items())
            blocks.append("\n".join([wording.capital(thing.entity) + colon.strip(), *lines]))
    return "\n".join(blocks) if style != "lines" else "\n\n".join(blocks)


# --- programs ---------------------------------------------------------------------------------------------------------

_HEADS = {
    "en": ("Facts:\\n", "Notes:\\n", "", "What we know:\\n", "Information:\\n"),
    "zh": ("资料：\\n", "笔记：\\n", "", "已知：\\n", "信息：\\n"),
}
_QUESTIONS = {
    "en": ("Question: ", "", "The customer asks: ", "Q: ", "Guest: "),
    "zh": ("问题：", "", "客户问：", "问：", "访客："),
}
_LAYOUTS = (
    '    system: "{told}"\n    user: "HEAD{facts}\\n\\nASK{question}"\n',
    '    system: "{told}\\n\\nHEAD{facts}"\n    user: "ASK{question}"\n',
    '    user: "{told}\\n\\nHEAD{facts}\\n\\nASK{question}"\n',
    '    system: "{told}"\n    user: "HEAD{facts}"\n    user: "ASK{question}"\n',
    '    user: "HEAD{facts}\\n\\n{told}\\nASK{question}"\n',
)


@lru_cache(maxsize=500)
def _program(layout: int, head: int, ask: int, language: str) -> Source:
    body = _LAYOUTS[layout].replace("HEAD", _HEADS[language][head]).replace("ASK", _QUESTIONS[language][ask])
    stop = ', stop="\\n"' if (layout + head + ask) % 2 else ""
    gen = f"    assistant: gen reply: str with max_tokens=100{stop}\n    return reply\n"
    return written(f"def answer(told: str, facts: str, question: str) -> str:\n{body}{gen}")


def _question(draw: Draw, attribute: Attribute, named: str, language: str) -> str:
    text = wording.hasty(draw, draw.of(attribute.questions))
    if draw.chance(0.15):
        hello = draw.any(wording.HELLO if language == "en" else wording.CHINESE_HELLO)
        text = hello + (text[:1].lower() + text[1:] if hello.endswith(", ") and text[:2] != "I " else text)
    return wording.capital(text.replace("{e}", named))


def case(draw: Draw, language: str) -> Case:
    kind = draw.any(tuple(attributes(language)))
    things = [known(draw, kind, language, draw.number(1, 6))]
    if draw.chance(0.35):
        things.append(known(draw, draw.any((kind, draw.any(tuple(attributes(language))))), language, draw.number(1, 4)))
    wanted = draw.any(things)
    attribute = draw.any(tuple(wanted.facts))
    if draw.chance(0.12):
        others = [each for each in attributes(language)[attribute.kind] if each not in wanted.facts]
        attribute = draw.any(others or [attribute])
    question = _question(draw, attribute, wanted.entity, language)
    if attribute in wanted.facts:
        reply, needed = wanted.sentence(attribute), [wanted.facts[attribute]]
    else:
        reply = _UNKNOWN[language].format(attribute.noun, wanted.entity)
        needed = ["do not know" if language == "en" else "没有"]
    strange = [fact for thing in things for fact in thing.facts.values() if fact not in reply]
    return Case(
        program=_program(draw.number(0, len(_LAYOUTS) - 1), draw.number(0, 4), draw.number(0, 4), language),
        function="answer",
        args={
            "told": draw.of(slots.listed("assist_systems" + SUFFIXES[language])),
            "facts": shown(draw, draw.shuffled(things), language),
            "question": question,
        },
        teacher=lambda path, so_far: reply,
        check=lambda given: says_only(given, needed) and not any(fact in given for fact in strange),
    )


TASKS = (
    Task("assistant", "reply", "en", lambda draw: case(draw, "en"), 2.0),
    Task("assistant_zh", "reply", "zh", lambda draw: case(draw, "zh"), 2.0),
)
