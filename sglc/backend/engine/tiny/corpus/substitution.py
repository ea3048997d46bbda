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
from collections import Counter
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
SAMPLES, MOST_SAMPLES, IDLE = 150, 1500, 100
"""Cases of a task that are looked at for the words that it says by itself: fewest, most, and how many without a new one."""
_WORD = re.compile(r"[\u3400-\u9fff]|[^\W\d_\u3400-\u9fff]+")
_RENDERED = """true false null none name arguments is one of JSON To call it write Tool string integer number boolean array
or and default at most least items"""
_NUMBERS = """zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen
eighteen nineteen twenty thirty forty fifty sixty seventy eighty ninety hundred thousand million half minus
零 一 二 三 四 五 六 七 八 九 十 百 千 万 两 半 点"""
"""Words that replies write as numbers."""
_TIMES = """january february march april may june july august september october november december jan feb mar apr jun jul aug sep
oct nov dec monday tuesday wednesday thursday friday saturday sunday noon midnight am pm morning afternoon evening night past
quarter today tomorrow yesterday 年 月 日 号 周 星 期 上 下 午 晚 早 中 夜 今 明 后 昨 天 时 分 刻"""
"""Words that replies write as dates and times."""
_FIXED = frozenset(f"{_RENDERED} {_NUMBERS} {_TIMES}".casefold().split())
"""Words of what `describe` and `call` render."""
_NEGATIONS = frozenset(
    {"no", "not", "never", "without", "nobody", "nothing", "neither", "cannot", "t", "不", "没", "无", "未", "别", "非"}
) | frozenset(f"{_NUMBERS} {_TIMES}".split())
"""Words without which a sentence says the opposite."""


def words(text: str) -> Iterator[str]:
    return (found[0] for found in _WORD.finditer(text))


@lru_cache(maxsize=20_000)
def _folded(program: str) -> frozenset[str]:
    """The words of a program, of which there are far fewer than of cases."""
    return frozenset(word.casefold() for word in words(program))


def _told_and_said(talk: Talk) -> tuple[set[str], set[str]]:
    told: set[str] = set()
    said: set[str] = set()
    for _, pieces in talk:
        for piece in pieces:
            (said if piece.learn else told).update(words(piece.text))
    return told, said


def own_words(task: Task) -> frozenset[str]:
    """What replies of the task say without having been told it, in some of its cases; in small letters.

    Looks at cases until a hundred of them have added nothing.
    """
    found: set[str] = set()
    draw = Draw(f"own words of {task.name}")
    idle = 0
    for number in range(MOST_SAMPLES):
        before = len(found)
        try:
            talks = talks_of(task.make(draw))
        except (ValueError, KeyError):
            continue  # one unlucky case; the training run tells of those
        for talk in talks:
            told, said = _told_and_said(talk)
            found |= {word.casefold() for word in said - told}
        idle = 0 if len(found) > before else idle + 1
        if idle >= IDLE and number >= SAMPLES:
            break
    return frozenset(found)


@lru_cache(maxsize=1)
def _chinese_names() -> re.Pattern[str]:
    """Countries and cities, whole: their characters are not names by themselves."""
    names = (name for listed in ("countries.zh", "cities.zh") for name in slots.listed(listed) if len(name) > 1)
    return re.compile("|".join(sorted(names, key=len, reverse=True)))


@lru_cache(maxsize=1)
def _names_that_tell() -> frozenset[str]:
    """Countries and cities: the model is asked for what it knows of them."""
    lines = (line for name in ("countries", "cities") for line in slots.listed(name))
    return frozenset(word.casefold() for line in lines for word in words(line))


@lru_cache(maxsize=1)
def common_characters() -> tuple[str, ...]:
    """The 3,755 characters of GB 2312's first level, by sound."""
    codes = (bytes((row, cell)) for row in range(0xB0, 0xD8) for cell in range(0xA1, 0xFF))
    return tuple(code.decode("gb2312") for code in codes if code < b"\xd7\xfa")


class Substitution:
    """`pieces`: letters that the tokenizer has tokens for, so that each of them gets copied now and then."""

    def __init__(
        self, tasks: Sequence[Task], pieces: Iterable[str], own: Mapping[str, Iterable[str]] | None = None
    ) -> None:
        """`own`: what `own_words` gives of each task, where it is known already."""
        copying = [task for task in tasks if task.kind in KINDS]
        self.own = {task.name: frozenset(own[task.name]) if own else own_words(task) for task in copying}
        self.pieces = tuple(dict.fromkeys(piece.lower() for piece in pieces if piece.isascii() and piece.isalpha()))

    def of(self, talks: Sequence[Talk], task: Task, case: Case, random_: random.Random) -> list[Talk]:
        """The conversations of a case of the task, most of them with other words."""
        noise = NOISE.get(task.kind, 0.0)
        own = self.own.get(task.name)
        if own is None and not noise:
            return list(talks)
        fixed = _folded(case.program.text) | frozenset(word.casefold() for word in words(case.keep))
        out = []
        for talk in talks:
            if noise and random_.random() < NOISY:
                talk = self._noisy(talk, case.args, fixed | _NEGATIONS, noise, random_)
            if own is not None and random_.random() < SHARE:
                talk = self._exchanged(talk, own | fixed | _FIXED | _names_that_tell(), random_)
            out.append(talk)
        return out

    def _exchanged(self, talk: Talk, fixed: frozenset[str], random_: random.Random) -> Talk:
        told, said = _told_and_said(talk)
        text = "".join(piece.text for _, pieces in talk for piece in pieces)
        named = frozenset("".join(_chinese_names().findall(text)))
        new: dict[str, str] = {}
        for word in sorted(told & said):
            if word in named or word.casefold() in fixed:
                continue
            if word > "\u3400":
                if random_.random() < SHARE_OF_CHARACTERS:
                    new[word] = random_.choice(common_characters())
            elif len(word) > 1 and random_.random() < SHARE_OF_WORDS:
                new[word] = self._word_like(word, random_)
        return _with(talk, new) if new else talk

    def _noisy(
        self, talk: Talk, args: Mapping[str, Any], fixed: frozenset[str], share: float, random_: random.Random
    ) -> Talk:
        """Words of arguments that are texts are lost, and only there; none that two texts share, such as the name of what
        a question and a document are about, or a label and its example."""
        _, said = _told_and_said(talk)
        spared = fixed | {word.casefold() for word in said}
        texts = Counter(word for text in texts_in(args) for word in {word.casefold() for word in words(text)})
        changes: dict[str, str] = {}
        for text in args.values():
            if not isinstance(text, str):
                continue
            new: dict[str, str] = {}
            for word in sorted(set(words(text))):
                known = word.casefold()
                if known not in spared and texts[known] == 1 and random_.random() < share:
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
