"""Conversations in which words that are only copied are exchanged for others, the same ones wherever they stand; and noise.

Lists of names and things are finite: a model learns them by heart and then copies nothing else. Where a reply copies a
word from a text, which word it is does not matter; so any other word does as well, and copying is all there is to learn.
A word is exchanged if the reply has it from what was told, the program's own text does not have it, and no reply of the
task ever says it by itself. Words are runs of letters; a Chinese character is a word.

Templates are finite as well. So that no single word of one decides, a few words of what is told, neither of the program
nor copied, are lost in some conversations: other ones stand there, or none.
"""

from __future__ import annotations

import random
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from typing import Any

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.talk import Case, Piece, Talk, Task, talks_of

KINDS = frozenset({"extraction", "reply", "passage", "choice", "chat", "itinerary", "judgement", "copy", "comparison"})
"""Kinds of tasks whose replies copy. In the others a copied word may be one that decides."""
SHARE, SHARE_OF_WORDS, SHARE_OF_CHARACTERS = 0.75, 0.8, 0.6
NOISE = {"intent": 0.12, "classification": 0.08, "extraction": 0.04, "passage": 0.03, "choice": 0.04, "reply": 0.03}
"""Kind of task -> the share of told words that are lost in a noisy conversation."""
NOISY = 0.35
"""The share of noisy conversations."""
SAMPLES = 150
"""Cases of a task that are looked at for the words that it says by itself."""
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+")
_RENDERED = """true false null none name arguments is one of JSON To call it write Tool string integer number boolean array
or and default at most least items"""
_NUMBERS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million half minus
零 一 二 三 四 五 六 七 八 九 十 百 千 万 两 半 下 点"""
"""Words that replies write as numbers."""
_FIXED = frozenset(_RENDERED.split()) | frozenset(_NUMBERS.split())
"""Words of what `describe` and `call` render."""
_NEGATIONS = frozenset(
    {"no", "not", "never", "without", "nobody", "nothing", "neither", "cannot", "t", "不", "没", "无", "未", "别", "非"}
) | frozenset(_NUMBERS.split())
"""Words without which a sentence says the opposite."""


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

    def of(self, talks: Sequence[Talk], task: Task, case: Case, random_: random.Random) -> list[Talk]:
        """The conversations of a case of the task, most of them with other words."""
        noise = NOISE.get(task.kind, 0.0)
        own = self.own.get(task.name)
        if own is None and not noise:
            return list(talks)
        fixed = frozenset(words(case.program.text)) | frozenset(words(case.keep))
        out = []
        for talk in talks:
            if noise and random_.random() < NOISY:
                talk = self._noisy(talk, tuple(texts_in(case.args)), fixed | _NEGATIONS, noise, random_)
            if own is not None and random_.random() < SHARE:
                talk = self._exchanged(talk, own | fixed | _FIXED | _names_that_tell(), random_)
            out.append(talk)
        return out

    def _exchanged(self, talk: Talk, fixed: frozenset[str], random_: random.Random) -> Talk:
        told, said = _told_and_said(talk)
        new: dict[str, str] = {}
        for word in sorted((told & said) - fixed):
            if word > "\u3400":
                if random_.random() < SHARE_OF_CHARACTERS:
                    new[word] = random_.choice(common_characters())
            elif len(word) > 1 and random_.random() < SHARE_OF_WORDS:
                new[word] = self._word_like(word, random_)
        return _with(talk, new) if new else talk

    def _noisy(
        self, talk: Talk, given: Sequence[str], fixed: frozenset[str], share: float, random_: random.Random
    ) -> Talk:
        """Words of the arguments are lost, and only there."""
        _, said = _told_and_said(talk)
        changes: dict[str, str] = {}
        for text in given:
            new: dict[str, str] = {}
            for word in sorted(set(words(text)) - said - fixed):
                if random_.random() < share:
                    new[word] = "" if random_.random() < 0.3 else self._other(word, random_)
            if new:
                changes[text] = _changed(text, new)
        return tuple((role, tuple(_replaced(piece, changes) for piece in pieces)) for role, pieces in talk)

    def _other(self, word: str, random_: random.Random) -> str:
        return random_.choice(common_characters()) if word > "\u3400" else self._word_like(word, random_)

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


def texts_in(value: Any) -> Iterator[str]:
    """The texts of arguments, also those in lists and records."""
    if isinstance(value, str):
        yield value
    elif isinstance(value, Mapping):
        for inner in value.values():
            yield from texts_in(inner)
    elif isinstance(value, Sequence):
        for inner in value:
            yield from texts_in(inner)


def _changed(text: str, new: Mapping[str, str]) -> str:
    return _WORD.sub(lambda found: new.get(found[0], found[0]), text)


def _with(talk: Talk, new: Mapping[str, str]) -> Talk:
    return tuple(
        (role, tuple(Piece(_changed(piece.text, new), piece.learn, piece.free) for piece in pieces))
        for role, pieces in talk
    )


def _replaced(piece: Piece, changes: Mapping[str, str]) -> Piece:
    """`piece` with other texts, where it is told."""
    text = piece.text
    if not piece.learn:
        for old, new in changes.items():
            text = text.replace(old, new)
    return Piece(text, piece.learn, piece.free)
