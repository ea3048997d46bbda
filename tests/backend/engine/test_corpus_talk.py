"""Chats and short texts of the corpus: their word lists hold together, and their checks refuse what is wrong."""

import re

import pytest

from sglc.backend.engine.tiny.corpus import assistant, chat, chat_words, desk, kefu, rewriting, shop, slots, support
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.talk import Case, Task, is_right, talks_of
from sglc.ir.interpret import interpret

TASKS = [*support.TASKS, *kefu.TASKS, *desk.TASKS, *chat.TASKS, *shop.TASKS, *assistant.TASKS, *rewriting.TASKS]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
@pytest.mark.parametrize("held_out", [False, True])
def test_the_teacher_passes_its_own_check(task: Task, held_out: bool) -> None:
    for seed in range(20):
        talks = talks_of(task.make(Draw(seed, held_out=held_out)))
        assert any(piece.learn for talk in talks for _, pieces in talk for piece in pieces)


def _outcome(case: Case, reply: str) -> bool:
    outcome = interpret(case.program.graph, case.function, case.args, lambda *_: reply, case.tools)
    return outcome.failure is None and is_right(case, outcome)


@pytest.mark.parametrize("task", [*chat.TASKS, *assistant.TASKS, *rewriting.TASKS], ids=lambda task: task.name)
def test_a_reply_that_says_nothing_is_wrong(task: Task) -> None:
    for seed in range(20):
        assert not _outcome(task.make(Draw(seed, held_out=True)), "I see")


def test_a_fact_that_was_changed_is_not_right_any_more() -> None:
    turn = chat.Turn("Where do I live?", "You live in Oslo.", ("Oslo",))
    assert chat._fits(turn, "You live in Oslo.", ["Rome", "Oslo"])
    assert not chat._fits(turn, "You live in Rome, I mean Oslo.", ["Rome", "Oslo"])


def test_other_numbers_contradict() -> None:
    assert support.says_only("Send A1234 back within 30 days.", ["A1234", "30"])
    assert not support.says_only("Send A1234 back within 31 days.", ["A1234"])


def test_lists_of_both_languages_have_the_same_keys() -> None:
    for name in ("chat_small", "chat_talk", "chat_things", "assist_entities"):
        assert list(chat_words.lines(name, "en")) == list(chat_words.lines(name, "zh"))
    for kind in {*chat_words.KINDS} & {"like", "pet", "kin", "number", "own"}:
        assert len(chat_words.names_of(kind, "en")) == len(chat_words.names_of(kind, "zh"))


def test_every_kind_of_fact_can_be_told_asked_and_answered() -> None:
    for language in ("en", "zh"):
        for kind in {*chat_words.KINDS}:
            assert all(chat_words.wordings(kind, what, language) for what in ("tell", "ask"))
            assert all(len(chat_words.wordings(kind, what, language)) == 1 for what in ("ack", "answer", "unknown"))


@pytest.mark.parametrize("name", ["notes", "notes.zh", "letters", "letters.zh"])
def test_what_is_to_be_written_stands_in_the_text(name: str) -> None:
    for line in slots.listed(name):
        wanted, *texts = chat_words.parts(line)
        # To whom a letter goes stands in the prompt on its own.
        needed = set(re.findall(r"\{\w+\}", wanted)) - {"{to}"}
        assert all(needed <= set(re.findall(r"\{\w+\}", text)) for text in texts), line
