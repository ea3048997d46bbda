"""The plain engine beside transformers' own chat templates, greedy search and log probabilities; branches at once."""

from __future__ import annotations

import asyncio
import codecs
from pathlib import Path
from typing import Any

import pytest
import torch
from engine_samples import save_model
from test_chat_template import CHATML
from test_plain_engine import use
from transformers import AutoModelForCausalLM, PreTrainedTokenizerFast

from sglc.backend.engine.interface import Context, GenRequest, Role, Sampling, Segment, SelectRequest
from sglc.backend.engine.plain_engine import PlainEngine

TALK: list[tuple[Role, str]] = [
    ("system", "Be kind."),
    ("user", "Where is  my order?"),
    ("assistant", "It is late."),
    ("user", "今天 é"),
]
KINDS: list[tuple[str, dict[str, Any]]] = [("llama", {}), ("mistral", {"sliding_window": 16})]


@pytest.fixture(scope="module", params=KINDS, ids=lambda kind: kind[0])
def folder(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    kind, sizes = request.param
    return save_model(tmp_path_factory.mktemp(kind), kind, CHATML, **sizes)


def opened(engine: PlainEngine) -> Context:
    segments = [Segment(text, role) for role, text in TALK]
    return engine.append(engine.context(), [*segments, Segment("", "assistant")])


def ids_of(engine: PlainEngine, context: Context) -> list[int]:
    return list(engine._running().layout.prompt(context).ids)  # type: ignore[arg-type]


def begins_text(raw: bytes) -> bool:
    try:
        codecs.getincrementaldecoder("utf-8")().decode(raw)
    except UnicodeDecodeError:
        return False
    return True


def test_greedy_text_is_that_of_generate(folder: Path) -> None:
    tokenizer: Any = PreTrainedTokenizerFast(tokenizer_file=str(folder / "tokenizer.json"))
    tokenizer.chat_template = CHATML
    messages = [{"role": role, "content": text} for role, text in TALK]
    prompt = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_dict=True)["input_ids"]
    model: Any = AutoModelForCausalLM.from_pretrained(folder).eval()

    async def work(engine: PlainEngine) -> None:
        context = opened(engine)
        assert ids_of(engine, context) == prompt
        decoder = engine._running()
        tokens, ends = decoder.vocabulary.tokens, decoder.vocabulary.eos_ids

        def allowed(_: int, ids: torch.Tensor) -> list[int]:
            # What is free text here: valid UTF-8, whole characters at its end.
            before = b"".join(tokens[i] for i in ids[len(prompt) :].tolist())
            spelled = [i for i, token in enumerate(tokens) if token and begins_text(before + token)]
            whole = before.decode(errors="replace").encode() == before
            return [*spelled, *(ends if whole else ())]

        result = await engine.gen(context, GenRequest(max_tokens=24))
        found = model.generate(
            torch.tensor([prompt]),
            attention_mask=torch.ones(1, len(prompt)),
            max_new_tokens=20,  # fewer: near the end of its budget the engine completes a character
            do_sample=False,
            eos_token_id=list(ends),
            pad_token_id=ends[0],
            prefix_allowed_tokens_fn=allowed,
        )[0, len(prompt) :].tolist()
        expected = [i for i in found if i not in ends]
        assert ids_of(engine, result.context)[len(prompt) :][: len(expected)] == expected

    use(folder, work)


def test_likelihood_is_the_mean_over_the_tokens_that_the_whole_text_has(folder: Path) -> None:
    """A choice begins inside the token before it: what is scored are the tokens of both together."""
    model: Any = AutoModelForCausalLM.from_pretrained(folder).eval()

    async def work(engine: PlainEngine) -> None:
        before = engine.append(opened(engine), [Segment("The answer ")])
        choices = ("is late", "order", "42")
        scores = (await engine.select(before, SelectRequest(choices))).scores
        start = ids_of(engine, opened(engine))
        for choice, score in zip(choices, scores, strict=True):
            whole = [*start, *ids_of(engine, engine.append(engine.context(), [Segment(f"The answer {choice}")]))]
            with torch.inference_mode():
                rows = torch.log_softmax(model(torch.tensor([whole])).logits[0].float(), dim=-1)
            chances = [float(rows[n - 1, whole[n]]) for n in range(1, len(whole))]
            shared = next(n for n, (a, b) in enumerate(zip(whole, ids_of(engine, before), strict=False)) if a != b)
            assert score == pytest.approx(sum(chances[shared - 1 :]) / len(chances[shared - 1 :]), abs=1e-3)

    use(folder, work)


def test_branches_at_once_and_cancelled_ones_leave_the_others_alone(folder: Path) -> None:
    requests = [GenRequest(max_tokens=10, sampling=Sampling(temperature=1.0, seed=n)) for n in range(6)]

    def branches(engine: PlainEngine) -> list[Context]:
        shared = engine.append(opened(engine), [Segment("All branches share this ")])
        return [engine.append(shared, [Segment(f"number {n}: ")]) for n in range(len(requests))]

    async def alone(engine: PlainEngine) -> list[str]:
        return [(await engine.gen(c, r)).text for c, r in zip(branches(engine), requests, strict=True)]

    async def together(engine: PlainEngine) -> None:
        for wait in (0.0, 0.01, 0.03):
            tasks = [asyncio.create_task(engine.gen(c, r)) for c, r in zip(branches(engine), requests, strict=True)]
            await asyncio.sleep(wait)
            for task in tasks[::2]:
                task.cancel()
            await asyncio.wait(tasks)
            assert [task.result().text for task in tasks[1::2]] == expected[1::2]

    expected = use(folder, alone)
    use(folder, together)
