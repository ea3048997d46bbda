"""Texts of word problems by shape: the signs of their steps in order, or a time difference."""

from __future__ import annotations

from sglc.backend.engine.tiny.corpus.slots import sections

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
        *(
            "梨",
            "土豆饼",
            "草莓",
            "李子",
            "玉米",
            "南瓜",
            "茄子",
            "粽子",
            "月饼",
            "馒头",
            "包子",
            "饺子",
            "汤圆",
            "鸭蛋",
        ),
        *(
            "风筝",
            "皮球",
            "积木",
            "玻璃球",
            "贴纸",
            "书签",
            "信封",
            "瓶子",
            "勺子",
            "碗",
            "盘子",
            "灯笼",
            "零件",
            "螺丝",
        ),
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


def texts(language: str) -> dict[str, tuple[str, ...]]:
    """lists/problems.txt: `# SHAPE`, then its questions."""
    return sections("problems" if language == "en" else "problems.zh")
