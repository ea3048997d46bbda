"""The tools that questions choose from: those of lists/tools.txt, and made-up ones that read and set some quantity."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import msgspec

from sglc.backend.engine.tiny.corpus import facts, slots
from sglc.backend.engine.tiny.corpus.draw import Draw


class Param(msgspec.Struct, frozen=True):
    """`type`: with the default, as it stands in a program; `maker`: of its values."""

    names: tuple[str, ...]
    type: str
    about: tuple[str, ...]
    maker: str


class Tool(msgspec.Struct, frozen=True):
    """`questions` hold `{0}`, `{1}` for the arguments; `fill`: more slots of theirs with what they become."""

    names: tuple[str, ...]
    about: tuple[str, ...]
    params: tuple[Param, ...]
    questions: tuple[str, ...]
    fill: tuple[tuple[str, str], ...] = ()

    def takes(self, maker: str) -> bool:
        return any(param.maker == maker for param in self.params)


@lru_cache(maxsize=4)
def catalogue(*, chinese: bool) -> tuple[Tool, ...]:
    """lists/tools.txt: `# names | descriptions`, `@ names | type | descriptions | maker`, `? questions`."""
    found: list[Tool] = []
    text = (Path(__file__).parent / "lists" / f"tools{'.zh' if chinese else ''}.txt").read_text("utf-8")
    for line in text.splitlines():
        mark, _, rest = line.partition(" ")
        first, *more = rest.split(" | ")
        if mark == "#":
            found.append(Tool(tuple(first.split(", ")), tuple(more), (), ()))
        elif mark == "@":
            type_, about, maker = more
            param = Param(tuple(first.split(", ")), type_.replace(" or ", " | "), tuple(about.split("; ")), maker)
            found[-1] = msgspec.structs.replace(found[-1], params=(*found[-1].params, param))
        else:
            found[-1] = msgspec.structs.replace(found[-1], questions=(*found[-1].questions, *line.split(" | ")))
    return tuple(found)


class Operation(msgspec.Struct, frozen=True):
    """`questions`: the list of them; `value`: whether a call tells one; `counts`: only for what can be more or less."""

    verbs: tuple[str, ...]
    about: tuple[str, ...]
    questions: str
    value: bool = False
    counts: bool = False


_OPERATIONS = (
    Operation(
        ("get", "read", "show", "check", "look_up", "fetch"),
        ("The {noun} of a {obj}.", "Read the {noun}.", "Look up the {noun} of a {obj}.", "What the {noun} is now."),
        "tools_read",
    ),
    Operation(
        ("set", "change", "update", "put", "edit", "store"),
        ("Set the {noun} of a {obj}.", "Change the {noun}.", "Give a {obj} a new {noun}.", "Store another {noun}."),
        "tools_set",
        value=True,
    ),
    Operation(
        ("delete", "remove", "clear", "drop", "erase", "unset"),
        ("Delete the {noun} of a {obj}.", "Remove the {noun}.", "Clear the {noun}.", "Erase the {noun} of a {obj}."),
        "tools_clear",
    ),
    Operation(
        ("raise", "increase", "add_to", "step_up"),
        ("Raise the {noun} by so much.", "Increase the {noun} of a {obj}.", "Add to the {noun}."),
        "tools_raise",
        value=True,
        counts=True,
    ),
    Operation(
        ("lower", "decrease", "reduce", "step_down"),
        ("Lower the {noun} by so much.", "Decrease the {noun} of a {obj}.", "Take from the {noun}."),
        "tools_lower",
        value=True,
        counts=True,
    ),
    Operation(
        ("history_of", "past", "list_old", "log_of"),
        ("All earlier values of the {noun}.", "How the {noun} of a {obj} changed.", "The history of the {noun}."),
        "tools_history",
    ),
    Operation(
        ("watch", "monitor", "follow", "notify_about"),
        ("Send a message when the {noun} changes.", "Watch the {noun} of a {obj}.", "Follow the {noun} from now on."),
        "tools_watch",
    ),
)
_OPERATIONS_ZH = (
    Operation(
        ("查询", "读取", "查", "获取"), ("{obj}的{noun}。", "查询{noun}。", "读取{obj}的{noun}。"), "tools_read.zh"
    ),
    Operation(
        ("设置", "修改", "更新", "改"),
        ("设置{obj}的{noun}。", "修改{noun}。", "更新{obj}的{noun}。"),
        "tools_set.zh",
        value=True,
    ),
    Operation(
        ("删除", "清除", "去掉", "清空"),
        ("删除{obj}的{noun}。", "清除{noun}。", "去掉{obj}的{noun}。"),
        "tools_clear.zh",
    ),
    Operation(
        ("提高", "增加", "调高"),
        ("把{noun}提高多少。", "增加{obj}的{noun}。", "调高{noun}。"),
        "tools_raise.zh",
        value=True,
        counts=True,
    ),
    Operation(
        ("降低", "减少", "调低"),
        ("把{noun}降低多少。", "减少{obj}的{noun}。", "调低{noun}。"),
        "tools_lower.zh",
        value=True,
        counts=True,
    ),
    Operation(
        ("历史", "变化记录", "查历史"),
        ("{noun}的历史。", "{obj}的{noun}以前的值。", "{noun}的变化记录。"),
        "tools_history.zh",
    ),
    Operation(
        ("监控", "关注", "订阅"), ("{noun}变化时通知。", "监控{obj}的{noun}。", "关注{noun}的变化。"), "tools_watch.zh"
    ),
)
_IDS = ("id", "name", "number", "key", "which", "code", "ref", "label")
_IDS_ZH = ("编号", "名称", "号码", "代号", "标识")
_VALUES = ("value", "to", "new_value", "setting")
_STEPS = ("by", "amount", "step", "how_much")
_VALUES_ZH = ("值", "新值", "数值")
_STEPS_ZH = ("幅度", "多少", "变化量")
_CHOICE = re.compile(r"\[[^\[\]]*\]")


def _names_object(template: str) -> bool:
    """Whether it does in each of the ways to write it."""
    return "{obj}" in _CHOICE.sub("", template)


def _words(draw: Draw, name: str, count: int, *, chinese: bool) -> list[str]:
    """Different nouns of the list, many with another word in front, made-up or not; none is a part of another."""
    found: list[str] = []
    ending = ".zh" if chinese else ""
    for noun in draw.some(slots.listed(name + ending), count * 3):
        roll = draw.random.random()
        if roll < 0.15:
            maker = facts.value_of(draw, "madename", chinese=chinese)
            noun = maker + noun if chinese else f"{maker.lower()} {noun.split(' ')[-1]}"
        elif roll < 0.5:
            # Two words that exist, so that the name of a tool is read as a whole.
            first = draw.of(slots.listed(f"tools_{'sorts' if name == 'tools_objects' else 'parts'}{ending}"))
            noun = first + noun if chinese else f"{first} {noun}"
        if not any(noun in other or other in noun for other in found):
            found.append(noun)
    return found[:count]


def made_tools(draw: Draw, count: int, *, chinese: bool) -> list[Tool]:
    """Tools that do something with a quantity: near each other, since a few nouns and things are shared."""
    counted = draw.number(0, 2)
    amounts = _words(draw, "tools_amounts", counted, chinese=chinese)
    nouns = amounts + _words(draw, "tools_nouns", draw.number(0 if counted else 1, 3 - counted), chinese=chinese)
    objects = _words(draw, "tools_objects", draw.number(1, 2), chinese=chinese)
    nouns = [noun for noun in nouns if not any(noun in obj or obj in noun for obj in objects)] or ["label"]
    ways = [
        (op, noun, obj)
        for op in (_OPERATIONS_ZH if chinese else _OPERATIONS)
        for noun in nouns
        for obj in objects
        if noun in amounts or not op.counts
    ]
    ways = _clear(draw.shuffled(ways))[:count]
    # Of two things with the same quantity only the thing tells which tool is meant, so each question has to name it.
    shared = len({(op.questions, noun) for op, noun, _ in ways}) < len(ways)
    return [_made(draw, *way, shared=shared, counts=way[1] in amounts, chinese=chinese) for way in ways]


Way: TypeAlias = tuple[Operation, str, str]
"""What is done, with which quantity of which thing."""


def _clear(ways: list[Way]) -> list[Way]:
    """Without a quantity that can be both set and raised or lowered: `to 5` and `by 5` are easily mixed up."""
    first: dict[str, bool] = {}
    found = []
    for way in ways:
        if not way[0].value or first.setdefault(way[1], way[0].counts) == way[0].counts:
            found.append(way)
    return found


def _made(draw: Draw, op: Operation, noun: str, obj: str, *, shared: bool, counts: bool, chinese: bool) -> Tool:
    questions = slots.listed(op.questions)
    if shared:
        questions = tuple(question for question in questions if _names_object(question))
    verb = draw.any(op.verbs)
    long = shared or draw.chance(0.3)
    if chinese:
        name = f"{verb}{obj if long else ''}{noun}"
    else:
        name = f"{verb}_{noun}{'_' + obj if long else ''}".replace(" ", "_")
    ids = _IDS_ZH if chinese else _IDS
    which = (f"{obj}的编号", f"哪个{obj}") if chinese else (f"which {obj}", f"the {obj}", f"number of the {obj}")
    params = [Param((draw.any(ids),), "str", which, draw.any(("code", "code", "nameof")))]
    if op.value:
        steps, values = (_STEPS_ZH, _VALUES_ZH) if chinese else (_STEPS, _VALUES)
        numbers = (("int", "small"), ("float", "money"))
        kind, maker = draw.any(numbers if counts else (("str", "code"), ("str", "nameof")))
        label = draw.any(steps if op.counts else values)
        about = f"新的{noun}" if chinese else f"the new {noun}"
        if op.counts:
            about = "变化多少" if chinese else "how much more or less"
        params.append(Param((label,), kind, (about,), maker))
    descriptions = tuple(text.replace("{noun}", noun).replace("{obj}", obj) for text in op.about)
    descriptions = tuple(re.sub(r"\ba (?=[aeiou])", "an ", text) for text in descriptions)
    return Tool((name,), descriptions, tuple(params), questions, (("{noun}", noun), ("{obj}", obj)))
