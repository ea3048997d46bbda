"""The embedded model: made from its script byte for byte, and usable as it is."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from engine_samples import regex, tiny_tokenizer

from sglc.backend.engine.chat_template import load_format
from sglc.backend.engine.echo import EchoEngine
from sglc.backend.engine.interface import EngineConfig, EngineError, GenRequest, Segment
from sglc.backend.engine.load import list_embedded, make_engine, tiny_folder

MADE = ("config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")


def test_the_script_makes_the_same_bytes_again(tmp_path: Path) -> None:
    from sglc.backend.engine.tiny.make_random import write_model

    write_model(tmp_path)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(MADE)
    for name in MADE:
        assert (tmp_path / name).read_bytes() == (tiny_folder() / name).read_bytes(), name


def test_it_is_small_and_can_write_every_byte() -> None:
    assert (tiny_folder() / "model.safetensors").stat().st_size < 2_000_000
    assert {bytes([b]) for b in range(256)} <= set(tiny_tokenizer().tokens)


def test_its_template_has_all_roles_and_no_surprises() -> None:
    chat = load_format(tiny_folder(), tiny_tokenizer())
    assert chat.notes == ()
    assert chat.opening("assistant", "tool").text == "<|end|>\n<|tool|>\n"
    assert chat.end_ids == (tiny_tokenizer().control["<|end|>"],)


def test_it_answers_with_the_right_type_and_says_what_it_is() -> None:
    async def ask() -> None:
        engine = make_engine(EngineConfig("sglc-tiny"))
        await engine.start()
        assert "random weights" in engine.info.notes[0]
        assert engine.info.context_length == 8192
        context = engine.append(engine.context(), [Segment("How many?", "user"), Segment("", "assistant")])
        typed = await engine.gen(context, GenRequest(constraint=regex("[0-9]{1,3} (parcels|orders)"), max_tokens=12))
        assert regex("[0-9]{1,3} (parcels|orders)").matches(typed.text.encode())
        await engine.close()

    asyncio.run(ask())


def test_engines_by_name(tmp_path: Path) -> None:
    assert list_embedded() == ("sglc-tiny", "echo")
    assert isinstance(make_engine(EngineConfig("echo")), EchoEngine)
    assert make_engine(EngineConfig(str(tmp_path))).info.name == str(tmp_path)
    with pytest.raises(EngineError, match="does not exist"):
        asyncio.run(make_engine(EngineConfig(str(tmp_path / "none"))).start())
