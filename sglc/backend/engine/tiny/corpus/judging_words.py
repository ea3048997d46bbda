"""What is said of essays, and rules with cases to decide about. The parts of essays are lists/essay_*.txt."""

from __future__ import annotations

NOTES: dict[str, dict[str, str]] = {
    "en": {
        "clear": 'It is clear: "{quote}" says at once what is meant.',
        "long": 'It is hard to follow: the sentence from "{quote}" on is too long.',
        "original": 'It is original: "{quote}" is a fresh picture.',
        "common": 'It is not original: "{quote}" is a common idea.',
        "proof": 'It gives evidence: "{quote}"',
        "none": "It gives no evidence: no study, no number, no source.",
    },
    "zh": {
        "clear": "表达清楚:“{quote}”一看就懂。",
        "long": "不容易读懂:从“{quote}”开始的句子太长了。",
        "original": "有新意:“{quote}”是新鲜的比喻。",
        "common": "没有新意:“{quote}”是常见的想法。",
        "proof": "有证据:“{quote}”",
        "none": "没有证据:没有研究、数字和来源。",
    },
}

RULES: dict[str, tuple[tuple[str, str, int, int, str, str], ...]] = {
    "en": (
        ("most", "days", 7, 60, "Goods can be returned within {l} days.", "{n} bought it {v} days ago."),
        ("most", "kg", 5, 40, "A bag may weigh up to {l} kg.", "The bag of {n} weighs {v} kg."),
        ("least", "years", 6, 65, "One must be at least {l} years old.", "{n} is {v} years old."),
        ("most", "euros", 20, 900, "We pay up to {l} euros for a meal.", "The dinner of {n} costs {v} euros."),
        ("most", "people", 4, 200, "The room holds at most {l} people.", "{n} comes with a group of {v} people."),
        ("least", "points", 20, 90, "You pass with {l} points or more.", "{n} has {v} points."),
        ("most", "km", 3, 80, "We deliver up to {l} km.", "{n} lives {v} km away."),
        ("least", "cm", 90, 150, "Only guests of {l} cm or more may ride.", "{n} is {v} cm tall."),
        ("most", "minutes", 5, 90, "A talk may last {l} minutes at most.", "The talk of {n} lasts {v} minutes."),
        ("least", "euros", 15, 100, "Shipping is free from {l} euros.", "{n} orders for {v} euros."),
        ("most", "pages", 2, 50, "A report has no more than {l} pages.", "The report of {n} has {v} pages."),
        (
            "least",
            "months",
            2,
            36,
            "A raise needs at least {l} months in the firm.",
            "{n} has been here for {v} months.",
        ),
        ("most", "degrees", 2, 30, "Milk must be kept at {l} degrees or less.", "The milk of {n} is at {v} degrees."),
        ("least", "hours", 5, 48, "Cancel at least {l} hours before the visit.", "{n} cancels {v} hours before."),
        ("most", "words", 50, 500, "An answer may have {l} words at most.", "{n} wrote {v} words."),
        ("most", "guests", 10, 200, "A party may have {l} guests at most.", "The party of {n} has {v} guests."),
        ("most", "metres", 2, 40, "A fence may be up to {l} metres long.", "The fence of {n} is {v} metres long."),
        ("most", "liters", 2, 60, "A can holds at most {l} liters.", "{n} wants to fill in {v} liters."),
        ("most", "books", 2, 30, "A reader may borrow {l} books at most.", "{n} wants to borrow {v} books."),
        ("most", "errors", 2, 25, "A driver passes with {l} errors or fewer.", "{n} made {v} errors."),
        (
            "most",
            "hours",
            3,
            48,
            "Cars may park for {l} hours at most.",
            "The car of {n} has been parked for {v} hours.",
        ),
        (
            "least",
            "metres",
            5,
            100,
            "Fires need at least {l} metres to the next house.",
            "The fire of {n} is {v} metres away.",
        ),
        (
            "least",
            "photos",
            2,
            40,
            "An advertisement needs {l} photos or more.",
            "The advertisement of {n} has {v} photos.",
        ),
        ("least", "lessons", 4, 60, "The exam is open after at least {l} lessons.", "{n} has had {v} lessons."),
        ("least", "stamps", 3, 40, "A free coffee takes {l} stamps or more.", "The card of {n} has {v} stamps."),
        ("least", "votes", 10, 300, "A plan needs {l} votes or more.", "The plan of {n} got {v} votes."),
    ),
    "zh": (
        ("most", "天", 7, 60, "商品可以在{l}天之内退货。", "{n}在{v}天前买的。"),
        ("most", "公斤", 5, 40, "行李最多{l}公斤。", "{n}的行李重{v}公斤。"),
        ("least", "岁", 6, 65, "参加者至少{l}岁。", "{n}今年{v}岁。"),
        ("most", "元", 20, 900, "餐费最多报销{l}元。", "{n}吃饭花了{v}元。"),
        ("most", "人", 4, 200, "房间最多坐{l}人。", "{n}带来了{v}人。"),
        ("least", "分", 20, 90, "考{l}分以上才算及格。", "{n}考了{v}分。"),
        ("most", "公里", 3, 80, "配送范围不超过{l}公里。", "{n}住在{v}公里外。"),
        ("least", "厘米", 90, 150, "身高至少{l}厘米才能玩。", "{n}身高{v}厘米。"),
        ("most", "分钟", 5, 90, "发言不能超过{l}分钟。", "{n}讲了{v}分钟。"),
        ("least", "元", 15, 100, "满{l}元包邮。", "{n}的订单是{v}元。"),
        ("most", "页", 2, 50, "报告不能多于{l}页。", "{n}的报告有{v}页。"),
        ("most", "本", 2, 30, "每位读者最多借{l}本书。", "{n}想借{v}本书。"),
        ("most", "位", 10, 200, "聚会最多请{l}位客人。", "{n}的聚会请了{v}位客人。"),
        ("most", "小时", 3, 48, "停车不能超过{l}小时。", "{n}的车停了{v}小时。"),
        ("most", "升", 2, 60, "油桶最多装{l}升。", "{n}要装{v}升。"),
        ("least", "票", 10, 300, "方案至少要有{l}票才能通过。", "{n}的方案得了{v}票。"),
        ("least", "个月", 2, 36, "工作至少{l}个月才能加薪。", "{n}工作了{v}个月。"),
        ("least", "节", 4, 60, "至少上过{l}节课才能考试。", "{n}上过{v}节课。"),
        ("least", "枚", 3, 40, "至少集齐{l}枚印章才能换咖啡。", "{n}有{v}枚印章。"),
        ("most", "字", 50, 500, "回答最多{l}个字。", "{n}写了{v}个字。"),
    ),
}
"""(direction, unit, lowest and highest limit, rule, case)."""

VERDICTS: dict[str, dict[tuple[str, bool], str]] = {
    "en": {
        ("most", True): "{v} {u} is not more than {l} {u}.",
        ("most", False): "{v} {u} is more than {l} {u}.",
        ("least", True): "{v} {u} is not less than {l} {u}.",
        ("least", False): "{v} {u} is less than {l} {u}.",
    },
    "zh": {
        ("most", True): "{v}{u}没有超过{l}{u}。",
        ("most", False): "{v}{u}超过了{l}{u}。",
        ("least", True): "{v}{u}不少于{l}{u}。",
        ("least", False): "{v}{u}少于{l}{u}。",
    },
}
