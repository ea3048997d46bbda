"""Made-up values for facts in Chinese."""

from __future__ import annotations

from random import Random

from sglc.backend.engine.tiny.corpus.fact_values import ENGLISH, Maker, amount, one_of, pair, real_or

_CHINESE = (
    "安白北长城川春达东丰福高光海河恒红华怀黄吉江金锦静康兰乐黎临龙绿明宁平清青瑞山石松泰天望文西溪新兴秀阳永玉远云泽"
)
_SURNAMES = "王李张刘陈杨黄赵吴周徐孙马朱胡郭何林高罗郑梁谢宋唐许邓韩冯曹彭曾肖田董潘袁蔡蒋余"
_NUMERALS = "一二三四五六七八九十"
_COUNTS = "两三四五六七八九十"


def _chinese(random: Random, low: int = 2, high: int = 2) -> str:
    return "".join(random.choices(_CHINESE, k=random.randint(low, high)))


def _chinese_person(random: Random) -> str:
    return random.choice(_SURNAMES) + _chinese(random, 1, 2)


def _chinese_count(random: Random) -> str:
    number = random.randint(2, 9800)
    return random.choice(
        (
            f"{number}人",
            f"{number}万人",
            f"{random.choice(_COUNTS)}百万人",
            f"{number // 10}.{random.randint(1, 9)}万人",
        )
    )


def _chinese_time(random: Random) -> str:
    hour, minute = random.randint(1, 12), random.choice((0, 15, 30, 45, random.randint(1, 59)))
    return random.choice(
        (f"{hour}点", f"{hour}点半", f"{hour}:{minute:02}", f"{hour + 11}:{minute:02}", f"{random.choice(_COUNTS)}点")
    )


def _morning(random: Random) -> str:
    hour, minute = random.randint(4, 9), random.choice((10, 15, 30, 45, random.randint(1, 59)))
    return random.choice(
        (f"{hour}点", f"{hour}点半", f"{hour}:{minute:02}", f"{hour:02}:{minute:02}", f"{hour}点{minute}分")
    )


def _chinese_date(random: Random) -> str:
    month, day = random.randint(1, 12), random.randint(1, 28)
    return random.choice((f"{month}月{day}日", f"{month}月{day}号", f"{random.randint(2020, 2039)}年{month}月{day}日"))


def _chinese_price(random: Random) -> str:
    amount = random.randint(2, 9000)
    return random.choice(
        (f"{amount}元", f"{amount}块钱", f"{amount // 10}.{random.randint(1, 9)}元", f"{amount}欧元", f"{amount}美元")
    )


def _numeral_year(random: Random) -> str:
    year = str(random.randint(601, 2024))
    return (year if random.random() < 0.7 else "".join("〇一二三四五六七八九"[int(c)] for c in year)) + "年"


CHINESE: dict[str, Maker] = ENGLISH | {
    "madename": real_or("cities.zh", lambda r: _chinese(r) + r.choice(("", "", "市", "镇", "县", "城")), 0.25),
    "river": real_or("rivers.zh", lambda r: _chinese(r, 1, 2) + r.choice("河江溪")),
    "madeland": real_or("countries.zh", lambda r: _chinese(r, 1, 2) + r.choice(("国", "利亚", "尼亚", "兰", ""))),
    "person": _chinese_person,
    "yesno": one_of("可以", "不可以"),
    "staff": lambda r: r.choice((f"{r.randint(3, 900)}人", f"{r.randint(3, 900)}个人", f"{r.choice(_COUNTS)}十人")),
    "money": lambda r: r.choice(
        (f"{r.randint(2, 9000)}万元", f"{r.randint(2, 900)}000元", f"{r.choice(_COUNTS)}百万元")
    ),
    "population": _chinese_count,
    "year": _numeral_year,
    "time": _chinese_time,
    "morning": _morning,
    "date": _chinese_date,
    "price": _chinese_price,
    "days": lambda r: r.choice(
        (
            f"{r.randint(2, 90)}天",
            f"{r.randint(2, 30)}个工作日",
            f"{r.choice(_COUNTS)}周",
            f"{r.randint(2, 11)}个月",
            f"{r.choice(_COUNTS)}天",
        )
    ),
    "years": lambda r: r.choice((f"{r.randint(2, 60)}年", f"{r.choice(_COUNTS)}年", f"{r.randint(6, 90)}个月")),
    "minutes": lambda r: f"{r.randint(2, 95)}分钟",
    "length": amount("公里|千米", 3, 9_000),
    "metres": amount("米", 9, 9_900),
    "area": amount("平方公里", 40, 990_000),
    "weight": amount("公斤|克|千克|吨", 2, 900),
    "floor": lambda r: r.choice(
        (f"{r.choice(_NUMERALS)}楼", f"{r.randint(1, 40)}楼", f"{r.choice(_NUMERALS)}层", f"地下{r.choice('一二三')}层")
    ),
    "address": lambda r: f"{_chinese(r)}路{r.randint(1, 900)}号",
    "day": one_of(
        "星期一", "星期二", "星期三", "星期四", "星期五", "星期六", "星期天", "周一", "周二", "周三", "周四", "周五"
    ),
    "firm": lambda r: _chinese(r) + r.choice(("公司", "集团", "科技", "食品", "电器", "汽车")),
    "place": real_or("cities.zh", lambda r: _chinese(r) + r.choice(("", "", "市", "城"))),
    "land": lambda r: _chinese(r, 1, 2) + r.choice(("国", "利亚", "尼亚")),
    "mount": lambda r: _chinese(r, 1, 2) + r.choice("山峰岭"),
    "tower": lambda r: _chinese(r) + r.choice(("塔", "桥", "楼", "宫", "寺", "大厦")),
    "beast": lambda r: (
        r.choice(("红", "白", "花", "小", "大", "长尾", "短角")) + _chinese(r, 1, 2) + r.choice("鹿猴鸟鱼龟狐")
    ),
    "sea": lambda r: _chinese(r, 1, 2) + r.choice(("海", "湾", "湖")),
    "festival": lambda r: _chinese(r) + r.choice(("音乐节", "电影节", "文化节", "美食节", "灯会", "书展")),
    "line": lambda r: r.choice((f"{_chinese(r)}线", f"{_chinese(r)}铁路", f"{r.randint(2, 99)}号线")),
    "speed": amount("公里", 4, 190),
    "percent": lambda r: r.choice((f"{r.randint(2, 60)}%", f"百分之{r.randint(2, 60)}")),
    "room": lambda r: r.choice((f"{r.randint(101, 2909)}室", f"{_chinese(r)}厅", f"{_chinese(r)}会议室")),
    "currency": lambda r: _chinese(r, 1, 2) + r.choice("元币镑盾"),
    "language": lambda r: _chinese(r, 1, 2) + "语",
    "thing": pair("丝绸|茶叶|陶瓷|荷花|石雕|古塔|灯会|剪纸|酱鸭|竹林|龙舟|米酒", "和小吃|节|市场||博物馆", ""),
    "job": pair(
        "著名|宫廷|乡村|自学成才的||年轻", "画家|医生|工程师|诗人|老师|飞行员|作曲家|化学家|木匠|厨师|数学家|史学家", ""
    ),
    "title": lambda r: r.choice(
        (
            _chinese(r) + r.choice(("传", "记", "赋", "之歌", "图")),
            r.choice(("夜", "春", "雪", "江", "月")) + r.choice(("思", "行", "晓", "色", "归来")) + _chinese(r, 0, 1),
        )
    ),
    "invention": pair("电动|折叠|太阳能|水下|自动|手摇|无声", "灯|发动机|印刷机|自行车|钟|水泵|相机|望远镜|织布机", ""),
    "product": pair("木制|电动|皮|玻璃|棉|厨房|玩具|办公", "椅子|台灯|靴子|瓶子|钢琴|帐篷|刀具|风筝|背包", ""),
    "food": pair("小|嫩|干|甜|野", "草|鱼|果子|虫子|树叶|坚果|种子|蘑菇", ""),
    "region": pair("干旱的|寒冷的|茂密的|高高的|南方的|多石的", "森林|沙漠|沼泽|山区|草原|湖泊|海岛|山谷", ""),
    "payment": pair("现金|银行卡|支付宝|微信", "转账|支票|信用卡|购物卡", "或"),
}
