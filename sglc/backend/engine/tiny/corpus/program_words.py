"""Words of the programs that are written: lists/NAME.txt in parts, `# heading` and one wording a line below it."""

from __future__ import annotations

from functools import lru_cache

from sglc.backend.engine.tiny.corpus.slots import sections

EMPTY = "-"
"""The line that stands for nothing at all."""


@lru_cache(maxsize=20)
def parts(name: str) -> dict[str, tuple[str, ...]]:
    """Heading -> its wordings, in order. Lists in Chinese are called NAME.zh."""
    return {
        heading: tuple("" if line == EMPTY else line for line in lines) for heading, lines in sections(name).items()
    }


def pairs(name: str, heading: str, joint: str = " ") -> tuple[tuple[str, str], ...]:
    """Wordings of two, with `joint` between them."""
    found = []
    for line in parts(name)[heading]:
        first, _, second = line.partition(joint)
        found.append(("" if first == EMPTY else first, "" if second == EMPTY else second))
    return tuple(found)


def label(text: str) -> str:
    """A label in front of other text: with a space after it, unless it ends its line or is written in Chinese."""
    return f"{text} " if text and text.isascii() and not text.endswith("\\n") else text
