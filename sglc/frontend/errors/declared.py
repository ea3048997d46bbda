"""Diagnostics 125 to 128, 130 to 133 and 137: what declarations say of types. A class is a code, its docstring its page."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic


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
    label = "{way}"
    hint = "{help}"
    name: str
    way: str
    help: str


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
    hint = "{help}"
    name: str
    help: str = "use a record for recursive types"


class TypeTooLarge(Diagnostic, frozen=True, kw_only=True):
    """An alias that is written out has more than 5,000 parts or 100 levels: aliases of aliases double quickly.

    A record has a name of its own and counts as one part wherever it stands.

    Wrong:
        type A0 = tuple[str, str]
        type A1 = tuple[A0, A0, A0, A0, A0, A0, A0, A0]
        type A2 = tuple[A1, A1, A1, A1, A1, A1, A1, A1]
        type A3 = tuple[A2, A2, A2, A2, A2, A2, A2, A2]
        type A4 = tuple[A3, A3, A3, A3, A3, A3, A3, A3]

        def both(four: A4) -> str:
            return four[0][0][0][0][0]

    Right:
        type Pair:
            first: str
            second: str

        type Four:
            first: Pair
            second: Pair

        def both(four: Four) -> str:
            return four.first.first
    """

    code = "SGL138"
    title = "type `{name}` is too large"
    label = "more than {parts} parts or {levels} levels when it is written out"
    hint = "make one of its parts a record: `type Name:` with fields"
    name: str
    parts: int
    levels: int


class NotConstant(Diagnostic, frozen=True, kw_only=True):
    """This place takes a value that is known when the program is compiled: a literal, a constant, or made of those.

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
    hint = "{help}"
    what: str
    help: str = "use a literal, or a constant declared at the top of the file"


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
    hint = "{help}"
    reason: str
    help: str = ""


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
    hint = "{help}"
    name: str
    help: str = "end every path with `return` or `fail`"


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


class TooDeepToFollow(Diagnostic, frozen=True, kw_only=True):
    """The program is correct so far, but deeper than the compiler can follow: hundreds of constants or templates that
    each use the next one, or an `if` of hundreds of branches. Programs that are written by programs get there.

    No example: it would be too long for a page.
    """

    code = "SGL139"
    title = "{problem}"
    label = "deeper than the compiler can follow"
    hint = "{help}"
    problem: str
    help: str


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    BadTypeArguments, EmptyRange, InfiniteType, AliasCycle, TypeTooLarge, NotConstant, ConstantFails, MissingReturn, ReturnValue,
    ParameterOrder, TooDeepToFollow,
)  # fmt: skip
