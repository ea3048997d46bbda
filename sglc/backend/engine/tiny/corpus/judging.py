"""examples/judge.sgl and programs like it: notes that quote an essay, a grade by a rule; yes or no with a reason."""

from __future__ import annotations

import re
from functools import partial
from typing import Any

import msgspec

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.judging_words import DECIDE_WORDS, NOISE, NOTES, SIDES, VERDICTS, rules
from sglc.backend.engine.tiny.corpus.programs import example, written
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.backend.engine.tiny.corpus.wordings import wording
from sglc.ir.decode import to_json


class Essay(msgspec.Struct, frozen=True):
    """`notes`: clarity, originality, evidence. `grade`: 3, and 2 for clarity, 1 for originality, 3 for evidence.

    `marks`: the texts by whose words originality and evidence are known.
    """

    text: str
    notes: tuple[str, str, str]
    grade: int
    marks: str


def _start(text: str, language: str) -> str:
    """The first words of a sentence, to be quoted."""
    return " ".join(text.split(" ")[:5]) if language == "en" else re.split("[,。]", text)[0]


def _claim(draw: Draw, language: str) -> tuple[str, str]:
    """What an essay wants, and its idea: a statement, or someone who should do something."""
    ending = "" if language == "en" else ".zh"
    if draw.chance(0.3):
        statement = draw.of(slots.listed(f"essay_statements{ending}"))
        return statement, statement
    subject, idea = draw.of(slots.listed(f"essay_subjects{ending}")), draw.of(slots.listed(f"essay_ideas{ending}"))
    return f"{subject} should {idea}" if language == "en" else f"{subject}应该{idea}", idea


def essay(draw: Draw, language: str) -> Essay:
    notes_, english = NOTES[language], language == "en"
    parts = {
        name: slots.listed(f"essay_{name}{'' if english else '.zh'}")
        for name in ("reasons", "fresh", "things", "worn", "evidence")
    }
    claim, idea = _claim(draw, language)
    clear, original, proved = draw.chance(0.6), draw.chance(0.4), draw.chance(0.5)
    reasons = draw.some(parts["reasons"], draw.any((1, 2, 2, 3)) if clear else 5)
    if not clear:
        claim += ", which is a thing that " if english else ",这件事"
        claim += "has been said before" if english else "以前也有人提到过"
    claim = claim[0].upper() + claim[1:]
    because, joint, end = (", because ", " and ", ".") if english else (",因为", ",而且", "。")
    if draw.chance(0.3) and clear:
        first, *rest = [claim, *(r[0].upper() + r[1:] for r in reasons)]
        body = [first + end, *(r + end for r in rest)]
    else:
        body = [claim + because + joint.join(reasons) + end]
    extra = []
    picture = draw.of(parts["fresh"])
    fresh = picture.format(thing=draw.of(parts["things"]))
    extra += [fresh] if original else [draw.of(parts["worn"])] if draw.chance(0.3) else []
    evidence = draw.of(parts["evidence"])
    proof = evidence.format(
        k=draw.number(2, 12),
        h=draw.number(2, 90) * 10,
        p=draw.number(3, 80),
        year=draw.number(1995, 2025),
        city=draw.of(slots.listed("cities" if english else "cities.zh")),
        name=slots.person(draw) if english else slots.chinese_person(draw),
    )
    extra += [proof] if proved else []
    text = (" " if english else "").join(body + draw.shuffled(extra))
    idea = idea if idea in text else idea[0].upper() + idea[1:]
    notes = (
        notes_["clear" if clear else "long"].format(quote=_start(claim, language)),
        notes_["original" if original else "common"].format(quote=_start(fresh, language) if original else idea),
        notes_["proof"].format(quote=proof) if proved else notes_["none"],
    )
    marks = f"{picture} {evidence}".replace("{", " ").replace("}", " ")
    return Essay(text, notes, 3 + 2 * clear + original + 3 * proved, marks)


def judge(draw: Draw) -> Case:
    this = essay(draw, "en")
    return Case(
        program=example("judge"),
        function="judge",
        args={"essay": this.text},
        teacher=lambda path, told: str(this.grade) if path.endswith("grade") else this.notes[_index(path)],
        check=lambda value: bool(value == this.grade),
        keep=this.marks,
    )


def _index(path: str) -> int:
    return int(path.rsplit("[", 1)[1].split("]")[0])


_JUDGE = """SIDES = [{sides}]

type Score = int(min=1, max=10)


def judge(essay: str) -> tuple[list[str], Score]:
    user: "{read}\\n{{essay}}"
    notes = fork side in SIDES:
        user: "{ask}"
        assistant: gen note: str with max_tokens=80, stop="\\n"
        yield note
    user:
        for side, note in zip(SIDES, notes): "{{side}}: {{note}}\\n"
        "{all}"
    assistant: gen grade: Score
    return (notes, grade)
"""
_JUDGE_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "sides": ('"clarity", "originality", "evidence"',),
        "read": ("Read this essay.", "Here is a text of a pupil:", "The text:", "Please read:", "Essay:"),
        "ask": (
            "Judge its {side} in a few sentences.",
            "How is the {side}?",
            "Write a note about {side}.",
            "What about {side}?",
        ),
        "all": ("Give one overall grade from 1 to 10.", "Now the grade, 1 to 10.", "Overall grade?"),
    },
    "zh": {
        "sides": ('"表达", "新意", "证据"', '"清楚程度", "新意", "证据"'),
        "read": ("请读这篇短文。", "学生的短文:", "短文:", "请阅读:"),
        "ask": ("请用几句话评价它的{side}。", "{side}怎么样?", "写一句关于{side}的评语。"),
        "all": ("请给出总分,1到10分。", "现在打总分(1到10)。", "总分是多少?"),
    },
}


def reworded(draw: Draw, language: str) -> Case:
    this = essay(draw, language)
    return Case(
        program=written(_JUDGE.format(**wording(draw, _JUDGE_WORDS[language], 50))),
        function="judge",
        args={"essay": this.text},
        teacher=lambda path, told: str(this.grade) if path.endswith("grade") else this.notes[_index(path)],
        check=lambda value: tuple(value[0]) == this.notes and value[1] == this.grade,
        keep=this.marks,
    )


_DECIDE = """type {name}:
    {first}
    {second}


def decide(rule: str, case: str) -> {name}:
    {system}user: "{ask}{{describe({name})}}"
    assistant: gen out: {name} with max_tokens=64
    return out
"""


def _near(draw: Draw, limit: int, low: int) -> int:
    """The limit itself, a number near it, or one far from it: 1.5 times as large or as small, or more."""
    if draw.chance(0.06):
        return limit
    far = draw.chance(0.5)
    if draw.chance(0.5):
        return draw.number(limit * 3 // 2 + 1, limit * 3 + 1) if far else limit + draw.number(1, max(2, limit // 3))
    smallest = max(1, min(low, limit) // 3)
    if far and limit * 2 // 3 > smallest:
        return draw.number(smallest, limit * 2 // 3)
    return max(1, limit - draw.number(1, max(1, limit // 3)))


def decide(draw: Draw, language: str) -> Case:
    direction, unit, low, high, rule, case = draw.of(rules(language)).split(" | ")
    limit = draw.number(int(low), int(high))
    value = _near(draw, limit, int(low))
    keeps = value <= limit if direction == "most" else value >= limit
    person = slots.person if language == "en" else slots.chinese_person
    noise = draw.one_way(draw.any(NOISE[language])).format(
        k=draw.number(2, 900), m=person(draw), d=draw.of(slots.listed("days" if language == "en" else "days.zh"))
    )
    parts = wording(draw, DECIDE_WORDS[language], 500)
    flag, why, kind = parts.pop("flag"), parts.pop("why"), parts.pop("type")
    fields = [f"{flag}: {kind}", f"{why}: str(max=80)"]
    flag_first = parts.pop("order") == "flag"
    first, second = fields if flag_first else fields[::-1]
    labels = [part.strip(' "') for part in kind.split("|")]
    verdict: Any = keeps if kind == "bool" else labels[not keeps]
    side = SIDES[language][(value >= limit) + (value > limit)]
    reason = VERDICTS[language][direction].format(v=value, u=unit, l=limit, side=side)
    wanted = {flag: verdict, why: reason} if flag_first else {why: reason, flag: verdict}
    return Case(
        program=written(_DECIDE.format(first=first, second=second, **parts)),
        function="decide",
        args={"rule": rule.format(l=limit), "case": case.format(n=person(draw), v=value) + noise},
        teacher=lambda path, told: to_json(wanted),
        check=lambda found: found[flag] == verdict and str(value) in found[why] and str(limit) in found[why],
    )


TASKS = (
    Task("judge", "judgement", "en", judge, 1.0),
    Task("judge_reworded", "judgement", "en", partial(reworded, language="en"), 0.4),
    Task("judge_zh", "judgement", "zh", partial(reworded, language="zh"), 0.7),
    Task("decide", "judgement", "en", partial(decide, language="en"), 0.8),
    Task("decide_zh", "judgement", "zh", partial(decide, language="zh"), 0.7),
)
