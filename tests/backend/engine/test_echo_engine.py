"""The scripted engine: scripts, checks, stops, dry runs, streaming, cancellation, records."""

from __future__ import annotations

import asyncio
import time
from collections.abc import Coroutine
from typing import Any, TypeVar

import pytest
from engine_samples import regex
from hypothesis import given
from hypothesis import strategies as st

from sglc.backend.engine.echo import EchoEngine, Reply, shortest, tokens
from sglc.backend.engine.interface import EngineError, Finish, GenRequest, GenResult, Segment, SelectRequest

T = TypeVar("T")


def run(work: Coroutine[Any, Any, T]) -> T:
    return asyncio.run(work)


def gen(engine: EchoEngine, **options: Any) -> GenResult:
    return run(engine.gen(engine.context(), GenRequest(**options)))


def test_a_list_answers_in_order_and_says_when_it_is_used_up() -> None:
    engine = EchoEngine(["one", Reply("two")])
    assert [gen(engine).text, gen(engine).text] == ["one", "two"]
    with pytest.raises(EngineError, match="has 2 replies for `a`, and one more"):
        gen(engine, path="a")
    assert [call.status for call in engine.calls] == ["finished", "finished", "failed"]


def test_a_mapping_answers_by_path() -> None:
    engine = EchoEngine({"a": "always", "b": ["1", "2"]})
    assert [gen(engine, path=p).text for p in "abab"] == ["always", "1", "always", "2"]
    with pytest.raises(EngineError, match="no reply for `c`"):
        gen(engine, path="c")


def test_a_function_sees_the_prompt_the_request_and_the_path() -> None:
    engine = EchoEngine(lambda prompt, request, path: f"{prompt}/{path}")
    context = engine.append(engine.context(), [Segment("Be kind.", "system"), Segment("Hi", "user"), Segment(" you")])
    result = run(engine.gen(context, GenRequest(path="p")))
    assert result.text == "<|system|>\nBe kind.\n<|user|>\nHi you/p"
    assert engine.render(result.context) == engine.render(context) + result.text


def test_an_exception_in_the_script_is_raised() -> None:
    with pytest.raises(EngineError, match="gone"):
        gen(EchoEngine([EngineError("lost", "gone")]))


def test_a_reply_must_fit_its_constraint() -> None:
    assert gen(EchoEngine(["12"]), constraint=regex("[0-9]+")).finish == "final"
    with pytest.raises(EngineError, match=r"reply for `n` does not fit.*'x'") as caught:
        gen(EchoEngine(["x"]), constraint=regex("[0-9]+"), path="n")
    assert "'0'" in caught.value.hint


@pytest.mark.parametrize(
    ("reply", "options", "text", "finish"),
    [
        ("a b c", {"stop": (" c", "b")}, "a ", "stop"),
        ("a b c", {"max_tokens": 2}, "a b", "length"),
        ("a b c", {"stop_dfa": regex("[bc]")}, "a ", "stop"),
        ("12.", {"constraint": regex("[0-9]+"), "stop": (".",)}, "12", "stop"),
        ("abc", {"constraint": regex("[abc]{2,9}"), "stop": ("bc", "c")}, "ab", "stop"),
        ("ab", {}, "ab", "end"),
    ],
)
def test_replies_end_as_a_models_would(reply: str, options: dict[str, Any], text: str, finish: Finish) -> None:
    result = gen(EchoEngine([reply]), **options)
    assert (result.text, result.finish) == (text, finish)


def test_text_is_streamed_in_tokens_and_counted() -> None:
    pieces: list[str] = []
    engine = EchoEngine(["Hello world, 北京!"])
    result = run(engine.gen(engine.context(), GenRequest(logprobs=True), pieces.append))
    assert pieces == ["Hello", " world", ",", " ", "北", "京", "!"]
    assert result.usage.generated_tokens == 7
    assert [entry.token for entry in result.logprobs] == pieces


@given(text=st.text())
def test_tokens_joined_are_the_text(text: str) -> None:
    assert "".join(tokens(text)) == text


def test_a_dry_run_gives_the_shortest_texts() -> None:
    engine = EchoEngine()
    assert gen(engine, constraint=regex("[A-Z]?[0-9]{4,10}")).text == "0000"
    assert gen(engine, constraint=regex("(refund|other)")).text == "other"
    assert gen(engine, path="out[0].tip").text == "[out[0].tip]"
    assert run(engine.select(engine.context(), SelectRequest(("b", "a")))).index == 0
    assert "dry run" in engine.info.notes[0]


def test_the_shortest_text_is_readable() -> None:
    assert shortest(regex(".")) == "0"
    assert shortest(regex("[^a-zA-Z0-9]{2}")) == "  "
    assert shortest(regex("[é北]")) == "é"


def test_select_by_index_or_text() -> None:
    engine = EchoEngine([1, "c", "d", 7])
    request = SelectRequest(("a", "b", "c"))
    result = run(engine.select(engine.context(), request))
    assert (result.index, result.scores) == (1, (-1.0, 0.0, -3.0))
    assert engine.render(result.context) == "b"
    assert run(engine.select(engine.context(), request)).index == 2
    for message in ("none of the 3 choices", "number 7"):
        with pytest.raises(EngineError, match=message):
            run(engine.select(engine.context(), request))


def test_requests_run_at_once_and_their_order_is_recorded() -> None:
    engine = EchoEngine({"slow": Reply("a b c", delay=0.01), "fast": Reply("a", delay=0.001)})

    async def both() -> None:
        await asyncio.gather(*(engine.gen(engine.context(), GenRequest(path=p)) for p in ("slow", "fast")))

    run(both())
    slow, fast = engine.calls
    assert slow.started < fast.started < fast.ended < slow.ended
    assert engine.peak == 2


def test_a_cancelled_request_stops_and_is_recorded() -> None:
    engine = EchoEngine(["a b c d e f"], delay=0.02)

    async def cancel() -> None:
        task = asyncio.create_task(engine.gen(engine.context(), GenRequest()))
        await asyncio.sleep(0.05)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task

    run(cancel())
    assert engine.calls[0].status == "cancelled"
    assert 0 < len(engine.calls[0].text) < len("a b c d e f")


def test_a_deadline_ends_a_slow_reply_in_time() -> None:
    engine = EchoEngine(["a b c"], delay=10.0)
    start = time.monotonic()
    with pytest.raises(EngineError, match="time ran out") as caught:
        gen(engine, deadline=start + 0.05)
    assert caught.value.kind == "deadline"
    assert time.monotonic() - start < 5


def test_reasoning_is_given_when_asked_for() -> None:
    engine = EchoEngine([Reply("yes", reasoning="hm, so"), Reply("no", reasoning="hm")])
    pieces: list[str] = []
    thoughts: list[str] = []
    request = GenRequest(reasoning=True)
    assert run(engine.gen(engine.context(), request, pieces.append, thoughts.append)).reasoning == "hm, so"
    assert (pieces, thoughts) == (["yes"], ["hm", ",", " so"])
    assert gen(engine).reasoning == ""


def test_a_full_context_says_the_numbers() -> None:
    engine = EchoEngine(["x"], context_length=3)
    context = engine.append(engine.context(), [Segment("a b c", "user")])
    with pytest.raises(EngineError, match="holds 3"):
        run(engine.prefill(context))
    with pytest.raises(EngineError, match="4 tokens, the context holds 3"):
        run(engine.gen(context, GenRequest()))


def test_contexts_are_persistent() -> None:
    engine = EchoEngine()
    base = engine.append(engine.context(), [Segment("a", "user")])
    one, two = (engine.append(base, [Segment(text)]) for text in "bc")
    assert [engine.render(c) for c in (base, one, two)] == ["<|user|>\na", "<|user|>\nab", "<|user|>\nac"]
    merged = engine.append_parallel(base, [[Segment("x")], [Segment("y")]], None)
    assert engine.render(merged) == "<|user|>\naxy"
    engine.release(one)
    assert engine.released == [one]
    with pytest.raises(TypeError, match="another engine"):
        engine.append(object(), [])  # type: ignore[arg-type]
