"""Diagnostics 411 to 413: `ensure ... retry`. Each class is one code; its docstring is its page."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic


class NothingToRetry(Diagnostic, frozen=True, kw_only=True):
    """`retry` runs a generation again, and this condition depends on none in the same block.

    It goes back to the earliest statement of its block that generates what the condition uses, directly or through
    plain assignments. Role blocks do not count as blocks of their own.

    Wrong:
        def order(message: str) -> str:
            user: "Copy the order number. {message}"
            assistant: gen number: re"[0-9]{4}"
            if len(message) > 4:
                ensure number in message, "copy it from the message" retry 2
            return number

    Right:
        def order(message: str) -> str:
            user: "Copy the order number. {message}"
            assistant: gen number: re"[0-9]{4}"
            ensure number in message, "copy it from the message" retry 2
            return number
    """

    code = "SGL411"
    title = "nothing to retry"
    label = "no generation of this block decides it"
    hint = "{help}"
    help: str = "put the `ensure` behind the generation, in the same block"


class RetryRepeatsEffect(Diagnostic, frozen=True, kw_only=True):
    """A retry would run a tool with an effect again: a second order, a second mail.

    Tools have an effect unless they are GET or HEAD requests or say `effect=false`.

    Wrong:
        tool send(text: str) -> bool:
            http POST "https://example.com/send" with body=text

        def tell(name: str) -> str:
            user: "Write one line to {name}."
            assistant: gen line: str with max_tokens=30
            sent = send(line)
            ensure name in line, "name the person" retry 2
            return line

    Right:
        tool send(text: str) -> bool:
            http POST "https://example.com/send" with body=text

        def tell(name: str) -> bool:
            user: "Write one line to {name}."
            assistant: gen line: str with max_tokens=30
            ensure name in line, "name the person" retry 2
            return send(line)
    """

    code = "SGL412"
    title = "retry would repeat `{name}`, which has an effect"
    label = "runs again with every retry"
    hint = "move it behind the `ensure`, or declare `{tool}` with effect=false"
    name: str
    tool: str


class RetryTellsNothing(Diagnostic, frozen=True, kw_only=True):
    """The same text would be generated again: nothing is told without roles, and decoding is greedy by default.

    With roles the model reads its failed answer and why it failed. A called function has a context of its own, which
    is not told, so a check of its result belongs inside.

    Wrong:
        def order(message: str) -> str:
            "Message: {message}\\nOrder number: {gen number: re"[0-9]{4}"}"
            ensure number in message, "copy it from the message" retry 2
            return number

    Right:
        def order(message: str) -> str:
            user: "Copy the order number. {message}"
            assistant: gen number: re"[0-9]{4}"
            ensure number in message, "copy it from the message" retry 2
            return number
    """

    code = "SGL413"
    title = "retry would give the same text"
    label = "greedy, and the model is told nothing"
    hint = "{help}"
    help: str = ""


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    NothingToRetry, RetryRepeatsEffect, RetryTellsNothing,
)  # fmt: skip
