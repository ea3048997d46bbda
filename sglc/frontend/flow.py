"""What is known at one point of a body: which names have a value, which values have a narrower type than declared."""

from __future__ import annotations

from collections.abc import Iterable

import msgspec

from sglc.frontend import ast
from sglc.frontend.typed import Variable
from sglc.ir.types import CallType, Type, union
from sglc.source import Span


class Flow(msgspec.Struct, eq=False):
    """What is known at one point of a function: who has a value, which paths (`p.eta`) have a narrower type."""

    assigned: set[str] = msgspec.field(default_factory=set)
    narrowed: dict[str, Type] = msgspec.field(default_factory=dict)
    left: str = ""
    """The word that left the block (`return`), or "" while the point is reached."""
    told: set[str] = msgspec.field(default_factory=set)
    """Names that are used too early, which was reported: later uses are the same mistake."""
    doubtful: bool = False
    """Only a case that is missing, and was reported as such, leads here: nothing more is to be said about this path."""

    def copy(self) -> Flow:
        return Flow(set(self.assigned), dict(self.narrowed), self.left, set(self.told), self.doubtful)

    def forget(self, name: str) -> None:
        """Drop what was known of a name that gets a new value, and of its fields."""
        stale = [p for p in self.narrowed if p == name or p.startswith(f"{name}.")]
        for path in stale:
            del self.narrowed[path]
        self.told = {t for t in self.told if t != f"{name}?" and not t.startswith(f"{name}.")}


def merge(flows: Iterable[Flow]) -> Flow:
    """What holds on all of the paths that arrive."""
    flows = list(flows)
    arriving = [f for f in flows if not f.left]
    if not arriving:
        return flows[0].copy() if flows else Flow(left="end")
    first, *rest = arriving
    if not rest:
        return first.copy()
    narrowed = {p: t for p in first.narrowed if (t := _either(p, arriving)) is not None}
    doubtful = all(f.doubtful for f in arriving)
    told = set[str]().union(*(f.told for f in arriving))
    return Flow(set.intersection(*(f.assigned for f in arriving)), narrowed, told=told, doubtful=doubtful)


def _either(path: str, flows: list[Flow]) -> Type | None:
    """The type of a path after any of the flows; None when one of them has not narrowed it."""
    types = [f.narrowed.get(path) for f in flows]
    known = [t for t in types if t is not None]
    if len(known) < len(types):
        return None
    if all(t == known[0] for t in known):
        return known[0]
    return None if any(isinstance(t, CallType) for t in known) else union(*known)


class Frame(msgspec.Struct, eq=False):
    """A loop or fork around the statement. `ends` are the flows at `break` and `continue`.

    `last` is the `yield` that was checked last. `misplaced`: a `yield` inside was reported, which may be the one missing.
    """

    kind: str
    name: str
    collects: bool = False
    types: list[Type] = msgspec.field(default_factory=list)
    ends: list[Flow] = msgspec.field(default_factory=list)
    last: Span | None = None
    misplaced: bool = False

    @property
    def plain(self) -> str:
        """The word that begins it."""
        return self.kind.removeprefix("collecting ")


class Scope(msgspec.Struct, eq=False):
    """One function body. `gone` are names of blocks that have ended: what they were, where, and the kind of block."""

    name: str
    kind: str
    variables: dict[str, Variable] = msgspec.field(default_factory=dict)
    gone: dict[str, tuple[str, Span, str]] = msgspec.field(default_factory=dict)
    widened: int = 0
    """How often a variable's type was widened: a loop that did so is checked once more."""


def path_of(node: ast.Expr) -> str | None:
    """`a.b.c` of names and attributes as text; None for other expressions."""
    if isinstance(node, ast.Name):
        return node.name
    if isinstance(node, ast.Attribute):
        inner = path_of(node.value)
        return f"{inner}.{node.name.name}" if inner else None
    return None
