"""Sessions: what a turn keeps, what a failed one leaves, who waits for whom."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from builders import Bench, down

from sglc.backend.engine.echo import Reply
from sglc.backend.engine.interface import GenRequest
from sglc.backend.errors import RunError
from sglc.backend.runtime import QUEUE

CHAT = """
session chat(lang: str = "English") states (turns: int = 0) turn (msg: str) -> str

entry chat

open @chat.open(%lang: str = "English") -> ctx, int {
  %c0 = context
  %c1 = append %c0, role system ["Speak ", %lang, "."]
  %zero: int = const 0
  return %c1, %zero
}

turn @chat.turn(%c: ctx, %turns: int, %lang: str, %msg: str) -> ctx, int, str fields (msg: str) {
  %c1 = append %c, role user [%msg]
  %c2 = append %c1, role assistant []
  %c3, %reply = gen %c2 : str
  %checked: str = tool @look(%reply)
  %one: int = const 1
  %n: int = apply add(%turns, %one)
  return %c3, %n, %reply
}

test "two turns" = @two

test @two() {
  %lang: str = const "French"
  %s = open @chat(%lang)
  %hello: str = const "hello"
  %a: str = turn @chat(%s, %hello)
  %more: str = const "more"
  %b: str = turn @chat(%s, %more)
  %expected: str = const "two"
  %ok: bool = apply eq(%b, %expected)
  expect %ok, "b == \\"two\\"", "b" = %b
  return
}
"""


def talk(bench: Bench, *messages: str) -> Any:
    """Open a session and say all this; the values, errors among them, and the session."""

    async def run() -> Any:
        session = await bench.program.open_session("chat", {"lang": "German"}, on_event=bench.events.append)
        found = []
        for message in messages:
            try:
                found.append(await session.turn({"msg": message}))
            except RunError as error:
                found.append(error.kind)
        return found, session

    return asyncio.run(run())


def test_turns_go_on_with_context_and_states() -> None:
    bench = Bench(CHAT, ["one", "two"])
    values, session = talk(bench, "hi", "again")
    assert values == ["one", "two"]
    assert (session.states, session.turns) == ({"turns": 2}, 2)
    assert bench.prompts[1] == (
        "<|system|>\nSpeak German.\n<|user|>\nhi\n<|assistant|>\none\n<|user|>\nagain\n<|assistant|>\n"
    )
    assert session.messages()[-1] == ("assistant", "two")


def test_turns_draw_other_seeds() -> None:
    bench = Bench(CHAT, ["one", "one"])
    talk(bench, "hi", "hi")
    seeds = [call.request.sampling.seed for call in bench.engine.calls if isinstance(call.request, GenRequest)]
    assert len(set(seeds)) == 2


def test_a_failed_turn_leaves_the_session_as_it_was() -> None:
    bench = Bench(CHAT, ["bad", "good"], look=lambda what: down() if what == "bad" else what)
    values, session = talk(bench, "first", "second")
    assert values == ["tool", "good"]
    assert (session.states, session.turns) == ({"turns": 1}, 1)
    assert [text for role, text in session.messages() if role == "user"] == ["second"]


def test_a_cancelled_turn_leaves_the_session_as_it_was() -> None:
    bench = Bench(CHAT, [Reply("never", delay=10.0), "good"])

    async def run() -> None:
        session = await bench.program.open_session("chat", {})
        turn = asyncio.ensure_future(session.turn({"msg": "first"}))
        await asyncio.sleep(0.01)
        turn.cancel()
        with pytest.raises(asyncio.CancelledError):
            await turn
        assert await session.turn({"msg": "second"}) == "good"
        assert session.states == {"turns": 1}

    asyncio.run(run())


def test_turns_wait_for_each_other_and_the_queue_is_bounded() -> None:
    bench = Bench(CHAT, delay=0.002)

    async def run() -> None:
        session = await bench.program.open_session("chat", {})
        turns = [asyncio.ensure_future(session.turn({"msg": str(n)})) for n in range(QUEUE + 2)]
        done = await asyncio.gather(*turns, return_exceptions=True)
        refused = [error for error in done if isinstance(error, RunError)]
        assert [error.kind for error in refused] == ["busy"]
        assert session.turns == QUEUE + 1

    asyncio.run(run())
    assert bench.engine.peak == 1
    said = [prompt.rsplit("<|user|>\n", 1)[1].split("\n")[0] for prompt in bench.prompts]
    assert said == [str(n) for n in range(QUEUE + 1)]


def test_two_sessions_do_not_know_each_other() -> None:
    bench = Bench(CHAT, delay=0.001)

    async def run() -> None:
        one, two = [await bench.program.open_session("chat", {}) for _ in range(2)]
        await asyncio.gather(one.turn({"msg": "to one"}), two.turn({"msg": "to two"}))
        assert "to two" not in str(one.messages())
        assert "to one" not in str(two.messages())

    asyncio.run(run())
    assert bench.engine.peak == 2


def test_arguments_of_open_and_turn_are_checked() -> None:
    bench = Bench(CHAT)

    async def run() -> None:
        with pytest.raises(RunError, match="argument `lang`: found 3"):
            await bench.program.open_session("chat", {"lang": 3})
        session = await bench.program.open_session("chat", {})
        with pytest.raises(RunError, match="found no argument `msg`"):
            await session.turn({})
        with pytest.raises(RunError, match="no session `other`"):
            await bench.program.open_session("other", {})

    asyncio.run(run())


def test_running_a_session_takes_its_first_turn() -> None:
    bench = Bench(CHAT, ["one"])
    assert asyncio.run(bench.program.run("chat", {"lang": "Dutch", "msg": "hi"})) == "one"
    assert bench.prompts == ["<|system|>\nSpeak Dutch.\n<|user|>\nhi\n<|assistant|>\n"]


def test_a_test_talks_to_a_session() -> None:
    bench = Bench(CHAT, {"chat.turn[0].reply": "one", "chat.turn[1].reply": "two"})
    verdict = asyncio.run(bench.program.run_test("two turns"))
    assert verdict.passed, verdict
    assert bench.prompts[1].endswith("<|assistant|>\none\n<|user|>\nmore\n<|assistant|>\n")


def test_a_deadline_ends_a_turn_only() -> None:
    bench = Bench(CHAT, [Reply("never", delay=10.0), "good"])

    async def run() -> None:
        session = await bench.program.open_session("chat", {})
        with pytest.raises(RunError, match="the run took longer"):
            await session.turn({"msg": "first"}, deadline_s=0.02)
        assert await session.turn({"msg": "second"}, deadline_s=5.0) == "good"

    asyncio.run(run())
