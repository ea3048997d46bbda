"""Statements and their comments -> lines; the base of formatter.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from functools import partial
from typing import TypeVar

from sglc.frontend import ast
from sglc.frontend.ast import Comment
from sglc.frontend.document import INDENT, Doc, render
from sglc.frontend.format_expr import ExprPrinter
from sglc.frontend.scanner import RawString
from sglc.source import SourceFile, Span

N = TypeVar("N", bound=ast.Node)
Build = Callable[[], Doc]
"""Makes a document when the comments of its line are at hand."""


class StatementWriter(ExprPrinter):
    """Writes lines in the order of the source, and each comment where it stood: its line, its block, its bracket."""

    def __init__(self, source: SourceFile, strings: dict[int, RawString], comments: list[Comment]) -> None:
        super().__init__(source, strings)
        self.lines: list[str] = []
        self.waiting = comments[::-1]
        self.last_line = 0
        """The source line of what was written last."""
        self.position = 0
        """Where in the source it ended."""
        self.block_start = True
        self._comment_starts = {c.span.start + len(c.text): c.span.start for c in comments}

    # --- places in the source ---

    def line_of(self, offset: int) -> int:
        return self.source.line_column(offset)[0]

    def _before_on_line(self, offset: int) -> str:
        return self.text[self.text.rfind("\n", 0, offset) + 1 : offset]

    def _column(self, offset: int) -> int:
        return len(self._before_on_line(offset).expandtabs(INDENT))

    def is_one_line(self, body_start: int) -> bool:
        """Whether a suite stands behind its colon."""
        return bool(self._before_on_line(body_start).strip(" \t"))

    def _head_end(self, body_start: int) -> int:
        """The place behind the colon in front of a body."""
        position = body_start
        while True:
            while position and self.text[position - 1] in " \t\r\n":
                position -= 1
            if position not in self._comment_starts:
                return position
            position = self._comment_starts[position]

    # --- comments and blank lines ---

    def take_comments(self, before: int) -> list[Comment]:
        """The comments that wait to be written and stand in front of a place."""
        found = []
        while self.waiting and self.waiting[-1].span.start < before:
            found.append(self.waiting.pop())
        return found

    def comment_line(self, comment: Comment, indent: int) -> None:
        self.lines.append(" " * indent + comment.text)
        self._written(comment.span.end)

    def _written(self, end: int) -> None:
        self.last_line, self.position, self.block_start = self.line_of(end), end, False

    def _gap(self, offset: int) -> None:
        """One blank line where the source has some, but not at the start of a block."""
        if not self.block_start and self.line_of(offset) - self.last_line > 1:
            self.lines.append("")

    def lead(self, start: int, indent: int, *, gaps: bool = True) -> None:
        """What stands in front of a line: its comments, and blank lines around them."""
        for comment in self.take_comments(start):
            if gaps:
                self._gap(comment.span.start)
            self.comment_line(comment, indent)
        if gaps:
            self._gap(start)

    def _tail(self, column: int, indent: int) -> None:
        """The comments at the end of a block: those that are indented like it."""
        while self.waiting:
            comment = self.waiting[-1]
            if self._column(comment.span.start) < column or self.text[self.position : comment.span.start].strip():
                return
            self.waiting.pop()
            self._gap(comment.span.start)
            self.comment_line(comment, indent)

    def logical_line(self, build: Build, start: int, end: int, indent: int) -> None:
        """Write what stands in `[start, end)`, and the comment behind it."""
        self.comments = self.take_comments(end)
        doc = build()
        # A comment in the middle of an expression has no place there.
        self.lines += [" " * indent + comment.text for comment in self.comments]
        self.lines += render(doc, indent)
        self._written(end)
        if (
            self.waiting
            and not self.waiting[-1].own_line
            and self.line_of(self.waiting[-1].span.start) == self.last_line
        ):
            comment = self.waiting.pop()
            self.lines[-1] += f"  {comment.text}"
            self._written(comment.span.end)

    # --- blocks ---

    def suite(self, head: Build, start: int, body: Sequence[ast.Stmt], indent: int) -> None:
        """A head with its colon, and its body as a block or on the same line, as it was."""
        if self.is_one_line(body[0].span.start):
            self.logical_line(lambda: [head(), " ", self.small(body[0])], start, body[0].span.end, indent)
            return
        self.header(head, start, body[0].span.start, indent)
        for statement in body:
            self.statement(statement, indent + INDENT)
        self.end_block(body[0].span.start, indent + INDENT)

    def header(self, head: Build, start: int, body_start: int, indent: int) -> None:
        self.logical_line(head, start, self._head_end(body_start), indent)
        self.block_start = True

    def end_block(self, first: int, indent: int) -> None:
        """`first` is where the block's first line begins."""
        self._tail(self._column(first), indent)

    def rows(self, nodes: Sequence[N], build: Callable[[N], Doc], indent: int) -> None:
        """A block with one node a line."""
        for node in nodes:
            self.lead(node.span.start, indent)
            self.logical_line(partial(build, node), node.span.start, node.span.end, indent)
        self.end_block(nodes[0].span.start, indent)

    # --- statements ---

    def statement(self, node: ast.Stmt, indent: int) -> None:
        self.lead(node.span.start, indent)
        start = node.span.start
        match node:
            case ast.If():
                self._if(node, indent)
            case ast.Match():
                self._match(node, indent)
            case ast.Role(block=True):
                self.suite(lambda: f"{node.role.name}:", start, node.body, indent)
            case ast.For() | ast.Fork() | ast.While() | ast.Loop() | ast.Encode():
                self.suite(lambda: [self._loop(node), ":"], start, node.body, indent)
                if isinstance(node, ast.Fork) and node.handler is not None:
                    self._handler(node.handler, indent)
            case ast.Try():
                self.suite(lambda: "try:", start, node.body, indent)
                self._handler(node.handler, indent)
            case _:
                self.logical_line(lambda: self.small(node), start, node.span.end, indent)

    def _if(self, node: ast.If, indent: int) -> None:
        for index, branch in enumerate(node.branches):
            if index:
                self.lead(branch.span.start, indent, gaps=False)
            word = "if" if index == 0 else "elif"
            self.suite(partial(self._branch, word, branch.condition), branch.span.start, branch.body, indent)

    def _branch(self, word: str, condition: ast.Expr | None) -> Doc:
        return [f"{word} ", self.whole(condition), ":"] if condition is not None else "else:"

    def _match(self, node: ast.Match, indent: int) -> None:
        first = node.cases[0].span.start
        self.header(lambda: ["match ", self.whole(node.subject), ":"], node.span.start, first, indent)
        for case in node.cases:
            self.lead(case.span.start, indent + INDENT)
            self.suite(partial(self._case, case), case.span.start, case.body, indent + INDENT)
        self.end_block(first, indent + INDENT)

    def _case(self, case: ast.Case) -> Doc:
        first, *rest = (self.expr(pattern) for pattern in case.patterns)
        return ["case ", first, *([" | ", pattern] for pattern in rest), ":"]

    def _handler(self, node: ast.Handler, indent: int) -> None:
        self.lead(node.span.start, indent, gaps=False)
        name = f" {node.name.name}" if node.name else ""
        self.suite(lambda: f"except{name}:", node.span.start, node.body, indent)

    def _loop(self, node: ast.For | ast.Fork | ast.While | ast.Loop | ast.Encode) -> Doc:
        match node:
            case ast.While():
                return ["while ", self.whole(node.condition), self.bound(node.bound)]
            case ast.Loop():
                return ["loop", self.bound(node.bound)]
            case ast.Encode():
                return [f"encode {node.target.name} in ", self.whole(node.iterable), self.options(node.options)]
        collect = f"{node.collect.name} = " if node.collect else ""
        word = "for" if isinstance(node, ast.For) else "fork"
        return [f"{collect}{word} {_names(node.targets)} in ", self.whole(node.iterable)]

    def bound(self, node: ast.Expr | None) -> Doc:
        return [" max ", self.expr(node)] if node else ""

    def small(self, node: ast.Stmt) -> Doc:
        """A statement of one logical line."""
        match node:
            case ast.Prompt():
                return self.string(node.text)
            case ast.Role():
                return [f"{node.role.name}: ", self.small(node.body[0])]
            case ast.Insert() | ast.ExprStmt():
                return self.whole(node.value)
            case ast.GenStmt():
                return self.generation(node.content)
            case ast.Assign():
                return [f"{_names(node.targets)} = ", self.whole(node.value)]
            case ast.Use():
                collect = f"{_names(node.targets)} = " if node.targets else ""
                arguments = self.arguments(node.args, Span(node.template.span.end, node.span.end))
                return [f"{collect}use {node.template.name}", arguments]
            case ast.Ensure():
                reason: Doc = [", ", self.whole(node.reason)] if node.reason else ""
                retry: Doc = [" retry ", self.expr(node.retry)] if node.retry else ""
                return ["ensure ", self.whole(node.condition), reason, retry]
            case ast.Return():
                return ["return ", self.whole(node.value)] if node.value else "return"
            case ast.Yield():
                return ["yield ", self.whole(node.value)]
            case ast.Fail():
                return ["fail ", self.whole(node.message)]
            case ast.Expect():
                return ["expect ", self.whole(node.condition)]
            case ast.Jump():
                return node.word
        raise AssertionError(f"{type(node).__name__} is no small statement")


def _names(names: Sequence[ast.Name]) -> str:
    return ", ".join(name.name for name in names)
