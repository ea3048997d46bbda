"""Plan: a program as frozen steps over numbered slots, which a runtime follows without knowing the IR."""

from __future__ import annotations

from collections.abc import Callable
from typing import Literal

import msgspec

from sglc.backend.plan_steps import Append, Block, Data, walk
from sglc.ir.tools import ToolSpec
from sglc.ir.types import Declared, Field, Type, TypeTable
from sglc.passes.constraints.dfa import Dfa
from sglc.source import Location


class Function(Data, frozen=True):
    """A function's signature and body (its params are the arguments); kinds and `fields` as in ir/graph.py. `depth`:
    how often it may be inside itself."""

    name: str
    kind: Literal["def", "template", "open", "turn", "test"]
    fields: tuple[Field, ...]
    results: tuple[Type, ...]
    body: Block
    slots: int
    depth: int | None = None
    description: str = ""
    at: int = -1

    @property
    def result(self) -> Type | None:
        """What a caller from outside gets; None for nothing."""
        return self.results[-1] if self.results else None


class Constant(Data, frozen=True):
    """A value known at compile time: compact JSON text, read as type number `type`."""

    json: str
    type: int


class Serve(Data, frozen=True):
    function: str
    path: str = ""
    method: str = "POST"
    name: str = ""


class Session(Data, frozen=True):
    """Functions `name.open` and `name.turn` do the work."""

    name: str
    fields: tuple[Field, ...]
    states: tuple[Field, ...]
    turn_fields: tuple[Field, ...]
    result: Type


class Model(Data, frozen=True):
    """A declared model; name and path "" stand for the operator's default."""

    name: str
    path: str = ""
    date: str = ""


class Test(Data, frozen=True):
    name: str
    function: str
    replay: str = ""


class Plan(Data, frozen=True):
    """A whole program. `models` are those that it declares; `sources` maps its files to the SHA-256 of their text."""

    functions: tuple[Function, ...] = ()
    constants: tuple[Constant, ...] = ()
    value_types: tuple[Type, ...] = ()
    types: tuple[Declared, ...] = ()
    dfas: tuple[Dfa, ...] = ()
    locations: tuple[Location, ...] = ()
    tools: tuple[ToolSpec, ...] = ()
    models: tuple[Model, ...] = ()
    sessions: tuple[Session, ...] = ()
    serves: tuple[Serve, ...] = ()
    tests: tuple[Test, ...] = ()
    entry: str = ""
    sources: tuple[tuple[str, str], ...] = ()

    def function(self, name: str) -> Function:
        """Raises KeyError for an unknown name."""
        for function in self.functions:
            if function.name == name:
                return function
        raise KeyError(name)

    def session(self, name: str) -> Session | None:
        return next((session for session in self.sessions if session.name == name), None)

    @property
    def type_table(self) -> TypeTable:
        return {declared.name: declared for declared in self.types}

    def location(self, at: int) -> Location | None:
        return self.locations[at] if at >= 0 else None


def with_files(plan: Plan, rename: Callable[[str], str]) -> Plan:
    """The plan with other names for the files that it was made from."""

    def moved(at: Location) -> Location:
        return Location(rename(at.file), at.line, at.column) if at.file else at

    replace = msgspec.structs.replace
    return replace(
        plan,
        locations=tuple(map(moved, plan.locations)),
        sources=tuple((rename(file), digest) for file, digest in plan.sources),
        tools=tuple(replace(tool, location=moved(tool.location)) for tool in plan.tools),
    )


def constant_texts(plan: Plan) -> tuple[str, ...]:
    """Every text that an append adds as a whole, each once: what can be turned into token ids ahead of time."""
    texts: dict[str, None] = {}
    for function in plan.functions:
        for step in walk(function.body):
            if isinstance(step, Append) and len(step.parts) == 1 and isinstance(step.parts[0], str):
                texts[step.parts[0]] = None
    return tuple(texts)
