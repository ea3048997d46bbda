"""Pattern tree -> byte expression, for plain text or for the inside of a JSON string."""

from __future__ import annotations

from sglc.ir import pattern
from sglc.passes.constraints import expr
from sglc.passes.constraints.expr import Expr


def pattern_expr(tree: pattern.Pattern, json: bool = False) -> Expr:
    match tree:
        case pattern.Chars(ranges=ranges):
            return expr.one_of(ranges, json)
        case pattern.Sequence(parts=parts):
            return expr.seq(*[pattern_expr(part, json) for part in parts]) if parts else expr.EMPTY
        case pattern.Choice(options=options):
            return expr.alt(pattern_expr(option, json) for option in options)
    return expr.repeat(pattern_expr(tree.item, json), tree.min, tree.max)
