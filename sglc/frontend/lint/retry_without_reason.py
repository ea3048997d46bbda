"""SGL426: a retry that does not tell the model what to do better."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic
from sglc.frontend import ast
from sglc.frontend.lint.index import Index


class RetryWithoutReason(Diagnostic, frozen=True, kw_only=True):
    """A retry has no reason. The model is then told the condition as it is written here, which it cannot read well.

    Wrong:
        def order(message: str) -> str:
            user: "Copy the order number. {message}"
            assistant: gen number: re"[0-9]{4}"
            ensure number in message retry 2
            return number

    Right:
        def order(message: str) -> str:
            user: "Copy the order number. {message}"
            assistant: gen number: re"[0-9]{4}"
            ensure number in message, "copy the number from the message" retry 2
            return number
    """

    code = "SGL426"
    title = "this retry does not say what was wrong"
    label = "the model reads the condition itself"
    hint = 'add a reason behind the condition: `, "copy it from the message"`, say'
    severity = "warning"


DIAGNOSTIC = RetryWithoutReason


def find(index: Index) -> Iterator[Diagnostic]:
    for node, decl in index.placed(ast.Ensure):
        if node.retry is not None and node.reason is None and isinstance(decl, ast.FuncDecl | ast.SessionDecl):
            symbol = index.unit.own.get(decl.name.name)
            signature = index.program.signatures.get(symbol.unique) if symbol is not None else None
            if signature is not None and (signature.has_roles or isinstance(decl, ast.SessionDecl)):
                yield index.finding(RetryWithoutReason, node.condition)
