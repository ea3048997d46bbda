"""A program that is too deep for the compiler -> the place where it is deepest. Looked for only after that happened."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic
from sglc.frontend import ast
from sglc.frontend.errors.declared import TooDeepToFollow
from sglc.frontend.resolve import Linked, Symbol, Unit
from sglc.frontend.survey import walk
from sglc.source import Span

_CHAINED = ("constant", "template")
_LONG = 30
"""A chain of fewer links alone is no reason."""


def deepest_place(linked: Linked) -> Diagnostic:
    """The longest chain of constants or templates, the longest `if`, or else the largest declaration."""
    symbols = [symbol for unit in linked.units for symbol in unit.own.values() if symbol.decl is not None]
    if not symbols:
        return linked.main.finding(TooDeepToFollow, Span(0, 0), problem="the program is too deep", help="split it")
    known: dict[str, int] = {}
    chained = [symbol for symbol in symbols if symbol.kind in _CHAINED] or symbols
    length, symbol = max(((_length(symbol, known), symbol) for symbol in chained), key=lambda found: found[0])
    branches, unit, node = max(
        ((len(node.branches), unit, node) for unit in linked.units for node in _ifs(unit)),
        key=lambda found: found[0],
        default=(0, linked.main, None),
    )
    if node is not None and branches > max(length, _LONG):
        help_ = "split it, or look the value up in a dict"
        return unit.finding(TooDeepToFollow, node.branches[0], problem=f"an `if` of {branches:,} branches", help=help_)
    if length > _LONG:
        problem = f"`{symbol.name}` is the first of {length:,} {symbol.kind}s that build on each other"
        help_ = "write each constant below those that it uses" if symbol.kind == "constant" else "join some of them"
    else:
        symbol = max(symbols, key=lambda found: sum(1 for _ in walk(found.decl)))
        problem, help_ = f"`{symbol.name}` is too deep", "split it"
    assert symbol.decl is not None
    return symbol.unit.finding(TooDeepToFollow, getattr(symbol.decl, "name", symbol.decl), problem=problem, help=help_)


def _ifs(unit: Unit) -> list[ast.If]:
    return [node for node in walk(unit.module.decls) if isinstance(node, ast.If)]


def _length(start: Symbol, known: dict[str, int]) -> int:
    """How many declarations are on the longest way that begins here; `known` has those of others, and gets more."""
    stack = [start]
    while stack:
        symbol = stack[-1]
        known.setdefault(symbol.unique, 0)
        below = _uses(symbol)
        waiting = [other for other in below if other.unique not in known]
        if waiting:
            stack += waiting
            continue
        known[symbol.unique] = 1 + max((known[other.unique] for other in below), default=0)
        stack.pop()
    return known[start.unique]


def _uses(symbol: Symbol) -> list[Symbol]:
    """Constants and templates that a declaration names."""
    names = {node.name for node in walk(symbol.decl) if isinstance(node, ast.Name)}
    found = (symbol.unit.names.get(name) for name in names)
    return [other for other in found if other is not None and other.kind in _CHAINED]
