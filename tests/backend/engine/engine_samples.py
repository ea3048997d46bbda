"""Small things that the engine's tests share: constraints, tokenizers, model folders."""

from __future__ import annotations

import functools
import json
from pathlib import Path
from typing import Any

from tokenizers import AddedToken, Tokenizer, decoders, models, normalizers, pre_tokenizers, trainers

from sglc.backend.engine.load import tiny_folder
from sglc.backend.engine.tokenizer import Tokenizer as OurTokenizer
from sglc.ir.types import RegexType
from sglc.passes.constraints.dfa import Dfa
from sglc.passes.constraints.lower_type import build_dfa

CORPUS = [
    "Where is my order? It is late.",
    'The answer: {"name": "Ada"}, 42 and 7.',
    "今天天气很好。",
    "Tips for a trip to Paris.",
]
CONTROL = ["<|im_start|>", "<|im_end|>", "<|endoftext|>"]


@functools.cache
def regex(pattern: str) -> Dfa:
    return build_dfa(RegexType(pattern), {})


def byte_level_spec(control: list[str] | None = None, vocabulary: int = 320) -> dict[str, Any]:
    """tokenizer.json of a byte-level BPE trained on a few sentences."""
    tokenizer = Tokenizer(models.BPE())
    tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
    tokenizer.decoder = decoders.ByteLevel()
    trainer = trainers.BpeTrainer(
        vocab_size=vocabulary, initial_alphabet=sorted(pre_tokenizers.ByteLevel.alphabet()), show_progress=False
    )
    tokenizer.train_from_iterator(CORPUS * 5, trainer)
    tokenizer.add_tokens([AddedToken(text, special=True) for text in (CONTROL if control is None else control)])
    return spec_of(tokenizer)


def sentencepiece_spec(legacy: bool = False) -> dict[str, Any]:
    """tokenizer.json as converted from SentencePiece: metaspace, byte fallback, a blank put before the text."""
    pieces = [
        "<unk>",
        "<s>",
        "</s>",
        *(f"<0x{b:02X}>" for b in range(256)),
        *"▁abcdehilnorstuwy.,:?",
        "▁t",
        "he",
        "▁the",
        "in",
    ]
    merges = [("▁", "t"), ("h", "e"), ("▁t", "he"), ("i", "n")]
    tokenizer = Tokenizer(
        models.BPE({p: n for n, p in enumerate(pieces)}, merges, byte_fallback=True, unk_token="<unk>", fuse_unk=True)
    )
    if legacy:
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
    else:
        tokenizer.pre_tokenizer = pre_tokenizers.Metaspace(prepend_scheme="first", split=False)
    tokenizer.decoder = decoders.Sequence(
        [decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)]
    )
    tokenizer.add_special_tokens([AddedToken(t, special=True, normalized=False) for t in ("<unk>", "<s>", "</s>")])
    return spec_of(tokenizer)


def spec_of(tokenizer: Tokenizer) -> dict[str, Any]:
    spec: dict[str, Any] = json.loads(tokenizer.to_str())
    return spec


@functools.cache
def tiny_tokenizer() -> OurTokenizer:
    return OurTokenizer.load(tiny_folder())


def save_model(
    folder: Path, kind: str = "llama", template: str | None = None, shards: bool = False, **sizes: Any
) -> Path:
    """A random checkpoint of one of transformers' architectures, with a byte-level tokenizer."""
    import torch
    import transformers

    spec = byte_level_spec()
    settings: dict[str, Any] = {"vocab_size": 1 + max(t["id"] for t in spec["added_tokens"])}
    settings |= {"hidden_size": 32, "num_hidden_layers": 2, "num_attention_heads": 4, "num_key_value_heads": 2}
    settings |= {"intermediate_size": 48, "max_position_embeddings": 256, "bos_token_id": None, "eos_token_id": 322}
    torch.manual_seed(7)
    config = transformers.AutoConfig.for_model(kind, **(settings | sizes))
    model = transformers.AutoModelForCausalLM.from_config(config)
    for parameter in model.parameters():
        # transformers starts with weights so small that all logits are nearly equal.
        torch.nn.init.normal_(parameter, std=0.3)
    model.save_pretrained(folder, **({"max_shard_size": "20KB"} if shards else {}))
    (folder / "tokenizer.json").write_text(json.dumps(spec))
    config_json = {"eos_token": "<|endoftext|>"} | ({"chat_template": template} if template else {})
    (folder / "tokenizer_config.json").write_text(json.dumps(config_json))
    return folder
