"""Invariants of types and of literals in declarations (IR002, IR003)."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache

import msgspec

from sglc.ir import ops
from sglc.ir.graph import Node
from sglc.ir.pattern import PatternError, parse_pattern
from sglc.ir.relations import parts_of
from sglc.ir.types import (
    CallType,
    ContextType,
    ErrorType,
    Field,
    FloatType,
    IntType,
    ListType,
    LiteralType,
    NamedType,
    RegexType,
    SessionType,
    StrType,
    Type,
    UnionType,
    show,
)
from sglc.ir.verify_rules import Broken, Program, check_literal, names_twice


def check_type(type_: Type, program: Program, node: Node | None = None) -> None:
    """IR002; a context or a session may only be the whole type."""
    match type_:
        case ContextType():
            return
        case SessionType(name=name) if name in program.sessions:
            return
    problem = _problem(type_, program)
    if problem is not None:
        raise Broken("IR002", f"`{show(type_)}`: {problem}", node)


def check_node_types(node: Node, program: Program) -> None:
    """IR002 for the types that an op names; those of its values are checked where they are defined."""
    match node.op:
        case ops.Gen(type=type_):
            check_type(type_, program, node)
        case ops.Match(cases=cases):
            for pattern in (pattern for patterns in cases for pattern in patterns):
                if pattern.type is not None:
                    check_type(pattern.type, program, node)


def check_fields(fields: Iterable[Field], program: Program) -> None:
    """IR001, IR002 and IR003 for fields and parameters."""
    fields = tuple(fields)
    twice = names_twice(f.name for f in fields)
    if twice is not None:
        raise Broken("IR001", f"two fields are called `{twice}`")
    for field in fields:
        check_type(field.type, program)
        if field.default is not None:
            try:
                check_literal(field.default, field.type, program.table)
            except Broken as broken:
                raise Broken("IR003", f"the default of `{field.name}`: {broken.message}") from None


def _problem(type_: Type, program: Program) -> str | None:
    """What is wrong with a type of values."""
    match type_:
        case ErrorType():
            return "the type of an expression that the checker refused"
        case ContextType() | SessionType():
            return "no value of a program holds it, or it is not declared"
        case NamedType(name=name):
            return None if name in program.table else f"`{name}` is not declared"
        case StrType(min=low, max=high) | ListType(min=low, max=high) if low < 0 or not _in_order(low, high):
            return "its bounds are not sensible"
        case IntType(min=low, max=high) | FloatType(min=low, max=high) if not _in_order(low, high):
            return "its bounds are not sensible"
        case RegexType(pattern=pattern):
            return _pattern_problem(pattern)
        case LiteralType(json=text):
            return None if _is_scalar(text) else "its text is no text, number or truth value as JSON"
        case CallType(members=members):
            twice = names_twice(m.name for m in members)
            arguments = next(filter(None, (names_twice(f.name for f in m.args) for m in members)), None)
            if twice is not None or arguments is not None:
                return f"it has `{twice or arguments}` twice"
        case UnionType(members=members) if len(set(members)) < max(2, len(members)):
            return "a union has two members or more, each once"
        case UnionType(members=members) if any(isinstance(m, UnionType) for m in members):
            return "a union holds a union"
    return next(filter(None, (_problem(part, program) for part in _parts(type_))), None)


@lru_cache(maxsize=256)
def _pattern_problem(pattern: str) -> str | None:
    try:
        parse_pattern(pattern)
    except PatternError as error:
        return error.message
    return None


def _is_scalar(text: str) -> bool:
    try:
        return not isinstance(msgspec.json.decode(text), list | dict)
    except msgspec.DecodeError:
        return False


def _in_order(low: float | None, high: float | None) -> bool:
    return low is None or high is None or low <= high


def _parts(type_: Type) -> tuple[Type, ...]:
    calls = type_.members if isinstance(type_, CallType) else ()
    return (*parts_of(type_), *(c.result for c in calls if c.result is not None))
