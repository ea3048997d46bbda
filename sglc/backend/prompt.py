"""A run's prompt contexts: immutable lists of what was said, and each model's handle to them, made on first use.

A prompt is its text and roles; a handle is one engine's view of it. A prompt that no one holds any more gives its
handles back: that may be noticed in any thread, so `Handles` collects them until the runtime's own releases them.
"""

from __future__ import annotations

import hashlib
from collections import deque
from collections.abc import Iterator, Mapping, Sequence
from typing import TypeAlias, cast

import msgspec

from sglc.backend.engine.interface import Context, Engine, Role, Segment
from sglc.diagnostics import InternalError

Tokens: TypeAlias = Mapping[str, tuple[int, ...]]
"""Ids of constant texts in one model's tokenizer."""


class Said(msgspec.Struct, frozen=True):
    """One statement: text that goes on, or with `role` the beginning of a role statement."""

    text: str
    role: str = ""


class Documents(msgspec.Struct, frozen=True):
    """Texts that do not see each other (`encode`)."""

    texts: tuple[str, ...]
    stride: int | None = None


class Resumes(msgspec.Struct, frozen=True):
    """A retry begins: text without a role does not go on with the reason told, it goes on with a message of `role`."""

    role: str


Statement: TypeAlias = Said | Documents | Resumes


class Handles:
    """The engines behind the prompts of a program, and the handles that wait for their release."""

    def __init__(self, engines: Mapping[str, Engine], tokens: Mapping[str, Tokens] | None = None) -> None:
        self.engines, self.tokens = engines, tokens or {}
        self._dropped: deque[tuple[Engine, Context]] = deque()

    def drop(self, held: Mapping[str, Context]) -> None:
        """From any thread."""
        self._dropped.extend((self.engines[model], context) for model, context in held.items())

    def release_dropped(self) -> None:
        """From the event loop."""
        while self._dropped:
            engine, context = self._dropped.popleft()
            engine.release(context)


class Prompt:
    """A context: what was said, the role of the open message ("" for none), and the handles made so far."""

    __slots__ = ("__weakref__", "_held", "handles", "parent", "role", "statement")

    def __init__(
        self,
        handles: Handles,
        parent: Prompt | None = None,
        statement: Statement | None = None,
        held: Mapping[str, Context] | None = None,
    ) -> None:
        self.handles = handles
        self._held: dict[str, Context] = dict(held or {})
        self.parent, self.statement = parent, statement
        opened = "" if statement is None or isinstance(statement, Documents) else statement.role
        self.role: str = opened or (parent.role if parent is not None else "")

    def __del__(self) -> None:
        if self._held:
            self.handles.drop(self._held)

    def append(self, text: str, role: str = "") -> Prompt:
        """With `role` a role statement begins: it opens a message, or goes on with that of the same role on a new
        line."""
        return Prompt(self.handles, self, Said(text, role)) if text or role else self

    def append_documents(self, texts: Sequence[str], stride: int | None) -> Prompt:
        found = tuple(text for text in texts if text)
        return Prompt(self.handles, self, Documents(found, stride)) if found else self

    def append_reply(self, text: str, model: str, context: Context | None) -> Prompt:
        """What a model said here; `context` is its handle to the whole."""
        return (
            Prompt(self.handles, self, Said(text), {model: context} if context is not None else None) if text else self
        )

    def tell(self, reason: str, checkpoint: Prompt) -> Prompt:
        """This prompt, which failed, with the reason as a user message, ready for what follows `checkpoint` to run
        again."""
        told = self.append(reason, "user")
        return Prompt(self.handles, told, Resumes(checkpoint.role)) if checkpoint.role else told

    def since(self, base: Prompt) -> tuple[Statement, ...]:
        """What was said after `base`, which this prompt goes on from."""
        said: list[Statement] = []
        for prompt in self._upward():
            if prompt is base:
                return tuple(reversed(said))
            if prompt.statement is not None:
                said.append(prompt.statement)
        raise InternalError("a prompt does not go on from the one it is compared with")

    def say(self, statements: Sequence[Statement]) -> Prompt:
        """The prompt with the statements repeated behind it."""
        prompt = self
        for statement in statements:
            prompt = Prompt(self.handles, prompt, statement)
        return prompt

    def handle(self, model: str) -> Context:
        """The model's handle to this prompt, made where it is missing. Raises KeyError for a model without an
        engine."""
        engine = self.handles.engines[model]
        missing = []
        context: Context | None = None
        for prompt in self._visible():
            context = prompt._held.get(model)
            if context is not None:
                break
            missing.append(prompt)
        for prompt in reversed(missing):
            context = engine.context() if context is None else prompt._add_to(engine, context, model)
            prompt._held[model] = context
        assert context is not None, "the first prompt has no parent, so it was given the empty context"
        return context

    def messages(self) -> list[tuple[str, str]]:
        """Role and text of each message, as far as it is said; text outside any role has the role ""."""
        messages: list[tuple[str, str]] = []
        for prompt in reversed(list(self._visible())):
            for segment in prompt._segments():
                if segment.role is not None:
                    messages.append((segment.role, segment.text))
                elif not messages:
                    messages.append(("", segment.text))
                else:
                    messages[-1] = (messages[-1][0], messages[-1][1] + segment.text)
        return messages

    @property
    def digest(self) -> str:
        """SHA-256 of roles and texts, hexadecimal."""
        return hashlib.sha256(msgspec.json.encode(self.messages())).hexdigest()

    def _upward(self) -> Iterator[Prompt]:
        prompt: Prompt | None = self
        while prompt is not None:
            yield prompt
            prompt = prompt.parent

    def _visible(self) -> Iterator[Prompt]:
        """Upward, without the message that a retry would have opened where the first thing said opens one itself."""
        later: Statement | None = None
        for prompt in self._upward():
            opens = isinstance(later, Said) and later.role
            if not (isinstance(prompt.statement, Resumes) and opens):
                yield prompt
            later = prompt.statement

    def _add_to(self, engine: Engine, context: Context, model: str) -> Context:
        if isinstance(self.statement, Documents):
            documents = [[Segment(text)] for text in self.statement.texts]
            return engine.append_parallel(context, documents, self.statement.stride)
        known = self.handles.tokens.get(model, {})
        return engine.append(context, [Segment(s.text, s.role, known.get(s.text)) for s in self._segments()])

    def _segments(self) -> list[Segment]:
        """The statement as an engine takes it: what it adds to the parent's open message, or the message that it
        opens."""
        match self.statement:
            case Documents(texts=texts):
                return [Segment(text) for text in texts]
            case Said(text=text, role=""):
                return [Segment(text)]
            case Said(text=text, role=role):
                return [self._opening(text, role)]
            case Resumes(role=role):
                return [self._opening("", role)]
        return []

    def _opening(self, text: str, role: str) -> Segment:
        before = self.parent
        if before is not None and isinstance(before.statement, Resumes):
            before = before.parent  # what would have been resumed is not, since this opens a message itself
        if before is not None and before.role == role:
            return Segment("\n" + text)
        return Segment(text, cast(Role, role))
