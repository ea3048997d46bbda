"""Events of a run -> a live tree on the terminal: what runs side by side, what it says, what is retried or done."""

from __future__ import annotations

import asyncio
import contextlib
import re
import time
from collections.abc import Iterator
from types import TracebackType
from typing import Literal, Self

from rich.console import Console, Group
from rich.live import Live
from rich.text import Text

from sglc.backend import events
from sglc.commands.terminal import plural, printable
from sglc.ir.decode import to_json

State = Literal["running", "done", "failed"]
REFRESH_S = 0.08
MAX_TEXT = 4000
"""So much of a text is kept: a row shows its end while it grows."""
_PART = re.compile(r"\[\d+\]|[^.\[\]]+")
_SPINNER = "⠋⠙⠹⠸⠼⠴⠦⠧⠇⠏"
_MARKS = {"done": "✓", "failed": "✗"}
_PLAIN_MARKS = {"done": "+", "failed": "x"}
_STYLES = {"running": "cyan", "done": "green", "failed": "red"}


class Node:
    """A place in the run. `text` is what its hole said so far, `note` what is known beside it."""

    def __init__(self, name: str) -> None:
        self.name = name
        self.children: dict[str, Node] = {}
        self.state: State | None = None
        self.text = self.note = ""
        self.retries = 0

    def walk(self) -> Iterator[Node]:
        yield self
        for child in self.children.values():
            yield from child.walk()

    @property
    def is_running(self) -> bool:
        return any(node.state == "running" for node in self.walk())


class Row:
    """A line to be drawn."""

    def __init__(self, node: Node, depth: int, label: str) -> None:
        self.node, self.depth, self.label = node, depth, label


class RunView:
    """The state of one run, changed by its events; `rows` says what to draw."""

    def __init__(self, title: str) -> None:
        self.title = title
        self.root = Node("")
        self.started = time.monotonic()
        self.state: State = "running"
        self.finished = 0

    def on_event(self, event: events.Event) -> None:
        match event:
            case events.Text(path=path, reasoning=True):
                self.node(path).state = "running"
            case events.Text(path=path, text=text):
                node = self.node(path)
                node.state, node.text = "running", (node.text + text)[-MAX_TEXT:]
            case events.ValueEvent(path=path, value=value):
                self._finish(self.node(path), "done", value if isinstance(value, str) else to_json(value))
            case events.ToolCall(path=path, tool=tool, args=args):
                node = self.node(path)
                shown = ", ".join(f"{name}={to_json(value)}" for name, value in args.items())
                node.state, node.note = "running", f"{tool}({shown})"
            case events.ToolResult(path=path, error=error, value=value, seconds=seconds):
                text = error or f"{to_json(value)} in {seconds:.2f} s"
                self._finish(self.node(path), "failed" if error else "done", text)
            case events.Branch(path=path, state=state):
                node = self.node(path)
                node.state = "running" if state == "begin" else None if node.children else "done"
            case events.Reset(path=path):
                self._take_back(self.node(path))
            case events.Error():
                self.state = "failed"
                self._stop("failed")
            case events.Done():
                self.state = "done"
                self._stop("done")

    def node(self, path: str) -> Node:
        node = self.root
        for part in _PART.findall(path):
            if part not in node.children:
                node.children[part] = Node(part)
            node = node.children[part]
        return node

    def _finish(self, node: Node, state: State, text: str) -> None:
        node.state, node.text = state, text[:MAX_TEXT]
        self.finished += 1

    def _take_back(self, node: Node) -> None:
        node.retries += 1
        node.children.clear()
        node.text = node.note = ""
        node.state = "running"

    def _stop(self, state: State) -> None:
        for node in self.root.walk():
            if node.state == "running":
                node.state = state

    def rows(self, limit: int) -> tuple[list[Row], int]:
        """At most `limit` lines, those of running work first, and how many were left out."""
        every = [row for child in self.root.children.values() for row in _rows(child, 0)]
        if len(every) <= limit:
            return every, 0
        alive = [row for row in every if row.node.is_running or row.node.state == "failed"]
        if len(alive) < limit:
            # The newest of the finished ones fill what is left.
            keep = {
                *map(id, alive),
                *(id(row) for row in [r for r in every if r not in alive][-(limit - len(alive)) :]),
            }
            shown = [row for row in every if id(row) in keep]
        else:
            shown = alive[:limit]
        return shown, len(every) - len(shown)


def _rows(node: Node, depth: int, before: str = "") -> Iterator[Row]:
    """A node's line and those of its parts; a node with nothing of its own and one part shares that part's line."""
    joint = "" if node.name.startswith("[") or not before else "."
    label = f"{before}{joint}{node.name}"
    if len(node.children) == 1 and not (node.text or node.note or node.retries):
        yield from _rows(next(iter(node.children.values())), depth, label)
        return
    yield Row(node, depth, label)
    for child in node.children.values():
        yield from _rows(child, depth + 1)


class LiveView:
    """Draws a RunView on a terminal, for as long as the `async with` lasts; the last state stays on the screen."""

    def __init__(self, console: Console, view: RunView) -> None:
        self.console, self.view = console, view
        self._spin = 0
        self._live = Live(console=console, auto_refresh=False, get_renderable=self.render, redirect_stdout=False)

    async def __aenter__(self) -> Self:
        self._live.start()
        self._task = asyncio.create_task(self._refresh())
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._task.cancel()
        with contextlib.suppress(asyncio.CancelledError):
            await self._task
        if error is not None and self.view.state == "running":
            self.view.state = "failed"
        self._live.refresh()
        self._live.stop()

    async def _refresh(self) -> None:
        while True:
            self._spin += 1
            self._live.refresh()
            await asyncio.sleep(REFRESH_S)

    def render(self) -> Group:
        limit = max(3, self.console.height - 4)
        rows, hidden = self.view.rows(limit)
        lines = [self._header(), *map(self._line, rows)]
        if hidden:
            lines.append(Text(f"  ... {plural(hidden, 'more line')}", style="dim"))
        return Group(*lines)

    def _header(self) -> Text:
        seconds = time.monotonic() - self.view.started
        text = f"{self._mark(self.view.state)} {self.view.title}  {seconds:.1f} s"
        return Text(text, style=f"bold {_STYLES[self.view.state]}", no_wrap=True, overflow="ellipsis")

    def _line(self, row: Row) -> Text:
        node = row.node
        line = Text("  " * (row.depth + 1), no_wrap=True, overflow="ellipsis")
        line.append(f"{self._mark(node.state)} ", style=_STYLES.get(node.state or "", "dim"))
        line.append(printable(row.label), style="bold")
        if node.retries:
            line.append(f"  retry {node.retries}", style="yellow")
        if node.note:
            line.append(f"  {_flat(node.note)}", style="magenta")
        if node.text:
            line.append("  ")
            room = self.console.width - line.cell_len - 1
            line.append(_end_of(_flat(node.text), room) if node.state == "running" else _flat(node.text))
        return line

    def _mark(self, state: State | None) -> str:
        fancy = (self.console.encoding or "").lower().startswith("utf")
        if state == "running":
            return _SPINNER[self._spin % len(_SPINNER)] if fancy else "|/-\\"[self._spin % 4]
        return (_MARKS if fancy else _PLAIN_MARKS).get(state or "", " ")


def _flat(text: str) -> str:
    return printable(" ".join(text.split()))


def _end_of(text: str, room: int) -> str:
    """The last characters that fit, because that is where a growing text changes."""
    cells = Text(text).cell_len
    if room < 4 or cells <= room:
        return text
    while cells > room - 3:
        text = text[max(1, (cells - room + 3) // 2) :]
        cells = Text(text).cell_len
    return f"...{text}"
