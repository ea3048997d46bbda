"""Finds the path of a collecting body that gives no value, so that a finding can point at it."""

from __future__ import annotations

from sglc.frontend import ast
from sglc.frontend.survey import blocks_of

_LEAVING = (ast.Yield, ast.Return, ast.Fail)
_COLLECTING = (ast.Fork, ast.For, ast.While, ast.Loop, ast.Encode)
Body = tuple[ast.Stmt, ...]


def yields(body: Body) -> bool:
    """Whether a `yield` of this body stands anywhere in it; those of loops and forks inside are their own."""
    return any(
        isinstance(s, ast.Yield) or (not isinstance(s, _COLLECTING) and any(yields(b) for b in blocks_of(s)))
        for s in body
    )


def without_yield(body: Body) -> ast.Stmt | None:
    """The last statement of a path that does not yield while one beside it does; an `if` that lacks its `else`."""
    for statement in body:
        blocks = () if isinstance(statement, _COLLECTING) else blocks_of(statement)
        if not any(yields(b) for b in blocks):
            continue
        for block in blocks:
            if not _ends(block):
                return without_yield(block) or block[-1]
        if isinstance(statement, ast.If) and not _has_else(statement):
            return statement
    return None


def _ends(body: Body) -> bool:
    return any(isinstance(s, _LEAVING) or _all_end(s) for s in body)


def _all_end(statement: ast.Stmt) -> bool:
    if isinstance(statement, _COLLECTING) or (isinstance(statement, ast.If) and not _has_else(statement)):
        return False
    blocks = blocks_of(statement)
    return bool(blocks) and all(_ends(b) for b in blocks)


def _has_else(statement: ast.If) -> bool:
    return statement.branches[-1].condition is None
