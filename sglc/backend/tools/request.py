"""HttpSpec + env -> Prepared (once, when a tool is loaded); Prepared + arguments -> Request (each call).

The path is fixed as a list of segments before any argument is known and each argument is percent-encoded inside its
segment, so an argument can change neither the host nor the structure of the path nor add to the query.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, TypeAlias
from urllib.parse import quote

import msgspec

from sglc.backend.tools.errors import ToolError
from sglc.backend.tools.hosts import Origin, parse_origin
from sglc.ir.tools import (
    ArgPart,
    Constant,
    DictValue,
    EnvPart,
    HttpSpec,
    ListValue,
    Template,
    ToolSpec,
    Value,
    environment,
)

Piece: TypeAlias = str | ArgPart
"""Text that is already percent-encoded, or an argument that will be."""

# What constant text may hold unencoded: RFC 3986 `pchar` and, in a query, `/` and `?`.
_PATH_SAFE = "!$&'()*+,;=:@"
_QUERY_SAFE = _PATH_SAFE + "/?"


class Prepared(msgspec.Struct, frozen=True):
    """A tool's request with env values filled in."""

    origin: Origin
    segments: tuple[tuple[Piece, ...], ...]
    query: tuple[Piece, ...]
    spec: HttpSpec
    env: dict[str, str]


class Request(msgspec.Struct, frozen=True):
    method: str
    origin: Origin
    target: str
    """Path and query, encoded."""
    headers: tuple[tuple[str, str], ...]
    body: bytes | None

    @property
    def url(self) -> str:
        return f"{self.origin}{self.target}"


def prepare(tool: ToolSpec, spec: HttpSpec, env: Mapping[str, str]) -> Prepared:
    """Fill in env values and settle the origin. ToolError("env") names a variable that is missing or unusable."""
    values = {}
    for name in environment(spec):
        if name not in env:
            hint = f"set {name} before the program starts"
            raise ToolError("env", f"the environment variable {name} is not set", tool=tool.name, hint=hint)
        values[name] = env[name]
        try:
            values[name].encode()
        except UnicodeEncodeError:
            hint = f"set {name} to valid text"
            message = f"the environment variable {name} is not valid UTF-8"
            raise ToolError("env", message, tool=tool.name, hint=hint) from None
    head, rest = _split_authority(spec.url, values)
    try:
        origin = parse_origin(head)
    except ValueError as error:
        used = [part.name for part in spec.url.parts if isinstance(part, EnvPart)]
        source = f"env value {used[0]}" if used else "url"
        hint = f"set {used[0]} to a url like https://api.example.com" if used else "write a url like https://host/path"
        raise ToolError("env", f"the {source} gives no usable url: {error}", tool=tool.name, hint=hint) from None
    path, query = _split_query(rest)
    return Prepared(origin, _split_segments(path), query, spec, values)


def render(tool: str, prepared: Prepared, arguments: Mapping[str, Any]) -> Request:
    """The request for these arguments. ToolError("refused") for one that cannot be sent."""
    return _Renderer(tool, arguments, prepared.env).request(prepared)


# --- the url, once --------------------------------------------------------------------------------------------------


def _split_authority(url: Template, env: Mapping[str, str]) -> tuple[str, list[Piece]]:
    """The text up to the end of the authority, and what follows it, encoded as its place asks."""
    head = ""
    for index, part in enumerate(url.parts):
        # check_spec saw to it that no argument comes before the authority ends.
        head += env[part.name] if isinstance(part, EnvPart) else part if isinstance(part, str) else ""
        end = re.match(r"[^/?#]*//[^/?#]*", head)
        if end and end.end() < len(head):
            tail = [_encode_constant(head[end.end() :], _QUERY_SAFE)]
            return head[: end.end()], tail + _encode_rest(url.parts[index + 1 :], env, in_query="?" in tail[0])
    return head, []


def _encode_rest(parts: tuple[str | EnvPart | ArgPart, ...], env: Mapping[str, str], in_query: bool) -> list[Piece]:
    pieces: list[Piece] = []
    for part in parts:
        match part:
            case ArgPart():
                pieces.append(part)
            case EnvPart(name=name):
                # The operator may give several path segments, but a key in a query is one value whatever it holds.
                pieces.append(quote(env[name], safe="" if in_query else "/"))
            case _:
                pieces.append(_encode_constant(part, _QUERY_SAFE))
                in_query = in_query or "?" in part
    return pieces


def _encode_constant(text: str, safe: str) -> str:
    """Encode what a url cannot hold and keep the escapes that are already there."""
    escaped = re.sub(r"%(?![0-9A-Fa-f]{2})", "%25", text)
    return quote(escaped, safe=safe + "%")


def _split_query(pieces: list[Piece]) -> tuple[list[Piece], tuple[Piece, ...]]:
    for index, piece in enumerate(pieces):
        if isinstance(piece, str) and "?" in piece:
            before, _, after = piece.partition("?")
            return [*pieces[:index], before], (after, *pieces[index + 1 :])
    return pieces, ()


def _split_segments(path: list[Piece]) -> tuple[tuple[Piece, ...], ...]:
    segments: list[list[Piece]] = [[]]
    for piece in path:
        if isinstance(piece, ArgPart):
            segments[-1].append(piece)
            continue
        first, *others = piece.split("/")
        segments[-1].append(first)
        segments += [[other] for other in others]
    # The path begins with `/`, so the first segment is empty; it is not part of the list.
    return tuple(tuple(piece for piece in segment if piece != "") for segment in segments[1:])


# --- each call ------------------------------------------------------------------------------------------------------


class _Renderer:
    def __init__(self, tool: str, arguments: Mapping[str, Any], env: Mapping[str, str]) -> None:
        self.tool, self.arguments, self.env = tool, arguments, env

    def refuse(self, message: str) -> ToolError:
        return ToolError("refused", message, tool=self.tool, hint="check the value before the call")

    def request(self, prepared: Prepared) -> Request:
        spec = prepared.spec
        path = "/" + "/".join(map(self._segment, prepared.segments))
        query = "".join(self._escaped(piece) for piece in prepared.query)
        pairs = [pair for name, value in spec.query for pair in self._query_pairs(name, value)]
        query = "&".join(filter(None, [query, *pairs]))
        body, content_type = self._body(spec.body)
        headers = self._headers(spec)
        if body is not None and "content-type" not in {name.lower() for name, _ in headers}:
            headers.append(("Content-Type", content_type))
        return Request(spec.method, prepared.origin, path + (f"?{query}" if query else ""), tuple(headers), body)

    def _segment(self, pieces: tuple[Piece, ...]) -> str:
        text = "".join(map(self._escaped, pieces))
        # Servers and proxies resolve `.` and `..`, encoded or not, so no encoding makes them safe.
        if text.lower().replace("%2e", ".") in (".", ".."):
            raise self.refuse('a path segment of the url would be "." or ".."')
        named = next((piece for piece in pieces if isinstance(piece, ArgPart)), None)
        if named is not None and not text:
            raise self.refuse(f"the argument `{named}` is empty, and so would be its path segment")
        return text

    def _escaped(self, piece: Piece) -> str:
        if isinstance(piece, str):
            return piece
        value = self._argument(piece)
        if value is None:
            raise self.refuse(f"the argument `{piece}` is none and cannot be part of a url")
        return quote(_text(value), safe="")

    def _query_pairs(self, name: str, value: Value) -> list[str]:
        """One pair; none drops it, a list gives one pair for each item."""
        found = self._value(value)
        items = found if isinstance(found, list | tuple) else [found]
        return [f"{quote(name, safe='')}={quote(_text(item), safe='')}" for item in items if item is not None]

    def _headers(self, spec: HttpSpec) -> list[tuple[str, str]]:
        headers = []
        for name, value in spec.headers:
            found = self._value(value)
            if found is None:
                continue
            text = _text(found)
            if re.search(r"[\x00-\x08\x0a-\x1f\x7f]", text):
                raise self.refuse(f"the value of the header `{name}` holds a line break or a control character")
            headers.append((name, text))
        return headers

    def _body(self, body: Value | None) -> tuple[bytes | None, str]:
        if body is None:
            return None, ""
        if isinstance(body, Template):
            return self._template(body).encode(), "text/plain; charset=utf-8"
        return msgspec.json.encode(self._value(body)), "application/json"

    def _value(self, value: Value) -> Any:
        match value:
            case Template():
                return self._template(value)
            case ArgPart():
                return self._argument(value)
            case Constant(json=text):
                return msgspec.json.decode(text)
            case ListValue(items=items):
                return [self._value(item) for item in items]
            case DictValue(items=pairs):
                return {key: self._value(item) for key, item in pairs}

    def _template(self, template: Template) -> str:
        texts = []
        for part in template.parts:
            if isinstance(part, str):
                texts.append(part)
            else:
                texts.append(self.env[part.name] if isinstance(part, EnvPart) else _text(self._argument(part)))
        return "".join(texts)

    def _argument(self, argument: ArgPart) -> Any:
        value = self.arguments[argument.name]
        for index, name in enumerate(argument.path):
            if not isinstance(value, Mapping) or name not in value:
                shown = ".".join((argument.name, *argument.path[:index]))
                raise self.refuse(f"the argument `{shown}` has no field `{name}`")
            value = value[name]
        return value


def _text(value: Any) -> str:
    """A value inside text: str as it is, all else as compact JSON, as in a prompt."""
    return value if isinstance(value, str) else msgspec.json.encode(value).decode()
