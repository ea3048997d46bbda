"""Plain text that goes on: stories, descriptions, dialogues, instructions, letters, news, diaries, weather reports."""

from __future__ import annotations

from functools import partial

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.programs import written
from sglc.backend.engine.tiny.corpus.story_words import SLOTS, TEXTS
from sglc.backend.engine.tiny.corpus.talk import Case, Task


def text(draw: Draw, language: str) -> list[str]:
    """The sentences of one text."""
    english = language == "en"
    person = slots.person if english else slots.chinese_person
    names = [person(draw).split(" ")[0] for _ in range(2)]
    values = {slot: draw.of(texts) for slot, texts in SLOTS[language].items()}
    values |= {
        "n": names[0],
        "m": names[1],
        "city": draw.of(slots.listed("cities" if english else "cities.zh")),
        "day": draw.of(slots.listed("days" if english else "days.zh")),
        "k": str(draw.number(3, 400)),
        "t": str(draw.number(1, 33)),
    }
    genre = draw.any(sorted(TEXTS[language]))
    # Alternatives have no sides: all sentences may follow all, and what counts here are the values.
    return [draw.any(alternatives).format(**values) for alternatives in TEXTS[language][genre]]


def loops(said: str) -> bool:
    """True if some piece of 12 characters comes four times."""
    pieces = [said[at : at + 12] for at in range(len(said) - 11)]
    return any(pieces.count(piece) > 3 for piece in set(pieces))


def ends_well(said: str) -> bool:
    return len(said.strip()) > 3 and said.rstrip()[-1] in '.!?"。!?”:' and not loops(said)


_PROGRAMS = {
    "en": (
        '    "{start}{gen text: str with max_tokens=160}"\n',
        '    "{start}{gen text: str with max_tokens=160, temperature=0.7}"\n',
        '    "{start}{gen text: str with max_tokens=120, stop="\\n"}"\n',
        '    user: "Continue: {start}"\n    assistant: gen text: str with max_tokens=160\n',
        '    user: "Go on with this text.\\n{start}"\n    assistant: gen text: str with max_tokens=160\n',
        '    user: "How does this go on?\\n\\n{start}"\n    assistant: gen text: str with max_tokens=160, stop="\\n\\n"\n',
        '    user: "Write the rest.\\n{start}"\n    assistant: gen text: str with max_tokens=160\n',
        '    system: "You write simple texts."\n    user: start\n    assistant: gen text: str with max_tokens=160\n',
    ),
    "zh": (
        '    "{start}{gen text: str with max_tokens=160}"\n',
        '    "{start}{gen text: str with max_tokens=160, stop="\\n"}"\n',
        '    user: "请接着写:{start}"\n    assistant: gen text: str with max_tokens=160\n',
        '    user: "请把下面的文字写完。\\n{start}"\n    assistant: gen text: str with max_tokens=160\n',
        '    user: "接下来会怎样?\\n{start}"\n    assistant: gen text: str with max_tokens=160, stop="\\n\\n"\n',
    ),
}


def go_on(draw: Draw, language: str) -> Case:
    """Plain programs may cut inside a sentence; a message holds whole sentences, of which the last are to be found."""
    sentences = text(draw, language)
    body = draw.any(_PROGRAMS[language])
    joint = " " if language == "en" else ""
    if "user:" in body:
        told = draw.number(1, 2)
        start, rest = joint.join(sentences[:told]), joint.join(sentences[told:])
    else:
        whole = joint.join(sentences)
        cuts = [at for at in range(8, len(whole) // 2) if language == "zh" or whole[at] == " "]
        cut = draw.any(cuts) if cuts else len(sentences[0])
        start, rest = whole[:cut], whole[cut:]
    return Case(
        program=written(f"def go_on(start: str) -> str:\n{body}    return text\n"),
        function="go_on",
        args={"start": start},
        teacher=lambda path, told: rest,
        check=ends_well,
    )


TASKS = (
    Task("continuation", "continuation", "en", partial(go_on, language="en"), 1.0),
    Task("continuation_zh", "continuation", "zh", partial(go_on, language="zh"), 0.8),
)
