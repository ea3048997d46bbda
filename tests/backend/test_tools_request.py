"""What an http tool sends: arguments reach the server exactly, and can change nothing else."""

from __future__ import annotations

import asyncio
from typing import Any
from urllib.parse import unquote_to_bytes

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from tool_server import Server, call_once, exchange, failure, http_tool, text

from sglc.backend.tools.errors import ToolError
from sglc.backend.tools.policy import ToolPolicy
from sglc.backend.tools.request import prepare, render
from sglc.backend.tools.toolbox import Toolbox
from sglc.ir.tools import (
    ArgPart,
    Constant,
    DictValue,
    HttpSpec,
    ListValue,
    ToolSpec,
    ToolSpecError,
    check_spec,
)
from sglc.ir.types import (
    INT,
    JSON,
    STR,
    Field,
    ListType,
    optional,
)


def test_arguments_reach_path_query_headers_and_body() -> None:
    spec = http_tool(
        "{env.URL}/parcels/{item.sku}?v=1&x={note}",
        Field("item", JSON),
        "note",
        Field("tags", ListType(STR)),
        Field("day", optional(STR)),
        method="POST",
        query=(("tag", ArgPart("tags")), ("day", ArgPart("day")), ("n", Constant("3")), ("who", text("me & {note}"))),
        headers=(("X-Note", text("<{note}>")), ("X-Day", ArgPart("day"))),
        body=DictValue((("tags", ArgPart("tags")), ("list", ListValue((Constant("true"), text("{item.sku}!")))))),
        effect=True,
    )
    arguments = {"item": {"sku": "A/1"}, "note": "a=b", "tags": ["x", "y z"], "day": None}
    _, request, body = exchange(spec, arguments)
    assert request.raw_path == "/parcels/A%2F1?v=1&x=a%3Db&tag=x&tag=y%20z&n=3&who=me%20%26%20a%3Db"
    assert request.headers["X-Note"] == "<a=b>"
    assert "X-Day" not in request.headers
    assert request.content_type == "application/json"
    assert body == b'{"tags":["x","y z"],"list":[true,"A/1!"]}'


def test_a_template_body_is_text_and_a_list_argument_is_a_json_list() -> None:
    _, request, body = exchange(http_tool("{env.URL}/", "x", method="PUT", body=text("say {x}")), {"x": "你好"})
    assert (request.content_type, body.decode()) == ("text/plain", "say 你好")
    spec = http_tool("{env.URL}/", Field("xs", ListType(INT)), method="PUT", body=ArgPart("xs"))
    assert exchange(spec, {"xs": [1, 2]})[2] == b"[1,2]"


def test_defaults_fill_missing_arguments() -> None:
    spec = http_tool("{env.URL}/{a}", Field("a", STR, default='"x y"'))
    assert exchange(spec, {})[1].raw_path == "/x%20y"


def test_constant_text_is_encoded_and_escapes_are_kept() -> None:
    assert exchange(http_tool('{env.URL}/a b/%2F/50%/"é'), {})[1].raw_path == "/a%20b/%2F/50%25/%22%C3%A9"


def test_env_may_hold_a_base_path_and_a_key_in_the_query() -> None:
    spec = http_tool("{env.URL}/items/{x}?key={env.KEY}", "x")
    prepared = prepare(spec, _http(spec), {"URL": "https://h.test/api/v1", "KEY": "a&b=c"})
    assert render("t", prepared, {"x": "1"}).url == "https://h.test/api/v1/items/1?key=a%26b%3Dc"


def _http(spec: ToolSpec) -> HttpSpec:
    assert isinstance(spec.impl, HttpSpec)
    return spec.impl


HOSTILE = [
    "../../admin",
    "a/b",
    "?x=1",
    "#f",
    "a&b=c",
    "%2e%2e",
    "@evil.test",
    "//evil.test",
    "\\",
    ";",
    "\0",
    " ",
    "+",
]


def _sendable(value: str) -> bool:
    return value not in ("", ".", "..")


@settings(max_examples=300, deadline=None)
@given(st.text(st.characters(exclude_categories=["Cs"])))
@example("..")
@example("")
@example("%2E%2e")
def test_an_argument_never_changes_the_structure_of_the_url(value: str) -> None:
    spec = http_tool("https://h.test/a/{x}/b?q={x}&r=1", "x", query=(("s", ArgPart("x")),))
    prepared = prepare(spec, _http(spec), {})
    if not _sendable(value):
        with pytest.raises(ToolError) as caught:
            render("t", prepared, {"x": value})
        assert caught.value.kind == "refused"
        return
    request = render("t", prepared, {"x": value})
    assert str(request.origin) == "https://h.test"
    path, _, query = request.target.partition("?")
    root, a, hole, b = path.split("/")
    assert (root, a, b) == ("", "a", "b")
    names, values = zip(*(pair.split("=") for pair in query.split("&")), strict=True)
    assert names == ("q", "r", "s")
    assert [unquote_to_bytes(hole), *map(unquote_to_bytes, values)] == [
        value.encode(),
        value.encode(),
        b"1",
        value.encode(),
    ]


@settings(max_examples=20, deadline=None)
@given(st.lists(st.text(st.characters(exclude_categories=["Cs"])).filter(_sendable), min_size=1, max_size=15))
@example(HOSTILE)
def test_any_string_arrives_at_the_server_as_it_is(values: list[str]) -> None:
    async def run() -> None:
        async with Server() as server:
            spec = http_tool("{env.URL}/a/{x}/b", "x", query=(("q", ArgPart("x")),), method="POST", body=ArgPart("x"))
            async with Toolbox([spec], ToolPolicy(env={"URL": server.url}, allow_private=True), {}) as toolbox:
                for value in values:
                    await toolbox.call("t", {"x": value})
            for request, value in zip(server.requests, values, strict=True):
                path, _, query = request.raw_path.partition("?")
                assert path.split("/")[1::2] == ["a", "b"]
                assert unquote_to_bytes(path.split("/")[2]).decode() == value
                assert unquote_to_bytes(query.removeprefix("q=")).decode() == value
                assert await request.json() == value

    asyncio.run(run())


@pytest.mark.parametrize(("url", "values"), [("/a/.{x}", ["."]), ("/a/{x}{y}/b", [".", "."]), ("/{x}/{y}", [""])])
def test_an_argument_that_cannot_be_sent_is_refused(url: str, values: list[str]) -> None:
    spec = http_tool("http://127.0.0.1:9" + url, "x", "y")
    error = failure(lambda: call_once(spec, dict(zip("xy", [*values, "z"], strict=False))))
    assert error.kind == "refused"


def test_an_argument_that_is_no_text_is_refused() -> None:
    error = failure(lambda: call_once(http_tool("http://127.0.0.1:9/{x}", "x"), {"x": "\ud800"}))
    assert error.kind == "shape"


@pytest.mark.parametrize("value", ["a\r\nX-Evil: 1", "a\nb", "a\rb", "a\0b"])
def test_a_header_value_cannot_add_a_header(value: str) -> None:
    spec = http_tool("http://127.0.0.1:9/", "x", headers=(("X-A", ArgPart("x")),))
    error = failure(lambda: call_once(spec, {"x": value}))
    assert error.kind == "refused"
    assert "`X-A`" in error.message


@pytest.mark.parametrize(
    ("url", "options", "message"),
    [
        ("https://{x}/a", {}, "part of the host"),
        ("https://api.{x}.test/a", {}, "part of the host"),
        ("https://api.test{x}", {}, "part of the host"),
        ("https://api.test:8{x}/", {}, "part of the host"),
        ("{env.URL}{x}", {}, "part of the host"),
        ("{x}/a", {}, "part of the host"),
        ("ftp://h.test/a", {}, "only http and https"),
        ("file:///etc/passwd", {}, "only http and https"),
        ("h.test/a", {}, "begins with"),
        ("http://h.test/a#b", {}, "`#`"),
        ("http://h.test/{y}", {}, "`y` is not a parameter"),
        ("http://h.test/", {"method": "FETCH"}, "unknown http method"),
        ("http://h.test/", {"headers": (("Host", text("evil")),)}, "belongs to the connection"),
        ("http://h.test/", {"headers": (("A B", text("x")),)}, "not a header name"),
        ("http://h.test/", {"effect": True, "cache_s": 5.0}, "cannot be cached"),
    ],
)
def test_an_unsafe_declaration_is_refused_when_it_is_loaded(url: str, options: dict[str, Any], message: str) -> None:
    with pytest.raises(ToolSpecError, match=message.replace("(", r"\(")):
        check_spec(http_tool(url, "x", **options))
