"""What an http tool makes of answers: values of the declared type, or one clear error; also when there is no answer."""

from __future__ import annotations

import asyncio
import gzip
import time
from typing import Any

import pytest
from aiohttp import web
from tool_server import Server, call_once, exchange, failure, http_tool, text

from sglc.backend.tools.policy import ToolPolicy
from sglc.ir.types import (
    INT,
    JSON,
    NONE,
    STR,
    Field,
    ListType,
    NamedType,
    RecordType,
    Type,
    literal,
    optional,
    union,
)

PARCEL = {"Parcel": RecordType("Parcel", (Field("status", STR), Field("eta", optional(STR)), Field("weight", INT)))}


@pytest.mark.parametrize(
    ("body", "content_type", "result", "value"),
    [
        (b"12", "application/json", INT, 12),
        (b"12", "text/html", INT, 12),
        (b'"hi"', "application/json; charset=utf-8", STR, "hi"),
        (b'"hi"', "text/plain", STR, '"hi"'),
        ("grün".encode("latin-1"), "text/plain; charset=iso-8859-1", STR, "grün"),
        ("中文".encode("gbk"), "text/plain; charset=gb2312", STR, "中文"),
        ("中文".encode("gb18030"), "text/plain; charset=gb18030", STR, "中文"),
        (b"\xef\xbb\xbf[1]", "application/json", ListType(INT), [1]),
        ('["é"]'.encode("utf-16"), "application/json", ListType(STR), ["é"]),
        (b"", "text/plain", STR, ""),
        (b"", "", NONE, None),
        (b"", "application/json", optional(INT), None),
        (b'{"status":"sent","weight":2}', "application/json", JSON, {"status": "sent", "weight": 2}),
    ],
)
def test_an_answer_becomes_a_value(body: bytes, content_type: str, result: Type, value: Any) -> None:
    async def handle(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=body, headers={"Content-Type": content_type} if content_type else {})

    async def run() -> Any:
        async with Server(handle) as server:
            return await call_once(http_tool(server.url + "/", result=result))

    assert asyncio.run(run()) == value


def test_records_take_the_fields_that_they_declare() -> None:
    parcel = {"status": "sent", "eta": None, "weight": 3}
    spec = http_tool("{env.URL}/", result=NamedType("Parcel"))
    assert exchange(spec, {}, parcel, PARCEL)[0] == parcel
    assert exchange(spec, {}, {"weight": 3, "links": {"self": "/1"}, "status": "sent"}, PARCEL)[0] == parcel
    spec = http_tool("{env.URL}/", result=ListType(optional(NamedType("Parcel"))))
    assert exchange(spec, {}, [None, {"weight": 3, "status": "sent", "x": 1}], PARCEL)[0] == [None, parcel]


def test_records_in_a_union_are_told_apart_by_their_literals() -> None:
    table = {
        "Cat": RecordType("Cat", (Field("kind", literal("cat")), Field("lives", INT))),
        "Dog": RecordType("Dog", (Field("kind", literal("dog")), Field("lives", INT), Field("tag", optional(STR)))),
    }
    spec = http_tool("{env.URL}/", result=union(NamedType("Cat"), NamedType("Dog")))
    found, _, _ = exchange(spec, {}, {"kind": "dog", "lives": 1, "age": 3}, table)
    assert found == {"kind": "dog", "lives": 1, "tag": None}


@pytest.mark.parametrize(
    ("body", "content_type", "expected"),
    [
        (b'{"status":"sent","eta":null,"weight":"heavy"}', "application/json", ["weight", "int"]),
        (b"[1]", "application/json", ["Parcel"]),
        (b"<html>busy</html>", "text/html", ["not JSON", "<html>busy</html>"]),
        (b"\xff\xfe\xfa", "application/json; charset=utf-8", ["utf-8"]),
        (b"abc", "application/json; charset=zlib", ["encoding zlib"]),
        (b"abc", "application/json; charset=nonsense", ["encoding nonsense"]),
        (b"[" * 100_000, "application/json", ["nested too deeply"]),
        (b"", "application/json", ["empty answer"]),
        (b'{"eta":"today","weight":1,"more":2}', "application/json", ["`status`"]),
    ],
)
def test_a_wrong_shape_says_what_was_found_and_expected(body: bytes, content_type: str, expected: list[str]) -> None:
    async def handle(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(body=body, headers={"Content-Type": content_type})

    async def run() -> Any:
        async with Server(handle) as server:
            return await call_once(http_tool(server.url + "/", result=NamedType("Parcel")), table=PARCEL)

    error = failure(run)
    assert error.kind == "shape"
    assert all(words in error.message for words in expected), error.message


@pytest.mark.parametrize("compressed", [False, True])
def test_a_huge_answer_is_not_read_to_its_end(compressed: bool) -> None:
    sent = 0

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal sent
        if compressed:
            return web.Response(body=gzip.compress(b" " * 50_000_000), headers={"Content-Encoding": "gzip"})
        response = web.StreamResponse()
        await response.prepare(request)
        while sent < 200_000_000:
            await response.write(b"x" * 65536)
            sent += 65536
        return response

    async def run() -> Any:
        async with Server(handle) as server:
            policy = ToolPolicy(allow_private=True, max_response_bytes=100_000)
            return await call_once(http_tool(server.url + "/"), policy=policy)

    error = failure(run)
    assert (error.kind, "100,000 bytes" in error.message) == ("shape", True)
    assert sent < 50_000_000


def test_a_failed_status_shows_the_body_but_no_secret() -> None:
    async def handle(_: web.BaseRequest) -> web.StreamResponse:
        return web.Response(status=403, text="key sk-123456 is not\r\n valid " + "x" * 500)

    async def run() -> Any:
        async with Server(handle) as server:
            spec = http_tool("{env.URL}/a?key={env.KEY}", headers=(("Authorization", text("Bearer {env.KEY}")),))
            return await call_once(spec, env={"URL": server.url, "KEY": "sk-123456"})

    error = failure(run)
    assert (error.kind, error.status) == ("status", 403)
    assert error.message.startswith("status 403 from GET {env.URL}/a?key={env.KEY}: key {env.KEY} is not valid xx")
    assert len(error.message) < 300
    assert "sk-123456" not in str(error) + repr(error)
    assert "127.0.0.1" not in str(error)


# --- no answer


def test_a_server_that_is_down_is_unreachable() -> None:
    async def run() -> Any:
        async with Server() as server:
            url = server.url
        return await call_once(http_tool("{env.URL}/x", retry=1), env={"URL": url})

    error = failure(run)
    assert error.kind == "unreachable"
    assert error.message == "GET {env.URL}/x: connection refused (2 attempts)"


def test_an_answer_that_is_no_http_is_unreachable() -> None:
    async def run() -> Any:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readline()
            writer.write(b"SSH-2.0-OpenSSH_9.6\r\n")
            writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        async with server:
            port = server.sockets[0].getsockname()[1]
            return await call_once(http_tool(f"http://127.0.0.1:{port}/"))

    assert failure(run).kind == "unreachable"


@pytest.mark.parametrize("reply", [b"Content-Length: 100\r\n\r\n[1,", b"Transfer-Encoding: chunked\r\n\r\n5\r\n[1,2"])
def test_an_answer_that_breaks_off_is_unreachable(reply: bytes) -> None:
    async def run() -> Any:
        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\n" + reply)
            writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        async with server:
            return await call_once(http_tool(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", result=JSON))

    error = failure(run)
    assert (error.kind, "broke off" in error.message) == ("unreachable", True)


def test_a_server_without_tls_is_unreachable_by_https() -> None:
    async def run() -> Any:
        async with Server() as server:
            return await call_once(http_tool(f"https://127.0.0.1:{server.port}/"))

    error = failure(run)
    assert (error.kind, "TLS" in error.message) == ("unreachable", True)


@pytest.mark.parametrize("begun", [False, True])
def test_a_slow_server_times_out_before_and_during_the_body(begun: bool) -> None:
    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        response = web.StreamResponse()
        if begun:
            await response.prepare(request)
            await response.write(b'"')
        await asyncio.sleep(30)
        return response

    async def run() -> Any:
        async with Server(handle) as server:
            return await call_once(http_tool(server.url + "/", timeout_s=0.15))

    started = time.monotonic()
    error = failure(run)
    assert error.kind == "timeout"
    assert "within 0.15 s" in error.message
    assert time.monotonic() - started < 3
