"""Text <-> ids: exact for any text, control tokens never from text, characters never split."""

from __future__ import annotations

import json
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
from engine_samples import CONTROL, byte_level_spec, sentencepiece_spec, spec_of, tiny_tokenizer
from hypothesis import given, settings
from hypothesis import strategies as st
from tokenizers import AddedToken, decoders, models, normalizers, pre_tokenizers
from tokenizers import Tokenizer as RawTokenizer

from sglc.backend.engine.interface import EngineError
from sglc.backend.engine.tokenizer import TextStream, Tokenizer


def unigram_spec() -> dict[str, Any]:
    """A Unigram tokenizer whose vocabulary lists its control tokens among the pieces, with the best scores."""
    pieces = [("<unk>", 0.0), ("<s>", 0.0), ("</s>", 0.0), *((f"<0x{b:02X}>", -9.0) for b in range(256))]
    pieces += [(c, -3.0) for c in "▁abcdehinorst<>/"]
    tokenizer = RawTokenizer(models.Unigram(pieces, unk_id=0, byte_fallback=True))
    tokenizer.normalizer = normalizers.NFKC()
    tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="always")
    tokenizer.decoder = decoders.Sequence([decoders.ByteFallback(), decoders.Metaspace()])
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in ("<unk>", "<s>", "</s>")])
    return spec_of(tokenizer)


KINDS = {
    "byte level": Tokenizer(byte_level_spec()),
    "metaspace": Tokenizer(sentencepiece_spec()),
    "legacy": Tokenizer(sentencepiece_spec(legacy=True)),
    "unigram": Tokenizer(unigram_spec()),
    "tiny": tiny_tokenizer(),
}
MARKS = [*CONTROL, "<s>", "</s>", "<unk>", "<|end|>", "<|user|>"]
TEXTS = st.lists(st.one_of(st.text(), st.sampled_from([*MARKS, " ", "\n", "the ", "▁", "e\u0301"]))).map("".join)


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None)
@given(text=TEXTS)
def test_encoding_is_exact_and_free_of_control_tokens(kind: str, text: str) -> None:
    tokenizer = KINDS[kind]
    ids = tokenizer.encode(text)
    assert tokenizer.decode(ids) == text.encode()
    assert not set(tokenizer.control.values()) & set(ids)


@pytest.mark.parametrize("kind", KINDS)
@settings(deadline=None)
@given(raw=st.binary(max_size=20))
def test_bytes_that_are_no_text_are_spelled_exactly(kind: str, raw: bytes) -> None:
    assert KINDS[kind].decode(KINDS[kind].encode_bytes(raw)) == raw


def test_text_is_not_given_a_leading_blank() -> None:
    for kind in ("metaspace", "legacy", "unigram"):
        assert KINDS[kind].decode(KINDS[kind].encode("the")) == b"the"
        assert KINDS[kind].tokens[KINDS[kind].encode(" the")[0]].startswith(b" ")


def test_control_text_is_encoded_with_control_tokens() -> None:
    tokenizer = KINDS["byte level"]
    ids = tokenizer.encode_control("<|im_end|>\n<|im_start|>user\n")
    assert ids[0] == tokenizer.control["<|im_end|>"]
    assert tokenizer.control["<|im_start|>"] in ids
    assert tokenizer.spell_out(ids) == "<|im_end|>\n<|im_start|>user\n"
    assert tokenizer.encode_control("\n\nUser:") == tokenizer.encode("\n\nUser:")


def test_control_tokens_may_swallow_blanks_as_their_tokenizer_says() -> None:
    spec = byte_level_spec([])
    raw = RawTokenizer.from_str(json.dumps(spec))
    raw.add_tokens([AddedToken("<|user|>", special=True, rstrip=True)])
    tokenizer = Tokenizer(spec_of(raw))
    assert tokenizer.encode_control("<|user|>\n") == (tokenizer.control["<|user|>"],)


def test_reasoning_marks_and_tool_marks_are_read_as_text_but_never_written_from_text() -> None:
    raw = RawTokenizer.from_str(json.dumps(byte_level_spec(["<|im_end|>", "<think>", "</think>"])))
    raw.add_tokens([AddedToken("<tool_call>", special=False), AddedToken("    ", special=False, normalized=False)])
    tokenizer = Tokenizer(spec_of(raw))
    assert tokenizer.tokens[tokenizer.control["<think>"]] == b"<think>"
    assert tokenizer.tokens[tokenizer.control["<tool_call>"]] == b"<tool_call>"
    for mark in ("<think>", "<tool_call>"):
        assert tokenizer.control[mark] not in tokenizer.encode(f"a{mark}b")
    assert "    " not in tokenizer.control


def test_beginning_and_end_come_from_the_files(tmp_path: Path) -> None:
    (tmp_path / "tokenizer.json").write_text(json.dumps(byte_level_spec()))
    (tmp_path / "tokenizer_config.json").write_text(
        json.dumps({"bos_token": {"content": "<|im_start|>"}, "eos_token": "<|im_end|>", "add_bos_token": True})
    )
    (tmp_path / "generation_config.json").write_text(json.dumps({"eos_token_id": [320, 322]}))
    tokenizer = Tokenizer.load(tmp_path)
    assert tokenizer.bos_ids == (tokenizer.control["<|im_start|>"],)
    assert tokenizer.end_ids == (320, 322, tokenizer.control["<|im_end|>"])
    assert tokenizer.names == {"bos_token": "<|im_start|>", "eos_token": "<|im_end|>"}
    assert tiny_tokenizer().bos_ids == (tiny_tokenizer().control["<|begin|>"],)


def test_the_hash_names_the_tokenizer() -> None:
    assert Tokenizer(byte_level_spec()).hash == KINDS["byte level"].hash
    assert Tokenizer(byte_level_spec(vocabulary=300)).hash != KINDS["byte level"].hash


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (None, "has no tokenizer.json"),
        ("{", "not valid JSON"),
        ("[]", "expected a JSON object"),
        ('{"model": {"type": "Martian"}}', "not a tokenizer"),
        (json.dumps(spec_of(RawTokenizer(models.WordLevel({"a": 0}, unk_token="a")))), "neither a byte-level nor"),
    ],
)
def test_a_bad_tokenizer_is_named(tmp_path: Path, content: str | None, message: str) -> None:
    if content is not None:
        (tmp_path / "tokenizer.json").write_text(content)
    with pytest.raises(EngineError, match=message) as caught:
        Tokenizer.load(tmp_path)
    assert caught.value.kind == "bad_model"


@settings(deadline=None)
@given(text=st.text(), cuts=st.lists(st.integers(0, 40)))
def test_a_stream_never_splits_a_character(text: str, cuts: list[int]) -> None:
    raw, stream = text.encode(), TextStream()
    bounds = [0, *sorted(min(c, len(raw)) for c in cuts), len(raw)]
    assert "".join(stream.push(raw[a:b]) for a, b in pairwise(bounds)) == text
