"""A tool's declaration as data: what the planner stores in a Plan and what a Toolbox turns into calls."""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import TypeAlias

import msgspec

from sglc.ir.types import Field, Type
from sglc.source import Location

METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")

# A header that a program may not set: it would choose the virtual host or break the framing of the message.
_CONNECTION_HEADERS = frozenset(
    {"host", "content-length", "transfer-encoding", "connection", "keep-alive", "upgrade", "te", "trailer", "expect"}
    | {"proxy-authorization", "proxy-connection", "proxy-authenticate"}
)
_HEADER_NAME = re.compile(r"[A-Za-z0-9!#$%&'*+.^_`|~-]+")


class _Node(msgspec.Struct, frozen=True, tag_field="t"):
    pass


class EnvPart(_Node, frozen=True, tag="env"):
    """`{env.NAME}`: a value of the operator."""

    name: str


class ArgPart(_Node, frozen=True, tag="arg"):
    """`{name}` or `{name.a.b}`: an argument, or a field inside it. Alone as a value it keeps its type."""

    name: str
    path: tuple[str, ...] = ()

    def __str__(self) -> str:
        return ".".join((self.name, *self.path))


Part: TypeAlias = str | EnvPart | ArgPart


class Template(_Node, frozen=True, tag="text"):
    """Text: constant pieces, env values and arguments, one behind the other."""

    parts: tuple[Part, ...]

    def __str__(self) -> str:
        """As the program wrote it, so without any value; this is what an error message shows."""
        return "".join(map(_show_part, self.parts))


class Constant(_Node, frozen=True, tag="const"):
    """A JSON value known at compile time (number, boolean, null; text is a Template), as compact JSON text."""

    json: str


class ListValue(_Node, frozen=True, tag="list"):
    items: tuple[Value, ...]


class DictValue(_Node, frozen=True, tag="dict"):
    items: tuple[tuple[str, Value], ...]


Value: TypeAlias = Template | ArgPart | Constant | ListValue | DictValue


class HttpSpec(msgspec.Struct, frozen=True, tag_field="t", tag="http"):
    """`http METHOD "url" with query=, headers=, body=`. A Template as the whole body is sent as text, else as JSON."""

    method: str
    url: Template
    query: tuple[tuple[str, Value], ...] = ()
    headers: tuple[tuple[str, Value], ...] = ()
    body: Value | None = None


class PythonSpec(msgspec.Struct, frozen=True, tag_field="t", tag="python"):
    """`python "module:function"`."""

    target: str


class ToolSpec(msgspec.Struct, frozen=True):
    """One `tool` declaration. `timeout_s` bounds each attempt, `retry` counts the attempts after the first."""

    name: str
    params: tuple[Field, ...]
    result: Type
    impl: HttpSpec | PythonSpec
    effect: bool = False
    description: str = ""
    timeout_s: float = 30.0
    retry: int = 0
    cache_s: float = 0.0
    location: Location = Location("", 1, 1)


class SpecProblem(msgspec.Struct, frozen=True):
    """What is wrong with a declaration, what helps, and where.

    The place is a part of the ToolSpec: `url` or `headers` with the number of the part, or an option (-1: all of it).
    """

    message: str
    hint: str = ""
    place: tuple[str, int] = ("url", -1)


class ToolSpecError(ValueError):
    """A declaration that is not safe to run whatever the environment holds; found when a Toolbox is made."""

    def __init__(self, tool: str, problem: SpecProblem, location: Location) -> None:
        hint = f"; {problem.hint}" if problem.hint else ""
        super().__init__(f"{location}: tool `{tool}`: {problem.message}{hint}")
        self.tool, self.problem, self.location = tool, problem, location


def check_spec(spec: ToolSpec) -> None:
    """Raise ToolSpecError for what no argument and no environment can make right."""
    impl = spec.impl
    problem = _http_problem(impl) if isinstance(impl, HttpSpec) else _python_problem(impl)
    names = {field.name for field in spec.params}
    if problem is None and isinstance(impl, HttpSpec):
        unknown = sorted({arg.name for arg in arguments(impl)} - names)
        problem = SpecProblem(f"`{unknown[0]}` is not a parameter") if unknown else None
    if problem is None and (spec.timeout_s <= 0 or spec.retry < 0 or spec.cache_s < 0):
        problem = SpecProblem("timeout must be positive, retry and cache must not be negative")
    if problem is None and spec.effect and spec.cache_s:
        help_ = "remove `cache`, or declare effect=false"
        problem = SpecProblem("a tool with an effect cannot be cached", help_, ("cache", -1))
    if problem is not None:
        raise ToolSpecError(spec.name, problem, spec.location)


def arguments(spec: HttpSpec) -> Iterator[ArgPart]:
    """Every argument that the request uses, in order."""
    yield from (part for part in _leaves(spec) if isinstance(part, ArgPart))


def environment(spec: HttpSpec) -> tuple[str, ...]:
    """Names of the env values that the request uses, each once, in order."""
    return tuple(dict.fromkeys(part.name for part in _leaves(spec) if isinstance(part, EnvPart)))


def _leaves(spec: HttpSpec) -> Iterator[Part]:
    yield from spec.url.parts
    for _, value in (*spec.query, *spec.headers):
        yield from _value_leaves(value)
    if spec.body is not None:
        yield from _value_leaves(spec.body)


def _value_leaves(value: Value) -> Iterator[Part]:
    match value:
        case Template(parts=parts):
            yield from parts
        case ArgPart():
            yield value
        case ListValue(items=items):
            for item in items:
                yield from _value_leaves(item)
        case DictValue(items=pairs):
            for _, item in pairs:
                yield from _value_leaves(item)


def _python_problem(spec: PythonSpec) -> SpecProblem | None:
    module, colon, function = spec.target.partition(":")
    if not colon or not function.isidentifier() or not all(name.isidentifier() for name in module.split(".")):
        return SpecProblem(f'python "{spec.target}" must have the form "module:function"')
    return None


def _http_problem(spec: HttpSpec) -> SpecProblem | None:
    if spec.method not in METHODS:
        return SpecProblem(f"unknown http method `{spec.method}`; expected one of {', '.join(METHODS)}")
    for index, (name, _) in enumerate(spec.headers):
        if not _HEADER_NAME.fullmatch(name):
            return SpecProblem(f"`{name}` is not a header name", "write letters, digits and `-`", ("headers", index))
        if name.lower() in _CONNECTION_HEADERS:
            problem = f"the header `{name}` belongs to the connection and cannot be set"
            return SpecProblem(problem, "remove it: it is made from the URL and the body", ("headers", index))
    return _url_problem(spec.url)


def _url_problem(url: Template) -> SpecProblem | None:
    """The host must be settled by constant text and env, up to a constant `/` or `?`, before the first argument."""
    whole = "write the whole address: https://host/path, or {env.NAME}/path"
    first = next((i for i, part in enumerate(url.parts) if isinstance(part, ArgPart)), None)
    # One character that no text of a program holds stands for an env value.
    before = "".join(part if isinstance(part, str) else "\0" for part in url.parts[:first])
    scheme, separator, rest = before.partition("://")
    if separator:
        if scheme.lower() not in ("http", "https", "\0"):
            return SpecProblem(
                f"only http and https URLs are supported, not `{scheme}`", "write `https://`", ("url", 0)
            )
    elif before.startswith("\0"):
        rest = before[1:]
    elif before.startswith("$"):
        return SpecProblem("a URL does not begin with `$`", "leave the `$` out: {env.NAME}", ("url", 0))
    elif before or first is None:
        return SpecProblem("a URL begins with http://, https:// or an env value", whole)
    if first is not None and not re.search(r"[/?]", rest):
        help_ = "write the host itself, or take it from the environment: https://{env.HOST}/"
        if before and before[-1] not in ".:@-/":
            help_ = "write a `/` between the host and the argument"
        return SpecProblem("an argument cannot be part of the host", help_, ("url", first))
    marked = next((i for i, part in enumerate(url.parts) if isinstance(part, str) and "#" in part), None)
    if marked is not None:
        help_ = "leave out what follows `#`, or write %23 for the character itself"
        return SpecProblem("what follows `#` in a URL is never sent", help_, ("url", marked))
    return None


def _show_part(part: Part) -> str:
    match part:
        case EnvPart(name=name):
            return f"{{env.{name}}}"
        case ArgPart():
            return f"{{{part}}}"
    return part
