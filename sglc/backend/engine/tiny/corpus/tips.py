"""examples/tips.sgl and programs like it: tips on a topic, and a paragraph on one tip.

Topics of lists/tips.txt have tips of their own; all others get the same five, with the topic in them.
"""

from __future__ import annotations

import random
from collections.abc import Sequence
from functools import lru_cache, partial

import msgspec

from sglc.backend.engine.tiny.corpus.chat_words import parts
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.programs import example, written
from sglc.backend.engine.tiny.corpus.slots import listed
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.backend.engine.tiny.corpus.wordings import wording
from sglc.ir.decode import to_json

_GENERIC = {
    "en": (
        ("Set one clear goal for {t}", "A clear goal for {t} shows the way. Write it down and look at it each week."),
        ("Give {t} fifteen minutes a day", "Fifteen minutes a day add up quickly. Choose a fixed time for {t}."),
        ("Ask someone who knows {t}", "People who know {t} save you many mistakes. Ask them what they would do first."),
        ("Write down what works", "Notes show what helps with {t}. Read them before the next try."),
        ("Keep it simple and be patient", "Good results with {t} take time. Small and simple steps lead there."),
    ),
    "zh": (
        ("给{t}定一个清楚的目标", "清楚的目标让{t}有方向。写下来,每周看一次。"),
        ("每天花十五分钟", "每天十五分钟,很快就有进步。给{t}留一个固定的时间。"),
        ("请教有经验的人", "有{t}经验的人能帮你少走弯路。问问他们会先做什么。"),
        ("记下有用的方法", "笔记能看出什么对{t}有帮助。下次之前先看一遍。"),
        ("从简单的开始,要有耐心", "{t}需要时间才有好结果。一小步一小步来。"),
    ),
}
_OWN = {
    "en": "{tip}: that helps with {t}. Begin small and do it again next week.",
    "zh": "{tip},对{t}有帮助。从小处开始,下周再做一次。",
}
"""The paragraph on a tip that is in no list."""

_NARROWER: dict[str, tuple[tuple[str, ...], tuple[str, ...]]] = {
    "en": (
        ("",),
        (" at home", " for beginners", " in winter", " with children", " on a budget", " after forty", " alone"),
    ),
    "zh": (("",), ("入门", "的方法", "的技巧", "的经验")),
}

_DO = {
    "en": (
        (
            "Bring",
            "Choose",
            "Buy",
            "Check",
            "Prepare",
            "Share",
            "Borrow",
            "Count",
            "Test",
            "Sort",
            "Use",
            "Mark",
            "Repair",
        ),
        (
            "a good map",
            "two spare pens",
            "the right tools",
            "a small bag",
            "a warm drink",
            "one new idea",
            "the old list",
        ),
        (
            "before you start",
            "each Monday",
            "in the evening",
            "with a friend",
            "once a month",
            "when it rains",
            "at noon",
        ),
    ),
    "zh": (
        ("每天早上", "每个周末", "开始之前", "下雨的时候", "有空的时候", "每个月", "晚上"),
        ("检查", "准备", "整理", "借", "买", "比较", "试用"),
        ("工具", "一张清单", "一本好书", "两个新点子", "合适的衣服", "旧笔记", "一杯热水"),
    ),
}


class Topic(msgspec.Struct, frozen=True):
    """`tips`: pairs of a tip, without a full stop, and a paragraph; `general`: such of them as fit any topic."""

    name: str
    tips: tuple[tuple[str, str], ...]
    general: tuple[tuple[str, str], ...]

    @property
    def known(self) -> bool:
        return self.tips != self.general


@lru_cache(maxsize=2)
def bank(language: str) -> tuple[tuple[tuple[str, ...], tuple[tuple[str, str], ...]], ...]:
    """(names of a topic, its tips)."""
    found = []
    for line in listed("tips" if language == "en" else "tips.zh"):
        names, *tips = parts(line)
        pairs = tuple((tip.split(">")[0], tip.split(">")[1]) for tip in tips)
        found.append((tuple(names.split("/")), pairs))
    return tuple(found)


def topic(draw: Draw, language: str) -> Topic:
    if draw.chance(0.55):
        names, tips = draw.any(bank(language))
        name = draw.of(names)
        return Topic(name, tips, _general(name, language))
    name = draw.of(listed("topics" if language == "en" else "topics.zh"))
    front, back = _NARROWER[language]
    name = f"{draw.any(front)}{name}{draw.any(back)}" if draw.chance(0.3) else name
    general = _general(name, language)
    return Topic(name, general, general)


def _general(name: str, language: str) -> tuple[tuple[str, str], ...]:
    return tuple((tip.format(t=name), text.format(t=name)) for tip, text in _GENERIC[language])


def about(this: Topic, texts: Sequence[str], wanted: Sequence[str]) -> bool:
    """All different, and most are on the topic: its own, such as fit any topic, or at least they name it."""
    if len(texts) != len(wanted) or len(set(texts)) != len(texts):
        return False
    fitting = {*wanted, *(text for pair in (*this.tips, *this.general) for text in pair)}
    return 2 * sum(text in fitting or this.name in text for text in texts) > len(texts)


def _number(path: str) -> int:
    return int(path.split("[", 1)[1].split("]")[0])


def tips(draw: Draw) -> Case:
    this = topic(draw, "en")
    return Case(
        program=example("tips"),
        function="tips",
        args={"topic": this.name},
        teacher=lambda path, told: this.tips[_number(path)][int(path.endswith("text"))],
        check=lambda value: about(this, value, [text for _, text in this.tips]),
    )


def _own_tip(random_: random.Random, language: str) -> str:
    first, second, third = (random_.choice(part) for part in _DO[language])
    return f"{first} {second} {third}" if language == "en" else f"{first}{second}{third}"


_EXPAND = """def expand(topic: str, tip: str) -> str:
    {head}
    {tail}
    return text
"""
_EXPAND_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "head": (
            *('"Topic: {topic}\\nTip: {tip}\\n"', 'user: "Topic: {topic}\\nTip: {tip}\\nWrite one paragraph."'),
            *('user: "Explain this tip about {topic} in two sentences: {tip}"', '"About {topic}\\n{tip}\\n"'),
            'user: "{tip}\\nWhy does that help with {topic}?"',
        ),
    },
    "zh": {
        "head": (
            *('"主题:{topic}\\n建议:{tip}\\n"', 'user: "主题:{topic}\\n建议:{tip}\\n请写一段话。"'),
            *('user: "请用两句话解释关于{topic}的建议:{tip}"', 'user: "{tip}\\n这对{topic}有什么用?"'),
        ),
    },
}
_TAILS = {
    "en": (
        '"One paragraph: {gen text: str with max_tokens=64, stop="\\n"}"',
        '"{gen text: str with max_tokens=80, stop="\\n"}"',
    ),
    "zh": (
        '"一段话:{gen text: str with max_tokens=64, stop="\\n"}"',
        '"{gen text: str with max_tokens=80, stop="\\n"}"',
    ),
}


def expand(draw: Draw, language: str) -> Case:
    """One paragraph on a tip of the topic, or on one that nobody has seen."""
    this = topic(draw, language)
    tip, text = draw.any(this.tips)
    if draw.chance(0.4):
        tip = draw.made(lambda r: _own_tip(r, language))
        text = _OWN[language].format(tip=tip, t=this.name)
    tail = draw.any(_TAILS[language])
    parts = wording(draw, _EXPAND_WORDS[language], 30)
    role = "assistant: " if parts["head"].startswith("user") else ""
    return Case(
        program=written(_EXPAND.format(**parts, tail=role + tail)),
        function="expand",
        args={"topic": this.name, "tip": tip},
        teacher=lambda path, told: text,
        check=lambda value: value == text or (not this.known and this.name in value),
    )


_LIST = """def give(topic: str) -> list[str]:
    {ask}
    {answer}
    return tips
"""
_LIST_WORDS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "ask": (
            *('user: "Give me {k} tips about {{topic}}."', 'user: "{k} short tips on {{topic}}, as JSON."'),
            *(
                'user: "What are {k} good tips for {{topic}}?"',
                '"{k} tips for {{topic}}:\\n"',
                'user: "Topic: {{topic}}\\nTips: {k}"',
            ),
            'user: "I need help with {{topic}}. Name {k} things that I can do."',
        ),
        "number": ("two", "three", "four", "five", "2", "3", "4", "5"),
    },
    "zh": {
        "ask": (
            *('user: "请给我{k}个关于{{topic}}的建议。"', 'user: "{{topic}}有哪些好建议?写{k}个。"'),
            *(
                '"{k}个关于{{topic}}的建议:\\n"',
                'user: "主题:{{topic}},建议:{k}个"',
                'user: "我想了解{{topic}},请写{k}条建议。"',
            ),
        ),
        "number": ("两", "三", "四", "五", "2", "3", "4", "5"),
    },
}
_STEPS = {
    "list": "gen tips: list[str(max=80)](min={n}, max={n}) with max_tokens=160",
    "lines": '"{{i + 1}}. {{gen tip: str with max_tokens=32, stop="\\n"}}{end}"',
}


def listing(draw: Draw, language: str) -> Case:
    """Two to five tips, as a JSON list or as numbered lines."""
    this = topic(draw, language)
    parts = wording(draw, _LIST_WORDS[language], 80)
    number = parts["number"]
    count = _LIST_WORDS[language]["number"].index(number) % 4 + 2
    ask = parts["ask"].format(k=number)
    ask = ask.replace(f'"{number}', f'"{number.capitalize()}') if language == "en" else ask
    role = "assistant: " if ask.startswith("user") else ""
    wanted = [tip for tip, _ in this.tips[:count]]
    if draw.chance(0.5):
        answer = role + _STEPS["list"].format(n=count)
    else:
        # Messages of one role are joined by a newline, plain text is not.
        line = _STEPS["lines"].format(end="" if role else "\\n")
        answer = f"tips = for i in range({count}):\n        {role}{line}\n        yield tip"
    return Case(
        program=written(_LIST.format(ask=ask, answer=answer)),
        function="give",
        args={"topic": this.name},
        teacher=lambda path, told: wanted[_number(path)] if "[" in path else to_json(wanted),
        check=lambda value: about(this, value, wanted),
    )


TASKS = (
    Task("tips", "tips", "en", tips, 1.2),
    Task("tips_expand", "tips", "en", partial(expand, language="en"), 0.5),
    Task("tips_expand_zh", "tips", "zh", partial(expand, language="zh"), 0.5),
    Task("tips_list", "tips", "en", partial(listing, language="en"), 0.5),
    Task("tips_list_zh", "tips", "zh", partial(listing, language="zh"), 0.6),
)
