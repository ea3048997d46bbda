"""Sampling options against what they say, on small distributions."""

from __future__ import annotations

import math

import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sglc.backend.engine.interface import EngineError, Sampling
from sglc.backend.engine.sampler import Sampler, draw, penalize, probabilities

LOGITS = torch.tensor([2.0, 1.0, 0.0, -1.0])
ALL = torch.ones(4, dtype=torch.bool)


def drawn(
    sampling: Sampling, count: int = 200, logits: torch.Tensor = LOGITS, allowed: torch.Tensor = ALL
) -> list[int]:
    sampler = Sampler(sampling, len(logits))
    return [sampler.draw(logits, allowed) for _ in range(count)]


def test_greedy_takes_the_likeliest_allowed_token() -> None:
    assert set(drawn(Sampling())) == {0}
    assert set(drawn(Sampling(), allowed=torch.tensor([False, False, True, True]))) == {2}


def test_equal_seeds_draw_equal_tokens() -> None:
    assert drawn(Sampling(temperature=1.0, seed=5)) == drawn(Sampling(temperature=1.0, seed=5))
    assert drawn(Sampling(temperature=1.0, seed=5)) != drawn(Sampling(temperature=1.0, seed=6))
    assert drawn(Sampling(temperature=1.0, seed=-1)) == drawn(Sampling(temperature=1.0, seed=(1 << 63) - 1))


def test_temperature_gives_the_softmax() -> None:
    found = drawn(Sampling(temperature=2.0), 4000)
    expected = torch.softmax(LOGITS / 2, 0)
    for token in range(4):
        assert found.count(token) / 4000 == pytest.approx(float(expected[token]), abs=0.03)


def test_top_k_top_p_and_min_p_cut_the_tail() -> None:
    assert set(drawn(Sampling(temperature=5.0, top_k=2))) == {0, 1}
    assert set(drawn(Sampling(temperature=1.0, top_p=0.0))) == {0}
    # softmax is about .64 .24 .09 .03
    assert set(drawn(Sampling(temperature=1.0, top_p=0.7))) == {0, 1}
    assert set(drawn(Sampling(temperature=1.0, min_p=0.3))) == {0, 1}
    assert probabilities(LOGITS, Sampling(temperature=1.0, top_k=3, top_p=0.95, min_p=0.01)).sum() == pytest.approx(1)


def test_penalties_lower_what_was_there() -> None:
    counts, seen = torch.tensor([2.0, 1.0, 0.0, 0.0]), torch.tensor([True, True, False, True])
    after = penalize(LOGITS, counts, seen, Sampling(frequency_penalty=0.5, presence_penalty=0.25))
    assert after.tolist() == [2 - 1.25, 1 - 0.75, 0, -1]
    after = penalize(LOGITS, counts, seen, Sampling(repetition_penalty=2.0))
    assert after.tolist() == [1, 0.5, 0, -2]


def test_only_the_repetition_penalty_counts_the_prompt() -> None:
    assert Sampler(Sampling(repetition_penalty=3.0), 4, prompt=[0, 0]).draw(LOGITS, ALL) == 1
    assert Sampler(Sampling(presence_penalty=3.0), 4, prompt=[0, 0]).draw(LOGITS, ALL) == 0
    sampler = Sampler(Sampling(presence_penalty=1.5), 4)
    assert [sampler.draw(LOGITS, ALL) for _ in range(3)] == [0, 1, 0]


def test_a_bias_moves_a_token() -> None:
    assert Sampler(Sampling(), 4, bias={3: 5.0}).draw(LOGITS, ALL) == 3
    assert Sampler(Sampling(), 4, bias={0: -math.inf}).draw(LOGITS, ALL) == 1


def test_a_token_that_the_model_rules_out_is_drawn_if_it_alone_is_allowed() -> None:
    logits = torch.tensor([0.0, -math.inf])
    only = torch.tensor([False, True])
    assert Sampler(Sampling(), 2).draw(logits, only) == 1
    assert Sampler(Sampling(temperature=1.0), 2).draw(logits, only) == 1


@pytest.mark.parametrize("bad", [math.nan, math.inf])
def test_logits_that_are_no_numbers_are_an_error(bad: float) -> None:
    with pytest.raises(EngineError, match="not a number"):
        Sampler(Sampling(), 2).draw(torch.tensor([0.0, bad]), torch.ones(2, dtype=torch.bool))


@settings(deadline=None)
@given(
    logits=st.lists(st.floats(-50, 50), min_size=2, max_size=8),
    hidden=st.sets(st.integers(0, 6)),
    temperature=st.sampled_from([0.0, 0.01, 0.7, 1.0, 30.0]),
    top_k=st.integers(0, 9),
    top_p=st.floats(0, 1),
    min_p=st.floats(0, 1),
    penalty=st.sampled_from([0.0, 1.0, -2.0]),
    seed=st.integers(),
)
def test_an_allowed_token_is_drawn_whatever_the_options(
    logits: list[float],
    hidden: set[int],
    temperature: float,
    top_k: int,
    top_p: float,
    min_p: float,
    penalty: float,
    seed: int,
) -> None:
    allowed = torch.tensor([n not in hidden for n in range(len(logits))])
    allowed[-1] = True
    sampling = Sampling(temperature, top_p, top_k, min_p, penalty, penalty, 1.5, (), seed)
    assert all(allowed[token] for token in drawn(sampling, 5, torch.tensor(logits), allowed))


def test_the_point_never_falls_on_an_impossible_token() -> None:
    generator = torch.Generator().manual_seed(1)
    probs = torch.tensor([0.0, 1.0, 0.0], dtype=torch.float64)
    assert {draw(probs, generator) for _ in range(50)} == {1}
