"""examples/support.sgl: a customer's message -> order number, intent, and a reply that uses what was found."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from typing import Any

from sglc.backend.engine.tiny.corpus import slots, wording
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.programs import example
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.ir.decode import to_json
from sglc.ir.outcome import ToolFailure

INTENTS = ("logistics", "refund", "other")
NO_NUMBER = "0000"
"""What the record holds for a message without a number; the program then finds that the customer did not write it."""

REFUND = "You can get your money back within 30 days. Please send order {id} back to us."
OTHER = "Thank you for your message about order {id}. A colleague will answer it soon."
THANKS = "Thank you for your kind words about order {id}. We are glad that you are happy with it."
PARCEL = "Your order {id} is {status}. The carrier is {carrier}."
PARCEL_ETA = "Your order {id} is {status}. The carrier is {carrier} and the expected arrival is {eta}."
DOWN = "I am sorry, we cannot look up order {id} right now. Please ask again later."

CHINESE_REPLIES = {
    REFUND: "30 天内可以退款，请把订单 {id} 寄回给我们。",
    OTHER: "感谢您关于订单 {id} 的留言，我们的同事会尽快回复您。",
    THANKS: "谢谢您对订单 {id} 的肯定，很高兴您满意。",
    PARCEL: "您的订单 {id} 目前状态：{status}，由 {carrier} 承运。",
    PARCEL_ETA: "您的订单 {id} 目前状态：{status}，由 {carrier} 承运，预计送达：{eta}。",
    DOWN: "抱歉，暂时查不到订单 {id} 的信息，请稍后再试。",
}
FALLBACK = "I could not find an order number in your message. Please send it to us."


def order_number(random_: random.Random) -> str:
    """As the type allows: a letter or none, then 4 to 10 digits."""
    letter: str = random_.choice(["", *"ABCDEFGHIJKLMNOPQRSTUVWXYZ"])
    return letter + "".join(random_.choices("0123456789", k=random_.randint(4, 10)))


def message(draw: Draw, topic: str, number: str = "") -> str:
    """A customer's message about a topic; without a number it is drawn from the lists of such messages."""
    core = draw.of(slots.listed(f"support_{topic}" if number else f"nonumber_{topic}"))
    text = wording.framed(draw, core, wording.HELLO, slots.listed("support_before"), slots.listed("support_after"))
    return wording.filled(text, {**wording.english_slots(draw), "id": number})


def draw_topic(draw: Draw) -> tuple[str, str]:
    """(the list that the message comes from, the intent that it has)."""
    intent = draw.any(INTENTS)
    return ("thanks" if intent == "other" and draw.chance(0.2) else intent), intent


def extract(draw: Draw) -> Case:
    """The record alone."""
    topic, intent = draw_topic(draw)
    number = draw.made(order_number)
    wanted = {"order_id": number, "intent": intent}
    return Case(
        program=example("support"),
        function="extract",
        args={"message": message(draw, topic, number)},
        teacher=lambda path, told: to_json(wanted),
        check=lambda value: bool(value == wanted),
    )


def parcel(draw: Draw, chinese: bool = False) -> dict[str, Any]:
    suffix = ".zh" if chinese else ""
    eta = draw.of(slots.listed("etas")) if draw.chance(0.75) else None
    return {
        "status": draw.of(slots.listed(f"statuses{suffix}")),
        "eta": eta,
        "carrier": draw.of(slots.listed(f"carriers{suffix}")),
    }


def answering(found: dict[str, Any] | None, failure: str) -> Callable[[str, dict[str, Any]], Any]:
    """A tool that finds this, or fails."""

    def tools(name: str, args: dict[str, Any]) -> Any:
        if found is None:
            raise ToolFailure(failure)
        return found

    return tools


def says_only(value: str, needed: Sequence[str]) -> bool:
    """The facts are in it, and no number that is in none of them."""
    numbers = re.findall(r"\d+", value)
    return all(fact in value for fact in needed) and all(any(n in fact for fact in needed) for n in numbers)


def support(draw: Draw) -> Case:
    """The whole program: record, look-up (some fail), and a reply that uses what was found."""
    topic, intent = draw_topic(draw)
    number = draw.made(order_number)
    found = None if draw.chance(0.1) else parcel(draw)
    facts: dict[str, Any] = {"id": number, **(found or {})}
    needed = [number]
    if intent == "logistics" and found is None:
        reply = DOWN
    elif intent == "logistics":
        reply = PARCEL_ETA if facts["eta"] else PARCEL
        needed += [facts[name] for name in ("status", "carrier", "eta") if facts[name]]
    else:
        reply = {"refund": REFUND, "thanks": THANKS, "other": OTHER}[topic]
    needed += ["30"] if intent == "refund" else []
    chinese = draw.chance(0.12)
    answer = (CHINESE_REPLIES[reply] if chinese else reply).format(**facts)
    record = to_json({"order_id": number, "intent": intent})
    return Case(
        program=example("support"),
        function="support",
        args={"message": message(draw, topic, number), **({"lang": "Chinese"} if chinese else {})},
        teacher=lambda path, told: record if path.endswith("req") else answer,
        check=lambda value: says_only(value, needed) and value.isascii() != chinese,
        tools=answering(found, draw.of(slots.listed("failures"))),
    )


def unnumbered(draw: Draw) -> Case:
    """A message without an order number: the model says so by a number that is not in it, and says so again."""
    topic, intent = draw_topic(draw)
    record = to_json({"order_id": NO_NUMBER, "intent": intent})
    text = message(draw, topic)
    while NO_NUMBER in text:
        text = message(draw, topic)
    return Case(
        program=example("support"),
        function="support",
        args={"message": text},
        teacher=lambda path, told: record,
        check=lambda value: bool(value == FALLBACK),
    )


TASKS = (
    Task("support_extract", "extraction", "en", extract, 2.0),
    Task("support", "reply", "en", support, 2.0),
    Task("support_unnumbered", "reply", "en", unnumbered, 0.3),
)
