"""Question answering over given text: examples/documents.sgl, and written programs around passages and documents.

lists/passage_words.txt has what the programs are made of.
"""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import Any

import msgspec

from sglc.backend.engine.tiny.corpus import facts
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.program_words import label, parts
from sglc.backend.engine.tiny.corpus.programs import Source, example, written
from sglc.backend.engine.tiny.corpus.talk import Case, Task

PROGRAMS = 1000
"""Written programs of a language for training; the evaluation has a fourth as many of its own."""


class Shape(msgspec.Struct, frozen=True):
    """A program to ask: `answer(text or docs, question)`. `unknown`: what it wants where the text has no answer."""

    program: Source
    text: str
    many: bool
    unknown: str


@lru_cache(maxsize=3 * PROGRAMS)
def shape(number: int, *, chinese: bool, held_out: bool) -> Shape:
    """One program, built from parts."""
    draw = Draw(f"passages/{number}/{chinese}", held_out=held_out)
    # Programs in Chinese are written with punctuation of either width.
    tidy = facts.wide if chinese and draw.chance(0.6) else str
    words = parts("passage_words.zh" if chinese else "passage_words")
    order = tidy(draw.of(words["orders"]))
    unknown = ""
    if order and draw.chance(0.25):
        more, unknown = draw.one_way(draw.any(words["unknown"])), draw.any(words["unknown_words"])
        order += ("" if chinese else " ") + tidy(more).format(u=unknown).replace('"', '\\"')
    many = draw.chance(0.55)
    text = draw.any(parts("passage_words")["lists" if many else "singles"])
    title = label(tidy(draw.any(words["titles"])))
    ask = label(tidy(draw.any(words["questions"]))) + "{question}"
    limit = draw.any((32, 40, 48, 64))
    stop = draw.any((', stop="\\n"', ""))
    body = _documents(draw, text, title) if many else [f'"{title}{{{text}}}\\n"']
    asking = [*body, f'"{ask}"'] if draw.chance(0.8) else [f'"{ask}\\n"', *body]
    if draw.chance(0.2):
        said = tidy(draw.any(words["answers"]))
        hole = f'    "\\n{said} {{gen answer: str with max_tokens={limit}, stop="\\n"}}"'
        lines = ([f'    "{order}\\n\\n"'] if order else []) + _indented(asking, 1) + [hole]
    else:
        head = []
        if order and draw.chance(0.4):
            head = [f'    system: "{order}"']
        elif order:
            asking = [f'"{order}\\n"', *asking] if draw.chance(0.6) else [*asking, f'"\\n{order}"']
        lines = [*head, "    user:", *_indented(asking, 2)]
        lines += [f"    assistant: gen answer: str with max_tokens={limit}{stop}"]
    kind = "list[str](min=1, max=10)" if many else "str"
    source = "\n".join([f"def answer({text}: {kind}, question: str) -> str:", *lines, "    return answer", ""])
    return Shape(written(source), text, many, unknown)


def _documents(draw: Draw, text: str, title: str) -> list[str]:
    """Statements that append a list of documents."""
    title = title or "- "
    if draw.chance(0.5):
        return [f'encode d in {text}: "{title}{{d}}\\n\\n"']
    if draw.chance(0.5):
        return [f"for i, d in enumerate({text}):", '    "[{i + 1}] {d}\\n"']
    return [f"for d in {text}:", f'    "{title}{{d}}\\n"']


def _indented(lines: list[str], depth: int) -> list[str]:
    return ["    " * depth + line for line in lines]


class Asked(msgspec.Struct, frozen=True):
    docs: list[str]
    question: str
    answer: str


def asked(draw: Draw, *, chinese: bool, count: int, unknown: str = "") -> Asked:
    """`count` documents and a question that one of them answers; with `unknown` sometimes none does."""
    lost = bool(unknown) and draw.chance(0.3)
    return (_of_house if draw.chance(0.45) else _of_things)(draw, count, unknown if lost else "", chinese=chinese)


def _of_house(draw: Draw, count: int, lost: str, *, chinese: bool) -> Asked:
    """Each document is one sentence or two of the same house, so that the wanted attribute tells them apart."""
    kind = draw.any(facts.kinds("house.zh" if chinese else "house"))
    size = min(len(kind.attributes) - 1, count if draw.chance(0.7) else count * 2)
    house = facts.thing(draw, kind, size + 1, chinese=chinese)
    told = house.facts[:size]
    sentences = [facts.statement(draw, house, fact, chinese=chinese) for fact in told]
    docs = [("" if chinese else " ").join(sentences[i::count]) for i in range(min(count, size))]
    wanted = house.facts[-1] if lost else draw.any(told)
    return Asked(docs, facts.question(draw, house, wanted, chinese=chinese), lost or wanted.value)


def _of_things(draw: Draw, count: int, lost: str, *, chinese: bool) -> Asked:
    """Each document is about one thing; the question names it."""
    found = facts.things(draw, count + bool(lost), draw.number(1, 4 if count > 4 else 6), chinese=chinese)
    wanted = found[-1] if lost else draw.any(found)
    told = found[:-1] if lost else found
    docs = [facts.passage(draw, one, chinese=chinese) for one in told]
    if draw.chance(0.15):
        colon = "\uff1a" if chinese else ": "
        docs = [one.name + colon + doc for one, doc in zip(told, docs, strict=True)]
    fact = draw.any(wanted.facts)
    return Asked(docs, facts.question(draw, wanted, fact, chinese=chinese), lost or fact.value)


def same(wanted: str, value: Any) -> bool:
    """Equal but for case, quotes, a full stop and an article before it."""
    return isinstance(value, str) and _bare(value) == _bare(wanted)


def _bare(text: str) -> str:
    return re.sub(r"^(the|an?) (?=.)", "", text.strip(' ."“”《》。').lower())


def documents(draw: Draw, *, chinese: bool) -> Case:
    """The example."""
    case = asked(draw, chinese=chinese, count=draw.any((1, 2, 3, 3, 4, 5, 6, 8, 10)))
    return Case(
        program=example("documents"),
        function="ask_documents",
        args={"docs": case.docs, "question": case.question},
        teacher=lambda path, told: case.answer,
        check=partial(same, case.answer),
    )


def passage(draw: Draw, *, chinese: bool) -> Case:
    """A written program."""
    number = draw.number(0, PROGRAMS - 1) if not draw.held_out else draw.number(PROGRAMS, PROGRAMS * 5 // 4)
    form = shape(number, chinese=chinese, held_out=draw.held_out)
    count = draw.any((1, 1, 2, 3, 4, 5, 7)) if draw.chance(0.96) else draw.number(8, 10 if form.many else 48)
    case = asked(draw, chinese=chinese, count=count, unknown=form.unknown)
    text = case.docs if form.many else draw.any(("\n", "\n\n", "" if chinese else " ")).join(case.docs)
    return Case(
        program=form.program,
        function="answer",
        args={form.text: text, "question": case.question},
        teacher=lambda path, told: case.answer,
        check=partial(same, case.answer),
    )


TASKS = (
    Task("documents", "passage", "en", partial(documents, chinese=False), 2.0),
    Task("documents_zh", "passage", "zh", partial(documents, chinese=True), 1.5),
    Task("passage", "passage", "en", partial(passage, chinese=False), 3.5),
    Task("passage_zh", "passage", "zh", partial(passage, chinese=True), 2.5),
)
