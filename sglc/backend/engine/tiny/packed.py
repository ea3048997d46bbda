"""sglc-tiny while it is trained: a transformers Llama over ragged rows, and its loss."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import torch
import transformers
from numpy.typing import NDArray

from sglc.backend.engine.tiny.corpus.shards import LONGEST, Row
from sglc.backend.engine.tiny.files import config_of

TOLD_WEIGHT = 0.05
"""A token that is told counts so much of one that the model has to say."""


DROPOUT = 0.1
"""The share of what each block adds to the residual stream that is lost in training: the lists of sentences are finite,
and without it the model learns them by heart."""

_SHORT = 16
"""Replies of fewer tokens than that count more: a label of one token decides a case as a record of forty does."""


def said_weights(learn: NDArray[np.bool_]) -> NDArray[np.float32]:
    """[T] -> [T]: 0 for what is told, at least 1 for what is said: the root of 16 over the length of the reply."""
    edges = np.flatnonzero(np.diff(learn.astype(np.int8), prepend=0, append=0))
    lengths = edges[1::2] - edges[::2]
    weights = np.zeros(len(learn), np.float32)
    weights[learn] = np.repeat(np.sqrt(np.maximum(1.0, _SHORT / np.maximum(lengths, 1))), lengths)
    return weights


def packed_attention(
    module: torch.nn.Module, query: Any, key: Any, value: Any, mask: Any, **kwargs: Any
) -> tuple[Any, None]:
    """Causal attention inside each conversation. q: [1, H, T, D], k and v: [1, KV, T, D]; gives [1, T, H, D]."""
    ends, scale = kwargs["ends"], kwargs.get("scaling")
    q, k, v = (x[0].transpose(0, 1) for x in (query, key, value))
    if q.is_cuda:
        q, k, v = (x.to(torch.bfloat16) for x in (q, k, v))  # the rotation was in float32
        out = torch.ops.aten._flash_attention_forward(
            q, k, v, ends, ends, LONGEST, LONGEST, 0.0, True, False, scale=scale
        )[0]
        return out[None], None
    parts = []
    for start, end in zip(ends[:-1].tolist(), ends[1:].tolist(), strict=True):
        if start < end:
            one = (x[None, start:end].transpose(1, 2) for x in (q, k, v))
            part = torch.nn.functional.scaled_dot_product_attention(*one, is_causal=True, scale=scale, enable_gqa=True)
            parts.append(part.transpose(1, 2))
    return torch.cat(parts, dim=1), None


transformers.AttentionInterface.register("packed", packed_attention)
transformers.AttentionMaskInterface.register("packed", lambda *args, **kwargs: None)


def make_model(vocabulary: int, special: dict[str, int]) -> Any:
    """A Llama with random weights, on the CPU."""
    config = transformers.LlamaConfig(**config_of(vocabulary, special), attn_implementation="packed")
    model = transformers.LlamaForCausalLM(config)
    spread = 0.02
    for name, weight in model.named_parameters():
        if name.endswith(("o_proj.weight", "down_proj.weight")):
            torch.nn.init.normal_(weight, std=spread / math.sqrt(2 * config.num_hidden_layers))
        elif weight.dim() > 1:
            torch.nn.init.normal_(weight, std=spread)
    for name, module in model.named_modules():
        if name.endswith(("o_proj", "down_proj", "embed_tokens")):
            module.register_forward_hook(_dropped)
    return model


def _dropped(module: torch.nn.Module, _: Any, output: torch.Tensor) -> torch.Tensor:
    return torch.nn.functional.dropout(output, DROPOUT, module.training)


class Batch:
    """A row as tensors on the CPU: ids and positions [1, T], targets [T] and their weights, ends [D + 1]."""

    def __init__(self, row: Row, documents: int) -> None:
        """`documents`: the most that a row can have; every row has as many ends, so that shapes never change."""
        tokens = len(row.ids)
        ids = torch.from_numpy(row.ids.astype("int64"))
        inner = torch.from_numpy(row.ends[:-1].astype("int64"))
        ends = torch.full((documents + 1,), tokens, dtype=torch.int32)
        ends[0] = 0
        ends[1 : len(row.ends) + 1] = torch.from_numpy(row.ends)
        starts = torch.zeros(tokens, dtype=torch.int64)
        starts[inner] = inner
        positions = torch.arange(tokens) - torch.cummax(starts, 0).values
        weights = torch.from_numpy(said_weights(row.learn)).clamp(min=TOLD_WEIGHT)
        weights[ids == 0] = 0.0
        targets, weights = ids.roll(-1), weights.roll(-1)
        weights[torch.from_numpy(row.ends.astype("int64")) - 1] = 0.0
        self.learn = int(row.learn.sum())
        self.tensors = (ids[None], positions[None], targets, weights, ends)

    def pinned(self) -> Batch:
        """Copies to a GPU from pinned memory wait for nothing."""
        self.tensors = tuple(tensor.pin_memory() for tensor in self.tensors)
        return self

    def on(self, device: Any) -> list[torch.Tensor]:
        return [tensor.to(device, non_blocking=True) for tensor in self.tensors]


def weighted_loss(model: Any, ids: Any, positions: Any, targets: Any, weights: Any, ends: Any) -> tuple[Any, Any]:
    """Weighted mean cross-entropy, and that of the tokens to be said alone."""
    logits = model(input_ids=ids, position_ids=positions, ends=ends, use_cache=False).logits[0]
    losses = torch.nn.functional.cross_entropy(logits.float(), targets, reduction="none")
    said = weights >= 1.0
    return (losses * weights).sum() / weights.sum(), (losses * said).sum() / said.sum().clamp(min=1)
