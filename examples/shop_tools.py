"""Python tools of the example shop. A program names one as `python "shop_tools:stock"`; the numbers are made up."""

from __future__ import annotations

import asyncio
import zlib
from typing import Any

EURO_RATES = {"EUR": 1.0, "USD": 1.08, "GBP": 0.85, "CHF": 0.95, "JPY": 170.0, "CNY": 7.8}
SHIPPING_ZONES = {"DE": 4.9, "AT": 7.9, "FR": 8.9, "GB": 12.9, "US": 19.9, "CN": 24.9}


def stock(sku: str) -> int:
    """Pieces of an article in stock; every fifth article is sold out."""
    number = zlib.crc32(sku.strip().upper().encode())
    return 0 if number % 5 == 0 else number % 90 + 1


def convert(amount: float, currency: str) -> float:
    """Euros in another currency."""
    rate = EURO_RATES.get(currency.strip().upper())
    if rate is None:
        raise ValueError(f"unknown currency {currency!r}; known are {', '.join(EURO_RATES)}")
    return round(amount * rate, 2)


def shipping_cost(weight_kg: float, country: str = "DE") -> float:
    """Euros for a parcel: a price for the country, and 1.50 for each kilogram above two."""
    return round(SHIPPING_ZONES.get(country.strip().upper(), 29.9) + max(0.0, weight_kg - 2) * 1.5, 2)


def quote(items: list[dict[str, Any]]) -> dict[str, Any]:
    """The sum of a list of {sku, price, quantity}, and the articles that are not in stock in that quantity."""
    total = sum(item["price"] * item["quantity"] for item in items)
    missing = [item["sku"] for item in items if stock(item["sku"]) < item["quantity"]]
    return {"total": round(total, 2), "missing": missing}


async def opening_hours(day: str) -> str:
    """When the shop is open; a function may be async."""
    await asyncio.sleep(0)
    return "closed" if day.strip().lower() in ("sunday", "sonntag", "星期日") else "9:00 to 18:00"
