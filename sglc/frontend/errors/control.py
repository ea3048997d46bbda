"""Diagnostics 4xx: control flow and cost. Each class is one code; its docstring is its page."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic


class LoopWithoutBound(Diagnostic, frozen=True, kw_only=True):
    """Every loop has a bound, so that a program always ends and its cost is known."""

    code = "SGL401"
    title = 'loop has no bound'
    label = 'may run forever'
    hint = 'write `{word} max 10:`, say'
    word: str


class RecursionWithoutBound(Diagnostic, frozen=True, kw_only=True):
    """Functions that call each other in a circle need a depth, so that a program always ends."""

    code = "SGL402"
    title = 'recursion has no bound'
    label = '{cycle}'
    hint = 'write `max 5` before the colon of one of them, say'
    cycle: str


class NotExhaustive(Diagnostic, frozen=True, kw_only=True):
    """A match leaves out values, for which nothing would happen."""

    code = "SGL403"
    title = 'match does not cover {missing}'
    label = 'not exhaustive'
    hint = 'add the missing cases, or `case _:`'
    missing: str


class UnreachableCase(Diagnostic, frozen=True, kw_only=True):
    """A case can never be chosen, since earlier cases take all its values."""

    code = "SGL404"
    title = 'case is never chosen'
    label = 'earlier cases take all its values'
    hint = 'remove it, or move it up'


class UnreachableCode(Diagnostic, frozen=True, kw_only=True):
    """Nothing reaches these lines."""

    code = "SGL405"
    title = 'unreachable code'
    label = 'after `{word}`, which leaves the block'
    hint = 'remove it'
    severity = "warning"
    word: str


class JumpOutside(Diagnostic, frozen=True, kw_only=True):
    """`break` and `continue` belong to a loop of the same function, and do not leave a fork."""

    code = "SGL406"
    title = '`{word}` outside of a loop'
    label = '{where}'
    word: str
    where: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class ReturnInside(Diagnostic, frozen=True, kw_only=True):
    """A branch of a fork, an encoded document or a collecting loop gives its value with `yield`; it cannot end the function."""

    code = "SGL407"
    title = '`return` inside {where}'
    label = 'cannot leave it'
    hint = 'write `yield value`, and return after it'
    where: str


class YieldMissing(Diagnostic, frozen=True, kw_only=True):
    """Each branch or iteration gives one value; on this path there is none."""

    code = "SGL408"
    title = 'a path does not yield'
    label = 'no value for `{name}`'
    hint = 'end every path with `yield` or `fail`'
    name: str


class YieldTwice(Diagnostic, frozen=True, kw_only=True):
    """Each branch or iteration gives one value."""

    code = "SGL409"
    title = 'second `yield` on one path'
    label = 'already yielded on line {line}'
    hint = 'collect both in a tuple or a list'
    line: int


class YieldOutside(Diagnostic, frozen=True, kw_only=True):
    """`yield` gives the value of a branch or iteration that is collected."""

    code = "SGL410"
    title = '`yield` outside of a collecting fork or for'
    label = 'nothing collects it'
    hint = 'write `name = fork ...:` or `name = for ...:`'


class NothingToRetry(Diagnostic, frozen=True, kw_only=True):
    """`retry` runs a generation again; the condition depends on none in this block."""

    code = "SGL411"
    title = 'nothing to retry'
    label = 'no generation that it depends on stands in this block'
    hint = 'put the `ensure` behind the generation, in the same block'


class RetryRepeatsEffect(Diagnostic, frozen=True, kw_only=True):
    """A retry would run a tool with an effect again."""

    code = "SGL412"
    title = 'retry would repeat `{tool}`'
    label = 'runs again with every retry'
    hint = 'move the tool behind the `ensure`'
    tool: str


class RetryTellsNothing(Diagnostic, frozen=True, kw_only=True):
    """Without roles the model is told nothing, and greedy decoding would give the same text again."""

    code = "SGL413"
    title = 'retry would give the same text'
    label = 'greedy, and nothing is told without roles'
    hint = 'use roles, or a temperature above 0'


class BadBound(Diagnostic, frozen=True, kw_only=True):
    """A bound is a whole number from 1 to 10,000 that is known when the program is compiled."""

    code = "SGL414"
    title = 'bound must be a constant from 1 to 10000'
    label = 'found {found}'
    hint = 'use a number or a constant'
    found: str


class TemplateRecursion(Diagnostic, frozen=True, kw_only=True):
    """Templates are put in place where they are used, so they cannot use themselves."""

    code = "SGL415"
    title = 'template `{name}` uses itself'
    label = '{cycle}'
    hint = 'use a `def` with `max`'
    name: str
    cycle: str


class SessionTurns(Diagnostic, frozen=True, kw_only=True):
    """A session has exactly one turn."""

    code = "SGL416"
    title = 'session `{name}` has {count} turns'
    label = 'exactly one is expected'
    hint = 'write one `turn(...) -> T:`'
    name: str
    count: int


class Misplaced(Diagnostic, frozen=True, kw_only=True):
    """A statement that does not belong here."""

    code = "SGL417"
    title = '`{word}` is not allowed here'
    label = '{where}'
    word: str
    where: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class EncodeOnlyText(Diagnostic, frozen=True, kw_only=True):
    """`encode` appends text of documents that do not see each other; nothing can be generated or called there."""

    code = "SGL419"
    title = '`encode` takes only text'
    label = 'not text'
    hint = 'compute it before, and insert the value'


class CaseType(Diagnostic, frozen=True, kw_only=True):
    """A case names a value or a type that the subject never has."""

    code = "SGL420"
    title = 'case does not fit {type}'
    label = 'never equal'
    type: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


DIAGNOSTICS = (
    LoopWithoutBound, RecursionWithoutBound, NotExhaustive, UnreachableCase, UnreachableCode, JumpOutside, ReturnInside, YieldMissing, YieldTwice, YieldOutside, NothingToRetry, RetryRepeatsEffect, RetryTellsNothing, BadBound, TemplateRecursion, SessionTurns, Misplaced, EncodeOnlyText, CaseType,
)  # fmt: skip
