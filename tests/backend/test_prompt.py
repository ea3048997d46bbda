"""Prompts: roles, retries, handles to engines and their release."""

from __future__ import annotations

import gc
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sglc.backend.engine.echo import EchoEngine
from sglc.backend.engine.interface import Segment
from sglc.backend.prompt import Handles, Prompt
from sglc.diagnostics import InternalError
from sglc.ir.prompt import Context


def empty(**engines: EchoEngine) -> Prompt:
    return Prompt(Handles(engines))


def test_statements_of_one_role_are_one_message() -> None:
    prompt = empty().append("a", "user").append("b").append("c", "user").append("d", "assistant")
    assert prompt.messages() == [("user", "ab\nc"), ("assistant", "d")]
    assert prompt.role == "assistant"


def test_nothing_said_is_the_same_prompt() -> None:
    prompt = empty().append("a")
    assert prompt.append("") is prompt
    assert prompt.append_documents([], None) is prompt
    assert prompt.append("", "user") is not prompt


def test_a_retry_tells_and_resumes_the_open_message() -> None:
    checkpoint = empty().append("ask", "user").append("Digit: ", "assistant")
    told = checkpoint.append("x").tell("no", checkpoint)
    assert told.messages()[2:] == [("user", "no"), ("assistant", "")]
    assert told.append("3").messages()[2:] == [("user", "no"), ("assistant", "3")]
    # A role statement opens its own message, as if nothing were resumed.
    assert told.append("3", "assistant").messages()[2:] == [("user", "no"), ("assistant", "3")]
    assert told.append("4", "user").messages()[2:] == [("user", "no\n4")]


def test_the_accepted_stretch_moves_behind_the_checkpoint() -> None:
    checkpoint = empty().append("ask", "user")
    base = checkpoint.append("x", "assistant").tell("no", checkpoint)
    accepted = base.append("", "assistant").append("3").since(base)
    assert checkpoint.say(accepted).messages() == [("user", "ask"), ("assistant", "3")]
    with pytest.raises(InternalError):
        checkpoint.since(base)


def test_a_prompt_shares_what_came_before_with_its_engine() -> None:
    engine = EchoEngine()
    shared = empty(m=engine).append("shared ", "user")
    one, two = shared.append("1"), shared.append("2")
    assert [engine.render(prompt.handle("m")) for prompt in (one, two)] == ["<|user|>\nshared 1", "<|user|>\nshared 2"]
    assert one.handle("m").parent is two.handle("m").parent  # type: ignore[attr-defined]
    assert one.handle("m") is one.handle("m")


def test_each_model_has_its_own_handle() -> None:
    first, second = EchoEngine(), EchoEngine()
    prompt = empty(a=first, b=second).append("ask", "user").append("", "assistant")
    reply = prompt.append_reply("yes", "a", first.append(prompt.handle("a"), [Segment("yes")]))
    assert first.render(reply.handle("a")) == second.render(reply.handle("b")) == "<|user|>\nask\n<|assistant|>\nyes"
    with pytest.raises(KeyError):
        reply.handle("c")


def test_handles_are_given_back_when_the_prompt_is_gone() -> None:
    engine = EchoEngine()
    handles = Handles({"m": engine})
    prompt = Prompt(handles).append("a")
    longer = prompt.append("b")
    longer.handle("m")
    del longer
    gc.collect()
    assert engine.released == []  # only on the runtime's own
    handles.release_dropped()
    assert [engine.render(context) for context in engine.released] == ["ab"]
    del prompt
    gc.collect()
    handles.release_dropped()
    assert [engine.render(context) for context in engine.released] == ["ab", "a", ""]


def test_a_very_long_prompt_needs_no_deep_stack() -> None:
    engine = EchoEngine()
    prompt = empty(m=engine)
    for _ in range(50_000):
        prompt = prompt.append("x")
    prompt.handle("m")
    assert len(prompt.messages()[0][1]) == 50_000
    del prompt
    gc.collect()


def test_ids_of_constant_texts_go_along() -> None:
    seen: list[Segment] = []

    class Engine(EchoEngine):
        def append(self, context: Any, segments: Any, hints: Any = None) -> Any:
            seen.extend(segments)
            return super().append(context, segments)

    handles = Handles({"m": Engine()}, {"m": {"Hello": (1, 2)}})
    Prompt(handles).append("Hello", "user").append("Hello", "user").append("you").handle("m")
    assert seen == [Segment("Hello", "user", (1, 2)), Segment("\nHello"), Segment("you")]


def test_the_digest_tells_texts_and_roles_apart() -> None:
    prompts = [
        empty().append("ab"),
        empty().append("ab", "user"),
        empty().append("a", "user").append("b", "assistant"),
        empty().append("a", "user").append("b"),
    ]
    assert len({prompt.digest for prompt in prompts}) == 3
    assert prompts[1].digest == prompts[3].digest


ROLES = st.sampled_from(["", "", "user", "assistant"])
STEPS = st.lists(st.tuples(st.sampled_from(["append", "tell", "documents"]), st.sampled_from(["", "a", "b"]), ROLES))


@given(STEPS)
def test_a_prompt_reads_as_the_reference_says(steps: list[tuple[str, str, str]]) -> None:
    engine = EchoEngine()
    prompt, reference = empty(m=engine), Context()
    checkpoint, reference_checkpoint = prompt, reference
    for kind, text, role in steps:
        if kind == "append":
            prompt, reference = prompt.append(text, role), reference.append(text, role)
        elif kind == "documents":
            prompt, reference = prompt.append_documents([text, "d"], None), reference.append(text).append("d")
        else:
            prompt, reference = prompt.tell(text, checkpoint), reference.told(text, reference_checkpoint)
        if text == "b":
            checkpoint, reference_checkpoint = prompt, reference
        expected = list(reference.prompt().messages)
        assert prompt.messages() == expected
        rendered = "\n".join(f"<|{r}|>\n{t}" if r else t for r, t in expected)
        assert engine.render(prompt.handle("m")) == rendered
