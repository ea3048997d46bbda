"""SGL222: text generated under a role that a model does not speak in."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic, Edit, Fix
from sglc.frontend import ast
from sglc.frontend.lint.index import Index


class WrongRole(Diagnostic, frozen=True, kw_only=True):
    """Text is generated in a message that is not the assistant's. Chat models are trained to write as the assistant only.

    Wrong:
        def answer(question: str) -> str:
            user:
                "{question}\\n"
                gen reply: str with max_tokens=50
            return reply

    Right:
        def answer(question: str) -> str:
            user: question
            assistant: gen reply: str with max_tokens=50
            return reply
    """

    code = "SGL222"
    title = "`{name}` is generated under `{role}:`"
    label = "models answer as the assistant"
    hint = "move it under `assistant:`"
    severity = "warning"
    name: str
    role: str


DIAGNOSTIC = WrongRole


def find(index: Index) -> Iterator[Diagnostic]:
    lines = [r for r in index.nodes(ast.Role) if not r.block and isinstance(r.body[0], ast.GenStmt)]
    generations: list[ast.Gen | ast.Select | ast.ModelCall] = [*index.nodes(ast.Gen), *index.nodes(ast.Select)]
    for node in [*generations, *index.nodes(ast.ModelCall)]:
        role = index.program.roles.get(node)
        if role not in (None, "assistant"):
            line = next((r for r in lines if _holds(r, node)), None)
            fix = None
            if line is not None:
                fix = Fix("write `assistant`", (Edit(line.role.span, "assistant"),), safe=False)
            yield index.finding(WrongRole, node, name=node.name.name, role=role, fix=fix)


def _holds(role: ast.Role, node: ast.Node) -> bool:
    return role.span.start <= node.span.start and node.span.end <= role.span.end
