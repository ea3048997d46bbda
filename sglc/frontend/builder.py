"""Reductions of the grammar -> AST: declarations and statements; expressions and types are in exprs.py."""

from __future__ import annotations

from typing import Any

import msgspec

from sglc.diagnostics import Diagnostic
from sglc.frontend import ast
from sglc.frontend.errors import syntax as e
from sglc.frontend.exprs import Children, ExprBuilder
from sglc.frontend.words import ROLES
from sglc.source import Span


class Builder(ExprBuilder):
    """Builds the nodes of one file's declarations, or of its holes. Errors that leave a tree are in `errors`."""

    def declaration(self, span: Span, kids: Children) -> ast.Decl | ast.Str:
        found: ast.Decl | ast.Str = kids[0]
        return found

    def hole(self, span: Span, kids: Children) -> ast.Gen | ast.Select | ast.ModelCall | ast.Expr:
        found: ast.Gen | ast.Select | ast.ModelCall | ast.Expr = kids[0]
        return found

    # --- declarations ---

    def docstring(self, span: Span, kids: Children) -> ast.Str:
        found: ast.Str = kids[0]
        return found

    def import_(self, span: Span, kids: Children) -> ast.Import:
        path, *names = kids
        return ast.Import(span, path, tuple(names))

    def import_name(self, span: Span, kids: Children) -> ast.ImportName:
        return ast.ImportName(span, *kids)

    def const(self, span: Span, kids: Children) -> ast.ConstDecl:
        return ast.ConstDecl(span, *kids)

    def enum(self, span: Span, kids: Children) -> ast.EnumDecl:
        name, description, (block, members) = kids
        return ast.EnumDecl(span, name, members, description, block)

    def enum_line(self, span: Span, kids: Children) -> Any:
        return False, tuple(ast.EnumMemberDecl(name.span, name, None) for name in kids)

    def enum_block(self, span: Span, kids: Children) -> Any:
        return True, tuple(kids)

    def enum_member(self, span: Span, kids: Children) -> ast.EnumMemberDecl:
        return ast.EnumMemberDecl(span, *kids)

    def type(self, span: Span, kids: Children) -> ast.TypeDecl:
        name, bound, description, *fields = kids
        return ast.TypeDecl(span, name, bound, tuple(fields), description)

    def alias(self, span: Span, kids: Children) -> ast.AliasDecl:
        return ast.AliasDecl(span, *kids)

    def field(self, span: Span, kids: Children) -> ast.FieldDecl:
        return ast.FieldDecl(span, *kids)

    def params(self, span: Span, kids: Children) -> tuple[ast.FieldDecl, ...]:
        return tuple(kid for kid in kids if kid is not None)

    def tool(self, span: Span, kids: Children) -> ast.ToolDecl:
        return ast.ToolDecl(span, *kids)

    def http(self, span: Span, kids: Children) -> ast.HttpImpl:
        return ast.HttpImpl(span, *kids)

    def python(self, span: Span, kids: Children) -> ast.PythonImpl:
        return ast.PythonImpl(span, *kids)

    def model(self, span: Span, kids: Children) -> ast.ModelDecl:
        return ast.ModelDecl(span, *kids)

    def test(self, span: Span, kids: Children) -> ast.TestDecl:
        return ast.TestDecl(span, *kids)

    def decorated(self, span: Span, kids: Children) -> ast.FuncDecl | ast.SessionDecl:
        *decorators, item = kids
        found: ast.FuncDecl | ast.SessionDecl = msgspec.structs.replace(item, decorators=tuple(decorators))
        return found if decorators else item

    def decorator(self, span: Span, kids: Children) -> ast.Decorator:
        name, *args = kids
        return ast.Decorator(span, name, self.arguments(args))

    def def_(self, span: Span, kids: Children) -> ast.FuncDecl:
        name, params, result, bound, description, body = kids
        return ast.FuncDecl(span, "def", name, params, result, bound, description, body, ())

    def template(self, span: Span, kids: Children) -> ast.FuncDecl:
        name, params, result, description, body = kids
        return ast.FuncDecl(span, "template", name, params, result, None, description, body, ())

    def session(self, span: Span, kids: Children) -> ast.SessionDecl:
        name, params, description, *items = kids
        states = tuple(i for i in items if isinstance(i, ast.FieldDecl))
        turns = tuple(i for i in items if isinstance(i, ast.TurnDecl))
        body = self._body([i for i in items if not isinstance(i, ast.FieldDecl | ast.TurnDecl)])
        return ast.SessionDecl(span, name, params, description, states, body, turns, ())

    def state(self, span: Span, kids: Children) -> ast.FieldDecl:
        found: ast.FieldDecl = msgspec.structs.replace(kids[0], span=span)
        return found

    def turn(self, span: Span, kids: Children) -> ast.TurnDecl:
        return ast.TurnDecl(span, *kids)

    # --- statements ---

    def suite(self, span: Span, kids: Children) -> tuple[ast.Stmt, ...]:
        """A block, or the line behind the colon."""
        return self._body(kids)

    def line(self, span: Span, kids: Children) -> ast.Stmt:
        found: ast.Stmt = kids[0]
        return found

    def _body(self, statements: Children) -> tuple[ast.Stmt, ...]:
        for statement in statements:
            if isinstance(statement, ast.ExprStmt):
                value = statement.value
                if not isinstance(value, ast.Call | ast.Comprehension):
                    self._add(e.bare_expression(self.source, value))
        return tuple(statements)

    def _add(self, error: Diagnostic) -> None:
        self.errors.append(error)

    def expr_stmt(self, span: Span, kids: Children) -> ast.Prompt | ast.ExprStmt:
        value = kids[0]
        if isinstance(value, ast.Str) and value.prefix != "re":
            return ast.Prompt(span, value)
        return ast.ExprStmt(span, value)

    def assign(self, span: Span, kids: Children) -> ast.Assign:
        return ast.Assign(span, *kids)

    def use(self, span: Span, kids: Children) -> ast.Use:
        targets, template, *args = kids
        return ast.Use(span, targets or (), template, self.arguments(args))

    def ensure(self, span: Span, kids: Children) -> ast.Ensure:
        return ast.Ensure(span, *kids)

    def return_(self, span: Span, kids: Children) -> ast.Return:
        return ast.Return(span, kids[0])

    def yield_(self, span: Span, kids: Children) -> ast.Yield:
        return ast.Yield(span, kids[0])

    def fail(self, span: Span, kids: Children) -> ast.Fail:
        return ast.Fail(span, kids[0])

    def expect(self, span: Span, kids: Children) -> ast.Expect:
        return ast.Expect(span, kids[0])

    def jump(self, span: Span, kids: Children) -> ast.Jump:
        return ast.Jump(span, kids[0].text)

    def role_line(self, span: Span, kids: Children) -> ast.Role:
        role, content = kids
        if isinstance(content, ast.ExprStmt):
            content = ast.Insert(content.span, content.value)
        if role.text not in ROLES:
            self._add(e.unknown_role(self.source, role.span, content))
        return ast.Role(span, ast.Name(role.span, role.text), (content,), block=False)

    def role_block(self, span: Span, kids: Children) -> ast.Role:
        role, *statements = kids
        if role.text not in ROLES:
            self._add(e.unknown_role(self.source, role.span, None))
        return ast.Role(span, ast.Name(role.span, role.text), self._body(statements), block=True)

    def if_(self, span: Span, kids: Children) -> ast.If:
        condition, body, *rest = kids
        first = ast.Branch(Span(span.start, body[-1].span.end), condition, body)
        return ast.If(span, (first, *(branch for branch in rest if branch is not None)))

    def elif_(self, span: Span, kids: Children) -> ast.Branch:
        return ast.Branch(span, *kids)

    def else_(self, span: Span, kids: Children) -> ast.Branch:
        return ast.Branch(span, None, kids[0])

    def match(self, span: Span, kids: Children) -> ast.Match:
        subject, *cases = kids
        return ast.Match(span, subject, tuple(cases))

    def case(self, span: Span, kids: Children) -> ast.Case:
        *patterns, body = kids
        return ast.Case(span, tuple(patterns), body)

    def pattern_name(self, span: Span, kids: Children) -> ast.Expr:
        return ast.Attribute(span, *kids) if len(kids) == 2 else kids[0]

    def for_(self, span: Span, kids: Children) -> ast.For:
        collect, targets, iterable, body = kids
        return ast.For(span, self._collect(collect), targets, iterable, body)

    def _collect(self, targets: tuple[ast.Name, ...] | None) -> ast.Name | None:
        if targets is not None and len(targets) > 1:
            self._add(e.second_collector(self.source, targets[1].span))
        return targets[0] if targets is not None else None

    def while_(self, span: Span, kids: Children) -> ast.While:
        return ast.While(span, *kids)

    def loop(self, span: Span, kids: Children) -> ast.Loop:
        return ast.Loop(span, *kids)

    def fork(self, span: Span, kids: Children) -> ast.Fork:
        collect, targets, iterable, body, handler = kids
        found = self._handler(handler, "fork") if handler is not None else None
        return ast.Fork(span, self._collect(collect), targets, iterable, body, found)

    def encode(self, span: Span, kids: Children) -> ast.Encode:
        return ast.Encode(span, *kids)

    def try_(self, span: Span, kids: Children) -> ast.Try:
        body, handler = kids
        return ast.Try(span, body, self._handler(handler, "try"))

    def handler(self, span: Span, kids: Children) -> Any:
        """The word and the handler; whoever it belongs to reports a wrong word."""
        word, *name, body = kids
        return word, ast.Handler(span, name[0] if name else None, body)

    def _handler(self, found: Any, before: str) -> ast.Handler:
        word, handler = found
        if word.text == "else":
            self._add(e.try_else(self.source, word.span, before))
        return handler  # type: ignore[no-any-return]
