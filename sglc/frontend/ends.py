"""Where a body reaches its end: the statement after which a function with a result has returned nothing."""

from __future__ import annotations

from sglc.frontend import ast
from sglc.frontend.survey import GENERATIONS, blocks_of, walk


def open_end(body: tuple[ast.Stmt, ...]) -> tuple[ast.Stmt, str] | None:
    """The last statement of a path that does not leave, and why it does not; None for a body without statements."""
    if not body:
        return None
    last = body[-1]
    match last:
        case ast.If(branches=branches) if branches[-1].condition is not None:
            return last, "no condition may hold: there is no `else`" if len(branches) > 1 else "there is no `else`"
        case ast.For():
            return last, "the list may be empty"
        case ast.While() | ast.Loop():
            return last, "the loop may be spent"
        case ast.If() | ast.Match() | ast.Try():
            ways = (open_end(block) for block in blocks_of(last) if not leaves(block))
            return next((way for way in ways if way is not None), None)
    return last, "nothing follows this"


def leaves(body: tuple[ast.Stmt, ...]) -> bool:
    """Whether every path of a block ends with `return` or `fail`."""
    match body[-1] if body else None:
        case ast.Return() | ast.Fail():
            return True
        case ast.If(branches=branches) as last:
            return branches[-1].condition is None and all(map(leaves, blocks_of(last)))
        case ast.Match() | ast.Try() as last:
            return all(map(leaves, blocks_of(last)))
    return False


def generated(statement: ast.Stmt) -> str | None:
    """The name that a statement generates last."""
    names = [node.name.name for node in walk(statement) if isinstance(node, GENERATIONS)]
    return names[-1] if names else None
