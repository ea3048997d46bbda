"""Short texts made of short texts: a title, a summary, a polite request, and e-mails from given facts."""

from __future__ import annotations

import itertools
import random
import re
from collections.abc import Mapping
from functools import lru_cache

from sglc.backend.engine.tiny.corpus import assistant, chat_words, slots, wording
from sglc.backend.engine.tiny.corpus.chat_words import SUFFIXES, articles
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.programs import Source, written
from sglc.backend.engine.tiny.corpus.talk import Case, Task

_TITLE = {
    "en": (
        "Write a title for the text.",
        "Give this text a title.",
        "Find a short title.",
        "What is a good title for this?",
    ),
    "zh": ("给这段文字写一个标题。", "请起一个标题。", "为下面的内容写个短标题。", "这段话的标题是什么？"),
}
_SUMMARY = {
    "en": ("Summarize the text in one sentence.", "Sum this up in one sentence.", "Give a summary of one sentence."),
    "zh": ("用一句话总结这段文字。", "请用一句话概括。", "写一句话的摘要。"),
}
_POLITE = {
    "en": (
        "Rewrite the message politely.",
        "Say this in a polite way.",
        "Make this message polite.",
        "Rewrite it as a polite request.",
    ),
    "zh": ("把这句话改得礼貌一些。", "请礼貌地改写。", "用客气的话重写。", "改写成礼貌的请求。"),
}
_ASKS: Mapping[str, Mapping[str, tuple[str, ...]]] = {"title": _TITLE, "summary": _SUMMARY, "polite": _POLITE}
_LETTER = {
    "en": (
        "Write a short, polite e-mail.",
        "Write a polite e-mail.",
        "Write a friendly note.",
        "Draft a short e-mail.",
        "Please write an e-mail.",
    ),
    "zh": ("写一封简短礼貌的邮件。", "请写一封邮件。", "起草一封礼貌的短信。", "写一封客气的邮件。"),
}
_SYSTEMS = {
    "en": (
        "",
        "",
        "You are an editor.",
        "You are a helpful assistant.",
        "You write for a newspaper.",
        "You work in an office.",
    ),
    "zh": ("", "", "你是一位编辑。", "你是乐于助人的助手。", "你为报纸写稿。", "你在办公室工作。"),
}
_BEFORE = {"en": ("Text: ", "", "", "Message: ", "Note: "), "zh": ("正文：", "", "", "内容：", "留言：")}
_AFTER = {"en": ("", "", "Title: ", "Answer: "), "zh": ("", "", "标题：", "回答：")}
_ASKED = {"en": "Could you please {}?", "zh": "请您{}，谢谢。"}
_LABELS = {
    "en": {
        "to": ("To", "Recipient", "For"),
        "sender": ("From", "Sender", "Signed by"),
        "about": ("About", "Subject", "Message", "Purpose"),
    },
    "zh": {"to": ("收件人", "写给"), "sender": ("发件人", "署名"), "about": ("内容", "主题", "目的")},
}
VARIANTS = 150


@lru_cache(maxsize=2000)
def _program(skill: str, variant: int, language: str) -> Source:
    """text -> text with one instruction; some with a system prompt, some with a label before what is generated."""
    pick = random.Random(f"{skill}/{variant}/{language}")
    asked = _ASKS[skill][language]
    system, before, told = pick.choice(_SYSTEMS[language]), pick.choice(_BEFORE[language]), pick.choice(asked)
    user = pick.choice([f"{told}\\n\\n{before}{{text}}", f"{told}\\n{before}{{text}}", f"{before}{{text}}\\n\\n{told}"])
    after = pick.choice(_AFTER[language][: 4 if skill == "title" else 1])
    hole = "gen out: str with max_tokens=80" + pick.choice(["", ', stop="\\n"'])
    reply = f'"{after}{{{hole}}}"' if after else hole
    lines = [f'    system: "{system}"'] if system else []
    lines += [f'    user: "{user}"', f"    assistant: {reply}", "    return out", ""]
    return written("\n".join(["def rewrite(text: str) -> str:", *lines]))


def _values(draw: Draw, language: str) -> dict[str, str]:
    suffix = SUFFIXES[language]
    return {
        "thing": draw.of(slots.listed("products" + suffix)),
        "city": assistant.value(draw, "city", language),
        "person": assistant.entity(draw, "person", language),
        "day": draw.any(slots.listed("days" + suffix)),
        "n": draw.made(lambda r: str(r.randint(2, 300))),
        "place": draw.of(slots.listed("notes_places" + suffix)),
    }


def _filled(template: str, values: Mapping[str, str]) -> str:
    return wording.capital(articles(template.format_map(values)))


def _case(draw: Draw, skill: str, language: str, text: str, wanted: str) -> Case:
    return Case(
        program=_program(skill, draw.number(0, VARIANTS - 1), language),
        function="rewrite",
        args={"text": text},
        teacher=lambda path, told: wanted,
        check=lambda value: bool(value.strip() == wanted),
    )


def _sentences(draw: Draw, language: str, count: int) -> list[str]:
    """About one made-up thing."""
    thing = assistant.known(draw, draw.any(tuple(assistant.attributes(language))), language, count)
    return [thing.sentence(each) for each in thing.facts]


def _event(draw: Draw, language: str) -> tuple[str, str]:
    """A text on what somebody did or will do, and its title: who does what."""
    suffix, values = SUFFIXES[language], _values(draw, language)
    row = chat_words.parts(draw.any(slots.listed("title_events" + suffix)))
    count = 3 if language == "en" else 1
    forms, what = row[:count], draw.of(row[count:])
    shape = "{person}" if draw.chance(0.55) else draw.of(slots.listed("title_who" + suffix))
    who = shape.format_map(values)
    told = {
        "who": who,
        "what": what,
        "more": draw.of(slots.listed("title_more" + suffix)).format_map(_values(draw, language)),
        **dict(zip(("base", "present", "past") if language == "en" else ("verb",), forms, strict=True)),
    }
    frame = draw.of(slots.listed("title_frames" + suffix)).format_map(_values(draw, language) | told)
    text = re.sub(r"(?<=[.?!] )[a-z]|^[a-z]", lambda found: found[0].upper(), frame)
    return text, f"{who} {forms[1]} {what}" if language == "en" else f"{who}{forms[0]}{what}"


def title(draw: Draw, language: str) -> Case:
    """What happened, in a few words; of a description, what is told of what."""
    roll = draw.random.random()
    if roll < 0.45:
        text, wanted = _event(draw, language)
        return _case(draw, "title", language, text, wording.capital(wanted))
    if roll < 0.6:
        thing = assistant.known(draw, draw.any(tuple(assistant.attributes(language))), language, 1)
        ((attribute, _),) = thing.facts.items()
        shape = "{} of {}" if language == "en" else "{1}的{0}"
        return _case(
            draw,
            "title",
            language,
            thing.sentence(attribute),
            wording.capital(shape.format(attribute.noun, thing.entity)),
        )
    row = chat_words.parts(draw.any(slots.listed("notes" + SUFFIXES[language])))
    values = _values(draw, language)
    return _case(draw, "title", language, _filled(draw.of(row[1:]), values), _filled(row[0], values))


def summary(draw: Draw, language: str) -> Case:
    """The first sentence of two to four says it; the rest is detail."""
    if draw.chance(0.5):
        parts = _sentences(draw, language, draw.number(2, 4))
    else:
        row = chat_words.parts(draw.any(slots.listed("notes" + SUFFIXES[language])))
        text = _filled(draw.of(row[1:]), _values(draw, language))
        parts = [part for part in re.split(r"(?<=[.?!]) +|(?<=[。？！])", text) if part]
        parts += _sentences(draw, language, draw.number(0, 2)) if len(parts) > 1 else _sentences(draw, language, 2)
    return _case(draw, "summary", language, (" " if language == "en" else "").join(parts), parts[0])


def polite(draw: Draw, language: str) -> Case:
    """A rude order as a request."""
    asked = draw.of(slots.listed("requests" + SUFFIXES[language])).format_map(_values(draw, language))
    text = draw.of(slots.listed("rude" + SUFFIXES[language])).format(x=asked, X=wording.capital(asked))
    return _case(draw, "polite", language, text, _ASKED[language].format(asked))


# --- e-mails ----------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=1000)
def _letter_program(variant: int, language: str) -> Source:
    pick = random.Random(f"letter/{variant}/{language}")
    colon = ": " if language == "en" else "："
    names = pick.choice(list(itertools.permutations(("to", "sender", "about"))))
    shown = "\\n".join(f"{pick.choice(_LABELS[language][name])}{colon}{{{name}}}" for name in names)
    told, system = pick.choice(_LETTER[language]), pick.choice(_SYSTEMS[language])
    prose = {
        "en": "I am {sender}. Write an e-mail to {to}: {about}.",
        "zh": "我是{sender}，请给{to}写一封邮件：{about}。",
    }
    user = pick.choice([f"{told}\\n{shown}", f"{told}\\n\\n{shown}", f"{shown}\\n\\n{told}", prose[language]])
    lines = [f'    system: "{system}"'] if system else []
    lines += [f'    user: "{user}"', "    assistant: gen mail: str with max_tokens=120", "    return mail", ""]
    return written("\n".join(["def letter(to: str, sender: str, about: str) -> str:", *lines]))


def _letter_values(draw: Draw, language: str) -> dict[str, str]:
    listed = {name: draw.of(texts) for name, texts in chat_words.lines("letters_slots", language).items()}
    return {
        **_values(draw, language),
        **listed,
        "time": assistant.value(draw, "time", language),
        "code": draw.made(lambda r: f"{r.choice(['', 'R', 'INV-', 'A', 'B-'])}{slots.digits(r, 3, 6)}"),
        "price": draw.made(lambda r: str(r.randint(5, 2000))),
        "count": draw.made(lambda r: str(r.randint(2, 90))),
        "to": draw.of(slots.listed("first_names"))
        if language == "en" and draw.chance(0.5)
        else _person(draw, language),
    }


def _person(draw: Draw, language: str) -> str:
    return assistant.entity(draw, "person", language)


def letter(draw: Draw, language: str) -> Case:
    """To, from and what about -> greeting, one sentence, close."""
    body, *purposes = chat_words.parts(draw.any(slots.listed("letters" + SUFFIXES[language])))
    values, sender = _letter_values(draw, language), _person(draw, language)
    shape = "Dear {},\n\n{}\n\nBest regards,\n{}" if language == "en" else "{}，您好！\n\n{}\n\n祝好，\n{}"
    wanted = shape.format(values["to"], body.format_map(values), sender)
    needed = [values["to"], sender, *(values[name] for name in re.findall(r"\{(\w+)\}", body))]
    return Case(
        program=_letter_program(draw.number(0, VARIANTS - 1), language),
        function="letter",
        args={"to": values["to"], "sender": sender, "about": draw.of(purposes).format_map(values)},
        teacher=lambda path, told: wanted,
        check=lambda value: all(fact in value for fact in needed) and value.startswith(wanted[:4]),
    )


TASKS = (
    Task("title", "reply", "en", lambda draw: title(draw, "en")),
    Task("title_zh", "reply", "zh", lambda draw: title(draw, "zh")),
    Task("summary", "reply", "en", lambda draw: summary(draw, "en")),
    Task("summary_zh", "reply", "zh", lambda draw: summary(draw, "zh")),
    Task("polite", "reply", "en", lambda draw: polite(draw, "en"), 0.8),
    Task("polite_zh", "reply", "zh", lambda draw: polite(draw, "zh"), 0.8),
    Task("letter", "reply", "en", lambda draw: letter(draw, "en")),
    Task("letter_zh", "reply", "zh", lambda draw: letter(draw, "zh")),
)
