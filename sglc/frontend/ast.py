"""The syntax tree: frozen nodes, each with the Span of its text. A tree says what was written, not what it means."""

from __future__ import annotations

from typing import Any, TypeAlias

import msgspec

from sglc.frontend.ast_expr import (
    Argument,
    Attribute,
    Binary,
    Call,
    CallChoice,
    Clause,
    Compare,
    Comprehension,
    Conditional,
    Constant,
    DictExpr,
    Duration,
    Expr,
    FieldDecl,
    Gen,
    Hole,
    Index,
    ListExpr,
    Logic,
    ModelCall,
    Name,
    Node,
    Number,
    Option,
    Select,
    Slice,
    Str,
    Text,
    TupleExpr,
    TypeExpr,
    TypeLiteral,
    TypeName,
    TypeOptional,
    TypeRegex,
    TypeSchema,
    TypeUnion,
    Unary,
)
from sglc.source import SourceFile, Span

__all__ = [
    "AliasDecl", "Argument", "Assign", "Attribute", "Binary", "Branch", "Call", "CallChoice", "Case", "Clause",
    "Comment", "Compare", "Comprehension", "Conditional", "ConstDecl", "Constant", "Decl", "Decorator", "DictExpr",
    "Duration", "Encode", "Ensure", "EnumDecl", "EnumMemberDecl", "Expect", "Expr", "ExprStmt", "Fail", "FieldDecl",
    "For", "Fork", "FuncDecl", "Gen", "GenStmt", "Handler", "Hole", "HttpImpl", "If", "Import", "ImportName",
    "Index", "Insert", "Jump", "ListExpr", "Logic", "Loop", "Match", "ModelCall", "ModelDecl", "Module", "Name",
    "Node", "Number", "Option", "Prompt", "PythonImpl", "Return", "Role", "Select", "SessionDecl", "Slice", "Stmt",
    "Str", "TestDecl", "Text", "ToolDecl", "Try", "TupleExpr", "TurnDecl", "TypeDecl", "TypeExpr", "TypeLiteral",
    "TypeName", "TypeOptional", "TypeRegex", "TypeSchema", "TypeUnion", "Unary", "Use", "While", "Yield", "dump",
]  # fmt: skip


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
