"""Expression -> nondeterministic automaton over bytes, built from the end: each part is told what follows it."""

from __future__ import annotations

from sglc.passes.constraints.budget import Budget, BudgetError
from sglc.passes.constraints.expr import Alt, Bytes, Expr, Fields, OneOf, Part, Repeat, Seq, Words
from sglc.passes.constraints.utf8 import END, char_nodes
from sglc.passes.constraints.words import word_nodes

NFA_FACTOR = 4
"""Nondeterministic states allowed for each deterministic one: alternatives share their beginnings only later."""
_WHOLE = "the type"


class Nfa:
    """`edges[q]`: byte mask -> state. `jumps[q]`: the states that q stands for (then it has no edges)."""

    ACCEPT = 0

    def __init__(self, expr: Expr, budget: Budget) -> None:
        self.part = _check_size(expr, budget)
        self.edges: list[tuple[tuple[int, int], ...]] = [()]
        self.jumps: dict[int, tuple[int, ...]] = {}
        self._budget = budget
        self.start = self._build(expr, self.ACCEPT)

    def _state(self, edges: tuple[tuple[int, int], ...]) -> int:
        self.edges.append(edges)
        if not len(self.edges) & 1023:
            self._budget.check_time(self.part)
        return len(self.edges) - 1

    def _jump(self, *targets: int) -> int:
        if len(targets) == 1:
            return targets[0]
        state = self._state(())
        self.jumps[state] = targets
        return state

    def _build(self, expr: Expr, after: int) -> int:
        match expr:
            case Bytes(text=text):
                return self._bytes(text, after)
            case OneOf(chars=chars, json=json):
                return self._char(chars, json, after)
            case Words(words=words):
                return self._words(words, after)
            case Seq(parts=parts):
                for item in reversed(parts):
                    after = self._build(item, after)
                return after
            case Alt(options=options):
                return self._jump(*[self._build(option, after) for option in options])
            case Repeat():
                return self._repeat(expr, after)
            case Fields(items=items):
                return self._fields(items, after)
        return self._build(expr.item, after)

    def _bytes(self, text: bytes, after: int) -> int:
        for byte in reversed(text):
            after = self._state(((1 << byte, after),))
        return after

    def _char(self, chars: tuple[tuple[int, int], ...], json: bool, after: int) -> int:
        first = len(self.edges)
        for edges in char_nodes(chars, json):
            self._state(tuple([(mask, after if target == END else first + target) for mask, target in edges]))
        return len(self.edges) - 1

    def _words(self, words: tuple[bytes, ...], after: int) -> int:
        first = len(self.edges)
        nodes = word_nodes(words)
        for _, edges in nodes:
            self._state(tuple([(1 << byte, first + target) for byte, target in edges]))
        # A word that ends here goes on with what follows. The plain states come first, so that numbers stay in step.
        for number, (ends, _) in enumerate(nodes, first):
            if ends:
                inner = self._state(self.edges[number])
                self.edges[number] = ()
                self.jumps[number] = (inner, after)
        return first + len(nodes) - 1

    def _repeat(self, expr: Repeat, after: int) -> int:
        """Written out up to the last count that differs from the next; without an upper bound the last copy loops."""
        copies = max(expr.min, 1) if expr.max is None else expr.max
        entry = after
        for count in range(copies, 0, -1):
            if count < copies:
                again = self._bytes(expr.separator, entry)
                entry = self._build(expr.item, self._jump(again, after) if count >= expr.min else again)
            elif expr.max is None:
                loop = self._state(())
                entry = self._build(expr.item, loop)
                self.jumps[loop] = (self._bytes(expr.separator, entry), after)
            else:
                entry = self._build(expr.item, after)
        return self._jump(entry, after) if expr.min == 0 else entry

    def _fields(self, items: tuple[tuple[Expr, bool], ...], after: int) -> int:
        """Two lanes from field to field, one before and one after the first field present; both share its value."""
        first = later = after
        for item, optional in reversed(items):
            value = self._build(item, later)
            comma = self._bytes(b",", value)
            first = self._jump(value, first) if optional else value
            later = self._jump(comma, later) if optional else comma
        return first


def _check_size(expr: Expr, budget: Budget) -> str:
    """Refuses an expression that is too large before it is built; returns the label of the part that weighs most."""
    sizes: dict[int, int] = {}
    size = _size(expr, sizes)
    label = _heaviest(expr, sizes)
    if size > budget.states * NFA_FACTOR:
        count = f"about {size}" if size < 10**9 else "billions of"
        raise BudgetError(f"{label} needs {count} automaton states, over {budget.states}")
    return label


def _children(expr: Expr) -> tuple[Expr, ...]:
    match expr:
        case Seq(parts=parts):
            return parts
        case Alt(options=options):
            return options
        case Fields(items=items):
            return tuple([item for item, _ in items])
        case Repeat(item=item) | Part(item=item):
            return (item,)
    return ()


def _copies(expr: Expr) -> int:
    if not isinstance(expr, Repeat):
        return 1
    return max(expr.min, 1) if expr.max is None else expr.max


def _size(expr: Expr, sizes: dict[int, int]) -> int:
    """States that the expression takes when written out; shared expressions are measured once."""
    if id(expr) not in sizes:
        match expr:
            case Bytes(text=text):
                size = len(text)
            case OneOf(chars=chars, json=json):
                size = len(char_nodes(chars, json))
            case Words(words=words):
                size = len(word_nodes(words))
            case _:
                size = 1
                for child in _children(expr):
                    size += _size(child, sizes)
                size *= _copies(expr)
        sizes[id(expr)] = size
    return sizes[id(expr)]


def _heaviest(expr: Expr, sizes: dict[int, int]) -> str:
    """The part to blame: down the heaviest path, where most copies are made, else the innermost part on it."""
    label, blamed, most = _WHOLE, "", 1
    while True:
        if isinstance(expr, Part):
            label = expr.label
        if _copies(expr) > most:
            blamed, most = label, _copies(expr)
        children = _children(expr)
        heavy = max(children, key=lambda child: sizes[id(child)], default=None)
        # Below a point where the weight is spread out there is no single part to blame.
        if heavy is None or sizes[id(heavy)] * _copies(expr) * 2 < sizes[id(expr)]:
            return blamed or label
        expr = heavy
