"""The trainer of sglc-tiny: packed rows, the optimizer, the schedule, the loss curve and the evaluation's figures."""

from __future__ import annotations

import json
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path
from types import ModuleType
from typing import Any

import numpy as np
import pytest
import torch

from sglc.backend.engine.tiny import evaluate, files, plot, tables, train
from sglc.backend.engine.tiny.corpus.shards import Row
from sglc.backend.engine.tiny.evaluate import Line, by_kind, report
from sglc.backend.engine.tiny.optimizer import Optimizer
from sglc.backend.engine.tiny.packed import TOLD_WEIGHT, Batch, make_model, said_weights, weighted_loss
from sglc.backend.engine.tiny.plot import curve
from sglc.backend.engine.tiny.train import batches, rate

LENGTHS = (5, 1, 9, 3)
"""Conversations of the row; two more tokens fill it up."""


@pytest.fixture
def model(monkeypatch: pytest.MonkeyPatch) -> Any:
    monkeypatch.setattr(files, "HIDDEN", 16)
    monkeypatch.setattr(files, "HEADS", 2)
    monkeypatch.setattr(files, "KV_HEADS", 2)
    monkeypatch.setattr(files, "INNER", 24)
    monkeypatch.setattr(files, "LAYERS", 2)
    torch.manual_seed(3)
    return make_model(40, {"pad": 0, "begin": 1, "end": 2})


def row() -> Row:
    random = np.random.default_rng(5)
    ids = random.integers(3, 40, 20).astype(np.uint16)
    ids[18:] = 0
    return Row(ids, random.random(20) < 0.5, np.array([5, 6, 15, 18, 20], np.int32))


def test_dropout_is_for_training_alone(model: Any) -> None:
    ids, positions, _, _, ends = Batch(row(), documents=8).tensors
    with torch.no_grad():
        first, second = (
            model(input_ids=ids, position_ids=positions, ends=ends, use_cache=False).logits for _ in range(2)
        )
        model.eval()
        third, fourth = (
            model(input_ids=ids, position_ids=positions, ends=ends, use_cache=False).logits for _ in range(2)
        )
    assert not torch.equal(first, second)
    assert torch.equal(third, fourth)


def test_a_row_gives_what_its_conversations_give_alone(model: Any) -> None:
    batch = Batch(row(), documents=8)
    ids, positions, _, _, ends = batch.tensors
    model.eval()
    with torch.no_grad():
        together = model(input_ids=ids, position_ids=positions, ends=ends, use_cache=False).logits[0]
        start = 0
        for length in LENGTHS:
            one = ids[:, start : start + length]
            alone = model(
                input_ids=one, position_ids=torch.arange(length)[None], ends=torch.tensor([0, length]), use_cache=False
            ).logits[0]
            assert torch.allclose(alone, together[start : start + length], atol=1e-5)
            start += length


def test_no_conversation_predicts_the_next_one() -> None:
    source = row()
    _, positions, targets, weights, ends = Batch(source, documents=8).tensors
    said = said_weights(source.learn)
    assert positions[0].tolist() == [*range(5), 0, *range(9), *range(3), 0, 1]
    assert ends.tolist() == [0, 5, 6, 15, 18, 20, 20, 20, 20]
    for at in range(20):
        last = at + 1 in source.ends
        if last or source.ids[at + 1] == 0:
            assert weights[at] == 0
        else:
            assert targets[at] == source.ids[at + 1]
            assert weights[at] == pytest.approx(said[at + 1] if source.learn[at + 1] else TOLD_WEIGHT)


def test_short_replies_count_more() -> None:
    learn = np.zeros(80, np.bool_)
    learn[3] = learn[10:14] = learn[20:36] = learn[39:79] = True
    weights = said_weights(learn)
    assert weights[3] == pytest.approx(4.0)
    assert weights[10:14] == pytest.approx([2.0] * 4)
    assert weights[20:36] == pytest.approx([1.0] * 16)
    assert weights[39:79] == pytest.approx([1.0] * 40)
    assert not weights[~learn].any()
    assert not said_weights(np.zeros(5, np.bool_)).any()


def test_training_steps_learn_a_row(model: Any) -> None:
    optimizer = Optimizer(model, rate=0.02, matrix_rate=0.02)
    tensors = Batch(row(), documents=8).tensors
    losses = []
    for _ in range(60):
        loss, said = weighted_loss(model, *tensors)
        loss.backward()
        assert optimizer.gradients.abs().sum() > 0
        optimizer.step(1.0)
        assert not optimizer.gradients.any()
        losses.append(float(said.detach()))
    assert losses[-1] < losses[0] / 4
    assert optimizer.gradients.numel() == sum(p.numel() for p in model.parameters())


def test_a_share_of_nothing_changes_nothing(model: Any) -> None:
    before = [p.detach().clone() for p in model.parameters()]
    optimizer = Optimizer(model, rate=0.02, matrix_rate=0.02)
    weighted_loss(model, *Batch(row(), documents=8).tensors)[0].backward()
    optimizer.step(0.0)
    assert all(torch.equal(a, b) for a, b in zip(before, model.parameters(), strict=True))


def test_the_rate_rises_then_falls_to_a_hundredth() -> None:
    shares = [rate(n / 1000) for n in range(1001)]
    assert shares[0] == 0
    assert max(shares) == pytest.approx(1.0)
    assert shares.index(max(shares)) == 10
    assert shares[10:] == sorted(shares[10:], reverse=True)
    assert shares[-1] == pytest.approx(0.01)


def test_an_error_of_a_worker_reaches_the_training_step() -> None:
    def broken() -> Any:
        yield row()
        raise RuntimeError("a worker died")

    made = batches(broken(), 8, pinned=False)
    assert next(made).learn == int(row().learn.sum())
    with pytest.raises(RuntimeError, match="a worker died"):
        next(made)


def test_the_curve_is_a_picture_with_a_line_for_each_loss() -> None:
    lines = [{"tokens": n * 1e8, "loss": 3 / n, "said_loss": 2 / n} for n in range(1, 12)]
    lines[5]["held_out_loss"] = 0.5
    drawn = ElementTree.fromstring(curve(lines))
    assert len(drawn.findall("{http://www.w3.org/2000/svg}polyline")) == 3


def test_figures_by_kind() -> None:
    lines = [
        Line("a", "intent", "en", 1.0, 2.0),
        Line("b", "intent", "en", 0.5, 1.0),
        Line("c", "intent", "zh", 0.2, 1.0),
    ]
    assert by_kind(lines) == {"intent": {"en": 0.75, "zh": 0.2}}
    told = json.loads(report(lines, 20))
    assert told["kinds"] == by_kind(lines)
    assert [task["task"] for task in told["tasks"]] == ["a", "b", "c"]


@pytest.mark.parametrize(
    ("tool", "arguments", "message"),
    [
        (train, "OUT --resume nowhere", "--resume: there is no file nowhere"),
        (train, "OUT --tokenizer nowhere", "--tokenizer: there is no file nowhere"),
        (train, "OUT --processes 0", "--processes has to be at least 1"),
        (train, "OUT --batch 40", "--batch has to be at least"),
        (train, "OUT --minutes 0", "--minutes and --tokens have to be above 0"),
        (evaluate, "--tasks zzz", "no task has zzz in its name"),
        (evaluate, "--cases 0", "--cases and --workers have to be at least 1"),
        (evaluate, "--tasks city --write", "--write is for all tasks of the held-out side"),
        (evaluate, "--training --write", "--write is for all tasks of the held-out side"),
        (evaluate, "nowhere", "there is no folder nowhere"),
        (plot, "nowhere.jsonl out.svg", "there is no file nowhere.jsonl"),
        (tables, "nowhere.md", "nowhere.md: "),
    ],
)
def test_wrong_arguments_are_told_before_anything_happens(
    tool: ModuleType,
    arguments: str,
    message: str,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    capsys: pytest.CaptureFixture[str],
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sys, "argv", ["tool", *arguments.split()])
    with pytest.raises(SystemExit) as ended:
        tool.main()
    assert ended.value.code == 2
    assert message in capsys.readouterr().err
    assert not list(tmp_path.iterdir())
