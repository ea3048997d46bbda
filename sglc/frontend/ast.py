"""The syntax tree: frozen nodes, each with the Span of its text. A tree says what was written, not what it means."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

from sglc.source import SourceFile, Span


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


# --- statements ------------------------------------------------------------------------------------------------------


class Prompt(Node, frozen=True, eq=False):
    """A string as a statement: it is appended to the context."""

    text: Str


class Role(Node, frozen=True, eq=False):
    """`user: ...`. One line holds one small statement or an expression (`Insert`); a block any statements."""

    role: Name
    body: tuple[Stmt, ...]
    block: bool


class Insert(Node, frozen=True, eq=False):
    """An expression behind a role's colon: its text is appended."""

    value: Expr


class GenStmt(Node, frozen=True, eq=False):
    """A gen, select or call as a statement."""

    content: Gen | Select | ModelCall


class Assign(Node, frozen=True, eq=False):
    """`a = value`, `a, b = value`"""

    targets: tuple[Name, ...]
    value: Expr


class Use(Node, frozen=True, eq=False):
    """`use template(...)`, `name = use template(...)`"""

    targets: tuple[Name, ...]
    template: Name
    args: tuple[Argument, ...]


class ExprStmt(Node, frozen=True, eq=False):
    """A call for its own sake."""

    value: Expr


class Branch(Node, frozen=True, eq=False):
    """A condition (None: else) and what it guards."""

    condition: Expr | None
    body: tuple[Stmt, ...]


class If(Node, frozen=True, eq=False):
    branches: tuple[Branch, ...]


class Case(Node, frozen=True, eq=False):
    """`case a | b:`; a pattern is a Name (`_` too), an Attribute, a Str, a Number, a Constant or a Unary minus."""

    patterns: tuple[Expr, ...]
    body: tuple[Stmt, ...]


class Match(Node, frozen=True, eq=False):
    subject: Expr
    cases: tuple[Case, ...]


class For(Node, frozen=True, eq=False):
    """`for x in xs:`; with `collect`, `name = for ...` gathers what `yield` gives."""

    collect: Name | None
    targets: tuple[Name, ...]
    iterable: Expr
    body: tuple[Stmt, ...]


class While(Node, frozen=True, eq=False):
    """`while condition max n:`; bound None is an error that the checker reports where the body generates."""

    condition: Expr
    bound: Expr | None
    body: tuple[Stmt, ...]


class Loop(Node, frozen=True, eq=False):
    bound: Expr | None
    body: tuple[Stmt, ...]


class Fork(Node, frozen=True, eq=False):
    """`name = fork x in xs:` and its `except`, which guards each branch."""

    collect: Name | None
    targets: tuple[Name, ...]
    iterable: Expr
    body: tuple[Stmt, ...]
    handler: Handler | None


class Encode(Node, frozen=True, eq=False):
    """`encode d in docs:`"""

    target: Name
    iterable: Expr
    options: tuple[Option, ...]
    body: tuple[Stmt, ...]


class Handler(Node, frozen=True, eq=False):
    """`except name:`"""

    name: Name | None
    body: tuple[Stmt, ...]


class Try(Node, frozen=True, eq=False):
    body: tuple[Stmt, ...]
    handler: Handler


class Ensure(Node, frozen=True, eq=False):
    condition: Expr
    reason: Expr | None
    retry: Expr | None


class Return(Node, frozen=True, eq=False):
    value: Expr | None


class Yield(Node, frozen=True, eq=False):
    value: Expr


class Fail(Node, frozen=True, eq=False):
    message: Expr


class Expect(Node, frozen=True, eq=False):
    condition: Expr


class Jump(Node, frozen=True, eq=False):
    """`break`, `continue` or `pass`."""

    word: str


Stmt: TypeAlias = (
    Prompt | Role | Insert | GenStmt | Assign | Use | ExprStmt | If | Match | For | While | Loop | Fork | Encode | Try
    | Ensure | Return | Yield | Fail | Expect | Jump
)  # fmt: skip


# --- declarations ----------------------------------------------------------------------------------------------------


class Decorator(Node, frozen=True, eq=False):
    name: Name
    args: tuple[Argument, ...]


class ImportName(Node, frozen=True, eq=False):
    name: Name
    alias: Name | None


class Import(Node, frozen=True, eq=False):
    """`from "./types.sgl" import Address as A`"""

    path: Str
    names: tuple[ImportName, ...]


class ConstDecl(Node, frozen=True, eq=False):
    name: Name
    value: Expr
    description: Str | None


class EnumMemberDecl(Node, frozen=True, eq=False):
    name: Name
    description: Str | None


class EnumDecl(Node, frozen=True, eq=False):
    """`enum E: a | b`, or a block with one member a line."""

    name: Name
    members: tuple[EnumMemberDecl, ...]
    description: Str | None
    block: bool


class TypeDecl(Node, frozen=True, eq=False):
    """A record. `bound` is the `max n` of a recursive one."""

    name: Name
    bound: Expr | None
    fields: tuple[FieldDecl, ...]
    description: Str | None


class AliasDecl(Node, frozen=True, eq=False):
    name: Name
    type: TypeExpr
    description: Str | None


class HttpImpl(Node, frozen=True, eq=False):
    method: Name
    url: Str
    options: tuple[Option, ...]


class PythonImpl(Node, frozen=True, eq=False):
    target: Str
    options: tuple[Option, ...]


class ToolDecl(Node, frozen=True, eq=False):
    name: Name
    params: tuple[FieldDecl, ...]
    result: TypeExpr | None
    description: Str | None
    impl: HttpImpl | PythonImpl


class FuncDecl(Node, frozen=True, eq=False):
    """A `def` or a `template` (`kind`). `bound` is the recursion depth of a def."""

    kind: str
    name: Name
    params: tuple[FieldDecl, ...]
    result: TypeExpr | None
    bound: Expr | None
    description: Str | None
    body: tuple[Stmt, ...]
    decorators: tuple[Decorator, ...]


class TurnDecl(Node, frozen=True, eq=False):
    """`turn(msg: str) -> str:` of a session."""

    params: tuple[FieldDecl, ...]
    result: TypeExpr | None
    description: Str | None
    body: tuple[Stmt, ...]


class SessionDecl(Node, frozen=True, eq=False):
    """States and statements before the turn, in order of writing, in `body`."""

    name: Name
    params: tuple[FieldDecl, ...]
    description: Str | None
    states: tuple[FieldDecl, ...]
    body: tuple[Stmt, ...]
    turns: tuple[TurnDecl, ...]
    decorators: tuple[Decorator, ...]


class ModelDecl(Node, frozen=True, eq=False):
    name: Name
    path: Str
    options: tuple[Option, ...]


class TestDecl(Node, frozen=True, eq=False):
    name: Str
    options: tuple[Option, ...]
    body: tuple[Stmt, ...]


Decl: TypeAlias = (
    Import | ConstDecl | EnumDecl | TypeDecl | AliasDecl | ToolDecl | FuncDecl | SessionDecl | ModelDecl | TestDecl
)


class Comment(msgspec.Struct, frozen=True):
    """`# ...` up to the line's end; `own_line` when nothing but blanks stands before it."""

    span: Span
    text: str
    own_line: bool


class Module(msgspec.Struct, frozen=True, eq=False):
    """One file. `broken` holds the names of declarations that did not parse, so that uses of them are not reported too."""

    source: SourceFile
    doc: Str | None
    decls: tuple[Decl, ...]
    comments: tuple[Comment, ...]
    broken: frozenset[str] = frozenset()


def dump(node: Any) -> Any:
    """The tree as nested tuples without spans: two trees that dump alike mean the same program."""
    if isinstance(node, Node):
        return (type(node).__name__, *(dump(getattr(node, f)) for f in node.__struct_fields__ if f != "span"))
    if isinstance(node, Module):
        return ("Module", dump(node.doc), dump(node.decls))
    return tuple(dump(item) for item in node) if isinstance(node, tuple) else node
