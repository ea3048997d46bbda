"""Replies of one run <-> a JSONL file: a Recorder notes what the engines say, a Replayer says it again without them.

A line is {"path", "kind", "prompt_sha", "messages", "reply", ...}. The prompt's hash tells whether the program still
asks the same; the short hashes of its messages tell which of them changed.
"""

from __future__ import annotations

import hashlib
import os
import re
from collections import defaultdict
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Literal

import msgspec

from sglc.backend.caller import Caller, GenAnswer, GenCall, SelectAnswer, SelectCall
from sglc.backend.engine.interface import EngineError, TokenLogprob
from sglc.backend.files import write_whole
from sglc.backend.prompt import Handles, Prompt

AGAIN = "record it again"


class ReplayError(Exception):
    """A file that is no recording, or cannot be read."""


class Recorded(msgspec.Struct, frozen=True, omit_defaults=True):
    """One reply. `site` (where it differs from the path) and `attempt`: see Place in run.py; `messages`: role and short
    hash of each message of the prompt. A token count has the text's hash as prompt and no path."""

    path: str
    kind: Literal["gen", "select", "tokens"]
    prompt_sha: str
    reply: str | int
    site: str = ""
    attempt: str = ""
    messages: tuple[tuple[str, str], ...] = ()
    scores: tuple[float, ...] = ()
    reasoning: str = ""
    logprobs: tuple[TokenLogprob, ...] = ()

    @property
    def key(self) -> tuple[str, str, str]:
        place = self.prompt_sha if self.kind == "tokens" else self.site or self.path
        return (self.kind, place, self.attempt)


def load_recording(path: str | os.PathLike[str]) -> list[Recorded]:
    """Raises ReplayError."""
    try:
        lines = Path(path).read_bytes().splitlines()
    except OSError as error:
        raise ReplayError(f"cannot read `{path}`: {(error.strerror or str(error)).lower()}") from None
    found = []
    for number, line in enumerate(lines, 1):
        if line.strip():
            try:
                found.append(msgspec.json.decode(line, type=Recorded))
            except msgspec.ValidationError as error:
                problem = str(error)
                raise ReplayError(f"{path}:{number} is no recorded reply: {problem[:1].lower()}{problem[1:]}") from None
            except (msgspec.DecodeError, RecursionError):
                raise ReplayError(f"{path}:{number} is no recorded reply: it is not JSON") from None
    return found


class Recorder:
    """Passes everything on to `inner` and keeps the replies."""

    def __init__(self, inner: Caller) -> None:
        self._inner = inner
        self.records: list[Recorded] = []

    async def gen(self, call: GenCall) -> GenAnswer:
        answer = await self._inner.gen(call)
        self._note(call, "gen", answer.text, reasoning=answer.reasoning, logprobs=answer.logprobs)
        return answer

    async def select(self, call: SelectCall) -> SelectAnswer:
        answer = await self._inner.select(call)
        self._note(call, "select", call.request.choices[answer.index], scores=answer.scores)
        return answer

    def count_tokens(self, handles: Handles, model: str, text: str) -> int:
        count = self._inner.count_tokens(handles, model, text)
        recorded = Recorded("", "tokens", _hash_of_count(model, text), count)
        if recorded not in self.records:
            self.records.append(recorded)
        return count

    def _note(self, call: GenCall | SelectCall, kind: Literal["gen", "select"], reply: str, **extra: Any) -> None:
        site = call.site if call.site != call.path else ""
        self.records.append(
            Recorded(
                call.path,
                kind,
                call.prompt.digest,
                reply,
                site=site,
                attempt=call.attempt,
                messages=_messages(call.prompt),
                **extra,
            )
        )

    def save(self, path: str | os.PathLike[str]) -> None:
        """In the order of paths, so that equal runs give equal files. Raises OSError."""
        lines = [msgspec.json.encode(record) for record in sorted(self.records, key=_order)]
        write_whole(path, b"".join(line + b"\n" for line in lines))


class Replayer:
    """Answers from a recording and refuses what was not recorded, or was asked otherwise then."""

    def __init__(self, records: Iterable[Recorded]) -> None:
        self._records: dict[tuple[str, str, str], list[Recorded]] = defaultdict(list)
        for record in records:
            self._records[record.key].append(record)

    @property
    def unused(self) -> list[Recorded]:
        """What was recorded and not asked for."""
        return [record for records in self._records.values() for record in records if record.kind != "tokens"]

    async def gen(self, call: GenCall) -> GenAnswer:
        record = self._take("gen", call)
        text = str(record.reply)
        if call.on_reasoning is not None and record.reasoning:
            call.on_reasoning(record.reasoning)
        if call.on_text is not None and text:
            call.on_text(text)
        return GenAnswer(text, reasoning=record.reasoning, logprobs=record.logprobs)

    async def select(self, call: SelectCall) -> SelectAnswer:
        record = self._take("select", call)
        choices = call.request.choices
        if record.reply not in choices or len(record.scores) != len(choices):
            raise EngineError("replay", f"the recording of `{call.path}` chose among other choices", AGAIN)
        return SelectAnswer(choices.index(str(record.reply)), record.scores)

    def count_tokens(self, handles: Handles, model: str, text: str) -> int:
        records = self._records.get(("tokens", _hash_of_count(model, text), ""))
        if not records:
            raise EngineError("replay", "the recording does not hold the number of tokens that is asked for", AGAIN)
        return int(records[0].reply)

    def _take(self, kind: str, call: GenCall | SelectCall) -> Recorded:
        # A recording written by hand knows paths only.
        keys = ((kind, place, call.attempt) for place in (call.site, call.path))
        records = next((found for key in keys if (found := self._records.get(key))), None)
        if records is None:
            tried = f", retry {call.attempt}" if call.attempt else ""
            raise EngineError("replay", f"the recording has no reply for `{call.path}`{tried}", AGAIN)
        record = records[0]
        if record.prompt_sha != call.prompt.digest:
            changed = _difference(record.messages, call.prompt)
            message = f"the prompt of `{call.path}` is not the recorded one: {changed}"
            raise EngineError("replay", message, f"the program or its arguments changed; {AGAIN}")
        return records.pop(0)


def _messages(prompt: Prompt) -> tuple[tuple[str, str], ...]:
    return tuple((role, _short_hash(text)) for role, text in prompt.messages())


def _difference(before: tuple[tuple[str, str], ...], prompt: Prompt) -> str:
    """Which message is the first that changed."""
    now = _messages(prompt)
    for number, (old, new) in enumerate(zip(before, now, strict=False), 1):
        if old != new:
            role, text = prompt.messages()[number - 1]
            was = f" (it was a {old[0] or 'plain'} one)" if old[0] != new[0] else ""
            return f"message {number} ({role or 'plain text'}){was} now reads {_clip(text)}"
    return f"it had {len(before)} messages, now it has {len(now)}"


def _clip(text: str) -> str:
    return repr(text if len(text) <= 160 else f"{text[:80]} ... {text[-80:]}")


def _short_hash(text: str) -> str:
    return hashlib.sha256(text.encode()).hexdigest()[:12]


def _hash_of_count(model: str, text: str) -> str:
    return hashlib.sha256(msgspec.json.encode([model, text])).hexdigest()


def _order(record: Recorded) -> tuple[list[tuple[int, int | str]], str, str]:
    """`out[2]` before `out[10]`."""
    words = [word for word in re.split(r"(\d+)", record.site or record.path) if word]
    return [(0, int(word)) if word.isdigit() else (1, word) for word in words], record.attempt, record.prompt_sha
