"""The bank of fields that random records are made of, and the texts that speak of them."""

from __future__ import annotations

import pytest

from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.extraction import chinese, english
from sglc.backend.engine.tiny.corpus.fields import ALIKE, bank
from sglc.backend.engine.tiny.corpus.makers import MAKERS
from sglc.backend.engine.tiny.corpus.makers_zh import CHINESE_MAKERS
from sglc.backend.engine.tiny.corpus.slots import listed
from sglc.backend.engine.tiny.corpus.talk import talks_of
from sglc.backend.engine.tiny.corpus.topics import intents
from sglc.frontend.words import RESERVED

LANGUAGES = ("en", "zh")


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_field_can_be_made_and_said(language: str) -> None:
    known = MAKERS | CHINESE_MAKERS if language == "zh" else MAKERS
    for kind in bank(language):
        assert all(name.isidentifier() and name not in RESERVED for name in kind.names), kind.kind
        assert all(len(said) >= 2 for said in kind.says.values()), kind.kind
        if "" in kind.says:
            assert kind.maker in known
            assert all("{v}" in said for said in kind.says[""]), kind.kind
        elif kind.maker == "flag":
            assert kind.says.keys() == {"true", "false"}, kind.kind
        else:
            assert kind.maker == "enum"


@pytest.mark.parametrize("name", ["labels", "labels.zh"])
def test_labels_are_names_too(name: str) -> None:
    labels = [line.partition(" ")[0] if name == "labels.zh" else line.replace(" ", "_") for line in listed(name)]
    assert all(label.isidentifier() and label not in RESERVED for label in labels)


def test_kinds_that_are_alike_exist() -> None:
    kinds = {kind.kind for language in LANGUAGES for kind in bank(language)}
    assert set().union(*ALIKE) <= kinds


@pytest.mark.parametrize("language", LANGUAGES)
def test_intents_have_names_that_a_program_can_use(language: str) -> None:
    for intent in intents(language):
        assert all(name.isidentifier() and name not in RESERVED for name in intent.names)
        assert intent.about
        assert len(intent.sentences) >= 5


@pytest.mark.parametrize("make", [english, chinese])
@pytest.mark.parametrize("held_out", [False, True])
def test_runs_give_what_the_text_says(make: object, held_out: bool) -> None:
    assert callable(make)
    for seed in range(12):
        assert talks_of(make(Draw(f"test {seed}", held_out=held_out)))
