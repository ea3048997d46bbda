"""A web server for tools to call, in a thread of its own: it is right, slow, wrong or rude, as a test decides."""

from __future__ import annotations

import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

PROGRAM = """\
tool stock(sku: str) -> int "Pieces in stock.":
    http GET "{env.STOCK_URL}/stock/{sku}" with timeout=1s, retry=0

def pieces(sku: str = "A1") -> int:
    return stock(sku)

def careful(sku: str = "A1") -> str:
    try:
        return "{stock(sku)}"
    except err:
        return "failed: {err.kind}"
"""


class WebStub(ThreadingHTTPServer):
    """`body` is what it answers after `delay` seconds; `asked` is set by the first request."""

    daemon_threads = True

    def __init__(self, body: bytes, status: int, delay: float) -> None:
        super().__init__(("127.0.0.1", 0), _Handler)
        self.body, self.status, self.delay = body, status, delay
        self.asked = threading.Event()
        self.url = f"http://127.0.0.1:{self.server_address[1]}"


class _Handler(BaseHTTPRequestHandler):
    server: WebStub

    def do_GET(self) -> None:
        self.server.asked.set()
        time.sleep(self.server.delay)
        self.send_response(self.server.status)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(self.server.body)))
        self.end_headers()
        with suppress(OSError):  # a client that has waited long enough goes away
            self.wfile.write(self.server.body)

    def log_message(self, format: str, *args: object) -> None:
        """Says nothing."""


@contextmanager
def web_stub(body: bytes = b"7", status: int = 200, delay: float = 0.0) -> Iterator[WebStub]:
    server = WebStub(body, status, delay)
    thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True)
    thread.start()
    try:
        yield server
    finally:
        server.shutdown()
        server.server_close()
