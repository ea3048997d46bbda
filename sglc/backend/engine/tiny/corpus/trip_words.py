"""Words of the trip tasks: wishes by what they ask for, reasons by the kind of a place, wordings of programs."""

from __future__ import annotations

from functools import lru_cache

from sglc.backend.engine.tiny.corpus.chat_words import lines
from sglc.backend.engine.tiny.corpus.slots import listed


@lru_cache(maxsize=2)
def sights(language: str) -> dict[str, list[tuple[str, str]]]:
    """City -> its sights as (kind, name), best first. Kinds: the keys of `REASONS`."""
    zh = language == "zh"
    found: dict[str, list[tuple[str, str]]] = {}
    for line in listed("sights.zh" if zh else "sights"):
        city, rest = line.split(":" if zh else ": ", 1)
        pairs = [item.split(":", 1) for item in rest.split("," if zh else ", ")]
        found[city] = [(kind, name) for kind, name in pairs]
    return found


GENERIC = {
    "en": (
        *(("d", "Old Town"), ("m", "City Museum"), ("p", "City Park"), ("s", "Main Square"), ("k", "Market Hall")),
        *(("w", "River Walk"), ("h", "Cathedral"), ("m", "Art Gallery"), ("p", "Botanical Garden")),
        *(("v", "Viewing Tower"), ("h", "Town Hall"), ("d", "Artists' Quarter")),
    ),
    "zh": (
        *(("d", "老城区"), ("m", "市博物馆"), ("p", "城市公园"), ("s", "中心广场"), ("k", "中心市场")),
        *(("w", "河边步道"), ("h", "老教堂"), ("m", "美术馆"), ("p", "植物园")),
        *(("v", "观景台"), ("h", "市政厅"), ("d", "艺术街区")),
    ),
}
"""Places that nearly any city has."""

REASONS = {
    "en": {
        "d": "old streets, small shops",
        "m": "a fine collection",
        "p": "green and calm",
        "s": "the life of the city",
        "k": "local food and colors",
        "w": "a walk by the water",
        "h": "history and beauty",
        "v": "the best view",
    },
    "zh": {
        "d": "老街小店,适合闲逛",
        "m": "藏品丰富",
        "p": "绿树成荫,安静",
        "s": "感受城市生活",
        "k": "品尝当地美食",
        "w": "水边散步",
        "h": "历史悠久,建筑优美",
        "v": "风景最好",
    },
}

EVENINGS = {
    "en": {
        "food": "good local food",
        "art": "galleries and small bars",
        "music": "live music",
        "kids": "an early family dinner",
        "nature": "a last walk in fresh air",
        "history": "dinner in old walls",
        "quiet": "a quiet dinner",
        "shops": "shops that open late",
        "views": "the lights of the city",
    },
    "zh": {
        "food": "当地美食",
        "art": "画廊和小酒馆",
        "music": "现场音乐",
        "kids": "早点吃家庭晚餐",
        "nature": "呼吸新鲜空气",
        "history": "古建筑里吃晚饭",
        "quiet": "安静的晚餐",
        "shops": "逛夜里的商店",
        "views": "看城市夜景",
    },
}
"""Taste -> why to spend the evening."""

DINNER = {"en": "dinner near the hotel", "zh": "在酒店附近吃晚饭"}


def wishes(language: str, about: str) -> tuple[str, ...]:
    """How a taste is told, one of the goals that decide about flight and hotel, `slow` days, or that there are none."""
    return lines("trip_wishes", language)[about]


AREAS = {
    "en": (
        ("Old", "New", "North", "South", "West", "East", "Upper", "Lower", "Little", "Saint", "Green", "Port", "High"),
        ("Town", "Quarter", "Hill", "Gate", "Harbor", "Mill", "Bridge", "Market", "Field", "Side", "Park", "Cross"),
    ),
    "zh": (
        ("东", "西", "南", "北", "老", "新", "上", "下", "青", "金", "云", "白"),
        ("门", "桥", "湖", "山", "街", "河口", "里", "岭"),
    ),
}
HOTELS = {
    "en": (
        (
            "Hotel {x}",
            "{x} Inn",
            "{x} Hotel",
            "The {x}",
            "Pension {x}",
            "{x} House",
            "{x} Lodge",
            "Villa {x}",
            "Hostel {x}",
        ),
        (
            *("Garden", "Central", "Riverside", "Aurora", "Bellevue", "Comet", "Linden", "Maple", "Orion", "Rose"),
            *("Sparrow", "Astoria", "Continental", "Harvest", "Lantern", "Meridian", "Old Oak", "Paloma", "Tulip"),
        ),
    ),
    "zh": (
        ("{x}酒店", "{x}宾馆", "{x}旅馆", "{x}客栈", "{x}大酒店", "{x}民宿", "{x}之家", "{x}饭店"),
        (
            "花园",
            "中心",
            "河畔",
            "晨光",
            "枫叶",
            "橡树",
            "玫瑰",
            "星空",
            "和平",
            "海风",
            "长城",
            "友谊",
            "竹林",
            "云上",
            "金桥",
        ),
    ),
}
AIRLINES = {
    "en": (
        "Northwind",
        "Skylark",
        "Blue Line",
        "Aero Sol",
        "Polar Air",
        "Meridian",
        "Condora",
        "Swiftair",
        "Lumen Air",
    ),
    "zh": ("北风航空", "云雀航空", "蓝线航空", "星海航空", "极地航空", "东升航空", "飞燕航空", "长空航空"),
}
WEATHER = {
    "en": ("sunny", "partly cloudy", "cloudy", "light rain", "windy", "snow", "fog", "showers", "clear", "hot and dry"),
    "zh": ("晴", "多云", "阴", "小雨", "有风", "雪", "雾", "阵雨", "晴热"),
}
TITLES = {
    "en": ("First steps in {city}", "Last hours in {city}", "{first} and around"),
    "zh": ("初到{city}", "告别{city}", "{first}一带"),
}
"""Titles of the first day, the last day and those between."""

TIMES = {"en": ("morning", "afternoon", "evening"), "zh": ("上午", "下午", "晚上")}

PROGRAM = """from "./types.sgl" import Flight, Hotel, Weather


type Stop:
    time: "{t0}" | "{t1}" | "{t2}"
    place: str(min=2, max=40) "{place}"
    why: str(max=80) "{why}"


type Day:
    title: str(min=2, max=40) "{title}"
    stops: list[Stop](min=2, max=3)


tool flights(origin: str, city: str) -> list[Flight]:
    http GET "{{env.URL}}/f" with query={{"o": origin, "c": city}}


tool hotels(city: str, nights: int) -> list[Hotel]:
    http GET "{{env.URL}}/h" with query={{"c": city, "n": nights}}


tool weather(city: str) -> Weather:
    http GET "{{env.URL}}/w" with query={{"c": city}}


def trip(city: str, origin: str, nights: int(min=1, max=5), wishes: str) -> tuple[str, str, list[Day]]:
    found = flights(origin, city)
    beds = hotels(city, nights)
    sky = weather(city)
    system: "{system}\\n{{describe(Day)}}"
    user: "{ask}"
    assistant:
        "{flight}{{select flight from [f.id for f in found]}}\\n"
        "{hotel}{{select hotel from [h.name for h in beds]}}"
    days = fork day in range(1, nights + 2):
        user: "{plan}"
        assistant: gen plan: Day with max_tokens=160
        yield plan
    return (flight, hotel, days)
"""
"""examples/trip.sgl with other words."""

WORDINGS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "place": ("where to go", "a place in the city", "the place", "what to visit"),
        "why": ("one reason, a few words", "why it is worth it", "a short reason"),
        "title": ("the day in a few words", "a short title", "headline of the day"),
        "system": (
            "You are a travel planner. Use only the flights and hotels that you are given.",
            "You plan trips. Choose what fits the wishes.",
            "Plan a trip. Take a flight and a hotel from the lists, then write each day as JSON.",
            "You help people to travel. Answer with facts from the lists.",
        ),
        "ask": (
            "From {origin} to {city}, {nights} nights.\\nWishes: {wishes}\\nFlights: {found}\\nHotels: {beds}\\nWeather: {sky}",
            "I want to go from {origin} to {city} for {nights} nights. What matters: {wishes}.\\n{found}\\n{beds}\\n{sky}",
            "Flights: {found}\\nHotels: {beds}\\nWeather: {sky}\\nTrip: {origin} to {city}, {nights} nights. Wishes: {wishes}.",
            "Destination: {city} (from {origin})\\nNights: {nights}\\nWe want: {wishes}\\nOffers: {found} {beds}\\nSky: {sky}",
        ),
        "flight": ("Flight: ", "I take flight ", "Best flight: ", "- flight: "),
        "hotel": ("Hotel: ", "I stay at ", "Best hotel: ", "- hotel: "),
        "plan": (
            "Plan day {day} of {nights + 1}.",
            "Day {day} of {nights + 1}, please.",
            "Now day {day} of {nights + 1}.",
        ),
    },
    "zh": {
        "place": ("去哪里", "城里的一个地方", "地点"),
        "why": ("一个理由,几个字", "为什么值得去", "简短的理由"),
        "title": ("用几个字概括这一天", "简短的标题", "当天的标题"),
        "system": (
            "你是旅行规划师。只能从工具返回的结果里选择,不要编造。\\n先选符合愿望的航班和酒店,再用 JSON 写出每天的计划。",
            "你帮助用户安排旅行,按照愿望选择航班和酒店。",
            "请安排一次旅行。航班和酒店只能从列表里选。",
        ),
        "ask": (
            "{origin}到{city}的旅行,住{nights}晚。愿望:{wishes}。\\n航班:{found}\\n酒店:{beds}\\n天气:{sky}",
            "我想从{origin}去{city}玩,住{nights}晚。要求:{wishes}。\\n{found}\\n{beds}\\n{sky}",
            "航班:{found}\\n酒店:{beds}\\n天气:{sky}\\n目的地:{city},出发地:{origin},{nights}晚。愿望:{wishes}",
        ),
        "flight": ("航班:", "选择航班:", "最合适的航班:"),
        "hotel": ("酒店:", "选择酒店:", "最合适的酒店:"),
        "plan": (
            "请安排第{day}天,共{nights + 1}天。",
            "第{day}天的计划(共{nights + 1}天)。",
            "现在写第{day}天,一共{nights + 1}天。",
        ),
    },
}
