"""Texts of word problems by shape: the signs of their steps in order, or a time difference."""

from __future__ import annotations

from functools import lru_cache

from sglc.backend.engine.tiny.corpus.slots import listed_with_repeats

ITEMS = {
    "en": (
        *("apples", "eggs", "books", "pencils", "stamps", "cookies", "marbles", "chairs", "tickets", "coins", "cups"),
        *(
            "flowers",
            "balloons",
            "cards",
            "shirts",
            "lamps",
            "stickers",
            "oranges",
            "bottles",
            "toys",
            "plates",
            "keys",
        ),
        *("tomatoes", "pears", "candles", "bricks", "photos", "buttons", "shells", "socks", "bags", "muffins", "nails"),
        *("lemons", "boxes of tea", "potatoes", "magazines", "postcards", "pens", "hats", "seeds", "cakes", "peaches"),
    ),
    "zh": (
        "苹果",
        "鸡蛋",
        "橘子",
        "气球",
        "杯子",
        "玩具",
        "饼干",
        "西红柿",
        "土豆",
        "灯泡",
        "盒子",
        "桃子",
        "贝壳",
        "纽扣",
        "柠檬",
        "面包",
        "口罩",
        "文件夹",
        "徽章",
    ),
}

PLANS = {
    "en": {
        "+": "Add the two numbers.",
        "-": "Subtract the second number from the first.",
        "*": "Multiply the two numbers.",
        "/": "Divide the first number by the second.",
        "++": "Add the first two numbers, then add the third.",
        "+-": "Add the first two numbers, then subtract the third.",
        "-+": "Subtract the second number, then add the third.",
        "--": "Subtract the second number, then the third.",
        "*-": "Multiply the first two numbers, then subtract the third.",
        "*+": "Multiply the first two numbers, then add the third.",
        "*/": "Multiply the first two numbers, then divide by the third.",
        "+*": "Add the first two numbers, then multiply by the third.",
        "time": "Count the minutes to the next full hour, then the rest, and add them.",
    },
    "zh": {
        "+": "把两个数相加。",
        "-": "用第一个数减去第二个数。",
        "*": "把两个数相乘。",
        "/": "用第一个数除以第二个数。",
        "++": "先把前两个数相加,再加第三个数。",
        "+-": "先把前两个数相加,再减去第三个数。",
        "-+": "先减去第二个数,再加上第三个数。",
        "--": "先减去第二个数,再减去第三个数。",
        "*-": "先把前两个数相乘,再减去第三个数。",
        "*+": "先把前两个数相乘,再加上第三个数。",
        "*/": "先把前两个数相乘,再除以第三个数。",
        "+*": "先把前两个数相加,再乘以第三个数。",
        "time": "先数到下一个整点的分钟数,再数剩下的分钟数,然后相加。",
    },
}


@lru_cache(maxsize=2)
def texts(language: str) -> dict[str, tuple[str, ...]]:
    """lists/problems.txt: `# SHAPE`, then its questions."""
    found: dict[str, tuple[str, ...]] = {}
    shape = ""
    for line in listed_with_repeats("problems" if language == "en" else "problems.zh"):
        if line.startswith("# "):
            shape = line[2:]
            found[shape] = ()
        else:
            found[shape] = (*found[shape], line)
    return found
