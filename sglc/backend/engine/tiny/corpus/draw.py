"""Random choices with a fixed held-out part: what the evaluation draws, training never saw.

Each text that can be chosen (a template, a name, a number as it is written) belongs to one side for good, by its hash.
A template may leave a choice: `[Where is|Where's] my parcel[ now|]?` is one template that is written in four ways.
"""

from __future__ import annotations

import itertools
import random
import re
import zlib
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import TypeVar

T = TypeVar("T")
_HELD_OUT = 7
"""One text in so many is held out."""
_MOST_WAYS = 2000
_CHOICE = re.compile(r"\[([^\[\]|]*\|[^\[\]]*)\]")


@lru_cache(maxsize=1_000_000)
def is_held_out(text: str) -> bool:
    return zlib.crc32(text.encode()) % _HELD_OUT == 0


def _ways(template: str) -> list[str]:
    """All ways to write a template; of one with very many the first ones."""
    if "|" not in template:
        return [template]
    parts = _CHOICE.split(template)
    choices = [part.split("|") if at % 2 else [part] for at, part in enumerate(parts)]
    return ["".join(way) for way in itertools.islice(itertools.product(*choices), _MOST_WAYS)]


@lru_cache(maxsize=10_000)
def _side(texts: tuple[str, ...], *, held_out: bool) -> tuple[str, ...]:
    """The texts of one side; of few texts both sides get at least one, and never the same one."""
    mine = tuple(t for t in texts if is_held_out(t) == held_out)
    if len(texts) < 2:
        return texts
    if not held_out:
        # What can be written in the same way as something that is held out is not for training either.
        lost = {way for text in texts if is_held_out(text) for way in _ways(text)}
        mine = tuple(text for text in mine if lost.isdisjoint(_ways(text))) or mine
    others = len(texts) - len(mine)
    if not mine:
        return texts[:1]
    # The side that got nothing takes the first text, so the side that got all gives it up.
    return tuple(t for t in mine if t != texts[0]) if not others else mine


class Draw:
    """Draws for one side. `held_out`: the evaluation's."""

    def __init__(self, seed: int | str, *, held_out: bool = False) -> None:
        self.random = random.Random(seed)
        self.held_out = held_out

    def of(self, texts: Sequence[str]) -> str:
        """One of the texts of this side, its choices made: for templates, names and other slot values."""
        return self.one_way(self.random.choice(_side(tuple(texts), held_out=self.held_out)))

    def one_way(self, template: str) -> str:
        """One of the ways to write a template."""
        if "|" not in template:
            return template
        return _CHOICE.sub(lambda found: self.random.choice(found[1].split("|")), template)

    def some(self, texts: Sequence[str], count: int) -> list[str]:
        """Different texts of this side, fewer where it has fewer."""
        mine = _side(tuple(texts), held_out=self.held_out)
        return [self.one_way(text) for text in self.random.sample(mine, min(count, len(mine)))]

    def any(self, items: Sequence[T]) -> T:
        """One of all items, for what has no sides: labels, structures, counts."""
        return self.random.choice(items)

    def shuffled(self, items: Sequence[T]) -> list[T]:
        return self.random.sample(items, len(items))

    def chance(self, share: float) -> bool:
        return self.random.random() < share

    def number(self, low: int, high: int) -> int:
        """Both ends included, without sides."""
        return self.random.randint(low, high)

    def made(self, make: Callable[[random.Random], str]) -> str:
        """A made-up text (an order number, a price) of this side; `make` is called until it gives one."""
        for _ in range(200):
            text = make(self.random)
            if is_held_out(text) == self.held_out:
                return text
        raise ValueError("nearly all that is made belongs to the other side")
