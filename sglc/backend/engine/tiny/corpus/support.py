"""examples/support.sgl and examples/kefu.sgl: a customer's message -> order number, intent, and a reply from the facts."""

from __future__ import annotations

import random
from typing import Any

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.programs import example
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.ir.decode import to_json
from sglc.ir.outcome import ToolFailure

INTENTS = ("logistics", "refund", "other")
CHINESE_INTENTS = {"logistics": "物流", "refund": "退款", "other": "其他"}

MESSAGES: dict[str, tuple[str, ...]] = {
    "logistics": (
        "{hello}where is my order {id}?",
        "{hello}when will order {id} arrive?",
        "{hello}I am still waiting for my {product}, order number {id}.",
        "Can you tell me the status of {id}?",
        "My parcel {id} has not come yet. It should be here by {day}.",
        "{hello}has {id} been shipped?",
        "I ordered a {product} ({id}) on {day}. Where is it now?",
        "Tracking for {id} please.",
        "{hello}which carrier brings order {id}?",
        "Order {id}: any news on the delivery?",
        "It is {day} and the {product} from order {id} is still not here!",
        "{hello}I would like to know where the package with number {id} is.",
        "Is {id} on its way?",
        "How long until {id} gets to {city}?",
        "I move to {city} on {day}, will {id} arrive before that?",
        "{hello}please look up parcel {id} for me.",
        "Nobody brought {id} on {day}, what happened?",
        "What is the delivery date of my {product}? The number is {id}.",
    ),
    "refund": (
        "{hello}I want my money back for order {id}.",
        "I would like a refund for {id}.",
        "The {product} from order {id} is broken. I want to send it back.",
        "{hello}how do I return the {product}? Order {id}.",
        "Please cancel {id} and refund me.",
        "The {product} does not work, order {id}. Give me my money back.",
        "{hello}I sent {id} back on {day}. When do I get the money?",
        "Wrong color! I return {id} and want a refund.",
        "I do not like the {product} I got with {id}, can I get my money back?",
        "{hello}refund for order number {id}, please.",
        "Order {id} came damaged, I want to be paid back.",
        "I was charged twice for {id}. Return one payment, please.",
        "{hello}your {product} fell apart on {day}. Order {id}. I expect a refund.",
        "Taking back {id}: what are the rules?",
    ),
    "other": (
        "{hello}can I change the name on order {id} to {name}?",
        "Does the {product} from order {id} come with a manual?",
        "{hello}please send the invoice for {id} to {name}.",
        "I want to add a {product} to order {id}.",
        "Which battery does the {product} in {id} need?",
        "{hello}thank you for order {id}, the {product} is great!",
        "Can I pay order {id} by bank transfer?",
        "How do I clean the {product}? I bought it with order {id}.",
        "{hello}is there a warranty on order {id}?",
        "My name is misspelled on {id}, it is {name}.",
        "Do you have the {product} of order {id} in blue, too?",
        "I wrote a review for {id}. Did you read it?",
    ),
}
CHINESE: dict[str, tuple[str, ...]] = {
    "logistics": (
        "{hello}我的订单 {id} 到哪里了?",
        "订单{id}什么时候能到?",
        "{hello}我买的{product}还没收到,订单号 {id}。",
        "请查一下包裹 {id} 的状态。",
        "{id} 发货了吗?",
        "{hello}{id} 是哪家快递送的?",
        "都{day}了,订单 {id} 的{product}怎么还没到?",
        "订单 {id} 能在{day}之前送到{city}吗?",
        "帮我看看 {id} 现在在哪儿。",
        "{hello}想问下{id}的物流进度。",
    ),
    "refund": (
        "{hello}订单 {id} 我要退款。",
        "{product}坏了,订单号{id},请退钱。",
        "我想退掉 {id} 里的{product}。",
        "请取消订单 {id} 并退款。",
        "{hello}{id} 已经寄回去了,钱什么时候退?",
        "{product}颜色不对,{id} 退货。",
        "订单{id}的东西不喜欢,可以退钱吗?",
        "{hello}{product}用不了,我要把 {id} 退了。",
    ),
    "other": (
        "{hello}订单 {id} 的{product}怎么清洗?",
        "订单{id}可以开发票吗?抬头是{name}。",
        "{hello}{product}有保修吗?订单号 {id}。",
        "能把 {id} 的收件人改成{name}吗?",
        "谢谢,订单 {id} 的{product}很好用!",
        "我想在订单{id}里再加一个{product}。",
        "{id} 可以货到付款吗?",
        "{hello}{product}有说明书吗?我的订单是 {id}。",
    ),
}
HELLO = ("", "", "Hello, ", "Hi, ", "Good morning, ", "Dear team, ", "Hey, ", "Excuse me, ")
CHINESE_HELLO = ("", "", "你好,", "您好,", "请问,", "客服你好,", "早上好,")

POLICY_REPLIES = (
    "You can get your money back within 30 days. Please send order {id} back to us.",
    "We take back order {id} within 30 days and refund you.",
    "Refunds are possible within 30 days. Send us order {id} and we pay you back.",
)
OTHER_REPLIES = (
    "Thank you for your message about order {id}. A colleague will answer you soon.",
    "Thank you for writing about order {id}. We will look into it and come back to you.",
)
PARCEL_REPLIES = (
    "Your order {id} is {status}. {carrier} brings it{eta}.",
    "Order {id} is {status} with {carrier}{eta}.",
    "Your parcel {id} is {status}; the carrier is {carrier}{eta}.",
)
DOWN_REPLIES = (
    "I am sorry, the parcel service is down right now. Please ask again later about order {id}.",
    "We cannot look up order {id} at the moment. Please try again later.",
)


def order_number(random_: random.Random) -> str:
    """As the type allows: a letter or none, then 4 to 10 digits."""
    letter: str = random_.choice(["", *"ABCDEFGHJKLMNPRSTWXYZ"])
    return letter + "".join(random_.choices("0123456789", k=random_.randint(4, 10)))


def _message(draw: Draw, intent: str, number: str) -> str:
    text: str = draw.of(MESSAGES[intent]).format(
        hello=draw.any(HELLO),
        id=number,
        product=draw.of(slots.listed("products")),
        day=draw.of(slots.listed("days")),
        city=draw.of(slots.listed("cities")),
        name=slots.person(draw),
    )
    return text[0].upper() + text[1:]


def extract(draw: Draw) -> Case:
    """The record alone."""
    intent, number = draw.any(INTENTS), draw.made(order_number)
    wanted = {"order_id": number, "intent": intent}
    return Case(
        program=example("support"),
        function="extract",
        args={"message": _message(draw, intent, number)},
        teacher=lambda path, told: to_json(wanted),
        check=lambda value: bool(value == wanted),
    )


def support(draw: Draw) -> Case:
    """The whole program: record, look-up (some fail), and a reply that uses what was found."""
    intent, number = draw.any(INTENTS), draw.made(order_number)
    parcel = slots.parcel(draw)
    down = draw.chance(0.1)
    eta = f" and it should arrive {parcel['eta']}" if parcel["eta"] else ""
    facts = {"id": number, "eta": eta, "status": parcel["status"], "carrier": parcel["carrier"]}
    kinds = {"logistics": DOWN_REPLIES if down else PARCEL_REPLIES, "refund": POLICY_REPLIES, "other": OTHER_REPLIES}
    answer = draw.any(kinds[intent]).format(**facts)
    needed = [number, *([facts["status"], facts["carrier"]] if intent == "logistics" and not down else [])]

    def tools(name: str, args: dict[str, Any]) -> Any:
        if down:
            raise ToolFailure("no answer within 5 s")
        return parcel

    return Case(
        program=example("support"),
        function="support",
        args={"message": _message(draw, intent, number)},
        teacher=lambda path, told: to_json({"order_id": number, "intent": intent}) if path.endswith("req") else answer,
        check=lambda value: all(str(fact) in value for fact in needed),
        tools=tools,
    )


TASKS = (
    Task("support_extract", "extraction", "en", extract, 2.0),
    Task("support", "reply", "en", support),
)
