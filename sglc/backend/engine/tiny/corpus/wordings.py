"""Program texts with slots -> a bounded number of different programs, since each costs a compilation."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence

from sglc.backend.engine.tiny.corpus.draw import Draw


def wording(draw: Draw, options: Mapping[str, Sequence[str]], count: int) -> dict[str, str]:
    """One of `count` choices of a text for each slot; a choice as a whole belongs to one side."""
    random_ = random.Random(draw.made(lambda r: f"wording {r.randrange(count)}"))
    return {slot: random_.choice(texts) for slot, texts in options.items()}
