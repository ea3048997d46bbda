"""Textual IR -> Lark's tree, and small readings of that tree: names, strings, JSON, where something stands."""

from __future__ import annotations

import json
import re
from collections.abc import Collection
from functools import lru_cache
from importlib.resources import files
from typing import TypeAlias

from lark import Lark, Token, Tree
from lark.exceptions import UnexpectedCharacters, UnexpectedInput, UnexpectedToken

from sglc.source import Location

Parsed: TypeAlias = Tree[Token]

_BLANK_OR_STRING = re.compile(r'("(?:\\.|[^"\\])*")|\s+')
_READABLE = {"_NL": "the end of the line", "$END": "the end of the text"}


class IrTextError(Exception):
    """Text that is not textual IR; `line` and `column` count from 1."""

    def __init__(self, message: str, line: int, column: int) -> None:
        super().__init__(f"{line}:{column}: {message}")
        self.message, self.line, self.column = message, line, column


@lru_cache(maxsize=1)
def _grammar() -> Lark:
    """Built on first use: it takes half a second."""
    text = files("sglc.ir").joinpath("grammar.lark").read_text(encoding="utf-8")
    return Lark(text, parser="lalr", start=["graph", "type"], propagate_positions=True, maybe_placeholders=False)


def parse(text: str, start: str) -> Parsed:
    """The tree of a whole program (`graph`), whose last line may lack its end, or of a type (`type`)."""
    try:
        return _grammar().parse(text + "\n" if start == "graph" else text, start=start)
    except UnexpectedInput as error:
        raise _explain(error, text) from None


def _explain(error: UnexpectedInput, text: str) -> IrTextError:
    names: Collection[str]
    match error:
        case UnexpectedToken(token=token, accepts=accepts):
            found = "the end" if token.type == "$END" else f"`{str(token).strip() or 'end of line'}`"
            names = accepts or error.expected
        case UnexpectedCharacters(allowed=allowed):
            found = f"`{text[error.pos_in_stream]}`" if error.pos_in_stream is not None else "the end"
            names = allowed
        case _:
            found, names = "the end", set()
    line, column = error.line, error.column
    if found == "the end":
        line, column = text.count("\n") + 1, len(text) - text.rfind("\n")
    return IrTextError(f"unexpected {found}, expected {_listed(names)}", line, column)


def _listed(terminals: Collection[str]) -> str:
    shown = []
    for name in sorted(terminals):
        pattern = _grammar().get_terminal(name).pattern if name not in _READABLE else None
        is_word = pattern is not None and pattern.type == "str"
        shown.append(f"`{pattern.value}`" if pattern is not None and is_word else _READABLE.get(name, name.lower()))
    return " or ".join(shown) if len(shown) < 9 else ", ".join(shown[:8]) + " or others"


def error_at(message: str, tree: Parsed) -> IrTextError:
    return IrTextError(message, tree.meta.line, tree.meta.column)


def children(tree: Parsed) -> list[Parsed]:
    return [c for c in tree.children if isinstance(c, Tree)]


def tokens(tree: Parsed) -> list[Token]:
    return [c for c in tree.children if isinstance(c, Token)]


def find(tree: Parsed, *rules: str) -> Parsed | None:
    """The first child that one of the rules made."""
    return next((c for c in children(tree) if c.data in rules), None)


def child(tree: Parsed, *rules: str) -> Parsed:
    """The same where the grammar says that there is one."""
    found = find(tree, *rules)
    assert found is not None, f"`{tree.data}` has no {rules}"
    return found


def all_of(tree: Parsed, rule: str) -> list[Parsed]:
    return [c for c in children(tree) if c.data == rule]


def string(token: Token) -> str:
    try:
        return str(json.loads(token, strict=False))
    except ValueError:
        raise IrTextError(f"{token} is not a JSON string", token.line or 0, token.column or 0) from None


def word(token: Token) -> str:
    """A name, plain or quoted, without its `%` or `@`."""
    if token[:1] in "%@":
        token = token.update(value=token[1:])
    return string(token) if token.startswith('"') else str(token)


def name_of(tree: Parsed) -> str:
    """What the tree's `name` says; "" where it has none."""
    found = find(tree, "name")
    return word(tokens(found)[0]) if found else ""


def json_text(tree: Parsed, text: str) -> str:
    """Compact JSON, otherwise as it is written."""
    start, end = tree.meta.start_pos, tree.meta.end_pos
    return _BLANK_OR_STRING.sub(lambda found: found.group(1) or "", text[start:end])


def description(tree: Parsed) -> str:
    found = find(tree, "description")
    return string(tokens(found)[0]) if found else ""


def depth(tree: Parsed) -> int | None:
    found = find(tree, "depth")
    return int(tokens(found)[0]) if found else None


def location(tree: Parsed) -> Location | None:
    found = find(tree, "at")
    if found is None:
        return None
    file, line, column = tokens(found)
    return Location(string(file), int(line), int(column))
