"""The examples' services, called as a program calls them: through a Toolbox, over HTTP, on this machine only."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from tool_server import failure, http_tool

from sglc.backend.example_facts import search
from sglc.backend.example_tools import ExampleTools, flights, hotels, parcel, stock, weather
from sglc.backend.tools.policy import ToolPolicy
from sglc.backend.tools.toolbox import Toolbox
from sglc.ir.tools import ArgPart, DictValue, ToolSpec
from sglc.ir.types import FLOAT, INT, STR, Field, ListType, NamedType, RecordType, Type, TypeTable, optional


def _record(record: str, /, **fields: Type) -> RecordType:
    return RecordType(record, tuple(Field(key, type_) for key, type_ in fields.items()))


TABLE: TypeTable = {
    r.name: r
    for r in (
        _record("Parcel", status=STR, eta=optional(STR), carrier=STR),
        _record("Refund", refund_id=STR, order_id=STR, status=STR),
        _record("Flight", id=STR, airline=STR, depart=STR, arrive=STR, price=FLOAT),
        _record("Hotel", name=STR, stars=INT, price_per_night=FLOAT, area=STR),
        _record("Weather", summary=STR, high=INT, low=INT),
        _record("Article", title=STR, text=STR),
    )
}
CITIES = [
    "Paris", "London", "Berlin", "Rome", "Barcelona", "Lisbon", "New York", "San Francisco", "Tokyo", "Singapore",
    "Beijing", "Shanghai", "Hangzhou", "Chengdu", "北京", "上海市", "巴黎", "Atlantis", "",
]  # fmt: skip


def _asked(*names: str) -> tuple[tuple[str, ArgPart], ...]:
    return tuple((name, ArgPart(name)) for name in names)


async def call(spec: ToolSpec, arguments: dict[str, Any]) -> Any:
    async with ExampleTools() as tools:
        policy = ToolPolicy(env=tools.env, private_hosts=(tools.host,))
        async with Toolbox([spec], policy, TABLE) as toolbox:
            value = await toolbox.call("t", arguments)
        assert len(tools.log) == 1
        return value


PARCEL = http_tool("{env.SHOP_URL}/parcels/{order_id}", "order_id", result=NamedType("Parcel"))
REFUND = http_tool(
    "{env.SHOP_URL}/refunds", "order_id", method="POST", body=DictValue(_asked("order_id")), result=NamedType("Refund"),
    effect=True,
)  # fmt: skip
HOTELS = http_tool(
    "{env.TRAVEL_URL}/hotels", "city", Field("nights", INT), query=_asked("city", "nights"),
    result=ListType(NamedType("Hotel")),
)  # fmt: skip
FLIGHTS = http_tool(
    "{env.TRAVEL_URL}/flights", "from", "to", "date", query=_asked("from", "to", "date"),
    result=ListType(NamedType("Flight")),
)  # fmt: skip
WEATHER = http_tool(
    "{env.TRAVEL_URL}/weather", "city", "date", query=_asked("city", "date"), result=NamedType("Weather")
)  # fmt: skip
WIKI = "{env.WIKI_URL}/search"


@pytest.mark.parametrize(
    ("spec", "arguments"),
    [
        (PARCEL, {"order_id": "A12345"}),
        (http_tool("{env.SHOP_URL}/stock/{sku}", "sku", result=INT), {"sku": "TEA/1"}),
        (REFUND, {"order_id": "A12345"}),
        (HOTELS, {"city": "上海", "nights": 3}),
        (FLIGHTS, {"from": "Berlin", "to": "New York", "date": "2026-05-01"}),
        (WEATHER, {"city": "北京", "date": "2026-01-10"}),
        (http_tool(WIKI, "query", query=_asked("query"), result=NamedType("Article")), {"query": "长城"}),
        (http_tool(WIKI, "q", query=_asked("q"), result=NamedType("Article")), {"q": "Mount Everest"}),
    ],
)
def test_each_service_answers_as_declared_and_always_the_same(spec: ToolSpec, arguments: dict[str, Any]) -> None:
    value = asyncio.run(call(spec, arguments))
    assert value not in ([], {}, None)
    assert asyncio.run(call(spec, arguments)) == value


@pytest.mark.parametrize(
    ("spec", "arguments", "status"),
    [
        (PARCEL, {"order_id": "none"}, 404),
        (REFUND, {"order_id": "none"}, 404),
        (HOTELS, {"city": "Paris", "nights": 0}, 400),
        (http_tool("{env.WIKI_URL}/search"), {}, 400),
        (http_tool("{env.SHOP_URL}/refunds", method="POST"), {}, 400),
    ],
)
def test_a_wrong_request_is_told_so(spec: ToolSpec, arguments: dict[str, Any], status: int) -> None:
    error = failure(lambda: call(spec, arguments))
    assert (error.kind, error.status) == ("status", status)


@pytest.mark.parametrize("city", CITIES)
def test_every_city_makes_sense(city: str) -> None:
    for month in range(1, 13):
        day = weather(city, f"2026-{month:02}-15")
        assert -25 < day["low"] < day["high"] < 45
    found = hotels(city, 3)
    assert len({hotel["name"] for hotel in found}) == 3
    assert all(30 < hotel["price_per_night"] < 400 and hotel["area"] in hotel["name"] for hotel in found)
    for flight in flights(city, "Vienna", "2026-05-01"):
        assert 40 <= flight["price"] < 2500
        assert flight["depart"] < "24:00" > flight["arrive"]


def test_answers_speak_the_language_of_the_question() -> None:
    assert "巴黎" not in str(hotels("Paris", 1))
    assert hotels("巴黎", 1)[0]["name"].endswith(("酒店", "客栈"))
    assert flights("北京", "上海", "2026-05-01")[0]["airline"].endswith("航空")
    assert flights("Paris", "paris ", "2026-05-01") == flights("Paris", "巴黎", "2026-05-01") == []
    assert [weather("Beijing", d)["high"] > 20 for d in ("2026-01-10", "2026-07-10")] == [False, True]


def test_shop_numbers() -> None:
    assert parcel("1234")
    assert parcel("order") is None
    assert {stock(f"sku-{n}") == 0 for n in range(50)} == {True, False}


@pytest.mark.parametrize(
    ("query", "title"),
    [
        ("Colorado orogeny", "Colorado orogeny"),
        ("elevation of the High Plains", "High Plains"),
        ("How tall is the Eiffel Tower?", "Eiffel Tower"),
        ("who painted the mona lisa", "Mona Lisa"),
        ("长城有多长", "长城"),
        ("xyzzy", "nothing found"),
        ("", "nothing found"),
        ("你好", "没有结果"),
    ],
)
def test_the_encyclopedia(query: str, title: str) -> None:
    assert search(query)["title"] == title
