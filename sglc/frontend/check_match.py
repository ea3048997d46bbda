"""Checks `match`: what each case takes, whether all values are covered, what the subject is inside a case."""

from __future__ import annotations

from typing import Any

import msgspec

from sglc.diagnostics import nearest
from sglc.frontend import ast
from sglc.frontend.check_loop import LoopChecker
from sglc.frontend.errors import control as fe
from sglc.frontend.flow import path_of
from sglc.ir.ops import Pattern
from sglc.ir.relations import assignable, certain, members_of
from sglc.ir.types import (
    BOOL,
    ERROR,
    FLOAT,
    INT,
    NONE,
    STR,
    BoolType,
    CallType,
    DictType,
    EnumType,
    ErrorType,
    FloatType,
    IntType,
    JsonType,
    ListType,
    LiteralType,
    NamedType,
    NeverType,
    NoneType,
    StrType,
    TupleType,
    Type,
    literal,
    show,
    union,
)  # fmt: skip


class Atom(msgspec.Struct, frozen=True):
    """A part of the subject's values that is covered as a whole: an enum's member, a literal, a choice, or a type."""

    key: tuple[str, str]
    type: Type
    shown: str


class MatchChecker(LoopChecker):
    """Adds match."""

    misfit: bool = False
    """A pattern of the case that is being checked does not fit the subject, which was reported."""
    catch_all: bool = False
    """An earlier case of this match takes everything."""

    def _match(self, node: ast.Match) -> None:
        subject = self.expr(node.subject)
        rest = self._atoms(subject)
        path = path_of(node.subject)
        start = self.flow.copy()
        literals: set[str] = set()
        arrives, misfits = False, 0
        catch_all = False
        with self.arms() as arm:
            for case in node.cases:
                self.misfit, self.catch_all = False, catch_all
                taken, rest = self._case(case, subject, rest, literals)
                misfits, catch_all = misfits + self.misfit, self.catch_all
                inside = start.copy()
                # Behind a case that does not fit, nobody knows what was meant to be left.
                unknown = self.misfit or (misfits and any(_is_wildcard(p) for p in case.patterns))
                if path is not None and (taken is not None or unknown):
                    inside.narrowed[path] = taken if taken is not None and not unknown else ERROR
                arm(inside, lambda c=case: self.block(c.body))  # type: ignore[misc]
                arrives |= not self.flow.left
            if rest and not arrives:
                # What is left out is reported below; what follows is checked as if it were there.
                start.doubtful = True
                arm(start, lambda: None)
        # A case that was misspelled is most likely the one that is missing.
        if rest and not misfits and not isinstance(subject, ErrorType | NeverType):
            missing = ", ".join(f"`{a.shown}`" for a in rest[:5]) + (", ..." if len(rest) > 5 else "")
            partly = any(a.key[0] == "type" and not isinstance(a.type, NamedType) for a in rest)
            help_ = "add `case _:` for the rest" if partly else "add the missing cases, or `case _:`"
            self.error(fe.NotExhaustive, node.subject, missing=missing, help=help_)

    def _atoms(self, type_: Type) -> list[Atom]:
        """The subject's values in parts."""
        atoms: list[Atom] = []
        for member in members_of(type_):
            match member:
                case NamedType(name=name) if isinstance(enum := self.table.get(name), EnumType):
                    atoms += [Atom((f"enum {name}", n), member, n) for n in enum.names]
                case CallType(members=choices):
                    atoms += [Atom(("call", c.name), CallType((c,)), c.name) for c in choices]
                case BoolType():
                    atoms += [Atom(("literal", t), literal(t == "true"), t) for t in ("true", "false")]
                case LiteralType(json=text):
                    atoms.append(Atom(("literal", text), member, text))
                case NoneType():
                    atoms.append(Atom(("literal", "null"), NONE, "none"))
                case _:
                    atoms.append(Atom(("type", show(member)), member, show(member)))
        return atoms

    def _case(
        self, case: ast.Case, subject: Type, rest: list[Atom], literals: set[str]
    ) -> tuple[Type | None, list[Atom]]:
        """The type that the subject has inside the case, and what is left for later cases.

        `literals` are the values that earlier cases took out of a part, as JSON; this case's are added.
        """
        taken: list[Atom] = []
        partial = False
        for pattern in case.patterns:
            found = self._covered(pattern, subject, rest, literals)
            if found is None:
                partial = True
                continue
            taken += [a for a in found if a not in taken]
        if not taken and not partial:
            help_ = "remove it"
            if self.catch_all and not any(_is_wildcard(p) for p in case.patterns):
                help_ = "move it above `case _:`, or remove it"
            self.error(fe.UnreachableCase, case.patterns[0].span.to(case.patterns[-1].span), help=help_)
        self.catch_all |= any(_is_wildcard(p) for p in case.patterns)
        keys = {a.key for a in taken}
        left = [a for a in rest if a.key not in keys]
        return (None if partial or not taken else _joined(taken)), left

    def _covered(self, node: ast.Expr, subject: Type, rest: list[Atom], literals: set[str]) -> list[Atom] | None:
        """The atoms that a pattern covers; None where it covers only a part of one, or was reported."""
        if _is_wildcard(node):
            self.program.patterns[node] = Pattern("any")
            return rest
        if isinstance(subject, ErrorType):
            return None
        if isinstance(node, ast.Name):
            return self._named_pattern(node, subject, rest)
        if isinstance(node, ast.Attribute):
            return self._member_pattern(node, subject, rest)
        value = self.literal_value(node)
        if value is None:
            return self._misfit(node, subject, "compare it in an `if`", "put together when it runs")
        return self._literal_pattern(node, value[0], subject, rest, literals)

    def _misfit(self, node: ast.Expr, subject: Type, help_: str, reason: str = "never equal") -> list[Atom] | None:
        """Report a pattern that the subject never is; it covers nothing."""
        type_ = "the choices of this `call`" if isinstance(subject, CallType) else f"`{show(subject)}`"
        self.error(fe.CaseType, node, type=type_, help=help_, reason=reason)
        self.misfit = True
        return None

    def _literal_pattern(
        self, node: ast.Expr, value: Any, subject: Type, rest: list[Atom], literals: set[str]
    ) -> list[Atom] | None:
        text = literal(value).json
        self.program.patterns[node] = Pattern("literal", json=text)
        atoms = self._atoms(subject)
        exact = [a for a in atoms if a.key == ("literal", text)]
        if exact:
            return [a for a in exact if a in rest]
        fitting = [a for a in atoms if a.key[0] == "type" and assignable(literal(value), a.type, self.table)]
        if not fitting and not isinstance(subject, JsonType):
            return self._misfit(node, subject, _instead_of_literal(value, atoms))
        if text in literals or not any(a in rest for a in fitting):
            return []
        literals.add(text)
        return None

    def _named_pattern(self, node: ast.Name, subject: Type, rest: list[Atom]) -> list[Atom] | None:
        atoms = self._atoms(subject)
        members = [a for a in atoms if a.key[1] == node.name and a.key[0].startswith("enum")]
        if members:
            self.program.patterns[node] = Pattern("literal", json=literal(node.name).json)
            return [a for a in members if a in rest]
        symbol = self.unit.names.get(node.name)
        names = {node.name, symbol.unique if symbol is not None else node.name}
        choices = [a for a in atoms if a.key[0] == "call" and a.key[1] in names]
        if choices:
            self.program.patterns[node] = Pattern("member", name=choices[0].key[1])
            return [a for a in choices if a in rest]
        type_ = self._pattern_type(node)
        covered = [a for a in atoms if type_ is not None and certain(a.type, type_, self.table)]
        if type_ is not None and (covered or isinstance(subject, JsonType)):
            self.program.patterns[node] = Pattern("type", type=type_)
            return [a for a in covered if a in rest] if covered and not isinstance(subject, JsonType) else None
        if node.name in self.scope.variables:
            return self._misfit(node, subject, "compare with it in an `if`", "a variable, not a value known now")
        return self._misfit(node, subject, _instead_of_name(node.name, atoms))

    def _pattern_type(self, node: ast.Name) -> Type | None:
        simple: dict[str, Type] = {"str": STR, "int": INT, "float": FLOAT, "bool": BOOL, "none": NONE}
        symbol = self.unit.names.get(node.name)
        if symbol is not None and symbol.kind in ("type", "enum"):
            return NamedType(symbol.unique)
        if symbol is not None and symbol.kind == "alias":
            return self.shared.declarer.alias(symbol)
        return simple.get(node.name)

    def _member_pattern(self, node: ast.Attribute, subject: Type, rest: list[Atom]) -> list[Atom] | None:
        found = self.expr(node)
        binding = self.program.bindings.get(node)
        if isinstance(found, ErrorType):
            self.misfit = True
            return None
        owner = found.name if isinstance(found, NamedType) else ""
        members = [a for a in self._atoms(subject) if a.key == (f"enum {owner}", node.name.name)]
        if binding is None or not members:
            return self._misfit(node, subject, _known(self._atoms(subject)))
        self.program.patterns[node] = Pattern("literal", json=literal(node.name.name).json)
        return [a for a in members if a in rest]


def _is_wildcard(pattern: ast.Expr) -> bool:
    return isinstance(pattern, ast.Name) and pattern.name == "_"


def _instead_of_literal(value: Any, atoms: list[Atom]) -> str:
    """What to write instead of a literal that the subject never is."""
    if isinstance(value, str):
        names = [a.shown for a in atoms if not isinstance(a.type, LiteralType)]
        near = nearest(value, names)
        if near and not isinstance(_type_of(near, atoms), StrType | IntType | FloatType):
            return f"write it without quotes: {near}"
        texts = [a.shown for a in atoms if isinstance(a.type, LiteralType)]
        near = nearest(f'"{value}"', texts)
        if near:
            return f"use {near}"
        if value.isascii() and value.isdigit() and any(isinstance(a.type, IntType) for a in atoms):
            return f"write it without quotes: {int(value)}"
    return _known(atoms)


def _instead_of_name(name: str, atoms: list[Atom]) -> str:
    """What to write instead of a name that the subject never is."""
    if name.lower() in _VALUES and any(a.shown == _VALUES[name.lower()] for a in atoms):
        return f"write {_VALUES[name.lower()]}"
    near = nearest(name, [a.shown for a in atoms if a.key[0] != "literal"])
    if near and not isinstance(_type_of(near, atoms), StrType | IntType | FloatType):
        return f"use `{near}`"
    near = nearest(f'"{name}"', [a.shown for a in atoms if isinstance(a.type, LiteralType)])
    if near:
        return f"write {near}, with its quotes"
    if any(isinstance(a.type, StrType) for a in atoms):
        return f'text stands in quotes: "{name}"'
    return _known(atoms)


def _type_of(shown: str, atoms: list[Atom]) -> Type:
    return next(a.type for a in atoms if a.shown == shown)


def _known(atoms: list[Atom]) -> str:
    """What may stand in a case."""
    named = [a for a in atoms if not isinstance(a.type, ListType | DictType | TupleType | JsonType)]
    names = [_SCALARS.get(type(a.type), a.shown) for a in named]
    if not names:
        return "write `_`; lists, dicts and tuples are compared with `if`"
    if len(named) < len(atoms) or any(type(a.type) in _SCALARS for a in named):
        return f"write {', '.join(dict.fromkeys(names))} or `_`"
    return f"the cases are {', '.join(names[:6])}{', ...' if len(names) > 6 else ''}"


_VALUES = {"none": "none", "null": "none", "nil": "none", "true": "true", "false": "false"}
"""Names that other languages have for values."""
_SCALARS: dict[type, str] = {StrType: "text in quotes", IntType: "a whole number", FloatType: "a number"}


def _joined(atoms: list[Atom]) -> Type:
    """The type of values in any of the atoms; choices of one call stay one type."""
    choices = [m for a in atoms if isinstance(a.type, CallType) for m in a.type.members]
    others = [a.type for a in atoms if not isinstance(a.type, CallType)]
    return union(*others, *([CallType(tuple(choices))] if choices else []))
