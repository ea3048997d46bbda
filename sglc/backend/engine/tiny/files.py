"""The files of sglc-tiny in transformers' format."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import torch
from safetensors.torch import save
from tokenizers import Tokenizer, processors

CONTEXT = 4096
HIDDEN, LAYERS, HEADS, KV_HEADS, INNER = 320, 10, 5, 5, 640
TEMPLATE = (
    "{{ '<|begin|>' }}{% for message in messages %}"
    "{{ '<|' + message['role'] + '|>\n' + message['content'] + '<|end|>\n' }}"
    "{% endfor %}{% if add_generation_prompt %}{{ '<|assistant|>\n' }}{% endif %}"
)


def config_of(vocabulary: int, special: dict[str, int]) -> dict[str, Any]:
    """config.json without what transformers adds."""
    return {
        "hidden_size": HIDDEN,
        "intermediate_size": INNER,
        "num_hidden_layers": LAYERS,
        "num_attention_heads": HEADS,
        "num_key_value_heads": KV_HEADS,
        "head_dim": HIDDEN // HEADS,
        "hidden_act": "silu",
        "max_position_embeddings": CONTEXT,
        "rms_norm_eps": 1e-5,
        "rope_theta": 10000.0,
        "tie_word_embeddings": True,
        "vocab_size": vocabulary,
        "bos_token_id": special["begin"],
        "eos_token_id": special["end"],
        "pad_token_id": special["pad"],
    }


def special_ids(tokenizer: Tokenizer) -> dict[str, int]:
    """The ids of the control tokens pad, begin and end."""
    found = {name: tokenizer.token_to_id(f"<|{name}|>") for name in ("pad", "begin", "end")}
    return {name: id_ for name, id_ in found.items() if id_ is not None}


def write_folder(folder: Path, model: Any, tokenizer: Tokenizer) -> None:
    """Weights in bfloat16, tokenizer and settings."""
    special = special_ids(tokenizer)
    config = {"architectures": ["LlamaForCausalLM"], "model_type": "llama", "dtype": "bfloat16"}
    config |= config_of(tokenizer.get_vocab_size(), special)
    ids = {key: config[key] for key in ("bos_token_id", "eos_token_id", "pad_token_id")}
    tokenizer_config = {
        "tokenizer_class": "PreTrainedTokenizerFast",
        "bos_token": "<|begin|>",
        "eos_token": "<|end|>",
        "pad_token": "<|pad|>",
        "model_max_length": CONTEXT,
        "clean_up_tokenization_spaces": False,
        "chat_template": TEMPLATE,
    }
    weights = {
        name: weight.detach().to("cpu", torch.bfloat16).contiguous()
        for name, weight in model.state_dict().items()
        if name != "lm_head.weight"  # it is the embedding
    }
    tokenizer.post_processor = processors.TemplateProcessing(
        single="<|begin|> $A", special_tokens=[("<|begin|>", special["begin"])]
    )
    tokenizer.save(str(folder / "tokenizer.json"), pretty=False)
    (folder / "model.safetensors").write_bytes(save(weights, metadata={"format": "pt"}))
    settings = {"config.json": config, "tokenizer_config.json": tokenizer_config, "generation_config.json": ids}
    for name, content in settings.items():
        (folder / name).write_text(json.dumps(content, indent=2, sort_keys=True) + "\n", encoding="utf-8")
