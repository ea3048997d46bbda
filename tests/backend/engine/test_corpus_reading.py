"""The training data of tools and reading: every case passes its own check, and what it says can be found in its prompt."""

from __future__ import annotations

import pytest

from sglc.backend.engine.tiny.corpus import labels, passages, react, tool_choice
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.facts import kinds
from sglc.backend.engine.tiny.corpus.talk import Talk, Task, talks_of
from sglc.backend.engine.tiny.corpus.tool_specs import catalogue
from sglc.backend.engine.tiny.corpus.tool_values import default
from sglc.backend.example_facts import search

TASKS = (*passages.TASKS, *react.TASKS, *labels.TASKS, *tool_choice.TASKS)


def told(talk: Talk) -> str:
    return "".join(piece.text for _, pieces in talk for piece in pieces if not piece.learn)


def said(talk: Talk) -> list[str]:
    return [piece.text for _, pieces in talk for piece in pieces if piece.learn]


@pytest.mark.parametrize("held_out", [False, True], ids=["training", "held-out"])
@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_each_case_passes_its_own_check(task: Task, held_out: bool) -> None:
    for seed in range(15):
        assert talks_of(task.make(Draw(seed, held_out=held_out)))


@pytest.mark.parametrize("task", passages.TASKS, ids=lambda task: task.name)
def test_answers_stand_in_the_prompt(task: Task) -> None:
    for seed in range(60):
        (talk,) = talks_of(task.make(Draw(seed)))
        (answer,) = said(talk)
        assert answer in told(talk) or answer in ("Yes", "No")


def test_questions_for_the_example_tools_find_their_articles() -> None:
    for query, question, answer in react.encyclopedia():
        article = search(query)
        assert query.lower() in question.lower()
        assert article["title"].startswith(query)
        assert answer in article["text"]


@pytest.mark.parametrize("chinese", [False, True], ids=["en", "zh"])
def test_a_question_tells_every_argument_without_a_default(chinese: bool) -> None:
    for tool in catalogue(chinese=chinese):
        for at, param in enumerate(tool.params):
            left_out = [q for q in tool.questions if f"{{{at}}}" not in q]
            assert not left_out or " = " in param.type or param.type.endswith("?"), (tool.names[0], left_out)
            assert default(param.type) is None or " = " in param.type


@pytest.mark.parametrize("name", ["facts", "facts.zh", "house", "house.zh"])
def test_every_statement_tells_the_value_and_every_attribute_has_questions(name: str) -> None:
    for kind in kinds(name):
        assert len({attribute.name for attribute in kind.attributes}) == len(kind.attributes) >= 3
        for attribute in kind.attributes:
            assert all("{v}" in statement or "{no}" in statement for statement in attribute.statements), (
                kind.name,
                attribute.name,
            )
            assert len(attribute.questions) >= 3
            assert not kind.maker or all("{n}" in question for question in attribute.questions), (
                kind.name,
                attribute.name,
            )
