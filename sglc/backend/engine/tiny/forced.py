"""How often a model says exactly what the teacher says, on the held-out side: greedy replies without drawing them.

If every token of a reply is the likeliest one after the teacher's tokens before it, greedy decoding gives that reply.
So one pass over the conversation tells; thousands of them take seconds on a GPU.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import torch

from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.shards import LONGEST
from sglc.backend.engine.tiny.corpus.talk import Task, talks_of
from sglc.backend.engine.tiny.corpus.tokens import Encoder


def exact_shares(
    model: Any, encoder: Encoder, tasks: Sequence[Task], count: int, *, held_out: bool = True, device: str = "cpu"
) -> dict[str, float]:
    """Share of `count` cases of each task in which every reply of every conversation is exactly the teacher's."""
    shares: dict[str, float] = {}
    for task in tasks:
        right = 0
        for seed in range(count):
            talks = talks_of(task.make(Draw(f"forced/{task.name}/{seed}", held_out=held_out)))
            encoded = [encoder.encode(talk) for talk in talks]
            right += all(_is_exact(model, ids, learn, device) for ids, learn in encoded if len(ids) <= LONGEST)
        shares[task.name] = right / count
        print(f"{task.name:30} {right / count:7.1%}", flush=True)
    return shares


def _is_exact(model: Any, ids: list[int], learn: list[bool], device: str) -> bool:
    tokens = torch.tensor(ids, device=device)
    ends = torch.tensor([0, len(ids)], dtype=torch.int32, device=device)
    positions = torch.arange(len(ids), device=device)
    with torch.no_grad(), torch.autocast(device, dtype=torch.bfloat16, enabled=device == "cuda"):
        logits = model(input_ids=tokens[None], position_ids=positions[None], ends=ends, use_cache=False).logits[0]
    said = logits[:-1].argmax(-1).cpu().numpy() == np.array(ids[1:])
    return bool(said[np.array(learn[1:])].all())
