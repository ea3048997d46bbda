"""Conversations in which words that are only copied are exchanged for others, the same ones wherever they stand.

Lists of names and things are finite: a model learns them by heart and then copies nothing else. Where a reply copies a
word from a text, which word it is does not matter; so any other word does as well, and copying is all there is to learn.
A word is exchanged if the reply has it from what was told, the program's own text does not have it, and no reply of the
task ever says it by itself. Words are runs of letters; a Chinese character is a word.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.talk import Piece, Talk, Task, talks_of

KINDS = frozenset({"extraction", "reply", "passage", "choice", "chat", "itinerary"})
"""Kinds of tasks whose replies copy. In the others a copied word may be one that decides."""
SHARE, SHARE_OF_WORDS, SHARE_OF_CHARACTERS = 0.5, 0.8, 0.6
SAMPLES = 150
"""Cases of a task that are looked at for the words that it says by itself."""
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+")
_FIXED = frozenset({"true", "false", "null", "none", "name", "arguments"})


def words(text: str) -> Iterator[str]:
    return (found[0] for found in _WORD.finditer(text))


def _told_and_said(talk: Talk) -> tuple[set[str], set[str]]:
    told: set[str] = set()
    said: set[str] = set()
    for _, pieces in talk:
        for piece in pieces:
            (said if piece.learn else told).update(words(piece.text))
    return told, said


def own_words(task: Task) -> frozenset[str]:
    """What replies of the task say without having been told it, in some of its cases."""
    found: set[str] = set()
    draw = Draw(f"own words of {task.name}")
    for _ in range(SAMPLES):
        for talk in talks_of(task.make(draw)):
            told, said = _told_and_said(talk)
            found |= said - told
    return frozenset(found)


@lru_cache(maxsize=1)
def _names_that_tell() -> frozenset[str]:
    """Countries and cities: the model is asked for what it knows of them."""
    lists = ("countries", "countries.zh", "cities", "cities.zh")
    return frozenset(word for name in lists for line in slots.listed(name) for word in words(line) if len(word) > 1)


@lru_cache(maxsize=1)
def common_characters() -> tuple[str, ...]:
    """The 3,755 characters of GB 2312's first level, by sound."""
    codes = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return tuple(code.decode("gb2312") for code in codes if code < b"\xd7\xfa")


class Substitution:
    """`pieces`: letters that the tokenizer has tokens for, so that each of them gets copied now and then."""

    def __init__(self, tasks: Sequence[Task], pieces: Iterable[str]) -> None:
        self.own = {task.name: own_words(task) for task in tasks if task.kind in KINDS}
        self.pieces = tuple(dict.fromkeys(piece.lower() for piece in pieces if piece.isascii() and piece.isalpha()))

    def of(self, talks: Sequence[Talk], task: Task, program: str, random_: random.Random) -> list[Talk]:
        """The talks, half of them with other words. `program`: the text of the program they are runs of."""
        if task.name not in self.own:
            return list(talks)
        fixed = self.own[task.name] | _FIXED | _names_that_tell() | frozenset(words(program))
        return [self._exchanged(talk, fixed, random_) if random_.random() < SHARE else talk for talk in talks]

    def _exchanged(self, talk: Talk, fixed: frozenset[str], random_: random.Random) -> Talk:
        told, said = _told_and_said(talk)
        new: dict[str, str] = {}
        for word in sorted((told & said) - fixed):
            if word > "\u3400":
                if random_.random() < SHARE_OF_CHARACTERS:
                    new[word] = random_.choice(common_characters())
            elif len(word) > 1 and random_.random() < SHARE_OF_WORDS:
                new[word] = self._word_like(word, random_)
        if not new:
            return talk
        return tuple((role, tuple(_with(piece, new) for piece in pieces)) for role, pieces in talk)

    def _word_like(self, word: str, random_: random.Random) -> str:
        """Letters at random, or pieces that the tokenizer knows; as long as `word` or little longer, in its case."""
        longest = len(word) + random_.randint(-2, 2)
        if len(word) <= 3 or random_.random() < 0.3 or not self.pieces:
            made = "".join(random_.choices("abcdefghijklmnopqrstuvwxyz", k=len(word)))
        else:
            made = ""
            while len(made) < max(3, longest - 1):
                made += random_.choice(self.pieces)
            made = made[: max(3, longest)]
        if word.isupper():
            return made.upper()
        return made.capitalize() if word[0].isupper() else made


def _with(piece: Piece, new: Mapping[str, str]) -> Piece:
    text = _WORD.sub(lambda found: new.get(found[0], found[0]), piece.text)
    return Piece(text, piece.learn, piece.free) if text != piece.text else piece
