"""The tools that questions choose from: those of lists/tools.txt, and made-up ones that read and set some quantity."""

from __future__ import annotations

import re
from functools import lru_cache
from pathlib import Path
from typing import TypeAlias

import msgspec

from sglc.backend.engine.tiny.corpus.draw import Draw


class Param(msgspec.Struct, frozen=True):
    """`type`: with the default, as it stands in a program; `maker`: of its values."""

    names: tuple[str, ...]
    type: str
    about: tuple[str, ...]
    maker: str


class Tool(msgspec.Struct, frozen=True):
    """`questions` hold `{0}`, `{1}` for the arguments; `fill`: more slots of theirs with what they become."""

    names: tuple[str, ...]
    about: tuple[str, ...]
    params: tuple[Param, ...]
    questions: tuple[str, ...]
    fill: tuple[tuple[str, str], ...] = ()

    def takes(self, maker: str) -> bool:
        return any(param.maker == maker for param in self.params)


@lru_cache(maxsize=4)
def catalogue(*, chinese: bool) -> tuple[Tool, ...]:
    """lists/tools.txt: `# names | descriptions`, `@ names | type | descriptions | maker`, `? questions`."""
    found: list[Tool] = []
    text = (Path(__file__).parent / "lists" / f"tools{'.zh' if chinese else ''}.txt").read_text("utf-8")
    for line in text.splitlines():
        mark, _, rest = line.partition(" ")
        first, *more = rest.split(" | ")
        if mark == "#":
            found.append(Tool(tuple(first.split(", ")), tuple(more), (), ()))
        elif mark == "@":
            type_, about, maker = more
            param = Param(tuple(first.split(", ")), type_.replace(" or ", " | "), tuple(about.split("; ")), maker)
            found[-1] = msgspec.structs.replace(found[-1], params=(*found[-1].params, param))
        else:
            found[-1] = msgspec.structs.replace(found[-1], questions=tuple(line.split(" | ")))
    return tuple(found)


_NOUNS = (
    "battery level", "water pressure", "balance", "speed limit", "colour", "oil level", "password", "owner", "page count",
    "opening hours", "menu", "score", "salary", "phone plan", "shoe size", "blood type", "room number", "tax rate", "humidity",
    "noise level", "fuel level", "contract", "delivery fee", "seat count", "brightness", "floor plan", "gate", "platform",
    "discount", "warranty", "version", "licence", "memory use", "disk space", "ranking", "birthday", "nickname", "timetable",
    "membership", "credit limit", "air quality", "ticket price", "waiting time", "engine temperature", "tire pressure",
    "ink level", "voltage", "rent", "deposit", "grade",
)  # fmt: skip
_OBJECTS = (
    "car", "pump", "account", "printer", "house", "robot", "student", "train", "boat", "phone", "player", "patient", "garden",
    "truck", "camera", "course", "shop", "machine", "sensor", "team", "flat", "laptop", "room", "bus", "plane", "employee",
    "tank", "ship", "oven", "tablet", "router", "tractor", "pupil", "library", "museum", "warehouse", "lift", "scooter", "drone",
    "member", "tenant", "hotel", "field", "greenhouse", "engine", "screen", "bicycle", "van", "clinic", "driver", "supplier",
    "boiler", "fridge", "locker", "stadium", "farm", "ferry", "crane", "tram", "guest", "coach", "turbine", "studio", "branch",
)  # fmt: skip
_NOUNS_ZH = (
    "电量", "水压", "余额", "限速", "颜色", "油量", "密码", "主人", "页数", "营业时间", "菜单", "分数", "工资", "套餐", "尺码",
    "血型", "房号", "税率", "湿度", "噪音", "合同", "座位数", "亮度", "登机口", "站台", "折扣", "保修期", "版本", "内存",
    "排名", "生日", "昵称", "时刻表", "会员等级", "空气质量", "票价", "等待时间", "胎压", "电压", "房租", "押金", "成绩",
)  # fmt: skip
_OBJECTS_ZH = (
    "汽车", "水泵", "账户", "打印机", "房子", "机器人", "学生", "火车", "船", "手机", "球员", "病人", "花园", "卡车", "相机",
    "课程", "商店", "机器", "传感器", "球队", "电脑", "房间", "公交车", "飞机", "员工",
    "水箱", "轮船", "烤箱", "平板", "路由器", "拖拉机", "图书馆", "博物馆", "电梯", "无人机", "会员", "租客", "酒店", "温室",
    "屏幕", "自行车", "诊所", "司机", "供应商", "锅炉", "冰箱", "体育馆", "农场", "吊车", "客人", "教练",
)  # fmt: skip
_READ = (
    "What is the {noun} of {obj} {0}?|Tell me the {noun} of {obj} {0}.|{obj} {0}: which {noun}?|I need the {noun} of {obj} {0}."
    "|Show the {noun} of {0}.|Look up the {noun} of {obj} {0}.|Do you know the {noun} of {0}?|Give me the {noun} of {0}, please."
    "|Can you check the {noun} of {obj} {0}?|{noun} of {0}?|Read the {noun} of {obj} {0}."
)
_SET = (
    "Set the {noun} of {obj} {0} to {1}.|Change the {noun} of {0} to {1}.|The {noun} of {obj} {0} should be {1}."
    "|Make {1} the new {noun} of {0}.|Please put the {noun} of {obj} {0} at {1}.|{obj} {0} gets {1} as its {noun}."
    "|From now on the {noun} of {0} is {1}.|Update the {noun} of {obj} {0}: {1}.|I want the {noun} of {0} to be {1}."
)
_DELETE = (
    "Delete the {noun} of {obj} {0}.|Remove the {noun} of {0}.|{obj} {0} needs no {noun} any more.|Clear the {noun} of {0}."
    "|Please erase the {noun} of {obj} {0}.|Take away the {noun} of {obj} {0}.|Drop the {noun} of {0}, please."
)
_READ_ZH = (
    "{obj}{0}的{noun}是多少?|查一下{0}的{noun}。|请告诉我{obj}{0}的{noun}。|我想知道{0}的{noun}。|{0}的{noun}?"
    "|{obj}{0}现在的{noun}是什么?|看看{obj}{0}的{noun}。|帮我读一下{0}的{noun}。"
)
_SET_ZH = (
    "把{obj}{0}的{noun}改成{1}。|{0}的{noun}设为{1}。|请把{0}的{noun}调到{1}。|{obj}{0}的{noun}应该是{1}。"
    "|从现在起{0}的{noun}是{1}。|更新{obj}{0}的{noun}:{1}。|我要{0}的{noun}变成{1}。"
)
_DELETE_ZH = (
    "删除{obj}{0}的{noun}。|去掉{0}的{noun}。"
    "|{obj}{0}不再需要{noun}。|清除{0}的{noun}。|请把{obj}{0}的{noun}删掉。|{0}的{noun}不要了。"
)
Operation: TypeAlias = tuple[tuple[str, ...], str, str]
"""Verbs, descriptions and questions, both separated by bars."""
_OPERATIONS: tuple[Operation, ...] = (
    (("get", "read", "show", "check"), "The {noun} of a {obj}.|Read the {noun}.|Look up the {noun} of a {obj}.", _READ),
    (
        ("set", "change", "update", "put"),
        "Set the {noun} of a {obj}.|Change the {noun}.|Give a {obj} a new {noun}.",
        _SET,
    ),
    (
        ("delete", "remove", "clear", "drop"),
        "Delete the {noun} of a {obj}.|Remove the {noun}.|Clear the {noun}.",
        _DELETE,
    ),
)
_OPERATIONS_ZH: tuple[Operation, ...] = (
    (("查询", "读取", "查"), "{obj}的{noun}。|查询{noun}。|读取{obj}的{noun}。", _READ_ZH),
    (("设置", "修改", "更新"), "设置{obj}的{noun}。|修改{noun}。|更新{obj}的{noun}。", _SET_ZH),
    (("删除", "清除", "去掉"), "删除{obj}的{noun}。|清除{noun}。|去掉{obj}的{noun}。", _DELETE_ZH),
)
_IDS = ("id", "name", "number", "key", "which", "code")
_IDS_ZH = ("编号", "名称", "号码", "代号")
_VALUES = ("value", "to", "new_value", "setting")
_VALUES_ZH = ("值", "新值", "数值")


def made_tools(draw: Draw, count: int, *, chinese: bool) -> list[Tool]:
    """Tools that read, set or delete: near each other, since a few nouns and things are shared."""
    nouns = draw.some(_NOUNS_ZH if chinese else _NOUNS, draw.number(1, 3))
    objects = draw.some(_OBJECTS_ZH if chinese else _OBJECTS, draw.number(1, 2))
    operations = _OPERATIONS_ZH if chinese else _OPERATIONS
    ways = [(op, noun, obj) for op in operations for noun in nouns for obj in objects]
    ways = draw.shuffled(ways)[:count]
    # Of two things with the same quantity only the thing tells which tool is meant, so each question has to name it.
    if len({(op, noun) for op, noun, _ in ways}) < len(ways):
        ways = [
            ((op[0], op[1], "|".join(q for q in op[2].split("|") if "{obj}" in q)), noun, obj) for op, noun, obj in ways
        ]
    return [_made(draw, way, chinese=chinese) for way in ways]


def _made(draw: Draw, way: tuple[Operation, str, str], *, chinese: bool) -> Tool:
    (verbs, about, questions), noun, obj = way
    verb = draw.any(verbs)
    name = f"{verb}{noun}" if chinese else f"{verb}_{noun}".replace(" ", "_")
    if questions.count("{obj}") == questions.count("|") + 1 or draw.chance(0.3):
        name = f"{name}_{obj}" if not chinese else f"{verb}{obj}{noun}"
    ids, values = (_IDS_ZH, _VALUES_ZH) if chinese else (_IDS, _VALUES)
    which = Param(
        (draw.any(ids),),
        "str",
        (f"{obj}的编号" if chinese else f"which {obj}",),
        draw.any(("code", "code", "madename")),
    )
    params = [which]
    if "{1}" in questions:
        kind, maker = draw.any((("int", "small"), ("str", "code"), ("float", "money"), ("str", "madename")))
        params.append(Param((draw.any(values),), kind, (f"新的{noun}" if chinese else f"the new {noun}",), maker))
    descriptions = tuple(text.replace("{noun}", noun).replace("{obj}", obj) for text in about.split("|"))
    descriptions = tuple(re.sub(r"\ba (?=[aeiou])", "an ", text) for text in descriptions)
    return Tool((name,), descriptions, tuple(params), tuple(questions.split("|")), (("{noun}", noun), ("{obj}", obj)))
