"""Diagnostics 300 to 309: what a generated value may look like. Each class is one code; its docstring is its page."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic


class BadPattern(Diagnostic, frozen=True, kw_only=True):
    """A regular expression is not valid, or uses what cannot be enforced while text is generated.

    A pattern takes the whole text. Look-around, back references and anchors are not available.

    Wrong:
        type Order = re"[A-Z]?([0-9]{4}"

        def tell(order: Order):
            "Order {order}"

    Right:
        type Order = re"[A-Z]?[0-9]{4}"

        def tell(order: Order):
            "Order {order}"
    """

    code = "SGL301"
    title = "invalid pattern: {reason}"
    label = "in the pattern"
    hint = "{help}"
    reason: str
    help: str = ""


class BadSchema(Diagnostic, frozen=True, kw_only=True):
    """A JSON Schema file is not valid; the second place is the one in that file.

    Wrong:
        def tell(order: schema "./broken.json"):
            "Order {order}"

    Right:
        def tell(order: schema "./order.json"):
            "Order {order}"
    """

    code = "SGL303"
    title = "invalid JSON Schema `{file}`: {reason}"
    label = "{place} of this file"
    hint = "{help}"
    file: str
    place: str
    reason: str
    help: str = ""


class SchemaNotYet(Diagnostic, frozen=True, kw_only=True):
    """A schema uses a keyword that this version does not enforce. Ignoring it would let wrong values through.

    Enforced are type, properties, required, enum, const and items.

    Wrong:
        def tell(order: schema "./one_of.json"):
            "Order {order}"

    Right:
        def tell(order: schema "./order.json"):
            "Order {order}"
    """

    code = "SGL304"
    title = "schema keyword {keyword} is not supported yet"
    label = "{place} of this file"
    hint = "remove the keyword, or write the type in the language"
    place: str
    keyword: str


class AmbiguousUnion(Diagnostic, frozen=True, kw_only=True):
    """One text could be two members of a union, so what it means would depend on the order of trying.

    Wrong:
        type Train:
            number: str

        type Flight:
            number: str

        def travel() -> str:
            "{describe(Train, Flight)}\\n{gen trip: Train | Flight with max_tokens=40}"
            return trip.number

    Right:
        type Train:
            kind: "train"
            number: str

        type Flight:
            kind: "flight"
            number: str

        def travel() -> str:
            "{describe(Train, Flight)}\\n{gen trip: Train | Flight with max_tokens=40}"
            return trip.number
    """

    code = "SGL305"
    title = "{first} and {second} cannot be told apart"
    label = "the text {example} could be either"
    hint = "{help}"
    first: str
    second: str
    example: str
    help: str


class Impossible(Diagnostic, frozen=True, kw_only=True):
    """No text is a value of this type, or none that fits into max_tokens: generation could never end well.

    A pattern such as `[^\\s\\S]` has none, and neither has a range of numbers between two neighbours of 15 digits behind
    the point.

    No example: `sglc compile` finds it, `sglc lint` builds no automata.
    """

    code = "SGL306"
    title = "nothing can be generated: {reason}"
    label = "this type has no values"
    hint = "{help}"
    reason: str
    help: str = "widen its bounds or its pattern"


class TooLarge(Diagnostic, frozen=True, kw_only=True):
    """The automaton that would enforce this type exceeds the budget: it would be slow to build and to use.

    Large counts multiply with what they repeat. Lower them, or check the length with `ensure`.

    No example: it depends on limits that may be raised.
    """

    code = "SGL307"
    title = "type is too large to enforce: {reason}"
    label = "over the budget"
    hint = "{help}"
    reason: str
    help: str = "lower its counts, or check them with `ensure`"


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    BadPattern, BadSchema, SchemaNotYet, AmbiguousUnion, Impossible, TooLarge,
)  # fmt: skip
