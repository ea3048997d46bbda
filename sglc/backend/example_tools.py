"""The services that the examples call: one small HTTP server on this machine, with made-up but sensible answers.

Every answer depends on the request alone, so a run can be repeated; nothing is stored and no clock is read.
"""

from __future__ import annotations

import datetime
import hashlib
import math
from collections import deque
from types import TracebackType
from typing import Any, Self

from aiohttp import web

from sglc.backend.example_facts import search

_JSON_ERRORS = {"order": "no order has this number", "nights": "nights must be a whole number from 1 to 60"}


class City:
    """A city as the travel service knows it. `warm`: mean temperature of a year; `swing`: how far July is above it."""

    def __init__(
        self, names: str, place: tuple[float, float, int], climate: tuple[int, int], level: float, areas: str
    ) -> None:
        self.english, self.chinese = names.split("/")
        self.latitude, self.longitude, self.utc = place
        self.warm, self.swing = climate
        self.level = level  # of prices; 1.0 is Berlin's
        self.areas = [area.split("/") for area in areas.split(", ")]


_CITIES = (
    City("Paris/巴黎", (48.9, 2.4, 1), (12, 8), 1.4, "Marais/玛黑区, Montmartre/蒙马特, Saint-Germain/圣日耳曼"),
    City("London/伦敦", (51.5, -0.1, 0), (11, 7), 1.5, "Soho/苏豪区, South Bank/南岸, Kensington/肯辛顿"),
    City(
        "Berlin/柏林", (52.5, 13.4, 1), (10, 10), 1.0, "Mitte/米特区, Kreuzberg/克罗伊茨贝格, Charlottenburg/夏洛滕堡"
    ),
    City("Rome/罗马", (41.9, 12.5, 1), (16, 9), 1.1, "Trastevere/特拉斯提弗列, Centro Storico/历史中心, Prati/普拉蒂"),
    City("Barcelona/巴塞罗那", (41.4, 2.2, 1), (17, 8), 1.1, "Gothic Quarter/哥特区, Gracia/格拉西亚, Eixample/扩展区"),
    City("Lisbon/里斯本", (38.7, -9.1, 0), (17, 6), 0.9, "Alfama/阿尔法玛, Baixa/拜沙, Belem/贝伦"),
    City("New York/纽约", (40.7, -74.0, -5), (13, 12), 1.8, "Midtown/中城, Brooklyn/布鲁克林, Chelsea/切尔西"),
    City("San Francisco/旧金山", (37.8, -122.4, -8), (14, 3), 1.6, "Mission/教会区, Nob Hill/诺布山, Marina/滨海区"),
    City("Tokyo/东京", (35.7, 139.7, 9), (16, 10), 1.2, "Shinjuku/新宿, Asakusa/浅草, Ginza/银座"),
    City(
        "Singapore/新加坡", (1.35, 103.8, 8), (27, 1), 1.3, "Chinatown/牛车水, Marina Bay/滨海湾, Little India/小印度"
    ),
    City("Beijing/北京", (39.9, 116.4, 8), (13, 14), 0.8, "Dongcheng/东城, Sanlitun/三里屯, Haidian/海淀"),
    City("Shanghai/上海", (31.2, 121.5, 8), (17, 11), 0.9, "The Bund/外滩, Jing'an/静安, Xuhui/徐汇"),
    City("Hangzhou/杭州", (30.3, 120.2, 8), (17, 12), 0.7, "West Lake/西湖, Xixi/西溪, Qianjiang/钱江新城"),
    City("Chengdu/成都", (30.7, 104.1, 8), (17, 9), 0.6, "Jinli/锦里, Chunxi Road/春熙路, Wuhou/武侯"),
)
_BY_NAME = {name.lower(): city for city in _CITIES for name in (city.english, city.chinese)}
_BY_NAME |= {"nyc": _BY_NAME["new york"], "peking": _BY_NAME["beijing"], "sf": _BY_NAME["san francisco"]}

_AIRLINES = (("NW", "Northwind", "北风航空"), ("SK", "Skylark", "云雀航空"), ("BL", "Blue Line", "蓝线航空"))
_HOTELS = (
    ("Garden Hotel", "花园酒店"),
    ("Hotel Central", "中心酒店"),
    ("Old Mill Inn", "老磨坊客栈"),
    ("Riverside", "河畔酒店"),
)
_WEATHER = (("sunny", "晴"), ("partly cloudy", "多云"), ("cloudy", "阴"), ("light rain", "小雨"), ("windy", "有风"))
_SNOW = ("snow", "雪")
_STATUS = ("in transit", "out for delivery", "delivered", "at customs", "ready for collection")
_ETA = ("tomorrow", "today before 18:00", None, "in 4 days", "today")
_CARRIERS = ("DHL", "UPS", "FedEx", "GLS")


def _seed(*parts: object) -> int:
    """A number that depends on the parts alone, the same in every process."""
    return int.from_bytes(hashlib.sha256("\0".join(map(str, parts)).lower().encode()).digest()[:8], "big")


def _pick(choices: tuple[Any, ...], *parts: object) -> Any:
    return choices[_seed(*parts) % len(choices)]


def _language(text: str) -> int:
    """0 for English, 1 for Chinese: the answer speaks the language of the question."""
    return int(any("\u4e00" <= c <= "\u9fff" for c in text))


def _city(name: str) -> City:
    """A city by its English or Chinese name; one that is not known is an average one."""
    name = name.strip().removesuffix("市")
    unknown = City(
        "City/城市", (_seed(name) % 60, _seed(name, 1) % 120, 0), (14, 9), 1.0, "Centre/市中心, Old Town/老城"
    )
    return _BY_NAME.get(name.lower(), unknown)


def _distance_km(a: City, b: City) -> float:
    """Great-circle distance (haversine)."""
    phi, theta = math.radians(a.latitude), math.radians(b.latitude)
    turn = math.radians(b.longitude - a.longitude)
    h = math.sin((theta - phi) / 2) ** 2 + math.cos(phi) * math.cos(theta) * math.sin(turn / 2) ** 2
    return 2 * 6371 * math.asin(math.sqrt(h))


def flights(origin: str, to: str, date: str) -> list[dict[str, Any]]:
    """Three flights of a day, the earliest first, prices in euros; none inside one city."""
    start, end = _city(origin), _city(to)
    if origin.strip().lower() == to.strip().lower() or (start is end):
        return []
    km = _distance_km(start, end)
    minutes = 45 + int(km / 800 * 60)
    found = []
    for number, (code, *airline) in enumerate(_AIRLINES):
        seed = _seed("flight", origin, to, date, number)
        depart = (6 + number * 5) * 60 + seed % 48 * 5
        arrive = (depart + minutes + (end.utc - start.utc) * 60) % (24 * 60)
        found.append(
            {
                "id": f"{code}{100 + seed % 900}",
                "airline": airline[_language(origin + to)],
                "depart": f"{depart // 60:02}:{depart % 60:02}",
                "arrive": f"{arrive // 60:02}:{arrive % 60:02}",
                "price": round(40 + km * (0.06 + seed % 7 / 100)),
            }
        )
    return found


def hotels(city: str, nights: int) -> list[dict[str, Any]]:
    """Three hotels, the cheapest first, prices in euros; longer stays cost less a night."""
    place, language = _city(city), _language(city)
    found = []
    for number in range(3):
        seed = _seed("hotel", city, number)
        stars = 2 + number
        area = place.areas[seed % len(place.areas)][language]
        name = _HOTELS[(_seed("names", city) + number) % len(_HOTELS)][language]
        price = (35 + stars * 25 + seed % 20) * place.level * (0.9 if nights >= 5 else 1.0)
        found.append(
            {
                "name": area + name if language else f"{area} {name}",
                "stars": stars,
                "price_per_night": round(price),
                "area": area,
            }
        )
    return found


def weather(city: str, date: str) -> dict[str, Any]:
    """Weather of a day that fits the season; a date that is not YYYY-MM-DD counts as a day in May."""
    place, seed = _city(city), _seed("weather", city, date)
    try:
        month = datetime.date.fromisoformat(date).month
    except ValueError:
        month = 5
    mean = place.warm + place.swing * math.cos((month - 7) * math.pi / 6)
    high, low = round(mean + 3 + seed % 4), round(mean - 4 - seed % 3)
    summary = _SNOW if high < 3 and seed % 2 else _pick(_WEATHER, "sky", city, date)
    return {"summary": summary[_language(city)], "high": high, "low": low}


def parcel(order_id: str) -> dict[str, Any] | None:
    """A parcel on its way; an order number has at least four digits."""
    if sum(c.isdigit() for c in order_id) < 4:
        return None
    index = _seed("parcel", order_id) % len(_STATUS)
    return {"status": _STATUS[index], "eta": _ETA[index], "carrier": _pick(_CARRIERS, "carrier", order_id)}


def stock(sku: str) -> int:
    """Pieces in stock, every fifth article none."""
    seed = _seed("stock", sku)
    return 0 if seed % 5 == 0 else seed % 90 + 1


class ExampleTools:
    """The server, for as long as the `async with` lasts: `env` is what the programs read, `host` is `address:port`."""

    def __init__(self) -> None:
        self.log: deque[str] = deque(maxlen=1000)
        self.env: dict[str, str] = {}
        self.host = ""

    async def __aenter__(self) -> Self:
        self._runner = web.AppRunner(make_app(self.log), access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        address, port = self._runner.addresses[0][:2]
        self.host = f"{address}:{port}"
        self.env = {f"{name}_URL": f"http://{self.host}/{name.lower()}" for name in ("SHOP", "TRAVEL", "WIKI")}
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._runner.cleanup()


_LOG = web.AppKey("log", deque)


def make_app(log: deque[str]) -> web.Application:
    """The application; each request adds a line like `GET /shop/stock/A1` to the log."""
    app = web.Application(middlewares=[_note])
    app[_LOG] = log
    app.router.add_get("/shop/parcels/{order_id}", _get_parcel)
    app.router.add_get("/shop/stock/{sku}", _get_stock)
    app.router.add_post("/shop/refunds", _post_refund)
    app.router.add_get("/travel/flights", _get_flights)
    app.router.add_get("/travel/hotels", _get_hotels)
    app.router.add_get("/travel/weather", _get_weather)
    app.router.add_get("/wiki/search", _get_search)
    return app


@web.middleware
async def _note(request: web.Request, handler: Any) -> web.StreamResponse:
    request.app[_LOG].append(f"{request.method} {request.path_qs}")
    response: web.StreamResponse = await handler(request)
    return response


def _wanted(request: web.Request, *names: str) -> list[str]:
    """Query values; all are needed."""
    missing = [name for name in names if name not in request.query]
    if missing:
        raise web.HTTPBadRequest(text=f"the query lacks `{missing[0]}`")
    return [request.query[name] for name in names]


async def _get_parcel(request: web.Request) -> web.Response:
    found = parcel(request.match_info["order_id"])
    return web.json_response(found) if found else web.json_response({"error": _JSON_ERRORS["order"]}, status=404)


async def _get_stock(request: web.Request) -> web.Response:
    return web.json_response(stock(request.match_info["sku"]))


async def _post_refund(request: web.Request) -> web.Response:
    try:
        order_id = str((await request.json())["order_id"])
    except (ValueError, KeyError, TypeError):
        raise web.HTTPBadRequest(text="expected a JSON object with `order_id`") from None
    if parcel(order_id) is None:
        return web.json_response({"error": _JSON_ERRORS["order"]}, status=404)
    refund = f"R{_seed('refund', order_id) % 1_000_000:06}"
    return web.json_response({"refund_id": refund, "order_id": order_id, "status": "accepted"}, status=201)


async def _get_flights(request: web.Request) -> web.Response:
    return web.json_response(flights(*_wanted(request, "from", "to", "date")))


async def _get_hotels(request: web.Request) -> web.Response:
    city, nights = _wanted(request, "city", "nights")
    if not (nights.isascii() and nights.isdigit() and 1 <= int(nights[:4]) <= 60):
        return web.json_response({"error": _JSON_ERRORS["nights"]}, status=400)
    return web.json_response(hotels(city, int(nights)))


async def _get_weather(request: web.Request) -> web.Response:
    return web.json_response(weather(*_wanted(request, "city", "date")))


async def _get_search(request: web.Request) -> web.Response:
    query = request.query.get("query", request.query.get("q"))
    if query is None:
        raise web.HTTPBadRequest(text="the query lacks `query`")
    return web.json_response(search(query))
