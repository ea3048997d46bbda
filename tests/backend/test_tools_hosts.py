"""Which hosts a tool may reach. Nothing here leaves this machine: what must be refused is refused before connecting."""

from __future__ import annotations

import asyncio
import socket
import threading
import time
from typing import Any

import pytest
from aiohttp import web
from tool_server import Server, answer, call_once, failure, http_tool

from sglc.backend.tools.answer import Answer
from sglc.backend.tools.errors import ToolError
from sglc.backend.tools.hosts import (
    AddressRefused,
    check_pattern,
    guarded_socket,
    is_public,
    matches,
    parse_origin,
)
from sglc.backend.tools.http_tool import HttpTool, Sessions
from sglc.backend.tools.policy import ToolPolicy
from sglc.backend.tools.request import prepare, render
from sglc.backend.tools.toolbox import Toolbox
from sglc.ir.tools import ArgPart, HttpSpec

PRIVATE = [
    "127.0.0.1", "127.8.9.10", "10.0.0.1", "172.16.0.1", "192.168.1.1", "169.254.169.254", "100.64.0.1", "0.0.0.0",
    "224.0.0.1", "240.0.0.1", "255.255.255.255", "192.0.0.1", "198.18.0.1", "192.0.2.1", "::", "::1", "fe80::1",
    "fc00::1", "fd12:3456::1", "fec0::1", "ff02::1", "::ffff:10.0.0.1", "::ffff:127.0.0.1", "::127.0.0.1",
    "64:ff9b::10.0.0.1", "64:ff9b:1::1", "2002:7f00:1::", "2002:0a00:0001::1", "2001:db8::1", "2001::1",
]  # fmt: skip
PUBLIC = ["8.8.8.8", "1.1.1.1", "2606:4700:4700::1111", "::ffff:8.8.8.8", "64:ff9b::8.8.8.8", "2002:0808:0808::1"]


@pytest.mark.parametrize("address", PRIVATE)
def test_private_addresses(address: str) -> None:
    assert not is_public(address)
    family = socket.AF_INET6 if ":" in address else socket.AF_INET
    with pytest.raises(AddressRefused):
        guarded_socket((family, socket.SOCK_STREAM, 0, "", (address, 80)))


@pytest.mark.parametrize("address", PUBLIC)
def test_public_addresses(address: str) -> None:
    assert is_public(address)


LOOPBACK = [
    "127.0.0.1", "127.0.0.1.", "2130706433", "0x7f000001", "0x7f.0.0.1", "0177.0.0.1", "017700000001", "127.1",
    "127.0.1", "１２７.0.0.1", "localhost", "LOCALHOST.", "[::1]", "[0:0:0:0:0:0:0:1]", "[::ffff:127.0.0.1]",
    "[::ffff:7f00:1]", "0", "0.0.0.0",
]  # fmt: skip


@pytest.mark.parametrize("host", LOOPBACK)
def test_no_spelling_of_this_machine_gets_through(host: str) -> None:
    async def run() -> Any:
        async with Server() as server:
            try:
                spec = http_tool(f"http://{host}:{server.port}/", timeout_s=5)
                return await call_once(spec, policy=ToolPolicy())
            finally:
                assert not server.requests

    error = failure(run)
    assert error.kind == "refused"
    assert "private address" in error.message


@pytest.mark.parametrize(
    "address", ["10.0.0.1", "169.254.169.254", "[fd00::1]", "[fe80::1]", "[ff02::1]", "3232235777"]
)
def test_other_private_addresses_are_refused_before_connecting(address: str) -> None:
    # With a connection attempt this would be `timeout` or `unreachable`.
    error = failure(lambda: call_once(http_tool(f"http://{address}/", timeout_s=2), policy=ToolPolicy()))
    assert error.kind == "refused"


@pytest.mark.parametrize("host", ["1.2.3.4.5", "256.1.1.1", "0x7g.1", "a..b", "-a.b", "a_b!c", "a%2eb", "[::1%25lo]"])
def test_hosts_that_are_no_hosts(host: str) -> None:
    with pytest.raises(ValueError, match=r"host|url|address|zone"):
        parse_origin(f"http://{host}/")


def test_a_name_is_checked_at_each_connection(monkeypatch: pytest.MonkeyPatch) -> None:
    """DNS rebinding gains nothing: the addresses are judged when the connection is made, and only then asked for."""
    answers: list[str] = []

    def resolve(host: str, port: int, *args: Any, **kwargs: Any) -> list[Any]:
        answers.append(host)
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (f"10.0.0.{n}", port)) for n in (7, 8)]

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    error = failure(lambda: call_once(http_tool("http://shop.test/", timeout_s=2), policy=ToolPolicy()))
    assert (error.kind, answers) == ("refused", ["shop.test"])


def test_a_slow_name_server_holds_up_neither_the_call_nor_the_end(monkeypatch: pytest.MonkeyPatch) -> None:
    release = threading.Event()

    def resolve(*args: Any, **kwargs: Any) -> list[Any]:
        release.wait(20)
        return []

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    started = time.monotonic()
    error = failure(lambda: call_once(http_tool("http://shop.test/", timeout_s=0.2), policy=ToolPolicy()))
    assert error.kind == "timeout"
    assert time.monotonic() - started < 5
    release.set()


def test_a_name_that_does_not_resolve_is_unreachable(monkeypatch: pytest.MonkeyPatch) -> None:
    def resolve(*args: Any, **kwargs: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    monkeypatch.setattr(socket, "getaddrinfo", resolve)
    error = failure(lambda: call_once(http_tool("http://shop.test/"), policy=ToolPolicy()))
    assert error.kind == "unreachable"
    assert "cannot be resolved" in error.message


@pytest.mark.parametrize(
    ("pattern", "url", "expected"),
    [
        ("api.shop.test", "http://api.shop.test", True),
        ("API.shop.test", "http://api.SHOP.test.:8080/x", True),
        ("api.shop.test:80", "http://api.shop.test", True),
        ("api.shop.test:443", "https://api.shop.test", True),
        ("api.shop.test:443", "http://api.shop.test", False),
        ("*.shop.test", "http://a.b.shop.test", True),
        ("*.shop.test", "http://shop.test", False),
        ("*.shop.test", "http://evilshop.test", False),
        ("*.shop.test:8080", "http://a.shop.test", False),
        ("shop.test", "http://shop.test.evil.example", False),
        ("bücher.test", "http://xn--bcher-kva.test", True),
        ("[::1]:80", "http://[::1]", True),
        ("::1", "http://[::1]:99", True),
        ("127.0.0.1", "http://2130706433", True),
        ("*", "http://any.test", True),
        ("a b", "http://a", False),
    ],
)
def test_patterns(pattern: str, url: str, expected: bool) -> None:
    assert matches(pattern, parse_origin(url)) is expected


@pytest.mark.parametrize(
    "pattern", ["shop.test", "*.shop.test", "*", "*:8080", "shop.test:80", "[::1]", "[::1]:80", "::1", "127.0.0.1", "0x7f.1"]
)  # fmt: skip
def test_patterns_that_can_match(pattern: str) -> None:
    check_pattern(pattern)


@pytest.mark.parametrize(
    "pattern",
    ["", "http://shop.test", "shop.test/x", "shop.test:", "shop.test:http", "shop.test:0", "shop.test:99999", "a b",
     "*.*.test", "*shop.test", "*.", "[::1", "[::g]", "::1:x", "me@shop.test", "shop.test:٨"],
)  # fmt: skip
def test_patterns_that_match_nothing(pattern: str) -> None:
    with pytest.raises(ValueError, match=r"^[a-zA-Z][^\n]+$"):
        check_pattern(pattern)


def test_only_allowed_hosts_are_reached() -> None:
    async def run(**policy: tuple[str, ...]) -> Any:
        async with Server() as server:
            port = str(server.port)
            named: Any = {key: tuple(p.replace("PORT", port) for p in value) for key, value in policy.items()}
            return await call_once(http_tool(server.url + "/"), policy=ToolPolicy(**named))

    assert failure(lambda: run(allow_hosts=("api.shop.test",))).kind == "refused"
    assert failure(lambda: run(allow_hosts=("127.0.0.1",))).message.endswith("has a private address")
    assert failure(lambda: run(private_hosts=("127.0.0.1:1",))).kind == "refused"
    assert asyncio.run(run(private_hosts=("127.0.0.1:PORT",))) == "ok"
    assert asyncio.run(run(allow_hosts=(), private_hosts=("127.0.0.1:PORT",))) == "ok"


def test_what_is_not_allowed_is_known_at_load() -> None:
    specs = [http_tool("https://api.shop.test/")]
    assert [p.kind for p in Toolbox([http_tool("http://[::1]/")], ToolPolicy(), {}).problems()] == ["refused"]
    assert [p.kind for p in Toolbox(specs, ToolPolicy(allow_hosts=("*.other.test",)), {}).problems()] == ["refused"]
    assert not Toolbox(specs, ToolPolicy(allow_hosts=("*.shop.test",)), {}).problems()


def test_proxies_of_the_environment_are_ignored(monkeypatch: pytest.MonkeyPatch) -> None:
    async def run() -> tuple[Any, int]:
        async with Server(answer(200, "proxy")) as proxy, Server(answer(200, "server")) as server:
            for name in ("http_proxy", "HTTP_PROXY", "all_proxy", "ALL_PROXY"):
                monkeypatch.setenv(name, proxy.url)
            return await call_once(http_tool(server.url + "/")), len(proxy.requests)

    assert asyncio.run(run()) == ("server", 0)


# --- redirects ------------------------------------------------------------------------------------------------------


def _redirects(status: int, *targets: str) -> Any:
    """A server that sends each request on to the next target, and at the end answers with what arrived."""
    left = list(targets)

    async def handle(request: web.BaseRequest) -> web.StreamResponse:
        if left:
            return web.Response(status=status, headers={"Location": left.pop(0)})
        return web.json_response(f"{request.method} {request.raw_path} {(await request.read()).decode()}")

    return handle


@pytest.mark.parametrize(
    ("status", "method", "arrived"),
    [
        (301, "GET", "GET /b "),
        (302, "POST", "GET /b "),
        (303, "PUT", "GET /b "),
        (307, "POST", 'POST /b "x"'),
        (308, "PUT", 'PUT /b "x"'),
    ],
)
def test_a_redirect_on_the_same_host_is_followed(status: int, method: str, arrived: str) -> None:
    async def run() -> Any:
        async with Server(_redirects(status, "/b")) as server:
            body = None if method == "GET" else ArgPart("x")
            return await call_once(http_tool(server.url + "/a", "x", method=method, body=body, effect=True), {"x": "x"})

    assert asyncio.run(run()) == arrived


@pytest.mark.parametrize(
    ("start", "target", "allowed"),
    [
        ("http://shop.test/a", "https://shop.test/b", True),
        ("http://shop.test:8080/a", "https://shop.test/b", False),
        ("http://shop.test/a", "https://shop.test:8443/b", False),
        ("https://shop.test/a", "http://shop.test/b", False),
        ("https://shop.test/a", "https://SHOP.test.:443/b?c=%2F#d", True),
        ("https://shop.test/a", "https://www.shop.test/b", False),
        ("https://shop.test/a", "//shop.test\\@evil.test/b", False),
    ],
)
def test_a_redirect_may_only_add_tls(start: str, target: str, allowed: bool) -> None:
    async def run() -> str:
        spec = http_tool(start, effect=False)
        assert isinstance(spec.impl, HttpSpec)
        tool = HttpTool(spec, spec.impl, policy=ToolPolicy(), table={}, sessions=Sessions(), slots=asyncio.Semaphore())
        request = render("t", prepare(spec, spec.impl, {}), {})
        return tool._redirected(request, Answer(302, "", None, target, None, b"", "")).url

    if allowed:
        assert asyncio.run(run()) == target.replace("SHOP.test.:443", "shop.test").partition("#")[0]
    else:
        with pytest.raises(ToolError):
            asyncio.run(run())


@pytest.mark.parametrize("count", [5, 6])
def test_five_redirects_are_enough(count: int) -> None:
    async def run() -> Any:
        async with Server(_redirects(302, *(["/again"] * count))) as server:
            return await call_once(http_tool(server.url + "/"))

    if count == 5:
        assert asyncio.run(run()) == "GET /again "
    else:
        error = failure(run)
        assert (error.kind, "more than 5 redirects" in error.message) == ("status", True)


@pytest.mark.parametrize(
    "target",
    [
        "http://{other}/x", "//{other}/x", "http://127.0.0.1/x", "http://localhost:{port}/x", "https://{host}/x",
        "http://169.254.169.254/latest", "file:///etc/passwd", "http://user@{host}/", "ftp://{host}/",
        "http://[::1]:{port}/",
    ],
)  # fmt: skip
def test_a_redirect_elsewhere_is_refused(target: str) -> None:
    async def run() -> Any:
        async with Server() as other, Server() as server:
            names = {"other": f"127.0.0.1:{other.port}", "host": f"127.0.0.1:{server.port}", "port": server.port}
            server.handler = _redirects(302, target.format(**names))
            try:
                return await call_once(http_tool(server.url + "/"))
            finally:
                assert (len(server.requests), len(other.requests)) == (1, 0)

    assert failure(run).kind == "refused"
