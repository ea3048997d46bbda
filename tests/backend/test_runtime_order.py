"""What runs when: what overlaps, what waits, which failure is reported, what is cancelled, and that nothing is left."""

from __future__ import annotations

import asyncio
import gc
import time
from collections.abc import Awaitable, Callable
from typing import Any

import pytest
from builders import Bench, down

from sglc.backend.engine.echo import Reply
from sglc.backend.engine.interface import Context, EngineError, GenRequest, GenResult
from sglc.backend.errors import RunError


class Gates:
    """Tools that wait until they are let through, by their argument."""

    def __init__(self) -> None:
        self.waiting: dict[str, asyncio.Future[Any]] = {}

    async def __call__(self, what: str) -> Any:
        self.waiting[what] = asyncio.get_running_loop().create_future()
        return await self.waiting[what]

    async def seen(self, *names: str) -> None:
        """Returns when these wait, and checks that no others do."""
        for _ in range(200):
            await asyncio.sleep(0)
        assert {name for name, gate in self.waiting.items() if not gate.done()} == set(names)

    def open(self, what: str, result: Any = "ok") -> None:
        self.waiting[what].set_result(result)


def drive(bench: Bench, *args: Any, play: Callable[[asyncio.Task[Any]], Awaitable[Any]]) -> Any:
    """Run `f` while `play` moves it on; the run's value, or its error."""

    async def both() -> Any:
        run = asyncio.ensure_future(bench.start("f", *args))
        await play(run)
        try:
            return await asyncio.wait_for(run, 5)
        except RunError as error:
            return error

    return asyncio.run(both())


# --- what overlaps ---------------------------------------------------------------------------------------------------


def test_branches_and_calls_are_asked_together() -> None:
    bench = Bench(
        """
        func @sub(%x: str) -> str {
          %c0 = context
          %c1 = append %c0, [%x]
          %c2, %a = gen %c1 : str
          return %a
        }
        func @f(%xs: list[str]) -> json {
          %out = map %x in %xs as out {
            %a: str = call @sub(%x)
            yield %a
          }
          %one: str = const "one"
          %b: str = call @sub(%one)
          %two: str = const "two"
          %c: str = call @sub(%two) site sub.2
          %r: json = apply list(%out, %b, %c)
          return %r
        }
        """,
        delay=0.001,
    )
    bench.run("f", ["x", "y", "z"])
    assert bench.engine.peak == 5


def test_a_tool_overlaps_a_generation_that_does_not_need_it() -> None:
    bench = Bench(
        """
        func @f() -> json {
          %c0 = context
          %c1, %a = gen %c0 : str
          %city: str = const "Rome"
          %t: str = tool @look(%city)
          %r: json = apply list(%a, %t)
          return %r
        }
        """,
        [Reply("a b c d e", delay=0.002)],
    )
    bench.run("f")
    assert [type(event).__name__ for event in bench.events][1] == "ToolCall"


def test_a_call_begins_before_its_arguments_are_known() -> None:
    gates = Gates()
    bench = Bench(
        """
        func @sub(%x: str) -> str {
          %own: str = const "own"
          %a: str = tool @find(%own)
          %b = format [%a, %x]
          return %b
        }
        func @f() -> str {
          %slow: str = const "slow"
          %x: str = tool @look(%slow)
          %r: str = call @sub(%x)
          return %r
        }
        """,
        look=gates,
        find=gates,
    )

    async def play(run: asyncio.Task[Any]) -> None:
        await gates.seen("slow", "own")
        gates.open("own", "1")
        gates.open("slow", "2")

    assert drive(bench, play=play) == "12"


def test_loops_are_no_barriers() -> None:
    """Iteration i+1 of a loop over one context begins while what iteration i did beside still runs."""
    gates = Gates()
    bench = Bench(
        """
        func @f() -> list[str] {
          %c0 = context
          %xs: list[str] = const ["1","2","3"]
          %c1: ctx, %out = for collect %x in %xs, %c: ctx = %c0 {
            %c2, %tip = gen %c : str
            %more: str = tool @look(%tip)
            continue %c2, %more
          }
          return %out
        }
        """,
        ["a", "b", "c"],
        look=gates,
    )

    async def play(run: asyncio.Task[Any]) -> None:
        await gates.seen("a", "b", "c")
        for name in "bca":
            gates.open(name, name.upper())

    assert drive(bench, play=play) == ["A", "B", "C"]


def test_what_is_behind_a_return_waits_until_control_gets_there() -> None:
    gates = Gates()
    source = """
        func @f(%early: bool) -> str {
          %first: str = const "first"
          %a: str = tool @look(%first)
          %yes: bool = apply eq(%a, %first)
          if %yes {
            return %a
          } else {
            yield
          }
          %second: str = const "second"
          %b: str = tool @look(%second)
          return %b
        }
        """
    bench = Bench(source, look=gates)

    async def play(run: asyncio.Task[Any]) -> None:
        await gates.seen("first")
        gates.open("first", "no")
        await gates.seen("second")
        gates.open("second", "2")

    assert drive(bench, True, play=play) == "2"
    assert Bench(source, look=lambda what: what).run("f", True) == "first"


def test_a_return_waits_for_nothing_behind_its_values() -> None:
    """The value of a call is known before all of the callee's work is done."""
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
          return %b
        }
        """,
        look=gates,
        find=gates,
    )

    async def play(run: asyncio.Task[Any]) -> None:
        await gates.seen("slow", "r")
        gates.open("r", "done")
        await gates.seen("slow")
        assert not run.done()
        gates.open("slow")

    assert drive(bench, play=play) == "done"


# --- effects ---------------------------------------------------------------------------------------------------------

EFFECTS = """
func @act(%x: str) -> str {
  %c0 = context
  %c1, %a = gen %c0 : str
  %b: str = tool @send(%x)
  return %b
}
func @f() -> str {
  %one: str = const "one"
  %two: str = const "two"
  %three: str = const "three"
  %four: str = const "four"
  %a: str = tool @look(%one)
  %b: str = call @act(%two)
  %c: str = tool @find(%three)
  %d: str = tool @pay(%four)
  return %d
}
"""


def test_effects_keep_their_order_and_nothing_crosses_them() -> None:
    gates = Gates()
    bench = Bench(EFFECTS, look=gates, send=gates, find=gates, pay=gates)

    async def play(run: asyncio.Task[Any]) -> None:
        for name in ("one", "two", "three", "four"):
            await gates.seen(name)
            gates.open(name, name)

    assert drive(bench, play=play) == "four"
    # The generation inside the call did not wait for the tool before the call.
    assert bench.engine.calls[0].started == 1


def test_no_effect_runs_after_a_failure_before_it() -> None:
    bench = Bench(EFFECTS, look=lambda what: down())
    assert bench.failure("f").kind == "tool"
    assert bench.tools.log == ["+look(one)", "!look(one)"]


def test_a_branch_that_is_not_taken_holds_nothing_up() -> None:
    bench = Bench(
        """
        func @f(%c: bool) -> str {
          %x: str = const "x"
          if %c {
            %a: str = tool @send(%x)
            yield
          } else {
            yield
          }
          %b: str = tool @look(%x)
          return %b
        }
        """
    )
    assert bench.run("f", False) == "look x"
    assert bench.run("f", True) == "look x"
    assert bench.tools.log == ["+look(x)", "-look(x)", "+send(x)", "-send(x)", "+look(x)", "-look(x)"]


def test_effects_in_a_loop_and_an_ordered_map_keep_the_order_of_iterations() -> None:
    source = """
        func @f(%xs: list[str]) -> list[str] {
          for %x in %xs {
            %g: str = tool @look(%x)
            %a: str = tool @send(%g)
            continue
          }
          %out = map ordered %x1 in %xs as out {
            %g1: str = tool @look(%x1)
            %a1: str = tool @pay(%g1)
            yield %a1
          }
          return %out
        }
        """

    async def slow(what: str) -> str:
        await asyncio.sleep(0.01 if what == "1" else 0)
        return what

    bench = Bench(source, look=slow, send=slow, pay=slow)
    assert bench.run("f", ["1", "2", "3"]) == ["1", "2", "3"]
    effects = [line for line in bench.tools.log if line.startswith(("+send", "+pay"))]
    assert effects == ["+send(1)", "+send(2)", "+send(3)", "+pay(1)", "+pay(2)", "+pay(3)"]


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

    async def gen(context: Context, request: GenRequest, on_text: Any = None) -> GenResult:
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
        send=lambda what: released.append(len(bench.engine.released)) or what,
    )
    bench.run("f", ["1", "2", "3", "4"])
    assert released[-1] > 0
