"""A run's seed and a place in the run -> the seed of one generation, the same in every run and on every machine."""

from __future__ import annotations

import hashlib


def derive_seed(run_seed: int, path: str, attempt: str = "") -> int:
    """63 bits from the run's seed, the generation's path (`out[2].tip`) and the number of the attempt around it."""
    parts = [str(run_seed).encode(), path.encode(), attempt.encode()]
    # Lengths keep two places apart whose texts only differ in where one part ends.
    named = b"".join(len(part).to_bytes(4, "big") + part for part in parts)
    return int.from_bytes(hashlib.sha256(named).digest()[:8], "big") >> 1
