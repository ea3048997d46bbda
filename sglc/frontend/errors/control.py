"""Diagnostics 402 to 405 and 415 to 420: control flow. Each class is one code; its docstring is its page."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic


class RecursionWithoutBound(Diagnostic, frozen=True, kw_only=True):
    """Functions that call each other in a circle need a depth, so that a program always ends. One call deeper fails.

    Wrong:
        def plan(goal: str, level: int) -> list[str]:
            if level == 0:
                return [goal]
            return plan("first half of {goal}", level - 1) + plan("second half of {goal}", level - 1)

    Right:
        def plan(goal: str, level: int) -> list[str] max 4:
            if level == 0:
                return [goal]
            return plan("first half of {goal}", level - 1) + plan("second half of {goal}", level - 1)
    """

    code = "SGL402"
    title = "recursion of `{name}` has no bound"
    label = "{cycle}"
    hint = "write `{better}`, say"
    name: str
    cycle: str
    better: str


class NotExhaustive(Diagnostic, frozen=True, kw_only=True):
    """A match leaves out values, for which nothing would happen.

    Wrong:
        enum Intent: refund | parcel | other

        def route(intent: Intent) -> str:
            match intent:
                case refund: return "money"
                case parcel: return "post"
            return ""

    Right:
        enum Intent: refund | parcel | other

        def route(intent: Intent) -> str:
            match intent:
                case refund: return "money"
                case parcel: return "post"
                case other: return "front desk"
    """

    code = "SGL403"
    title = "match does not cover {missing}"
    label = "not exhaustive"
    hint = "{help}"
    missing: str
    help: str = "add the missing cases, or `case _:`"


class UnreachableCase(Diagnostic, frozen=True, kw_only=True):
    """A case can never be chosen, since earlier cases take all of its values. Its lines look as if they counted.

    Wrong:
        enum Intent: refund | parcel

        def route(intent: Intent) -> str:
            match intent:
                case refund: return "money"
                case parcel: return "post"
                case _: return "front desk"

    Right:
        enum Intent: refund | parcel

        def route(intent: Intent) -> str:
            match intent:
                case refund: return "money"
                case parcel: return "post"
    """

    code = "SGL404"
    title = "case is never chosen"
    label = "earlier cases take all its values"
    hint = "{help}"
    severity = "warning"
    help: str


class UnreachableCode(Diagnostic, frozen=True, kw_only=True):
    """Nothing reaches these lines, because all paths have left the block before.

    Wrong:
        def first(words: list[str]) -> str:
            return words[0]
            "The first word is {words[0]}."

    Right:
        def first(words: list[str]) -> str:
            "The first word is {words[0]}."
            return words[0]
    """

    code = "SGL405"
    title = "unreachable code"
    label = "after {word}, which {leaves}"
    hint = "remove it, or move it up"
    severity = "warning"
    word: str
    leaves: str = "leaves the block"


class TemplateRecursion(Diagnostic, frozen=True, kw_only=True):
    """Templates are put in place where they are used, so they cannot use themselves, also not through each other.

    Wrong:
        template ask(question: str):
            user: question
            use ask("And then?")

        def start():
            use ask("What first?")

    Right:
        template ask(question: str):
            user: question

        def start():
            use ask("What first?")
            use ask("And then?")
    """

    code = "SGL415"
    title = "template `{name}` uses itself"
    label = "{cycle}"
    hint = "write a loop, or a `def` with `max`"
    name: str
    cycle: str


class SessionTurns(Diagnostic, frozen=True, kw_only=True):
    """A session has exactly one turn: what happens for each message.

    Wrong:
        session chat():
            state turns: int = 0
            system: "You are a friendly helper."

    Right:
        session chat():
            state turns: int = 0
            system: "You are a friendly helper."
            turn(msg: str) -> str:
                user: msg
                assistant: gen reply: str with max_tokens=50
                turns = turns + 1
                return reply
    """

    code = "SGL416"
    title = "session `{name}` has {count}"
    label = "exactly one turn is expected"
    hint = "{help}"
    name: str
    count: str
    help: str


class Misplaced(Diagnostic, frozen=True, kw_only=True):
    """A statement that does not belong here: `expect` outside of tests, `return` in a test or before a retry.

    Wrong:
        def half(number: int) -> int:
            expect number % 2 == 0
            return number // 2

    Right:
        def half(number: int) -> int:
            ensure number % 2 == 0, "the number must be even"
            return number // 2
    """

    code = "SGL417"
    title = "`{word}` is not allowed here"
    label = "{where}"
    hint = "{help}"
    word: str
    where: str
    help: str = ""


class CaseType(Diagnostic, frozen=True, kw_only=True):
    """A case names something that the subject never is. Cases are literals, enum members, record types and tools.

    Wrong:
        enum Intent: refund | other

        def route(intent: Intent) -> str:
            match intent:
                case "refund": return "money"
                case _: return "front desk"

    Right:
        enum Intent: refund | other

        def route(intent: Intent) -> str:
            match intent:
                case refund: return "money"
                case _: return "front desk"
    """

    code = "SGL420"
    title = "case does not fit {type}"
    label = "{reason}"
    hint = "{help}"
    type: str
    reason: str = "never equal"
    help: str


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    RecursionWithoutBound, NotExhaustive, UnreachableCase, UnreachableCode, TemplateRecursion, SessionTurns,
    Misplaced, CaseType,
)  # fmt: skip
