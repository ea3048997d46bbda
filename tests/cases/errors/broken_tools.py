"""A module that does not parse."""


def stock(sku: str) -> int
    return 0
