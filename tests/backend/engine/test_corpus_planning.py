"""Training data of sglc-tiny about plans, numbers, judgements: the teacher's answers are right by themselves."""

from __future__ import annotations

import re

import pytest

from sglc.backend.engine.tiny.corpus import judging, numbers, offers, problems, stories, tips, trip
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.talk import Task, talks_of
from sglc.backend.engine.tiny.corpus.trip_words import sights

TASKS = [task for area in (trip, numbers, judging, tips, stories, offers) for task in area.TASKS]


@pytest.mark.parametrize("task", TASKS, ids=lambda task: task.name)
def test_the_teacher_passes_its_own_check(task: Task) -> None:
    for held_out in (False, True):
        for seed in range(3):
            assert talks_of(task.make(Draw(seed, held_out=held_out)))


@pytest.mark.parametrize("language", ["en", "zh"])
def test_worked_steps_are_right(language: str) -> None:
    signs = {"plus": "+", "minus": "-", "times": "*", "divided by": "//", "加": "+", "减": "-", "乘": "*", "除以": "//"}
    pattern = re.compile(r"(\d+) ?(plus|minus|times|divided by|加|减|乘|除以) ?(\d+)(?: is |等于)(\d+)")
    for seed in range(200):
        draw = Draw(seed)
        this = problems.ride(draw, language) if seed % 3 == 0 else problems.problem(draw, language)
        steps = pattern.findall(this.steps)
        assert steps
        assert int(steps[-1][3]) == this.result
        for left, sign, right, result in steps:
            assert eval(f"{left} {signs[sign]} {right}") == int(result)


def test_a_ride_lasts_from_its_start_to_its_end() -> None:
    for seed in range(100):
        this = problems.ride(Draw(seed), "en")
        (a, b), (c, d) = [tuple(map(int, t.split(":"))) for t in re.findall(r"\d+:\d\d", this.question)]
        assert this.result == c * 60 + d - a * 60 - b


def test_notes_quote_the_essay() -> None:
    for seed in range(100):
        for language in ("en", "zh"):
            this = judging.essay(Draw(seed), language)
            for quote in re.findall('[“"]([^”"]*)[”"]', "".join(this.notes)):
                assert quote in this.text


def test_flights_and_hotels_follow_the_wishes() -> None:
    found = [
        {"id": "A1", "depart": "09:00", "price": 90},
        {"id": "B2", "depart": "06:30", "price": 120},
        {"id": "C3", "depart": "20:10", "price": 80},
    ]
    assert [trip.chosen_flight(found, goals) for goals in ((), ("cheap",), ("early", "near"), ("late",))] == [
        "A1",
        "C3",
        "B2",
        "C3",
    ]
    beds = [
        {"name": "Low", "area": "Port", "stars": 2, "price_per_night": 50},
        {"name": "High", "area": "Hill", "stars": 4, "price_per_night": 40},
    ]
    wishes = ((), ("cheap",), ("comfort",), ("near",))
    assert [trip.chosen_hotel(beds, goals, "Hill")["name"] for goals in wishes] == ["Low", "High", "High", "High"]


def test_each_known_city_has_sights_for_six_days() -> None:
    for language in ("en", "zh"):
        assert {len(places) for places in sights(language).values()} == {12}
    assert len(sights("en")) >= 44
