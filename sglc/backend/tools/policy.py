"""What the operator allows the tools of a program to do. A program declares, the operator limits."""

from __future__ import annotations

from collections.abc import Mapping

import msgspec

from sglc.backend.tools.hosts import Origin, matches


class ToolPolicy(msgspec.Struct, frozen=True, kw_only=True):
    """The operator's limits; the defaults suit one's own programs on one's own machine.

    allow_hosts: patterns (`api.shop.test`, `*.shop.test`, `host:port`) that a declared host must match; None allows
    every host that the program declares. allow_private: private, loopback and link-local addresses may be reached;
    private_hosts: only by tools whose declared host matches one of these patterns; such a host needs no other leave.
    env: what `{env.NAME}` reads; a server for strangers' programs gives here only what they may know, because a program
    can send it to any host that it may reach. python_modules: names of importable modules; python_paths: folders whose
    modules may all be used. max_concurrency: calls in flight at once, over all tools; max_threads: synchronous Python
    functions that run, also those whose call ran out of time.
    """

    allow_hosts: tuple[str, ...] | None = None
    allow_private: bool = False
    private_hosts: tuple[str, ...] = ()
    env: Mapping[str, str] = {}
    python_modules: tuple[str, ...] = ()
    python_paths: tuple[str, ...] = ()
    max_response_bytes: int = 1 << 20
    max_concurrency: int = 64
    max_threads: int = 64
    cache_bytes: int = 32 << 20

    def allows_host(self, origin: Origin) -> bool:
        if self.allow_hosts is None:
            return True
        return any(matches(pattern, origin) for pattern in (*self.allow_hosts, *self.private_hosts))

    def allows_private(self, origin: Origin) -> bool:
        return self.allow_private or any(matches(pattern, origin) for pattern in self.private_hosts)
