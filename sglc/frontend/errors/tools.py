"""Diagnostics 5xx to 7xx: tools, serving, tests. Each class is one code; its docstring is its page."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic


class PythonNotFound(Diagnostic, frozen=True, kw_only=True):
    """The Python function that a tool names does not exist."""

    code = "SGL501"
    title = '{problem}'
    label = 'not found'
    problem: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class PythonMismatch(Diagnostic, frozen=True, kw_only=True):
    """The Python function does not take what the tool declares."""

    code = "SGL502"
    title = '`{target}` does not fit the tool: {problem}'
    label = 'declared differently there'
    target: str
    problem: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class BadUrl(Diagnostic, frozen=True, kw_only=True):
    """A tool can only reach the hosts that its declaration fixes."""

    code = "SGL503"
    title = '{problem}'
    label = 'in this url'
    problem: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class BadMethod(Diagnostic, frozen=True, kw_only=True):
    """HTTP methods are GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS."""

    code = "SGL504"
    title = 'unknown HTTP method `{name}`'
    label = 'not a method'
    name: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class NotATool(Diagnostic, frozen=True, kw_only=True):
    """`call` chooses between tools and inline records such as `done(answer: str)`."""

    code = "SGL505"
    title = '`{name}` is not a tool'
    label = 'a tool or an inline record is expected'
    name: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class ToolResult(Diagnostic, frozen=True, kw_only=True):
    """A tool declares what it gives, so that the answer can be checked."""

    code = "SGL506"
    title = 'tool `{name}` has no result type'
    label = 'missing `-> T`'
    hint = 'write `-> json` for any JSON value'
    name: str


class BadDecorator(Diagnostic, frozen=True, kw_only=True):
    """The decorators are `@serve(path=, method=, name=)`."""

    code = "SGL601"
    title = '{problem}'
    label = 'here'
    problem: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class DuplicatePath(Diagnostic, frozen=True, kw_only=True):
    """Two functions of a program are served under one path."""

    code = "SGL602"
    title = 'path `{path}` is served twice'
    label = 'already taken'
    hint = 'give each function a path of its own'
    path: str


class TestWithoutExpect(Diagnostic, frozen=True, kw_only=True):
    """A test that expects nothing cannot fail, except by an error."""

    code = "SGL701"
    title = 'test expects nothing'
    label = 'no `expect`'
    hint = 'state what must hold: `expect got == ...`'
    severity = "warning"


class DuplicateTest(Diagnostic, frozen=True, kw_only=True):
    """Two tests have the same name, so a report would not tell which one failed."""

    code = "SGL702"
    title = 'test "{name}" stands twice'
    label = 'second one'
    hint = 'give each test a name of its own'
    name: str


DIAGNOSTICS = (
    PythonNotFound, PythonMismatch, BadUrl, BadMethod, NotATool, ToolResult, BadDecorator, DuplicatePath, TestWithoutExpect, DuplicateTest,
)  # fmt: skip
