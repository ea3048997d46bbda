"""Conversations -> token ids, and which of them the model is to predict, as the engine would encode the same contexts."""

from __future__ import annotations

from collections.abc import Sequence

from tokenizers import Tokenizer

from sglc.backend.engine.tiny.corpus.talk import Piece, Talk

BEGIN, END = "<|begin|>", "<|end|>"


class Encoder:
    """The chat template of sglc-tiny in tokens: `<|begin|>`, then `<|role|>\\n content <|end|>\\n` for each message."""

    def __init__(self, tokenizer: Tokenizer) -> None:
        self.tokenizer = tokenizer
        self.begin, self.end = (self._control(name) for name in (BEGIN, END))
        self.roles = {role: self._control(f"<|{role}|>") for role in ("system", "user", "assistant", "tool")}
        self.newline: list[int] = tokenizer.encode("\n", add_special_tokens=False).ids

    def _control(self, name: str) -> int:
        found = self.tokenizer.token_to_id(name)
        assert found is not None, name
        return int(found)

    def encode(self, talk: Talk) -> tuple[list[int], list[bool]]:
        """Ids, and for each whether the model is to predict it."""
        ids, learn = [self.begin], [False]
        for role, pieces in talk:
            if role:
                opening = [self.roles[role], *self.newline]
                ids += opening
                learn += [False] * len(opening)
            more_ids, more_learn = self._content(pieces)
            ids += more_ids
            learn += more_learn
            if role or (pieces and pieces[-1].free):
                # The end of a message that was told is never predicted; plain text ends where a free reply does.
                ids.append(self.end)
                learn.append(bool(pieces) and pieces[-1].free)
            if role:
                ids += self.newline
                learn += [False] * len(self.newline)
        return ids, learn

    def _content(self, pieces: Sequence[Piece]) -> tuple[list[int], list[bool]]:
        """One message's text is encoded as a whole, since the engine heals the seams between told and said."""
        text = "".join(piece.text for piece in pieces)
        encoding = self.tokenizer.encode(text, add_special_tokens=False)
        marks = bytearray(len(text))
        start = 0
        for piece in pieces:
            end = start + len(piece.text)
            if piece.learn:
                # Behind a free reply the model also has to say what stops it.
                stop = end + 1 if piece.free else end
                marks[start:stop] = b"\1" * (min(stop, len(text)) - start)
            start = end
        return encoding.ids, [any(marks[a:b]) for a, b in encoding.offsets]
