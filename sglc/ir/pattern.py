r"""The regex dialect of `re"..."` types: pattern text -> a small tree of character sets, sequences, choices, repeats.

The dialect is Python's, read as a whole match, less what no finite automaton has (backreferences) or what is not built
yet (lookaround, `\b`). `\d`, `\w`, `\s` and `(?i)` mean ASCII, as in JSON Schema; `.` is any character but a line feed.
Groups only group, lazy quantifiers mean the same as greedy ones, and `^` and `$` may stand where they are always true.
"""

from __future__ import annotations

import re
from typing import TypeAlias

import msgspec

from sglc.ir import charset
from sglc.ir.charset import Ranges
from sglc.ir.pattern_chars import CharReader, PatternError

__all__ = ["EMPTY", "Chars", "Choice", "Pattern", "PatternError", "Repeat", "Sequence", "parse_pattern"]

MAX_LENGTH = 10_000
MAX_NESTING = 100
MAX_COUNT = 10_000
MAX_POSITIONS = 20_000
"""Most characters that a pattern may spell once its counted repeats are written out."""


class _Node(msgspec.Struct, frozen=True):
    pass


class Chars(_Node, frozen=True, tag=True):
    """One character of a set; the empty set matches nothing."""

    ranges: Ranges


class Sequence(_Node, frozen=True, tag=True):
    """One part after the other; no parts match the empty text."""

    parts: tuple[Pattern, ...]


class Choice(_Node, frozen=True, tag=True):
    options: tuple[Pattern, ...]


class Repeat(_Node, frozen=True, tag=True):
    """`min` to `max` times (None: no upper bound)."""

    item: Pattern
    min: int
    max: int | None


Pattern: TypeAlias = Chars | Sequence | Choice | Repeat

EMPTY = Sequence(())


def parse_pattern(text: str) -> Pattern:
    """The tree of a pattern; raises PatternError, and nothing else, for every text that is none."""
    if len(text) > MAX_LENGTH:
        raise PatternError(f"pattern of {len(text)} characters, at most {MAX_LENGTH} are allowed", 0, len(text))
    return _Parser(text).parse()


def sequence(parts: list[Pattern]) -> Pattern:
    flat = [inner for part in parts for inner in (part.parts if isinstance(part, Sequence) else (part,))]
    return flat[0] if len(flat) == 1 else Sequence(tuple(flat))


def choice(options: list[Pattern]) -> Pattern:
    """Alternatives without duplicates; single characters among them become one set."""
    kept: dict[Pattern, None] = {}
    sets = [option.ranges for option in options if isinstance(option, Chars)]
    if sets:
        kept[Chars(charset.union(*sets))] = None
    kept.update((option, None) for option in options if not isinstance(option, Chars))
    return next(iter(kept)) if len(kept) == 1 else Choice(tuple(kept))


def repeat(item: Pattern, low: int, high: int | None) -> Pattern:
    """A repeat; a repeat of a repeat becomes one wherever the counts that it allows have no gap."""
    if high == 0 or item == EMPTY:
        return EMPTY
    if low == high == 1:
        return item
    if isinstance(item, Repeat) and _no_gap(item, low, high):
        return Repeat(item.item, low * item.min, None if high is None or item.max is None else high * item.max)
    return Repeat(item, low, high)


def _no_gap(item: Repeat, low: int, high: int | None) -> bool:
    """Whether k rounds of a to b, for k from low to high, are all counts from low * a to high * b."""
    if low == high or item.min <= 1:
        return True
    # k rounds reach k * b, the next round starts at (k + 1) * a; the gap between them is widest at k = low.
    return low > 0 and (item.max is None or item.min - 1 <= low * (item.max - item.min))


class _Part(msgspec.Struct):
    """What was parsed: the node, how many characters it spells, and where an anchor inside it stands."""

    node: Pattern
    size: int
    caret: int | None = None
    dollar: int | None = None


_FLAGS = re.compile(r"\(\?([a-zA-Z-]+)\)")
_COUNT = re.compile(r"\{([0-9]*)(,?)([0-9]*)\}")
_BROKEN_COUNT = re.compile(r"\{,?[0-9][0-9,;.-]{0,12}\}?")
_GROUP_NAME = re.compile(r"\(\?P?<([^<>()]*)>")
_REFUSED_FLAGS = {
    "m": "(?m) would let `^` and `$` match inside the text",
    "x": "(?x) is not part of the dialect",
    "u": "`\\d`, `\\w` and `\\s` always mean ASCII",
    "L": "(?L) depends on the machine's locale",
}
_REFUSED_GROUPS = (
    ("(?=", "lookahead `(?=...)` is not supported"),
    ("(?!", "negative lookahead `(?!...)` is not supported"),
    ("(?<=", "lookbehind `(?<=...)` is not supported"),
    ("(?<!", "negative lookbehind `(?<!...)` is not supported"),
    ("(?>", "atomic group `(?>...)` is not supported: it depends on the order of a backtracking search"),
    ("(?(", "conditional group `(?(...)...)` is not supported"),
    ("(?P=", "backreference `(?P=...)` is not supported: no finite automaton can check it"),
    ("(?P>", "recursion `(?P>...)` is not supported: no finite automaton can check it"),
    ("(?R", "recursion `(?R)` is not supported: no finite automaton can check it"),
    ("(?#", "a comment `(?#...)` is not part of the dialect"),
)


_CHECK = "leave it out, and check the text with `ensure`"
_REFUSED_HINTS = {
    "(?>": "write `(?:...)`",
    "(?(": "write the alternatives out: `(a|b)`",
    "(?#": "remove it; comments stand behind `#`, outside of the pattern",
}


class _Parser(CharReader):
    def __init__(self, text: str) -> None:
        super().__init__(text)
        self.depth = 0
        self.names: set[str] = set()

    def parse(self) -> Pattern:
        self._flags()
        part = self._choice(at_start=True)
        if self.at < len(self.text):
            raise PatternError("`)` without an opening `(`", self.at, hint="write `\\)` for the character")
        return part.node

    def _flags(self) -> None:
        while found := _FLAGS.match(self.text, self.at):
            for offset, flag in enumerate(found[1], found.start(1)):
                if flag not in "isa":
                    message = _REFUSED_FLAGS.get(flag, f"unknown flag `{flag}`")
                    raise PatternError(message, offset, hint="use only `(?i)` and `(?s)`, at the start")
            self.ignore_case |= "i" in found[1]
            self.dot_all |= "s" in found[1]
            self.at = found.end()

    # --- structure ---------------------------------------------------------------------------------------------------

    def _choice(self, at_start: bool) -> _Part:
        start = self.at
        parts = [self._sequence(at_start)]
        while self.peek() == "|":
            self.at += 1
            parts.append(self._sequence(at_start))
        if len(parts) == 1:
            return parts[0]
        size = sum(part.size for part in parts)
        self._check_size(size, start)
        return _Part(
            choice([part.node for part in parts]),
            size,
            next((part.caret for part in parts if part.caret is not None), None),
            next((part.dollar for part in parts if part.dollar is not None), None),
        )

    def _sequence(self, at_start: bool) -> _Part:
        whole = _Part(EMPTY, 0)
        nodes: list[Pattern] = []
        while (char := self.peek()) and char not in "|)":
            start = self.at
            if anchor := self._anchor():
                if anchor == "^" and not at_start:
                    raise _misplaced("^", start, self.at - start)
                whole.caret = start if anchor == "^" else whole.caret
                whole.dollar = start if anchor == "$" else whole.dollar
                continue
            if whole.dollar is not None:
                raise _misplaced("$", whole.dollar, 1)
            part = self._quantified(self._atom(at_start), start)
            at_start = False
            nodes.append(part.node)
            whole.caret = part.caret if whole.caret is None else whole.caret
            whole.dollar = part.dollar
            whole.size += part.size
            self._check_size(whole.size, start)
        whole.node = sequence(nodes)
        return whole

    def _anchor(self) -> str:
        """Skips an anchor and says which: `^` (also written \\A), `$` (also \\Z), or nothing."""
        for spelled, anchor in (("^", "^"), ("\\A", "^"), ("$", "$"), ("\\Z", "$")):
            if self.text.startswith(spelled, self.at):
                self.at += len(spelled)
                if self.peek() in ("*", "+", "?") or self._count():
                    hint = f"drop the quantifier, or write `\\{anchor}` for the character"
                    raise PatternError(f"`{spelled}` cannot be repeated", self.at - len(spelled), len(spelled), hint)
                return anchor
        return ""

    def _quantified(self, part: _Part, start: int) -> _Part:
        quantifier = self.at
        counts = self._quantifier()
        if counts is None:
            return part
        low, high = counts
        if self.peek() == "+":
            message = "a possessive quantifier is not supported: it depends on the order of a backtracking search"
            raise PatternError(message, quantifier, self.at + 1 - quantifier, "drop the second `+`")
        if self.peek() == "?":  # Lazy: a whole match does not care which way the search prefers.
            self.at += 1
        if self.peek() in ("*", "+", "?") or self._count():
            raise PatternError("a quantifier after a quantifier", self.at, hint="put the first one into a group")
        for sign, anchor in (("^", part.caret), ("$", part.dollar)):
            if anchor is not None and high != 1:
                raise _misplaced(sign, anchor, 1)
        part.size *= max(1, low) if high is None else high
        self._check_size(part.size, start)
        part.node = repeat(part.node, low, high)
        return part

    def _quantifier(self) -> tuple[int, int | None] | None:
        simple: dict[str, tuple[int, int | None]] = {"*": (0, None), "+": (1, None), "?": (0, 1)}
        char = self.peek()
        if char in simple:
            self.at += 1
            return simple[char]
        found = self._count()
        if not found:
            return None
        low, high = int(found[1] or 0), int(found[3]) if found[3] else None
        if not found[2]:
            high = low
        if max(low, high or 0) > MAX_COUNT:
            raise PatternError(f"a count over {MAX_COUNT}", self.at, len(found[0]), "use `*` or a smaller count")
        if high is not None and high < low:
            hint = f"write {{{high},{low}}}"
            raise PatternError(f"the counts are reversed: {low} > {high}", self.at, len(found[0]), hint)
        self.at = found.end()
        return low, high

    def _count(self) -> re.Match[str] | None:
        """A `{m}`, `{m,}`, `{,n}`, `{,}` or `{m,n}` here; other braces are characters."""
        found = _COUNT.match(self.text, self.at)
        if not found or found[0] == "{}":
            return None
        if len(found[1]) > 9 or len(found[3]) > 9:
            raise PatternError(f"a count over {MAX_COUNT}", self.at, len(found[0]), "use `*` or a smaller count")
        return found

    def _check_size(self, size: int, start: int) -> None:
        if size > MAX_POSITIONS:
            message = f"the repeats multiply to {size} characters, at most {MAX_POSITIONS} are allowed"
            raise PatternError(message, start, self.at - start, "use smaller counts, or `*` where no bound is needed")

    # --- atoms -------------------------------------------------------------------------------------------------------

    def _atom(self, at_start: bool) -> _Part:
        char = self.peek()
        if char == "(":
            return self._group(at_start)
        if char in "*+?" or (char == "{" and self._count()):
            raise PatternError(
                f"nothing before `{char}` to repeat", self.at, hint=f"write `\\{char}` for the character"
            )
        if found := _BROKEN_COUNT.match(self.text, self.at):
            count = ",".join(re.findall("[0-9]+", found[0])[:2])
            hint = f"write {{{count}}}, or `\\{{` for the character"
            raise PatternError(f"`{found[0]}` is no count", self.at, len(found[0]), hint)
        return _Part(Chars(self.one_of()), 1)

    def _group(self, at_start: bool) -> _Part:
        start = self.at
        self._group_opening()
        self.depth += 1
        if self.depth > MAX_NESTING:
            raise PatternError(f"groups nest deeper than {MAX_NESTING}", start)
        part = self._choice(at_start)
        if self.peek() != ")":
            raise PatternError("`(` is never closed", start, hint="add `)`, or write `\\(` for the character")
        self.depth -= 1
        self.at += 1
        return part

    def _group_opening(self) -> None:
        text, start = self.text, self.at
        if not text.startswith("(?", start):
            self.at += 1
            return
        if text.startswith("(?:", start):
            self.at += 3
            return
        for opening, reason in _REFUSED_GROUPS:
            if text.startswith(opening, start):
                raise PatternError(reason, start, len(opening), _REFUSED_HINTS.get(opening, _CHECK))
        named = _GROUP_NAME.match(text, start)
        if not named:
            hint = "put `(?i)` and `(?s)` at the start" if re.match(r"\(\?[a-zA-Z-]+[:)]", text[start:]) else ""
            raise PatternError("unknown kind of group", start, min(3, len(text) - start), hint or "use `(...)`")
        name = named[1]
        if not name.isidentifier() or name in self.names:
            problem = "used twice" if name in self.names else "not an identifier"
            hint = "leave the name out: groups only group"
            raise PatternError(f"group name `{name}` is {problem}", named.start(1), max(1, len(name)), hint)
        self.names.add(name)
        self.at = named.end()


def _misplaced(anchor: str, offset: int, length: int) -> PatternError:
    where = "start" if anchor == "^" else "end"
    hint = f"drop it: the pattern always matches the whole text (write `\\{anchor}` for the character)"
    return PatternError(f"`{anchor}` stands where it is not the {where} of the text", offset, length, hint)
