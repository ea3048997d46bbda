"""The training data of sglc-tiny: sides that never mix, runs that become conversations, and what of them is learned."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tokenizers import Tokenizer

from sglc.backend.engine.tiny.corpus.draw import Draw, is_held_out
from sglc.backend.engine.tiny.corpus.programs import example, written
from sglc.backend.engine.tiny.corpus.shards import Shards, draw_talks
from sglc.backend.engine.tiny.corpus.talk import Case, Piece, Talk, Task, flat, talks_of
from sglc.backend.engine.tiny.corpus.tasks import TASKS
from sglc.backend.engine.tiny.corpus.tokenizer import train_tokenizer
from sglc.backend.engine.tiny.corpus.tokens import Encoder

WORDS = tuple(f"word{n}" for n in range(40))
PLAIN = st.characters(codec="utf-8", exclude_characters="[|]")


def test_a_template_is_written_in_all_its_ways() -> None:
    texts = ("[Where is|Where's] my [parcel|] now?", "[just brackets] {x} a|b")
    drawn = {Draw(seed).one_way(text) for seed in range(60) for text in texts}
    assert drawn == {
        "Where is my parcel now?",
        "Where's my parcel now?",
        "Where is my  now?",
        "Where's my  now?",
        "[just brackets] {x} a|b",
    }


def case(text: str, function: str, teacher: Callable[[str, str], str], **args: object) -> Case:
    return Case(written(text), function, args, teacher, check=lambda value: True)


def shown(talks: list[Talk]) -> list[str]:
    """Each conversation as text, what is learned in angle brackets."""
    return [
        " ".join(f"{role}: " + "".join(f"<{p.text}>" if p.learn else p.text for p in pieces) for role, pieces in talk)
        for talk in talks
    ]


@given(st.lists(st.text(PLAIN, min_size=1, max_size=4), min_size=2, max_size=30, unique=True), st.integers(0, 99))
def test_the_sides_share_nothing(texts: list[str], seed: int) -> None:
    ours = {Draw(seed + n).of(texts) for n in range(20)}
    theirs = {Draw(seed + n, held_out=True).of(texts) for n in range(20)}
    assert not ours & theirs
    assert set(Draw(seed).some(texts, 30)) & set(Draw(seed, held_out=True).some(texts, 30)) == set()


def test_training_never_writes_what_is_held_out() -> None:
    held = next(text for n in range(99) if is_held_out(text := f"The {n} [leaks|drips]."))
    twins = tuple(text for way in ("leaks", "drips") if not is_held_out(text := held.replace("[leaks|drips]", way)))
    assert twins, "another number would do"
    free = tuple(text for n in range(30) if not is_held_out(text := f"Other {n}."))
    texts = (*free, held, *twins)
    drawn = {Draw(seed).of(texts) for seed in range(300)}
    assert drawn == set(free)


_DIGEST = """
import hashlib
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.talk import talks_of
from sglc.backend.engine.tiny.corpus.tasks import TASKS

for task in TASKS:
    made = [talks_of(task.make(Draw(seed))) for seed in range(3)]
    print(task.name, hashlib.sha256(repr(made).encode()).hexdigest())
"""


def test_cases_are_the_same_in_every_process() -> None:
    runs = [
        subprocess.run(
            [sys.executable, "-c", _DIGEST],
            env={**os.environ, "PYTHONHASHSEED": seed},
            capture_output=True,
            text=True,
            check=True,
        ).stdout.splitlines()
        for seed in ("1", "2")
    ]
    assert len(runs[0]) == len(TASKS)
    assert runs[0] == runs[1]


def test_made_texts_have_a_side() -> None:
    def number(random: object) -> str:
        return str(random.randint(0, 999))  # type: ignore[attr-defined]

    ours = {Draw(seed).made(number) for seed in range(200)}
    theirs = {Draw(seed, held_out=True).made(number) for seed in range(200)}
    assert not ours & theirs


def test_one_context_is_one_conversation() -> None:
    text = 'def f() -> str:\n    user: "a"\n    assistant: "b {gen x: str} c {gen y: int}"\n    user: "d"\n    assistant: gen z: str\n    return z\n'
    talks = talks_of(case(text, "f", lambda path, told: {"x": "one", "y": "2", "z": "three"}[path]))
    assert shown(talks) == ["user: a assistant: b <one> c <2> user: d assistant: <three>"]
    free = [p.free for _, pieces in talks[0] for p in pieces if p.learn]
    assert free == [True, False, True]


def test_branches_share_their_beginning_and_learn_it_once() -> None:
    text = 'def f() -> list[str]:\n    user: "a"\n    assistant: gen x: str\n    out = fork i in range(2):\n        user: "{i}"\n        assistant: gen y: str\n        yield y\n    return out\n'
    talks = talks_of(case(text, "f", lambda path, told: path))
    assert shown(talks) == [
        "user: a assistant: <x> user: 0 assistant: <out[0].y>",
        "user: a assistant: x user: 1 assistant: <out[1].y>",
    ]


def test_calls_are_conversations_of_their_own() -> None:
    text = 'def g() -> str:\n    "p {gen x: str}"\n    return x\ndef f() -> str:\n    user: g()\n    assistant: gen y: str\n    return y\n'
    talks = talks_of(case(text, "f", lambda path, told: path.split(".")[-1]))
    assert shown(talks) == [": p <x>", "user: x assistant: <y>"]


def test_a_wrong_teacher_is_noticed() -> None:
    wrong = Case(
        written("def f() -> int:\n    return 1\n"), "f", {}, lambda path, told: "", check=lambda value: value == 2
    )
    with pytest.raises(ValueError, match="gave 1"):
        talks_of(wrong)


@pytest.fixture(scope="module")
def tokenizer() -> Tokenizer:
    talks = draw_talks(TASKS[:2], "tokenizer")
    return train_tokenizer(flat([next(talks) for _ in range(50)]))


def said(encoder: Encoder, talk: Talk) -> str:
    ids, learn = encoder.encode(talk)
    picked = [i for i, mark in zip(ids, learn, strict=True) if mark]
    return str(encoder.tokenizer.decode(picked, skip_special_tokens=False))


def test_what_is_to_be_said(tokenizer: Tokenizer) -> None:
    encoder = Encoder(tokenizer)
    told, free, bound = Piece("q", learn=False), Piece("12", learn=True, free=True), Piece("34", learn=True)
    assert said(encoder, (("user", (told,)), ("assistant", (free,)))) == "12<|end|>"
    assert said(encoder, (("user", (told,)), ("assistant", (bound,)))) == "34"
    assert said(encoder, (("assistant", (bound, Piece("\n", learn=False), free)), ("user", (told,)))) == "3412<|end|>"
    # What stops a free reply is said, too.
    assert said(encoder, (("assistant", (free, Piece("\nx", learn=False))),)) == "12\n"
    assert said(encoder, (("", (told, free)),)) == "12<|end|>"


def test_conversations_are_encoded_as_the_engine_encodes_them(tokenizer: Tokenizer) -> None:
    talk: Talk = (
        ("system", (Piece("Be brief.", learn=False),)),
        ("user", (Piece("Hi", learn=False),)),
        ("assistant", ()),
    )
    ids, _ = Encoder(tokenizer).encode(talk)
    text = tokenizer.decode(ids, skip_special_tokens=False)
    assert text == "<|begin|><|system|>\nBe brief.<|end|>\n<|user|>\nHi<|end|>\n<|assistant|>\n<|end|>\n"


def test_shards_repeat_and_differ(tokenizer: Tokenizer) -> None:
    shards = Shards(TASKS[:2], tokenizer.to_str(), seed=1, rows=2, tokens=4096, documents=85)
    (first, second), (again, _), (other, _) = shards(0), shards(0), shards(1)
    assert np.array_equal(first.ids, again.ids)
    assert not np.array_equal(first.ids, second.ids)
    assert not np.array_equal(first.ids, other.ids)
    assert first.ends[-1] == 4096
    assert (np.diff(first.ends) > 0).all()
    assert 0.02 < first.learn.mean() < 0.6


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
@pytest.mark.parametrize("held_out", [False, True], ids=["training", "held-out"])
def test_every_task_passes_its_own_check(task: Task, held_out: bool) -> None:
    for seed in range(6):
        talks = talks_of(task.make(Draw(f"{task.name}/{seed}", held_out=held_out)))
        assert any(piece.learn and piece.text for talk in talks for _, pieces in talk for piece in pieces)


def test_the_programs_are_the_examples() -> None:
    assert example("support").graph.function("extract")
