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
    FLOAT,
    INT,
    NONE,
    STR,
    BoolType,
    CallType,
    EnumType,
    ErrorType,
    JsonType,
    LiteralType,
    NamedType,
    NeverType,
    NoneType,
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

    def _match(self, node: ast.Match) -> None:
        subject = self.expr(node.subject)
        rest = self._atoms(subject)
        path = path_of(node.subject)
        start = self.flow.copy()
        literals: set[str] = set()
        with self.arms() as arm:
            for case in node.cases:
                taken, rest = self._case(case, subject, rest, literals)
                inside = start.copy()
                if path is not None and taken is not None:
                    inside.narrowed[path] = taken
                arm(inside, lambda c=case: self.block(c.body))  # type: ignore[misc]
            if rest:
                # What is left out is reported below; what follows is checked as if it were there.
                arm(start, lambda: None)
        if rest and not isinstance(subject, ErrorType | NeverType):
            missing = ", ".join(f"`{a.shown}`" for a in rest[:5]) + (", ..." if len(rest) > 5 else "")
            partly = any(a.key[0] == "type" for a in rest)
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
            self.error(fe.UnreachableCase, case.patterns[0].span.to(case.patterns[-1].span))
        left = [a for a in rest if a not in taken]
        return (None if partial or not taken else _joined(taken)), left

    def _covered(self, node: ast.Expr, subject: Type, rest: list[Atom], literals: set[str]) -> list[Atom] | None:
        """The atoms that a pattern covers; None where it covers only a part of one, or was reported."""
        if isinstance(node, ast.Name) and node.name == "_":
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
            return self._misfit(node, subject, "a case names a literal, member, type or tool; compare with `if`")
        return self._literal_pattern(node, value[0], subject, rest, literals)

    def _misfit(self, node: ast.Expr, subject: Type, help_: str) -> list[Atom] | None:
        """Report a pattern that the subject never is; it covers nothing."""
        type_ = "a step" if isinstance(subject, CallType) else f"`{show(subject)}`"
        self.error(fe.CaseType, node, type=type_, help=help_)
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
            enums = [a.shown for a in atoms if a.key[0].startswith("enum")]
            help_ = f"write the member without quotes: {value}" if value in enums else _known(atoms)
            return self._misfit(node, subject, help_)
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
        near = nearest(node.name, [a.shown for a in atoms])
        help_ = f"use `{near}`" if near else _known(atoms)
        if node.name in self.scope.variables:
            help_ = "compare with a variable in an `if`; a case takes only what is known now"
        return self._misfit(node, subject, help_)

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
            return None
        owner = found.name if isinstance(found, NamedType) else ""
        members = [a for a in self._atoms(subject) if a.key == (f"enum {owner}", node.name.name)]
        if binding is None or not members:
            return self._misfit(node, subject, _known(self._atoms(subject)))
        self.program.patterns[node] = Pattern("literal", json=literal(node.name.name).json)
        return [a for a in members if a in rest]


def _known(atoms: list[Atom]) -> str:
    names = ", ".join(a.shown for a in atoms[:6])
    return f"the cases are {names}{', ...' if len(atoms) > 6 else ''}"


def _joined(atoms: list[Atom]) -> Type:
    """The type of values in any of the atoms; choices of one call stay one type."""
    choices = [m for a in atoms if isinstance(a.type, CallType) for m in a.type.members]
    others = [a.type for a in atoms if not isinstance(a.type, CallType)]
    return union(*others, *([CallType(tuple(choices))] if choices else []))
