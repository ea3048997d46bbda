"""Reductions of the grammar -> AST: expressions, types, options and the three ways to generate; the base of builder.py.

Each method bears the name of its rule and gets the span and the children: nodes, tokens, or None for what is absent.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from sglc.frontend import ast, tables
from sglc.frontend.automaton import Method
from sglc.frontend.errors import lexical
from sglc.frontend.errors import syntax as e
from sglc.frontend.findings import Findings
from sglc.frontend.lexer import Token
from sglc.source import SourceFile, Span

_UNITS = {"ms": 0.001, "s": 1.0, "m": 60.0, "h": 3600.0}
_CONSTANTS = {"true": True, "false": False, "none": None}
_PYTHON_CONSTANTS = {"True": "true", "False": "false", "None": "none"}
MAX_DIGITS = 18

Children = list[Any]


def names(tokens: Iterable[Token]) -> tuple[ast.Name, ...]:
    return tuple(ast.Name(token.span, token.text) for token in tokens)


class ExprBuilder:
    """`strings` are the built strings of the file, by the offset of their first character."""

    def __init__(self, source: SourceFile, strings: Mapping[int, ast.Str], errors: Findings, in_hole: bool) -> None:
        self.source, self.strings, self.errors, self.in_hole = source, strings, errors, in_hole
        rules = tables.load().rules
        self.methods: dict[str, Method] = {
            name: getattr(self, name) for name in {r.name for r in rules if tables.has_method(r)}
        }

    # --- names and constants ---

    def name(self, span: Span, kids: Children) -> ast.Name:
        return ast.Name(span, kids[0].text)

    def name_expr(self, span: Span, kids: Children) -> ast.Expr:
        word = kids[0].text
        if word in _PYTHON_CONSTANTS:
            self.errors.append(e.python_word(self.source, span, word, f"write `{_PYTHON_CONSTANTS[word]}`"))
        return ast.Name(span, word)

    def targets(self, span: Span, kids: Children) -> tuple[ast.Name, ...]:
        return names(kids)

    def string(self, span: Span, kids: Children) -> ast.Str:
        return self.strings.get(span.start) or ast.Str(span, ())

    regex = string

    def number(self, span: Span, kids: Children) -> ast.Number:
        text = kids[0].text.replace("_", "")
        value: int | float
        if set(text) & set(".eE"):
            value = float(text)
        else:
            value = int(text) if len(text.lstrip("0")) <= MAX_DIGITS else float("inf")
        if value == float("inf"):
            self.errors.append(lexical.NumberTooLarge(source=self.source, span=span))
        return ast.Number(span, value)

    def duration(self, span: Span, kids: Children) -> ast.Duration:
        text = kids[0].text
        digits = text.rstrip("hms")
        return ast.Duration(span, float(digits) * _UNITS[text[len(digits) :]])

    def constant(self, span: Span, kids: Children) -> ast.Constant:
        return ast.Constant(span, _CONSTANTS[kids[0].text])

    # --- operators ---

    def conditional(self, span: Span, kids: Children) -> ast.Conditional:
        then, condition, otherwise = kids
        return ast.Conditional(span, condition, then, otherwise)

    def or_(self, span: Span, kids: Children) -> ast.Logic:
        return ast.Logic(span, "or", tuple(kids))

    def and_(self, span: Span, kids: Children) -> ast.Logic:
        return ast.Logic(span, "and", tuple(kids))

    def not_(self, span: Span, kids: Children) -> ast.Unary:
        return ast.Unary(span, "not", kids[0])

    def minus(self, span: Span, kids: Children) -> ast.Unary:
        return ast.Unary(span, "-", kids[0])

    negative = minus

    def compare(self, span: Span, kids: Children) -> ast.Compare:
        return ast.Compare(span, tuple(kids[::2]), tuple(kids[1::2]))

    def compare_op(self, span: Span, kids: Children) -> str:
        return " ".join(token.text for token in kids)

    def sum(self, span: Span, kids: Children) -> ast.Binary:
        left, op, right = kids
        return ast.Binary(span, op.text, left, right)

    product = sum

    def attribute(self, span: Span, kids: Children) -> ast.Attribute:
        value, name = kids
        return ast.Attribute(span, value, ast.Name(name.span, name.text))

    def index(self, span: Span, kids: Children) -> ast.Index:
        return ast.Index(span, *kids)

    def slice(self, span: Span, kids: Children) -> ast.Slice:
        value, start, stop, *step = kids
        return ast.Slice(span, value, start, stop, step[0] if step else None)

    def apply(self, span: Span, kids: Children) -> ast.Call:
        function, *args = kids
        return ast.Call(span, function, self.arguments(args))

    def arguments(self, args: Children) -> tuple[ast.Argument, ...]:
        found = tuple(arg for arg in args if arg is not None)
        self._no_duplicates([arg.name for arg in found if arg.name is not None])
        return found

    def argument(self, span: Span, kids: Children) -> ast.Argument:
        name, value = kids
        return ast.Argument(span, name and ast.Name(name.span, name.text), value)

    def _no_duplicates(self, given: list[ast.Name]) -> None:
        seen: set[str] = set()
        for name in given:
            if name.name in seen:
                self.errors.append(e.DuplicateOption(source=self.source, span=name.span, name=name.name))
            seen.add(name.name)

    # --- collections ---

    def list(self, span: Span, kids: Children) -> ast.ListExpr:
        return ast.ListExpr(span, _present(kids))

    def tuple(self, span: Span, kids: Children) -> ast.TupleExpr:
        return ast.TupleExpr(span, _present(kids))

    def dict(self, span: Span, kids: Children) -> ast.DictExpr:
        return ast.DictExpr(span, _present(kids))

    def entry(self, span: Span, kids: Children) -> Any:
        return tuple(kids)

    def comprehension(self, span: Span, kids: Children) -> ast.Comprehension:
        element, *clauses = kids
        return ast.Comprehension(span, element, tuple(clauses))

    def clause(self, span: Span, kids: Children) -> ast.Clause:
        targets, iterable, *conditions = kids
        return ast.Clause(span, targets, iterable, tuple(conditions))

    # --- types ---

    def union(self, span: Span, kids: Children) -> ast.TypeUnion:
        return ast.TypeUnion(span, tuple(kids))

    def optional(self, span: Span, kids: Children) -> ast.TypeOptional:
        return ast.TypeOptional(span, kids[0])

    def type_name(self, span: Span, kids: Children) -> ast.TypeName:
        name, args, options = kids
        if name.name in _PYTHON_CONSTANTS:
            help_ = f"write `{_PYTHON_CONSTANTS[name.name]}`"
            self.errors.append(e.python_word(self.source, name.span, name.name, help_))
        return ast.TypeName(span, name, args or (), options or ())

    def type_regex(self, span: Span, kids: Children) -> ast.TypeRegex:
        return ast.TypeRegex(span, kids[0])

    def type_literal(self, span: Span, kids: Children) -> ast.TypeLiteral:
        value = kids[0]
        return ast.TypeLiteral(span, self.constant(span, kids) if isinstance(value, Token) else value)

    def type_schema(self, span: Span, kids: Children) -> ast.TypeSchema:
        return ast.TypeSchema(span, kids[0])

    def type_args(self, span: Span, kids: Children) -> Any:
        return tuple(kids)

    # --- generation ---

    def gen(self, span: Span, kids: Children) -> ast.Gen | ast.GenStmt:
        gen = ast.Gen(span, *kids)
        return gen if self.in_hole else ast.GenStmt(span, gen)

    def select(self, span: Span, kids: Children) -> ast.Select | ast.GenStmt:
        select = ast.Select(span, *kids)
        return select if self.in_hole else ast.GenStmt(span, select)

    def call(self, span: Span, kids: Children) -> ast.ModelCall | ast.GenStmt:
        name, *choices, options = kids
        call = ast.ModelCall(span, name, tuple(choices), options)
        return call if self.in_hole else ast.GenStmt(span, call)

    def call_choice(self, span: Span, kids: Children) -> ast.CallChoice:
        return ast.CallChoice(span, *kids)

    def options(self, span: Span, kids: Children) -> Any:
        found = _present(kids)
        self._no_duplicates([option.name for option in found])
        return found

    type_options = options

    def option(self, span: Span, kids: Children) -> ast.Option:
        return ast.Option(span, *kids)


def _present(kids: Children) -> tuple[Any, ...]:
    return tuple(kid for kid in kids if kid is not None)
