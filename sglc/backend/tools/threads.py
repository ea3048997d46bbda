"""Blocking calls in daemon threads. One that hangs can be left behind: it holds up neither the event loop nor the end
of the process, as a thread of an executor would."""

from __future__ import annotations

import asyncio
import contextlib
import contextvars
import socket
import threading
from collections.abc import Callable
from typing import Any, TypeAlias

from aiohttp.abc import AbstractResolver, ResolveResult

Outcome: TypeAlias = tuple[Any, BaseException | None]


class Raised(Exception):
    """Carries what a call raised out of its thread; a StopIteration or SystemExit must not travel bare."""

    def __init__(self, error: BaseException) -> None:
        self.error = error


async def in_thread(call: Callable[[], Any], name: str, when_over: Callable[[], None] | None = None) -> Any:
    """What the call returns; Raised for whatever it raises. `when_over` is called in the event loop when the thread is
    over, also when nobody waits for it any more."""
    loop = asyncio.get_running_loop()
    done: asyncio.Future[Outcome] = loop.create_future()
    context = contextvars.copy_context()

    def settle(outcome: Outcome) -> None:
        if when_over is not None:
            when_over()
        if not done.done():
            done.set_result(outcome)

    def work() -> None:
        outcome: Outcome
        try:
            outcome = (context.run(call), None)
        except BaseException as error:  # also SystemExit: a tool must not end the program
            outcome = (None, error)
        with contextlib.suppress(RuntimeError):  # the loop was closed meanwhile
            loop.call_soon_threadsafe(settle, outcome)

    threading.Thread(target=work, name=name, daemon=True).start()
    value, error = await done
    if error is not None:
        raise Raised(error)
    return value


class Resolver(AbstractResolver):
    """Asks the system for the addresses of a host. That may take far longer than a tool has time."""

    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        try:
            found = await in_thread(
                lambda: socket.getaddrinfo(
                    host, port, family=family, type=socket.SOCK_STREAM, flags=socket.AI_ADDRCONFIG
                ),
                "sglc host name",
            )
        except Raised as raised:
            raise raised.error from None
        return [
            ResolveResult(
                hostname=host,
                host=str(address[0]),
                port=int(address[1]),
                family=kind,
                proto=protocol,
                flags=socket.AI_NUMERICHOST | socket.AI_NUMERICSERV,
            )
            for kind, _, protocol, _, address in found
        ]

    async def close(self) -> None:
        """Nothing is kept."""
