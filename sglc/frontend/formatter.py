"""AST and comments -> canonical text. Parsing that text gives the same tree, so prompts keep every byte."""

from __future__ import annotations

from functools import partial

from sglc.diagnostics import InternalError, SglError
from sglc.frontend import ast
from sglc.frontend.ast import Comment
from sglc.frontend.document import INDENT, WIDTH, Doc, flat
from sglc.frontend.format_stmt import StatementWriter
from sglc.frontend.parser import parse
from sglc.frontend.scanner import RawString, scan
from sglc.source import SourceFile, Span

_SMALL = (ast.Import, ast.ConstDecl, ast.AliasDecl, ast.ModelDecl)
"""Declarations that may stand on neighbouring lines, as one-line enums and tools may."""


def format_source(source: SourceFile) -> str:
    """The canonical text of a program; raises SglError with its syntax errors when it has some."""
    module, errors = parse(source)
    if errors:
        raise SglError(errors)
    strings = scan(source).strings
    text = _ModuleWriter(source, strings, outside(module.comments, strings)).write(module)
    _verify(source, module, text)
    return text


def outside(comments: tuple[Comment, ...], strings: dict[int, RawString]) -> list[Comment]:
    """The comments that stand in no hole; those in holes are written with their string."""
    found, end = [], -1
    spans = sorted((raw.span for raw in strings.values()), reverse=True)
    for comment in comments:
        while spans and spans[-1].start < comment.span.start:
            end = max(end, spans.pop().end)
        if comment.span.start >= end:
            found.append(comment)
    return found


def _verify(source: SourceFile, module: ast.Module, text: str) -> None:
    """Refuse to return a text that means something else or lacks a comment."""
    again, errors = parse(SourceFile(source.path, text))
    if errors or ast.dump(again) != ast.dump(module):
        raise InternalError(f"formatting {source.path} would change what it means")
    if sorted(c.text for c in again.comments) != sorted(c.text for c in module.comments):
        raise InternalError(f"formatting {source.path} would lose a comment")


class _ModuleWriter(StatementWriter):
    def write(self, module: ast.Module) -> str:
        before: ast.Decl | ast.Str | None = None
        for decl in [*([module.doc] if module.doc else []), *module.decls]:
            start = _start(decl)
            for comment in self.take_comments(start):
                self._separate(before, decl, comment.span.start)
                self.comment_line(comment, 0)
                before = None
            self._separate(before, decl, start)
            self._declaration(decl)
            before = decl
        for comment in self.take_comments(len(self.text)):
            self._separate(before, None, comment.span.start)
            self.comment_line(comment, 0)
            before = None
        return "".join(f"{line}\n" for line in self.lines)

    def _separate(self, before: ast.Decl | ast.Str | None, after: ast.Decl | ast.Str | None, start: int) -> None:
        """Blank lines between declarations; a comment in between goes with what follows it."""
        if not self.lines:
            return
        gap = int(self.line_of(start) - self.last_line > 1)
        if before is None or (self._is_small(before) and (after is None or self._is_small(after))):
            self.lines += [""] * gap
        else:
            self.lines += [""] * (1 if isinstance(before, ast.Str) else 2)

    def _is_small(self, decl: ast.Decl | ast.Str) -> bool:
        """Whether a declaration may stand right above or below another one."""
        match decl:
            case ast.EnumDecl():
                return not decl.block
            case ast.ToolDecl():
                return self.is_one_line(decl.impl.span.start)
        return isinstance(decl, _SMALL)

    def _declaration(self, decl: ast.Decl | ast.Str) -> None:
        start, end = decl.span.start, decl.span.end
        match decl:
            case ast.Str():
                self.logical_line(lambda: self.string(decl), start, end, 0)
            case ast.FuncDecl() | ast.SessionDecl():
                self._decorated(decl)
            case ast.TestDecl():
                self.suite(
                    lambda: ["test ", self.string(decl.name), self.options(decl.options), ":"], start, decl.body, 0
                )
            case ast.EnumDecl() if decl.block:
                self.header(lambda: self._enum(decl), start, decl.members[0].span.start, 0)
                self.rows(decl.members, self._member_line, INDENT)
            case ast.TypeDecl():
                self.header(lambda: self._type_head(decl), start, decl.fields[0].span.start, 0)
                self.rows(decl.fields, self.field, INDENT)
            case ast.ToolDecl() if not self.is_one_line(decl.impl.span.start):
                self.header(lambda: self._tool(decl), start, decl.impl.span.start, 0)
                self.rows((decl.impl,), self._impl, INDENT)
            case _:
                self.logical_line(lambda: self._small(decl), start, end, 0)

    def _small(self, decl: ast.Decl) -> Doc:
        """A declaration of one logical line."""
        match decl:
            case ast.Import():
                return self._import(decl)
            case ast.ConstDecl():
                return [f"{decl.name.name} = ", self.whole(decl.value), self.description(decl.description)]
            case ast.AliasDecl():
                return [f"type {decl.name.name} = ", self.type(decl.type), self.description(decl.description)]
            case ast.ModelDecl():
                return [f"model {decl.name.name}: ", self.string(decl.path), self.options(decl.options)]
            case ast.EnumDecl():
                return [self._enum(decl), " ", " | ".join(member.name.name for member in decl.members)]
            case ast.ToolDecl():
                return [self._tool(decl), " ", self._impl(decl.impl)]
        raise InternalError(f"{type(decl).__name__} is no small declaration")

    def _import(self, decl: ast.Import) -> Doc:
        names = [n.name.name + (f" as {n.alias.name}" if n.alias else "") for n in decl.names]
        head: list[Doc] = ["from ", self.string(decl.path), " import "]
        line = f"{flat(head)}{', '.join(names)}"
        bracket = Span(decl.path.span.end, decl.span.end)
        if len(line) <= WIDTH and not self.comments:
            return line
        return [*head, self.brackets("(", decl.names, names, ")", bracket)]

    def _enum(self, decl: ast.EnumDecl) -> Doc:
        return [f"enum {decl.name.name}", self.description(decl.description), ":"]

    def _member_line(self, member: ast.EnumMemberDecl) -> Doc:
        return [member.name.name, self.description(member.description)]

    def _type_head(self, decl: ast.TypeDecl) -> Doc:
        return [f"type {decl.name.name}", self.bound(decl.bound), self.description(decl.description), ":"]

    def _tool(self, decl: ast.ToolDecl) -> Doc:
        return [f"tool {decl.name.name}", *self._signature(decl, decl.name.span.end, decl.impl.span.start), ":"]

    def _impl(self, impl: ast.HttpImpl | ast.PythonImpl) -> Doc:
        if isinstance(impl, ast.HttpImpl):
            return [f"http {impl.method.name} ", self.string(impl.url), self.options(impl.options)]
        return ["python ", self.string(impl.target), self.options(impl.options)]

    def _signature(
        self, decl: ast.ToolDecl | ast.FuncDecl | ast.TurnDecl | ast.SessionDecl, start: int, body: int
    ) -> list[Doc]:
        """Parameters, result, bound and description, which stand between two places."""
        result = decl.result if not isinstance(decl, ast.SessionDecl) else None
        bound = decl.bound if isinstance(decl, ast.FuncDecl) else None
        rest = [node.span.start for node in (result, bound, decl.description) if node is not None]
        arrow: Doc = [" -> ", self.type(result)] if result else ""
        return [
            self.params(decl.params, Span(start, min(rest, default=body))),
            arrow,
            self.bound(bound),
            self.description(decl.description),
        ]

    def _decorated(self, decl: ast.FuncDecl | ast.SessionDecl) -> None:
        for index, decorator in enumerate(decl.decorators):
            if index:
                self.lead(decorator.span.start, 0, gaps=False)
            self.logical_line(partial(self._decorator, decorator), decorator.span.start, decorator.span.end, 0)
        if decl.decorators:
            self.lead(decl.span.start, 0, gaps=False)
        if isinstance(decl, ast.SessionDecl):
            self._session(decl)
        else:
            self.suite(partial(self._func_head, decl), decl.span.start, decl.body, 0)

    def _decorator(self, decorator: ast.Decorator) -> Doc:
        name = decorator.name
        arguments: Doc = ""
        if decorator.args:
            arguments = self.arguments(decorator.args, Span(name.span.end, decorator.span.end))
        return [f"@{name.name}", arguments]

    def _func_head(self, decl: ast.FuncDecl) -> Doc:
        signature = self._signature(decl, decl.name.span.end, decl.body[0].span.start)
        return [f"{decl.kind} {decl.name.name}", *signature, ":"]

    def _session(self, decl: ast.SessionDecl) -> None:
        items = sorted((*decl.states, *decl.body, *decl.turns), key=lambda item: item.span.start)
        body = items[0].span.start
        self.header(partial(self._session_head, decl, body), decl.span.start, body, 0)
        for item in items:
            start = item.span.start
            if isinstance(item, ast.FieldDecl):
                self.lead(start, INDENT)
                self.logical_line(partial(self._state, item), start, item.span.end, INDENT)
            elif isinstance(item, ast.TurnDecl):
                self.lead(start, INDENT)
                self.suite(partial(self._turn_head, item), start, item.body, INDENT)
            else:
                self.statement(item, INDENT)
        self.end_block(body, INDENT)

    def _session_head(self, decl: ast.SessionDecl, body: int) -> Doc:
        return [f"session {decl.name.name}", *self._signature(decl, decl.name.span.end, body), ":"]

    def _state(self, field: ast.FieldDecl) -> Doc:
        return ["state ", self.field(field)]

    def _turn_head(self, turn: ast.TurnDecl) -> Doc:
        return ["turn", *self._signature(turn, turn.span.start, turn.body[0].span.start), ":"]


def _start(decl: ast.Decl | ast.Str) -> int:
    """Where a declaration begins, its decorators included."""
    decorators = decl.decorators if isinstance(decl, ast.FuncDecl | ast.SessionDecl) else ()
    return decorators[0].span.start if decorators else decl.span.start
