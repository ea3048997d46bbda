"""Expression -> minimal Dfa: the one road from any constraint to its automaton."""

from __future__ import annotations

from sglc.passes.constraints.budget import Budget
from sglc.passes.constraints.determinize import determinize
from sglc.passes.constraints.dfa import EMPTY_LANGUAGE, Dfa
from sglc.passes.constraints.expr import NOTHING, Expr
from sglc.passes.constraints.minimize import minimize
from sglc.passes.constraints.nfa import Nfa


def compile_expr(expr: Expr, budget: Budget | None = None) -> Dfa:
    """Raises BudgetError when the automaton would exceed the budget."""
    if expr is NOTHING:
        return EMPTY_LANGUAGE
    budget = budget or Budget()
    return minimize(determinize(Nfa(expr, budget), budget), budget)
