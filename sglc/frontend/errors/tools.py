"""Diagnostics 500 to 506, 600 to 602 and 700 to 702: tools, serving, tests. A class is a code, a docstring its page."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic


class PythonNotFound(Diagnostic, frozen=True, kw_only=True):
    """A tool names a Python function that is not there. The module is looked for beside the program and in python-path.

    Only the module's text is read; nothing of it runs until the operator allows it.

    Wrong:
        tool stock(sku: str) -> int:
            python "shop_tools:stok"

    Right:
        tool stock(sku: str) -> int:
            python "shop_tools:stock"
    """

    code = "SGL501"
    title = "{problem}"
    label = "{where}"
    hint = "{help}"
    problem: str
    where: str = "not found"
    help: str


class PythonMismatch(Diagnostic, frozen=True, kw_only=True):
    """The Python function takes or returns something else than the tool declares, so every call would fail.

    Arguments are passed by name. An annotation that says nothing clear counts as fitting.

    Wrong:
        tool stock(article: str) -> int:
            python "shop_tools:stock"

    Right:
        tool stock(sku: str) -> int:
            python "shop_tools:stock"
    """

    code = "SGL502"
    title = "`{target}` does not fit the tool: {problem}"
    label = "differs from the function"
    hint = "{help}"
    target: str
    problem: str
    help: str


class BadUrl(Diagnostic, frozen=True, kw_only=True):
    """A tool reaches only the host that its declaration fixes. What it inserts is a parameter, a field of one, or env.

    Wrong:
        tool page(host: str) -> json:
            http GET "https://{host}/index.json"

    Right:
        tool page(name: str) -> json:
            http GET "https://example.com/{name}.json"
    """

    code = "SGL503"
    title = "{problem}"
    label = "not allowed"
    hint = "{help}"
    problem: str
    help: str


class BadMethod(Diagnostic, frozen=True, kw_only=True):
    """HTTP methods are GET, HEAD, POST, PUT, PATCH, DELETE and OPTIONS, in capitals.

    Wrong:
        tool page(name: str) -> json:
            http get "https://example.com/{name}.json"

    Right:
        tool page(name: str) -> json:
            http GET "https://example.com/{name}.json"
    """

    code = "SGL504"
    title = "unknown HTTP method `{name}`"
    label = "not a method"
    hint = "{help}"
    name: str
    help: str


class NotATool(Diagnostic, frozen=True, kw_only=True):
    """`call` chooses between tools and inline records such as `done(answer: str)`.

    Wrong:
        def look(name: str) -> str:
            return name

        def answer(question: str) -> str:
            user: question
            assistant: call step: look | done(text: str) with max_tokens=60
            match step:
                case done: return step.text
            return ""

    Right:
        tool look(name: str) -> str "Look a name up.":
            http GET "https://example.com/{name}"

        def answer(question: str) -> str:
            user: "{describe(look)}\\n{question}"
            assistant: call step: look | done(text: str) with max_tokens=60
            match step:
                case done: return step.text
                case look: return step.result
    """

    code = "SGL505"
    title = "`{name}` is not a tool"
    label = "a tool or an inline record is expected"
    hint = "{help}"
    name: str
    help: str


class ToolResult(Diagnostic, frozen=True, kw_only=True):
    """A tool declares what it gives, so that its answer is checked before a program uses it.

    Wrong:
        tool page(name: str):
            http GET "https://example.com/{name}.json"

    Right:
        tool page(name: str) -> json:
            http GET "https://example.com/{name}.json"
    """

    code = "SGL506"
    title = "tool `{name}` has no result type"
    label = "missing `-> T`"
    hint = "write `-> json` for any JSON value"
    name: str


class BadDecorator(Diagnostic, frozen=True, kw_only=True):
    """The decorator is `@serve(path=, method=, name=)`, on a `def` or a `session`.

    Wrong:
        @serve(url="/echo")
        def echo(text: str) -> str:
            return text

    Right:
        @serve(path="/echo")
        def echo(text: str) -> str:
            return text
    """

    code = "SGL601"
    title = "{problem}"
    label = "not possible"
    hint = "{help}"
    problem: str
    help: str


class DuplicatePath(Diagnostic, frozen=True, kw_only=True):
    """Two functions of a program are served under one path.

    Wrong:
        @serve(path="/echo")
        def echo(text: str) -> str:
            return text

        @serve(path="/echo")
        def shout(text: str) -> str:
            return text.upper()

    Right:
        @serve(path="/echo")
        def echo(text: str) -> str:
            return text

        @serve(path="/shout")
        def shout(text: str) -> str:
            return text.upper()
    """

    code = "SGL602"
    title = "path `{route}` is served twice"
    label = "already taken"
    hint = "give each function a path of its own"
    route: str


class TestWithoutExpect(Diagnostic, frozen=True, kw_only=True):
    """A test that expects nothing cannot fail, except by an error.

    Wrong:
        def double(number: int) -> int:
            return number * 2

        test "doubles":
            got = double(2)

    Right:
        def double(number: int) -> int:
            return number * 2

        test "doubles":
            expect double(2) == 4
    """

    code = "SGL701"
    title = "test expects nothing"
    label = "no `expect` in it"
    hint = "state what must hold: `expect got == ...`"
    severity = "warning"


class DuplicateTest(Diagnostic, frozen=True, kw_only=True):
    """Two tests have the same name, so a report would not tell which of them failed.

    Wrong:
        def double(number: int) -> int:
            return number * 2

        test "doubles":
            expect double(2) == 4

        test "doubles":
            expect double(3) == 6

    Right:
        def double(number: int) -> int:
            return number * 2

        test "doubles two":
            expect double(2) == 4

        test "doubles three":
            expect double(3) == 6
    """

    code = "SGL702"
    title = 'test "{name}" stands twice'
    label = "second one"
    hint = "give each test a name of its own"
    name: str


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    PythonNotFound, PythonMismatch, BadUrl, BadMethod, NotATool, ToolResult, BadDecorator, DuplicatePath,
    TestWithoutExpect, DuplicateTest,
)  # fmt: skip
