"""Tasks -> packed rows of tokens. Shard `n` of a seed is always the same, whoever makes it and when."""

from __future__ import annotations

import json
import sys
import traceback
from collections.abc import Iterator, Sequence
from functools import lru_cache

import msgspec
import numpy as np
from numpy.typing import NDArray
from tokenizers import Tokenizer

from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.substitution import Substitution
from sglc.backend.engine.tiny.corpus.talk import Talk, Task, talks_of
from sglc.backend.engine.tiny.corpus.tasks import TASKS
from sglc.backend.engine.tiny.corpus.tokens import Encoder
from sglc.diagnostics import InternalError, SglError
from sglc.ir.outcome import InterpretError

LONGEST = 2048
"""Tokens of one conversation; longer ones are left out."""


class Row(msgspec.Struct, frozen=True):
    """One batch as a ragged row: ids [T], learn [T], ends of the conversations inside [D] (cumulative, the last is T).

    What is left at the end of a row is filled with a conversation that learns nothing.
    """

    ids: NDArray[np.uint16]
    learn: NDArray[np.bool_]
    ends: NDArray[np.int32]


def draw_talks(
    tasks: Sequence[Task], seed: str, *, substitution: Substitution | None = None, held_out: bool = False
) -> Iterator[Talk]:
    """Conversations of all tasks by their weights, without end."""
    draw = Draw(seed, held_out=held_out)
    weights = [task.weight for task in tasks]
    while True:
        (task,) = draw.random.choices(tasks, weights)
        try:
            case = task.make(draw)
            talks = talks_of(case)
        except (ValueError, KeyError, SglError, InternalError, InterpretError) as error:
            # One unlucky case in millions is no reason to end a run.
            print(f"left out a case of {task.name}: {error}", file=sys.stderr, flush=True)
            continue
        # Of a program with many branches a few will do: they are much alike.
        talks = draw.shuffled(talks)[:4]
        yield from substitution.of(talks, task, case, draw.random) if substitution else talks


@lru_cache(maxsize=1)
def _prepared(names: frozenset[str], tokenizer: str, own: str) -> tuple[list[Task], Encoder, Substitution]:
    """What a worker makes once."""
    tasks = [task for task in TASKS if task.name in names]
    encoder = Encoder(Tokenizer.from_str(tokenizer))
    pieces = [token.lstrip("\u0120") for token in encoder.tokenizer.get_vocab()]
    pieces = sorted(piece for piece in pieces if 2 <= len(piece) <= 8)
    return tasks, encoder, Substitution(tasks, pieces, json.loads(own) if own else None)


class Shards:
    """`shard(n)`: `rows` rows of `tokens` tokens. To be called in worker processes; the tokenizer travels as JSON."""

    def __init__(
        self,
        tasks: Sequence[Task],
        tokenizer: str,
        seed: int,
        rows: int,
        tokens: int,
        documents: int,
        *,
        held_out: bool = False,
        own: str = "",
    ) -> None:
        """`tokens` of a row, and the most conversations that it may have. `held_out`: of that side, as they are.

        `own`: the words that tasks say by themselves as JSON; without it each worker finds them.
        """
        self.tasks = frozenset(task.name for task in tasks)  # tasks hold functions, which do not travel
        self.tokenizer, self.seed, self.rows = tokenizer, seed, rows
        self.tokens, self.documents, self.held_out, self.own = tokens, documents, held_out, own

    def __call__(self, number: int) -> list[Row]:
        try:
            tasks, encoder, substitution = _prepared(self.tasks, self.tokenizer, self.own)
            talks = draw_talks(
                tasks,
                f"{self.seed}/{number}",
                substitution=None if self.held_out else substitution,
                held_out=self.held_out,
            )
            return [self._row(talks, encoder) for _ in range(self.rows)]
        except Exception as error:
            # Of an exception that cannot be pickled the trainer would hear nothing, and wait for ever.
            raise RuntimeError("".join(traceback.format_exception(error))) from None

    def _row(self, talks: Iterator[Talk], encoder: Encoder) -> Row:
        ids = np.zeros(self.tokens, np.uint16)
        learn = np.zeros(self.tokens, np.bool_)
        ends: list[int] = []
        at = 0
        while True:
            more, marks = encoder.encode(next(talks))
            if len(more) > LONGEST:
                continue
            if at + len(more) > self.tokens or len(ends) + 1 + -(-(self.tokens - at) // LONGEST) > self.documents:
                break
            ids[at : at + len(more)] = more
            learn[at : at + len(more)] = marks
            at += len(more)
            ends.append(at)
        while at < self.tokens:
            at = min(self.tokens, at + LONGEST)
            ends.append(at)
        return Row(ids, learn, np.array(ends, np.int32))
