"""Prompt contexts as plain data: a sequence of segments -> the messages that a model would be shown.

This is the reference for what roles mean; an engine does the same with tokens.
"""

from __future__ import annotations

import msgspec


class Prompt(msgspec.Struct, frozen=True):
    """What a model is shown: (role, text) in order, role "" for plain text; the last message is open.

    A `select` also shows its choices, each once.
    """

    messages: tuple[tuple[str, str], ...]
    choices: tuple[str, ...] = ()

    @property
    def text(self) -> str:
        """Each message as `role: text` on lines of its own, plain text as it is."""
        return "\n".join(f"{role}: {text}" if role else text for role, text in self.messages)


class Segment(msgspec.Struct, frozen=True):
    """Text after what was there. `role` begins a role statement. `resumes` (no text) marks the begin of a retry: text
    without a role that comes next does not go on with the reason told, it goes on with a message of `role`."""

    text: str
    role: str = ""
    resumes: bool = False


class Context(msgspec.Struct, frozen=True):
    """An immutable context; the empty one holds nothing."""

    segments: tuple[Segment, ...] = ()

    def append(self, text: str, role: str = "") -> Context:
        return Context((*self.segments, Segment(text, role)))

    def extended(self, stretch: tuple[Segment, ...]) -> Context:
        return Context((*self.segments, *stretch))

    def since(self, earlier: Context) -> tuple[Segment, ...]:
        """What was added to an earlier context on the way to this one."""
        assert self.segments[: len(earlier.segments)] == earlier.segments, "a context grows from an earlier one"
        return self.segments[len(earlier.segments) :]

    def told(self, reason: str, checkpoint: Context) -> Context:
        """This context, which failed, and why, said by the user; what follows `checkpoint` may run again here."""
        return self.extended((Segment(reason, "user"), Segment("", checkpoint.role, resumes=True)))

    @property
    def role(self) -> str:
        """The role of the open message; "" for plain text."""
        messages = self.prompt().messages
        return messages[-1][0] if messages else ""

    def prompt(self, choices: tuple[str, ...] = ()) -> Prompt:
        """What is generated now continues the last message."""
        messages: list[tuple[str, str]] = []
        resumed = ""
        for segment in self.segments:
            if segment.resumes:
                resumed = segment.role
            elif segment.role or segment.text:
                _add(messages, segment.role or resumed, segment.text)
                resumed = ""
        if resumed:
            _add(messages, resumed, "")
        return Prompt(tuple(messages), choices)


def _add(messages: list[tuple[str, str]], role: str, text: str) -> None:
    """A role statement joins the open message of its role by a newline, else opens one; without a role text goes on."""
    open_role, before = messages[-1] if messages else ("", "")
    if not messages or (role and role != open_role):
        messages.append((role, text))
    else:
        messages[-1] = (open_role, before + ("\n" if role else "") + text)
