"""The project that `sglc init` writes, and programs like it: sort a shop's message by topic, and draft an answer."""

from __future__ import annotations

import random
from functools import lru_cache
from typing import NamedTuple

from sglc.backend.engine.tiny.corpus import kefu, support
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.programs import Source, written
from sglc.backend.engine.tiny.corpus.support import says_only
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.commands.init import PROGRAM

TOPICS = {"logistics": "delivery", "refund": "refund", "complaint": "refund", "other": "other", "thanks": "other"}
"""The list that a message comes from -> the project's topic."""
REPLIES = {
    "logistics": "We are looking up order {id} and will tell you soon where it is.",
    "refund": "Please send order {id} back to us, and we will return your money.",
    "complaint": "I am sorry about that. Please send us your order number, and we will find a solution.",
    "other": "Thank you for your message about order {id}. A colleague will answer it soon.",
    "thanks": "Thank you for your kind words about order {id}.",
}
UNNUMBERED = {
    "logistics": "Please send us your order number, and we will look up where your order is.",
    "refund": "Please send us your order number, and we will return your money.",
    "complaint": REPLIES["complaint"],
    "other": "Thank you for your message. A colleague will answer it soon.",
    "thanks": "Thank you for your kind words.",
}
CHINESE = {
    "logistics": "我们正在查询订单 {id}，很快告诉您它在哪里。",
    "refund": "请把订单 {id} 寄回给我们，我们会退款给您。",
    "other": "感谢您关于订单 {id} 的留言，我们会尽快回复您。",
    "thanks": "谢谢您对订单 {id} 的肯定。",
}
CHINESE_UNNUMBERED = {
    "logistics": "请把订单号发给我们，我们马上查询您的订单在哪里。",
    "refund": "请把订单号发给我们，我们会退款给您。",
    "other": "感谢您的留言，我们会尽快回复您。",
}


def _project() -> Source:
    return written(PROGRAM.split('\n\ntest "')[0] + "\n")


def _draw_topic(draw: Draw) -> str:
    return draw.any(("logistics", "logistics", "refund", "refund", "complaint", "other", "other", "thanks"))


def _drawn(draw: Draw) -> tuple[str, str, str]:
    """(list, order number or nothing, message)"""
    topic = _draw_topic(draw)
    number = draw.made(support.order_number) if topic != "complaint" and draw.chance(0.6) else ""
    return topic, number, support.message(draw, topic, number)


def _drawn_chinese(draw: Draw) -> tuple[str, str, str]:
    topic = draw.any(("logistics", "refund", "other", "thanks"))
    number = draw.made(support.order_number) if topic == "thanks" or draw.chance(0.6) else ""
    return topic, number, kefu.message(draw, topic, number)


def sort_message(draw: Draw) -> Case:
    topic, _, text = _drawn(draw)
    return Case(
        program=_project(),
        function="sort_message",
        args={"message": text},
        teacher=lambda path, told: TOPICS[topic],
        check=lambda value: bool(value == TOPICS[topic]),
    )


def _answer(topic: str, text: str, reply: str, number: str) -> Case:
    key = reply.split("{id}")[-1] if number else reply
    return Case(
        program=_project(),
        function="answer",
        args={"message": text},
        teacher=lambda path, told: TOPICS[topic] if path.endswith("topic") else reply.format(id=number),
        check=lambda value: says_only(value, [number, key] if "{id}" in reply else [key]),
    )


def answer(draw: Draw) -> Case:
    topic, number, text = _drawn(draw)
    return _answer(topic, text, (REPLIES if number else UNNUMBERED)[topic], number)


def chinese_answer(draw: Draw) -> Case:
    topic, number, text = _drawn_chinese(draw)
    return _answer(topic, text, (CHINESE if number else CHINESE_UNNUMBERED)[topic], number)


# --- programs that sort such messages in other words -----------------------------------------------------------------


class Sorter(NamedTuple):
    """A program and the label of each topic in it."""

    program: Source
    labels: dict[str, str]


class _Words(NamedTuple):
    """What programs are made of. A label stands with its descriptions."""

    labels: dict[str, tuple[tuple[str, ...], tuple[str, ...]]]
    types: tuple[str, ...]
    prompts: tuple[str, ...]
    before: tuple[str, ...]


_ENGLISH_WORDS = _Words(
    labels={
        "delivery": (
            ("delivery", "shipping", "logistics", "parcel", "shipment", "tracking", "where_is_it", "transport"),
            ("where an order is", "parcels and their delivery", "when something comes", "the way of a parcel"),
        ),
        "refund": (
            ("refund", "returns", "money_back", "return_request", "reimbursement", "payback", "send_back"),
            ("money back", "the customer wants to return something", "refunds and returns", "pay back"),
        ),
        "other": (
            ("other", "misc", "general", "rest", "something_else", "question", "anything_else"),
            ("everything else", "what fits nowhere else", "any other message", "the rest"),
        ),
        "thanks": (
            ("thanks", "praise", "compliment", "thank_you", "happy", "kind_words"),
            ("the customer is happy", "thanks and praise", "kind words", "says thank you"),
        ),
    },
    types=("Topic", "Intent", "Category", "Kind", "Label", "Subject", "Reason", "Class"),
    prompts=(
        "Sort the message.",
        "Which topic does this message have?",
        "Classify the customer's message.",
        "Choose the label that fits.",
        "What does the customer want?",
        "Read the message and choose one.",
        "Decide what this is about.",
        "Give the category of the message.",
    ),
    before=("Message: ", "Customer: ", "Text: ", "", "Mail: ", "The customer wrote: "),
)
_CHINESE_WORDS = _Words(
    labels={
        "delivery": (("物流", "配送", "快递", "送货", "包裹"), ("包裹在哪里", "什么时候送到", "配送问题")),
        "refund": (("退款", "退货", "退钱"), ("要求退钱", "退货退款", "想把东西退回")),
        "other": (("其他", "咨询", "别的", "一般问题"), ("其他所有内容", "别的问题", "其余的")),
        "thanks": (("感谢", "表扬", "道谢"), ("表示感谢", "客户很满意", "称赞")),
    },
    types=("主题", "意图", "类别", "种类", "标签"),
    prompts=(
        "给留言分类。",
        "这条留言的主题是什么？",
        "选择合适的标签。",
        "客户想要什么？",
        "阅读留言，选一个。",
        "判断类别。",
    ),
    before=("留言：", "客户：", "内容：", "", "消息："),
)
VARIANTS = 400


@lru_cache(maxsize=2 * VARIANTS)
def sorter(variant: int, chinese: bool) -> Sorter:
    """The program of this number."""
    pick = random.Random(f"{variant}/{chinese}")
    words = _CHINESE_WORDS if chinese else _ENGLISH_WORDS
    keys = ["delivery", "refund", "other", *(["thanks"] if pick.random() < 0.4 else [])]
    pick.shuffle(keys)
    labels = {key: pick.choice(words.labels[key][0]) for key in keys}
    described = pick.random() < 0.5
    name, prompt, before = pick.choice(words.types), pick.choice(words.prompts), pick.choice(words.before)
    union = pick.random() < 0.25
    if union:
        head = f"type {name} = " + " | ".join(f'"{label}"' for label in labels.values()) + "\n"
    elif described:
        members = (f'    {label} "{pick.choice(words.labels[key][1])}"\n' for key, label in labels.items())
        head = f"enum {name}:\n{''.join(members)}"
    else:
        head = f"enum {name}: {' | '.join(labels.values())}\n"
    shown = f"{{describe({name})}}"
    user = pick.choice([f"{prompt}\\n{shown}\\n\\n{before}{{m}}", f"{before}{{m}}\\n\\n{prompt}\\n{shown}"])
    system = f'    system: "{prompt}"\n' if pick.random() < 0.2 else ""
    if system:
        user = f"{shown}\\n\\n{before}{{m}}"
    body = f'def sort(m: str) -> {name}:\n{system}    user: "{user}"\n    assistant: gen out: {name}\n    return out\n'
    return Sorter(written(f"{head}\n\n{body}"), labels)


def _sort(draw: Draw, chinese: bool) -> Case:
    program, labels = sorter(draw.number(0, VARIANTS - 1), chinese)
    topic, _, text = _drawn_chinese(draw) if chinese else _drawn(draw)
    while topic == "complaint":
        topic, _, text = _drawn(draw)
    key = {"logistics": "delivery"}.get(topic, topic)
    wanted = labels.get(key, labels["other"])
    return Case(
        program=program,
        function="sort",
        args={"m": text},
        teacher=lambda path, told: wanted,
        check=lambda value: bool(value == wanted),
    )


TASKS = (
    Task("project_sort", "intent", "en", sort_message, 1.5),
    Task("project_answer", "reply", "en", answer),
    Task("project_answer_zh", "reply", "zh", chinese_answer, 0.3),
    Task("shop_sort", "intent", "en", lambda draw: _sort(draw, chinese=False), 2.5),
    Task("shop_sort_zh", "intent", "zh", lambda draw: _sort(draw, chinese=True), 2.5),
)
