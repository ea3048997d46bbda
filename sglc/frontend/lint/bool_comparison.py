"""SGL911: a truth value is compared with `true` or `false`."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic, Edit, Fix
from sglc.frontend import ast
from sglc.frontend.lint.index import Index
from sglc.ir.types import BoolType


class BoolComparison(Diagnostic, frozen=True, kw_only=True):
    """A truth value is compared with `true` or `false`. It is a condition by itself.

    Wrong:
        def tell(urgent: bool) -> str:
            if urgent == true:
                return "now"
            return "later"

    Right:
        def tell(urgent: bool) -> str:
            if urgent:
                return "now"
            return "later"
    """

    code = "SGL911"
    title = "comparison with `{word}`"
    label = "the value is a condition by itself"
    hint = "{help}"
    severity = "warning"
    word: str
    help: str


DIAGNOSTIC = BoolComparison


def find(index: Index) -> Iterator[Diagnostic]:
    for node, decl in index.placed(ast.Compare):
        if len(node.operands) != 2 or node.ops[0] not in ("==", "!=") or isinstance(decl, ast.TestDecl):
            continue
        for value, constant in (node.operands, node.operands[::-1]):
            if isinstance(constant, ast.Constant) and isinstance(constant.value, bool):
                if isinstance(index.program.types.get(value), BoolType) and not isinstance(value, ast.Constant):
                    yield _finding(index, node, value, constant.value)
                    break


def _finding(index: Index, node: ast.Compare, value: ast.Expr, constant: bool) -> Diagnostic:
    positive = (node.ops[0] == "==") == constant
    text = index.text(value.span)
    simple = isinstance(value, ast.Name | ast.Attribute | ast.Call | ast.Index)
    better = text if positive else f"not {text}" if simple else f"not ({text})"
    # `not` binds looser than what may stand around, so only the plain form is replaced unasked.
    fix = Fix(f"write `{better}`", (Edit(node.span, better),), safe=positive and simple)
    return index.finding(BoolComparison, node, word=str(constant).lower(), help=fix.title, fix=fix)
