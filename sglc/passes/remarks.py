"""What a pass tells about its work; `sglc explain` shows it."""

from __future__ import annotations

import msgspec

from sglc.source import Location


class Remark(msgspec.Struct, frozen=True):
    """One thing that a pass did, where in the source, and how much of what it saves (`{"nodes": 3}`)."""

    pass_name: str
    location: Location | None
    message: str
    saved: dict[str, int]


class Remarks:
    """Collects the remarks of one pass."""

    def __init__(self, pass_name: str) -> None:
        self.pass_name = pass_name
        self.items: list[Remark] = []

    def add(self, message: str, location: Location | None = None, **saved: int) -> None:
        self.items.append(Remark(self.pass_name, location, message, saved))
