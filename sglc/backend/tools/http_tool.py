"""An http tool's call: Request -> answer of one server -> value, with redirects, retries and limits."""

from __future__ import annotations

import asyncio
import os
import random
import time
from collections.abc import Mapping
from types import SimpleNamespace
from typing import Any

import aiohttp
import msgspec
from yarl import URL

from sglc.backend.tools.answer import Answer, decode
from sglc.backend.tools.errors import Secrets, ToolError, one_line
from sglc.backend.tools.hosts import AddressRefused, guarded_socket, is_private_literal, parse_origin
from sglc.backend.tools.policy import ToolPolicy
from sglc.backend.tools.request import Prepared, Request, prepare, render
from sglc.backend.tools.threads import Resolver
from sglc.ir.tools import HttpSpec, ToolSpec
from sglc.ir.types import TypeTable

MAX_REDIRECTS = 5
MAX_WAIT_S = 60.0
"""A server that asks for a longer pause than this, or than the deadline leaves, gets no second attempt."""
BACKOFF_S = 0.2
_ERROR_BODY_BYTES = 16 << 10
_RETRY_STATUS = frozenset({429, 502, 503, 504})


class LostConnection(aiohttp.ClientError):
    """The server closed the connection instead of answering."""


class Sessions:
    """The HTTP connections of a Toolbox: apart for public and private addresses, and for tools with an effect."""

    def __init__(self) -> None:
        self._sessions: dict[tuple[bool, bool], aiohttp.ClientSession] = {}

    def get(self, *, private: bool, effect: bool) -> aiohttp.ClientSession:
        key = (private, effect)
        if key not in self._sessions:
            self._sessions[key] = _session(private=private, effect=effect)
        return self._sessions[key]

    async def close(self) -> None:
        sessions, self._sessions = list(self._sessions.values()), {}
        for session in sessions:
            await session.close()


def _session(*, private: bool, effect: bool) -> aiohttp.ClientSession:
    trace = aiohttp.TraceConfig()
    trace.on_connection_reuseconn.append(_note_reuse)
    connector = aiohttp.TCPConnector(
        limit=0,  # the Toolbox counts calls
        socket_factory=None if private else guarded_socket,
        resolver=Resolver(),
        # An effect is not sent on a connection that the server may just have closed: one could not know if it arrived.
        force_close=effect,
    )
    return aiohttp.ClientSession(
        connector=connector,
        cookie_jar=aiohttp.DummyCookieJar(),
        trust_env=False,
        timeout=aiohttp.ClientTimeout(total=None),
        headers={"User-Agent": "sglc", "Accept-Encoding": "gzip, deflate"},
        middlewares=(_no_hidden_retry,),
        trace_configs=[trace],
    )


async def _note_reuse(_session: aiohttp.ClientSession, context: SimpleNamespace, _params: object) -> None:
    context.trace_request_ctx.reused = True


async def _no_hidden_retry(
    request: aiohttp.ClientRequest, handler: aiohttp.ClientHandlerType
) -> aiohttp.ClientResponse:
    """aiohttp sends GET, PUT and DELETE again by itself after ClientOSError; here only `retry=` decides."""
    try:
        return await handler(request)
    except aiohttp.ClientConnectorError:
        raise
    except (aiohttp.ClientOSError, aiohttp.ServerDisconnectedError) as error:
        raise LostConnection from error


class HttpTool:
    """One loaded http tool. What is wrong with its environment or host is known at once, and raised by each call."""

    def __init__(
        self,
        tool: ToolSpec,
        spec: HttpSpec,
        *,
        policy: ToolPolicy,
        table: TypeTable,
        sessions: Sessions,
        slots: asyncio.Semaphore,
    ) -> None:
        self._tool, self._spec, self._policy, self._table = tool, spec, policy, table
        self._sessions, self._slots = sessions, slots
        self._shown = f"{spec.method} {spec.url}"
        self._prepared: Prepared | None = None
        self.problem: ToolError | None = None
        try:
            self._load()
        except ToolError as error:
            self.problem = error

    def _load(self) -> Prepared:
        if self._prepared is None:
            prepared = prepare(self._tool, self._spec, self._policy.env)
            if not self._policy.allows_host(prepared.origin):
                hint = "the operator adds the host to the allowed ones"
                raise self._error("refused", f"the host of {self._spec.url} is not allowed", hint=hint)
            self._private = self._policy.allows_private(prepared.origin)
            if not self._private and is_private_literal(prepared.origin.host):
                raise self._private_error()
            self._secrets = Secrets(prepared.env)
            self._prepared = prepared
        return self._prepared

    async def call(self, arguments: Mapping[str, Any], deadline: float | None) -> Any:
        request = render(self._tool.name, self._load(), arguments)
        for attempt in range(1, self._tool.retry + 2):
            try:
                return decode(await self._attempt(request), self._tool, self._table)
            except ToolError as error:
                error.reword(self._secrets.hide(error.message))
                pause = _pause(error, attempt)
                left = MAX_WAIT_S if deadline is None else min(MAX_WAIT_S, deadline - time.monotonic())
                if attempt > self._tool.retry or not _may_pass(error) or pause >= left:
                    if attempt > 1:
                        error.reword(f"{error.message} ({attempt} attempts)")
                    raise
            await asyncio.sleep(pause)
        raise AssertionError("the last attempt returns or raises")

    async def _attempt(self, request: Request) -> Answer:
        async with self._slots:
            try:
                async with asyncio.timeout(self._tool.timeout_s):
                    return await self._follow(request)
            except TimeoutError:
                message = f"no complete answer within {self._tool.timeout_s:g} s from {self._shown}"
                raise self._error("timeout", message, hint="raise `timeout=` or check the server") from None
            except (aiohttp.ClientError, OSError, ValueError) as error:
                # Without its cause: what aiohttp says may hold the url with all values.
                raise self._connection_error(error) from None

    async def _follow(self, request: Request) -> Answer:
        for _ in range(MAX_REDIRECTS + 1):
            answer = await self._send(request)
            if answer.location is None:
                return answer
            request = self._redirected(request, answer)
        message = f"more than {MAX_REDIRECTS} redirects from {self._shown}"
        raise self._error("status", message, status=answer.status, hint="declare the url that finally answers")

    def _redirected(self, request: Request, answer: Answer) -> Request:
        """The next request. Only the same host may take over, because only it was declared and allowed."""
        hint = "declare the url that finally answers"
        location = answer.location or ""
        try:
            # A url that is encoded already stays as it is: a signature may depend on each escape in it.
            url = URL(request.url, encoded=True).join(URL(location, encoded=location.isascii() and " " not in location))
            origin = parse_origin(str(url))
        except ValueError:
            raise self._error("refused", f"a redirect to no valid url from {self._shown}", hint=hint) from None
        upgrade = (request.origin.scheme, request.origin.port, origin.scheme, origin.port) == ("http", 80, "https", 443)
        same_host = origin == request.origin or (upgrade and origin.host == request.origin.host)
        # Adding TLS changes the port, which the operator's patterns may name.
        allowed = self._policy.allows_host(origin) and (not self._private or self._policy.allows_private(origin))
        if not same_host or not allowed:
            message = f"a redirect to another host ({origin}) from {self._shown}"
            raise self._error("refused", message, status=answer.status, hint=hint)
        moved = msgspec.structs.replace(request, origin=origin, target=url.raw_path_qs)
        if answer.status == 303 or (answer.status in (301, 302) and request.method == "POST"):
            kept = tuple((name, value) for name, value in request.headers if name.lower() != "content-type")
            method = "HEAD" if request.method == "HEAD" else "GET"
            moved = msgspec.structs.replace(moved, method=method, headers=kept, body=None)
        return moved

    async def _send(self, request: Request) -> Answer:
        context = SimpleNamespace(reused=False)
        try:
            return await self._exchange(request, context)
        except LostConnection:
            # A server may close an idle connection at any time; that says nothing about this request.
            if not context.reused:
                raise
            return await self._exchange(request, context)

    async def _exchange(self, request: Request, context: SimpleNamespace) -> Answer:
        session = self._sessions.get(private=self._private, effect=self._tool.effect)
        async with session.request(
            request.method,
            URL(request.url, encoded=True),
            headers=request.headers,
            data=request.body,
            allow_redirects=False,
            trace_request_ctx=context,
        ) as response:
            return await self._read(response)

    async def _read(self, response: aiohttp.ClientResponse) -> Answer:
        location = response.headers.get("Location") if response.status in (301, 302, 303, 307, 308) else None
        body = bytearray()
        if location is None:
            failed = not 200 <= response.status < 300
            limit = _ERROR_BODY_BYTES if failed else self._policy.max_response_bytes
            async for chunk in response.content.iter_chunked(64 << 10):
                body += chunk
                if len(body) > limit and not failed:
                    message = f"the answer of {self._shown} is larger than {limit:,} bytes"
                    raise self._error("shape", message, hint="ask the server for less")
                if len(body) > limit:
                    break
        return Answer(
            status=response.status,
            content_type=response.content_type if "Content-Type" in response.headers else "",
            charset=response.charset,
            location=location,
            retry_after=response.headers.get("Retry-After"),
            body=bytes(body),
            shown=self._shown,
        )

    def _connection_error(self, error: Exception) -> ToolError:
        cause = error.os_error if isinstance(error, aiohttp.ClientConnectorError) else error
        if isinstance(cause, AddressRefused):
            return self._private_error()
        if isinstance(error, aiohttp.ClientConnectorDNSError):
            what = "the name of the host cannot be resolved"
        elif isinstance(error, aiohttp.ClientConnectorCertificateError):
            reason = getattr(error.certificate_error, "verify_message", "")
            what = "the certificate of the host is not valid" + (f": {one_line(reason)}" if reason else "")
        elif isinstance(error, aiohttp.ClientSSLError):
            what = "no TLS connection; the server may speak plain http"
        elif isinstance(error, aiohttp.ClientConnectorError):
            # asyncio's own text names the address, which may come from an env value.
            errno = getattr(cause, "errno", None)
            what = os.strerror(errno).lower() if isinstance(errno, int) and errno > 0 else "no connection"
        elif isinstance(error, LostConnection | aiohttp.ClientPayloadError | aiohttp.ClientConnectionError):
            what = "the connection broke off before the answer was complete"
        else:
            what = "the answer is not valid HTTP"
        return self._error("unreachable", f"{self._shown}: {what}", hint="check that the server runs")

    def _private_error(self) -> ToolError:
        message = f"the host of {self._spec.url} has a private address"
        return self._error("refused", message, hint="the operator must allow private addresses for this host")

    def _error(self, kind: Any, message: str, *, hint: str, status: int | None = None) -> ToolError:
        return ToolError(kind, message, tool=self._tool.name, hint=hint, status=status)


def _may_pass(error: ToolError) -> bool:
    """Whether the same request may succeed a little later."""
    return error.kind in ("timeout", "unreachable") or error.status in _RETRY_STATUS


def _pause(error: ToolError, attempt: int) -> float:
    if error.retry_after is not None:
        return error.retry_after
    # Half of it random, so that clients which failed together do not come back together.
    return float(min(5.0, BACKOFF_S * 2 ** (attempt - 1)) * random.uniform(0.5, 1.0))
