"""examples/sentiment.sgl, and classification in general: by examples in the prompt, or by labels that are named there."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any

import msgspec

from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.facts import wide
from sglc.backend.engine.tiny.corpus.label_texts import SENTIMENTS, label_sets, labelled, review
from sglc.backend.engine.tiny.corpus.programs import Source, example, written
from sglc.backend.engine.tiny.corpus.talk import Case, Task

PROGRAMS = 300
"""Written programs of a language and form for training; the evaluation has a fourth as many of its own."""

FIELDS = (("Text", "Label"), ("Review", "Sentiment"), ("Input", "Output"), ("Message", "Class"), ("Sentence", "Category"),
          ("Comment", "Opinion"), ("Item", "Group"), ("Q", "A"), ("Text", "Class"), ("Example", "Answer"))  # fmt: skip
CHINESE_FIELDS = (
    ("文本", "标签"),
    ("评论", "情感"),
    ("输入", "输出"),
    ("句子", "类别"),
    ("留言", "分类"),
    ("内容", "答案"),
)
ORDERS = (
    "Classify the text.", "Choose the label that fits.", "Which label fits best?", "Give each text its label.",
    "Sort the text into a group.",
    "Pick one of the labels.", "Decide what kind of text this is.", "Say which class the message belongs to.",
    "Label the message.",
    "Read the text and choose.", "What is it?", "You sort messages.", "Put the text into the right class.",
)  # fmt: skip
CHINESE_ORDERS = (
    "给文本分类。", "请选择合适的标签。", "判断这段话属于哪一类。", "从标签中选一个。", "请给下面的话分类。",
    "阅读文字,选出类别。", "你负责给留言分类。", "哪个标签最合适?",
)  # fmt: skip
OTHER_NAMES = (("good", "bad", "okay"), ("happy", "unhappy", "neither"), ("+", "-", "0"), ("pro", "contra", "mixed"),
               ("like", "dislike", "neutral"), ("A", "B", "C"), ("thumbs up", "thumbs down", "no opinion"))  # fmt: skip
CHINESE_OTHER_NAMES = (("好评", "差评", "中评"), ("正面", "负面", "中性"), ("满意", "不满意", "一般"), ("喜欢", "讨厌", "无所谓"),
                       ("积极", "消极", "中立"))  # fmt: skip
CODES = (
    "A",
    "B",
    "C",
    "D",
    "E",
    "1",
    "2",
    "3",
    "4",
    "X",
    "Y",
    "Z",
    "foo",
    "bar",
    "baz",
    "P",
    "Q",
    "R",
    "left",
    "right",
)


class Form(msgspec.Struct, frozen=True):
    """`classify(shots, labels, text)`; `fields`: how a shot is written; `shots`: whether there are any."""

    program: Source
    fields: tuple[str, str]
    shots: bool
    colon: str


class Choice(msgspec.Struct, frozen=True):
    """What a case is about: the set, its labels as they are shown, and the wanted one."""

    name: str
    shown: dict[str, str]
    label: str


@lru_cache(maxsize=1200)
def form(number: int, *, chinese: bool, held_out: bool) -> Form:
    """A program that takes its labels and examples as arguments."""
    draw = Draw(f"labels/{number}/{chinese}", held_out=held_out)
    tidy = wide if chinese and draw.chance(0.5) else str
    fields = draw.any(CHINESE_FIELDS if chinese else FIELDS)
    colon = tidy(":") if chinese else ": "
    order = tidy(draw.of(CHINESE_ORDERS if chinese else ORDERS))
    way = draw.any((" by likelihood", "", ""))
    said = f"{fields[0]}{colon}{{text}}"
    shots = draw.chance(0.65)
    names = draw.any(("{labels}", "{labels}", ""))
    listing = (
        ("标签" if chinese else draw.any(("Labels", "Classes", "Choose from"))) + colon + names + "\\n"
        if names or not shots
        else ""
    )
    listing = listing if names else listing.replace("\\n", "{labels}\\n")
    loop = ["for shot in shots:", '    "{shot}\\n\\n"'] if shots else []
    hole = f"{{select label from labels{way}}}"
    if draw.chance(0.5):
        opening = [f'"{order}\\n{listing}\\n"'] if draw.chance(0.6) or not shots else []
        lines = ["    " + line for line in [*opening, *loop, f'"{said}\\n{fields[1]}{colon.rstrip()} {hole}"']]
    else:
        asked = f'"{said}\\n{fields[1]}{colon.rstrip()}"' if draw.chance(0.3) else f'"{said}"'
        inside = [f'"{order}\\n{listing}\\n"', *loop, asked]
        head = []
        if draw.chance(0.35):
            head, inside = [f'    system: "{order}\\n{listing}"'], inside[1:]
        lines = [*head, "    user:", *["        " + line for line in inside], f'    assistant: "{hole}"']
    source = ["def classify(shots: list[str], labels: list[str], text: str) -> str:", *lines, "    return label", ""]
    return Form(written("\n".join(source)), fields, shots, colon)


def _choice(draw: Draw, *, chinese: bool, shots: bool) -> Choice:
    """A set and some of its labels. With examples in the prompt the labels may have any names."""
    sets = label_sets(chinese=chinese)
    if draw.chance(0.35):
        names = SENTIMENTS if draw.chance(0.75) else SENTIMENTS[:2]
        other = draw.any((SENTIMENTS, *(CHINESE_OTHER_NAMES if chinese else OTHER_NAMES[: 7 if shots else 5])))
        shown = dict(zip(SENTIMENTS, other, strict=True))
        return Choice("sentiment", {name: shown[name] for name in draw.shuffled(names)}, draw.any(names))
    name = draw.any(tuple(sets))
    labels = draw.shuffled(tuple(sets[name]))[: draw.number(2, 5)]
    codes = draw.shuffled(CODES)
    coded = shots and draw.chance(0.2)
    return Choice(name, {label: codes[at] if coded else label for at, label in enumerate(labels)}, draw.any(labels))


def few_shot(draw: Draw, *, chinese: bool) -> Case:
    """A written program with labels as an argument."""
    number = draw.number(PROGRAMS, PROGRAMS * 5 // 4) if draw.held_out else draw.number(0, PROGRAMS - 1)
    made = form(number, chinese=chinese, held_out=draw.held_out)
    wanted = _choice(draw, chinese=chinese, shots=made.shots)
    told = [label for label in wanted.shown for _ in range(draw.any((1, 1, 2)))] if made.shots else []
    shots = []
    text = labelled(draw, wanted.name, wanted.label, chinese=chinese)
    # Examples may be known texts, on both sides: only what is asked has to be new.
    known = Draw(draw.number(0, 2**40))
    for label in draw.shuffled(told):
        shot = text
        while shot == text:
            shot = labelled(known, wanted.name, label, chinese=chinese)
        shots.append(f"{made.fields[0]}{made.colon}{shot}\n{made.fields[1]}{made.colon}{wanted.shown[label]}")
    answer = wanted.shown[wanted.label]
    return Case(
        program=made.program,
        function="classify",
        args={"shots": shots, "labels": list(wanted.shown.values()), "text": text},
        teacher=lambda path, told: answer,
        check=lambda value: bool(value == answer),
    )


@lru_cache(maxsize=1200)
def typed(number: int, *, chinese: bool, held_out: bool) -> tuple[Source, Choice, bool]:
    """A program whose labels are a type, the set that it is for, and whether it wants the label in a record."""
    draw = Draw(f"typed labels/{number}/{chinese}", held_out=held_out)
    tidy = wide if chinese and draw.chance(0.5) else str
    wanted = _choice(draw, chinese=chinese, shots=False)
    options = list(wanted.shown.values())
    order = tidy(draw.of(CHINESE_ORDERS if chinese else ORDERS))
    name = draw.any(("标签", "类别", "Label") if chinese else ("Label", "Class", "Category", "Kind", "Mood"))
    if all(option.isidentifier() for option in options) and draw.chance(0.6):
        declared = f"enum {name}: {' | '.join(options)}"
    else:
        declared = f"type {name} = " + " | ".join(f'"{option}"' for option in options)
    record = draw.chance(0.4)
    type_, end = (draw.any(("Answer", "Result", "Verdict", "Found")), "found.label") if record else (name, "found")
    more = ["", "", f"type {type_}:", f"    label: {name}"] if record else []
    said = tidy(draw.any(("", "", "文本:" if chinese else "Text: ", "留言:" if chinese else "Message: "))) + "{text}"
    described = f"{{describe({type_})}}"
    if draw.chance(0.35):
        lines = [f'    system: "{order}\\n{described}"', f'    user: "{said}"']
    else:
        lines = [f'    user: "{order}\\n{described}\\n\\n{said}"']
    source = [
        declared,
        *more,
        "",
        "",
        f"def classify(text: str) -> {name}:",
        *lines,
        f"    assistant: gen found: {type_} with max_tokens=32",
    ]
    return written("\n".join([*source, f"    return {end}", ""])), wanted, record


def typed_label(draw: Draw, *, chinese: bool) -> Case:
    number = draw.number(PROGRAMS, PROGRAMS * 5 // 4) if draw.held_out else draw.number(0, PROGRAMS - 1)
    program, choice, record = typed(number, chinese=chinese, held_out=draw.held_out)
    label = draw.any(tuple(choice.shown))
    answer = choice.shown[label]
    return Case(
        program=program,
        function="classify",
        args={"text": labelled(draw, choice.name, label, chinese=chinese)},
        teacher=lambda path, told: f'{{"label":"{answer}"}}' if record else answer,
        check=lambda value: bool(value == answer),
    )


def sentiment(draw: Draw, *, chinese: bool) -> Case:
    """The example."""
    label = draw.any(SENTIMENTS)

    def check(value: Any) -> bool:
        return isinstance(value, dict) and value.get("label") == label

    return Case(
        program=example("sentiment"),
        function="classify",
        args={"review": review(draw, label, chinese=chinese)},
        teacher=lambda path, told: label,
        check=check,
    )


TASKS = (
    Task("sentiment", "classification", "en", partial(sentiment, chinese=False), 2.0),
    Task("sentiment_zh", "classification", "zh", partial(sentiment, chinese=True), 1.5),
    Task("labels", "classification", "en", partial(few_shot, chinese=False), 3.0),
    Task("labels_zh", "classification", "zh", partial(few_shot, chinese=True), 2.0),
    Task("labels_typed", "classification", "en", partial(typed_label, chinese=False), 1.5),
    Task("labels_typed_zh", "classification", "zh", partial(typed_label, chinese=True), 1.0),
)
