"""The live view: which rows a run's events make, which are kept when there are too many, and what is drawn."""

from __future__ import annotations

import asyncio
import io

from rich.console import Console

from sglc.backend import events
from sglc.backend.engine.interface import Usage
from sglc.commands.view import LiveView, RunView


def drawn(view: RunView, width: int = 60, height: int = 20) -> list[str]:
    """The lines without the header, which shows a time."""
    console = Console(file=io.StringIO(), width=width, height=height, force_terminal=False, _environ={})
    console.print(LiveView(console, view).render())
    file = console.file
    assert isinstance(file, io.StringIO)
    return [line.rstrip() for line in file.getvalue().splitlines()][1:]


def test_branches_side_by_side() -> None:
    view = RunView("plan")
    for number, text in enumerate(["take the ", "eat at"]):
        view.on_event(events.Branch(path=f"out[{number}]", state="begin"))
        view.on_event(events.Text(path=f"out[{number}].tip", text=text))
    view.on_event(events.Text(path="out[0].tip", text="metro"))
    view.on_event(events.ValueEvent(path="out[1].tip", value="eat at noon"))
    view.on_event(events.Branch(path="out[1]", state="end"))
    assert drawn(view) == ["    out", "    ⠋ [0].tip  take the metro", "    ✓ [1].tip  eat at noon"]


def test_tools_and_retries() -> None:
    view = RunView("plan")
    view.on_event(events.ToolCall(path="track", id=1, tool="track", args={"order": "A1"}))
    assert any('track(order="A1")' in line for line in drawn(view))
    view.on_event(events.ToolResult(path="track", id=1, tool="track", error="no answer", seconds=0.5))
    view.on_event(events.Text(path="req", text="bad"))
    view.on_event(events.Reset(path="req"))
    view.on_event(events.Text(path="req", text="good"))
    lines = drawn(view, width=80)
    assert any("✗ track" in line and "no answer" in line for line in lines)
    assert any("req  retry 1  good" in line for line in lines)
    assert not any("bad" in line for line in lines)


def test_running_rows_are_kept() -> None:
    view = RunView("plan")
    for number in range(100):
        view.on_event(events.Text(path=f"out[{number}].tip", text=f"text {number}"))
        if number != 40:
            view.on_event(events.ValueEvent(path=f"out[{number}].tip", value=f"text {number}"))
    lines = drawn(view, height=14)
    assert len(lines) == 11
    assert any("text 40" in line for line in lines)
    assert lines[-1] == "  ... 91 more lines"


def test_text_of_models_cannot_move_the_cursor() -> None:
    view = RunView("plan")
    view.on_event(events.Text(path="a", text="x\x1b[2Jy\r\nz\x07"))
    assert "x\\x1b[2Jy z\\x07" in drawn(view)[0]


def test_a_growing_text_shows_its_end() -> None:
    view = RunView("plan")
    view.on_event(events.Text(path="a", text="word " * 100 + "last"))
    (line,) = drawn(view, width=40)
    assert line.endswith("last")
    assert "..." in line
    assert len(line) <= 40
    view.on_event(events.Text(path="b", text="很长的文字" * 50 + "末"))
    assert drawn(view, width=40)[1].endswith("末")


def test_the_end_of_a_run() -> None:
    view = RunView("plan")
    view.on_event(events.Text(path="a", text="x"))
    view.on_event(events.Error(kind="fail", message="no"))
    assert view.state == "failed"
    assert drawn(view)[0].startswith("  ✗ a")
    view = RunView("plan")
    view.on_event(events.Done(value=1, usage=Usage(), seconds=1.0))
    assert view.state == "done"


def test_live_on_a_terminal() -> None:
    file = io.StringIO()
    console = Console(file=file, width=60, height=20, force_terminal=True, _environ={"TERM": "xterm"})
    view = RunView("plan")

    async def session() -> None:
        async with LiveView(console, view):
            view.on_event(events.Text(path="a", text="hello"))
            await asyncio.sleep(0.2)
            view.on_event(events.Done(value="hello", usage=Usage(), seconds=0.2))

    asyncio.run(session())
    assert "hello" in file.getvalue()
    assert "\x1b" in file.getvalue()
