"""Diagnostics 101 to 108 and 114 to 116: names and files. Each class is one code; its docstring is its page."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic


class ImportNotFound(Diagnostic, frozen=True, kw_only=True):
    """A file that an import or a schema names cannot be read. The path is relative to the file that it stands in.

    Wrong:
        from "./tipes.sgl" import Address

        def greet(to: Address):
            "Hello {to.city}!"

    Right:
        from "./types.sgl" import Address

        def greet(to: Address):
            "Hello {to.city}!"
    """

    code = "SGL101"
    title = "cannot read `{file}`"
    label = "{reason}"
    hint = "{help}"
    file: str
    reason: str
    help: str = ""


class ImportCycle(Diagnostic, frozen=True, kw_only=True):
    """Files import each other in a circle, so none of them can be read first.

    Put what both need into a third file, and import it from both.

    Wrong:
        from "./program.sgl" import Word

        type Word = re"[a-z]+"

        def first(word: Word) -> str:
            return word[0]

    Right:
        type Word = re"[a-z]+"

        def first(word: Word) -> str:
            return word[0]
    """

    code = "SGL102"
    title = "files import each other in a circle"
    label = "{chain}"
    hint = "{help}"
    chain: str
    help: str = "move what both need into a third file"


class UnknownName(Diagnostic, frozen=True, kw_only=True):
    """A name is used that nothing declares: no parameter, no variable of this function, nothing at the top of the file.

    Names that a fork, a loop or a comprehension binds live in its block only.

    Wrong:
        def judge(topic: str):
            user: "About {topc}."

    Right:
        def judge(topic: str):
            user: "About {topic}."
    """

    code = "SGL103"
    title = "unknown name `{name}`"
    label = "not defined in {where}"
    hint = "{help}"
    name: str
    where: str
    help: str = ""


class DuplicateName(Diagnostic, frozen=True, kw_only=True):
    """A name is declared twice in one place, so a reader could not tell which one is meant.

    A loop's or fork's variable and the name behind `except` are declarations, too: each takes a new name.

    Wrong:
        def total(prices: list[float], price: float) -> float:
            for price in prices:
                "A price: {price}\\n"
            return price

    Right:
        def total(prices: list[float], price: float) -> float:
            for one in prices:
                "A price: {one}\\n"
            return price
    """

    code = "SGL104"
    title = "`{name}` is declared twice"
    label = "{where}"
    hint = "{help}"
    name: str
    where: str = "second declaration"
    help: str = "choose another name"


class NotAssigned(Diagnostic, frozen=True, kw_only=True):
    """A variable is used where some path before has given it no value.

    Each arm of an `if`, `match` or `try` counts as a path, and so does a `for` or `while` that runs no iteration.

    Wrong:
        def label(score: int) -> str:
            if score > 5:
                word = "good"
            return word

    Right:
        def label(score: int) -> str:
            word = "poor"
            if score > 5:
                word = "good"
            return word
    """

    code = "SGL105"
    title = "`{name}` {has} no value here"
    label = "{where} (assigned on line {line})"
    hint = "{help}"
    name: str
    line: int
    has: str = "may have"
    where: str = "not assigned on every path to this place"
    help: str = "assign it before the branches or loops, or in each of them"


class NotInFile(Diagnostic, frozen=True, kw_only=True):
    """An imported name is not declared in that file. What a file imports itself is not passed on.

    Wrong:
        from "./types.sgl" import Adress

        def greet(to: Adress):
            "Hello {to.city}!"

    Right:
        from "./types.sgl" import Address

        def greet(to: Address):
            "Hello {to.city}!"
    """

    code = "SGL106"
    title = "`{name}` is not declared in `{file}`"
    label = "not found there"
    hint = "{help}"
    name: str
    file: str
    help: str = ""


class UnknownType(Diagnostic, frozen=True, kw_only=True):
    """A type is used that nothing declares. The language's own types are written small: str, int, float, bool, json.

    Wrong:
        def greet(name: string):
            "Hello {name}!"

    Right:
        def greet(name: str):
            "Hello {name}!"
    """

    code = "SGL107"
    title = "unknown type `{name}`"
    label = "no such type"
    hint = "{help}"
    name: str
    help: str = ""


class UnknownField(Diagnostic, frozen=True, kw_only=True):
    """A value has no field of this name, or an enum no such member.

    Wrong:
        type Parcel:
            status: str

        def tell(parcel: Parcel):
            "The parcel is {parcel.state}."

    Right:
        type Parcel:
            status: str

        def tell(parcel: Parcel):
            "The parcel is {parcel.status}."
    """

    code = "SGL108"
    title = "`{type}` has no {what} `{name}`"
    label = "no such {what}"
    hint = "{help}"
    name: str
    type: str
    what: str = "field"
    help: str = ""


class WrongKind(Diagnostic, frozen=True, kw_only=True):
    """The name exists but stands for another kind of thing: a template is used, a function called, a type named.

    Wrong:
        template voice():
            system: "You are brief."

        def answer(question: str) -> str:
            voice()
            user: question
            assistant: gen reply: str with max_tokens=50
            return reply

    Right:
        template voice():
            system: "You are brief."

        def answer(question: str) -> str:
            use voice()
            user: question
            assistant: gen reply: str with max_tokens=50
            return reply
    """

    code = "SGL114"
    title = "`{name}` is {kind}"
    label = "{expected} is expected here"
    hint = "{help}"
    name: str
    kind: str
    expected: str
    help: str = ""


class ReservedName(Diagnostic, frozen=True, kw_only=True):
    """A declaration takes the name of a builtin, which would silently change what every use of it means.

    Parameters and variables may have such names; the builtin is hidden in their function.

    Wrong:
        def len(text: str) -> int:
            return text.count("x")

    Right:
        def length(text: str) -> int:
            return text.count("x")
    """

    code = "SGL115"
    title = "`{name}` is a builtin"
    label = "cannot be declared again"
    hint = "{help}"
    name: str
    help: str = "choose another name"


class EnvOutsideTool(Diagnostic, frozen=True, kw_only=True):
    """Environment values (addresses, keys) belong to the operator. Only tools read them, so none leaks into a prompt.

    Wrong:
        def greet():
            "You work for {env.SHOP_NAME}."

    Right:
        def greet(shop: str):
            "You work for {shop}."
    """

    code = "SGL116"
    title = "`env` can be read in tools only"
    label = "outside of a tool's address, query, headers and body"
    hint = "pass the value as an argument, or read it in a tool"


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    ImportNotFound, ImportCycle, UnknownName, DuplicateName, NotAssigned, NotInFile, UnknownType, UnknownField,
    WrongKind, ReservedName, EnvOutsideTool,
)  # fmt: skip
