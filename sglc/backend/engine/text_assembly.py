"""Tokens that a model draws -> the exact text of one value, and what of the tokens stays in the context. No torch.

    context ends in  ...[Name][:][ ]           the last token is withdrawn: what is drawn must first spell " "
    model draws      [ Ada][ Love][lace\\n\\n]   stop = "\\n"
    value            "Ada Lovelace"            kept: [ Ada][ Love]; "lace" is encoded again

The value, and the context after it, hold exactly the same bytes, and never a part of a character.
"""

from __future__ import annotations

from collections.abc import Sequence

import msgspec

from sglc.backend.engine.interface import EngineError, Finish, GenRequest
from sglc.backend.engine.lexicon import Lexicon, Mask
from sglc.backend.engine.tokenizer import TextStream
from sglc.passes.constraints.dfa import Dfa
from sglc.passes.constraints.token_table import TokenTable


class Assembled(msgspec.Struct, frozen=True):
    """The value; of the drawn tokens the first `kept` stay in the context, followed by the encoding of `tail`.

    The first `healing` of the kept tokens hold nothing of the value: they only spell what was withdrawn.
    """

    text: str
    kept: int
    tail: bytes
    healing: int


class TextAssembly:
    """One request's text as it grows. While `finish` is None: ask `allowed`, draw a token, `push` it.

    `table` is of the request's constraint, or of `UTF8` for free text. `heal`: the bytes of the withdrawn token.
    `turn_stops`: texts that end the model's turn, where it has no token for that.
    """

    def __init__(
        self,
        lexicon: Lexicon,
        table: TokenTable,
        request: GenRequest,
        heal: bytes = b"",
        turn_stops: Sequence[str] = (),
    ) -> None:
        self._lexicon, self._table, self._request = lexicon, table, request
        self._heal = self._to_spell = heal
        self._value = bytearray()
        self._state = 0
        self._left = request.max_tokens
        self._min_left = request.min_tokens
        self._turn_stops = () if request.ignore_eos or request.constraint is not None else turn_stops
        self._stops = StopSearch((*request.stop, *self._turn_stops), request.stop_dfa)
        self._cut: int | None = None
        self._stream, self._streamed = TextStream(), 0
        # After each accepted token: how many bytes of `heal` + value are spelled.
        self._ends: list[int] = []
        self._check_budget()
        self.finish = self._finish()
        """Why the value ended; None while it goes on."""

    def allowed(self) -> Mask:
        """Which ids may come next. Read only."""
        if self._to_spell:
            return self._lexicon.healing(self._table, self._to_spell).allowed(self._left)
        mask = self._table.allowed_within(self._state, self._left)
        ends = self._may_end()
        mask[self._lexicon.ends] = ends and not self._request.ignore_eos
        if ends and self._follow_ends():
            mask |= self._lexicon.beginning(self._request.follow.encode())
        if not mask.any():
            raise EngineError("impossible", "the model's tokens cannot continue the value's text")
        return mask

    def push(self, token: int) -> None:
        """Takes an allowed token."""
        spelled = self._lexicon.vocabulary.tokens[token]
        if self._to_spell:
            self.finish = self._push_healing(spelled)
        elif spelled and self._table.advance(self._state, token) >= 0:
            self.finish = self._accept(spelled)
        else:
            # An end token, or one that begins the text that follows: neither is part of the value.
            self._cut = len(self._value)
            self.finish = "final" if spelled else "end"

    def take_settled(self) -> str:
        """The text that is certain to be in the value and was not taken yet."""
        end = self._stops.held if self._cut is None else self._cut
        end, start = max(end, self._streamed), self._streamed
        self._streamed = end
        return self._stream.push(bytes(self._value[start:end]))

    def assembled(self) -> Assembled:
        value = bytes(self._value if self._cut is None else self._value[: self._cut])
        kept = sum(end <= len(self._heal) + len(value) for end in self._ends)
        begun = self._ends[kept - 1] if kept else 0
        healing = sum(end <= len(self._heal) for end in self._ends[:kept])
        return Assembled(value.decode(), kept, (self._heal + value)[begun:], healing)

    def _check_budget(self) -> None:
        needed = self._table.distance(0)
        if needed > self._left:
            shortest = f"the shortest text of the value's type takes {needed} tokens, max_tokens is {self._left}"
            raise EngineError("impossible", shortest, "raise max_tokens")

    def _push_healing(self, spelled: bytes) -> Finish | None:
        within, beyond = spelled[: len(self._to_spell)], spelled[len(self._to_spell) :]
        self._to_spell = self._to_spell[len(within) :]
        if beyond:
            return self._accept(beyond)
        # A token that only spells old text costs nothing of max_tokens.
        self._ends.append(len(self._heal) - len(self._to_spell))
        return None

    def _accept(self, spelled: bytes) -> Finish | None:
        dfa, before = self._table.dfa, self._state
        self._state = dfa.walk(before, spelled)
        self._value += spelled
        self._ends.append(len(self._heal) + len(self._value))
        self._left -= 1
        self._min_left -= 1
        if self._min_left >= 0:
            self._stops.skip(len(spelled))
            return self._finish()
        for byte in spelled:
            # What is before a stop has to be a whole value (free text: end between two characters).
            found = self._stops.push(byte, may_begin=dfa.is_final(before))
            if found is not None:
                self._cut = found.start
                return "end" if found.text in self._turn_stops else "stop"
            before = dfa.step(before, byte)
        return self._finish()

    def _finish(self) -> Finish | None:
        """Ends the value where no further token fits: nothing can follow, or nothing within max_tokens."""
        targets = self._table.next_state[self._state]
        targets = targets[targets >= 0]
        if self._left > 0 and bool((self._table.distances[targets] < self._left).any()):
            return None
        self._cut = len(self._value)
        return "final" if self._request.constraint is not None and not len(targets) else "length"

    def _may_end(self) -> bool:
        return self._min_left <= 0 and self._table.dfa.is_final(self._state)

    def _follow_ends(self) -> bool:
        """Whether the text that follows would be noticed: the value itself cannot go on with its first byte."""
        follow = self._request.follow.encode()
        free = self._request.constraint is None
        return not free and follow != b"" and self._table.dfa.step(self._state, follow[0]) < 0


class Match(msgspec.Struct, frozen=True):
    """Where a stop begins, and its text (None: the pattern)."""

    start: int
    text: str | None


class StopSearch:
    """Finds the end of a text byte by byte: the stop that is complete first; of several, the one that began first.

    A thread is a stop that may have begun: it is followed at once in every stop text and in the pattern.
    """

    def __init__(self, texts: Sequence[str], pattern: Dfa | None = None) -> None:
        self._texts = [text for text in texts if text]
        self._needles = [text.encode() for text in self._texts]
        self._pattern = pattern
        self._fresh = [(n, 0) for n in range(len(self._needles))] + ([(-1, 0)] if pattern is not None else [])
        self._length = 0
        # (stop, state in it) -> where it began; the pattern is stop number -1.
        self._threads: dict[tuple[int, int], int] = {}

    @property
    def held(self) -> int:
        """How many bytes are certain not to be part of a stop."""
        return min(self._threads.values(), default=self._length)

    def skip(self, count: int) -> None:
        """Passes over bytes in which nothing stops."""
        self._length += count
        self._threads.clear()

    def push(self, byte: int, may_begin: bool = True) -> Match | None:
        """The stop that is complete with this byte. `may_begin`: whether one may begin with it."""
        began, self._length = self._length, self._length + 1
        fresh = self._fresh if may_begin else []
        threads: dict[tuple[int, int], int] = {}
        found: Match | None = None
        for (stop, state), start in [*self._threads.items(), *((thread, began) for thread in fresh)]:
            state = self._step(stop, state, byte)
            if state < 0:
                continue
            threads[stop, state] = min(start, threads.get((stop, state), start))
            if self._is_match(stop, state) and (found is None or start < found.start):
                found = Match(start, self._texts[stop] if stop >= 0 else None)
        # A stop text that is complete has nothing left to follow.
        self._threads = {t: s for t, s in threads.items() if t[0] < 0 or not self._is_match(*t)}
        return found

    def _step(self, stop: int, state: int, byte: int) -> int:
        if stop < 0:
            return self._pattern.step(state, byte) if self._pattern is not None else -1
        return state + 1 if self._needles[stop][state] == byte else -1

    def _is_match(self, stop: int, state: int) -> bool:
        if stop < 0:
            return self._pattern is not None and self._pattern.is_final(state)
        return state == len(self._needles[stop])
