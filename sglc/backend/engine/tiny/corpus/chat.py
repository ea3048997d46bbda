"""examples/chat.sgl and sessions like it: conversations that tell facts, ask for them later, and talk about small things."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Sequence
from functools import lru_cache
from typing import Any, NamedTuple

from sglc.backend.engine.tiny.corpus import chat_words, slots, wording
from sglc.backend.engine.tiny.corpus.chat_words import Fact, wordings
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.programs import EXAMPLES, Source, written
from sglc.backend.engine.tiny.corpus.talk import Case, Task

LONGEST = 24
"""Turns of one conversation; nearly all have at most USUAL."""
USUAL = 8
TOOLS = """
tool say(at: int) -> str: http GET "{env.TALK_URL}/say/{at}"

tool told() -> str: http GET "{env.TALK_URL}/told"

tool right(replies: list[str]) -> bool: http GET "{env.TALK_URL}/right" with body=replies
"""
TOLD = """
session chat(lang: str):
    system: lang
"""
PLAIN = """
session chat(lang: str):
"""
TURN = """    turn(msg: str) -> str:
        user: msg
        assistant: gen reply: str with max_tokens=100, stop="\\n"
        return reply

"""
_QUOTES = {"en": '"{}"', "zh": "“{}”"}
_FIXED = {
    "en": {
        "hello": "Hello. How can I help you?",
        "hello+": "Hello, {}. How can I help you?",
        "thanks": "You are welcome.",
        "thanks+": "You are welcome, {}.",
        "bye": "Goodbye.",
        "bye+": "Goodbye, {}.",
        "last": "You said: {}",
        "first": "Your first message was: {}",
        "nothing": "You have not told me anything about yourself yet.",
        "silent": "I have not said anything yet.",
        "sum": "{} plus {} is {}.",
        "larger": "{} is larger than {}.",
        "capital": "The capital of {} is {}.",
    },
    "zh": {
        "hello": "您好。有什么可以帮您？",
        "hello+": "您好，{}。有什么可以帮您？",
        "thanks": "不客气。",
        "thanks+": "不客气，{}。",
        "bye": "再见。",
        "bye+": "再见，{}。",
        "last": "您说的是：{}",
        "first": "您的第一句话是：{}",
        "nothing": "您还没有告诉我关于您的事。",
        "silent": "我还没有说过话。",
        "sum": "{} 加 {} 等于 {}。",
        "larger": "{} 比 {} 大。",
        "capital": "{}的首都是{}。",
    },
}


class Turn(NamedTuple):
    """`needs`: what the reply has to hold."""

    message: str
    reply: str
    needs: tuple[str, ...]


@lru_cache(maxsize=4)
def _program(kind: str) -> Source:
    """A session with a test for each number of turns; what is said in them comes from tools."""
    head = {"told": TOLD + TURN, "plain": PLAIN + TURN}.get(kind)
    parts = [(EXAMPLES / "chat.sgl").read_text("utf-8").split('\ntest "')[0] if head is None else head, TOOLS]
    for count in range(1, LONGEST + 1):
        turns = "".join(f"    r{i} = talk.turn(say({i}))\n" for i in range(count))
        replies = ", ".join(f"r{i}" for i in range(count))
        parts.append(f'\ntest "{count}":\n    talk = chat(told())\n{turns}    expect right([{replies}])\n')
    return written("".join(parts))


class Conversation:
    """Grows turn by turn. `language`: of the messages; `speaks`: of the replies; `role`: what the system prompt says
    that the model is, in the language of the replies."""

    def __init__(self, draw: Draw, language: str, speaks: str, role: str) -> None:
        self.draw, self.language, self.speaks, self.role = draw, language, speaks, role
        self.facts: dict[tuple[str, int | str], Fact] = {}
        self.list: list[str] = []
        self.told: list[str] = []
        self.turns: list[Turn] = []

    def grow(self, count: int) -> None:
        acts: list[tuple[float, Callable[[], Turn | None]]] = [
            (10, self._tell),
            (10 if self.facts else 1, self._ask),
            (1.2, self._ask_unknown),
            (4, self._small),
            (0.8, self._who),
            (1.5, self._quote),
            (0.8, self._everything),
            (1.5 if self.list else 0, self._change_list),
            (2, self._task),
            (0.7, lambda: self._polite("thanks")),
            (0.4, lambda: self._polite("bye")),
            (0.5 if self.turns else 2.5, lambda: self._polite("hello")),
        ]
        while len(self.turns) < count:
            if count - len(self.turns) == 1 and self.facts and self.draw.chance(0.5):
                turn = self._ask()
            else:
                acts[1] = (10 if self.facts else 1, self._ask)
                acts[7] = (2.5 if self.list else 0, self._change_list)
                weights, makers = zip(*acts, strict=True)
                turn = self.draw.random.choices(makers, weights)[0]()
            if turn is not None:
                self.turns.append(turn)

    # --- what is said -------------------------------------------------------------------------------------------------

    def _heard(self, key: str) -> str:
        return self.draw.of(chat_words.lines("chat_talk", self.language)[key])

    def _fixed(self, key: str, *values: object) -> str:
        return _FIXED[self.speaks][key].format(*values)

    def _message(self, template: str, opening: str = "", share: float = 0.3) -> str:
        """With an opening out of a list, often; hasty now and then."""
        text = wording.hasty(self.draw, template)
        if not opening or not self.draw.chance(share):
            return text
        first = self._heard(opening)
        small = first[-1] not in ".!?:" and not text.startswith(("I ", "I'", "{"))
        gap = " " if self.language == "en" else ""
        return first + gap + (text[:1].lower() + text[1:] if small else text)

    def _sentence(self, fact: Fact, what: str, language: str) -> str:
        return fact.said(wordings(fact.kind, what, language)[0], language)

    # --- facts --------------------------------------------------------------------------------------------------------

    def _new_fact(self) -> tuple[Fact, bool]:
        """A fact, and whether it takes the place of an earlier one."""
        draw = self.draw
        if self.facts and draw.chance(0.15):
            kind, which = draw.any(list(self.facts))
        else:
            kind = draw.any(chat_words.KINDS)
            which = chat_words.draw_which(draw, kind, self.language)
        fact = chat_words.draw_fact(draw, kind, which, self.language)
        return fact, (kind, which) in self.facts

    def _learn(self, fact: Fact) -> None:
        # What is told anew counts as told last.
        self.facts.pop((fact.kind, fact.which), None)
        self.facts[fact.kind, fact.which] = fact
        self.told.append(fact.value)
        if fact.kind == "shopping":
            self.list = fact.value.replace(" and ", ", ").replace("和", "、").replace("、", ", ").split(", ")

    def _telling(self, fact: Fact, opening: str, share: float) -> str:
        template = self.draw.of(wordings(fact.kind, "tell", self.language))
        day = self.draw.any(slots.listed("days" if self.language == "en" else "days.zh"))
        return fact.said(self._message(template, opening, share), self.language).replace("{d}", day)

    def _tell(self) -> Turn:
        fact, changed = self._new_fact()
        text = self._telling(fact, "correct" if changed else "before", 0.8 if changed else 0.3)
        facts = [fact]
        if not changed and self.draw.chance(0.2):
            other, known = self._new_fact()
            if not known and (other.kind, other.which) != (fact.kind, fact.which):
                gap = " " if self.language == "en" else ""
                text = f"{text}{gap}{self._telling(other, '', 0)}"
                facts.append(other)
        for each in facts:
            self._learn(each)
        if self.draw.chance(0.06):
            gap = " " if self.language == "en" else ""
            return Turn(f"{text}{gap}{self._asking(fact)}", self._sentence(fact, "answer", self.speaks), (fact.value,))
        reply = self._all_of("ack", facts)
        return Turn(text, reply, tuple(each.value for each in facts))

    def _all_of(self, what: str, facts: Sequence[Fact]) -> str:
        gap = " " if self.speaks == "en" else ""
        return gap.join(self._sentence(fact, what, self.speaks) for fact in facts)

    def _asking(self, fact: Fact) -> str:
        template = self.draw.of(wordings(fact.kind, "ask", self.language))
        return fact.said(self._message(template, "question", 0.25), self.language)

    def _ask(self) -> Turn:
        if not self.facts:
            return self._ask_unknown()
        fact = self.draw.any(list(self.facts.values()))
        return Turn(self._asking(fact), self._sentence(fact, "answer", self.speaks), (fact.value,))

    def _ask_unknown(self) -> Turn:
        while True:
            kind = self.draw.any(chat_words.KINDS)
            which = chat_words.draw_which(self.draw, kind, self.language)
            if (kind, which) not in self.facts:
                break
        fact = Fact(kind, which, "")
        reply = self._sentence(fact, "unknown", self.speaks)
        return Turn(self._asking(fact), reply, (reply,))

    def _everything(self) -> Turn | None:
        facts = list(self.facts.values())
        if len(facts) > 3:
            return None
        message = self._message(self._heard("all"))
        if not facts:
            return Turn(message, self._fixed("nothing"), (self._fixed("nothing"),))
        return Turn(message, self._all_of("answer", facts), tuple(fact.value for fact in facts))

    def _change_list(self) -> Turn | None:
        draw, language = self.draw, self.language
        if len(self.list) > 1 and draw.chance(0.35):
            item, what = draw.any(self.list), "drop"
            self.list.remove(item)
        else:
            (item,), what = draw.some(slots.listed(f"groceries{chat_words.SUFFIXES[language]}"), 1), "add"
            if item in self.list or len(self.list) > 5:
                return None
            self.list.append(item)
        template = self._message(draw.of(wordings(what, "tell", language)))
        fact = Fact("shopping", "", chat_words.joined(self.list, language))
        self.facts["shopping", ""] = fact
        self.told.append(item)
        return Turn(template.replace("{v}", item), self._sentence(fact, "ack", self.speaks), (fact.value,))

    # --- the rest -----------------------------------------------------------------------------------------------------

    def _polite(self, key: str) -> Turn:
        name = self.facts.get(("name", ""))
        reply = self._fixed(f"{key}+", name.value) if name else self._fixed(key)
        return Turn(self._message(self._heard(key)), reply, (reply.split("。")[0].split(".")[0],))

    def _small(self) -> Turn:
        key = self.draw.any(list(chat_words.lines("chat_small", self.language)))
        message = self.draw.of(chat_words.lines("chat_small", self.language)[key][1:])
        reply = chat_words.lines("chat_small", self.speaks)[key][0]
        return Turn(self._message(message, "question", 0.05), reply, (reply,))

    def _who(self) -> Turn | None:
        if not self.role:
            return None
        reply = f"I am {self.role}." if self.speaks == "en" else f"我是{self.role}。"
        return Turn(self._message(self._heard("who")), reply, (self.role,))

    def _quote(self) -> Turn | None:
        """Asks for what was said before."""
        what = self.draw.any(("last", "first", "mine"))
        if not self.turns:
            return None
        if what == "mine":
            said = self.turns[-1].reply
            return Turn(self._heard("mine"), said, (said,))
        said = self.turns[0 if what == "first" else -1].message
        if len(said) > 90 or any(mark in said for mark in '"“”'):
            return None
        return Turn(self._heard(what), self._fixed(what, _QUOTES[self.speaks].format(said)), (said,))

    def _task(self) -> Turn:
        draw = self.draw
        match draw.any(("echo", "echo", "sum", "larger", "capital")):
            case "echo":
                lists = chat_words.lines("likes", self.language)
                words = [draw.of(lists[key]) for key in draw.shuffled(list(lists))[: draw.number(1, 3)]]
                if self.language == "en" and draw.chance(0.5):
                    words.append(draw.made(chat_words.coined))
                phrase = (" " if self.language == "en" else "").join(words)
                return Turn(self._heard("echo").replace("{v}", phrase), phrase, (phrase,))
            case "sum":
                a, b = draw.number(1, 20), draw.number(1, 20)
                reply = self._fixed("sum", a, b, a + b)
                return Turn(self._heard("sum").format(a=a, b=b), reply, (str(a + b),))
            case "larger":
                a, b = draw.random.sample(range(1, draw.any((20, 100, 1000))), 2)
                reply = self._fixed("larger", max(a, b), min(a, b))
                return Turn(self._heard("larger").format(a=a, b=b), reply, (reply,))
        row = draw.any(slots.listed("capitals")).split("|")
        country, city = row[:2] if self.speaks == "en" else row[2:]
        asked = row[0] if self.language == "en" else row[2]
        return Turn(self._heard("capital").replace("{a}", asked), self._fixed("capital", country, city), (city,))


def _fits(turn: Turn, reply: str, told: Sequence[str]) -> bool:
    """All that it needs is in the reply, and nothing of what was told for other questions."""
    strange = [value for value in told if len(value) > 1 and value not in turn.reply and value in reply]
    return all(need in reply for need in turn.needs) and not strange


def _case(draw: Draw, kind: str, told: str, talk: Conversation) -> Case:
    count = draw.number(1, USUAL) if draw.chance(0.96) else draw.number(USUAL + 1, LONGEST)
    talk.grow(count)
    turns = talk.turns
    replies = itertools.cycle([turn.reply for turn in turns])

    def tools(name: str, args: dict[str, Any]) -> Any:
        if name == "told":
            return told
        if name == "say":
            return turns[args["at"]].message
        return all(_fits(turn, reply, talk.told) for turn, reply in zip(turns, args["replies"], strict=True))

    return Case(
        program=_program(kind),
        function=f"test.{count - 1}",
        args={},
        teacher=lambda path, so_far: next(replies),
        check=lambda value: value is None,
        tools=tools,
    )


def english(draw: Draw) -> Case:
    """The example as it is, sometimes with answers in Chinese."""
    speaks = "zh" if draw.chance(0.1) else "en"
    role = "a friendly helper" if speaks == "en" else "一个友好的助手"
    return _case(draw, "example", "English" if speaks == "en" else "Chinese", Conversation(draw, "en", speaks, role))


def chinese(draw: Draw) -> Case:
    """The example with `lang="Chinese"` and Chinese messages; sometimes it answers in English."""
    speaks = "en" if draw.chance(0.1) else "zh"
    role = "a friendly helper" if speaks == "en" else "一个友好的助手"
    return _case(draw, "example", "English" if speaks == "en" else "Chinese", Conversation(draw, "zh", speaks, role))


def _own_session(draw: Draw, language: str) -> Case:
    """Sessions with other system prompts, or with none."""
    if draw.chance(0.25):
        return _case(draw, "plain", "", Conversation(draw, language, language, ""))
    suffix = chat_words.SUFFIXES[language]
    role, style = draw.of(slots.listed(f"chat_roles{suffix}")), draw.of(slots.listed(f"chat_styles{suffix}"))
    told = f"You are {role}. {style}" if language == "en" else f"你是{role}。{style}"
    return _case(draw, "told", told, Conversation(draw, language, language, role))


TASKS = (
    Task("chat", "chat", "en", english, 3.0),
    Task("chat_zh", "chat", "zh", chinese, 3.0),
    Task("chat_own", "chat", "en", lambda draw: _own_session(draw, "en"), 2.0),
    Task("chat_own_zh", "chat", "zh", lambda draw: _own_session(draw, "zh"), 2.0),
)
