"""The characters of a regex pattern: escapes and classes `[...]` -> sets of characters."""

from __future__ import annotations

import re

from sglc.ir import charset
from sglc.ir.charset import Ranges


class PatternError(Exception):
    """A text is not a pattern of the dialect. `offset` and `length` count the pattern's own characters."""

    def __init__(self, message: str, offset: int, length: int = 1, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.offset, self.length, self.hint = message, offset, length, hint


_CONTROLS = {"n": 10, "t": 9, "r": 13, "f": 12, "v": 11, "a": 7}
_CLASSES: dict[str, Ranges] = {"d": charset.DIGIT, "w": charset.WORD, "s": charset.SPACE}
_HEX_DIGITS = {"x": 2, "u": 4, "U": 8}
_POSIX = re.compile(r"\[:\^?[a-z]+:\]")
_PROPERTY = re.compile(r"\{([^{}]*)\}")


class CharReader:
    """Reads one character, escape or class at `at`, and moves `at` behind it."""

    def __init__(self, text: str) -> None:
        self.text, self.at = text, 0
        self.ignore_case = self.dot_all = False

    def peek(self) -> str:
        return self.text[self.at : self.at + 1]

    def one_of(self) -> Ranges:
        """The set that the next `.`, `[...]`, `\\x` or plain character stands for."""
        char = self.peek()
        if char == ".":
            self.at += 1
            return charset.ANY if self.dot_all else charset.NO_LINE_FEED
        chars = self._class() if char == "[" else self._char(in_class=False)
        return charset.fold_case(chars) if self.ignore_case else chars

    def _class(self) -> Ranges:
        start = self.at
        self.at += 1
        negated = self.peek() == "^"
        self.at += negated
        pieces: list[tuple[int, int]] = []
        first = True
        while first or self.peek() != "]":
            if not self.peek():
                raise PatternError("`[` is never closed", start, hint="add `]`, or write `\\[` for the character")
            pieces.extend(self._class_item())
            first = False
        self.at += 1
        chars = charset.ranges(pieces)
        if negated:
            return charset.negate(charset.fold_case(chars) if self.ignore_case else chars)
        return chars

    def _class_item(self) -> Ranges:
        start = self.at
        low = self._char(in_class=True)
        if self.peek() != "-" or self.text[self.at + 1 : self.at + 2] in ("]", ""):
            return low
        self.at += 1
        high = self._char(in_class=True)
        both = self.text[start : self.at]
        if _point(low) is None or _point(high) is None:
            hint = "write `\\-` for the character `-`"
            raise PatternError(f"`{both}` is no range: its ends are no single characters", start, len(both), hint)
        if low[0][0] > high[0][0]:
            raise PatternError(f"the range `{both}` is reversed", start, len(both), "swap its ends")
        return charset.ranges([(low[0][0], high[0][0])])

    def _char(self, in_class: bool) -> Ranges:
        if self.peek() == "\\":
            return self._escape(in_class)
        if in_class and _POSIX.match(self.text, self.at):
            hint = "use `\\d`, `\\w`, `\\s`, `\\p{L}` or ranges; write `\\[` for the character"
            raise PatternError("`[:...:]` is not part of the dialect", self.at, 2, hint)
        self.at += 1
        return _single(self.text[self.at - 1], self.at - 1)

    def _escape(self, in_class: bool) -> Ranges:
        start = self.at
        char = self.text[start + 1 : start + 2]
        self.at += 2
        if not char:
            raise PatternError("`\\` at the end escapes nothing", start, hint="write `\\\\` for the character")
        if char in _CONTROLS:
            return ((_CONTROLS[char],) * 2,)
        if char.lower() in _CLASSES:
            chars = _CLASSES[char.lower()]
            return chars if char.islower() else charset.negate(chars)
        if char in _HEX_DIGITS:
            return self._hexadecimal(start, _HEX_DIGITS[char])
        if char in ("p", "P"):
            return self._property(start, negated=char == "P")
        if char == "0" and self.text[self.at : self.at + 1] not in tuple("01234567"):
            return ((0, 0),)
        if char == "b" and in_class:
            return ((8, 8),)
        if char in ("b", "B"):
            hint = "leave it out: the pattern takes the whole text"
            raise PatternError(f"word boundary `\\{char}` is not supported", start, 2, hint)
        if char in "123456789" or char == "k":
            hint = "repeat the pattern, and compare the parts with `ensure`"
            raise PatternError("a backreference is not supported: no finite automaton can check it", start, 2, hint)
        if char.isascii() and char.isalnum():
            raise PatternError(f"unknown escape `\\{char}`", start, 2, "write the character, or `\\xHH`")
        return _single(char, start + 1)

    def _hexadecimal(self, start: int, digits: int) -> Ranges:
        found = re.compile(f"[0-9a-fA-F]{{{digits}}}").match(self.text, self.at)
        if not found:
            spelled = self.text[start : start + 2]
            hint = f"fill it up with zeros: `{spelled}{'41'.zfill(digits)}` is the letter A"
            raise PatternError(f"`{spelled}` needs {digits} hexadecimal digits", start, 2, hint)
        self.at = found.end()
        point = int(found[0], 16)
        if point > charset.LAST or 0xD800 <= point <= 0xDFFF:
            hint = "write the character itself, or \\U and eight digits"
            raise PatternError(f"`{self.text[start : self.at]}` is no character", start, self.at - start, hint)
        return ((point, point),)

    def _property(self, start: int, negated: bool) -> Ranges:
        found = _PROPERTY.match(self.text, self.at)
        chars = charset.category(found[1]) if found and found[1] else None
        if not found or chars is None:
            length = found.end() - start if found else 2
            hint = "use a general category such as \\p{L}, \\p{Lu} or \\p{Nd}"
            raise PatternError("unknown Unicode property", start, length, hint)
        self.at = found.end()
        return charset.negate(chars) if negated else chars


def _point(chars: Ranges) -> int | None:
    return chars[0][0] if len(chars) == 1 and chars[0][0] == chars[0][1] else None


def _single(char: str, offset: int) -> Ranges:
    if 0xD800 <= ord(char) <= 0xDFFF:
        raise PatternError("a lone surrogate is no character", offset)
    return ((ord(char), ord(char)),)
