"""Whole-text matching of a pattern: its tree becomes states, and the text walks over sets of them, never back.

Time is at most text length times pattern size (repeats written out); sets of states seen before are remembered, so a
usual text costs one look-up a character.
"""

from __future__ import annotations

from functools import lru_cache

from sglc.ir import charset
from sglc.ir.charset import Ranges
from sglc.ir.pattern import Chars, Choice, Pattern, Sequence, parse_pattern

ACCEPT = 0
_REMEMBERED = 200_000
"""States in remembered sets, together, before all are forgotten."""


def matches(pattern: str, text: str) -> bool:
    """Whether the pattern matches the text as a whole; raises PatternError like `parse_pattern`."""
    return _matcher(pattern).matches(text)


@lru_cache(maxsize=128)
def _matcher(pattern: str) -> Matcher:
    return Matcher(parse_pattern(pattern))


class Matcher:
    """The states of one pattern: each reads a character of a set and goes on, or stands for several others."""

    def __init__(self, tree: Pattern) -> None:
        self._reads: list[Ranges] = [()]
        self._after: list[int] = [ACCEPT]
        self._jumps: dict[int, tuple[int, ...]] = {}
        self._forget()
        self._start = self._closure([self._build(tree, ACCEPT)])

    def matches(self, text: str) -> bool:
        here = self._start
        for char in text:
            following = self._known.get((here, char))
            if following is None:
                following = self._step(here, char)
            here = following
            if not here:
                return False
        return ACCEPT in here

    def _forget(self) -> None:
        self._known: dict[tuple[frozenset[int], str], frozenset[int]] = {}
        self._known_size = 0

    def _step(self, here: frozenset[int], char: str) -> frozenset[int]:
        point = ord(char)
        following = self._closure([self._after[s] for s in here if charset.contains(self._reads[s], point)])
        if self._known_size > _REMEMBERED:
            self._forget()
        self._known_size += len(here) + len(following) + 1
        self._known[here, char] = following
        return following

    def _closure(self, states: list[int]) -> frozenset[int]:
        """The reading states (and ACCEPT) that the given ones stand for."""
        seen = set(states)
        waiting = list(seen)
        while waiting:
            for target in self._jumps.get(waiting.pop(), ()):
                if target not in seen:
                    seen.add(target)
                    waiting.append(target)
        return frozenset(seen.difference(self._jumps))

    # --- tree -> states, built from the end: each part knows what follows it ------------------------------------------

    def _state(self, reads: Ranges, after: int) -> int:
        self._reads.append(reads)
        self._after.append(after)
        return len(self._reads) - 1

    def _jump(self, *targets: int) -> int:
        state = self._state((), ACCEPT)
        self._jumps[state] = targets
        return state

    def _build(self, node: Pattern, after: int) -> int:
        match node:
            case Chars(ranges=ranges):
                return self._state(ranges, after)
            case Sequence(parts=parts):
                for part in reversed(parts):
                    after = self._build(part, after)
                return after
            case Choice(options=options):
                return self._jump(*[self._build(option, after) for option in options])
        if node.max is None:
            entry = self._jump()
            self._jumps[entry] = (self._build(node.item, entry), after)
        else:
            entry = after
            for _ in range(node.max - node.min):
                entry = self._jump(self._build(node.item, entry), after)
        for _ in range(node.min):
            entry = self._build(node.item, entry)
        return entry
