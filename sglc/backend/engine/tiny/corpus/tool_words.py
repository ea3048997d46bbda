"""Words and shapes for the arguments in tool_values.py."""

from __future__ import annotations

DAYS = (
    "today", "tonight", "tomorrow", "this weekend", "next week", "next month", "this evening", "this afternoon",
    "tomorrow morning", "tomorrow afternoon", "tomorrow evening", "tomorrow night", "next weekend", "later today",
    "the day after tomorrow", "next Monday", "next Tuesday", "next Wednesday", "next Thursday", "next Friday",
    "next Saturday", "next Sunday", "this Monday", "this Tuesday", "this Wednesday", "this Thursday", "this Friday",
    "this Saturday", "this Sunday", "on Monday", "on Tuesday", "on Wednesday", "on Thursday", "on Friday", "on Saturday",
    "on Sunday", "on Monday morning", "on Tuesday evening", "on Friday night", "on Saturday afternoon", "on Sunday morning",
    "in two days", "in three days", "in a week", "next summer", "next winter", "in the morning", "at Christmas", "at Easter",
    "on New Year's Eve", "over the holidays", "in January", "in March", "in May", "in July", "in September", "in November",
)  # fmt: skip
DAYS_ZH = (
    "今天", "明天", "后天", "大后天", "今晚", "明晚", "周末", "这周末", "下周末", "下周", "下个月", "今天下午", "今天晚上",
    "明天上午", "明天早上", "明天下午", "明天晚上", "后天上午", "后天下午", "周一", "周二", "周三", "周四", "周五", "周六",
    "周日", "下周一", "下周二", "下周三", "下周四", "下周五", "下周六", "下周日", "星期一", "星期二", "星期三", "星期四",
    "星期五", "星期六", "星期天", "这周五", "周六晚上", "周日早上", "国庆节", "春节", "中秋节", "元旦", "五一", "月底", "月初",
    "三天后", "两天后", "一周后",
)  # fmt: skip
HOURS = (
    "noon", "midnight", "half past six", "half past seven", "half past eight", "half past nine", "half past two",
    "half past four", "half past ten", "quarter to nine", "quarter past five", "quarter past eight", "quarter to six",
    "a quarter to eight", "a quarter past three", "one o'clock", "two o'clock", "three o'clock", "four o'clock", "five o'clock",
    "six o'clock", "seven o'clock", "eight o'clock", "nine o'clock", "ten o'clock", "eleven o'clock", "twelve o'clock",
    "six thirty", "seven fifteen", "nine forty-five", "ten to five", "twenty past nine", "ten past seven", "twenty to four",
)  # fmt: skip
TIMES_ZH = (
    ("早上", 6, 9), ("上午", 8, 11), ("下午", 1, 5), ("晚上", 6, 11), ("凌晨", 1, 5), ("傍晚", 5, 7), ("中午", 12, 12),
)  # fmt: skip
"""Parts of the day with their first and last hour."""
SOURCES = (
    "francs", "crowns", "pesos", "rupees", "rubles", "won", "lira", "dirhams", "Swiss francs", "Swedish crowns", "Danish crowns",
    "Mexican pesos", "Indian rupees", "Korean won", "Turkish lira", "Polish zloty", "forints", "baht", "shekels", "rand",
    "CHF", "SEK", "NOK", "INR", "KRW", "TRY", "PLN", "THB", "MXN", "BRL", "AUD", "CAD",
)  # fmt: skip
SOURCES_ZH = (
    "法郎", "克朗", "比索", "卢比", "卢布", "韩元", "里拉", "泰铢", "瑞士法郎", "瑞典克朗", "墨西哥比索", "印度卢比", "港币",
    "澳元", "加元", "新台币", "越南盾", "林吉特", "兹罗提", "迪拉姆",
)  # fmt: skip
PLACES = (
    "pharmacy", "petrol station", "cash machine", "bakery", "post office", "hospital", "supermarket", "playground", "library",
    "swimming pool", "hairdresser", "bookshop", "parking garage", "charging station", "laundromat", "police station", "dentist",
    "bicycle shop", "florist", "butcher", "hardware store", "gym", "vet", "bank", "toy shop", "shoe shop", "car wash", "zoo",
    "public toilet", "bus stop", "metro station", "cinema", "theatre", "church", "mosque", "market", "garden centre", "tailor",
    "optician", "kindergarten", "campsite", "ice rink", "skate park", "music shop", "recycling centre", "town hall",
)  # fmt: skip
PLACES_ZH = (
    "药店", "加油站", "取款机", "面包店", "邮局", "医院", "超市", "图书馆", "游泳池", "理发店", "书店", "停车场", "充电站",
    "洗衣店", "派出所", "牙科诊所", "花店", "健身房", "宠物医院", "银行", "玩具店", "鞋店", "洗车店", "公共厕所", "公交站",
    "地铁站", "电影院", "剧院", "菜市场", "裁缝店", "眼镜店", "幼儿园", "溜冰场", "琴行", "五金店", "便利店", "打印店",
)  # fmt: skip
DOORS = (
    "front door", "back door", "garage door", "garden gate", "cellar door", "balcony door", "office door", "main entrance",
    "side door", "kitchen door", "shed", "safe", "car", "bicycle", "mailbox", "roof window", "terrace door", "warehouse gate",
    "school gate", "library door", "hen house", "boat house", "wine cellar", "parking gate", "server room", "medicine cabinet",
    "meeting room", "glass door", "laboratory", "archive",
)  # fmt: skip
DOORS_ZH = (
    "前门", "后门", "车库门", "院门", "地下室的门", "阳台门", "办公室的门", "大门", "侧门", "厨房门", "保险柜", "汽车",
    "自行车", "信箱", "天窗", "仓库门", "校门", "机房", "药柜", "会议室", "玻璃门", "实验室", "档案室", "卧室门", "书房门",
)  # fmt: skip
TERMS = (
    "nostalgia", "photosynthesis", "inflation", "serendipity", "obsolete", "entropy", "metaphor", "reluctant", "bizarre",
    "diligent", "ambiguous", "catalyst", "drought", "eloquent", "famine", "gullible", "hoax", "itinerary", "jargon", "knack",
    "latitude", "meticulous", "nomad", "omen", "paradox", "quaint", "resilient", "sceptic", "tedious", "unanimous", "vivid",
    "wharf", "yearn", "zenith", "mortgage", "quorum", "harness", "plaintiff", "isthmus", "alloy", "ledger", "bough", "thrift",
)  # fmt: skip
TERMS_ZH = (
    "乡愁", "光合作用", "通货膨胀", "过时", "隐喻", "勤勉", "模糊", "催化剂", "干旱", "饥荒", "骗局", "行话", "诀窍", "纬度",
    "游牧", "预兆", "悖论", "古雅", "坚韧", "怀疑", "乏味", "生动", "码头", "渴望", "顶点", "抵押", "法定人数", "原告", "地峡",
    "合金", "账簿", "节俭", "未雨绸缪", "画蛇添足", "守株待兔", "一石二鸟", "入木三分", "胸有成竹", "刻舟求剑", "井底之蛙",
)  # fmt: skip
CODES = (
    "A0", "A00", "A-00", "AA000", "AAA-000", "AA-0000", "A0000", "AAA00000", "00-AA", "0000-A", "000-AA-00", "A00-0000",
    "0000", "00000", "000000", "00000000", "0000-0000", "2024-0000", "2025/0000", "00/0000", "A.000", "AA.00.00", "aa-000",
    "a0000", "aaa000", "aa_00", "00aa", "{w}-00", "{w}00", "{w}-{v}", "{w}_000", "{w}-a0", "{W}-00", "{W}000",
    "{w}/00", "A0A0A0", "0A00A",
    "ORD-0000", "ORD00000", "PO-0000", "INV0000", "SKU-000", "SKU0000", "NR-00000", "KD-0000", "X00", "TR-000-A", "00-00-00",
)  # fmt: skip
HOST_KINDS = (
    "web", "db", "mail", "node", "cache", "build", "app", "proxy", "files", "backup", "auth", "search", "queue", "print", "edge",
)  # fmt: skip
FOLDERS = (
    "docs/", "/etc/", "src/", "data/", "/tmp/", "reports/2024/", "notes/", "src/main/", "lib/", "tests/", "/var/log/", "home/",
    "images/", "letters/", "config/", "/opt/", "backup/", "src/app/", "public/", "drafts/", "recipes/", "invoices/2025/",
)  # fmt: skip
ENDINGS = (
    "txt", "md", "csv", "json", "log", "py", "yaml", "ts", "js", "html", "ini", "toml", "sgl", "xml", "sql", "go", "rs", "tex",
)  # fmt: skip
