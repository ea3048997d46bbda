"""Tools that a model chose, expectations of tests, and what a run reports while it goes on."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from builders import ENSURE, Bench, down

from sglc.backend.engine.echo import Reply
from sglc.backend.events import Text

ASK = """
func @ask(%q: str) -> str {
  %c0 = context
  %c1 = append %c0, role user ["Q: ", %q]
  %c2 = append %c1, role assistant []
  %c3, %a = gen %c2 : str { max_tokens = 8 }
  return %a
}
"""


# --- tools and calls -------------------------------------------------------------------------------------------------


def test_dispatch_runs_the_tool_that_was_chosen() -> None:
    choice = "call(look(what: str) -> str | done(answer: str))"
    source = f"""
        func @f() -> json {{
          %c0 = context
          %c1, %choice = gen %c0 as step : {choice} {{ max_tokens = 40 }}
          %step = dispatch %choice [look]
          %which: str = match %step case member done {{
            %end: str = const "the end"
            yield %end
          }} case _ {{
            %more: str = const "a tool"
            yield %more
          }}
          %r: json = apply list(%which, %step)
          return %r
        }}
        """
    bench = Bench(source, ['{"name":"look","arguments":{"what":"tea"}}'])
    assert bench.run("f") == ["a tool", {"name": "look", "args": {"what": "tea"}, "result": "look tea"}]
    assert [event.path for event in bench.events if type(event).__name__ == "ToolCall"] == ["step.look"]
    bench = Bench(source, ['{"name":"done","arguments":{"answer":"42"}}'])
    assert bench.run("f") == ["the end", {"name": "done", "answer": "42"}]
    assert bench.tools.log == []


def test_a_test_keeps_every_expectation_in_order() -> None:
    bench = Bench(
        """
        test "counts" = @counts

        test @counts() {
          %xs: list[str] = const ["a","b"]
          for %x in %xs {
            %a: str = tool @look(%x)
            %b: str = const "look a"
            %ok: bool = apply eq(%a, %b)
            expect %ok, "a == b", "a" = %a
            continue
          }
          %no: str = const "gone"
          fail %no
        }
        """
    )
    verdict = asyncio.run(bench.program.run_test("counts"))
    assert [(found.passed, found.shown) for found in verdict.expectations] == [
        (True, (("a", "look a"),)),
        (False, (("a", "look b"),)),
    ]
    assert not verdict.passed
    assert verdict.error is not None
    assert verdict.error.kind == "fail"


# --- events ----------------------------------------------------------------------------------------------------------


def test_events_of_a_retry_are_provisional_until_the_check() -> None:
    bench = Bench(ENSURE, {"d1": ["x y", "3"], "bye": "bye"})
    bench.run("f")
    assert bench.story == ["d1:x y", "d1!", "d1:3", "d1=3", "bye:bye", "bye=bye"]
    provisional = {event.path for event in bench.events if getattr(event, "provisional", False)}
    assert provisional == {"d1"}


def test_what_a_model_thinks_is_told_apart_from_its_answer() -> None:
    source = """
        func @f() -> str {
          %c0 = context
          %c1, %a, %why = gen %c0 : str { reasoning = true }
          return %why
        }
    """
    bench = Bench(source, [Reply("hi", reasoning="well, so")])
    assert bench.run("f") == "well, so"
    texts = [(event.text, event.reasoning) for event in bench.events if isinstance(event, Text)]
    assert texts == [("well", True), (",", True), (" so", True), ("hi", False)]


def test_events_of_a_failed_try_are_taken_back() -> None:
    bench = Bench(
        """
        func @f() -> str {
          %r: str = try {
            %c0 = context
            %c1, %a = gen %c0 : str
            %x: str = tool @look(%a)
            yield %x
          } except %err {
            %b: str = const "none"
            yield %b
          }
          return %r
        }
        """,
        ["one"],
        look=lambda what: down(),
    )
    bench.run("f")
    kinds = [type(event).__name__ for event in bench.events]
    assert kinds == ["Start", "Text", "ValueEvent", "ToolCall", "ToolResult", "Reset", "Reset", "Done"]
    assert [event.path for event in bench.events[5:7]] == ["a", "look"]


def test_paths_name_calls_branches_and_namesakes() -> None:
    bench = Bench(
        """
        func @inner(%q: str) -> str {
          %c0 = context
          %c1, %a = gen %c0 : str
          %c2, %a2 = gen %c1 as a : str site a.2
          return %a2
        }
        func @f(%xs: list[str]) -> list[str] {
          %out = map %x in %xs as out {
            %r: str = call @inner(%x)
            yield %r
          }
          return %out
        }
        """
    )
    bench.run("f", ["x", "y"])
    paths = {event.path for event in bench.events if type(event).__name__ == "ValueEvent"}
    assert paths == {"out[0].inner.a", "out[0].inner.a#2", "out[1].inner.a", "out[1].inner.a#2"}


def test_a_broken_listener_ends_the_run() -> None:
    bench = Bench(ASK)

    def listener(event: Any) -> None:
        if type(event).__name__ == "Text":
            raise ValueError("the listener broke")

    async def run() -> None:
        await bench.watch(bench.program.run("ask", {"q": "x"}, on_event=listener))

    with pytest.raises(ValueError, match="the listener broke"):
        asyncio.run(run())
