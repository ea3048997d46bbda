"""Diagnostics 120 to 139: types. Each class is one code; its docstring is its page."""

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
        def count(words: list[str]) -> int:
            result = "none yet"
            result = len(words)
            return result

    Right:
        def count(words: list[str]) -> int:
            result = len(words)
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
    hint = "use a tuple with as many items as there are names"
    type: str
    count: int


class BadTypeArguments(Diagnostic, frozen=True, kw_only=True):
    """A type is given arguments or refinements that it does not have.

    `list[T]`, `dict[str, T]` and `tuple[A, B]` take types; `str`, `int`, `float` and `list[T]` take `min=` and `max=`.

    Wrong:
        def grades(marks: list[int, int]) -> int:
            return sum(marks)

    Right:
        def grades(marks: list[int](min=1, max=5)) -> int:
            return sum(marks)
    """

    code = "SGL125"
    title = "{problem}"
    label = "not possible for this type"
    hint = "{help}"
    problem: str
    help: str = ""


class EmptyRange(Diagnostic, frozen=True, kw_only=True):
    """A refinement leaves no value, since its minimum is above its maximum.

    Wrong:
        type Score = int(min=10, max=1)

        def judge(score: Score) -> Score:
            return score

    Right:
        type Score = int(min=1, max=10)

        def judge(score: Score) -> Score:
            return score
    """

    code = "SGL126"
    title = "no value fits: min {low} is above max {high}"
    label = "empty range"
    hint = "swap the two, or correct one"
    low: str
    high: str


class InfiniteType(Diagnostic, frozen=True, kw_only=True):
    """A record contains itself on every path, so no value of it could ever end.

    Wrong:
        type Node max 5:
            value: int
            next: Node

        def first(node: Node) -> int:
            return node.value

    Right:
        type Node max 5:
            value: int
            next: Node?

        def first(node: Node) -> int:
            return node.value
    """

    code = "SGL127"
    title = "a value of `{name}` never ends"
    label = "contains itself without an end"
    hint = "make the field that leads back optional (`T?`) or a list"
    name: str


class AliasCycle(Diagnostic, frozen=True, kw_only=True):
    """A type alias is defined by itself. Only records (`type Name:` with fields) may be recursive.

    Wrong:
        type Tree = list[Tree]

        def size(tree: Tree) -> int:
            return len(tree)

    Right:
        type Tree max 4:
            children: list[Tree]

        def size(tree: Tree) -> int:
            return len(tree.children)
    """

    code = "SGL128"
    title = "alias `{name}` is defined by itself"
    label = "leads back to `{name}`"
    hint = "use a record for recursive types"
    name: str


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
    title = "value may be none"
    label = "{type} here"
    hint = "{help}"
    type: str
    help: str = "test it first: `if x != none:`"


class NotConstant(Diagnostic, frozen=True, kw_only=True):
    """This place takes a value that is known when the program is compiled: a literal, a constant, an expression of those.

    Wrong:
        def start() -> str:
            return "Ann"

        NAME = start()

        def greet():
            "Hello {NAME}!"

    Right:
        NAME = "Ann"

        def greet():
            "Hello {NAME}!"
    """

    code = "SGL130"
    title = "not a constant"
    label = "{what} must be constant"
    hint = "use a literal, or a constant declared at the top of the file"
    what: str


class ConstantFails(Diagnostic, frozen=True, kw_only=True):
    """A constant expression has no value: it divides by zero, reads past the end of a list, or needs itself.

    Wrong:
        SIDES = ["clarity", "style"]
        BEST = SIDES[2]

        def judge():
            "Judge the {BEST}."

    Right:
        SIDES = ["clarity", "style"]
        BEST = SIDES[1]

        def judge():
            "Judge the {BEST}."
    """

    code = "SGL131"
    title = "constant has no value"
    label = "{reason}"
    hint = "correct the expression"
    reason: str


class MissingReturn(Diagnostic, frozen=True, kw_only=True):
    """A function with a result type can reach its end without returning a value.

    A bounded loop can be spent, so what follows it needs a `return` or `fail`, too.

    Wrong:
        def sign(number: int) -> str:
            if number < 0:
                return "negative"

    Right:
        def sign(number: int) -> str:
            if number < 0:
                return "negative"
            return "positive"
    """

    code = "SGL132"
    title = "`{name}` can end without a result"
    label = "a path reaches its end"
    hint = "end every path with `return` or `fail`"
    name: str


class ReturnValue(Diagnostic, frozen=True, kw_only=True):
    """A function without a result type returns a value, or one with a result type returns none.

    Wrong:
        def double(number: int):
            return number * 2

    Right:
        def double(number: int) -> int:
            return number * 2
    """

    code = "SGL133"
    title = "{problem}"
    label = "this `return`"
    hint = "{help}"
    problem: str
    help: str = ""


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
    hint = "give the function a result type, or use the call as a statement"
    function: str


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


class ParameterOrder(Diagnostic, frozen=True, kw_only=True):
    """A parameter without a default follows one with a default, which then could never be left out by position.

    Wrong:
        def greet(name: str = "Ann", city: str):
            "Hello {name} in {city}!"

    Right:
        def greet(city: str, name: str = "Ann"):
            "Hello {name} in {city}!"
    """

    code = "SGL137"
    title = "parameter `{name}` needs a default"
    label = "follows a parameter with a default"
    hint = "give it a default, or move it before the others"
    name: str


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    TypeMismatch, BadOperands, NotIterable, RebindType, BadUnpack, BadTypeArguments, EmptyRange, InfiniteType, AliasCycle,
    MayBeNone, NotConstant, ConstantFails, MissingReturn, ReturnValue, NotYet, NoValue, CannotInsert, ParameterOrder,
)  # fmt: skip
