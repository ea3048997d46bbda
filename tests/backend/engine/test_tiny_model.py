"""The embedded model: small, in transformers' format, and usable as it is."""

from __future__ import annotations

import asyncio
from pathlib import Path

import pytest
from engine_samples import regex, tiny_tokenizer

from sglc.backend.engine.chat_template import load_format
from sglc.backend.engine.echo import EchoEngine
from sglc.backend.engine.interface import EngineConfig, EngineError, GenRequest, Segment
from sglc.backend.engine.load import list_embedded, make_engine, tiny_folder

FILES = ("config.json", "generation_config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json")


def test_it_is_small_and_can_write_every_byte() -> None:
    assert sum((tiny_folder() / name).stat().st_size for name in FILES) <= 25_000_000
    assert {bytes([b]) for b in range(256)} <= set(tiny_tokenizer().tokens)


def test_its_files_are_what_the_trainer_writes(tmp_path: Path) -> None:
    from tokenizers import Tokenizer

    from sglc.backend.engine.tiny.files import special_ids, write_folder
    from sglc.backend.engine.tiny.packed import make_model

    tokenizer = Tokenizer.from_file(str(tiny_folder() / "tokenizer.json"))
    write_folder(tmp_path, make_model(tokenizer.get_vocab_size(), special_ids(tokenizer)), tokenizer)
    for name in FILES:
        made, shipped = (tmp_path / name).read_bytes(), (tiny_folder() / name).read_bytes()
        if name == "model.safetensors":
            assert len(made) == len(shipped)
        else:
            assert made == shipped, name


def test_transformers_alone_loads_it() -> None:
    import transformers

    model = transformers.AutoModelForCausalLM.from_pretrained(str(tiny_folder()))
    tokenizer = transformers.AutoTokenizer.from_pretrained(str(tiny_folder()))
    messages = [{"role": "user", "content": "Where is A1?"}, {"role": "tool", "content": "Oslo \u00e9\u4e2d"}]
    ids = tokenizer.apply_chat_template(messages, add_generation_prompt=True, return_tensors="pt", return_dict=True)
    text = tokenizer.decode(ids["input_ids"][0])
    assert text == "<|begin|><|user|>\nWhere is A1?<|end|>\n<|tool|>\nOslo \u00e9\u4e2d<|end|>\n<|assistant|>\n"
    assert model(**ids).logits.isfinite().all()


def test_its_template_has_all_roles_and_no_surprises() -> None:
    chat = load_format(tiny_folder(), tiny_tokenizer())
    assert chat.notes == ()
    assert chat.opening("assistant", "tool").text == "<|end|>\n<|tool|>\n"
    assert chat.end_ids == (tiny_tokenizer().control["<|end|>"],)


def test_it_answers_with_the_right_type_and_says_what_it_is() -> None:
    async def ask() -> None:
        engine = make_engine(EngineConfig("sglc-tiny"))
        await engine.start()
        assert "demonstration model" in engine.info.notes[0]
        assert engine.info.context_length == 4096
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
