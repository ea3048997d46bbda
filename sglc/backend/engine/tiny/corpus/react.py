"""examples/react.sgl and programs like it: look things up, in one step or two, and finish with what was found."""

from __future__ import annotations

from functools import lru_cache, partial
from typing import Any

import msgspec

from sglc.backend.engine.tiny.corpus import facts
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.passages import same
from sglc.backend.engine.tiny.corpus.program_words import parts
from sglc.backend.engine.tiny.corpus.react_programs import PROGRAMS, Loop, loop, react_example
from sglc.backend.engine.tiny.corpus.slots import listed
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.backend.example_facts import search as search_example
from sglc.ir.decode import to_json

NOTHING = "I found nothing about {n}."
CHINESE_NOTHING = "没有找到关于{n}的内容。"


class Chain(msgspec.Struct, frozen=True):
    """A kind with an attribute whose value names a thing of the kind `second`, and how a question speaks of that thing.

    `without`: an attribute of `second` that would lead back to where the chain began; a question for it makes no sense.
    """

    first: str
    link: str
    second: str
    without: str
    phrases: tuple[str, ...]


@lru_cache(maxsize=2)
def chains(*, chinese: bool) -> tuple[Chain, ...]:
    """lists/chains.txt: `# first link second [without]`, then the phrases. `{n}` is the thing that the chain starts from."""
    found = []
    for heading, phrases in parts("chains.zh" if chinese else "chains").items():
        first, link, second, *without = heading.split()
        found.append(Chain(first, link, second, "".join(without), phrases))
    return tuple(found)


class Quest(msgspec.Struct, frozen=True):
    """A question, the calls that lead to the answer (tool of the loop, argument), and what the tools say."""

    question: str
    calls: tuple[tuple[str, str], ...]
    answer: str
    articles: dict[str, str]
    pieces: int = 0
    lost: bool = False


def _named(kinds: tuple[facts.Kind, ...], name: str) -> facts.Kind:
    return next(kind for kind in kinds if kind.name == name)


def _one_step(draw: Draw, *, chinese: bool) -> Quest:
    """One article holds the answer; sometimes there is none."""
    (wanted,) = facts.things(draw, 1, draw.number(1, 4), chinese=chinese)
    fact = draw.any(wanted.facts)
    question = facts.question(draw, wanted, fact, chinese=chinese)
    calls = (("search", wanted.name),)
    if draw.chance(0.12):
        return Quest(question, calls, (CHINESE_NOTHING if chinese else NOTHING).format(n=wanted.name), {}, lost=True)
    text = f"{wanted.name}\n{facts.passage(draw, wanted, chinese=chinese)}"
    return Quest(question, calls, fact.value, {wanted.name: text})


def _two_steps(draw: Draw, *, chinese: bool) -> Quest:
    """The first article names what the second one is about."""
    kinds = facts.kinds("facts.zh" if chinese else "facts")
    chain = draw.any(chains(chinese=chinese))
    start = facts.thing(draw, _named(kinds, chain.first), 6, chinese=chinese)
    bridge = next(fact for fact in start.facts if fact.attribute.name == chain.link)
    others = [fact for fact in start.facts if fact is not bridge][: draw.number(0, 2)]
    start = msgspec.structs.replace(start, facts=tuple(draw.shuffled([bridge, *others])))
    second = _named(kinds, chain.second)
    open_ = tuple(attribute for attribute in second.attributes if attribute.name != chain.without)
    second = msgspec.structs.replace(second, attributes=open_)
    end = facts.thing(draw, second, draw.number(1, 3), chinese=chinese, name=bridge.value)
    fact = draw.any(end.facts)
    spoken = msgspec.structs.replace(end, shown=draw.of(chain.phrases).format(n=start.shown))
    question = facts.question(draw, spoken, _without_genitive(fact), chinese=chinese)
    articles = {one.name: f"{one.name}\n{facts.passage(draw, one, chinese=chinese)}" for one in (start, end)}
    return Quest(question, (("search", start.name), ("search", end.name)), fact.value, articles)


def _without_genitive(fact: facts.Fact) -> facts.Fact:
    """A name takes an 's, a phrase does not."""
    questions = tuple(question for question in fact.attribute.questions if "{n}'s" not in question)
    return msgspec.structs.replace(fact, attribute=msgspec.structs.replace(fact.attribute, questions=questions))


def _stock(draw: Draw, form: Loop, *, chinese: bool) -> Quest:
    code = facts.value_of(draw, "code", chinese=False)
    template = draw.of(listed("stock.zh" if chinese else "stock"))
    pieces = 0 if draw.chance(0.15) else draw.number(1, 999)
    question = facts.wide(template).format(c=code) if chinese else template.format(c=code)
    return Quest(question, (("stock", code),), form.pieces.replace("{step.result}", str(pieces)), {}, pieces)


@lru_cache(maxsize=1)
def encyclopedia() -> tuple[tuple[str, str, str], ...]:
    """lists/encyclopedia.txt: query, question, answer for the articles of the example tools."""
    return tuple(
        (query, question, answer) for query, question, answer in (line.split(" | ") for line in listed("encyclopedia"))
    )


def _real(draw: Draw, *, chinese: bool) -> Quest:
    """A question for an article of the example tools."""
    mine = tuple(" | ".join(row) for row in encyclopedia() if ("\u4e00" <= row[0][0] <= "\u9fff") == chinese)
    query, question, answer = draw.of(mine).split(" | ")
    return Quest(question, (("search", query),), answer, {})


def quest(draw: Draw, form: Loop, *, chinese: bool) -> Quest:
    if form.pieces and draw.chance(0.25):
        return _stock(draw, form, chinese=chinese)
    if draw.chance(0.12):
        return _real(draw, chinese=chinese)
    return (_two_steps if draw.chance(0.35) else _one_step)(draw, chinese=chinese)


def _found(wanted: Quest, query: str, *, chinese: bool) -> dict[str, str]:
    """What the search gives: the article whose name the query holds, or else what the example tools say."""
    named = [name for name in wanted.articles if name.lower() in query.lower()]
    if named:
        # One name may be a part of the other.
        title, _, body = wanted.articles[max(named, key=len)].partition("\n")
        return {"title": title, "text": body}
    if not wanted.articles and not wanted.lost:
        return search_example(query)
    if chinese:
        return {"title": "没有结果", "text": f"没有与“{query}”相关的条目。"}
    return {"title": "nothing found", "text": f'No article matches "{query}". Search for a name, a place or a thing.'}


def _thought(wanted: Quest, turn: int, *, chinese: bool) -> str:
    if turn < len(wanted.calls):
        tool, argument = wanted.calls[turn]
        if chinese:
            return f"我应该查一下{argument}{'的库存' if tool == 'stock' else ''}。"
        return f"I should {'check the stock of' if tool == 'stock' else 'look up'} {argument}."
    if wanted.lost:
        return "没有找到。" if chinese else "Nothing was found."
    return f"答案是{wanted.answer}。" if chinese else f"The answer is {wanted.answer.rstrip('.')}."


def case(draw: Draw, form: Loop, *, chinese: bool) -> Case:
    wanted = quest(draw, form, chinese=chinese)
    names = {"search": form.search, "stock": form.stock}
    calls = [(names[tool], argument) for tool, argument in wanted.calls]
    replies = [to_json({"name": name, "arguments": {key: argument}}) for (name, key), argument in calls]
    replies.append(to_json({"name": form.finish[0], "arguments": {form.finish[1]: wanted.answer}}))

    def teacher(path: str, told: str) -> str:
        turn = int(path.split("[")[1].split("]")[0])
        return _thought(wanted, turn, chinese=chinese) if path.endswith("thought") else replies[turn]

    def tools(name: str, args: dict[str, Any]) -> Any:
        if name == form.stock[0]:
            return wanted.pieces
        article = _found(wanted, args[form.search[1]], chinese=chinese)
        return article if form.article else f"{article['title']}: {article['text']}"

    return Case(
        program=form.program,
        function=form.function,
        args={form.parameter: wanted.question},
        teacher=teacher,
        check=partial(same, wanted.answer),
        tools=tools,
    )


def react(draw: Draw, *, chinese: bool) -> Case:
    """The example."""
    return case(draw, react_example(), chinese=chinese)


def looped(draw: Draw, *, chinese: bool) -> Case:
    """A written program."""
    number = draw.number(PROGRAMS, PROGRAMS * 5 // 4) if draw.held_out else draw.number(0, PROGRAMS - 1)
    return case(draw, loop(number, chinese=chinese, held_out=draw.held_out), chinese=chinese)


TASKS = (
    Task("react", "choice", "en", partial(react, chinese=False), 2.0),
    Task("react_zh", "choice", "zh", partial(react, chinese=True)),
    Task("react_written", "choice", "en", partial(looped, chinese=False), 1.5),
    Task("react_written_zh", "choice", "zh", partial(looped, chinese=True), 1.2),
)
