"""Other words for those that are only copied: the same ones everywhere, and never for words that decide something."""

from __future__ import annotations

import random
import re

import msgspec
import pytest

from sglc.backend.engine.tiny.corpus import kefu, passages, support
from sglc.backend.engine.tiny.corpus import substitution as module
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.programs import written
from sglc.backend.engine.tiny.corpus.substitution import KINDS, Substitution, own_words, words
from sglc.backend.engine.tiny.corpus.talk import Case, Talk, Task, talks_of
from sglc.backend.engine.tiny.corpus.tasks import TASKS

PROGRAM = 'def f(text: str) -> str:\n    user: "Who is it? {text}"\n    assistant: gen who: str\n    return who\n'
NAMES = ("Ann Lee", "Bob", "王小明", "Eve")


def made(draw: Draw) -> Case:
    name = draw.any(NAMES)
    reply = f"Surely {name} is it."
    return Case(
        written(PROGRAM), "f", {"text": f"I met {name} and it rained."}, lambda path, told: reply, lambda v: True
    )


TASK = Task("who", "reply", "en", made)


@pytest.fixture(autouse=True)
def always(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("SHARE", "SHARE_OF_WORDS", "SHARE_OF_CHARACTERS"):
        monkeypatch.setattr(module, name, 1.0)
    monkeypatch.setattr(module, "NOISY", 0.0)


def texts(talk: Talk) -> tuple[str, str]:
    """(told, said)"""
    pieces = [piece for _, message in talk for piece in message]
    return "".join(p.text for p in pieces if not p.learn), "".join(p.text for p in pieces if p.learn)


def test_words_are_runs_of_letters_and_single_characters() -> None:
    assert list(words("A1b re_ad 王明x don't é")) == ["A", "b", "re", "ad", "王", "明", "x", "don", "t", "é"]


def test_what_a_task_says_by_itself() -> None:
    assert own_words(TASK) == {"surely"}


def test_a_copied_word_is_exchanged_on_both_sides() -> None:
    substitution = Substitution([TASK], ["ter", "lo", "mi"])
    seen = set()
    for seed in range(40):
        case = made(Draw(seed))
        (talk,) = substitution.of(talks_of(case), TASK, case, random.Random(seed))
        told, said = texts(talk)
        inside = re.fullmatch(r"Surely (.+) is it\.", said)
        assert inside
        assert told == f"Who is it? I met {inside[1]} and it rained."
        assert inside[1] not in NAMES
        seen.add(inside[1])
    assert len(seen) > 20


def test_other_kinds_stay_as_they_are() -> None:
    task = Task("who", "tips", "en", made)
    case = made(Draw(1))
    talks = talks_of(case)
    assert Substitution([task], ()).of(talks, task, case, random.Random(1)) == talks


def test_kept_words_stay() -> None:
    case = made(Draw(1))
    kept = msgspec.structs.replace(case, keep=" ".join(NAMES))
    talks = talks_of(case)
    substitution = Substitution([TASK], ["ter"])
    assert substitution.of(talks, TASK, kept, random.Random(1)) == talks
    assert substitution.of(talks, TASK, case, random.Random(1)) != talks


def test_noise_is_in_the_arguments_alone(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NOISY", 1.0)
    monkeypatch.setattr(module, "NOISE", {"reply": 0.5})
    monkeypatch.setattr(module, "SHARE", 0.0)
    substitution = Substitution([TASK], ["ter"])
    seen = set()
    for seed in range(40):
        case = made(Draw(seed))
        name = next(name for name in NAMES if name in case.args["text"])
        (talk,) = substitution.of(talks_of(case), TASK, case, random.Random(seed))
        told, said = texts(talk)
        assert said == f"Surely {name} is it."
        assert told.startswith("Who is it? ")
        assert name in told
        seen.add(told)
    assert len(seen) > 20


def test_noise_spares_negations(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "NOISY", 1.0)
    monkeypatch.setattr(module, "NOISE", {"reply": 1.0})
    case = msgspec.structs.replace(made(Draw(1)), args={"text": "not what I know of"})
    (talk,) = Substitution([TASK], ()).of(talks_of(case), TASK, case, random.Random(1))
    told, _ = texts(talk)
    assert "not" in told.split(" ")
    assert "know" not in told


@pytest.mark.parametrize("task", [support.TASKS[1], kefu.TASKS[1], *passages.TASKS], ids=lambda task: task.name)
def test_nothing_but_the_copied_words_changes(task: Task) -> None:
    substitution = Substitution([task], ["ber", "ing", "ol"])
    changed = 0
    for seed in range(60):
        case = task.make(Draw(seed))
        before = talks_of(case)
        after = substitution.of(before, task, case, random.Random(seed))
        for old, new in zip(before, after, strict=True):
            assert [(role, [(p.learn, p.free) for p in pieces]) for role, pieces in old] == [
                (role, [(p.learn, p.free) for p in pieces]) for role, pieces in new
            ]
            fixed = set(words(case.program.text)) | substitution.own[task.name]
            pairs = [
                (a, b)
                for old_text, new_text in zip(texts(old), texts(new), strict=True)
                for a, b in zip(words(old_text), words(new_text), strict=True)
            ]
            assert len({a for a, _ in pairs}) == len(set(pairs)), "one word became two"
            assert all(a == b for a, b in pairs if a in fixed)
            changed += old != new
    assert changed


def test_the_kinds_exist() -> None:
    assert {task.kind for task in TASKS} >= KINDS
