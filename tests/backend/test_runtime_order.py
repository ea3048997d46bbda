"""What runs when: what overlaps, what waits, and the order of effects."""

from __future__ import annotations

import asyncio
from typing import Any

from builders import Bench, Gates, down, drive

from sglc.backend.engine.echo import Reply

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
