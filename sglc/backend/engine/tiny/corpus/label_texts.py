"""Texts with a label: reviews, and sets like topic or urgency, from sentences of lists and from keywords in templates."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path

from sglc.backend.engine.tiny.corpus import slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.facts import wide

SENTIMENTS = ("positive", "negative", "neutral")
_QUALITY = (
    "The {p} is {a}.|It is {a}.|{A}!|I find the {p} {a}.|My new {p} is {a}.|This {p} is {a} and {b}."
    "|In short: {a}.|I think it is {a}."
    "|{A}, {b}.|After {d} I can say that it is {a}.|My {r} says it is {a}.|The material is {a}."
    "|What I think of the {p}? It is {a}."
    "|Overall {a}.|The quality is {a}.|We found it {a}.|I have used it for {d}, it is {a}.|{A} {p}."
    "|{n} calls it {a}.|To me it was {a}."
    "|The service was {a}, the {p} is {b}.|The look is {a}, and so is the sound.|Honestly, {a}.|it's {a}"
    "|{a}, that is all"
    "|If you ask me, it is {a}.|{n} and I find the {p} {a}.|It turned out to be {a}.|The {p} from {c} is {a}."
    "|For me the {p} is {a} and {b}.|All of it is {a}.|The {p} that came on {w}: {a}.|One word: {a}."
    "|Is it good? I would say {a}.|The colour is {a}, the size is {b}.|Since {w} I know that it is {a}."
    "|We all think that it is {a}.|My {r} and {n} call it {a}.|How is the {p}? Well, {a}.|My verdict is: {a}."
    "|It feels {a} and looks {b}.|My old {p} was different, this one is {a}.|{A}, says my {r}.|{A} and {b}."
)
_TOPIC = (
    "We talked about {a}.|The article is about {a} and {b}.|{n} wrote a book about {a}.|Everything about {a}."
    "|I read about {a} today."
    "|Do you know much about {a}?|{A}: what you should know.|In {c} people talk about {a}."
    "|{n} thinks of {a} all day.|More on {a} here."
    "|Five facts about {a}.|My question is about {a}.|It has to do with {a}.|{A} and {b} in {c}."
    "|News from {c}: {a}.|A talk about {a} by {n}."
    "|{n} told us about {a}.|A film about {a} from {c}.|Today we speak about {a} and {b}.|All about {a} and {b}."
    "|The next page is about {a}.|I have a book on {a}.|{A} was in the paper on {w}.|My {r} knows a lot about {a}."
    "|We cannot stop talking about {a}.|Tell me more about {a}.|{n} asks about {a}.|{A} again, and {b}, too."
    "|A magazine for people who like {a}.|On {w} there is a talk about {a}.|Have you heard about {a} in {c}?"
)
_QUALITY_ZH = (
    "{p}{a}。|这个{p}{a}。|我觉得{a}。|{a}!|总的来说{a}。|用了{d},{a}。|{r}说{a}。|质量{a}。|整体感觉{a}。"
    "|我的评价:{a}。|一句话,{a}。|{p}收到了,{a}。"
    "|{a},{b}。|这次买的{p}{a}。|说实话,{a}。"
    "|我对{p}的看法:{a}。|{n}也说{a}。|{c}买的{p}{a}。|试用{d}后,觉得{a}。|这{p}怎么样?{a}。"
    "|外观{a},手感{b}。|大家都说{a}。|{w}到的{p}{a}。|我和{r}都觉得{a}。|颜色{a}。|给{r}买的{p}{a}。"
    "|不用多说,{a}。|我的感受是{a}。"
)
_TOPIC_ZH = (
    "我们谈了{a}。|这篇文章讲的是{a}和{b}。|{n}写了一本关于{a}的书。|今天看到{a}的消息。|你了解{a}吗?"
    "|关于{a}的五件事。|{c}的人都在说{a}。"
    "|{a}和{b}。|我想问{a}的问题。|{n}整天想着{a}。"
    "|{n}在{c}讲{a}。|这本书讲{a}。|{w}的报纸上有{a}。|我和{r}聊{a}。|多说说{a}吧。"
    "|一部关于{a}的电影。|{c}传来{a}的新闻。|今天的主题是{a}和{b}。|{r}很懂{a}。|下一页介绍{a}。"
)
_ACTS = (
    "I {a}.|All in all, I {a}.|To be honest, I {a}.|After {d} I {a}."
    "|That is why I {a}.|I {a}, as my {r} knows.|Got the {p} on {w}, I {a}."
    "|A {p} from {c}. I {a}."
    "|After all, I {a}.|Since {w} I {a}.|I can say that I {a}.|{n} asked me, and I {a}.|Yes, I {a}."
    "|My {r} and I have one each. I {a}.|I bought the {p} in {c} and I {a}.|It came on {w}. Now I {a}."
    "|What do I do with the {p}? I {a}.|Well, I {a}.|As for me, I {a}."
    "|I tried the {p} and I {a}.|About the {p}: I {a}.|I have this {p} now. I {a}!|In the end I {a}.|I {a} and I {b}."
)
_ACTS_ZH = (
    "我{a}。|说实话我{a}。|用了{d}，我{a}。|这个{p}我{a}。"
    "|总之{a}。|我和{r}都{a}。|{p}收到后，我{a}。|试过之后{a}。|最后{a}。|大家都{a}。"
    "|{w}收到的，我{a}。|{n}问我，我说我{a}。|对这个{p}，我{a}。|现在我{a}。|{r}知道我{a}。|{c}买的{p}，我{a}。|反正我{a}。"
)
_PLAIN_PRAISE = (
    "good",
    "nice",
    "reliable",
    "useful",
    "comfortable",
    "pleasant",
    "easy to use",
    "worth the money",
    "sturdy",
    "practical",
    "soft",
    "quiet",
    "solid",
    "helpful",
    "clean",
    "safe",
    "handy",
    "pretty",
    "strong",
    "worth it",
    "well made",
)
"""What is bad where it is not so; something that is not outstanding may still be all right."""
_SPANS = (
    "two days",
    "a week",
    "three months",
    "one month",
    "a year",
    "six weeks",
    "ten days",
    "half a year",
    "an hour",
    "2 weeks",
)
_SPANS_ZH = ("两天", "一周", "三个月", "一个月", "一年", "半年", "十天", "一小时", "两周")
_FOLKS = (
    "wife",
    "husband",
    "son",
    "daughter",
    "mother",
    "father",
    "sister",
    "brother",
    "friend",
    "neighbour",
    "boss",
    "aunt",
)
_FOLKS_ZH = ("妈妈", "爸爸", "妻子", "丈夫", "儿子", "女儿", "朋友", "姐姐", "哥哥", "同事", "奶奶", "邻居")
_ASIDES = (
    "I bought it in {c}.", "It came on {w}.", "Ordered on {w}, got it two days later.", "I have a {p2}, too.",
    "My name is {n}, by the way.",
    "It is the second {p} that I have.", "I saw it in a shop in {c}.", "{n} told me about it.", "I use it in the office.",
    "It is for my {r}.",
)  # fmt: skip
_ASIDES_ZH = (
    "在{c}买的。",
    "{w}收到的。",
    "我还有一个{p2}。",
    "这是第二个{p}。",
    "{n}告诉我的。",
    "给{r}用的。",
    "放在办公室用。",
)


@lru_cache(maxsize=16)
def listed(name: str) -> dict[str, dict[str, tuple[str, ...]]]:
    """lists/NAME.txt: `## set`, `# label`, then lines of texts. A file without sets holds one, called after nothing."""
    text = (Path(__file__).parent / "lists" / f"{name}.txt").read_text("utf-8")
    sets: dict[str, dict[str, tuple[str, ...]]] = {}
    current: dict[str, tuple[str, ...]] = {}
    for line in text.splitlines():
        if line.startswith("## "):
            current = sets.setdefault(line[3:], {})
        elif line.startswith("# "):
            label = line[2:]
            if not sets:
                current = sets.setdefault("", {})
        else:
            current[label] = (*current.get(label, ()), *line.split(" | "))
    return sets


def label_sets(*, chinese: bool) -> dict[str, dict[str, tuple[str, ...]]]:
    return listed("labelled.zh" if chinese else "labelled")


def _filled(draw: Draw, template: str, words: tuple[str, ...], *, chinese: bool) -> str:
    """A template with its slots filled. Keywords are shared by both sides: nobody can guess what an unseen word means."""
    a, b = draw.random.sample(words, 2) if words else ("", "")
    products = draw.some(slots.listed("products.zh" if chinese else "products"), 2)
    text = template.format(
        a=a, b=b, A=a[:1].upper() + a[1:], p=products[0], p2=products[-1],
        d=draw.any(_SPANS_ZH if chinese else _SPANS), r=draw.any(_FOLKS_ZH if chinese else _FOLKS),
        n=slots.chinese_person(draw) if chinese else draw.of(slots.listed("first_names")),
        c=draw.of(slots.listed("cities.zh" if chinese else "cities")), w=draw.any(slots.listed("days.zh" if chinese else "days")),
    )  # fmt: skip
    return wide(text) if chinese else text


def review(draw: Draw, label: str, *, chinese: bool) -> str:
    """One to three sentences of one opinion, sometimes with an aside that says nothing."""
    sentences = listed("reviews.zh" if chinese else "reviews")[""][label]
    keywords = listed("keywords.zh" if chinese else "keywords")[""]
    parts = []
    for _ in range(draw.any((1, 1, 1, 2, 2, 3))):
        way = draw.random.random()
        words = keywords[label]
        if way < 0.3:
            template = draw.of((_QUALITY_ZH if chinese else _QUALITY).split("|"))
            if label == "negative" and not chinese and draw.chance(0.15):
                words = tuple(f"not {word}" for word in _PLAIN_PRAISE)
        elif way < 0.55:
            template = draw.of((_ACTS_ZH if chinese else _ACTS).split("|"))
            words = keywords[f"{label} acts"]
        else:
            template = draw.of(sentences)
        parts.append(_filled(draw, template, words, chinese=chinese))
    if draw.chance(0.2):
        aside = _filled(draw, draw.of(_ASIDES_ZH if chinese else _ASIDES), (), chinese=chinese)
        parts.insert(draw.number(0, len(parts)), aside)
    text = ("" if chinese else " ").join(dict.fromkeys(parts))
    if not chinese and draw.chance(0.06):
        text = text.upper() if draw.chance(0.3) else text.lower()
    return text


def labelled(draw: Draw, name: str, label: str, *, chinese: bool) -> str:
    """A text of a label of a set; `name` is the set's."""
    if name == "sentiment":
        return review(draw, label, chinese=chinese)
    texts = label_sets(chinese=chinese)[name][label]
    if name in ("word", "词语"):
        return draw.any(texts)
    keywords = listed("keywords.zh" if chinese else "keywords")[""].get(label, ())
    if name in ("topic", "话题") and keywords and draw.chance(0.5):
        return _filled(draw, draw.of((_TOPIC_ZH if chinese else _TOPIC).split("|")), keywords, chinese=chinese)
    parts = [_filled(draw, text, (), chinese=chinese) for text in draw.some(texts, draw.any((1, 1, 2)))]
    return ("" if chinese else " ").join(parts)
