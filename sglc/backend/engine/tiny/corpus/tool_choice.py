"""Choosing a tool and its arguments: questions against random sets of tools, in written programs."""

from __future__ import annotations

import json
import re
from functools import lru_cache, partial
from typing import Any

import msgspec

from sglc.backend.engine.tiny.corpus import facts, slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.programs import Source, written
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.backend.engine.tiny.corpus.tool_specs import Tool, catalogue, made_tools
from sglc.backend.engine.tiny.corpus.tool_values import Said, default, said
from sglc.ir.decode import to_json

PROGRAMS = 1500
"""Written programs of a language for training; the evaluation has a fourth as many of its own."""

FINISH = (
    *(("finish", "answer"), ("answer", "text"), ("done", "answer"), ("reply", "text"), ("finish", "text")),
    *(("respond", "answer"), ("say", "text"), ("finish", "result"), ("finish", "reply"), ("end", "answer")),
    *(("no_tool", "answer"), ("talk", "message"), ("done", "text"), ("reply", "message"), ("final", "answer")),
    *(("answer_user", "text"), ("tell", "words"), ("speak", "text"), ("chat", "reply"), ("close", "message")),
)
HELLO, BYE = "Hello. How can I help you?", "You are welcome."
CHINESE_HELLO, CHINESE_BYE = "你好,有什么可以帮您?", "不客气。"
NO_TOOL = "I have no tool for that."
CHINESE_NO_TOOL = "我没有合适的工具。"


NEAR: tuple[set[str], ...] = (
    {"remind", "alarm", "timer", "create_event"},
    {"flights", "route", "hotels"},
    {"stock", "price", "add_to_cart"},
    {"stock", "track", "cancel", "refund", "change_address"},
    {"read_file", "run_query"},
    {"read_file", "write_file", "copy_file", "delete_file"},
    {"create_user", "delete_user"},
    {"light", "heating"},
    {"send_mail", "text_message"},
    {"call_person", "find_contact"},
    {"text_message", "call_person"},
    {"refund", "transfer"},
    {"transfer", "log_expense"},
    {"add_to_cart", "shopping_list"},
    {"shopping_list", "add_note"},
    {"add_note", "write_file"},
    {"add_note", "remind"},
    {"create_event", "agenda"},
    {"convert", "convert_length"},
    {"translate", "define"},
    {"define", "search"},
    {"search", "news"},
    {"read_file", "open_page"},
    {"flights", "flight_status"},
    {"track", "flight_status"},
    {"taxi", "route"},
    {"nearby", "route"},
    {"nearby", "hotels"},
    {"tickets", "book_table"},
    {"tickets", "add_to_cart"},
    {"run_device", "light"},
    {"run_device", "timer"},
    {"run_device", "alarm"},
    {"light", "lock_door"},
    {"population", "search"},
    {"age", "search"},
    {"time_in", "weather"},
    {"calculate", "convert_length"},
    {"delete_file", "delete_user"},
)
"""First names of tools near enough that one may be called for a question that means another one: never in one program."""


class ToolSet(msgspec.Struct, frozen=True):
    """A program, the tools in it, and those that it lacks. `finish`: its argument, empty where there is no finish."""

    program: Source
    parameter: str
    tools: tuple[Tool, ...]
    others: tuple[Tool, ...]
    finish: tuple[str, str] | None
    thought: bool


def declaration(draw: Draw, tool: Tool, name: str, names: tuple[str, ...]) -> str:
    """The source of a tool; descriptions may be left out."""
    about = draw.chance(0.85)
    params = []
    for param, label in zip(tool.params, names, strict=True):
        words = f' "{draw.any(param.about)}"' if draw.chance(0.7) else ""
        params.append(f"{label}: {param.type}{words}")
    end = f' "{draw.any(tool.about)}"' if about else ""
    return f'tool {name}({", ".join(params)}) -> str{end}:\n    http GET "{{env.API}}/{len(name)}"\n'


def chosen(draw: Draw, tool: Tool) -> Tool:
    """The tool with one of its names, and one for each argument."""
    names: list[str] = []
    for param in tool.params:
        names.append(draw.any([name for name in param.names if name not in names] or ["more"]))
    params = [msgspec.structs.replace(p, names=(name,)) for p, name in zip(tool.params, names, strict=True)]
    return msgspec.structs.replace(tool, names=(draw.any(tool.names),), params=tuple(params))


@lru_cache(maxsize=2 * (PROGRAMS + PROGRAMS // 4))
def tool_set(number: int, *, chinese: bool, held_out: bool) -> ToolSet:
    """One program with 2 to 5 tools."""
    draw = Draw(f"tools/{number}/{chinese}", held_out=held_out)
    count = draw.any((2, 2, 3, 3, 4, 5))
    if draw.chance(0.4):
        pool = made_tools(draw, count + 2, chinese=chinese)
    else:
        pool = draw.shuffled(catalogue(chinese=chinese))
        first: list[Tool] = []
        for tool in pool:
            if len(first) < count and not any(_are_near(tool, other) for other in first):
                first.append(tool)
        pool = [*first, *(tool for tool in pool if tool not in first)][: count + 12]
    tools = _apart([chosen(draw, tool) for tool in pool[:count]])
    general = any(tool.takes("topic") for tool in tools)
    finish = draw.any(FINISH) if draw.chance(0.6) else None
    finish = None if finish and finish[0] in {t.names[0] for t in tools} else finish
    thought = draw.chance(0.25)
    parameter = draw.any(("question", "request", "message"))
    program = written(_source(draw, tools, finish, parameter, thought=thought, chinese=chinese))
    others = tuple(
        t for t in pool[count:] if not t.takes("topic") and not any(_are_near(t, other) for other in pool[:count])
    )
    others = () if general or len(pool) < 10 else others
    return ToolSet(program, parameter, tuple(tools), others, finish, thought)


def _are_near(one: Tool, other: Tool) -> bool:
    return any(one.names[0] in group and other.names[0] in group for group in NEAR)


def _apart(tools: list[Tool]) -> list[Tool]:
    """Only one tool of each name."""
    return list({tool.names[0]: tool for tool in tools}.values())


def _source(
    draw: Draw, tools: list[Tool], finish: tuple[str, str] | None, question: str, *, thought: bool, chinese: bool
) -> str:
    tidy = facts.wide if chinese and draw.chance(0.6) else str
    ending = ".zh" if chinese else ""
    order = tidy(draw.of(slots.listed(f"tool_orders{ending}")))
    asked = tidy(draw.of(slots.listed(f"tool_asked{ending}"))) if draw.chance(0.8) else ""
    names = [tool.names[0] for tool in tools]
    described = "{describe(" + ", ".join(names) + ")}"
    members = [*names, *([f"{finish[0]}({finish[1]}: str)"] if finish else [])]
    call = "{call step: " + " | ".join(members) + draw.any((" with max_tokens=160}", " with max_tokens=200}"))
    before = (
        'Thought: {gen thought: str with stop="\\n", max_tokens=48}\\nAction: '
        if thought
        else draw.any(("", "", "Action: "))
    )
    if draw.chance(0.3):
        said_ = [f'    system: "{order}\\n{described}"', f'    user: "{asked}{{{question}}}"']
    elif draw.chance(0.8):
        said_ = [f'    user: "{order}\\n{described}\\n\\n{asked}{{{question}}}"']
    else:
        said_ = [f'    user: "{asked}{{{question}}}\\n\\n{order}\\n{described}"']
    ends = ["    match step:"]
    ends += [f"        case {finish[0]}: return step.{finish[1]}"] if finish else []
    ends += [f"        case {' | '.join(names)}: return step.result"]
    tools_source = "\n".join(declaration(draw, t, t.names[0], tuple(p.names[0] for p in t.params)) for t in tools)
    head = f"\n\ndef choose({question}: str) -> str:"
    return "\n".join([tools_source, head, *said_, f'    assistant: "{before}{call}"', *ends, ""])


_VOWELS = ("a", "e", "i", "o", "um")
_ARTICLE = re.compile(r"\ba \{(?=(\d))")


def _other_than(words: list[str], draw: Draw, maker: str, type_: str, *, chinese: bool) -> Said:
    """An argument whose words are not those of another one: nobody travels from a city to the same city."""
    for _ in range(50):
        text, value = said(draw, maker, type_, chinese=chinese)
        if text not in words:
            return text, value
    raise ValueError(f"all arguments of {maker} are alike")


def asked(draw: Draw, tool: Tool, *, chinese: bool) -> tuple[str, dict[str, Any]]:
    """A question for a tool, and the arguments that it means."""
    template = draw.of(tool.questions)
    words: list[str] = []
    args: dict[str, Any] = {}
    for at, param in enumerate(tool.params):
        text, value = _other_than(words, draw, param.maker, param.type, chinese=chinese)
        words.append(text)
        args[param.names[0]] = value if f"{{{at}}}" in template else default(param.type)
    for key, word in tool.fill:
        template = template.replace(key, word)
    if not chinese:
        template = _ARTICLE.sub(lambda m: "an {" if words[int(m[1])].startswith(_VOWELS) else "a {", template)
    text = template.format(*words).strip()
    return text[0].upper() + text[1:] if template[0] != "{" else text, args


def choice(draw: Draw, *, chinese: bool) -> Case:
    """One question to a random set of tools."""
    number = draw.number(PROGRAMS, PROGRAMS * 5 // 4) if draw.held_out else draw.number(0, PROGRAMS - 1)
    form = tool_set(number, chinese=chinese, held_out=draw.held_out)
    direct = _direct(draw, form, chinese=chinese) if form.finish and draw.chance(0.12) else None
    if direct and form.finish:
        question, answer = direct
        name, args = form.finish[0], {form.finish[1]: answer}
        wanted: Any = answer
        thought = "不需要工具。" if chinese else "I need no tool."
    else:
        tool = draw.any(form.tools)
        question, args = asked(draw, tool, chinese=chinese)
        before = draw.of(slots.listed("tool_before.zh" if chinese else "tool_before")) if draw.chance(0.5) else ""
        first = question.split(" ")[0].rstrip(",.:?")
        if (
            before.endswith(", ")
            and first.partition("'")[0] != "I"
            and not any(first in str(value) for value in args.values())
        ):
            question = question[0].lower() + question[1:]
        question = facts.wide(before) + question if chinese else before + question
        name, wanted = tool.names[0], [tool.names[0], args]
        thought = f"我应该用{name}。" if chinese else f"I should use {name}."
    return Case(
        program=form.program,
        function="choose",
        args={form.parameter: question},
        teacher=lambda path, told: thought if path.endswith("thought") else to_json({"name": name, "arguments": args}),
        check=lambda value: value == wanted or _read(value) == wanted,
        tools=lambda used, given: to_json([used, given]),
    )


def _read(value: Any) -> Any:
    """What the tools of a case gave, as [name, arguments]."""
    try:
        return json.loads(value)
    except ValueError:
        return None


def _direct(draw: Draw, form: ToolSet, *, chinese: bool) -> tuple[str, str]:
    """What needs no tool: a greeting, thanks, or what no tool of the program does."""
    ending = ".zh" if chinese else ""
    roll = draw.random.random()
    if roll < 0.35 and form.others:
        question, _ = asked(draw, draw.any(form.others), chinese=chinese)
        answer = CHINESE_NO_TOOL if chinese else NO_TOOL
    elif roll < 0.6 and not any(tool.takes("topic") for tool in form.tools):
        question, answer = draw.of(slots.listed(f"no_tool{ending}")), CHINESE_NO_TOOL if chinese else NO_TOOL
    elif roll < 0.8:
        question, answer = draw.of(slots.listed(f"hello{ending}")), CHINESE_HELLO if chinese else HELLO
    else:
        question, answer = draw.of(slots.listed(f"thank_you{ending}")), CHINESE_BYE if chinese else BYE
    return (facts.wide(question), facts.wide(answer)) if chinese else (question, answer)


TASKS = (
    Task("tool_choice", "choice", "en", partial(choice, chinese=False), 5.0),
    Task("tool_choice_zh", "choice", "zh", partial(choice, chinese=True), 4.0),
)
