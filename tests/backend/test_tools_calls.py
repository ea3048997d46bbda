"""A call over time: retries, deadlines, cancellation, sharing, the cache, limits; and what is known before it."""

from __future__ import annotations

import asyncio
import time
from typing import Any

import pytest
from aiohttp import web
from tool_server import Server, call_once, failure, http_tool

from sglc.backend.tools import http_tool as http_tool_module
from sglc.backend.tools.errors import ToolError
from sglc.backend.tools.policy import ToolPolicy
from sglc.backend.tools.toolbox import Toolbox
from sglc.ir.types import (
    INT,
    JSON,
    Field,
)


@pytest.fixture(autouse=True)
def _short_backoff(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(http_tool_module, "BACKOFF_S", 0.01)


def _failing(times: int, status: int = 503, **headers: str) -> Any:
    """A server that fails some times, then answers."""
    left = times

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        nonlocal left
        left -= 1
        if left >= 0 and status == 0:
            assert request.transport is not None
            request.transport.abort()
            return web.Response()
        named = {name.replace("_", "-"): text for name, text in headers.items()}
        return web.Response(status=status, headers=named) if left >= 0 else web.json_response("ok")

    return handle


@pytest.mark.parametrize(
    ("failures", "status", "retry", "kind", "requests"),
    [
        (2, 503, 2, None, 3),
        (3, 503, 2, "status", 3),
        (1, 429, 1, None, 2),
        (1, 503, 0, "status", 1),
        (1, 500, 3, "status", 1),
        (1, 404, 3, "status", 1),
        (1, 0, 1, None, 2),
        (2, 0, 1, "unreachable", 2),
        (1, 0, 0, "unreachable", 1),
    ],
)
@pytest.mark.parametrize("method", ["GET", "POST", "DELETE"])
def test_retries_are_counted(
    failures: int, status: int, retry: int, kind: str | None, requests: int, method: str
) -> None:
    async def run() -> tuple[str | None, int]:
        async with Server(_failing(failures, status)) as server:
            spec = http_tool(server.url + "/", method=method, retry=retry, effect=method != "GET")
            try:
                await call_once(spec)
            except ToolError as error:
                return error.kind, len(server.requests)
            return None, len(server.requests)

    assert asyncio.run(run()) == (kind, requests)


def test_a_connection_that_the_server_closed_while_idle_is_no_failure() -> None:
    async def run() -> int:
        connections = 0

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            # Answers once on each connection and hangs up when the second request arrives.
            nonlocal connections
            connections += 1
            await reader.readuntil(b"\r\n\r\n")
            writer.write(b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\nContent-Type: text/plain\r\n\r\nok")
            await reader.readline()
            writer.transport.abort()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        async with server:
            spec = http_tool(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/")
            async with Toolbox([spec], ToolPolicy(allow_private=True), {}) as toolbox:
                assert [await toolbox.call("t", {}) for _ in range(3)] == ["ok"] * 3
        return connections

    assert asyncio.run(run()) == 3


def test_retry_after_is_honoured() -> None:
    async def run() -> float:
        async with Server(_failing(1, 429, Retry_After="1")) as server:
            started = time.monotonic()
            await call_once(http_tool(server.url + "/", retry=1), deadline=time.monotonic() + 5)
            return time.monotonic() - started

    assert 1.0 <= asyncio.run(run()) < 2.0


@pytest.mark.parametrize("pause", ["30", "3600", "Fri, 31 Dec 9999 23:59:59 GMT"])
def test_a_pause_beyond_the_deadline_fails_at_once(pause: str) -> None:
    async def run() -> Any:
        async with Server(_failing(1, 503, Retry_After=pause)) as server:
            return await call_once(http_tool(server.url + "/", retry=1), deadline=time.monotonic() + 5)

    started = time.monotonic()
    error = failure(run)
    assert (error.kind, error.status) == ("status", 503)
    assert time.monotonic() - started < 2


def test_the_deadline_of_the_run_ends_a_call() -> None:
    async def handle(_: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(30)
        return web.Response()

    async def run(left: float) -> Any:
        async with Server(handle) as server:
            spec = http_tool(server.url + "/", timeout_s=20, retry=3)
            try:
                return await call_once(spec, deadline=time.monotonic() + left)
            finally:
                seen.append(len(server.requests))

    seen: list[int] = []
    assert failure(lambda: run(0.2)).kind == "deadline"
    assert failure(lambda: run(-1.0)).kind == "deadline"
    assert seen == [1, 0]


@pytest.mark.parametrize("cached", [0.0, 60.0])
def test_cancelling_closes_the_connection(cached: float) -> None:
    async def run() -> bool:
        gone = asyncio.Event()
        came = asyncio.Event()

        async def handle(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            await reader.readuntil(b"\r\n\r\n")
            came.set()
            await reader.read()  # returns at the end of the connection
            gone.set()
            writer.close()

        server = await asyncio.start_server(handle, "127.0.0.1", 0)
        async with server:
            spec = http_tool(f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}/", cache_s=cached)
            async with Toolbox([spec], ToolPolicy(allow_private=True), {}) as toolbox:
                task = asyncio.create_task(toolbox.call("t", {}))
                await asyncio.wait_for(came.wait(), 2)
                task.cancel()
                with pytest.raises(asyncio.CancelledError):
                    await task
                await asyncio.wait_for(gone.wait(), 2)
        return gone.is_set()

    assert asyncio.run(run())


def test_closing_the_toolbox_ends_calls_as_cancelled() -> None:
    async def handle(_: web.BaseRequest) -> web.StreamResponse:
        await asyncio.sleep(30)
        return web.Response()

    async def run() -> Any:
        async with Server(handle) as server:
            toolbox = Toolbox([http_tool(server.url + "/")], ToolPolicy(allow_private=True), {})
            task = asyncio.create_task(toolbox.call("t", {}))
            await asyncio.sleep(0.05)
            await toolbox.close()
            return await task

    assert failure(run).kind == "cancelled"


# --- cache and sharing


def _counting() -> Any:
    count = 0

    async def handle(_: web.BaseRequest) -> web.StreamResponse:
        nonlocal count
        count += 1
        mine = count
        await asyncio.sleep(0.05)
        return web.json_response(mine)

    return handle


def test_a_cached_tool_asks_once_for_equal_arguments() -> None:
    async def run() -> None:
        async with Server(_counting()) as server:
            spec = http_tool(server.url + "/{x}", Field("x", JSON), cache_s=0.4, result=INT)
            async with Toolbox([spec], ToolPolicy(allow_private=True), {}) as toolbox:
                together = await asyncio.gather(*(toolbox.call("t", {"x": 1}) for _ in range(5)))
                assert together == [1] * 5
                assert await toolbox.call("t", {"x": 1}) == 1
                assert await toolbox.call("t", {"x": "1"}) == 2
                await asyncio.sleep(0.45)
                assert await toolbox.call("t", {"x": 1}) == 3

    asyncio.run(run())


def test_a_shared_call_survives_the_first_caller_but_not_the_last() -> None:
    async def run() -> int:
        async with Server(_counting()) as server:
            spec = http_tool(server.url + "/", cache_s=60, result=INT)
            async with Toolbox([spec], ToolPolicy(allow_private=True), {}) as toolbox:
                tasks = [asyncio.create_task(toolbox.call("t", {})) for _ in range(2)]
                await asyncio.sleep(0.02)
                tasks[0].cancel()
                assert await tasks[1] == 1
            return len(server.requests)

    assert asyncio.run(run()) == 1


def test_a_failure_is_not_cached() -> None:
    async def run() -> None:
        async with Server(_failing(1)) as server:
            spec = http_tool(server.url + "/", cache_s=60)
            async with Toolbox([spec], ToolPolicy(allow_private=True), {}) as toolbox:
                with pytest.raises(ToolError):
                    await toolbox.call("t", {})
                assert await toolbox.call("t", {}) == "ok"

    asyncio.run(run())


def test_the_cache_forgets_the_oldest_when_it_is_full() -> None:
    async def run() -> list[int]:
        async with Server(_counting()) as server:
            spec = http_tool(server.url + "/{x}", "x", cache_s=60, result=INT)
            policy = ToolPolicy(allow_private=True, cache_bytes=40)
            async with Toolbox([spec], policy, {}) as toolbox:
                return [await toolbox.call("t", {"x": x}) for x in ("a", "b", "a", "c", "b")]

    assert asyncio.run(run()) == [1, 2, 1, 3, 4]


def test_calls_in_flight_are_limited() -> None:
    async def run() -> int:
        busy = most = 0

        async def handle(_: web.BaseRequest) -> web.StreamResponse:
            nonlocal busy, most
            busy += 1
            most = max(most, busy)
            await asyncio.sleep(0.02)
            busy -= 1
            return web.json_response("ok")

        async with Server(handle) as server:
            policy = ToolPolicy(allow_private=True, max_concurrency=3)
            async with Toolbox([http_tool(server.url + "/")], policy, {}) as toolbox:
                await asyncio.gather(*(toolbox.call("t", {}) for _ in range(12)))
        return most

    assert asyncio.run(run()) == 3


# --- environment


def test_a_missing_env_value_is_named_at_load_and_by_the_call() -> None:
    spec = http_tool("{env.SHOP_URL}/x")
    assert [p.kind for p in Toolbox([spec], ToolPolicy(), {}).problems()] == ["env"]
    error = failure(lambda: call_once(spec))
    assert (error.kind, "SHOP_URL" in error.message) == ("env", True)


@pytest.mark.parametrize(
    "value", ["", "api.test", "ftp://h/", "http://", "http://u:pass@h.test", "http://h .test", "a b"]
)
def test_an_unusable_env_value_is_named_but_not_shown(value: str) -> None:
    error = failure(lambda: call_once(http_tool("{env.SHOP_URL}/x"), env={"SHOP_URL": value}))
    assert (error.kind, "SHOP_URL" in error.message) == ("env", True)
    assert "pass" not in error.message.replace("password", "")


def test_a_missing_or_wrong_argument_is_a_shape_error() -> None:
    spec = http_tool("http://127.0.0.1:9/{n}", Field("n", INT))
    assert "`n` is missing" in failure(lambda: call_once(spec)).message
    assert "`n` does not fit `int`" in failure(lambda: call_once(spec, {"n": "x"})).message
