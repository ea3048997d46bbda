"""What the tests of http tools share: a server on this machine that answers as a test decides, and declarations."""

from __future__ import annotations

import asyncio
import json
import re
from collections.abc import Awaitable, Callable
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from sglc.backend.tools.errors import ToolError
from sglc.backend.tools.policy import ToolPolicy
from sglc.backend.tools.toolbox import Toolbox
from sglc.ir.tools import ArgPart, EnvPart, HttpSpec, Part, Template, ToolSpec
from sglc.ir.types import STR, Field, TypeTable

Handler = Callable[[web.BaseRequest], Awaitable[web.StreamResponse]]


class Server:
    """A raw server: no routing, no decoding; it keeps every request and its body."""

    def __init__(self, handler: Handler | None = None) -> None:
        self.handler = handler or answer(200, "ok")
        self.requests: list[web.BaseRequest] = []
        self.bodies: list[bytes] = []

    async def _handle(self, request: web.BaseRequest) -> web.StreamResponse:
        self.requests.append(request)
        self.bodies.append(await request.read())
        return await self.handler(request)

    async def __aenter__(self) -> Self:
        self._runner = web.ServerRunner(web.Server(self._handle), shutdown_timeout=0.1)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()


def answer(status: int, value: Any, **headers: str) -> Handler:
    """A handler that always gives this status and JSON value."""
    named = {name.replace("_", "-"): text for name, text in headers.items()}

    async def handle(_: web.BaseRequest) -> web.StreamResponse:
        return web.json_response(value, status=status, headers=named)

    return handle


def text(source: str) -> Template:
    """`{env.URL}/a/{item.sku}` as a Template."""
    parts: list[Part] = []
    for piece in re.split(r"(\{[^}]*\})", source):
        if piece.startswith("{env."):
            parts.append(EnvPart(piece[5:-1]))
        elif piece.startswith("{"):
            name, *path = piece[1:-1].split(".")
            parts.append(ArgPart(name, tuple(path)))
        elif piece:
            parts.append(piece)
    return Template(tuple(parts))


def http_tool(url: str, *params: str | Field, method: str = "GET", **options: Any) -> ToolSpec:
    """A tool named `t` with str parameters; query=, headers=, body= go to the request, all else to the tool."""
    request = {key: options.pop(key) for key in ("query", "headers", "body") if key in options}
    fields = tuple(p if isinstance(p, Field) else Field(p, STR) for p in params)
    options.setdefault("result", STR)
    return ToolSpec("t", fields, impl=HttpSpec(method, text(url), **request), **options)


async def call_once(
    spec: ToolSpec,
    arguments: dict[str, Any] | None = None,
    *,
    env: dict[str, str] | None = None,
    policy: ToolPolicy | None = None,
    table: TypeTable | None = None,
    deadline: float | None = None,
) -> Any:
    """One call with a fresh toolbox that may reach this machine."""
    policy = policy or ToolPolicy(env=env or {}, allow_private=True)
    async with Toolbox([spec], policy, table or {}) as toolbox:
        return await toolbox.call("t", arguments or {}, deadline=deadline)


def exchange(
    spec: ToolSpec, arguments: dict[str, Any], reply: Any = "ok", table: TypeTable | None = None
) -> tuple[Any, web.BaseRequest, bytes]:
    """Call once; the value, the request that the server saw, and its body. The spec's url begins with {env.URL}."""

    async def run() -> tuple[Any, web.BaseRequest, bytes]:
        async with Server(answer(200, reply)) as server:
            value = await call_once(spec, arguments, env={"URL": server.url}, table=table)
            return value, server.requests[-1], server.bodies[-1]

    return asyncio.run(run())


def failure(work: Callable[[], Awaitable[Any]]) -> ToolError:
    """The ToolError that the work ends with; its text is one line."""

    async def run() -> ToolError:
        try:
            value = await work()
        except ToolError as error:
            return error
        raise AssertionError(f"no error but {json.dumps(value)}")

    error = asyncio.run(run())
    assert "\n" not in str(error)
    return error
