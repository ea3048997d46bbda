"""Diagnostics 120 to 149: types. Each class is one code; its docstring is its page."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic


class TypeMismatch(Diagnostic, frozen=True, kw_only=True):
    """A value has another type than its place takes."""

    code = "SGL120"
    title = 'expected {expected}, found {found}'
    label = '{where}'
    expected: str
    found: str
    where: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class BadOperands(Diagnostic, frozen=True, kw_only=True):
    """An operator does not apply to these types."""

    code = "SGL121"
    title = '`{op}` does not apply to {types}'
    label = 'no such operation'
    op: str
    types: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class NotIterable(Diagnostic, frozen=True, kw_only=True):
    """Only lists can be walked through; use dict.keys(), enumerate(...) or str.splitlines() to get one."""

    code = "SGL122"
    title = 'cannot iterate over {type}'
    label = 'a list is expected here'
    type: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class RebindType(Diagnostic, frozen=True, kw_only=True):
    """A variable keeps the type that its first assignment gave it."""

    code = "SGL123"
    title = '`{name}` is {was}, not {now}'
    label = 'another type than before'
    hint = 'use another name for the new value'
    name: str
    was: str
    now: str


class BadUnpack(Diagnostic, frozen=True, kw_only=True):
    """A value is taken apart into a number of names that it does not have."""

    code = "SGL124"
    title = 'cannot take {type} apart into {count} names'
    label = '{count} names here'
    hint = 'use a tuple with as many items as there are names'
    type: str
    count: int


class BadTypeArguments(Diagnostic, frozen=True, kw_only=True):
    """A type is given arguments or refinements that it does not have."""

    code = "SGL125"
    title = '{problem}'
    label = 'here'
    problem: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class EmptyRange(Diagnostic, frozen=True, kw_only=True):
    """A refinement leaves no value, since its minimum is above its maximum."""

    code = "SGL126"
    title = 'no value fits: min {low} is above max {high}'
    label = 'empty range'
    hint = 'swap the two, or correct one'
    low: str
    high: str


class InfiniteType(Diagnostic, frozen=True, kw_only=True):
    """A record contains itself on every path, so a value could never end."""

    code = "SGL127"
    title = 'a value of `{name}` never ends'
    label = 'contains itself without an end'
    hint = 'make the field optional (`T?`) or a list'
    name: str


class AliasCycle(Diagnostic, frozen=True, kw_only=True):
    """A type alias is defined by itself."""

    code = "SGL128"
    title = 'alias `{name}` is defined by itself'
    label = 'leads back to `{name}`'
    hint = 'use a record for recursive types'
    name: str


class MayBeNone(Diagnostic, frozen=True, kw_only=True):
    """A value that may be none is used as if it were there."""

    code = "SGL129"
    title = 'value may be none'
    label = '{type} here'
    hint = 'test it first: `if x != none:`'
    type: str


class NotConstant(Diagnostic, frozen=True, kw_only=True):
    """This place takes a value that is known when the program is compiled."""

    code = "SGL130"
    title = 'not a constant'
    label = '{what} must be constant'
    hint = 'use a literal, or a constant declared at the top of the file'
    what: str


class ConstantFails(Diagnostic, frozen=True, kw_only=True):
    """A constant expression has no value."""

    code = "SGL131"
    title = 'constant has no value'
    label = '{reason}'
    hint = 'correct the expression'
    reason: str


class MissingReturn(Diagnostic, frozen=True, kw_only=True):
    """A function with a result type can end without returning a value."""

    code = "SGL132"
    title = '`{name}` can end without a result'
    label = 'a path reaches the end of the function'
    hint = 'end every path with `return` or `fail`'
    name: str


class ReturnValue(Diagnostic, frozen=True, kw_only=True):
    """A function without a result type returns a value, or the other way round."""

    code = "SGL133"
    title = '{problem}'
    label = 'here'
    problem: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class NotYet(Diagnostic, frozen=True, kw_only=True):
    """The language will have this; this version does not."""

    code = "SGL134"
    title = '`{feature}` is not supported yet'
    label = 'not yet'
    feature: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class NoValue(Diagnostic, frozen=True, kw_only=True):
    """A call of a function without a result is used as a value."""

    code = "SGL135"
    title = '`{function}` gives no value'
    label = 'used as a value here'
    hint = 'give the function a result type, or use the call as a statement'
    function: str


class CannotInsert(Diagnostic, frozen=True, kw_only=True):
    """A value of this type has no text for a prompt."""

    code = "SGL136"
    title = '{type} has no text'
    label = 'cannot be inserted'
    hint = 'insert one of its parts'
    type: str


class ParameterOrder(Diagnostic, frozen=True, kw_only=True):
    """A parameter without a default follows one with a default, so the default could never be used by position."""

    code = "SGL137"
    title = 'parameter `{name}` needs a default'
    label = 'follows a parameter with a default'
    hint = 'give it a default, or move it before the others'
    name: str


DIAGNOSTICS = (
    TypeMismatch, BadOperands, NotIterable, RebindType, BadUnpack, BadTypeArguments, EmptyRange, InfiniteType, AliasCycle, MayBeNone, NotConstant, ConstantFails, MissingReturn, ReturnValue, NotYet, NoValue, CannotInsert, ParameterOrder,
)  # fmt: skip
