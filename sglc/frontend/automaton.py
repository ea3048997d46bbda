"""The LALR(1) automaton: takes tokens, calls the builder at each reduction, and can say what it would take next.

It runs the tables that Lark made (tables.py). Reductions call the builder at once, from the leaves up, so no nesting
of a program makes this or the builder recurse.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import msgspec

from sglc.frontend import tables
from sglc.frontend.lexer import STRINGS, Token
from sglc.frontend.words import MAX_NESTING
from sglc.source import Span

Method = Callable[[Span, list[Any]], Any]
_Item = tuple[Any, int, int, int]
"""A symbol on the stack: its value, where its text begins and ends (-1: no text), how deep its tree is."""

_FLAT = frozenset((
    "suite", "line", "params", "options", "type_options", "type_args", "targets", "enum_line", "enum_block",
    "compare_op", "name", "string", "regex", "hole", "declaration",
))  # fmt: skip
"""Rules that make no node of their own."""


class TooDeepError(Exception):
    """A tree got deeper than whoever walks it can take."""

    def __init__(self, span: Span) -> None:
        super().__init__(str(span))
        self.span = span


class Mark(msgspec.Struct, frozen=True):
    """A state of the automaton to go back to."""

    states: tuple[int, ...]
    items: tuple[_Item, ...]


class Automaton:
    """`methods` build the value of a rule from its span and children; `depths` tells how deep a string's tree is."""

    def __init__(self, start: str, methods: Mapping[str, Method], depths: Mapping[int, int]) -> None:
        self.tables = tables.load()
        self.methods, self.depths = methods, depths
        self.states = [self.tables.starts[start]]
        self.items: list[_Item] = []
        self._end = self.tables.ends[start]

    @property
    def result(self) -> Any:
        """What the start rule gave, after `$END` was taken."""
        return self.items[-1][0]

    def feed(self, token: Token, kind: str) -> bool:
        """Take a token as a terminal of that kind; False when the grammar has no place for it."""
        states, items = self.states, self.items
        actions, gotos, rules = self.tables.actions, self.tables.gotos, self.tables.rules
        before: Mark | None = None
        while True:
            action = actions[states[-1]].get(kind)
            if action is None:
                # LALR(1) may reduce before it notices; what fits is to be seen from the state before.
                if before is not None:
                    self.restore(before)
                return False
            if action >= 0:
                states.append(action)
                if kind[0] == "_":
                    items.append((token, -1, -1, 0))
                else:
                    items.append((token, token.start, token.end, self._depth(token) if kind in STRINGS else 0))
                return True
            if before is None:
                before = Mark(tuple(states), tuple(items))
            rule = rules[~action]
            if rule.unit:
                states.pop()
            elif rule.size:
                popped = items[-rule.size :]
                value = self._reduce(rule, popped)
                del states[-rule.size :], items[-rule.size :]
                items.append(value)
            else:
                items.append(self._reduce(rule, []))
            state = gotos[states[-1]][rule.origin]
            states.append(state)
            if state == self._end and kind == "$END":
                return True

    def _depth(self, token: Token) -> int:
        return self.depths.get(token.start, 0)

    def _reduce(self, rule: tables.Rule, popped: list[_Item]) -> _Item:
        start, end, depth = -1, -1, 0
        for _, first, last, nested in popped:
            if first >= 0:
                if start < 0:
                    start = first
                end = last
            if nested > depth:
                depth = nested
        kids: list[Any] = []
        for index, splice, nones in rule.keep:
            if nones:
                kids += [None] * nones
            if not splice:
                kids.append(popped[index][0])
            elif kids:
                kids += popped[index][0]
            else:
                kids = popped[index][0]  # a list that grows from the left: extend it in place
        if rule.nones:
            kids += [None] * rule.nones
        if rule.splice:
            return kids, start, end, depth
        if rule.single and len(kids) == 1:
            return kids[0], start, end, depth
        if rule.name not in _FLAT:
            depth += 1
            if depth > MAX_NESTING:
                raise TooDeepError(Span(max(start, 0), max(end, 0)))
        return self.methods[rule.name](Span(max(start, 0), max(end, 0)), kids), start, end, depth

    # --- looking ahead ---

    def takes(self, *kinds: str) -> bool:
        """Whether the grammar has a place for these terminals, one after the other."""
        states = list(self.states)
        return all(self._step(states, kind) for kind in kinds)

    def accepts(self) -> frozenset[str]:
        """All terminals that the grammar has a place for here."""
        return frozenset(kind for kind in self.tables.actions[self.states[-1]] if self.takes(kind))

    def _step(self, states: list[int], kind: str) -> bool:
        tables_ = self.tables
        while True:
            action = tables_.actions[states[-1]].get(kind)
            if action is None:
                return False
            if action >= 0:
                states.append(action)
                return True
            rule = tables_.rules[~action]
            if rule.size:
                del states[-rule.size :]
            states.append(tables_.gotos[states[-1]][rule.origin])
            if states[-1] == self._end and kind == "$END":
                return True

    # --- going back ---

    def mark(self) -> Mark:
        """The present state."""
        return Mark(tuple(self.states), tuple(self.items))

    def restore(self, mark: Mark) -> None:
        self.states[:] = mark.states
        self.items[:] = mark.items
