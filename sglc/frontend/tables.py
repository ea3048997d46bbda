"""grammar.lark -> LALR(1) tables. Lark analyses the grammar, which takes seconds, so the result is stored beside it.

`python -m sglc.frontend.tables` writes grammar.bin anew after a change of the grammar; a test says when that is due.
While the two differ, every start analyses the grammar.
"""

from __future__ import annotations

import hashlib
from functools import cache
from pathlib import Path
from typing import Any

import msgspec

GRAMMAR = Path(__file__).with_name("grammar.lark")
TABLES = Path(__file__).with_name("grammar.bin")
STARTS = ["declaration", "hole"]


class Rule(msgspec.Struct, frozen=True, array_like=True, gc=False):
    """What a reduction does. `keep` lists the symbols that make children: (index, splice its list, Nones before)."""

    origin: str
    name: str
    size: int
    keep: tuple[tuple[int, bool, int], ...]
    nones: int
    """Nones after the last child: optional parts that are absent."""
    splice: bool
    """A helper of the grammar (`_name`, or the body of `x+`): its children go to its parent."""
    single: bool
    """`?rule`: with one child, the child takes the rule's place."""
    unit: bool
    """Nothing but one child that takes the rule's place."""


class Tables(msgspec.Struct, frozen=True):
    """`actions[state][terminal]` is the next state, or ~n: reduce by rule n; `gotos[state][origin]` follows that."""

    grammar: str
    fixed: dict[str, str]
    """Signs and words as written -> terminal."""
    patterns: dict[str, str]
    """Terminal -> regular expression, in the order to try."""
    rules: list[Rule]
    actions: list[dict[str, int]]
    gotos: list[dict[str, int]]
    starts: dict[str, int]
    ends: dict[str, int]


def has_method(rule: Rule) -> bool:
    """Whether a reduction by the rule makes a value of its own."""
    one_child = len(rule.keep) == 1 and not rule.keep[0][1] and not rule.keep[0][2] and not rule.nones
    return not rule.splice and not (rule.single and one_child)


def grammar_digest() -> str:
    return hashlib.sha256(GRAMMAR.read_bytes()).hexdigest()


@cache
def load() -> Tables:
    """The tables of grammar.lark, from grammar.bin when that is up to date."""
    try:
        stored = msgspec.msgpack.decode(TABLES.read_bytes(), type=Tables)
    except (OSError, msgspec.DecodeError):
        return build()
    return stored if stored.grammar == grammar_digest() else build()


def build() -> Tables:
    """The tables by analysing the grammar (slow)."""
    import lark
    from lark.lexer import Lexer, PatternStr

    class NoLexer(Lexer):
        """lexer.py does the work."""

        def __init__(self, conf: Any) -> None:
            pass

        def lex(self, *_: Any) -> Any:
            raise AssertionError("only the tables are wanted")

    made = lark.Lark(GRAMMAR.read_text("utf-8"), parser="lalr", start=STARTS, lexer=NoLexer, maybe_placeholders=True)
    table = made.parser.parser._parse_table
    numbers = _number_states(table)
    rules: dict[Any, int] = {}
    actions: list[dict[str, int]] = [{} for _ in numbers]
    gotos: list[dict[str, int]] = [{} for _ in numbers]
    for state, number in numbers.items():
        for symbol, (action, arg) in sorted(table.states[state].items()):
            if action.name == "Reduce":
                actions[number][str(symbol)] = ~rules.setdefault(arg, len(rules))
            else:
                side = actions if symbol.isupper() else gotos
                side[number][str(symbol)] = numbers[arg]
    fixed = {str(t.pattern.value): t.name for t in made.terminals if isinstance(t.pattern, PatternStr)}
    patterns = {t.name: t.pattern.to_regexp() for t in made.terminals if not isinstance(t.pattern, PatternStr)}
    order = ("NAME", "DURATION", "NUMBER")
    return Tables(
        grammar=grammar_digest(),
        fixed=dict(sorted(fixed.items())),
        patterns={name: patterns[name] for name in order},
        rules=[_rule(rule) for rule in rules],
        actions=actions,
        gotos=gotos,
        starts={start: numbers[table.start_states[start]] for start in STARTS},
        ends={start: numbers[table.end_states[start]] for start in STARTS},
    )


def _number_states(table: Any) -> dict[Any, int]:
    """Lark's states in breadth-first order, so that equal grammars give equal tables."""
    numbers: dict[Any, int] = {}
    queue = [table.start_states[start] for start in STARTS]
    for state in queue:
        if state not in numbers:
            numbers[state] = len(numbers)
            queue += [arg for _, (action, arg) in sorted(table.states[state].items()) if action.name == "Shift"]
    return numbers


def _rule(rule: Any) -> Rule:
    """Lark's rule with its conventions spelled out: `_names` splice, signs are dropped, `[x]` leaves None."""
    options = rule.options
    empty = "".join(str(int(b)) for b in options.empty_indices)
    nones = [len(ones) for ones in empty.split("0")] if empty else [0] * (len(rule.expansion) + 1)
    keep, before = [], 0
    for index, symbol in enumerate(rule.expansion):
        before += nones[index]
        if not (symbol.is_term and symbol.filter_out):
            keep.append((index, not symbol.is_term and symbol.name.startswith("_"), before))
            before = 0
    after = before + nones[len(rule.expansion)]
    single = bool(options.expand1)
    unit = single and len(rule.expansion) == 1 and keep == [(0, False, 0)] and after == 0
    origin = str(rule.origin.name)
    name = str(rule.alias or origin)
    return Rule(origin, name, len(rule.expansion), tuple(keep), after, origin.startswith("_"), single, unit)


def write_tables() -> None:
    """Store the tables of the grammar as it is now."""
    TABLES.write_bytes(msgspec.msgpack.encode(build()))


if __name__ == "__main__":
    write_tables()
