"""Expressions, types and options -> documents for the formatter, with brackets only where the meaning needs them."""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Sequence

from sglc.frontend import ast
from sglc.frontend.ast import Comment
from sglc.frontend.document import Doc, Group, IfBroken, Line, Verbatim, bracketed, flat
from sglc.frontend.scanner import RawString
from sglc.frontend.strings import block_text, text_spans
from sglc.source import SourceFile, Span

# How tightly an expression binds; an operand that binds less than its place asks for gets brackets.
_CONDITIONAL, _OR, _AND, _NOT, _COMPARE, _SUM, _PRODUCT, _MINUS, _POSTFIX, _ATOM = range(10)
_CHAINS = (ast.Logic, ast.Compare, ast.Binary, ast.Conditional)


def _level(node: ast.Expr) -> int:
    match node:
        case ast.Conditional():
            return _CONDITIONAL
        case ast.Logic():
            return _OR if node.op == "or" else _AND
        case ast.Unary():
            return _NOT if node.op == "not" else _MINUS
        case ast.Compare():
            return _COMPARE
        case ast.Binary():
            return _SUM if node.op in ("+", "-") else _PRODUCT
        case ast.Number() | ast.Duration():
            return _MINUS  # `1.a` would be no number
        case ast.Attribute() | ast.Index() | ast.Slice() | ast.Call():
            return _POSTFIX
    return _ATOM


class ExprPrinter:
    """`comments` are those inside of the statement at hand; a bracket that takes one removes it."""

    def __init__(self, source: SourceFile, strings: dict[int, RawString]) -> None:
        self.source, self.text, self.strings = source, source.text, strings
        self.comments: list[Comment] = []

    def slice_text(self, span: Span) -> str:
        return self.text[span.start : span.end]

    # --- expressions ---

    def whole(self, node: ast.Expr) -> Doc:
        """An expression on its own: a chain of operators that is too long for the line breaks inside of brackets."""
        if not isinstance(node, _CHAINS):
            return self.expr(node)
        return Group(IfBroken("("), [Line(), *self._chain(node, Line(" "))], [Line(), IfBroken(")")])

    def expr(self, node: ast.Expr, least: int = _CONDITIONAL) -> Doc:
        found = self._expr(node)
        return ["(", found, ")"] if _level(node) < least else found

    def _expr(self, node: ast.Expr) -> Doc:
        match node:
            case ast.Name():
                return node.name
            case ast.Str():
                return self.string(node)
            case ast.Number() | ast.Duration():
                return self.slice_text(node.span)
            case ast.Constant():
                return {True: "true", False: "false", None: "none"}[node.value]
            case ast.ListExpr():
                return self.brackets("[", node.items, [self.expr(i) for i in node.items], "]", node.span)
            case ast.TupleExpr():
                items = [self.expr(item) for item in node.items]
                if len(items) == 1 and not self._comments_in(node.span):
                    return ["(", items[0], ",)"]
                return self.brackets("(", node.items, items, ")", node.span)
            case ast.DictExpr():
                entries = [[self.expr(key), ": ", self.expr(value)] for key, value in node.entries]
                spans = [key.span.to(value.span) for key, value in node.entries]
                return self._brackets("{", spans, entries, "}", node.span)
            case ast.Attribute():
                return [self.expr(node.value, _POSTFIX), ".", node.name.name]
            case ast.Index():
                return [self.expr(node.value, _POSTFIX), "[", self.expr(node.index), "]"]
            case ast.Slice():
                return [self.expr(node.value, _POSTFIX), "[", *self._bounds(node), "]"]
            case ast.Call():
                function = self.expr(node.function, _POSTFIX)
                return [function, self.arguments(node.args, Span(node.function.span.end, node.span.end))]
            case ast.Unary():
                word = "not " if node.op == "not" else "-"
                return [word, self.expr(node.operand, _NOT if node.op == "not" else _MINUS)]
            case ast.Comprehension():
                return self._comprehension(node)
        return list(self._chain(node, " "))

    def _chain(self, node: ast.Expr, gap: Doc) -> list[Doc]:
        """Operands and operators, `gap` in front of each operator."""
        match node:
            case ast.Logic():
                least = _AND if node.op == "or" else _NOT
                first, *rest = (self.expr(operand, least) for operand in node.operands)
                return [first, *([gap, f"{node.op} ", operand] for operand in rest)]
            case ast.Compare():
                first, *rest = (self.expr(operand, _SUM) for operand in node.operands)
                return [first, *([gap, f"{op} ", x] for op, x in zip(node.ops, rest, strict=True))]
            case ast.Binary():
                level = _level(node)
                right = [gap, f"{node.op} ", self.expr(node.right, level + 1)]
                if _level(node.left) == level:
                    return [*self._chain(node.left, gap), right]
                return [self.expr(node.left, level), right]
            case ast.Conditional():
                then, condition = self.expr(node.then, _OR), self.expr(node.condition, _OR)
                return [then, [gap, "if ", condition], [gap, "else ", self.expr(node.otherwise)]]
        return [self.expr(node)]

    def _bounds(self, node: ast.Slice) -> list[Doc]:
        bounds: list[Doc] = [self.expr(node.start) if node.start else "", ":"]
        bounds.append(self.expr(node.stop) if node.stop else "")
        return [*bounds, ":", self.expr(node.step)] if node.step else bounds

    def _comprehension(self, node: ast.Comprehension) -> Doc:
        parts: list[Doc] = [self.expr(node.element)]
        for clause in node.clauses:
            targets = ", ".join(name.name for name in clause.targets)
            conditions = [[" if ", self.expr(condition, _OR)] for condition in clause.conditions]
            parts.append([f"for {targets} in ", self.expr(clause.iterable, _OR), *conditions])
        nodes = [node.element, *node.clauses]
        return self._brackets("[", [part.span for part in nodes], parts, "]", node.span, commas=False)

    def arguments(self, args: Sequence[ast.Argument], span: Span) -> Doc:
        docs: list[Doc] = [
            [f"{arg.name.name}=", self.expr(arg.value)] if arg.name else self.expr(arg.value) for arg in args
        ]
        return self.brackets("(", args, docs, ")", span)

    # --- brackets and the comments in them ---

    def brackets(self, opening: str, nodes: Sequence[ast.Node], docs: Sequence[Doc], closing: str, span: Span) -> Doc:
        return self._brackets(opening, [node.span for node in nodes], docs, closing, span)

    def _brackets(
        self, opening: str, spans: Sequence[Span], docs: Sequence[Doc], closing: str, span: Span, *, commas: bool = True
    ) -> Doc:
        if not self._comments_in(span):
            if commas:
                return bracketed(opening, docs, closing)
            lines = [[Line(" " if index else ""), doc] for index, doc in enumerate(docs)]
            return Group(opening, lines, [Line(), closing])
        first = self._take(Span(span.start, spans[0].start if spans else span.end), own_line=False)
        start: list[Doc] = [opening, *(f"  {comment.text}" for comment in first[:1])]
        inner = _comment_lines(first[1:])
        position = span.start
        for index, (item, doc) in enumerate(zip(spans, docs, strict=True)):
            inner += _comment_lines(self._take(Span(position, item.end)))
            inner += [Line(), doc, "," if commas else ""]
            position = item.end
            until = spans[index + 1].start if index + 1 < len(spans) else span.end
            trailing = self._take(Span(position, until), own_line=False)
            inner += [f"  {comment.text}" for comment in trailing[:1]]
            inner += _comment_lines(trailing[1:])
        inner += _comment_lines(self._take(Span(position, span.end)))
        return Group(start, inner, [Line(), closing], forced=True)

    def _comments_in(self, span: Span) -> bool:
        at = bisect_left(self.comments, span.start, key=_comment_start)
        return at < len(self.comments) and self.comments[at].span.start < span.end

    def _take(self, span: Span, own_line: bool | None = None) -> list[Comment]:
        """The comments in a span, all of them or those of one kind; they are taken off the list."""
        if not self._comments_in(span):
            return []
        first = bisect_left(self.comments, span.start, key=_comment_start)
        last = bisect_left(self.comments, span.end, key=_comment_start)
        within = self.comments[first:last]
        found = [comment for comment in within if own_line in (None, comment.own_line)]
        self.comments[first:last] = [comment for comment in within if own_line not in (None, comment.own_line)]
        return found

    # --- strings ---

    def string(self, node: ast.Str) -> Doc:
        raw = self.strings[node.span.start]
        holes = [part for part in node.parts if isinstance(part, ast.Hole)]
        if node.block and "\n" in self.slice_text(node.span):
            return self._block(raw, holes)
        line = self._one_line(node, raw, holes)
        return Verbatim(tuple((part, False) for part in line.split("\n"))) if "\n" in line else line

    def _one_line(self, node: ast.Str, raw: RawString, holes: list[ast.Hole]) -> str:
        first, *rest = (self.slice_text(span) for span in text_spans(raw))
        quote = '"""' if node.block else '"'
        inside = first + "".join(self.hole(hole) + text for hole, text in zip(holes, rest, strict=True))
        return f"{node.prefix}{quote}{inside}{quote}"

    def hole(self, hole: ast.Hole) -> str:
        source = self.slice_text(hole.span)
        if "\n" in source:
            return source.replace("\r\n", "\n")
        inside = flat(self.generation(hole.content))
        return f"{{ {inside} }}" if inside.startswith("{") else f"{{{inside}}}"

    def _block(self, raw: RawString, holes: list[ast.Hole]) -> Verbatim:
        """A block's lines; lines of its own move with the statement, those inside of a hole stay as they are."""
        block = block_text(self.text, raw)
        lines: list[tuple[str, bool]] = [(f'{raw.prefix}"""', False)]
        if block.opens_alone:
            lines.append(("", True))
        for index, runs in enumerate(block.pieces):
            for run in runs:
                text, newline, _ = run.text.partition("\n")
                lines[-1] = (lines[-1][0] + text, lines[-1][1])
                if newline:
                    lines.append(("", True))
            if index < len(holes):
                first, *rest = self.hole(holes[index]).split("\n")
                lines[-1] = (lines[-1][0] + first, lines[-1][1])
                lines += [(line, False) for line in rest]
        if block.closes_alone and block.pieces != [[]]:
            lines.append(("", True))
        lines[-1] = (lines[-1][0] + '"""', lines[-1][1])
        return Verbatim(tuple(lines))

    # --- what a hole can hold besides expressions ---

    def generation(self, node: ast.Gen | ast.Select | ast.ModelCall | ast.Expr) -> Doc:
        match node:
            case ast.Gen():
                type_: Doc = [": ", self.type(node.type)] if node.type else ""
                return [f"gen {node.name.name}", type_, self.options(node.options)]
            case ast.Select():
                by = f" by {node.by.name}" if node.by else ""
                return [f"select {node.name.name} from ", self.expr(node.choices), by, self.options(node.options)]
            case ast.ModelCall():
                choices: list[Doc] = []
                for choice in node.choices:
                    fields: Doc = "" if choice.fields is None else self.params(choice.fields, choice.span)
                    choices += [" | " if choices else "", choice.name.name, fields]
                return [f"call {node.name.name}: ", *choices, self.options(node.options)]
        return self.expr(node)

    def options(self, options: Sequence[ast.Option]) -> Doc:
        """` with a=1, b=2`, or nothing."""
        parts: list[Doc] = []
        for option in options:
            parts += [", " if parts else " with ", f"{option.name.name}=", self.expr(option.value)]
        return parts

    def params(self, fields: Sequence[ast.FieldDecl], span: Span) -> Doc:
        """`span` begins somewhere in front of the bracket and ends with it."""
        return self.brackets("(", fields, [self.field(field) for field in fields], ")", span)

    def field(self, field: ast.FieldDecl) -> Doc:
        default: Doc = [" = ", self.expr(field.default)] if field.default else ""
        return [f"{field.name.name}: ", self.type(field.type), default, self.description(field.description)]

    def description(self, node: ast.Str | None) -> Doc:
        return [" ", self.string(node)] if node else ""

    # --- types ---

    def type(self, node: ast.TypeExpr) -> Doc:
        """A type on its own: a union that is too long for the line breaks inside of brackets."""
        if not isinstance(node, ast.TypeUnion):
            return self._type(node)
        first, *rest = (self._member(member) for member in node.members)
        inner = [Line(), first, *([Line(" "), "| ", member] for member in rest)]
        return Group(IfBroken("("), inner, [Line(), IfBroken(")")])

    def _member(self, node: ast.TypeExpr) -> Doc:
        return ["(", self._union(node), ")"] if isinstance(node, ast.TypeUnion) else self._type(node)

    def _union(self, node: ast.TypeUnion) -> Doc:
        first, *rest = (self._member(member) for member in node.members)
        return [first, *([" | ", member] for member in rest)]

    def _type(self, node: ast.TypeExpr) -> Doc:
        match node:
            case ast.TypeRegex():
                return self.string(node.pattern)
            case ast.TypeSchema():
                return ["schema ", self.string(node.path)]
            case ast.TypeOptional():
                return [self._member(node.item), "?"]
            case ast.TypeLiteral():
                return self._expr(node.value)
            case ast.TypeUnion():
                return self._union(node)
        end = node.options[0].span.start if node.options else node.span.end
        args: Doc = ""
        if node.args:
            docs = [self.type(arg) for arg in node.args]
            args = self.brackets("[", node.args, docs, "]", Span(node.name.span.end, end))
        options: Doc = ""
        if node.options:
            start = node.args[-1].span.end if node.args else node.name.span.end
            docs = [[f"{option.name.name}=", self.expr(option.value)] for option in node.options]
            options = self.brackets("(", node.options, docs, ")", Span(start, node.span.end))
        return [node.name.name, args, options]


def _comment_start(comment: Comment) -> int:
    return comment.span.start


def _comment_lines(comments: Sequence[Comment]) -> list[Doc]:
    return [[Line(), comment.text] for comment in comments]
