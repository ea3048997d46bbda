"""What checking finds out: a TypedProgram is the AST plus tables of facts, keyed by node."""

from __future__ import annotations

from pathlib import Path
from typing import Any, Literal, TypeAlias

import msgspec

from sglc.frontend import ast
from sglc.frontend.resolve import Linked, Symbol, Unit
from sglc.ir.tools import ToolSpec
from sglc.ir.types import Declared, Field, Type
from sglc.source import Span


class Signature(msgspec.Struct, eq=False):
    """A def, template, tool, turn or session as its callers see it. `result` None: gives nothing."""

    symbol: Symbol
    kind: str
    fields: tuple[Field, ...]
    result: Type | None
    depth: int | None = None
    effect: bool = False
    has_roles: bool = False
    has_text: bool = False
    generates: bool = False

    @property
    def name(self) -> str:
        return self.symbol.unique


class Local(msgspec.Struct, frozen=True, eq=False):
    """A name that is a variable, parameter or generated value."""

    name: str


class ConstantRef(msgspec.Struct, frozen=True, eq=False):
    """A name, or `Enum.member`, that stands for a value known now."""

    value: Any
    type: Type


Binding: TypeAlias = Local | ConstantRef


class CallTarget(msgspec.Struct, frozen=True, eq=False):
    """What a call runs. `args` are in parameter order; an entry that is not an expression is a default's JSON text.

    function, tool, session: `name` is the unique name. turn: of a session value (`receiver`). record: `name` is the
    type. builtin: `name` is a function of ir/values.py. describe: `text` is the finished text.
    """

    kind: Literal["function", "tool", "session", "turn", "record", "builtin", "tokens", "describe"]
    name: str
    args: tuple[ast.Expr | str, ...] = ()
    receiver: ast.Expr | None = None
    text: str = ""


class GenFacts(msgspec.Struct, frozen=True, eq=False):
    """A gen, select or call: its constant options by name, the others as expressions, and the names that it binds."""

    type: Type
    constants: dict[str, Any]
    dynamic: dict[str, ast.Expr]
    samples: int = 1
    reasoning: str = ""
    logprobs: str = ""
    scores: str = ""
    model: str = ""


class Variable(msgspec.Struct, eq=False):
    """A function's variable. Its type is that of its first assignment (an empty list's is widened by later ones)."""

    type: Type
    span: Span
    what: str = "variable"
    used: bool = False


class TypedProgram(msgspec.Struct, eq=False):
    """A checked program. Types, bindings and targets hold every node of every unit that was checked without error."""

    linked: Linked
    table: dict[str, Declared]
    types: dict[ast.Node, Type] = {}
    bindings: dict[ast.Node, Binding] = {}
    calls: dict[ast.Call, CallTarget] = {}
    gens: dict[ast.Node, GenFacts] = {}
    roles: dict[ast.Node, str | None] = {}
    """The role statement around each generation, None outside of all."""
    described: dict[ast.Call, tuple[Type | str, ...]] = {}
    """What each `describe` names: types, and tools by their unique name."""
    coercions: dict[ast.Node, Type] = {}
    constants: dict[ast.Node, Any] = {}
    """Values of nodes that must be constant: bounds, options, defaults."""
    retries: dict[ast.Ensure, int] = {}
    """For `ensure ... retry`: the position in its block where a retry starts."""
    uses: dict[ast.Use, tuple[Signature, tuple[ast.Expr | str, ...]]] = {}
    patterns: dict[ast.Expr, Any] = {}
    signatures: dict[str, Signature] = {}
    units_of: dict[str, Unit] = {}
    effects: frozenset[str] = frozenset()
    """Functions and tools (unique names) that are, or can reach, a tool with an effect."""
    generated: list[tuple[Type, Unit, ast.Node]] = []
    """Every type that is generated, with its place: what the constraint checks look at."""
    callees: dict[str, set[str]] = {}
    variables: dict[ast.Name, Variable] = {}
    """For each name that a statement binds: the variable, whose type is final once checking is done."""
    tools: dict[str, ToolSpec] = {}
    states: dict[str, tuple[Field, ...]] = {}
    model_defaults: dict[str, dict[str, Any]] = {}
    """Default options of each model by its unique name; those of the default model under ""."""
    modules_read: list[Path] = []
