"""One label for a message: examples/batch.sgl, and random sets of labels with or without descriptions."""

from __future__ import annotations

import random
from functools import lru_cache

import msgspec

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.made_up import from_shape, word
from sglc.backend.engine.tiny.corpus.programs import Source, example, written
from sglc.backend.engine.tiny.corpus.record_words import FUNCTIONS, HOLES, WORDS
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.ir.decode import to_json

PROGRAMS = 4000
GAP = "\n\n"
ENDS = ".?!。?!"
HELLO = {
    "en": (
        *("",) * 12,
        "Hello, ",
        "Hi! ",
        "Good morning. ",
        "Dear team, ",
        "Hi there, ",
        "Hey, ",
        "Good day. ",
        "Good evening, ",
        "Hello everyone. ",
        "Dear all, ",
        "Dear Sir or Madam, ",
        "Hi all, ",
    ),
    "zh": (
        *("",) * 12,
        "你好,",
        "您好!",
        "你好!",
        "您好,",
        "你们好,",
        "大家好。",
        "早上好!",
        "下午好。",
        "晚上好,",
        "嗨,",
        "各位好,",
        "打扰一下,",
    ),
}
NAMES = (
    *("Label", "Topic", "Category", "Intent", "Kind", "Group", "Class", "Tag", "Subject", "Area", "Desk", "Team"),
    *("Queue", "Theme", "Purpose", "Type", "Sort", "Reason", "Folder", "Department", "Request", "Matter", "Heading"),
    *("Aim", "Bucket", "Domain", "Field", "Genre", "Meaning", "Route"),
)
OTHER = {
    "en": (
        ("other", "anything else"),
        ("none_of_these", "fits no other label"),
        ("misc", "all the rest"),
        ("other", "everything that belongs to no other label"),
        ("something_else", "the message is about something else"),
        ("no_match", "none of the other labels fits"),
        ("unknown", "the topic is not in this list"),
        ("rest", "what is left over"),
        ("different", "a different subject"),
        ("elsewhere", "use this if nothing else fits"),
        ("unrelated", "has nothing to do with the other labels"),
        ("not_listed", "a topic that is not listed here"),
    ),
    "zh": (
        ("other", "其他"),
        ("其他", "以上都不是"),
        ("misc", "别的内容"),
        ("other", "不属于别的任何一类"),
        ("别的", "说的是别的事情"),
        ("都不是", "其他标签都不合适"),
        ("unknown", "主题不在列表里"),
        ("其余", "剩下的所有内容"),
        ("无关", "和其他标签没有关系"),
        ("not_listed", "没有列出的主题"),
        ("另外", "另外的话题"),
        ("none_of_these", "没有合适的标签时用这个"),
    ),
}
SHOP = ("delivery", "quality", "price")
NEAR_SHOP = {
    "refund",
    "exchange",
    "warranty",
    "complaint",
    "stock",
    "payment",
    "invoice",
    "cancel",
    "question_product",
    "usage",
}
"""Intents that could pass for one of SHOP."""


class Intent(msgspec.Struct, frozen=True):
    names: tuple[str, ...]
    about: tuple[str, ...]
    sentences: tuple[str, ...]


@lru_cache(maxsize=2)
def intents(language: str) -> tuple[Intent, ...]:
    """`# NAME, OTHER NAMES`, then lines of sentences; what the names mean is in a list of its own."""
    ending = "" if language == "en" else ".zh"
    abouts = slots.sections(f"intent_abouts{ending}")
    found: list[Intent] = []
    for heading, lines in slots.sections(f"intents{ending}").items():
        names = tuple(heading.split(", "))
        more = slots.listed(f"topic_{names[0]}{ending}") if names[0] in SHOP else ()
        sentences = (*more, *(sentence for line in lines for sentence in line.split(" | ")))
        found.append(Intent(names, abouts[names[0]], sentences))
    return tuple(found)


def message(draw: Draw, language: str, sentences: tuple[str, ...]) -> str:
    """A sentence with its slots filled, some with words before and behind."""
    ending = "" if language == "en" else ".zh"
    text = draw.of(sentences)
    if "{" in text:
        text = text.format(
            product=draw.of(slots.listed("products" + ending)),
            day=draw.of(slots.listed("days" + ending)),
            city=draw.of(slots.listed("cities" + ending)),
            name=slots.person(draw) if language == "en" else slots.chinese_person(draw),
        )
    roll = draw.random.random()
    if roll < 0.1:
        text = text.lower()
    elif roll < 0.15:
        text = text.upper()
    elif roll < 0.25:
        text = text.rstrip(ENDS)
    elif roll < 0.4:
        space = WORDS[language].space
        text = text + space + draw.of(slots.listed("noise" + ending))
    return draw.any(HELLO[language]) + text


def _shop_message(draw: Draw, language: str) -> tuple[dict[str, str | bool], str]:
    topic = draw.any((*SHOP, "other"))
    if topic == "other":
        chosen = draw.any(
            [one for one in intents(language) if one.names[0] not in NEAR_SHOP and one.names[0] not in SHOP]
        )
    else:
        chosen = next(one for one in intents(language) if one.names[0] == topic)
    text = message(draw, language, chosen.sentences)
    ending = "" if language == "en" else ".zh"
    urgent = draw.chance(0.45)
    if urgent or draw.chance(0.4):
        hint = draw.of(slots.listed(("urgent" if urgent else "unhurried") + ending))
        space = WORDS[language].space
        text = f"{text}{space}{hint}" if draw.chance(0.75) else f"{hint}{space}{text}"
    return {"topic": topic, "urgent": urgent}, text


def _label(language: str, draw: Draw) -> Case:
    """One message of examples/batch.sgl, or a batch."""
    if draw.chance(0.8):
        label, text = _shop_message(draw, language)
        return Case(
            program=example("batch"),
            function="label",
            args={"message": text},
            teacher=lambda path, told: to_json(label),
            check=lambda value: bool(value == label),
        )
    labels = {text: label for label, text in (_shop_message(draw, language) for _ in range(draw.number(2, 4)))}
    counts = {
        "messages": len(labels),
        "urgent": sum(label["urgent"] is True for label in labels.values()),
        "about delivery": sum(label["topic"] == "delivery" for label in labels.values()),
    }
    in_order = list(labels.values())
    return Case(
        program=example("batch"),
        function="batch",
        args={"messages": list(labels)},
        teacher=lambda path, told: to_json(in_order[int(path.partition("[")[2].partition("]")[0])]),
        check=lambda value: bool(value == counts),
    )


NEAR = (
    {"account", "delete_account", "login", "security"},
    {"account", "subscription", "invoice", "home", "delivery"},
    {"bug", "technology", "login", "feature"},
    {"bug", "payment", "invoice", "delivery", "cancel"},
    {"bug", "quality", "warranty"},
    {"quality", "warranty", "complaint", "exchange", "refund"},
    {"quality", "warranty", "home", "cars", "lights"},
    {"cancel", "refund", "subscription", "exchange", "delete_account"},
    {"cancel", "delivery"},
    {"cancel", "alarm", "booking", "appointment"},
    {"invoice", "payment", "refund", "price", "subscription"},
    {"invoice", "security"},
    {"question_product", "usage", "stock", "price", "feature", "quality"},
    {"question_product", "usage", "technology", "cars"},
    {"question_product", "usage", "home", "food"},
    {"exchange", "stock"},
    {"exchange", "delivery"},
    {"location", "warranty", "health"},
    {"job", "appointment"},
    {"quality", "alarm"},
    {"booking", "appointment", "opening_hours", "hours", "travel", "food"},
    {"booking", "home"},
    {"booking", "music"},
    {"appointment", "alarm"},
    {"appointment", "health", "school", "human"},
    {"human", "complaint", "spam", "security"},
    {"human", "greeting", "technology"},
    {"payment", "security", "spam"},
    {"delivery", "stock", "complaint", "location"},
    {"delivery", "travel", "security"},
    {"thanks", "greeting", "goodbye", "quality"},
    {"goodbye", "travel", "delete_account"},
    {"business", "job", "politics", "technology", "science"},
    {"business", "stock", "price"},
    {"business", "spam", "travel", "health"},
    {"spam", "job", "subscription", "technology", "price", "thanks"},
    {"science", "school", "health", "animals", "weather"},
    {"school", "job", "music", "cars"},
    {"job", "opening_hours", "hours"},
    {"lights", "home", "alarm", "usage", "question_product"},
    {"location", "opening_hours", "hours", "travel"},
    {"location", "cars", "feature"},
    {"travel", "cars", "technology"},
    {"food", "animals", "health"},
    {"food", "home", "quality"},
    {"animals", "home", "health"},
    {"home", "complaint"},
    {"home", "price"},
)
"""First names of intents that one sentence may have together: never among the labels of one program."""


def are_near(one: Intent, other: Intent) -> bool:
    return any(one.names[0] in group and other.names[0] in group for group in NEAR)


class Sorter(msgspec.Struct, frozen=True):
    """A program that labels messages. `labels`: the label of each intent; `other`: the label of all other intents."""

    program: Source
    function: str
    field: str
    labels: dict[int, str]
    other: str | None


@lru_cache(maxsize=3 * PROGRAMS)
def _sorter(key: str, language: str, held_out: bool) -> Sorter:
    draw = Draw(key, held_out=held_out)
    known = intents(language)
    count = draw.number(2, 7)
    chosen: list[int] = []
    for at in draw.random.sample(range(len(known)), len(known)):
        if len(chosen) < count and not any(are_near(known[at], known[other]) for other in chosen):
            chosen.append(at)
    coded = draw.chance(0.25)
    shape = draw.any(("a0", "A", "aaa_0", "00"))
    labels: dict[int, str] = {}
    abouts: dict[str, str] = {}
    for at in chosen:
        name = draw.any([name for name in known[at].names if name not in abouts])
        while coded and (not name.isascii() or name in abouts or name in known[at].names):
            name = _code(draw.random, shape)
        labels[at] = name
        abouts[name] = draw.any(known[at].about)
    other, about = draw.any(OTHER[language]) if draw.chance(0.35) else (None, "")
    if other is not None:
        abouts[other] = about
    described = coded or draw.chance(0.5)
    order = draw.shuffled(tuple(abouts))
    name, hole, function = draw.any(NAMES), draw.any(HOLES), draw.any(FUNCTIONS)
    if described:
        enum = f"enum {name}:\n" + "".join(f"    {label} {to_json(abouts[label])}\n" for label in order)
    else:
        enum = f"enum {name}: {' | '.join(order)}\n"
    ask = draw.of(slots.listed("intent_asks" if language == "en" else "intent_asks.zh"))
    lead = draw.any(WORDS[language].leads)
    field = draw.any(("label", "topic", "intent", "category", "kind")) if draw.chance(0.35) else ""
    type_ = "Sorted" if field else name
    parts = [enum, *([f"type Sorted:\n    {field}: {name}\n"] if field else [])]
    shown = f"{ask}\n{{describe({type_})}}"
    gen = f"gen {hole}: {type_} with max_tokens=64"
    given = lead + "{message}"
    match draw.any(("user", "user", "user", "system", "last", "bare")):
        case "user":
            said = f"    user: {to_json(shown + GAP + given)}\n    assistant: {gen}\n"
        case "system":
            said = f"    system: {to_json(shown)}\n    user: {to_json(given)}\n    assistant: {gen}\n"
        case "last":
            said = f"    user: {to_json(given + GAP + shown)}\n    assistant: {gen}\n"
        case _:
            said = f"    {to_json(shown + GAP + given + GAP)}\n    {gen}\n"
    parts.append(f"def {function}(message: str) -> {type_}:\n{said}    return {hole}\n")
    return Sorter(written("\n\n".join(parts)), function, field, labels, other)


def _code(random_: random.Random, shape: str) -> str:
    """A label that says nothing by itself."""
    if shape == "00":
        return f"{word(random_, 1, 2).lower()}"
    return from_shape(random_, shape)


def _intent(language: str, draw: Draw) -> Case:
    key = draw.made(lambda random_: f"intents {language} {random_.randrange(PROGRAMS)}")
    sorter = _sorter(key, language, draw.held_out)
    known = intents(language)
    at = draw.any(list(sorter.labels))
    label = sorter.labels[at]
    if sorter.other is not None and draw.chance(0.25):
        far = [
            one
            for one in range(len(known))
            if not any(one == it or are_near(known[one], known[it]) for it in sorter.labels)
        ]
        if far:
            at, label = draw.any(far), sorter.other
    reply = to_json({sorter.field: label}) if sorter.field else label
    wanted = {sorter.field: label} if sorter.field else label
    return Case(
        program=sorter.program,
        function=sorter.function,
        args={"message": message(draw, language, known[at].sentences)},
        teacher=lambda path, told: reply,
        check=lambda value: bool(value == wanted),
    )


TASKS = (
    Task("batch", "intent", "en", lambda draw: _label("en", draw), 3.0),
    Task("batch_zh", "intent", "zh", lambda draw: _label("zh", draw), 2.5),
    Task("intents", "intent", "en", lambda draw: _intent("en", draw), 6.0),
    Task("intents_zh", "intent", "zh", lambda draw: _intent("zh", draw), 5.0),
)
