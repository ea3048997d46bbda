"""How a run ends: which failure is reported, what is cancelled, and that nothing is left."""

from __future__ import annotations

import asyncio
import gc
import time
from typing import Any

import pytest
from builders import Bench, Gates, down, drive

from sglc.backend.engine.echo import Reply
from sglc.backend.engine.interface import Context, EngineError, GenRequest, GenResult

# --- which failure, and what is cancelled ----------------------------------------------------------------------------

TWO = """
func @f() -> json {
  %early: str = const "early"
  %late: str = const "late"
  %a: str = tool @look(%early)
  %b: str = tool @find(%late)
  %r: json = apply list(%a, %b)
  return %r
}
"""


def test_the_failure_that_is_first_in_the_program_is_reported() -> None:
    gates = Gates()
    bench = Bench(TWO, look=gates, find=gates)

    async def play(run: asyncio.Task[Any]) -> None:
        await gates.seen("early", "late")
        gates.open("late", down("find"))
        await gates.seen("early")
        assert not run.done()
        gates.open("early", down("look"))

    assert drive(bench, play=play).message == "tool `look`: it is down"


def test_a_failure_waits_for_what_is_earlier_and_is_reported_then() -> None:
    gates = Gates()
    bench = Bench(TWO, look=gates, find=gates)

    async def play(run: asyncio.Task[Any]) -> None:
        await gates.seen("early", "late")
        gates.open("late", down("find"))
        await gates.seen("early")
        gates.open("early", "fine")

    assert drive(bench, play=play).message == "tool `find`: it is down"


def test_a_failure_cancels_what_is_later_at_once() -> None:
    gates = Gates()
    bench = Bench(TWO, look=gates, find=gates)

    async def play(run: asyncio.Task[Any]) -> None:
        await gates.seen("early", "late")
        gates.open("early", down("look"))

    assert drive(bench, play=play).message == "tool `look`: it is down"
    assert bench.tools.log[-1] == "xfind(late)"


def test_a_fork_reports_its_first_branch_and_cancels_the_others() -> None:
    gates = Gates()
    bench = Bench(
        """
        func @f() -> list[str] {
          %xs: list[str] = const ["0","1","2"]
          %out = map %x in %xs as out {
            %a: str = tool @look(%x)
            yield %a
          }
          return %out
        }
        """,
        look=gates,
    )

    async def play(run: asyncio.Task[Any]) -> None:
        await gates.seen("0", "1", "2")
        gates.open("1", down("one"))
        for _ in range(50):
            await asyncio.sleep(0)
        assert bench.tools.log[-1] == "xlook(2)"
        gates.open("0", down("zero"))

    error = drive(bench, play=play)
    assert (error.message, error.path) == ("tool `zero`: it is down", "out[0].look")


def test_a_failed_try_cancels_its_body_only() -> None:
    gates = Gates()
    bench = Bench(
        """
        func @f() -> str {
          %before: str = const "before"
          %bad: str = const "bad"
          %inside: str = const "inside"
          %a: str = tool @look(%before)
          %r: str = try {
            %b: str = tool @look(%bad)
            %c: str = tool @look(%inside)
            yield %c
          } except %err {
            %m: str = attr message of %err
            yield %m
          }
          %s = format [%a, " ", %r]
          return %s
        }
        """,
        look=gates,
    )

    async def play(run: asyncio.Task[Any]) -> None:
        await gates.seen("before", "bad", "inside")
        gates.open("bad", down())
        for _ in range(50):
            await asyncio.sleep(0)
        assert bench.tools.log[-1] == "xlook(inside)"
        gates.open("before", "A")

    assert drive(bench, play=play) == "A tool `look`: it is down"


def test_a_failure_inside_a_call_comes_before_what_follows_the_call() -> None:
    """The callee's value was there at once; its failure comes later and still ends the run."""
    gates = Gates()
    bench = Bench(
        """
        func @sub() -> str {
          %slow: str = const "slow"
          %a: str = tool @look(%slow)
          %r: str = const "r"
          return %r
        }
        func @f() -> str {
          %r: str = call @sub()
          %b: str = tool @find(%r)
          fail %b
        }
        """,
        look=gates,
        find=gates,
    )

    async def play(run: asyncio.Task[Any]) -> None:
        await gates.seen("slow", "r")
        gates.open("r", "the late failure")
        await gates.seen("slow")
        gates.open("slow", down())

    assert drive(bench, play=play).kind == "tool"


# --- ends from outside -----------------------------------------------------------------------------------------------

SLOW = """
func @f() -> str {
  %c0 = context
  %x: str = const "x"
  %t: str = tool @look(%x)
  %c1, %a = gen %c0 : str at "slow.sgl":4:3
  %c2 = append %c1, [%t]
  %c3, %b = gen %c2 : str
  return %b
}
"""


async def forever(what: str) -> str:
    await asyncio.sleep(60)
    return what


def test_cancelling_the_caller_cancels_all_work() -> None:
    bench = Bench(SLOW, [Reply("a b c", delay=10.0), "b"], look=forever)

    async def run() -> None:
        task = asyncio.ensure_future(bench.start("f"))
        await asyncio.sleep(0.02)
        began = time.monotonic()
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert time.monotonic() - began < 0.5
        assert len(asyncio.all_tasks()) == 1

    asyncio.run(run())
    assert bench.tools.log == ["+look(x)", "xlook(x)"]
    assert [call.status for call in bench.engine.calls] == ["cancelled"]
    last = bench.events[-1]
    assert (type(last).__name__, getattr(last, "kind", "")) == ("Error", "cancelled")


def test_a_deadline_ends_the_run_and_says_where_it_was() -> None:
    bench = Bench(SLOW, [Reply("a b c", delay=10.0)])
    error = bench.failure("f", deadline_s=0.05)
    assert (error.kind, error.path) == ("deadline", "a")
    assert str(error.location) == "slow.sgl:4:3"
    assert [call.status for call in bench.engine.calls] in (["cancelled"], ["failed"])


def test_a_long_computation_can_be_cancelled() -> None:
    bench = Bench(
        """
        func @f() -> int {
          %zero: int = const 0
          %one: int = const 1
          %n: int = loop max 100000000, %i: int = %zero {
            %next: int = apply add(%i, %one)
            continue %next
          }
          return %n
        }
        """
    )
    began = time.monotonic()
    assert bench.failure("f", deadline_s=0.1).kind == "deadline"
    assert time.monotonic() - began < 1.0


def test_an_engine_bug_ends_the_run_and_is_not_hidden() -> None:
    bench = Bench(SLOW, [ZeroDivisionError("bug")], look=forever)
    with pytest.raises(ZeroDivisionError, match="bug"):
        bench.run("f")


def test_an_engine_that_cleans_up_slowly_is_waited_for() -> None:
    bench = Bench(SLOW, look=lambda what: down())
    ended: list[str] = []

    async def gen(context: Context, request: GenRequest, on_text: Any = None, on_reasoning: Any = None) -> GenResult:
        try:
            await asyncio.sleep(60)
        finally:
            await asyncio.sleep(0.02)
            ended.append(request.path)
        raise EngineError("lost", "never")

    bench.engine.gen = gen  # type: ignore[method-assign]
    assert bench.failure("f").kind == "tool"
    assert ended == ["a"]


# --- prompts are given back ------------------------------------------------------------------------------------------


def test_contexts_are_released_when_no_one_needs_them() -> None:
    bench = Bench(
        """
        func @f(%xs: list[str]) -> list[str] {
          %c0 = context
          %c1 = append %c0, ["shared "]
          %out = map %x in %xs as out captures %c1 {
            %c2 = append %c1, [%x]
            %c3, %a = gen %c2 : str
            yield %a
          }
          %c4 = append %c1, ["end"]
          %c5, %b = gen %c4 : str
          return %out
        }
        """
    )
    bench.run("f", ["1", "2"])
    gc.collect()
    bench.program.handles.release_dropped()
    released = [bench.engine.render(context) for context in bench.engine.released]
    assert sorted(released) == sorted(
        [
            "",
            "shared ",
            "shared 1",
            "shared 1[out[0].a]",
            "shared 2",
            "shared 2[out[1].a]",
            "shared end",
            "shared end[b]",
        ]
    )


def test_a_loop_releases_contexts_while_it_runs() -> None:
    released: list[int] = []

    def send(what: str) -> str:
        released.append(len(bench.engine.released))
        return what

    bench = Bench(
        """
        func @f(%xs: list[str]) -> list[str] {
          %out = for collect %x in %xs {
            %c0 = context
            %c1, %a = gen %c0 : str
            %t: str = tool @send(%a)
            continue %t
          }
          return %out
        }
        """,
        ["a", "b", "c", "d"],
        send=send,
    )
    bench.run("f", ["1", "2", "3", "4"])
    assert released[-1] > 0
