"""examples/kefu.sgl: the Chinese twin of support.py."""

from __future__ import annotations

from typing import Any

from sglc.backend.engine.tiny.corpus import slots, wording
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.programs import example
from sglc.backend.engine.tiny.corpus.support import (
    NO_NUMBER,
    answering,
    draw_topic,
    order_number,
    parcel,
    says_only,
)
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.ir.decode import to_json

INTENTS = {"logistics": "物流", "refund": "退款", "other": "其他"}
STATUSES = {
    "in transit": "运输中",
    "out for delivery": "派送中",
    "delivered": "已送达",
    "at customs": "清关中",
    "ready for collection": "待取件",
    "packed": "已打包",
    "on hold": "暂停中",
    "on its way": "在路上",
    "in the warehouse": "在仓库",
    "at the post office": "在邮局",
    "delayed": "已延误",
    "returned to sender": "已退回",
}
PARCEL = "您的订单 {id} {status}，由 {carrier} 承运。"
DOWN = "抱歉，暂时查不到订单 {id} 的信息，请稍后再试。"
REFUND = "30 天内可以退款，请把订单 {id} 寄回给我们。"
OTHER = "感谢您关于订单 {id} 的留言，我们会尽快回复您。"
THANKS = "谢谢您对订单 {id} 的肯定，很高兴您满意。"
NUMBER_PLEASE = "请把订单号发给我们，我们马上为您处理。"


def message(draw: Draw, topic: str, number: str = "") -> str:
    """Every third one has the punctuation of an English keyboard."""
    core = draw.of(slots.listed(f"kefu_{topic}" if number else f"kefu_nonumber_{topic}"))
    before, after = slots.listed("kefu_before"), slots.listed("kefu_after")
    text = wording.framed(draw, core, wording.CHINESE_HELLO, before, after, gap="")
    text = wording.filled(text, {**wording.chinese_slots(draw), "id": number})
    return wording.narrow(text) if draw.chance(0.35) else text


def extract(draw: Draw) -> Case:
    """The record alone."""
    topic, intent = draw_topic(draw)
    number = draw.made(order_number)
    wanted = {"订单号": number, "意图": INTENTS[intent]}
    return Case(
        program=example("kefu"),
        function="读取",
        args={"留言": message(draw, topic, number)},
        teacher=lambda path, told: to_json(wanted),
        check=lambda value: bool(value == wanted),
    )


def _answer(topic: str, number: str, found: dict[str, Any] | None) -> tuple[str, list[str]]:
    """The reply, and the facts that it needs."""
    if topic != "logistics":
        needed = [number, "30"] if topic == "refund" else [number]
        return {"refund": REFUND, "thanks": THANKS, "other": OTHER}[topic].format(id=number), needed
    if found is None:
        return DOWN.format(id=number), [number]
    status = STATUSES.get(found["status"], found["status"])
    return PARCEL.format(id=number, status=status, carrier=found["carrier"]), [number, status, found["carrier"]]


def kefu(draw: Draw) -> Case:
    """The whole program; the parcel service speaks English like the examples' own, or Chinese."""
    topic, intent = draw_topic(draw)
    number = draw.made(order_number)
    found = None if draw.chance(0.1) else parcel(draw, chinese=draw.chance(0.4))
    if found is not None and found["status"].isascii():
        found["status"] = draw.any(tuple(STATUSES))
    answer, needed = _answer(topic, number, found)
    record = to_json({"订单号": number, "意图": INTENTS[intent]})
    return Case(
        program=example("kefu"),
        function="客服",
        args={"留言": message(draw, topic, number)},
        teacher=lambda path, told: record if path.endswith("结果") else answer,
        check=lambda value: says_only(value, needed),
        tools=answering(found, draw.of(slots.listed("failures"))),
    )


def unnumbered(draw: Draw) -> Case:
    """A message without an order number: the reply asks for it, whatever the parcel service says."""
    intent = draw.any(tuple(INTENTS))
    record = to_json({"订单号": NO_NUMBER, "意图": INTENTS[intent]})
    return Case(
        program=example("kefu"),
        function="客服",
        args={"留言": message(draw, intent)},
        teacher=lambda path, told: record if path.endswith("结果") else NUMBER_PLEASE,
        check=lambda value: "订单号" in value,
        tools=answering({**parcel(draw), "status": draw.any(tuple(STATUSES))}, ""),
    )


TASKS = (
    Task("kefu_extract", "extraction", "zh", extract, 2.0),
    Task("kefu", "reply", "zh", kefu, 2.0),
    Task("kefu_unnumbered", "reply", "zh", unnumbered, 0.3),
)
