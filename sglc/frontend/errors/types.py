"""Diagnostics 120 to 124, 129 and 134 to 136: types of values. Each class is one code; its docstring is its page."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic


class TypeMismatch(Diagnostic, frozen=True, kw_only=True):
    """A value has another type than its place takes. Nothing is converted silently, except a whole number to a float.

    Wrong:
        def repeat(count: str) -> str:
            return count

        def start() -> str:
            return repeat(3)

    Right:
        def repeat(count: str) -> str:
            return count

        def start() -> str:
            return repeat(str(3))
    """

    code = "SGL120"
    title = "expected {expected}, found {found}"
    label = "{where}"
    hint = "{help}"
    expected: str
    found: str
    where: str
    help: str = ""


class BadOperands(Diagnostic, frozen=True, kw_only=True):
    """An operator or function does not apply to values of these types.

    Wrong:
        def tell(count: int) -> str:
            return "Found " + count

    Right:
        def tell(count: int) -> str:
            return "Found {count}"
    """

    code = "SGL121"
    title = "`{op}` does not apply to {types}"
    label = "no such operation"
    hint = "{help}"
    op: str
    types: str
    help: str = ""


class NotIterable(Diagnostic, frozen=True, kw_only=True):
    """Only lists and tuples can be walked through; a text or dict first says as what.

    Wrong:
        def lines(text: str) -> list[str]:
            return [line.strip() for line in text]

    Right:
        def lines(text: str) -> list[str]:
            return [line.strip() for line in text.splitlines()]
    """

    code = "SGL122"
    title = "cannot iterate over {type}"
    label = "a list is expected here"
    hint = "{help}"
    type: str
    help: str = ""


class RebindType(Diagnostic, frozen=True, kw_only=True):
    """A variable keeps the type of its first value, so that a reader knows what it is everywhere.

    One that starts as `none` or `[]` takes its type from the next value: `none` and then text gives `str?`.

    Wrong:
        def count(words: list[str]) -> str:
            result = "none"
            if words != []:
                result = len(words)
            return result

    Right:
        def count(words: list[str]) -> str:
            result = "none"
            if words != []:
                result = str(len(words))
            return result
    """

    code = "SGL123"
    title = "`{name}` is {was}, not {now}"
    label = "another type than before"
    hint = "{help}"
    name: str
    was: str
    now: str
    help: str = "use another name for the new value"


class BadUnpack(Diagnostic, frozen=True, kw_only=True):
    """A value is taken apart into a number of names that it does not have, or that its type does not fix.

    Wrong:
        def swap(pair: tuple[int, str]) -> str:
            a, b, c = pair
            return b

    Right:
        def swap(pair: tuple[int, str]) -> str:
            a, b = pair
            return "{b}{a}"
    """

    code = "SGL124"
    title = "cannot take {type} apart into {count} names"
    label = "{count} names here"
    hint = "{help}"
    type: str
    count: int
    help: str = "use a tuple with as many items as there are names"


class MayBeNone(Diagnostic, frozen=True, kw_only=True):
    """A value that may be none is used as if it were there. Behind a test for none it has its plain type.

    Wrong:
        def shout(name: str?) -> str:
            return name.upper()

    Right:
        def shout(name: str?) -> str:
            if name == none:
                return "nobody"
            return name.upper()
    """

    code = "SGL129"
    title = "value {is_} none"
    label = "{type} here"
    hint = "{help}"
    type: str
    help: str
    is_: str = "may be"


class NotYet(Diagnostic, frozen=True, kw_only=True):
    """The language will have this, this version does not.

    Wrong:
        def look(path: str):
            user: image(path)

    Right:
        def look(description: str):
            user: "A picture shows: {description}"
    """

    code = "SGL134"
    title = "`{feature}` is not supported yet"
    label = "not in this version"
    hint = "{help}"
    feature: str
    help: str = ""


class NoValue(Diagnostic, frozen=True, kw_only=True):
    """A call of a function without a result type is used as a value.

    Wrong:
        def greet(name: str):
            "Hello {name}!"

        def start() -> str:
            return greet("Ann")

    Right:
        def greet(name: str) -> str:
            return "Hello {name}!"

        def start() -> str:
            return greet("Ann")
    """

    code = "SGL135"
    title = "`{function}` gives no value"
    label = "used as a value here"
    hint = "give the {kind} a result type, or use the call as a statement"
    function: str
    kind: str = "function"


class CannotInsert(Diagnostic, frozen=True, kw_only=True):
    """A session has no text that could stand in a string; what its turns return has.

    Wrong:
        session chat():
            turn(msg: str) -> str:
                user: msg
                assistant: gen reply: str with max_tokens=50
                return reply

        test "greets":
            talk = chat()
            expect "{talk}" != ""

    Right:
        session chat():
            turn(msg: str) -> str:
                user: msg
                assistant: gen reply: str with max_tokens=50
                return reply

        test "greets":
            talk = chat()
            expect talk.turn("Hi") != ""
    """

    code = "SGL136"
    title = "{type} has no text"
    label = "cannot be inserted"
    hint = "insert what one of its turns returned"
    type: str


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    TypeMismatch, BadOperands, NotIterable, RebindType, BadUnpack, MayBeNone, NotYet, NoValue, CannotInsert,
)  # fmt: skip
