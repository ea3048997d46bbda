"""Diagnostics 109 to 113: calls and their arguments. Each class is one code; its docstring is its page."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic


class UnknownMethod(Diagnostic, frozen=True, kw_only=True):
    """Values of this type have no such method. Values do not change, so methods that would change one do not exist.

    Wrong:
        def add(names: list[str]) -> list[str]:
            names.append("Ann")
            return names

    Right:
        def add(names: list[str]) -> list[str]:
            return names + ["Ann"]
    """

    code = "SGL109"
    title = "`{type}` has no method `{name}`"
    label = "no such method"
    hint = "{help}"
    name: str
    type: str
    help: str = ""


class UnknownParameter(Diagnostic, frozen=True, kw_only=True):
    """A call names a parameter that the function does not have. Builtins take their arguments by position.

    Wrong:
        def greet(name: str) -> str:
            return "Hello {name}!"

        def start() -> str:
            return greet(nmae="Ann")

    Right:
        def greet(name: str) -> str:
            return "Hello {name}!"

        def start() -> str:
            return greet(name="Ann")
    """

    code = "SGL110"
    title = "`{function}` has no parameter `{name}`"
    label = "no such parameter"
    hint = "{help}"
    name: str
    function: str
    help: str = ""


class MissingArgument(Diagnostic, frozen=True, kw_only=True):
    """A call leaves out an argument that has no default, or a state variable has no first value.

    Wrong:
        def greet(name: str, city: str) -> str:
            return "Hello {name} in {city}!"

        def start() -> str:
            return greet("Ann")

    Right:
        def greet(name: str, city: str) -> str:
            return "Hello {name} in {city}!"

        def start() -> str:
            return greet("Ann", city="Bonn")
    """

    code = "SGL111"
    title = "`{function}` needs {names}"
    label = "missing here"
    hint = "{help}"
    function: str
    names: str
    help: str = "give it by position or as name=value"


class TooManyArguments(Diagnostic, frozen=True, kw_only=True):
    """A call has more arguments than the function has parameters, or gives one of them twice.

    Wrong:
        def greet(name: str) -> str:
            return "Hello {name}!"

        def start() -> str:
            return greet("Ann", "Bonn")

    Right:
        def greet(name: str, city: str) -> str:
            return "Hello {name} in {city}!"

        def start() -> str:
            return greet("Ann", "Bonn")
    """

    code = "SGL112"
    title = "`{function}` takes {count}"
    label = "{where}"
    hint = "{help}"
    function: str
    count: str
    where: str = "one argument too many"
    help: str = "remove it"


class NotCallable(Diagnostic, frozen=True, kw_only=True):
    """Only functions, tools, builtins, methods and record types can be called.

    Wrong:
        def first(name: str) -> str:
            return name(0)

    Right:
        def first(name: str) -> str:
            return name[0]
    """

    code = "SGL113"
    title = "{what} cannot be called"
    label = "not a function"
    hint = "{help}"
    what: str
    help: str = ""


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    UnknownMethod, UnknownParameter, MissingArgument, TooManyArguments, NotCallable,
)  # fmt: skip
