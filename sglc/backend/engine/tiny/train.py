"""Trains sglc-tiny: `python -m sglc.backend.engine.tiny.train FOLDER [--tokens N] [--minutes M] ...`.

Workers make conversations (corpus/), each batch is one ragged row of many of them, and attention never crosses from one
to the next. AdamW, bfloat16 autocast over float32 weights, a linear warm-up and a cosine down to a tenth of the rate.
A told token counts a tenth of a token that the model has to say. Equal arguments give equal data in equal order; sums
on the GPU may differ in the last bits from run to run.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import torch
import transformers
from tokenizers import Tokenizer

from sglc.backend.engine.tiny.corpus.programs import CACHE
from sglc.backend.engine.tiny.corpus.shards import LONGEST, Row, Shards, draw_talks
from sglc.backend.engine.tiny.corpus.talk import flat
from sglc.backend.engine.tiny.corpus.tasks import TASKS
from sglc.backend.engine.tiny.corpus.tokenizer import train_tokenizer
from sglc.backend.engine.tiny.files import config_of, special_ids, write_folder

TOLD_WEIGHT = 0.1
SHARD_ROWS = 4


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
    return model


class Batch:
    """A row on the device: ids and positions [1, T], targets [T] and their weights, ends [D]."""

    def __init__(self, row: Row, documents: int, device: str) -> None:
        tokens = len(row.ids)
        ids = torch.from_numpy(row.ids.astype("int64"))
        ends = torch.full((documents + 1,), tokens, dtype=torch.int32)
        ends[0] = 0
        ends[1 : len(row.ends) + 1] = torch.from_numpy(row.ends)
        positions = torch.arange(tokens)
        starts = torch.zeros(tokens, dtype=torch.int64)
        inner = torch.from_numpy(row.ends[:-1].astype("int64"))
        starts[inner] = inner
        positions -= torch.cummax(starts, 0).values
        weights = torch.where(torch.from_numpy(row.learn), 1.0, TOLD_WEIGHT)
        weights[ids == 0] = 0.0
        targets, weights = ids.roll(-1), weights.roll(-1)
        weights[torch.from_numpy(row.ends.astype("int64")) - 1] = 0.0
        moved = [x.to(device, non_blocking=True) for x in (ids[None], positions[None], targets, weights, ends)]
        self.ids, self.positions, self.targets, self.weights, self.ends = moved
        self.learn = int(row.learn.sum())


def weighted_loss(model: Any, batch: Batch) -> tuple[Any, Any]:
    """Weighted mean cross-entropy, and that of the tokens to be said alone."""
    logits = model(input_ids=batch.ids, position_ids=batch.positions, ends=batch.ends, use_cache=False).logits[0]
    losses = torch.nn.functional.cross_entropy(logits.float(), batch.targets, reduction="none")
    said = batch.weights == 1.0
    return (losses * batch.weights).sum() / batch.weights.sum(), (losses * said).sum() / said.sum().clamp(min=1)


def batches(arguments: argparse.Namespace, tokenizer: Tokenizer, first: int) -> Iterator[Row]:
    """Rows in a fixed order, made by worker processes; `first`: the number of the first shard."""
    shards = Shards(TASKS, tokenizer.to_str(), arguments.seed, SHARD_ROWS, arguments.batch)
    if arguments.workers == 0:
        number = first
        while True:
            yield from shards(number)
            number += 1
    with multiprocessing.get_context("spawn").Pool(arguments.workers) as pool:
        waiting = [pool.apply_async(shards, (first + n,)) for n in range(arguments.workers * 3)]
        number = first + len(waiting)
        while True:
            rows = waiting.pop(0).get()
            waiting.append(pool.apply_async(shards, (number,)))
            number += 1
            yield from rows


def rate(step: int, steps: int, peak: float) -> float:
    """Linear warm-up over 2% of the steps, then a cosine down to a tenth."""
    warm = max(1, steps // 50)
    if step < warm:
        return peak * (step + 1) / warm
    return peak * (0.1 + 0.45 * (1 + math.cos(math.pi * (step - warm) / max(1, steps - warm))))


def train(arguments: argparse.Namespace) -> None:
    """Writes tokenizer, weights and `log.jsonl` into the folder; checkpoints on the way."""
    folder = Path(arguments.folder)
    folder.mkdir(parents=True, exist_ok=True)
    programs = folder / "programs"
    programs.mkdir(exist_ok=True)
    os.environ.setdefault(CACHE, str(programs))
    device = "cuda" if torch.cuda.is_available() else "cpu"
    started = time.monotonic()
    tokenizer = _tokenizer(arguments, folder)
    print(f"tokenizer: {tokenizer.get_vocab_size()} tokens, {time.monotonic() - started:.0f} s", flush=True)
    torch.manual_seed(arguments.seed)
    torch.set_float32_matmul_precision("high")
    special = special_ids(tokenizer)
    model = make_model(tokenizer.get_vocab_size(), special)
    if arguments.resume:
        from safetensors.torch import load_file

        model.load_state_dict(load_file(arguments.resume), strict=False)
    model.to(device)
    model.train()
    count = sum(p.numel() for p in model.parameters())
    print(f"{count / 1e6:.2f} million parameters", flush=True)
    decayed = [p for p in model.parameters() if p.dim() > 1]
    plain = [p for p in model.parameters() if p.dim() <= 1]
    groups = [{"params": decayed, "weight_decay": 0.1}, {"params": plain, "weight_decay": 0.0}]
    optimizer = torch.optim.AdamW(groups, lr=arguments.rate, betas=(0.9, 0.95), fused=device == "cuda")
    compiled = torch.compile(weighted_loss) if device == "cuda" and not arguments.eager else weighted_loss
    steps = max(1, int(arguments.tokens) // arguments.batch)
    log = (folder / "log.jsonl").open("a")
    window_started, window = time.monotonic(), 0
    seen = learned = 0
    loss_sum = said_sum = torch.zeros((), device=device)
    for step, row in enumerate(batches(arguments, tokenizer, arguments.first_shard)):
        if step == steps or time.monotonic() - started > arguments.minutes * 60:
            break
        # The schedule follows the clock where the clock ends the run first.
        share = max(step / steps, (time.monotonic() - started) / (arguments.minutes * 60))
        for group in optimizer.param_groups:
            group["lr"] = rate(int(share * steps), steps, arguments.rate)
        batch = Batch(row, arguments.batch // 16, device)
        with torch.autocast(device, dtype=torch.bfloat16, enabled=device == "cuda"):
            loss, said = compiled(model, batch)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 1.0)
        optimizer.step()
        optimizer.zero_grad(set_to_none=True)
        loss_sum, said_sum = loss_sum + loss.detach(), said_sum + said.detach()
        seen, learned, window = seen + len(row.ids), learned + batch.learn, window + 1
        if window == arguments.every:
            spent = time.monotonic() - window_started
            line = {
                "step": step + 1,
                "tokens": seen,
                "said": learned,
                "loss": round(float(loss_sum) / window, 4),
                "said_loss": round(float(said_sum) / window, 4),
                "rate": round(optimizer.param_groups[0]["lr"], 6),
                "tokens_per_s": round(window * arguments.batch / spent),
                "minutes": round((time.monotonic() - started) / 60, 2),
            }
            print(json.dumps(line), file=log, flush=True)
            print(json.dumps(line), flush=True)
            window_started, window = time.monotonic(), 0
            loss_sum = said_sum = torch.zeros((), device=device)
        if arguments.checkpoint and (step + 1) % arguments.checkpoint == 0:
            write_folder(folder, model, tokenizer)
    write_folder(folder, model, tokenizer)
    if arguments.evaluate:
        from sglc.backend.engine.tiny.corpus.tokens import Encoder
        from sglc.backend.engine.tiny.forced import exact_shares

        model.eval()
        shares = exact_shares(model, Encoder(tokenizer), TASKS, arguments.evaluate, device=device)
        (folder / "exact.json").write_text(json.dumps(shares, indent=1) + "\n")


def _tokenizer(arguments: argparse.Namespace, folder: Path) -> Tokenizer:
    path = folder / "tokenizer.json"
    if arguments.tokenizer:
        return Tokenizer.from_file(arguments.tokenizer)
    if path.exists():
        return Tokenizer.from_file(str(path))
    halves = [draw_talks(TASKS, f"{arguments.seed}/tokenizer/{half}") for half in range(2)]
    talks = [next(half) for half in halves for _ in range(arguments.tokenizer_talks // 2)]
    tokenizer = train_tokenizer(flat(talks))
    tokenizer.save(str(path), pretty=False)
    return tokenizer


def main() -> None:
    parser = argparse.ArgumentParser(description="trains sglc-tiny")
    parser.add_argument("folder")
    parser.add_argument("--tokens", type=float, default=1.5e9, help="tokens to train on")
    parser.add_argument("--minutes", type=float, default=600.0, help="end earlier, after so many minutes")
    parser.add_argument("--batch", type=int, default=131072, help="tokens a step")
    parser.add_argument("--rate", type=float, default=3e-3, help="the highest learning rate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first-shard", type=int, default=0)
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) - 1))
    parser.add_argument("--every", type=int, default=50, help="steps between lines of the log")
    parser.add_argument("--checkpoint", type=int, default=1000, help="steps between checkpoints, 0 for none")
    parser.add_argument("--tokenizer", help="use this tokenizer.json")
    parser.add_argument("--tokenizer-talks", type=int, default=24_000)
    parser.add_argument("--resume", help="begin with these weights (model.safetensors)")
    parser.add_argument("--evaluate", type=int, default=50, help="held-out cases of each task at the end (forced.py)")
    parser.add_argument("--eager", action="store_true", help="without torch.compile")
    train(parser.parse_args())


if __name__ == "__main__":
    main()
