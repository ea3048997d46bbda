"""Texts of many genres, sentence by sentence: each position has alternatives, which share the slots of the text."""

from __future__ import annotations

TEXTS: dict[str, dict[str, tuple[tuple[str, ...], ...]]] = {
    "en": {
        "story": (
            (
                *(
                    "Once upon a time there lived a {job} called {n} in a small house near {city}.",
                    "{n} was a {job} in {city}.",
                ),
                *("Many years ago a {job} named {n} came to {city}.", "In {city} everybody knew {n}, the {job}."),
                "There was once a {job} whose name was {n}.",
            ),
            (
                *(
                    "One morning {n} found a {adj} {thing} in front of the door.",
                    "On a {adj} evening somebody knocked at the door.",
                ),
                *("One day {n} lost a {adj} {thing} in the forest.", "Every night {n} dreamed of a {adj} {thing}."),
                "One winter {n} heard a strange sound from the {thing} on the shelf.",
            ),
            (
                *("Nobody in the village could say where it came from.", "At first {n} did not know what to do."),
                *("{n} took a lamp and went out into the dark.", "An old {animal} sat beside it and did not move."),
                "The {animal} of the neighbor began to sing.",
            ),
            (
                *(
                    '"Follow me," said the {animal}, "and you will see."',
                    "So {n} walked for three days over the hills.",
                ),
                *("{n} asked {m} for help, and the two set out together.", "Behind the last hill they saw a light."),
            ),
            (
                *(
                    "There they found what they had been looking for.",
                    "In the end the {thing} was where it had always been.",
                ),
                *("When the sun came up, all was quiet again.", "At last {n} understood what it meant."),
            ),
            (
                *("From that day on {n} was never alone.", "And {n} kept the {thing} for the rest of a long life."),
                *("They told the story every winter.", "And if the {animal} has not gone away, it still sits there."),
            ),
        ),
        "description": (
            (
                "{city} lies on a wide river.",
                "{city} is a {adj} town in the hills.",
                "The old part of {city} is small and {adj}.",
            ),
            (
                "Narrow streets lead to the market.",
                "In the middle stands a tower of red stone.",
                "Bridges join the two banks.",
            ),
            (
                "On {day} farmers sell fruit and bread.",
                "In the morning it smells of coffee.",
                "Children play between the houses.",
            ),
            (
                "Above the roofs one can see the mountains.",
                "In summer people sit outside until late.",
                "A museum tells of the old days.",
            ),
            (
                "Who stays for a week will want to come back.",
                "In winter the lake freezes and all is white.",
                "It is best in spring.",
            ),
        ),
        "dialogue": (
            ('"Where are you going?" asked {n}.', '"Did you see my {thing}?" asked {n}.', '"Good morning," said {n}.'),
            ('"To the market," said {m}.', '"It was on the table," said {m}.', '"You are early today," said {m}.'),
            ('"Then take the {thing} with you."', '"I could not sleep," said {n}.', '"May I come along?" asked {n}.'),
            (
                '"Of course," said {m} and laughed.',
                '"Do not worry," said {m}.',
                '"Let us go before it rains," said {m}.',
            ),
            ("They went down the street together.", "Then both were silent for a while.", "Outside it began to rain."),
        ),
        "how-to": (
            (
                "How to repair a {thing}.",
                "How to clean an old {thing}.",
                "How to care for a {thing}.",
                "How to pack a {thing}.",
            ),
            (
                "First, put everything you need on a table.",
                "First, look at it closely in good light.",
                "First, make some room.",
            ),
            (
                "Then take a soft cloth and warm water.",
                "Then loosen the screws one by one.",
                "Next, sort the parts by size.",
            ),
            (
                "Work slowly and do not use force.",
                "Wait ten minutes before you go on.",
                "If something does not fit, start again.",
            ),
            (
                "Finally, put it back in its place.",
                "At the end, check that nothing is left over.",
                "Then it is as good as new.",
            ),
        ),
        "letter": (
            ("Dear {n},", "Hello {n},", "My dear {n},"),
            (
                "thank you for the {thing} that you sent me.",
                "I hope you are well.",
                "it was good to see you in {city}.",
            ),
            (
                "Here the weather is {adj} and I work in the garden.",
                "The children ask about you every day.",
                "On {day} we had guests.",
            ),
            (
                "Could you visit us next month?",
                "Please write to me when you have time.",
                "I would like to show you our new {thing}.",
            ),
            ("Best wishes, {m}.", "With love, {m}.", "Yours, {m}."),
        ),
        "news": (
            (
                "{city}: the town opened a new library on {day}.",
                "{city}: a {thing} stopped the traffic on {day}.",
                "{city}: a {job} won first prize on {day}.",
            ),
            (
                "The mayor called it a good day.",
                "About {k} people came to see it.",
            ),
            (
                "{n}, who lives nearby, was the first to notice.",
                '"I did not expect this," said {n}.',
                "{n} had planned it for {k} weeks.",
            ),
            ("Nobody was hurt.", "The cost was lower than planned.", "Coffee and cake were free."),
            (
                "More is to follow next week.",
                "The town will decide in spring.",
                "On {day} everything was back to normal.",
            ),
        ),
        "diary": (
            ("Today I got up early.", "It rained the whole day.", "What a {adj} day!", "Today {n} came to visit."),
            (
                "I drank tea and read in the kitchen.",
                "In the morning I repaired the {thing}.",
                "We went to the market and bought bread.",
            ),
            (
                "At noon {m} called and told me the news.",
                "Then I walked to the river.",
                "I met the {job} from next door.",
            ),
            ("The {animal} slept on my bed.", "I thought of {city} and the summer there.", "I wrote two letters."),
            ("Now I am tired and content.", "Tomorrow I want to start earlier.", "Good night."),
        ),
        "weather": (
            ("The weather for {city}.", "Weather report for {day}.", "Tomorrow in {city}:"),
            ("In the morning there is fog near the river.", "The day begins sunny and cool.", "It rains at first."),
            ("At noon the temperature reaches {t} degrees.", "In the afternoon clouds come from the west."),
            ("The wind is weak.", "Strong wind is possible in the hills.", "In the evening it gets clear."),
            ("The night stays dry.", "At the weekend it gets warmer.", "Do not forget an umbrella."),
        ),
    },
    "zh": {
        "story": (
            (
                "从前,{city}附近住着一个{job},名叫{n}。",
                "{n}是{city}的一个{job}。",
                "很久以前,有个叫{n}的{job}来到{city}。",
            ),
            (
                "一天早上,{n}在门口发现了一个{adj}{thing}。",
                "一个晚上,有人来敲门。",
                "有一天,{n}在森林里丢了一个{adj}{thing}。",
            ),
            ("村里没有人知道它是从哪里来的。", "{n}一开始不知道该怎么办。", "一只老{animal}坐在旁边,一动不动。"),
            ("“跟我来,”{animal}说,“你会明白的。”", "{n}走了三天,翻过了几座山。", "{n}请{m}帮忙,两个人一起出发了。"),
            ("最后他们找到了要找的东西。", "太阳出来的时候,一切都安静了。", "{n}终于明白了它的意思。"),
            ("从那天起,{n}再也不孤单了。", "他们每年冬天都讲这个故事。", "那个{thing}一直留在家里。"),
        ),
        "description": (
            ("{city}在一条大河边上。", "{city}是一座{adj}城市。", "{city}的老城不大,却很有味道。"),
            ("小巷通向市场。", "城中心有一座红色的塔。", "几座桥连着两岸。"),
            ("{day}农民来卖水果和面包。", "早上到处是咖啡的香味。", "孩子们在房子之间玩耍。"),
            ("从屋顶上可以看到远山。", "夏天人们在外面坐到很晚。", "博物馆讲述过去的故事。"),
            ("住过一个星期的人都想再来。", "冬天湖水结冰,一片洁白。", "春天是最好的季节。"),
        ),
        "dialogue": (
            ("“你去哪里?”{n}问。", "“你看见我的{thing}了吗?”{n}问。", "“早上好,”{n}说。"),
            ("“去市场,”{m}说。", "“刚才还在桌子上,”{m}说。", "“你今天真早,”{m}说。"),
            ("“那把{thing}也带上吧。”", "“我睡不着,”{n}说。", "“我可以一起去吗?”{n}问。"),
            ("“当然,”{m}笑着说。", "“别担心,”{m}说。", "“下雨之前走吧,”{m}说。"),
            ("他们一起沿着街走了。", "两个人都沉默了一会儿。", "外面下起了雨。"),
        ),
        "how-to": (
            ("怎样修理{thing}。", "怎样清洗旧{thing}。", "怎样保养{thing}。"),
            ("首先,把需要的东西放在桌上。", "首先,在亮处仔细看一看。", "首先,腾出一块地方。"),
            ("然后用软布和温水。", "然后一个一个松开螺丝。", "接着按大小分好零件。"),
            ("动作要慢,不要太用力。", "等十分钟再继续。", "如果不合适,就重新开始。"),
            ("最后放回原处。", "最后检查有没有漏掉什么。", "这样就像新的一样了。"),
        ),
        "letter": (
            ("亲爱的{n}:", "{n},你好!", "{n}:"),
            ("谢谢你寄来的{thing}。", "希望你一切都好。", "在{city}见到你很高兴。"),
            ("这里天气很好,我常在花园里干活。", "孩子们每天都问起你。", "{day}家里来了客人。"),
            ("下个月能来看我们吗?", "有空请给我写信。", "我想给你看看新的{thing}。"),
            ("祝好,{m}。", "想念你的{m}。", "你的朋友{m}。"),
        ),
        "news": (
            (
                "{city}消息:{day}新图书馆开馆。",
                "{city}消息:{day}一个{thing}造成堵车。",
                "{city}消息:一个{job}得了一等奖。",
            ),
            ("市长说这是个好日子。", "大约有{k}人来看。", "现场非常热闹。"),
            ("住在附近的{n}第一个发现。", "“我没有想到,”{n}说。", "{n}为此准备了{k}个星期。"),
            ("没有人受伤。", "费用比计划的少。", "咖啡和蛋糕都是免费的。"),
            ("下周会有更多消息。", "春天再做决定。", "{day}一切恢复正常。"),
        ),
        "diary": (
            ("今天我起得很早。", "下了一整天的雨。", "今天{n}来看我。"),
            ("我在厨房喝茶看书。", "上午我修好了{thing}。", "我们去市场买了面包。"),
            ("中午{m}打电话告诉我一个消息。", "然后我走到河边。", "我遇见了隔壁的{job}。"),
            ("{animal}睡在我的床上。", "我想起了{city}的夏天。", "我写了两封信。"),
            ("现在我有点累,但是很满足。", "明天我想早点开始。", "晚安。"),
        ),
        "weather": (
            ("{city}天气预报。", "{day}的天气。", "明天{city}的天气:"),
            ("早上河边有雾。", "白天晴,有点凉。", "开始有小雨。"),
            ("中午气温{t}度。", "下午从西边来云。", "下午多云。"),
            ("风很小。", "山区可能有大风。", "傍晚转晴。"),
            ("夜里不下雨。", "周末会暖和一些。", "出门别忘了带伞。"),
        ),
    },
}

SLOTS: dict[str, dict[str, tuple[str, ...]]] = {
    "en": {
        "job": (
            *("baker", "fisher", "tailor", "clockmaker", "gardener", "teacher", "painter", "miller", "smith", "sailor"),
            *("shepherd", "cook", "doctor", "carpenter", "weaver", "postman", "singer", "farmer", "hunter", "potter"),
        ),
        "adj": (
            *(
                "golden",
                "small",
                "quiet",
                "strange",
                "green",
                "broken",
                "bright",
                "warm",
                "silver",
                "forgotten",
                "heavy",
            ),
            *("beautiful", "simple", "cold", "friendly", "wonderful", "lonely", "round", "blue", "sunny", "long"),
        ),
        "thing": (
            *(
                "key",
                "box",
                "lamp",
                "clock",
                "book",
                "ring",
                "map",
                "bell",
                "mirror",
                "boat",
                "coat",
                "wheel",
                "letter",
            ),
            *("bicycle", "suitcase", "guitar", "kettle", "chair", "radio", "umbrella", "basket", "camera", "blanket"),
        ),
        "animal": (
            "fox",
            "owl",
            "cat",
            "raven",
            "hare",
            "dog",
            "goat",
            "horse",
            "frog",
            "swan",
            "goose",
            "bear",
            "mouse",
        ),
    },
    "zh": {
        "job": (
            "面包师",
            "渔夫",
            "裁缝",
            "园丁",
            "老师",
            "画家",
            "铁匠",
            "水手",
            "厨师",
            "医生",
            "木匠",
            "邮递员",
            "歌手",
            "农夫",
        ),
        "adj": (
            "金色的",
            "小小的",
            "奇怪的",
            "绿色的",
            "明亮的",
            "温暖的",
            "银色的",
            "美丽的",
            "安静的",
            "古老的",
            "蓝色的",
        ),
        "thing": (
            "钥匙",
            "盒子",
            "台灯",
            "时钟",
            "戒指",
            "地图",
            "铃铛",
            "镜子",
            "自行车",
            "箱子",
            "吉他",
            "水壶",
            "收音机",
            "雨伞",
        ),
        "animal": ("狐狸", "猫头鹰", "猫", "乌鸦", "兔子", "狗", "山羊", "马", "青蛙", "天鹅", "熊", "老鼠"),
    },
}
