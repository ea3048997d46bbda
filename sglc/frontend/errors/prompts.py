"""Diagnostics 2xx: prompts, roles and generation. Each class is one code; its docstring is its page."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic


class TextOutsideRole(Diagnostic, frozen=True, kw_only=True):
    """A function that uses roles is a conversation: all its text belongs to a message."""

    code = "SGL201"
    title = 'prompt text outside of roles'
    label = '`{name}` uses roles elsewhere'
    hint = 'put it under `user:`, `system:`, `assistant:` or `tool:`'
    name: str


class NestedRole(Diagnostic, frozen=True, kw_only=True):
    """A message cannot contain a message."""

    code = "SGL202"
    title = 'roles do not nest'
    label = 'inside `{outer}:`'
    hint = 'end the outer role first'
    outer: str


class PromptNotAllowed(Diagnostic, frozen=True, kw_only=True):
    """Here is no context that text could be appended to."""

    code = "SGL203"
    title = 'no prompt here'
    label = '{where} has no context'
    where: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class UsedBeforeGenerated(Diagnostic, frozen=True, kw_only=True):
    """A hole uses a value that is generated later in the same string."""

    code = "SGL204"
    title = '`{name}` is generated after this'
    label = 'generated further right'
    hint = 'move the use behind the generation'
    name: str


class GenNotAllowed(Diagnostic, frozen=True, kw_only=True):
    """Text is generated in prompts only: as a statement of a function, or in a hole of a prompt string."""

    code = "SGL205"
    title = 'nothing can be generated here'
    label = '{where}'
    hint = 'generate in a statement first and insert the value'
    where: str


class UnknownOption(Diagnostic, frozen=True, kw_only=True):
    """An option that this construct does not have."""

    code = "SGL206"
    title = '{owner} has no option `{name}`'
    label = 'no such option'
    name: str
    owner: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class OptionValue(Diagnostic, frozen=True, kw_only=True):
    """An option has a value that it cannot take."""

    code = "SGL207"
    title = '`{name}` must be {expected}'
    label = 'found {found}'
    name: str
    expected: str
    found: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class UnknownMode(Diagnostic, frozen=True, kw_only=True):
    """`select ... by` takes likelihood, greedy or unconditional."""

    code = "SGL208"
    title = 'unknown way to select `{name}`'
    label = 'likelihood, greedy or unconditional'
    hint = 'write `by {near}`'
    name: str
    near: str


class SamplesWithoutChance(Diagnostic, frozen=True, kw_only=True):
    """Several samples at temperature 0 are all the same."""

    code = "SGL209"
    title = '{count} samples at temperature 0 are all the same'
    label = 'no randomness'
    hint = 'add temperature=0.7, say, or remove `n`'
    count: int


class OptionConflict(Diagnostic, frozen=True, kw_only=True):
    """Two options exclude each other, or do not fit the type."""

    code = "SGL210"
    title = '{problem}'
    label = 'here'
    problem: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class NotDescribable(Diagnostic, frozen=True, kw_only=True):
    """`describe` takes types and tools."""

    code = "SGL211"
    title = '`describe` takes types and tools'
    label = 'found {found}'
    hint = 'give the name of a type or a tool'
    found: str


DIAGNOSTICS = (
    TextOutsideRole, NestedRole, PromptNotAllowed, UsedBeforeGenerated, GenNotAllowed, UnknownOption, OptionValue, UnknownMode, SamplesWithoutChance, OptionConflict, NotDescribable,
)  # fmt: skip
