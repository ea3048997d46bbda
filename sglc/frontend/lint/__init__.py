"""Lint rules: RULES is the explicit table, `run_rules` applies it to a checked program."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Protocol

from sglc.diagnostics import Diagnostic
from sglc.frontend.lint import (
    argument_before_constant,
    bool_comparison,
    clear_text_url,
    effect_in_fork,
    effect_retry,
    large_bounds,
    literal_hole,
    long_loop,
    lost_assignment,
    naming,
    recursive_type,
    retry_without_reason,
    run_on_text,
    serve_nothing,
    silent_except,
    unbounded_gen,
    undescribed_type,
    unreachable_except,
    unused_declaration,
    unused_import,
    unused_parameter,
    unused_value,
    unused_variable,
    wrong_role,
)
from sglc.frontend.lint.index import Index
from sglc.frontend.typed import TypedProgram


class Rule(Protocol):
    """A module of this package: its diagnostic class, and a function that yields findings for a program's main file."""

    @property
    def DIAGNOSTIC(self) -> type[Diagnostic]: ...
    def find(self, index: Index) -> Iterator[Diagnostic]: ...


RULES: tuple[Rule, ...] = (
    unused_import,
    unused_variable,
    unused_declaration,
    unused_parameter,
    unused_value,
    argument_before_constant,
    undescribed_type,
    wrong_role,
    literal_hole,
    run_on_text,
    unbounded_gen,
    recursive_type,
    large_bounds,
    effect_in_fork,
    lost_assignment,
    long_loop,
    silent_except,
    unreachable_except,
    retry_without_reason,
    clear_text_url,
    effect_retry,
    serve_nothing,
    naming,
    bool_comparison,
)
DIAGNOSTICS: tuple[type[Diagnostic], ...] = tuple(rule.DIAGNOSTIC for rule in RULES)


def run_rules(program: TypedProgram) -> list[Diagnostic]:
    """All findings of all rules, unsorted."""
    index = Index(program)
    return [finding for rule in RULES for finding in rule.find(index)]
