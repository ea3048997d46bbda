"""A text that two scalar types share, found on their automata."""

from __future__ import annotations

from sglc.ir.types import Type, TypeTable
from sglc.passes.constraints.budget import BudgetError, ConstraintError
from sglc.passes.constraints.compile_expr import compile_expr
from sglc.passes.constraints.dfa import EMPTY_LANGUAGE, Dfa, common_text
from sglc.passes.constraints.lower_type import build_dfa
from sglc.passes.constraints.number_range import any_number


class ScalarOverlap:
    """Keeps the automaton of each type that it was asked about."""

    def __init__(self, table: TypeTable) -> None:
        self.table = table
        self._dfas: dict[Type | None, Dfa] = {}

    def text(self, a: Type | None, b: Type | None) -> str | None:
        """A shortest text of both, or None; None in the place of a type is any number of a `json` value.

        Raises BudgetError when an automaton would be too large.
        """
        text = common_text(self._dfa(a), self._dfa(b))
        return None if text is None else text.decode()

    def _dfa(self, type_: Type | None) -> Dfa:
        if type_ not in self._dfas:
            self._dfas[type_] = self._build(type_)
        return self._dfas[type_]

    def _build(self, type_: Type | None) -> Dfa:
        if type_ is None:
            return compile_expr(any_number())
        try:
            return build_dfa(type_, self.table)
        except BudgetError:
            raise
        except ConstraintError:  # A type without texts overlaps with nothing.
            return EMPTY_LANGUAGE
