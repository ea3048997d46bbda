"""A context (segments and roles) -> token ids, through a tokenizer and a chat format. No torch.

Text is encoded segment by segment, so that a longer context keeps the tokens of a shorter one. Two rules at the seams:
appended text after appended text takes back the last token and encodes it together with what follows, because a
tokenizer would not have cut there; after generated text nothing is taken back, because the model chose those tokens.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Literal

import msgspec

from sglc.backend.engine.chat_template import ChatFormat
from sglc.backend.engine.interface import Role, Segment
from sglc.backend.engine.tokenizer import Tokenizer

Ending = Literal["control", "text", "generated"]
"""What a context's last token is part of. A hole after "text" may take that token back (see text_assembly.py)."""


class Prompt(msgspec.Struct):
    """A context's token ids, what they end in, and the role of the open message."""

    ids: list[int]
    ending: Ending = "control"
    role: Role | None = None


class Piece(msgspec.Struct, frozen=True):
    """What one segment does to the ids before it: takes `drop` of them back and adds `ids`."""

    drop: int
    ids: tuple[int, ...]
    ending: Ending


class TokenContext:
    """A handle: one segment after a parent. Never changes; `piece` only remembers how the segment was encoded."""

    __slots__ = ("_layout", "_length", "parent", "piece", "role", "segment", "thinking")

    def __init__(
        self,
        layout: ContextLayout,
        parent: TokenContext | None = None,
        segment: Segment | None = None,
        piece: Piece | None = None,
        thinking: bool = False,
    ) -> None:
        self._layout = layout
        self.parent, self.segment, self.piece, self.thinking = parent, segment, piece, thinking
        self.role: Role | None = (segment.role if segment else None) or (parent.role if parent else None)
        self._length = -1

    @property
    def length(self) -> int:
        if self._length < 0:
            self._length = len(self._layout.prompt(self).ids)
        return self._length


class ContextLayout:
    """Makes contexts for one model and lays their tokens out."""

    def __init__(self, tokenizer: Tokenizer, chat: ChatFormat) -> None:
        self._tokenizer, self._chat = tokenizer, chat

    def empty(self) -> TokenContext:
        return TokenContext(self)

    def append(self, context: TokenContext, segments: Sequence[Segment]) -> TokenContext:
        for segment in segments:
            if segment.text or segment.role is not None:
                context = TokenContext(self, context, segment)
        return context

    def append_generated(self, context: TokenContext, text: str, drop: int, ids: Sequence[int]) -> TokenContext:
        """The context with `text`, which was generated as `ids` after taking back `drop` tokens."""
        if not ids and not drop:
            return context
        return TokenContext(self, context, Segment(text), Piece(drop, tuple(ids), "generated"))

    def opened_for_thinking(self, context: TokenContext) -> TokenContext | None:
        """The same context with the thought opened; None where the model cannot think, or the answer has begun."""
        segment = context.segment
        if not self._chat.thinking or segment is None or segment.role != "assistant" or segment.text:
            return None
        return TokenContext(self, context.parent, segment, thinking=True)

    def prompt(self, context: TokenContext) -> Prompt:
        chain = []
        node: TokenContext | None = context
        while node is not None:
            chain.append(node)
            node = node.parent
        prompt = Prompt([])
        for node in reversed(chain):
            if node.segment is None:
                continue
            if node.piece is None:
                node.piece = self._encode(prompt, node.segment, node.thinking)
            if node.piece.drop:
                del prompt.ids[-node.piece.drop :]
            prompt.ids += node.piece.ids
            prompt.ending, prompt.role = node.piece.ending, node.role
        return prompt

    def _encode(self, prompt: Prompt, segment: Segment, thinking: bool) -> Piece:
        if segment.role is None:
            return self._encode_text(prompt, segment)
        opening = self._chat.opening(prompt.role, segment.role, thinking)
        ids = opening.ids
        bos = self._tokenizer.bos_ids
        if prompt.ids and prompt.role is None and ids[: len(bos)] == bos:
            ids = ids[len(bos) :]  # text without a role came first, and so the beginning was already marked
        text = opening.blank + segment.text
        encoded = segment.tokens if segment.tokens is not None and not opening.blank else self._tokenizer.encode(text)
        return Piece(0, ids + encoded, "text" if text else "control")

    def _encode_text(self, prompt: Prompt, segment: Segment) -> Piece:
        if not prompt.ids:
            ids = segment.tokens if segment.tokens is not None else self._tokenizer.encode(segment.text)
            return Piece(0, self._tokenizer.bos_ids + ids, "text")
        if prompt.ending != "text":
            ids = segment.tokens if segment.tokens is not None else self._tokenizer.encode(segment.text)
            return Piece(0, ids, "text")
        last = prompt.ids[-1]
        joint = self._tokenizer.encode_bytes(self._tokenizer.tokens[last] + segment.text.encode())
        return Piece(0, joint[1:], "text") if joint[0] == last else Piece(1, joint, "text")
