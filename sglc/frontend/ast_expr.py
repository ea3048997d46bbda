"""The syntax tree below statements: names, strings, expressions, generations, types. Import it through ast.py."""

from __future__ import annotations

from typing import TypeAlias

import msgspec

from sglc.source import Span


class Node(msgspec.Struct, frozen=True, eq=False):
    """Compared and hashed by identity, so that tables of facts can be keyed by node; `same` compares structure."""

    span: Span


class Name(Node, frozen=True, eq=False):
    """An identifier; an expression, or the name that a declaration introduces."""

    name: str


# --- strings ---------------------------------------------------------------------------------------------------------


class Text(Node, frozen=True, eq=False):
    """Constant text of a string, escapes decoded."""

    text: str


class Hole(Node, frozen=True, eq=False):
    """`{...}` in a string; the span includes the braces."""

    content: Gen | Select | ModelCall | Expr


class Str(Node, frozen=True, eq=False):
    """A string literal. `prefix` is "", "r" or "re"; `block` marks triple quotes."""

    parts: tuple[Text | Hole, ...]
    prefix: str = ""
    block: bool = False

    @property
    def constant(self) -> str | None:
        """The text when there is no hole."""
        texts = [p.text for p in self.parts if isinstance(p, Text)]
        return "".join(texts) if len(texts) == len(self.parts) else None


# --- expressions -----------------------------------------------------------------------------------------------------


class Number(Node, frozen=True, eq=False):
    value: int | float


class Duration(Node, frozen=True, eq=False):
    """`5s`, `200ms`, `2m`; `seconds` is its value."""

    seconds: float


class Constant(Node, frozen=True, eq=False):
    """`true`, `false` or `none`."""

    value: bool | None


class ListExpr(Node, frozen=True, eq=False):
    items: tuple[Expr, ...]


class TupleExpr(Node, frozen=True, eq=False):
    items: tuple[Expr, ...]


class DictExpr(Node, frozen=True, eq=False):
    entries: tuple[tuple[Expr, Expr], ...]


class Attribute(Node, frozen=True, eq=False):
    value: Expr
    name: Name


class Index(Node, frozen=True, eq=False):
    value: Expr
    index: Expr


class Slice(Node, frozen=True, eq=False):
    value: Expr
    start: Expr | None
    stop: Expr | None
    step: Expr | None


class Argument(Node, frozen=True, eq=False):
    """`value` or `name=value` in a call."""

    name: Name | None
    value: Expr


class Call(Node, frozen=True, eq=False):
    """A function, tool, builtin, method or record type applied to arguments."""

    function: Expr
    args: tuple[Argument, ...]


class Unary(Node, frozen=True, eq=False):
    """op: "-" or "not"."""

    op: str
    operand: Expr


class Binary(Node, frozen=True, eq=False):
    """op: + - * / // %"""

    op: str
    left: Expr
    right: Expr


class Logic(Node, frozen=True, eq=False):
    """op: "and" or "or", over two operands or more."""

    op: str
    operands: tuple[Expr, ...]


class Compare(Node, frozen=True, eq=False):
    """`a < b <= c`: ops has one entry less than operands. Ops: == != < <= > >= in "not in"."""

    operands: tuple[Expr, ...]
    ops: tuple[str, ...]


class Conditional(Node, frozen=True, eq=False):
    """`then if condition else otherwise`"""

    condition: Expr
    then: Expr
    otherwise: Expr


class Clause(Node, frozen=True, eq=False):
    """`for targets in iterable if ...` of a comprehension."""

    targets: tuple[Name, ...]
    iterable: Expr
    conditions: tuple[Expr, ...]


class Comprehension(Node, frozen=True, eq=False):
    """`[element for ...]`; over calls it is a parallel map."""

    element: Expr
    clauses: tuple[Clause, ...]


Expr: TypeAlias = (
    Name | Str | Number | Duration | Constant | ListExpr | TupleExpr | DictExpr | Attribute | Index | Slice | Call
    | Unary | Binary | Logic | Compare | Conditional | Comprehension
)  # fmt: skip


class Option(Node, frozen=True, eq=False):
    """`name=value` after `with`."""

    name: Name
    value: Expr


class Gen(Node, frozen=True, eq=False):
    """`gen name: T with ...`; type None means str."""

    name: Name
    type: TypeExpr | None
    options: tuple[Option, ...]


class Select(Node, frozen=True, eq=False):
    """`select name from choices by likelihood with scores=s`; by None means likelihood."""

    name: Name
    choices: Expr
    by: Name | None
    options: tuple[Option, ...]


class CallChoice(Node, frozen=True, eq=False):
    """A tool's name, or an inline record `finish(answer: str)` (fields not None)."""

    name: Name
    fields: tuple[FieldDecl, ...] | None


class ModelCall(Node, frozen=True, eq=False):
    """`call name: a | b | done(x: T) with ...`: the model chooses a tool."""

    name: Name
    choices: tuple[CallChoice, ...]
    options: tuple[Option, ...]


# --- types -----------------------------------------------------------------------------------------------------------


class TypeName(Node, frozen=True, eq=False):
    """A type's name with its arguments `[...]` and refinements `(min=, max=)`."""

    name: Name
    args: tuple[TypeExpr, ...]
    options: tuple[Option, ...]


class TypeRegex(Node, frozen=True, eq=False):
    pattern: Str


class TypeLiteral(Node, frozen=True, eq=False):
    """A string, number, `true`, `false` or `none` as a type."""

    value: Str | Number | Constant | Unary


class TypeSchema(Node, frozen=True, eq=False):
    """`schema "file.json"`"""

    path: Str


class TypeOptional(Node, frozen=True, eq=False):
    item: TypeExpr


class TypeUnion(Node, frozen=True, eq=False):
    members: tuple[TypeExpr, ...]


TypeExpr: TypeAlias = TypeName | TypeRegex | TypeLiteral | TypeSchema | TypeOptional | TypeUnion


class FieldDecl(Node, frozen=True, eq=False):
    """A record's field, a parameter or a state variable."""

    name: Name
    type: TypeExpr
    default: Expr | None
    description: Str | None
