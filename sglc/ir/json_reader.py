"""Reads JSON text and keeps where everything stands: text -> tree of Nodes with character offsets.

Stricter than most readers: no key twice in one object, no lone surrogates, no NaN, nesting at most MAX_DEPTH.
"""

from __future__ import annotations

import re
from typing import Any, TypeAlias

import msgspec

MAX_DEPTH = 64

_BLANK = re.compile(r"[ \t\n\r]*")
_STRING = re.compile(r'"(?:[^"\\\x00-\x1f]+|\\(?:["\\/bfnrt]|u[0-9a-fA-F]{4}))*+"')
_NUMBER = re.compile(r"-?(?:0|[1-9][0-9]*)(?:\.[0-9]+)?(?:[eE][+-]?[0-9]+)?(?![0-9A-Za-z.+-])")
_WORD = re.compile(r"true|false|null")


class Member(msgspec.Struct):
    """One `"key": value` of an object; the offset and length are those of the key as it is written."""

    offset: int
    length: int
    node: Node


Content: TypeAlias = "str | int | float | bool | list[Node] | dict[str, Member] | None"


class Node(msgspec.Struct):
    """A JSON value and where it is written; `content` is plain for scalars."""

    offset: int
    length: int
    content: Content

    @property
    def value(self) -> Any:
        """The value as plain Python."""
        if isinstance(self.content, list):
            return [node.value for node in self.content]
        if isinstance(self.content, dict):
            return {key: member.node.value for key, member in self.content.items()}
        return self.content


class JsonError(Exception):
    """A text is not JSON; `hint` says what to write where that is known."""

    def __init__(self, message: str, offset: int, length: int = 1, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.offset, self.length, self.hint = message, offset, length, hint


def read_json(text: str) -> Node:
    """The tree of a JSON text; raises JsonError, and nothing else, for every text that is none."""
    reader = _Reader(text)
    node = reader.value(depth=0)
    reader.skip_blanks()
    if reader.at < len(text):
        raise JsonError("expected the end of the file", reader.at)
    return node


class _Reader:
    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0

    def skip_blanks(self) -> str:
        """Moves to the next character that means something and returns it."""
        found = _BLANK.match(self.text, self.at)
        self.at = found.end() if found else self.at
        return self.text[self.at : self.at + 1]

    def value(self, depth: int) -> Node:
        char = self.skip_blanks()
        start = self.at
        content: Content
        if char in ("{", "["):
            if depth >= MAX_DEPTH:
                raise JsonError(f"nested deeper than {MAX_DEPTH} levels", start)
            content = self._object(depth) if char == "{" else self._array(depth)
        elif char == '"':
            content = self._string()
        else:
            content = self._scalar()
        return Node(start, self.at - start, content)

    def _object(self, depth: int) -> dict[str, Member]:
        start = self.at
        self.at += 1
        members: dict[str, Member] = {}
        if self.skip_blanks() == "}":
            self.at += 1
            return members
        while True:
            if self.skip_blanks() != '"':
                raise self._expected('a key in `"`')
            key_at = self.at
            key = self._string()
            length = self.at - key_at
            if key in members:
                message = f"the key {self.text[key_at : self.at]} stands twice in one object"
                raise JsonError(message, key_at, length, "keep one of the two")
            if self.skip_blanks() != ":":
                raise self._expected("`:`")
            self.at += 1
            members[key] = Member(key_at, length, self.value(depth + 1))
            if not self._more("}", start):
                return members

    def _array(self, depth: int) -> list[Node]:
        start = self.at
        self.at += 1
        items: list[Node] = []
        if self.skip_blanks() == "]":
            self.at += 1
            return items
        while True:
            items.append(self.value(depth + 1))
            if not self._more("]", start):
                return items

    def _more(self, closing: str, start: int) -> bool:
        """Steps over `,` (true) or the closing bracket (false)."""
        char = self.skip_blanks()
        if not char:
            raise JsonError(f"`{self.text[start]}` is never closed", start, hint=f"add `{closing}`")
        if char not in (",", closing):
            raise self._expected(f"`,` or `{closing}`")
        self.at += 1
        return char == ","

    def _string(self) -> str:
        found = _STRING.match(self.text, self.at)
        if not found:
            raise JsonError('a text without its closing `"`, or with a control character or a wrong escape', self.at)
        try:
            text: str = msgspec.json.decode(found[0], type=str)
        except (msgspec.DecodeError, UnicodeEncodeError):
            raise JsonError("a text with a lone surrogate", self.at, len(found[0])) from None
        self.at = found.end()
        return text

    def _scalar(self) -> int | float | bool | None:
        found = _NUMBER.match(self.text, self.at) or _WORD.match(self.text, self.at)
        if not found:
            raise self._expected("a JSON value")
        try:
            scalar: int | float | bool | None = msgspec.json.decode(found[0])
        except msgspec.DecodeError:
            raise JsonError("a number out of range", self.at, len(found[0])) from None
        self.at = found.end()
        return scalar

    def _expected(self, what: str) -> JsonError:
        char = self.text[self.at : self.at + 1]
        found = f"`{char}`" if char else "the end of the file"
        return JsonError(f"found {found}, expected {what}", self.at, hint=self._advice(char))

    def _advice(self, char: str) -> str:
        """What is most likely wrong where another character was expected."""
        if char in ("}", "]") and self.text[: self.at].rstrip().endswith(","):
            return "remove the comma in front of it: JSON allows none behind the last entry"
        if char in ('"', "{", "["):
            return "put a comma between the entries"
        if char in ("/", "#"):
            return "remove it: JSON has no comments"
        if char == "'":
            return 'write texts and keys in double quotes: "..."'
        if self.text.startswith(("True", "False", "None"), self.at):
            return "write true, false or null, in lower case"
        return 'put it in double quotes: "..."' if char.isalpha() else ""
