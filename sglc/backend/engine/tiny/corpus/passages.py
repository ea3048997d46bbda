"""Question answering over given text: examples/documents.sgl, and written programs around passages and documents."""

from __future__ import annotations

import re
from functools import lru_cache, partial
from typing import Any

import msgspec

from sglc.backend.engine.tiny.corpus import facts
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.programs import Source, example, written
from sglc.backend.engine.tiny.corpus.talk import Case, Task

PROGRAMS = 400
"""Written programs of a language for training; the evaluation has a fourth as many of its own."""

ORDERS = (
    "Answer from the text in a few words.",
    "Answer the question from the text.",
    "Read the text and answer the question.",
    "Use only the text below to answer.",
    "Answer briefly.",
    "Give a short answer.",
    "Answer with the words of the text.",
    "Find the answer in the text.",
    "Answer the question with a few words from the passage.",
    "Look the answer up in the documents.",
    "What do the documents say? Answer shortly.",
    "Answer in as few words as possible.",
    "Here is some text and a question about it. Answer the question.",
    "You answer questions about documents. Copy the answer from them.",
    "Read carefully, then answer.",
    "Reply with the answer only.",
    "",
)
CHINESE_ORDERS = (
    "请根据文章用几个字回答。",
    "根据下面的文字回答问题。",
    "阅读文字,回答问题。",
    "只根据文中内容作答。",
    "请简短回答。",
    "从文中找出答案。",
    "请用原文的词语回答。",
    "查阅资料,回答问题。",
    "回答要尽量短。",
    "只写答案。",
    "你负责根据资料回答问题。",
    "先读资料,再回答。",
    "",
)
UNKNOWN = (
    ("If the answer is not there, write: {u}", "unknown"),
    ('If the text does not say it, answer "{u}".', "not in the text"),
    ("Say {u} when the text has no answer.", "I don't know"),
    ("Without an answer in the text, reply {u}.", "no answer"),
    ("When nothing fits, answer {u}.", "not in the documents"),
    ("Answer {u} if you cannot find it.", "not found"),
)
CHINESE_UNKNOWN = (
    ("如果文中没有答案,请写:{u}", "不知道"),
    ("文中没有提到就回答“{u}”。", "文中没有提到"),
    ("找不到答案时回答{u}。", "没有找到"),
    ("资料里没有的话,请说{u}。", "资料中没有"),
    ("没有答案就写{u}。", "无"),
)
QUESTION = ("Question: ", "Q: ", "", "The question: ", "Question:\\n", "User asks: ")
CHINESE_QUESTION = ("问题:", "问:", "", "提问:", "用户问:")
ANSWER = ("Answer: ", "A: ", "Short answer: ", "The answer is: ")
CHINESE_ANSWER = ("回答:", "答:", "答案:", "答案是:")
TITLE = ("Text:\\n", "Passage: ", "Context:\\n", "", "Article:\\n", "Document:\\n", "Read this: ", "Notes: ")
CHINESE_TITLE = ("文章:\\n", "资料:", "内容:\\n", "", "文档:\\n", "阅读:")
NAMES = ("docs", "documents", "pages", "notes", "texts", "sources")


class Shape(msgspec.Struct, frozen=True):
    """A program to ask: `answer(text or docs, question)`. `unknown`: what it wants where the text has no answer."""

    program: Source
    text: str
    many: bool
    unknown: str


@lru_cache(maxsize=1200)
def shape(number: int, *, chinese: bool, held_out: bool) -> Shape:
    """One program, built from parts."""
    draw = Draw(f"passages/{number}/{chinese}", held_out=held_out)
    # Programs in Chinese are written with punctuation of either width.
    tidy = facts.wide if chinese and draw.chance(0.6) else str
    order = tidy(draw.of(CHINESE_ORDERS if chinese else ORDERS))
    unknown = ""
    if order and draw.chance(0.25):
        more, unknown = draw.any(CHINESE_UNKNOWN if chinese else UNKNOWN)
        order += ("" if chinese else " ") + tidy(more).format(u=unknown).replace('"', '\\"')
    many = draw.chance(0.55)
    text = draw.any(NAMES) if many else draw.any(("passage", "text", "article", "context", "page"))
    title = tidy(draw.any(CHINESE_TITLE if chinese else TITLE))
    ask = tidy(draw.any(CHINESE_QUESTION if chinese else QUESTION)) + "{question}"
    limit = draw.any((32, 40, 48, 64))
    stop = draw.any((', stop="\\n"', ""))
    body = _documents(draw, text, title) if many else [f'"{title}{{{text}}}\\n"']
    parts = [*body, f'"{ask}"'] if draw.chance(0.8) else [f'"{ask}\\n"', *body]
    if draw.chance(0.2):
        said = tidy(draw.any(CHINESE_ANSWER if chinese else ANSWER)).rstrip()
        hole = f'    "\\n{said} {{gen answer: str with max_tokens={limit}, stop="\\n"}}"'
        lines = ([f'    "{order}\\n\\n"'] if order else []) + _indented(parts, 1) + [hole]
    else:
        head = []
        if order and draw.chance(0.4):
            head = [f'    system: "{order}"']
        elif order:
            parts = [f'"{order}\\n"', *parts] if draw.chance(0.6) else [*parts, f'"\\n{order}"']
        lines = [*head, "    user:", *_indented(parts, 2)]
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
