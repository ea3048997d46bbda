"""Trains sglc-tiny: `python -m sglc.backend.engine.tiny.train FOLDER [--tokens N] [--minutes M] ...`.

Workers make conversations (corpus/), each batch is one ragged row of many of them, and attention never crosses from one
to the next. bfloat16 autocast over float32 weights; Muon for the matrices between the embeddings, AdamW for the rest; a
linear warm-up, then a cosine down to almost nothing. With several processes (one a GPU) each has rows of its own, and
gradients are averaged. Equal arguments give equal data in equal order; sums on a GPU may differ in the last bits.
"""

from __future__ import annotations

import argparse
import json
import math
import multiprocessing
import os
import queue
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import torch
from tokenizers import Tokenizer

from sglc.backend.engine.tiny.corpus.programs import CACHE
from sglc.backend.engine.tiny.corpus.shards import Row, Shards, draw_talks
from sglc.backend.engine.tiny.corpus.substitution import KINDS, own_words
from sglc.backend.engine.tiny.corpus.talk import flat
from sglc.backend.engine.tiny.corpus.tasks import TASKS
from sglc.backend.engine.tiny.corpus.tokenizer import train_tokenizer
from sglc.backend.engine.tiny.files import special_ids, write_folder
from sglc.backend.engine.tiny.optimizer import Optimizer
from sglc.backend.engine.tiny.packed import Batch, make_model, weighted_loss

SHARD_ROWS = 4
OWN_WORDS = "own_words.json"
WAIT = 600
"""Seconds to wait for a worker; one that was killed answers never."""
TOKENS_OF_A_DOCUMENT = 48
"""A row has at most one conversation in so many tokens; they have about a hundred on average."""


class Processes:
    """This process among all that train together."""

    def __init__(self, rank: int, count: int) -> None:
        self.rank, self.count = rank, count
        self.device = torch.device("cuda", rank) if torch.cuda.is_available() else torch.device("cpu")
        if self.device.type == "cuda":
            torch.cuda.set_device(self.device)
        self.agreement: Any = None
        if count > 1:
            os.environ.setdefault("MASTER_ADDR", "127.0.0.1")
            os.environ.setdefault("MASTER_PORT", "29511")
            kind = "nccl" if self.device.type == "cuda" else "gloo"
            torch.distributed.init_process_group(kind, rank=rank, world_size=count)
            self.agreement = torch.distributed.new_group(backend="gloo")

    def average(self, gradients: torch.Tensor) -> None:
        if self.count > 1:
            torch.distributed.all_reduce(gradients)
            gradients /= self.count

    def agree(self, value: float) -> float:
        """The first process's value, so that all take equal steps and end at the same one."""
        if self.count == 1:
            return value
        shared = torch.tensor([value], dtype=torch.float64)
        torch.distributed.broadcast(shared, 0, group=self.agreement)
        return float(shared[0])


def rows(arguments: argparse.Namespace, tokenizer: Tokenizer, processes: Processes) -> Iterator[Row]:
    """This process's rows in a fixed order, made by worker processes: of all shards every `processes.count`-th."""
    shards = _shards(arguments, tokenizer, SHARD_ROWS, arguments.batch)
    number = arguments.first_shard + processes.rank
    workers = arguments.workers // processes.count
    if workers == 0:
        while True:
            yield from shards(number)
            number += processes.count
    with multiprocessing.get_context("spawn").Pool(workers) as pool:
        waiting: list[Any] = []
        while True:
            while len(waiting) < workers * 3:
                waiting.append(pool.apply_async(shards, (number,)))
                number += processes.count
            try:
                yield from waiting.pop(0).get(WAIT)
            except multiprocessing.TimeoutError:
                raise RuntimeError(f"no data for {WAIT} s: a worker process is gone (out of memory?)") from None


def _shards(
    arguments: argparse.Namespace, tokenizer: Tokenizer, rows: int, tokens: int, *, held_out: bool = False
) -> Shards:
    own = (Path(arguments.folder) / OWN_WORDS).read_text("utf-8")
    documents = tokens // TOKENS_OF_A_DOCUMENT
    return Shards(TASKS, tokenizer.to_str(), arguments.seed, rows, tokens, documents, held_out=held_out, own=own)


class HeldOut:
    """A row of the held-out side, made by a process of its own while training goes on, and the loss on it."""

    def __init__(self, arguments: argparse.Namespace, tokenizer: Tokenizer, processes: Processes) -> None:
        tokens = arguments.batch
        self.device, self.documents = processes.device, tokens // TOKENS_OF_A_DOCUMENT
        pool = multiprocessing.get_context("spawn").Pool(1)
        self._made = pool.apply_async(_shards(arguments, tokenizer, 1, tokens, held_out=True), (0,))

    def loss(self, model: Any) -> float | None:
        """Mean cross-entropy of the tokens to be said; None while there is no row yet."""
        if not self._made.ready():
            return None
        batch = Batch(self._made.get()[0], self.documents)
        with (
            torch.no_grad(),
            torch.autocast(self.device.type, dtype=torch.bfloat16, enabled=self.device.type == "cuda"),
        ):
            model.eval()
            loss = float(weighted_loss(model, *batch.on(self.device))[1])
            model.train()
            return loss


def batches(made: Iterator[Row], documents: int, *, pinned: bool) -> Iterator[Batch]:
    """Batches are built beside the training step, up to four ahead."""
    ahead: queue.Queue[Batch | BaseException] = queue.Queue(4)

    def build() -> None:
        try:
            for row in made:
                batch = Batch(row, documents)
                ahead.put(batch.pinned() if pinned else batch)
        except BaseException as error:
            ahead.put(error)

    threading.Thread(target=build, daemon=True).start()
    while True:
        batch = ahead.get()
        if isinstance(batch, BaseException):
            raise batch
        yield batch


def rate(share: float) -> float:
    """Share of the highest learning rate: a linear warm-up over 1% of the run, then a cosine down to a hundredth."""
    if share < 0.01:
        return share / 0.01
    return 0.01 + 0.495 * (1 + math.cos(math.pi * min(1.0, (share - 0.01) / 0.99)))


class Log:
    """Sums of a window of steps -> a line in log.jsonl and on the screen."""

    def __init__(self, path: Path, batch: int, every: int) -> None:
        self.path, self.batch, self.every = path, batch, every
        self.started = self.window_started = time.monotonic()
        self.steps = self.tokens = self.said = 0
        self.sums: Any = 0.0

    def add(self, losses: torch.Tensor, learned: int, lr: float, held_out: Callable[[], float | None]) -> None:
        """`losses`: [2], the weighted loss and that of the tokens to be said. `held_out` gives that of the other side."""
        self.sums = self.sums + losses
        self.steps += 1
        self.tokens += self.batch
        self.said += learned
        if self.steps % self.every:
            return
        now = time.monotonic()
        loss, said_loss = (self.sums / self.every).tolist()
        line = {
            "step": self.steps,
            "tokens": self.tokens,
            "said": self.said,
            "loss": round(loss, 4),
            "said_loss": round(said_loss, 4),
            "rate": round(lr, 6),
            "tokens_per_s": round(self.every * self.batch / (now - self.window_started)),
            "minutes": round((now - self.started) / 60, 2),
        }
        other = held_out()
        if other is not None:
            line["held_out_loss"] = round(other, 4)
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(line) + "\n")
        print(json.dumps(line), flush=True)
        self.window_started, self.sums = now, 0.0


def train(rank: int, arguments: argparse.Namespace, started: float) -> None:
    """Writes weights and `log.jsonl` into the folder; checkpoints on the way. `started`: the run's start by time.time."""
    processes = Processes(rank, arguments.processes)
    folder, device = Path(arguments.folder), processes.device
    on_gpu = device.type == "cuda"
    tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
    torch.manual_seed(arguments.seed)
    torch.set_float32_matmul_precision("high")
    model = make_model(tokenizer.get_vocab_size(), special_ids(tokenizer)).to(device)
    if arguments.resume:
        from safetensors.torch import load_file

        lost = model.load_state_dict(load_file(arguments.resume), strict=False)
        if lost.unexpected_keys or set(lost.missing_keys) - {"lm_head.weight"}:
            raise SystemExit(f"{arguments.resume} does not hold the weights of this model")
    model.train()
    optimizer = Optimizer(model, arguments.rate, arguments.matrix_rate)
    if rank == 0:
        print(
            f"{optimizer.gradients.numel() / 1e6:.2f} million parameters, {arguments.processes} processes", flush=True
        )
    step_loss = torch.compile(weighted_loss) if on_gpu and not arguments.eager else weighted_loss
    documents = arguments.batch // TOKENS_OF_A_DOCUMENT
    log = Log(folder / "log.jsonl", arguments.batch * arguments.processes, arguments.every)
    held_out = HeldOut(arguments, tokenizer, processes) if rank == 0 else None

    def other_side() -> float | None:
        return held_out.loss(model) if held_out is not None else None

    steps = max(1, int(arguments.tokens) // log.batch)
    for step, batch in enumerate(batches(rows(arguments, tokenizer, processes), documents, pinned=on_gpu)):
        # The schedule follows the clock where the clock ends the run first.
        share = processes.agree(max(step / steps, (time.time() - started) / (arguments.minutes * 60)))
        if share >= 1:
            break
        with torch.autocast(device.type, dtype=torch.bfloat16, enabled=on_gpu):
            loss, said = step_loss(model, *batch.on(device))
        loss.backward()
        processes.average(optimizer.gradients)
        optimizer.step(rate(share))
        if rank == 0:
            losses = torch.stack([loss.detach(), said.detach()])
            log.add(losses, batch.learn * arguments.processes, optimizer.rate, other_side)
            if arguments.checkpoint and (step + 1) % arguments.checkpoint == 0:
                write_folder(folder, model, tokenizer)
    if rank == 0:
        write_folder(folder, model, tokenizer)
        print(f"written after {(time.time() - started) / 60:.1f} minutes", flush=True)
    if processes.count > 1:
        torch.distributed.barrier()
    os._exit(0)  # workers and threads have nothing to keep


def prepare_tokenizer(arguments: argparse.Namespace, folder: Path) -> None:
    """Trains the folder's tokenizer unless it has one, or one is given."""
    path = folder / "tokenizer.json"
    if arguments.tokenizer:
        path.write_bytes(Path(arguments.tokenizer).read_bytes())
    if path.exists():
        return
    halves = [draw_talks(TASKS, f"{arguments.seed}/tokenizer/{half}") for half in range(2)]
    talks = [next(half) for half in halves for _ in range(arguments.tokenizer_talks // 2)]
    train_tokenizer(flat(talks)).save(str(path), pretty=False)


def prepare_own_words(folder: Path, workers: int) -> None:
    """What each task says by itself, into a file of the folder: found once for all workers."""
    copying = [task for task in TASKS if task.kind in KINDS]
    names = [task.name for task in copying]
    with multiprocessing.get_context("spawn").Pool(max(1, workers)) as pool:
        found = dict(zip(names, pool.map(_own_words_of, names, chunksize=1), strict=True))
    (folder / OWN_WORDS).write_text(json.dumps(found), encoding="utf-8")


def _own_words_of(name: str) -> list[str]:
    (task,) = (task for task in TASKS if task.name == name)
    return sorted(own_words(task))


def check(parser: argparse.ArgumentParser, arguments: argparse.Namespace) -> None:
    """Ends with a message for what cannot work."""
    for name in ("tokenizer", "resume"):
        path = getattr(arguments, name)
        if path and not Path(path).is_file():
            parser.error(f"--{name}: there is no file {path}")
    for name, least in (("processes", 1), ("batch", 2 * TOKENS_OF_A_DOCUMENT), ("every", 1), ("tokenizer_talks", 2)):
        if getattr(arguments, name) < least:
            parser.error(f"--{name.replace('_', '-')} has to be at least {least}")
    if arguments.minutes <= 0 or arguments.tokens <= 0 or arguments.workers < 0:
        parser.error("--minutes and --tokens have to be above 0, and --workers not below")


def main() -> None:
    parser = argparse.ArgumentParser(description="trains sglc-tiny")
    parser.add_argument("folder")
    parser.add_argument("--tokens", type=float, default=4e9, help="tokens to train on")
    parser.add_argument("--minutes", type=float, default=600.0, help="end earlier, after so many minutes")
    parser.add_argument("--batch", type=int, default=131072, help="tokens a step and process")
    parser.add_argument("--rate", type=float, default=3e-3, help="AdamW's highest learning rate")
    parser.add_argument("--matrix-rate", type=float, default=4e-3, help="Muon's highest learning rate")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--first-shard", type=int, default=0)
    parser.add_argument("--processes", type=int, default=max(1, torch.cuda.device_count()), help="one a GPU")
    parser.add_argument("--workers", type=int, default=max(1, (os.cpu_count() or 2) - 1), help="of all processes")
    parser.add_argument("--every", type=int, default=50, help="steps between lines of the log")
    parser.add_argument("--checkpoint", type=int, default=1000, help="steps between checkpoints, 0 for none")
    parser.add_argument("--tokenizer", help="use this tokenizer.json")
    parser.add_argument("--tokenizer-talks", type=int, default=24_000)
    parser.add_argument("--resume", help="begin with these weights (model.safetensors)")
    parser.add_argument("--eager", action="store_true", help="without torch.compile")
    arguments = parser.parse_args()
    check(parser, arguments)
    started = time.time()
    folder = Path(arguments.folder)
    programs = folder / "programs"
    programs.mkdir(parents=True, exist_ok=True)
    os.environ.setdefault(CACHE, str(programs))
    (folder / "log.jsonl").unlink(missing_ok=True)
    prepare_tokenizer(arguments, folder)
    prepare_own_words(folder, arguments.workers)
    print(f"tokenizer and words after {time.time() - started:.0f} s", flush=True)
    context = multiprocessing.get_context("spawn")
    ranks = [context.Process(target=train, args=(rank, arguments, started)) for rank in range(arguments.processes)]
    for process in ranks:
        process.start()
    for process in ranks:
        process.join()
    if any(process.exitcode for process in ranks):
        raise SystemExit(1)


if __name__ == "__main__":
    main()
