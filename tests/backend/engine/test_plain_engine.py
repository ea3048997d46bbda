"""The engine over transformers: exact values, caches, select, limits, cancellation, and folders that are broken."""

from __future__ import annotations

import asyncio
import json
import math
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from pathlib import Path
from typing import Any

import pytest
import torch
from engine_samples import regex, save_model
from test_chat_template import CHATML, QWEN3

from sglc.backend.engine.interface import (
    Context,
    EngineConfig,
    EngineError,
    GenRequest,
    GenResult,
    Sampling,
    Segment,
    SelectRequest,
)
from sglc.backend.engine.load import make_engine
from sglc.backend.engine.plain_engine import PlainEngine

JSON = '\\{"name":"[a-z ]{1,12}","n":-?(0|[1-9][0-9]{0,2})\\}'


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return save_model(tmp_path_factory.mktemp("model"), template=CHATML)


@asynccontextmanager
async def running(model: Path | str) -> AsyncIterator[PlainEngine]:
    engine = make_engine(EngineConfig(str(model)))
    assert isinstance(engine, PlainEngine)
    await engine.start()
    try:
        yield engine
    finally:
        await engine.close()


def use(model: Path | str, work: Callable[[PlainEngine], Awaitable[Any]]) -> Any:
    async def whole() -> Any:
        async with running(model) as engine:
            return await work(engine)

    return asyncio.run(whole())


def ask(engine: PlainEngine, user: str = "Where is my order?", answer: str = "") -> Context:
    return engine.append(engine.context(), [Segment(user, "user"), Segment(answer, "assistant")])


def test_a_prompt_that_was_there_before_comes_from_the_cache(tmp_path: Path) -> None:
    save_model(tmp_path, "qwen2", template=CHATML, shards=True, tie_word_embeddings=True)
    assert len(list(tmp_path.glob("model-*.safetensors"))) > 1

    async def work(engine: PlainEngine) -> None:
        result = await engine.gen(ask(engine), GenRequest(max_tokens=20))
        again = await engine.gen(ask(engine), GenRequest(max_tokens=20))
        assert again.text == result.text
        assert again.usage.cached_tokens > 0
        assert again.usage.prompt_tokens - again.usage.cached_tokens <= 1

    use(tmp_path, work)


def test_a_prompt_may_be_computed_ahead(folder: Path) -> None:
    async def work(engine: PlainEngine) -> None:
        context = ask(engine)
        await engine.prefill(context, pin=True)
        longer = engine.append(context, [Segment("It is")])
        result = await engine.gen(longer, GenRequest(max_tokens=2))
        assert result.usage.cached_tokens >= context.length - 1
        await engine.prefill(engine.context())
        with pytest.raises(EngineError, match="the model's context holds 256") as caught:
            await engine.prefill(ask(engine, "word " * 400))
        assert caught.value.kind == "context_full"

    use(folder, work)


def test_a_recurrent_model_works_without_a_cache_and_says_so(tmp_path: Path) -> None:
    save_model(tmp_path, "lfm2", template=CHATML, layer_types=["conv", "full_attention"])

    async def work(engine: PlainEngine) -> None:
        assert "anew for every token" in engine.info.notes[0]
        result = await engine.gen(ask(engine), GenRequest(constraint=regex("[ab]{3}"), max_tokens=8))
        assert regex("[ab]{3}").matches(result.text.encode())
        assert result.usage.cached_tokens == 0

    use(tmp_path, work)


def test_a_typed_value_is_complete_whatever_the_budget(folder: Path) -> None:
    async def work(engine: PlainEngine) -> None:
        context = ask(engine)
        for seed in range(4):
            request = GenRequest(
                constraint=regex(JSON), max_tokens=24 + seed, sampling=Sampling(temperature=2.0, seed=seed)
            )
            result = await engine.gen(context, request)
            assert regex(JSON).matches(result.text.encode())
            assert result.usage.generated_tokens <= 24 + seed
            json.loads(result.text)
        with pytest.raises(EngineError, match="max_tokens is 3") as caught:
            await engine.gen(context, GenRequest(constraint=regex(JSON), max_tokens=3))
        assert caught.value.kind == "impossible"

    use(folder, work)


def test_value_stream_and_context_are_the_same_text(folder: Path) -> None:
    async def work(engine: PlainEngine) -> None:
        for seed in range(12):
            for answer in ("", "Name: ", "今天", "The answer"):
                context = ask(engine, answer=answer)
                pieces: list[str] = []
                sampling = Sampling(temperature=1.5, seed=seed)
                request = GenRequest(max_tokens=24, stop=("e", "\n", " 天"), sampling=sampling)
                result = await engine.gen(context, request, pieces.append)
                assert "".join(pieces) == result.text
                assert engine.render(result.context) == engine.render(context) + result.text
                assert "e" not in result.text

    use(folder, work)


def test_one_seed_gives_one_text(folder: Path) -> None:
    async def work(engine: PlainEngine) -> list[str]:
        context = ask(engine)
        samplings = [Sampling(temperature=1.0, seed=seed) for seed in (1, 2, 1)]
        results = [await engine.gen(context, GenRequest(max_tokens=12, sampling=s)) for s in samplings]
        return [result.text for result in results]

    first, second, third = use(folder, work)
    assert first == third != second


def test_healing_keeps_the_prompts_tokens_shared(folder: Path) -> None:
    async def work(engine: PlainEngine) -> None:
        context = ask(engine, answer="Tips for a trip to ")
        result = await engine.gen(context, GenRequest(max_tokens=6))
        again = await engine.gen(context, GenRequest(max_tokens=6))
        assert again.usage.cached_tokens >= context.length - 2
        assert again.text == result.text
        assert engine.count_tokens("Tips for a trip to ") < 19

    use(folder, work)


def test_logprobs_are_of_the_values_tokens(folder: Path) -> None:
    async def work(engine: PlainEngine) -> None:
        context = ask(engine, answer="The answer: ")
        result = await engine.gen(context, GenRequest(regex("[a-z ]+"), max_tokens=8, logprobs=True, top_logprobs=3))
        assert result.text == "".join(entry.token for entry in result.logprobs).removeprefix(" ")
        for entry in result.logprobs:
            assert entry.logprob <= 0
            assert len(entry.top) == 3
            assert entry.top[0][1] >= entry.logprob

    use(folder, work)


def test_logit_bias_and_penalties_reach_the_sampler(folder: Path) -> None:
    async def work(engine: PlainEngine) -> None:
        context = ask(engine)
        bias = (("a", 100.0),)
        result = await engine.gen(context, GenRequest(max_tokens=4, sampling=Sampling(logit_bias=bias)))
        assert result.text == "aaaa"
        sampling = Sampling(logit_bias=bias, presence_penalty=200.0)
        assert (await engine.gen(context, GenRequest(max_tokens=4, sampling=sampling))).text.count("a") == 1
        with pytest.raises(EngineError, match="not one token"):
            await engine.gen(context, GenRequest(sampling=Sampling(logit_bias=(("qqqqq", 1.0),))))

    use(folder, work)


def test_the_end_token_ends_an_answer_and_stays_out(folder: Path) -> None:
    async def work(engine: PlainEngine) -> None:
        # 321 is <|im_end|>, which the template puts after an answer: it ends one, though no file says so.
        engine._decoder._model._model.lm_head.weight.data[321] = 50 * torch.ones(32)  # type: ignore[union-attr]
        results = [await engine.gen(ask(engine, str(n)), GenRequest(max_tokens=9)) for n in range(8)]
        ended = [result for result in results if result.finish == "end"]
        assert ended
        assert all("im_end" not in engine.render(r.context).split("assistant")[-1] for r in ended)

    use(folder, work)


def test_select_scores_every_choice_in_three_ways(folder: Path) -> None:
    async def work(engine: PlainEngine) -> None:
        context = ask(engine, answer="It is ")
        choices = ("late", "lost", "la", "on time", "", "late")
        for by in ("likelihood", "greedy", "unconditional"):
            result = await engine.select(context, SelectRequest(choices, by=by))
            assert len(result.scores) == len(choices)
            assert all(math.isfinite(score) for score in result.scores)
            assert result.scores[0] == pytest.approx(result.scores[5])
            assert choices.index(choices[result.index]) == result.index
            assert engine.render(result.context) == engine.render(context) + choices[result.index]
            if by != "greedy":
                assert result.scores[result.index] == max(result.scores)

    use(folder, work)


def test_likelihood_is_the_mean_log_probability(folder: Path) -> None:
    from sglc.backend.engine.plain_model import PlainModel
    from sglc.backend.engine.tokenizer import Tokenizer

    async def work(engine: PlainEngine) -> None:
        context = ask(engine)
        result = await engine.select(context, SelectRequest((" late", "order")))
        tokenizer, model = Tokenizer.load(folder), PlainModel.load(folder, "cpu")
        prompt = list(tokenizer.encode_control(engine.render(context)))
        for choice, score in zip((" late", "order"), result.scores, strict=True):
            ids = list(tokenizer.encode(choice))
            with torch.inference_mode():
                logits = model._model(torch.tensor([prompt + ids])).logits[0, len(prompt) - 1 : -1]
            rows = torch.log_softmax(logits, -1)
            assert score == pytest.approx(float(rows[range(len(ids)), ids].mean()), abs=1e-3)

    use(folder, work)


def test_greedy_follows_the_likeliest_token(folder: Path) -> None:
    async def work(engine: PlainEngine) -> None:
        context = ask(engine)
        free = await engine.gen(context, GenRequest(max_tokens=3))
        choices = ("zzz", "the", free.text, free.text + "zzz")
        result = await engine.select(context, SelectRequest(choices, by="greedy"))
        assert result.index in (2, 3)

    use(folder, work)


def test_plain_text_without_roles(folder: Path) -> None:
    async def work(engine: PlainEngine) -> None:
        context = engine.append(engine.context(), [Segment("Tips for "), Segment("a trip")])
        result = await engine.gen(context, GenRequest(max_tokens=5))
        assert engine.render(result.context) == "Tips for a trip" + result.text
        assert (await engine.gen(engine.context(), GenRequest(max_tokens=5))).finish in ("length", "end")
        merged = engine.append_parallel(context, [[Segment("x")], [Segment("y")]], 100)
        assert engine.render(merged) == "Tips for a tripxy"
        engine.release(context)

    use(folder, work)


def test_a_full_context_says_the_numbers(folder: Path) -> None:
    async def work(engine: PlainEngine) -> None:
        with pytest.raises(EngineError, match=r"has \d+ tokens, the model's context holds 256") as caught:
            await engine.gen(ask(engine, "order " * 300), GenRequest())
        assert caught.value.kind == "context_full"
        with pytest.raises(EngineError, match=r"and the value so far \d+"):
            await engine.gen(ask(engine), GenRequest(max_tokens=500, ignore_eos=True))
        with pytest.raises(EngineError, match="context holds 256"):
            await engine.select(ask(engine, "order " * 300), SelectRequest(("a",)))

    use(folder, work)


def test_deadlines_hold_while_waiting_and_while_running(folder: Path) -> None:
    async def work(engine: PlainEngine) -> None:
        async def late() -> str:
            with pytest.raises(EngineError) as caught:
                await engine.gen(ask(engine), GenRequest(max_tokens=200, deadline=time.monotonic() + 0.05))
            return caught.value.kind

        slow_down(engine, 0.01)
        assert set(await asyncio.gather(late(), late(), late())) == {"deadline"}

    use(folder, work)


def slow_down(engine: PlainEngine, seconds: float) -> list[int]:
    """Makes every token take so long; gives the list that grows by one for each."""
    model = engine._decoder._model  # type: ignore[union-attr]
    fast, steps = model.logits, []

    def slow(*args: Any, **options: Any) -> Any:
        steps.append(1)
        time.sleep(seconds)
        return fast(*args, **options)

    model.logits = slow  # type: ignore[method-assign]
    return steps


def test_a_cancellation_stops_within_a_token_and_lets_the_next_one_in(folder: Path) -> None:
    async def work(engine: PlainEngine) -> None:
        steps = slow_down(engine, 0.02)
        first = asyncio.create_task(engine.gen(ask(engine), GenRequest(max_tokens=200, ignore_eos=True)))
        second = asyncio.create_task(engine.gen(ask(engine), GenRequest(max_tokens=2, ignore_eos=True)))
        waiting = asyncio.create_task(engine.gen(ask(engine), GenRequest(max_tokens=2)))
        await asyncio.sleep(0.1)
        waiting.cancel()
        first.cancel()
        with pytest.raises(asyncio.CancelledError):
            await first
        made = len(steps)
        assert made < 15
        assert (await second).usage.generated_tokens == 2
        assert len(steps) == made + 2

    use(folder, work)


def test_the_event_loop_stays_free(folder: Path) -> None:
    async def work(engine: PlainEngine) -> None:
        slow_down(engine, 0.01)
        task = asyncio.create_task(engine.gen(ask(engine), GenRequest(max_tokens=30, ignore_eos=True)))
        ticks = 0
        while not task.done():
            await asyncio.sleep(0.005)
            ticks += 1
        assert ticks > 10

    use(folder, work)


def test_an_error_of_the_listener_ends_the_request_and_is_raised(folder: Path) -> None:
    async def work(engine: PlainEngine) -> None:
        def broken(piece: str) -> None:
            raise ValueError("disk full")

        with pytest.raises(ValueError, match="disk full"):
            await engine.gen(ask(engine), GenRequest(max_tokens=100, ignore_eos=True), broken)
        assert (await engine.gen(ask(engine), GenRequest(max_tokens=2))).text

    use(folder, work)


def test_reasoning_is_split_from_the_value(tmp_path: Path) -> None:
    save_model(tmp_path, template=QWEN3)

    async def work(engine: PlainEngine) -> None:
        context = ask(engine)
        pieces: list[str] = []
        thoughts: list[str] = []
        request = GenRequest(constraint=regex("[0-9]{2}"), max_tokens=40, reasoning=True)
        result: GenResult = await engine.gen(context, request, pieces.append, thoughts.append)
        assert regex("[0-9]{2}").matches(result.text.encode())
        assert "".join(pieces) == result.text
        assert result.reasoning
        assert len(thoughts) > 1
        assert "".join(thoughts).strip() == result.reasoning
        assert result.usage.generated_tokens <= 40
        thought, closing, value = engine.render(result.context).partition("<think>\n")[2].partition("</think>\n\n")
        assert (thought.strip(), closing, value) == (result.reasoning, "</think>\n\n", result.text)
        plain = await engine.gen(context, GenRequest(max_tokens=4))
        assert plain.reasoning == ""
        assert engine.render(plain.context).endswith("<think>\n\n</think>\n\n" + plain.text)

    use(tmp_path, work)


def test_a_base_model_ends_its_turn_by_beginning_the_next(tmp_path: Path) -> None:
    save_model(tmp_path)

    async def work(engine: PlainEngine) -> None:
        assert "no chat template" in engine.info.notes[0]
        context = ask(engine)
        assert engine.render(context) == "User: Where is my order?\n\nAssistant: "

    use(tmp_path, work)


def test_weights_that_compute_no_numbers_are_reported(tmp_path: Path) -> None:
    save_model(tmp_path, template=CHATML)

    async def work(engine: PlainEngine) -> None:
        engine._decoder._model._model.lm_head.weight.data[5] = math.nan  # type: ignore[union-attr]
        with pytest.raises(EngineError, match="not a number") as caught:
            await engine.gen(ask(engine), GenRequest())
        assert caught.value.kind == "bad_model"

    use(tmp_path, work)


def test_a_closed_engine_says_so(folder: Path) -> None:
    async def work() -> None:
        async with running(folder) as engine:
            context = ask(engine)
        with pytest.raises(EngineError, match="not running"):
            await engine.gen(context, GenRequest())

    asyncio.run(work())
