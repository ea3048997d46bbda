"""What has to be copied stands in the text, and where it stands is what the question says."""

from __future__ import annotations

import json

import pytest

from sglc.backend.engine.tiny.corpus import drills
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.talk import Talk, talks_of

LANGUAGES = ("en", "zh")


def said(talk: Talk) -> str:
    return "".join(piece.text for _, pieces in talk for piece in pieces if piece.learn)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_answer_stands_in_the_text(language: str) -> None:
    for seed in range(200):
        case = drills.copy(Draw(seed), language)
        (talk,) = talks_of(case)
        assert said(talk)
        assert said(talk) in case.args["text"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_records_hold_what_their_lines_say(language: str) -> None:
    for seed in range(100):
        case = drills.record(Draw(seed), language)
        (talk,) = talks_of(case)
        found = json.loads(said(talk))
        assert found
        for name, value in found.items():
            if value is None:
                assert name not in case.args["text"]
            else:
                assert f"{name}" in case.args["text"]
                assert value in case.args["text"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_tokens_do_not_hold_each_other(language: str) -> None:
    for seed in range(50):
        found = drills.tokens(Draw(seed), language, 12)
        assert not any(a != b and a in b for a in found for b in found)
        assert len(set(found)) == 12
