"""Diagnostics 200 to 219: prompts, roles and generation. Each class is one code; its docstring is its page."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic


class TextOutsideRole(Diagnostic, frozen=True, kw_only=True):
    """A function that uses roles is a conversation: all its text belongs to a message. A template's roles count, too.

    Wrong:
        def answer(question: str) -> str:
            "You are brief."
            user: question
            assistant: gen reply: str with max_tokens=50
            return reply

    Right:
        def answer(question: str) -> str:
            system: "You are brief."
            user: question
            assistant: gen reply: str with max_tokens=50
            return reply
    """

    code = "SGL201"
    title = "prompt text outside of roles"
    label = "`{name}` uses roles elsewhere"
    hint = "{help}"
    name: str
    help: str = "put it under `user:`, `system:`, `assistant:` or `tool:`"


class NestedRole(Diagnostic, frozen=True, kw_only=True):
    """A message cannot contain a message, be it written here or by a template that is used here.

    Wrong:
        def answer(question: str) -> str:
            user:
                "Answer in one word."
                system: "You are brief."
                "{question}"
            assistant: gen reply: str with max_tokens=5
            return reply

    Right:
        def answer(question: str) -> str:
            system: "You are brief."
            user:
                "Answer in one word."
                "{question}"
            assistant: gen reply: str with max_tokens=5
            return reply
    """

    code = "SGL202"
    title = "roles do not nest"
    label = "{what}inside of `{outer}:`"
    hint = "{help}"
    outer: str
    what: str = ""
    help: str


class PromptNotAllowed(Diagnostic, frozen=True, kw_only=True):
    """There is no context here that text could be appended to. A test calls functions, which have their own.

    Wrong:
        def greet(name: str) -> str:
            "Greet {name}: {gen text: str with max_tokens=20}"
            return text

        test "greets":
            "Greet Ann: {gen text: str with max_tokens=20}"
            expect greet("Ann") != ""

    Right:
        def greet(name: str) -> str:
            "Greet {name}: {gen text: str with max_tokens=20}"
            return text

        test "greets":
            expect greet("Ann") != ""
    """

    code = "SGL203"
    title = "no prompt here"
    label = "{where} has no context"
    hint = "{help}"
    where: str
    help: str = ""


class UsedBeforeGenerated(Diagnostic, frozen=True, kw_only=True):
    """A hole uses a value that is generated further right in the same string. Holes run from left to right.

    Wrong:
        def hero():
            "{name} the brave. Who is it? {gen name: str with max_tokens=8}"

    Right:
        def hero():
            "Name: {gen name: str with stop="\\n"}\\n{name} the brave."
    """

    code = "SGL204"
    title = "`{name}` is generated after this"
    label = "has no value yet"
    hint = "move the use behind the generation"
    name: str


class GenNotAllowed(Diagnostic, frozen=True, kw_only=True):
    """Text is generated in prompts only: as a statement of a function, or in a hole of a string that is appended.

    Wrong:
        def greet() -> str:
            text = "Dear {gen name: str with max_tokens=8},"
            return text

    Right:
        def greet() -> str:
            "Dear {gen name: str with stop=","},"
            return "Dear {name},"
    """

    code = "SGL205"
    title = "nothing can be generated here"
    label = "this string is a value, not a prompt"
    hint = "{help}"
    help: str


class UnknownOption(Diagnostic, frozen=True, kw_only=True):
    """An option that this construct does not have. docs/language.md lists the options of each.

    Wrong:
        def greet() -> str:
            "Hello {gen name: str with max_new_tokens=8}"
            return name

    Right:
        def greet() -> str:
            "Hello {gen name: str with max_tokens=8}"
            return name
    """

    code = "SGL206"
    title = "{owner} has no option `{name}`"
    label = "no such option"
    hint = "{help}"
    name: str
    owner: str
    help: str = ""


class OptionValue(Diagnostic, frozen=True, kw_only=True):
    """An option has a value of another type, or out of its range.

    Wrong:
        def greet() -> str:
            "Hello {gen name: str with max_tokens=0}"
            return name

    Right:
        def greet() -> str:
            "Hello {gen name: str with max_tokens=8}"
            return name
    """

    code = "SGL207"
    title = "`{name}` must be {expected}"
    label = "found {found}"
    hint = "{help}"
    name: str
    expected: str
    found: str
    help: str = ""


class UnknownMode(Diagnostic, frozen=True, kw_only=True):
    """`select ... by` takes three ways to score the choices.

    likelihood: the mean log probability of a choice's tokens. greedy: token by token, the likeliest. unconditional: as
    likelihood, less what the choice would score without the prompt.

    Wrong:
        def label(review: str) -> str:
            "{review}\\nThis is {select word from ["good", "bad"] by probability}"
            return word

    Right:
        def label(review: str) -> str:
            "{review}\\nThis is {select word from ["good", "bad"] by likelihood}"
            return word
    """

    code = "SGL208"
    title = "`select` cannot score by `{name}`"
    label = "expected likelihood, greedy or unconditional"
    hint = "write `by {near}`"
    name: str
    near: str


class SamplesWithoutChance(Diagnostic, frozen=True, kw_only=True):
    """`n` samples at temperature 0, the default, would all be the same text, at n times the cost.

    Wrong:
        def guess(question: str) -> int:
            "{question} {gen results: int with n=5}"
            return mode(results)

    Right:
        def guess(question: str) -> int:
            "{question} {gen results: int with n=5, temperature=0.7}"
            return mode(results)
    """

    code = "SGL209"
    title = "{count} samples at temperature 0 are all the same"
    label = "nothing differs between them"
    hint = "{word} temperature=0.7, say, or remove `n`"
    count: int
    word: str = "add"


class OptionConflict(Diagnostic, frozen=True, kw_only=True):
    """Two options exclude each other, or an option does not go with the type that is generated.

    Wrong:
        def guess() -> int:
            "A number: {gen number: int with stop="."}"
            return number

    Right:
        def guess() -> int:
            "A number: {gen number: int}."
            return number
    """

    code = "SGL210"
    title = "{problem}"
    label = "{where}"
    hint = "{help}"
    problem: str
    where: str = "not possible together"
    help: str = ""


class NotDescribable(Diagnostic, frozen=True, kw_only=True):
    """`describe` writes out what a type or a tool looks like; a value is inserted as it is.

    Wrong:
        type Parcel:
            status: str

        def tell(parcel: Parcel):
            "{describe(parcel)}"

    Right:
        type Parcel:
            status: str

        def tell(parcel: Parcel):
            "{describe(Parcel)}\\nThis one: {parcel}"
    """

    code = "SGL211"
    title = "`describe` takes types and tools"
    label = "found {found}"
    hint = "{help}"
    found: str
    help: str = "give the name of a type or a tool"


class SampledString(Diagnostic, frozen=True, kw_only=True):
    """`n=k` runs the whole statement k times side by side. Only the list of samples comes out, behind the statement.

    So nothing else that the string generates has a value afterwards, and the list does not exist in the string yet.

    Wrong:
        def guess(question: str) -> int:
            "{question} {gen why: str with stop="So:"} So: {gen results: int with n=5, temperature=0.7}"
            return mode(results)

    Right:
        def guess(question: str) -> int:
            "{question} {gen why: str with stop="So:"} So: "
            "{gen results: int with n=5, temperature=0.7}"
            return mode(results)
    """

    code = "SGL212"
    title = "{problem}"
    label = "in a string with `n`"
    hint = "{help}"
    problem: str
    help: str = ""


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    TextOutsideRole, NestedRole, PromptNotAllowed, UsedBeforeGenerated, GenNotAllowed, UnknownOption, OptionValue,
    UnknownMode, SamplesWithoutChance, OptionConflict, NotDescribable, SampledString,
)  # fmt: skip
