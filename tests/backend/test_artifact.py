"""Artifacts: round trip, equal bytes, and a clear refusal of everything else."""

from __future__ import annotations

import hashlib
import struct
from pathlib import Path
from typing import Any

import msgspec
import pytest
from builders import TOOLS, Bench, plan_of
from graph_strategy import graphs
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sglc import __version__
from sglc.backend import artifact
from sglc.backend.artifact import FORMAT, Artifact, ArtifactError, TokenSection, from_bytes, load, to_bytes
from sglc.backend.engine.echo import EchoEngine
from sglc.backend.engine.interface import ModelInfo
from sglc.backend.planner import plan_graph
from sglc.ir.graph import Graph

SOURCE = (
    TOOLS
    + """
model judge "judges/one" date "2026-01-31"
entry f

func @f(%xs: list[str], %n: int(min=1) = 3 "how many") -> list[str] "does it" {
  %c0 = context
  %c1 = append %c0, role user ["Hello"] at "f.sgl":2:5
  %out = map %x in %xs as out captures %c1 {
    %c2, %a = gen %c1 : int(min=1, max=10) { max_tokens = 4 }
    %t: str = tool @look(%x)
    yield %t
  }
  return %out
}
"""
)


def problem(content: bytes) -> str:
    with pytest.raises(ArtifactError) as caught:
        from_bytes(content, "x.sglx")
    return f"{caught.value.kind}: {caught.value.message}"


def test_a_file_gives_back_the_plan(tmp_path: Path) -> None:
    plan = plan_of(SOURCE)
    path = tmp_path / "f.sglx"
    path.write_bytes(to_bytes(plan))
    assert load(path) == Artifact(plan)


def test_a_loaded_plan_runs() -> None:
    bench = Bench(SOURCE.removeprefix(TOOLS), look=lambda what: f"<{what}>")
    bench.program.__init__(from_bytes(to_bytes(bench.plan)).plan, {"": bench.engine}, bench.tools)  # type: ignore[misc]
    assert bench.run("f", ["a", "b"]) == ["<a>", "<b>"]


@settings(max_examples=40, deadline=None, suppress_health_check=list(HealthCheck))
@given(graphs())
def test_every_plan_survives(graph: Graph) -> None:
    plan = plan_graph(graph)
    content = to_bytes(plan)
    assert from_bytes(content).plan == plan
    assert to_bytes(plan_graph(graph)) == content


def test_foreign_files_are_refused() -> None:
    for content in (b"", b"SGLX", b"\x7fELF" * 10, b'def f():\n    "hello"\n', b"PK\x03\x04" + bytes(100)):
        assert problem(content).startswith("foreign: x.sglx is no sglc artifact")


def test_other_versions_are_refused() -> None:
    content = bytearray(to_bytes(plan_of(SOURCE)))
    struct.pack_into(">H", content, 8, FORMAT + 1)
    assert problem(bytes(content)).startswith(f"version: x.sglx was made by sglc {__version__} (format 2)")
    assert problem(bytes(content).replace(__version__.encode(), b"0.1.\x1b", 1)).startswith("damaged")
    older = to_bytes(plan_of(SOURCE)).replace(__version__.encode(), b"0.0.7", 1)
    assert "was made by sglc 0.0.7" in problem(older)


@settings(max_examples=200, deadline=None)
@given(st.data())
def test_damage_anywhere_is_found(data: st.DataObject) -> None:
    content = bytearray(CONTENT)
    place = data.draw(st.integers(0, len(content) - 1))
    content[place] ^= data.draw(st.integers(1, 255))
    with pytest.raises(ArtifactError):
        from_bytes(bytes(content))


@settings(max_examples=100, deadline=None)
@given(st.integers(0, 2_000))
def test_a_cut_file_is_refused(length: int) -> None:
    with pytest.raises(ArtifactError):
        from_bytes(CONTENT[: min(length, len(CONTENT) - 1)])


def test_text_behind_the_end_is_refused() -> None:
    assert problem(CONTENT + b"x").startswith("damaged")


CONTENT = to_bytes(plan_of(SOURCE))


def sealed(body: bytes) -> bytes:
    """A file whose checksum fits whatever it holds."""
    version = __version__.encode()
    head = artifact.MAGIC + struct.pack(">HB", FORMAT, len(version)) + version
    return head + hashlib.sha256(body).digest() + struct.pack(">Q", len(body)) + body


def change(value: Any, path: list[Any], new: Any) -> None:
    *way, last = path
    for key in way:
        value = value[key]
    value[last] = new


@pytest.mark.parametrize(
    ("path", "new", "message"),
    [
        (["plan", "functions", 0, "body", "end", "refs"], [999], "slot 999"),
        (["plan", "functions", 0, "body", "end", "refs"], [-999], "constant 998"),
        (["plan", "functions", 0, "body", "steps", 1, "at"], 77, "location 77"),
        (["plan", "functions", 0, "body", "steps", 1, "parts"], [4], "inserts a value"),
        (["plan", "functions", 0, "body", "steps", 2, "branch", "steps", 0, "constraint"], 5, "constraint is number 5"),
        (["plan", "functions", 0, "body", "steps", 2, "branch", "steps", 1, "tool"], "rm", "uses `rm`"),
        (["plan", "functions", 0, "body", "steps", 2, "branch", "params"], [], "binds other values"),
        (["plan", "functions", 0, "body", "steps", 2, "k"], "exec", "Invalid value"),
        (["plan", "functions", 0, "surprise"], 1, "unknown field"),
        (["plan", "dfas", 0, "size"], 9_999, "no automaton"),
        (["plan"], [], "Expected `object`"),
        (["plan", "constants"], [{"json": "x", "type": 0}], "constant 0 is no value of its type"),
        (["plan", "tools", 0, "impl", "target"], "tools", "tool `look`"),
        (["plan", "functions", 0, "body", "steps", 0, "refs"], [0], "step 0 takes 1 values and gives 1"),
        (["plan", "functions", 0, "body", "steps", 1, "out"], [], "step 1 takes 1 values and gives 0"),
        (["plan", "functions", 0, "body", "steps", 1, "dies"], [0, 0], "drops a value twice"),
    ],
)  # fmt: skip
def test_a_made_up_plan_is_refused(path: list[Any], new: Any, message: str) -> None:
    body = msgspec.msgpack.decode(msgspec.msgpack.encode(Artifact(plan_of(SOURCE))))
    change(body, path, new)
    assert message in problem(sealed(msgspec.msgpack.encode(body)))


@settings(max_examples=100, deadline=None)
@given(st.binary(max_size=300))
def test_any_bytes_in_a_valid_frame_are_refused(body: bytes) -> None:
    with pytest.raises(ArtifactError):
        from_bytes(sealed(body))


def test_deep_nesting_is_refused() -> None:
    body = b"\x81\xa4plan" + b"\x91" * 1_000_000
    assert problem(sealed(body)).startswith("damaged")


# --- files -----------------------------------------------------------------------------------------------------------


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    with pytest.raises(ArtifactError, match="no such file"):
        load(tmp_path / "none.sglx")
    with pytest.raises(ArtifactError, match="is a directory"):
        load(tmp_path)


# --- token ids -------------------------------------------------------------------------------------------------------


def engine(tokenizer_hash: str) -> EchoEngine:
    made = EchoEngine()
    made.info = ModelInfo("echo", 1000, tokenizer_hash=tokenizer_hash)
    return made


def test_token_ids_are_used_with_their_own_tokenizer_only() -> None:
    plan = plan_of(SOURCE)
    section = artifact.token_section(plan, "", "hash", lambda text: list(text.encode()))
    assert section == TokenSection("", "hash", (("Hello", tuple(b"Hello")),))
    loaded = from_bytes(to_bytes(plan, [section]))
    assert loaded.tokens_for({"": engine("hash")}) == ({"": {"Hello": tuple(b"Hello")}}, [])
    usable, notes = loaded.tokens_for({"": engine("another")})
    assert usable == {}
    assert notes == ["compiled for another tokenizer than that of the default model: its token ids are not used"]
