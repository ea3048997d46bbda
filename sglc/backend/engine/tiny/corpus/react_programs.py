"""Written programs in the form of examples/react.sgl: other words, tools, results and roles around the same loop.

lists/react_words.txt has what they are made of.
"""

from __future__ import annotations

from functools import lru_cache

import msgspec

from sglc.backend.engine.tiny.corpus import facts
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.program_words import label, pairs, parts
from sglc.backend.engine.tiny.corpus.programs import Source, example, written

PROGRAMS = 800
"""Written programs of a language for training; the evaluation has a fourth as many of its own."""


class Loop(msgspec.Struct, frozen=True):
    """A program. `pieces`: the tool message about a stock, with `{step.result}`; empty where there is no stock tool."""

    program: Source
    function: str
    parameter: str
    search: tuple[str, str]
    stock: tuple[str, str]
    finish: tuple[str, str]
    pieces: str
    article: bool


EXAMPLE_PIECES = "{step.result} in stock"


def react_example() -> Loop:
    searching, stocked, finish = ("search", "query"), ("stock", "sku"), ("finish", "answer")
    return Loop(example("react"), "react", "question", searching, stocked, finish, EXAMPLE_PIECES, article=True)


@lru_cache(maxsize=3 * PROGRAMS)
def loop(number: int, *, chinese: bool, held_out: bool) -> Loop:
    """One program, built from parts."""
    draw = Draw(f"react/{number}/{chinese}", held_out=held_out)
    tidy = facts.wide if chinese and draw.chance(0.6) else str
    words = "react_words.zh" if chinese else "react_words"

    def any_of(heading: str) -> str:
        return draw.one_way(draw.any(parts(words)[heading]))

    order = tidy(draw.of(parts(words)["orders"]))
    search = (any_of("search_names"), any_of("search_params"))
    stock = (draw.any([name for name in parts(words)["stock_names"] if name != search[0]]), any_of("stock_params"))
    finish = draw.any(pairs(words, "finishes"))
    pieces = tidy(any_of("pieces")) if draw.chance(0.6) else ""
    article = draw.chance(0.5)
    about, stock_about = any_of("about"), any_of("stock_about")
    thought, action = (label(tidy(text)) for text in draw.any(pairs(words, "labels", " = ")))
    result = any_of("articles") if article else any_of("results")
    names = search[0] + (f", {stock[0]}" if pieces else "")
    head = ['from "./types.sgl" import Article', ""] if article else []
    tools = [
        f'tool {search[0]}({search[1]}: str) -> {"Article" if article else "str"} "{about}":',
        '    http GET "{env.WIKI_URL}/search"',
        "",
    ]
    if pieces:
        tools += [
            f'tool {stock[0]}({stock[1]}: str) -> int "{stock_about}":',
            '    http GET "{env.SHOP_URL}/stock"',
            "",
        ]
    # The order of the tools says nothing about which one is right.
    shown = ", ".join(draw.shuffled(names.split(", ")))
    described = f"{{describe({shown})}}"
    asked = label(tidy(any_of("asked")))
    if draw.chance(0.35):
        opening = [f'    system: "{order}\\n{described}"', f'    user: "{asked}{{question}}"']
    else:
        opening = [f'    user: "{order}\\n{described}\\n\\n{asked}{{question}}"']
    members = " | ".join(draw.shuffled(names.split(", ")))
    body = [f"    loop max {draw.number(4, 8)}:", "        assistant:"]
    if thought:
        body += [f'            "{thought}{{gen thought: str with stop="\\n", max_tokens=48}}\\n"']
    body += [
        f'            "{action}{{call step: {members} | {finish[0]}({finish[1]}: str) with max_tokens=96}}"',
        "        match step:",
        f"            case {finish[0]}: return step.{finish[1]}",
        f'            case {search[0]}: tool: "{result}"',
    ]
    if pieces:
        body += [f'            case {stock[0]}: tool: "{pieces}"']
    source = [*head, *tools, "def solve(question: str) -> str:", *opening, *body, '    fail "no answer"', ""]
    return Loop(written("\n".join(source)), "solve", "question", search, stock, finish, pieces, article)
