"""SGL222: text generated under a role that a model does not speak in."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic, Edit, Fix
from sglc.frontend import ast
from sglc.frontend.lint.index import Index
from sglc.frontend.survey import GENERATIONS, walk


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
            yield index.finding(WrongRole, node.name, name=node.name.name, role=role, fix=fix)
    for outer in index.nodes(ast.Role):
        if outer.role.name != "assistant":
            yield from _templates(index, outer)


def _templates(index: Index, role: ast.Role) -> Iterator[Diagnostic]:
    """Templates without roles that generate where they are used."""
    for use in (n for n in walk(role.body) if isinstance(n, ast.Use) and n in index.program.uses):
        signature, _ = index.program.uses[use]
        decl = signature.symbol.decl
        made = next((n for n in walk(decl) if isinstance(n, GENERATIONS)), None)
        if made is not None and not signature.has_roles:
            name = f"{made.name.name}` of `{use.template.name}"
            yield index.finding(WrongRole, use.template, name=name, role=role.role.name)


def _holds(role: ast.Role, node: ast.Node) -> bool:
    return role.span.start <= node.span.start and node.span.end <= role.span.end
