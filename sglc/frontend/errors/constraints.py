"""Diagnostics 3xx: what a generated value may look like. Each class is one code; its docstring is its page."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic


class BadPattern(Diagnostic, frozen=True, kw_only=True):
    """A regular expression is not valid, or uses what cannot be enforced byte by byte."""

    code = "SGL301"
    title = 'invalid pattern: {reason}'
    label = 'here'
    reason: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class BadSchema(Diagnostic, frozen=True, kw_only=True):
    """A JSON Schema file is not valid."""

    code = "SGL303"
    title = 'invalid JSON Schema `{path}`: {reason}'
    label = 'at {place}'
    path: str
    reason: str
    place: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class SchemaNotYet(Diagnostic, frozen=True, kw_only=True):
    """The schema uses a keyword that this version does not enforce; ignoring it would let wrong values through."""

    code = "SGL304"
    title = 'schema keyword `{keyword}` is not supported yet'
    label = 'at {place}'
    hint = 'remove the keyword, or describe the type in the language'
    keyword: str
    place: str


class AmbiguousUnion(Diagnostic, frozen=True, kw_only=True):
    """One text could be two members of the union, so its meaning would depend on the order of trying."""

    code = "SGL305"
    title = '{first} and {second} cannot be told apart'
    label = 'for example {example}'
    hint = 'give each record a literal field such as `kind: "a"`'
    first: str
    second: str
    example: str


class Impossible(Diagnostic, frozen=True, kw_only=True):
    """No finite text is a value of this type."""

    code = "SGL306"
    title = 'no text can be a value of this type: {reason}'
    label = 'cannot be generated'
    reason: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class TooLarge(Diagnostic, frozen=True, kw_only=True):
    """The automaton of this type exceeds the budget, so it would be slow to build and to use."""

    code = "SGL307"
    title = 'type is too large to enforce: {reason}'
    label = 'over the budget'
    reason: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


DIAGNOSTICS = (
    BadPattern, BadSchema, SchemaNotYet, AmbiguousUnion, Impossible, TooLarge,
)  # fmt: skip
