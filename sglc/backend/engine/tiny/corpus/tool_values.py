"""Arguments of tool calls: how a question says them, and what the call holds."""

from __future__ import annotations

import json
import re
from typing import Any, TypeAlias

from sglc.backend.engine.tiny.corpus import facts, slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.fact_values import ENGLISH

Said: TypeAlias = tuple[str, Any]
"""The words of a question, and the value that they mean."""

_DAYS = (
    "tomorrow",
    "today",
    "tonight",
    "this weekend",
    "next week",
    "next Monday",
    "on Friday",
    "next month",
    "this evening",
)
_DAYS_ZH = ("明天", "今天", "后天", "周末", "下周一", "今晚", "星期五", "下个月", "明天下午")
_SOURCES = ("francs", "crowns", "pesos", "rupees", "rubles", "won", "lira", "dirhams")
_SOURCES_ZH = ("法郎", "克朗", "比索", "卢比", "卢布", "韩元", "里拉", "泰铢")
_CHORES = ("call", "pay", "visit", "write to", "meet", "thank", "ask", "pick up", "wait for", "look for")
_CHORES_ZH = ("给{n}打电话", "见{n}", "还{n}的书", "给{n}写信", "接{n}", "问{n}", "谢谢{n}", "等{n}", "付钱给{n}")
_PROBLEMS = ("the {p} is broken", "the {p} page does not load", "cannot log in to {h}", "{h} is slow", "error {d} on {h}",
             "no {p} in the list", "the {p} has the wrong price", "{h} shows error {d}")  # fmt: skip
_EVENTS = ("dinner with {n}", "a meeting with {n}", "the birthday of {n}", "a walk with {n}", "lunch with {n}",
           "the {c} concert", "the {c} workshop", "a call with {n}", "the {c} party")  # fmt: skip
_EVENTS_ZH = ("和{n}吃饭", "和{n}开会", "{n}的生日会", "{c}音乐会", "{c}讲座", "和{n}散步", "{n}的婚礼", "{c}年会")
_ROOMS = ("kitchen", "bedroom", "bathroom", "hall", "garage", "living room", "office", "attic", "cellar", "nursery",
          "guest room", "dining room", "studio", "library", "laundry")  # fmt: skip
_ROOMS_ZH = (
    "厨房",
    "卧室",
    "浴室",
    "走廊",
    "车库",
    "客厅",
    "书房",
    "阁楼",
    "地下室",
    "儿童房",
    "客房",
    "餐厅",
    "阳台",
    "办公室",
)
_FOODS = ("eggs", "rice", "tomatoes", "cheese", "beans", "carrots", "fish", "noodles", "apples", "spinach", "onions", "lemons",
          "potatoes", "mushrooms", "chicken", "peas", "corn", "bread", "butter", "garlic", "pumpkin", "lentils")  # fmt: skip
_REASONS = ("it takes too long", "I found a cheaper one", "it was a mistake", "the colour is wrong", "I do not need it",
            "I ordered it twice", "the size is wrong", "I changed my mind", "it is a present that came too late")  # fmt: skip


def said(draw: Draw, maker: str, type_: str, *, chinese: bool) -> Said:
    """A random argument."""
    if maker == "enum":
        option: str = draw.any(re.findall(r'"([^"]*)"', type_.split(" = ")[0]))
        return option, option
    if maker in ("list", "people"):
        return _list(draw, maker, chinese=chinese)
    if maker == "onoff":
        on = draw.chance(0.5)
        words = (("打开", "开") if on else ("关掉", "关上")) if chinese else (("on",) if on else ("off",))
        return draw.any(words), on
    if maker in ("small", "five", "money", "sum"):
        return _number(draw, maker, chinese=chinese)
    text = _text(draw, maker, chinese=chinese)
    return text, text


def default(type_: str) -> Any:
    """The value of an argument that the question does not tell."""
    _, _, text = type_.partition(" = ")
    return json.loads(text) if text else None


def _list(draw: Draw, maker: str, *, chinese: bool) -> Said:
    count = draw.number(1, 4)
    if maker == "list":
        items = draw.some(_FOODS, count)
    elif chinese:
        items = [slots.chinese_person(draw) for _ in range(count)]
    else:
        items = draw.some(slots.listed("first_names"), count)
    if chinese:
        return "、".join(items), items
    return (", ".join(items[:-1]) + " and " if len(items) > 1 else "") + items[-1], items


def _number(draw: Draw, maker: str, *, chinese: bool) -> Said:
    if maker == "five":
        stars = draw.number(1, 5)
        return str(stars), stars
    if maker == "small":
        count = draw.number(2, 99) if draw.chance(0.8) else draw.number(100, 999)
        return str(count), count
    text = draw.made(lambda r: f"{r.randint(2, 999)}" if r.random() < 0.6 else f"{r.randint(1, 99)}.{r.randint(1, 9)}")
    value = json.loads(text)
    if maker == "sum":
        text += draw.any(_SOURCES_ZH) if chinese else " " + draw.any(_SOURCES)
    return text, value


def _text(draw: Draw, maker: str, *, chinese: bool) -> str:
    match maker:
        case "city":
            listed = draw.of(slots.listed("cities.zh" if chinese else "cities"))
            return listed if draw.chance(0.5) else facts.value_of(draw, "place", chinese=chinese)
        case "dayword":
            return draw.any(_DAYS_ZH if chinese else _DAYS)
        case "product":
            return draw.of(slots.listed("products.zh" if chinese else "products"))
        case "person":
            return slots.chinese_person(draw) if chinese else slots.person(draw)
        case "text":
            return _sentence(draw, chinese=chinese)
        case "topic":
            kind = draw.any(("place", "person", "tower", "thing", "invention", "beast", "mount", "firm", "title"))
            return facts.value_of(draw, kind, chinese=chinese)
        case "firmname":
            return facts.value_of(draw, draw.any(("madename", "title", "tower")), chinese=chinese)
        case "chore" if chinese:
            return draw.of(_CHORES_ZH).format(n=slots.chinese_person(draw))
        case "chore":
            return f"{draw.of(_CHORES)} {slots.person(draw)}"
        case "problem":
            product, host = draw.of(slots.listed("products")), draw.made(_host)
            return draw.of(_PROBLEMS).format(p=product, h=host, d=draw.number(100, 599))
        case "eventname" if chinese:
            return draw.of(_EVENTS_ZH).format(
                n=slots.chinese_person(draw), c=facts.value_of(draw, "place", chinese=True)
            )
        case "eventname":
            return draw.of(_EVENTS).format(n=slots.person(draw), c=facts.value_of(draw, "place", chinese=False))
        case "roomname":
            return draw.of(_ROOMS_ZH if chinese else _ROOMS)
        case "reason":
            return draw.of(_REASONS)
    return _made(draw, maker, chinese=chinese)


def _made(draw: Draw, maker: str, *, chinese: bool) -> str:
    match maker:
        case "isodate":
            return draw.made(lambda r: f"{r.randint(2024, 2039)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}")
        case "clock":
            return draw.made(lambda r: f"{r.randint(0, 23):02}:{r.randint(0, 59):02}")
        case "expression":
            return draw.made(_expression)
        case "host":
            return draw.made(_host)
        case "path":
            return draw.made(_path)
        case "word":
            return facts.value_of(draw, "madename", chinese=False).lower() + draw.any(("", "s", "_log", "_2"))
    return facts.value_of(draw, maker, chinese=chinese)


def _expression(random: Any) -> str:
    text = str(random.randint(2, 999))
    for _ in range(random.choice((1, 1, 2))):
        text += f" {random.choice('+-*/')} {random.randint(2, 99)}"
    return text


def _host(random: Any) -> str:
    name = random.choice(("web", "db", "mail", "node", "cache", "build", "app", "proxy", "files", "backup", "auth"))
    return f"{name}{random.choice(('', '-'))}{random.randint(1, 99)}{random.choice(('', '', '.local', '-eu', '-test'))}"


def _path(random: Any) -> str:
    name = ENGLISH["madename"](random).lower()
    folder = random.choice(("", "", "docs/", "/etc/", "src/", "data/", "/tmp/", "reports/2024/", "notes/"))
    return f"{folder}{name}.{random.choice(('txt', 'md', 'csv', 'json', 'log', 'py', 'yaml'))}"


def _sentence(draw: Draw, *, chinese: bool) -> str:
    """A sentence of some house, without its full stop."""
    kind = draw.any(facts.kinds("house.zh" if chinese else "house"))
    house = facts.thing(draw, kind, 1, chinese=chinese)
    text = facts.statement(draw, house, house.facts[0], chinese=chinese)
    return text.rstrip(".。").replace('"', "")
