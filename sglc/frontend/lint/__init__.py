"""Lint rules: RULES is the explicit table, `run_rules` applies it to a checked program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from sglc.diagnostics import Diagnostic
from sglc.frontend.typed import TypedProgram


class Rule(Protocol):
    """A module of this package: its diagnostic class, and a function that yields findings for a whole program."""

    DIAGNOSTIC: type[Diagnostic]

    @staticmethod
    def find(program: TypedProgram) -> Iterator[Diagnostic]: ...


RULES: tuple[Rule, ...] = ()


def run_rules(program: TypedProgram) -> list[Diagnostic]:
    """All findings of all rules, unsorted."""
    return [finding for rule in RULES for finding in rule.find(program)]
