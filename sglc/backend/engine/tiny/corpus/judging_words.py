"""Parts of essays, and rules with cases to decide about."""

from __future__ import annotations

ESSAYS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "claim": (
            *("cities should build more bike lanes|build more bike lanes", "schools should start later|start later"),
            *("children should learn to cook|learn to cook", "offices should allow work at home|allow work at home"),
            *("towns should plant more hedges|plant more hedges", "museums should be free|be free"),
            *("people should read every day|read every day", "shops should close on Sundays|close on Sundays"),
            *("buses should run at night|run at night", "phones should stay out of class|stay out of class"),
            *("villages need a library|need a library", "parks should have more water|have more water"),
            *("firms should repair old machines|repair old machines", "trains should cost less|cost less"),
            *("roofs should carry solar panels|carry solar panels", "farmers should grow more beans|grow more beans"),
            *("students should sleep longer|sleep longer", "streets should be quiet at night|be quiet at night"),
            *(
                "everyone should learn a second language|learn a second language",
                "rivers need clean banks|need clean banks",
            ),
            *("hospitals should have gardens|have gardens", "banks should explain their fees|explain their fees"),
            *("cities should plant more trees|plant more trees", "pupils should have less homework|have less homework"),
            *(
                "dogs calm people|dogs calm people",
                "walking clears the head|walking clears the head",
                "music helps memory|music helps memory",
                "plants clean the air|plants clean the air",
                "bikes save space|bikes save space",
                "bread tastes best fresh|bread tastes best fresh",
                "sleep heals|sleep heals",
                "rain fills the wells|rain fills the wells",
                "games teach patience|games teach patience",
                "bees feed us all|bees feed us all",
                "light lifts the mood|light lifts the mood",
                "maps open the mind|maps open the mind",
                "good shoes save the back|good shoes save the back",
                "cold water wakes people up|cold water wakes people up",
                "short breaks help work|short breaks help work",
            ),
        ),
        "reason": (
            *(
                "it saves money",
                "it keeps people healthy",
                "the air gets better",
                "nobody loses by it",
                "it is good for the young",
            ),
            *(
                "the noise goes down",
                "people meet each other",
                "it saves time",
                "the old ones profit, too",
                "mistakes get fewer",
            ),
            *("the work is easier then", "it makes life calmer", "water and soil stay clean", "it costs very little"),
            *("shade lowers the heat", "people feel safe", "children learn it fast", "the streets stay clean"),
        ),
        "evidence": (
            *(
                "A study in {k} towns shows it.",
                "A survey of {h} people confirms this.",
                "In {city} it cut costs by {p} percent.",
            ),
            *("Data from {year} show the same.", "A report by {name} says so.", "{name} measured it for {k} years."),
            *("A study by {name} found a change of {p} percent.", "According to data from {city}, {p} percent agree."),
            *("In {year} a test in {city} proved it.", "{city} tried it, and costs fell by {p} percent."),
            *("A survey in {city} found {p} percent in favor.", "The report of {year} counts {h} cases."),
            *("Researchers in {city} counted {h} cases.", "Figures from {city} show a gain of {p} percent."),
        ),
        "fresh": (
            *(
                "It is like a {thing} for a tired town.",
                "Imagine a {thing} that grows by itself.",
                "It works like a {thing} in winter.",
            ),
            *("Imagine a street that hums like a {thing}.", "A town without it is like a {thing} without a floor."),
            *(
                "It opens the day like a {thing}.",
                "Imagine the future as a {thing}.",
                "Done well, it is like a {thing} in the rain.",
            ),
        ),
        "worn": (
            *(
                "Everybody knows that.",
                "As we all know, this is true.",
                "Everybody knows that time flies.",
                "As everyone says, it matters.",
            ),
            *("At the end of the day, that counts.", "It goes without saying.", "As we all know, change is hard."),
        ),
        "thing": tuple(
            "lantern|clock|window|blanket|bridge|piano|kettle|garden|compass|drum|ladder|umbrella|map|pillow|mirror".split(
                "|"
            )
        ),
        "clear": ('It is clear: "{quote}" says at once what is meant.',),
        "long": ('It is hard to follow: the sentence from "{quote}" on is too long.',),
        "original": ('It is original: "{quote}" is a fresh picture.',),
        "common": ('It is not original: "{quote}" is a common idea.',),
        "proof": ('It gives evidence: "{quote}"',),
        "none": ("It gives no evidence: no study, no number, no source.",),
    },
    "zh": {
        "claim": (
            *(
                "城市应该多修自行车道|多修自行车道",
                "学校应该晚一点上课|晚一点上课",
                "孩子应该学做饭|学做饭",
                "公司应该允许在家办公|允许在家办公",
            ),
            *(
                "博物馆应该免费|免费",
                "人们应该每天读书|每天读书",
                "商店周日应该休息|周日应该休息",
                "公交车夜里也应该开|夜里也应该开",
            ),
            *(
                "课堂上不应该用手机|不应该用手机",
                "村子需要图书馆|需要图书馆",
                "火车票应该便宜一点|便宜一点",
                "屋顶应该装太阳能板|装太阳能板",
            ),
            *(
                "学生应该多睡觉|多睡觉",
                "每个人都应该学一门外语|学一门外语",
                "河岸应该更干净|更干净",
                "作业应该少一些|少一些",
            ),
            *(
                "散步让人头脑清醒|散步让人头脑清醒",
                "音乐帮助记忆|音乐帮助记忆",
                "植物净化空气|植物净化空气",
                "狗让人平静|狗让人平静",
                "早睡对身体好|早睡对身体好",
                "游戏教人耐心|游戏教人耐心",
                "雨水滋润土地|雨水滋润土地",
                "短暂的休息有助于工作|短暂的休息有助于工作",
                "阳光让人开心|阳光让人开心",
                "好鞋保护腰背|好鞋保护腰背",
            ),
        ),
        "reason": (
            *("这样省钱", "对健康有好处", "空气会更好", "噪音会变小", "大家可以多见面", "节省时间", "老人也受益"),
            *("错误会减少", "生活更安静", "花费很少", "孩子学得快", "街道更干净", "让人安心"),
        ),
        "evidence": (
            *(
                "{k}个城市的研究证明了这一点。",
                "对{h}人的调查也这样说。",
                "{city}因此节省了{p}%的费用。",
                "{year}年的数据也说明了这一点。",
            ),
            *(
                "{name}的报告这样写。",
                "{name}测量了{k}年。",
                "{city}的调查显示,{p}%的人同意。",
                "{year}年{city}的试验证明了它。",
            ),
            *("研究人员在{city}统计了{h}个例子。", "{city}的数据显示提高了{p}%。"),
        ),
        "fresh": (
            *(
                "它像一座{thing},照顾疲惫的城市。",
                "想象一个会自己长大的{thing}。",
                "它就像冬天里的{thing}。",
                "没有它的城市,就像没有底的{thing}。",
            ),
            *("做得好,它就像雨中的{thing}。", "想象未来是一个{thing}。"),
        ),
        "worn": (
            "众所周知,这很重要。",
            "大家都知道这一点。",
            "正如人人所说,这很重要。",
            "这是不用说的。",
            "众所周知,时间很宝贵。",
        ),
        "thing": (
            "灯笼",
            "时钟",
            "窗户",
            "毯子",
            "钢琴",
            "水壶",
            "花园",
            "指南针",
            "梯子",
            "雨伞",
            "地图",
            "枕头",
            "镜子",
        ),
        "clear": ("表达清楚:“{quote}”一看就懂。",),
        "long": ("不容易读懂:从“{quote}”开始的句子太长了。",),
        "original": ("有新意:“{quote}”是新鲜的比喻。",),
        "common": ("没有新意:“{quote}”是常见的想法。",),
        "proof": ("有证据:“{quote}”",),
        "none": ("没有证据:没有研究、数字和来源。",),
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
