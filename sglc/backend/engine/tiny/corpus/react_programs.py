"""Written programs in the form of examples/react.sgl: other words, tools, results and roles around the same loop."""

from __future__ import annotations

from functools import lru_cache

import msgspec

from sglc.backend.engine.tiny.corpus import facts
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.programs import Source, example, written

ORDERS = (
    "Answer the question. Use the tools when you need facts.",
    "Find the answer with the tools.",
    "You can look things up before you answer.",
    "Think, call a tool, read its result, then answer.",
    "Use the tools, then finish with a short answer.",
    "Answer with facts that the tools give.",
    "Solve the task step by step with these tools.",
    "Do not guess. Call a tool.",
    "Look up what you need and answer in a few words.",
    "First think, then act.",
)
CHINESE_ORDERS = (
    "请回答问题,需要事实时使用工具。",
    "用工具找出答案。",
    "先思考,再调用工具,最后回答。",
    "不要猜,请查资料。",
    "回答之前可以查资料。",
    "一步一步解决问题,可以使用工具。",
    "请用工具查到的事实作答。",
    "查到需要的内容后,用几个字回答。",
)
SEARCHES = (
    ("search", "query"),
    ("lookup", "words"),
    ("find_article", "topic"),
    ("wiki", "name"),
    ("search_web", "query"),
)
CHINESE_SEARCHES = (("搜索", "关键词"), ("查资料", "词条"), ("search", "query"), ("查百科", "名称"), ("lookup", "内容"))
ABOUT = (
    "Look a thing up.",
    "Find an article.",
    "Search the encyclopedia.",
    "An article about a name.",
    "Search for facts.",
)
CHINESE_ABOUT = ("查资料。", "查一个词条。", "搜索百科。", "查找事实。", "按名称找文章。")
STOCKS = (
    ("stock", "sku"),
    ("inventory", "article"),
    ("in_stock", "code"),
    ("count_pieces", "item"),
    ("warehouse", "sku"),
)
CHINESE_STOCKS = (("查库存", "货号"), ("库存", "编号"), ("stock", "sku"), ("仓库", "商品"), ("inventory", "编号"))
STOCK_ABOUT = (
    "Pieces of an article that are in stock.",
    "How many pieces are left.",
    "Count what is in the warehouse.",
)
CHINESE_STOCK_ABOUT = ("查询库存。", "还剩多少件。", "仓库里的件数。")
PIECES = ("{step.result} in stock", "{step.result} pieces", "{step.result}", "There are {step.result}.")
CHINESE_PIECES = ("库存{step.result}件", "{step.result}件", "{step.result}", "还有{step.result}个")
FINISHES = (("finish", "answer"), ("done", "answer"), ("answer", "text"), ("reply", "text"))
LABELS = (
    ("Thought: ", "Action: "),
    ("Thought: ", "Action: "),
    ("Think: ", "Act: "),
    ("Reason: ", "Call: "),
    ("", "Action: "),
)
CHINESE_LABELS = (("思考:", "行动:"), ("想法:", "调用:"), ("Thought: ", "Action: "), ("", "行动:"))


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


@lru_cache(maxsize=600)
def loop(number: int, *, chinese: bool, held_out: bool) -> Loop:
    """One program, built from parts."""
    draw = Draw(f"react/{number}/{chinese}", held_out=held_out)
    tidy = facts.wide if chinese and draw.chance(0.6) else str
    order = tidy(draw.of(CHINESE_ORDERS if chinese else ORDERS))
    search = draw.any(CHINESE_SEARCHES if chinese else SEARCHES)
    stock = draw.any(CHINESE_STOCKS if chinese else STOCKS)
    finish = draw.any(FINISHES)
    pieces = draw.any(CHINESE_PIECES if chinese else PIECES) if draw.chance(0.6) else ""
    article = draw.chance(0.5)
    about = draw.any(CHINESE_ABOUT if chinese else ABOUT)
    stock_about = draw.any(CHINESE_STOCK_ABOUT if chinese else STOCK_ABOUT)
    thought, action = draw.any(CHINESE_LABELS if chinese else LABELS)
    thought, action = tidy(thought), tidy(action)
    result = draw.any(("{step.result.title}: {step.result.text}", "{step.result.text}", "{step.result}"))
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
    described = f"{{describe({names})}}"
    asked = tidy("问题:" if chinese else draw.any(("Question: ", "Task: ", "")))
    if draw.chance(0.35):
        opening = [f'    system: "{order}\\n{described}"', f'    user: "{asked}{{question}}"']
    else:
        opening = [f'    user: "{order}\\n{described}\\n\\n{asked}{{question}}"']
    members = names.replace(", ", " | ")
    body = [f"    loop max {draw.number(4, 8)}:", "        assistant:"]
    if thought:
        body += [f'            "{thought}{{gen thought: str with stop="\\n", max_tokens=48}}\\n"']
    body += [
        f'            "{action}{{call step: {members} | {finish[0]}({finish[1]}: str) with max_tokens=96}}"',
        "        match step:",
        f"            case {finish[0]}: return step.{finish[1]}",
        f'            case {search[0]}: tool: "{result if article else draw.any(("{step.result}", "Result: {step.result}"))}"',
    ]
    if pieces:
        body += [f'            case {stock[0]}: tool: "{pieces}"']
    source = [*head, *tools, "def solve(question: str) -> str:", *opening, *body, '    fail "no answer"', ""]
    return Loop(written("\n".join(source)), "solve", "question", search, stock, finish, pieces, article)
