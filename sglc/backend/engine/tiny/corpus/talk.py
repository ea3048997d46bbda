"""Runs of programs with a teacher's replies -> conversations to learn from, with what of them the model has to say."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping, Sequence
from typing import Any, TypeAlias

import msgspec

from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.programs import Source
from sglc.ir.interpret import interpret
from sglc.ir.ops import Gen, Select
from sglc.ir.outcome import Outcome
from sglc.ir.prompt import Prompt
from sglc.ir.types import StrType

Teacher: TypeAlias = Callable[[str, str], str]
"""(path of a gen or select, what is in its message so far) -> what the model should say."""


class Piece(msgspec.Struct, frozen=True):
    """`learn`: the model says it; else it is told. `free`: the model also decides that it ends there."""

    text: str
    learn: bool
    free: bool = False


Message: TypeAlias = tuple[str, tuple[Piece, ...]]
"""Role ("" for plain text), and the text in pieces."""


Talk: TypeAlias = tuple[Message, ...]
"""One conversation."""


class Case(msgspec.Struct, frozen=True):
    """One call of a program with all that it meets. `check` says of the program's result whether it is right.

    The function may be a test (`test.0`), whose result is none: there what it expects has to hold as well. `keep`: a text
    whose words decide what is said, though they are copied as well; they are never exchanged for others.
    """

    program: Source
    function: str
    args: Mapping[str, Any]
    teacher: Teacher
    check: Callable[[Any], bool]
    tools: Callable[[str, dict[str, Any]], Any] | None = None
    keep: str = ""


class Task(msgspec.Struct, frozen=True):
    """One thing to be learned. `kind`: what it is reported under; `language`: en or zh; `weight`: its share of the data."""

    name: str
    kind: str
    language: str
    make: Callable[[Draw], Case]
    weight: float = 1.0


def is_right(case: Case, outcome: Outcome) -> bool:
    """Of a run that did not fail."""
    return all(expected.held for expected in outcome.expects) and case.check(outcome.value)


def talks_of(case: Case) -> list[Talk]:
    """The conversations of a run. Raises ValueError when the program fails, or the result is not what `check` wants."""
    log = _Log(case.teacher)
    outcome = interpret(case.program.graph, case.function, case.args, log.reply, case.tools)
    if outcome.failure is not None:
        raise ValueError(f"`{case.function}` failed: {outcome.failure.message}")
    if not is_right(case, outcome):
        raise ValueError(f"`{case.function}` gave {outcome.value!r}, which its own check refuses")
    return log.talks


class _Log:
    """Collects the requests of a run; one that goes on where an earlier one ended lengthens that conversation."""

    def __init__(self, teacher: Teacher) -> None:
        self.teacher = teacher
        self.talks: list[Talk] = []

    def reply(self, prompt: Prompt, op: Gen | Select, path: str) -> str:
        messages = prompt.messages or (("", ""),)
        text = self.teacher(path, messages[-1][1])
        at, known = self._longest_prefix(messages)
        said = Piece(text, learn=True, free=isinstance(op, Gen) and isinstance(op.type, StrType))
        grown = _grown(known, messages, said)
        if at is None:
            self.talks.append(grown)
        else:
            self.talks[at] = grown
        return text

    def _longest_prefix(self, messages: Sequence[tuple[str, str]]) -> tuple[int | None, Talk]:
        best: int | None = None
        length = 0
        for at, known in enumerate(self.talks):
            size = _is_prefix(known, messages)
            if size > length:
                best, length = at, size
        return best, self.talks[best] if best is not None else ()


def _text(message: Message) -> str:
    return "".join(piece.text for piece in message[1])


def _is_prefix(known: Sequence[Message], messages: Sequence[tuple[str, str]]) -> int:
    """The number of characters of `known`, or 0 where `messages` do not begin with it."""
    if len(known) > len(messages):
        return 0
    last = len(known) - 1
    size = 0
    for at, (mine, (role, text)) in enumerate(zip(known, messages, strict=False)):
        written = _text(mine)
        if mine[0] != role or not (text.startswith(written) if at == last else text == written):
            return 0
        size += len(written) + 1
    return size


def _grown(known: Talk, messages: Sequence[tuple[str, str]], said: Piece) -> Talk:
    out: list[tuple[str, list[Piece]]] = [(role, list(pieces)) for role, pieces in known]
    if out:
        role, pieces = out[-1]
        rest = messages[len(out) - 1][1][len(_text((role, tuple(pieces)))) :]
        if rest:
            pieces.append(Piece(rest, learn=False))
    out += [(role, [Piece(text, learn=False)] if text else []) for role, text in messages[len(known) :]]
    out[-1][1].append(said)
    return tuple((role, tuple(pieces)) for role, pieces in out)


def flat(talks: Sequence[Talk]) -> Iterator[str]:
    """The text of each message, for a tokenizer to learn from."""
    for talk in talks:
        yield from map(_text, talk)
