"""examples/trip.sgl and programs like it: choose a flight and a hotel by the wishes, then plan days in a city."""

from __future__ import annotations

import random
from collections.abc import Mapping, Sequence
from functools import partial
from typing import Any

from sglc.backend import example_tools
from sglc.backend.engine.tiny.corpus import facts, slots
from sglc.backend.engine.tiny.corpus import trip_words as words
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.programs import example, written
from sglc.backend.engine.tiny.corpus.talk import Case, Task
from sglc.backend.engine.tiny.corpus.wordings import wording
from sglc.ir.decode import to_json

SERVICE_CITIES = 14
"""So many of the first known cities, in both languages, are those of the example service."""

_GOALS: tuple[tuple[str, ...], ...] = (
    *((), ("cheap",), ("cheap",), ("early",), ("late",), ("comfort",), ("near",)),
    *(("early", "comfort"), ("early", "near"), ("late", "comfort"), ("late", "near")),
)
"""What decides, at most one for the flight and one for the hotel."""


def _flight_id(random_: random.Random) -> str:
    letters = "".join(random_.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=2))
    return letters + slots.digits(random_, 2, 4)


def flights(draw: Draw, language: str) -> list[dict[str, Any]]:
    """Up to five flights with different prices and times, in any order."""
    count = draw.any((2, 3, 3, 3, 4))
    prices = draw.random.sample(range(40, 900, 10) if draw.chance(0.3) else range(39, 900), count)
    starts = draw.random.sample(range(60, 270), count)
    found = []
    for price, start in zip(prices, starts, strict=True):
        end = start + draw.number(12, 100)
        found.append(
            {
                "id": draw.made(_flight_id),
                "airline": draw.any(words.AIRLINES[language]),
                "depart": f"{start // 12:02}:{start % 12 * 5:02}",
                "arrive": f"{end // 12 % 24:02}:{end % 12 * 5:02}",
                "price": price,
            }
        )
    return found if draw.chance(0.5) else sorted(found, key=lambda f: str(f["depart"]))


def hotels(draw: Draw, language: str) -> list[dict[str, Any]]:
    """Up to four hotels with different prices, stars and areas, in any order."""
    count = draw.any((2, 3, 3, 3, 4))
    prices = draw.random.sample(range(30, 420, 5) if draw.chance(0.3) else range(28, 420), count)
    stars = draw.random.sample((1, 2, 3, 4, 5), count)
    (front, back), (forms, names) = words.AREAS[language], words.HOTELS[language]
    joint = " " if language == "en" else ""
    found: list[dict[str, Any]] = []
    for price, star in zip(prices, stars, strict=True):
        area = draw.made(lambda r: r.choice(front) + joint + r.choice(back))
        name = draw.made(lambda r: r.choice(forms).format(x=r.choice(names)))
        name = f"{area}{joint}{name}" if draw.chance(0.4) else name
        if any(name == h["name"] or area == h["area"] for h in found):
            continue
        found.append({"name": name, "stars": star, "price_per_night": price, "area": area})
    return found


def chosen_flight(found: Sequence[Mapping[str, Any]], goals: Sequence[str]) -> str:
    if "cheap" in goals:
        return str(min(found, key=lambda f: f["price"])["id"])
    if "early" in goals:
        return str(min(found, key=lambda f: f["depart"])["id"])
    if "late" in goals:
        return str(max(found, key=lambda f: f["depart"])["id"])
    return str(found[0]["id"])


def chosen_hotel(found: Sequence[Mapping[str, Any]], goals: Sequence[str], area: str) -> Mapping[str, Any]:
    if "cheap" in goals:
        return min(found, key=lambda h: h["price_per_night"])
    if "comfort" in goals:
        return max(found, key=lambda h: h["stars"])
    if "near" in goals:
        return next(h for h in found if h["area"] == area)
    return found[0]


class _Plan:
    """One trip with its right answers."""

    def __init__(self, draw: Draw, language: str) -> None:
        self.language = language
        known = list(words.sights(language))
        service = draw.chance(0.4)
        self.city, self.sights = self._city(draw, known[:SERVICE_CITIES] if service else known)
        self.origin = next(o for o in (self._unknown(draw) for _ in range(100)) if o != self.city)
        self.nights = draw.any((1, 1, 1, 2, 2, 3, 4, 5))
        self.date = draw.made(lambda r: f"20{r.randint(24, 29)}-{r.randint(1, 12):02}-{r.randint(1, 28):02}")
        self.flights = example_tools.flights(self.origin, self.city, self.date) if service else []
        self.flights = self.flights or flights(draw, language)
        self.hotels = example_tools.hotels(self.city, self.nights) if service else hotels(draw, language)
        summary = draw.any(words.WEATHER[language])
        low = draw.number(-8, 25)
        sky = {"summary": summary, "high": low + draw.number(2, 12), "low": low}
        self.weather = example_tools.weather(self.city, self.date) if service else sky
        goals = draw.any(_GOALS)
        area = str(draw.any(self.hotels)["area"])
        self.flight, self.hotel = chosen_flight(self.flights, goals), chosen_hotel(self.hotels, goals, area)
        self.wishes, self.slow, self.taste = self._wishes(draw, goals, area)
        self.keep = self.wishes.replace(area, "")
        self.places = {name for _, name in self.sights} | {h["area"] for h in self.hotels}

    def _city(self, draw: Draw, known: Sequence[str]) -> tuple[str, Sequence[tuple[str, str]]]:
        if draw.chance(0.85):
            city = draw.any(known)
            return city, words.sights(self.language)[city]
        city = next(c for c in (self._unknown(draw) for _ in range(500)) if c not in words.sights(self.language))
        return city, words.GENERIC[self.language]

    def _unknown(self, draw: Draw) -> str:
        """A city of any name, made-up ones among them."""
        if draw.chance(0.3):
            return facts.value_of(draw, "madename", chinese=self.language == "zh")
        return draw.of(slots.listed("cities" if self.language == "en" else "cities.zh"))

    def _wishes(self, draw: Draw, goals: Sequence[str], area: str) -> tuple[str, bool, str]:
        """The wishes as a text, whether days are slow, and why to go out in the evening."""
        language, evenings = self.language, words.EVENINGS[self.language]
        tastes = draw.random.sample(sorted(evenings), draw.any((0, 1, 1, 2)) if goals else draw.any((1, 1, 2)))
        parts = [draw.of(words.wishes(language, taste)) for taste in tastes]
        mixed = [draw.of(words.wishes(language, goal)).format(area=area) for goal in goals]
        slow = draw.chance(0.4)
        mixed += [draw.of(words.wishes(language, "slow"))] if slow else []
        for part in mixed:
            # Tastes keep their order, since the first one decides about the evening.
            parts.insert(draw.number(0, len(parts)), part)
        joint = draw.any((", ", ", ", " and ", "; ")) if language == "en" else draw.any((",", "、", ","))
        text = joint.join(parts or [draw.of(words.wishes(language, "none"))])
        return text, slow, evenings[tastes[0]] if tastes else words.DINNER[language]

    def day(self, number: int) -> dict[str, Any]:
        """Two sights by the number of the day, and an evening near the hotel unless the days are slow."""
        reasons, times = words.REASONS[self.language], words.TIMES[self.language]
        two = self.sights[2 * number - 2 : 2 * number]
        stops = [{"time": times[at], "place": name, "why": reasons[kind]} for at, (kind, name) in enumerate(two)]
        if not self.slow:
            stops.append({"time": times[2], "place": str(self.hotel["area"]), "why": self.taste})
        at = 0 if number == 1 else 1 if number == self.nights + 1 else 2
        title = words.TITLES[self.language][at].format(city=self.city, first=two[0][1])
        return {"title": title, "stops": stops}

    def teacher(self, path: str, told: str) -> str:
        if path.endswith("flight"):
            return self.flight
        if path.endswith("hotel"):
            return str(self.hotel["name"])
        return to_json(self.day(int(path.rsplit("[", 1)[1].split("]")[0]) + 1))

    def tools(self, name: str, args: dict[str, Any]) -> Any:
        return {"flights": self.flights, "hotels": self.hotels, "weather": self.weather}[name]

    def right(self, flight: str, hotel: str, days: Sequence[Mapping[str, Any]]) -> bool:
        """Flight and hotel are the wanted ones, and every day has places of this city, its two sights not the same."""
        if flight != self.flight or hotel != self.hotel["name"] or len(days) != self.nights + 1:
            return False
        stops = [stop for day in days for stop in day["stops"]]
        repeated = any(day["stops"][0]["place"] == day["stops"][1]["place"] for day in days)
        return all(stop["place"] in self.places for stop in stops) and not repeated


def trip(draw: Draw) -> Case:
    """examples/trip.sgl as it is."""
    plan = _Plan(draw, "en")
    return Case(
        program=example("trip"),
        function="trip",
        args={
            "city": plan.city,
            "origin": plan.origin,
            "date": plan.date,
            "nights": plan.nights,
            "wishes": plan.wishes,
        },
        teacher=plan.teacher,
        check=lambda value: plan.right(value["flight"], value["hotel"], value["days"]),
        tools=plan.tools,
        keep=plan.keep,
    )


def reworded(draw: Draw, language: str) -> Case:
    """The same skill under other words."""
    plan = _Plan(draw, language)
    parts = wording(draw, words.WORDINGS[language], 60)
    times = {f"t{at}": time for at, time in enumerate(words.TIMES[language])}
    return Case(
        program=written(words.PROGRAM.format(**parts, **times)),
        function="trip",
        args={"city": plan.city, "origin": plan.origin, "nights": plan.nights, "wishes": plan.wishes},
        teacher=plan.teacher,
        check=lambda value: plan.right(*value),
        tools=plan.tools,
        keep=plan.keep,
    )


TASKS = (
    Task("trip", "itinerary", "en", trip, 0.5),
    Task("trip_reworded", "itinerary", "en", partial(reworded, language="en"), 0.5),
    Task("trip_zh", "itinerary", "zh", partial(reworded, language="zh"), 0.5),
)
