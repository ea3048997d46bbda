"""Recording a run and replaying it without an engine."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import pytest
from builders import Bench

from sglc.backend.caller import EngineCaller
from sglc.backend.engine.echo import Reply
from sglc.backend.errors import RunError
from sglc.backend.replay import Recorder, Replayer, ReplayError, load_recording
from sglc.backend.runtime import Program

SOURCE = """
func @f(%q: str, %xs: list[str]) -> json {{
  %c0 = context
  %c1 = append %c0, role user ["{ask}", %q]
  %c2 = append %c1, role assistant []
  %why: str = const "more"
  %c3, %a: str = attempt %c4 = %c2 retries 1 {{
    %c5, %a1 = gen %c4 as a : str
    %ok: bool = apply str.isdigit(%a1)
    check %ok, %why, %c5, %a1
  }}
  %out = map %x in %xs as out captures %c3 {{
    %c6, %tip = gen %c3 : str
    yield %tip
  }}
  %c7, %best, %all = select %c3, %xs by likelihood as best {{ scores = true }}
  %n = tokens %best
  %r: json = apply list(%a, %out, %best, %all, %n)
  return %r
}}
"""
XS = [f"x{n}" for n in range(12)]


def recorded(path: Path, ask: str = "Q: ") -> Any:
    replies = {f"out[{n}].tip": Reply(f"tip {n}", delay=0.001 * (n % 3)) for n in range(12)}
    bench = Bench(SOURCE.format(ask=ask), {"a": ["no", "7"], "best": "x2", **replies})
    recorder = Recorder(EngineCaller())
    value = bench.run("f", "what?", XS, caller=recorder)
    recorder.save(path)
    return value


def replay(path: Path, ask: str = "Q: ", q: str = "what?", xs: list[str] | None = None) -> Any:
    bench = Bench(SOURCE.format(ask=ask))
    program = Program(bench.plan, {}, bench.tools)
    replayer = Replayer(load_recording(path))
    value = asyncio.run(program.run("f", {"q": q, "xs": xs or XS}, caller=replayer, on_event=bench.events.append))
    assert replayer.unused == []
    return value, bench


def test_a_replay_gives_what_was_recorded_without_an_engine(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    value = recorded(path)
    again, bench = replay(path)
    assert again == value
    assert bench.story[:4] == ["a:no", "a!", "a:7", "a=7"]


def test_equal_runs_give_equal_files_in_the_order_of_paths(tmp_path: Path) -> None:
    one, two = tmp_path / "1.jsonl", tmp_path / "2.jsonl"
    recorded(one)
    recorded(two)
    assert one.read_bytes() == two.read_bytes()
    paths = [record.path for record in load_recording(one)]
    assert paths == ["", "a", "a", "best", *(f"out[{n}].tip" for n in range(12))]


def test_a_changed_prompt_is_named(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    recorded(path)
    with pytest.raises(RunError) as caught:
        replay(path, q="why?")
    error = caught.value
    assert error.kind == "engine"
    assert error.message == "the prompt of `a` is not the recorded one: message 1 (user) now reads 'Q: why?'"
    assert error.hint == "the program or its arguments changed; record it again"


def test_what_was_not_recorded_is_named(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    recorded(path)
    with pytest.raises(RunError, match=r"the recording has no reply for `out\[12\].tip`"):
        replay(path, xs=[*XS, "one more"])


def test_other_choices_are_named(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    recorded(path)
    with pytest.raises(RunError, match="the recording of `best` chose among other choices"):
        replay(path, xs=[*XS[:2], "other", *XS[3:]])


def test_what_was_not_asked_for_is_known(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    recorded(path)
    replayer = Replayer(load_recording(path))
    assert len(replayer.unused) == 15


def test_bad_files_are_refused_by_line(tmp_path: Path) -> None:
    path = tmp_path / "r.jsonl"
    path.write_text('{"path":"a","kind":"gen","prompt_sha":"x","reply":"y"}\n\nnot json\n')
    with pytest.raises(ReplayError, match=r"r\.jsonl:3 is no recorded reply"):
        load_recording(path)
    with pytest.raises(ReplayError, match="no such file"):
        load_recording(tmp_path / "none")
    with pytest.raises(FileNotFoundError):
        Recorder(EngineCaller()).save(tmp_path / "none" / "r.jsonl")
