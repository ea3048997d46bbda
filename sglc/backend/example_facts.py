"""The examples' encyclopedia: a query -> the article that shares most words with it."""

from __future__ import annotations

import re

_ARTICLES = """\
Eiffel Tower: The Eiffel Tower is a wrought-iron tower in Paris, 330 metres tall, finished in 1889 by Gustave Eiffel's
  company.
Paris: Paris is the capital of France. The river Seine flows through it. About 2.1 million people live in the city.
France: France is a country in western Europe. Its capital is Paris and its currency is the euro.
Seine: The Seine is a river in northern France, 777 kilometres long. It flows through Paris into the English Channel.
Berlin: Berlin is the capital of Germany. The river Spree flows through it. About 3.7 million people live in the city.
Germany: Germany is a country in central Europe. Its capital is Berlin and its currency is the euro.
London: London is the capital of the United Kingdom. The river Thames flows through it. About 8.9 million people live
  there.
Rome: Rome is the capital of Italy. The river Tiber flows through it. About 2.8 million people live in the city.
Italy: Italy is a country in southern Europe. Its capital is Rome and its highest mountain is Mont Blanc.
Lisbon: Lisbon is the capital of Portugal. The river Tagus flows through it. About 570,000 people live in the city.
Portugal: Portugal is a country in south-western Europe. Its capital is Lisbon and its currency is the euro.
Tokyo: Tokyo is the capital of Japan. About 14 million people live in the city.
Japan: Japan is an island country in eastern Asia. Its capital is Tokyo and its currency is the yen.
Beijing: Beijing is the capital of China. About 22 million people live in the city.
China: China is a country in eastern Asia. Its capital is Beijing and its currency is the renminbi, counted in yuan.
Great Wall of China: The Great Wall of China is a chain of fortifications in northern China, in all about 21,000
  kilometres long.
Mount Everest: Mount Everest, between Nepal and China, is the highest mountain above sea level: 8,849 metres.
Mont Blanc: Mont Blanc, between France and Italy, is the highest mountain of the Alps: about 4,806 metres.
Nile: The Nile is a river in north-eastern Africa, about 6,650 kilometres long. It flows through Egypt into the
  Mediterranean.
Amazon River: The Amazon is a river in South America, about 6,400 kilometres long. No other river carries more water.
Yangtze: The Yangtze is the longest river in Asia, about 6,300 kilometres long. It reaches the sea at Shanghai.
Colorado orogeny: The Colorado orogeny was an episode of mountain building in Colorado and the neighbouring areas. Its
  eastern sector extends into the High Plains.
High Plains: The High Plains of the United States rise in elevation from around 1,800 to 7,000 feet (550 to 2,130
  metres).
Albert Einstein: Albert Einstein was a physicist, born in Ulm in 1879. He developed the theory of relativity and
  received the Nobel Prize in Physics for 1921.
Marie Curie: Marie Curie was a physicist and chemist, born in Warsaw in 1867. She received Nobel Prizes in Physics
  (1903) and in Chemistry (1911).
Isaac Newton: Isaac Newton was an English mathematician and physicist, born in 1642. He formulated the laws of motion
  and of gravitation.
Ada Lovelace: Ada Lovelace was an English mathematician, born in 1815. She wrote a program for Charles Babbage's
  Analytical Engine.
Alan Turing: Alan Turing was an English mathematician, born in London in 1912. He described the Turing machine in
  1936.
Grace Hopper: Grace Hopper was an American computer scientist, born in New York in 1906. She wrote one of the first
  compilers.
Johannes Brahms: Johannes Brahms was a German composer, born in Hamburg in 1833. He wrote four symphonies.
Leonardo da Vinci: Leonardo da Vinci was an Italian painter and engineer, born in 1452. He painted the Mona Lisa.
Mona Lisa: The Mona Lisa is a portrait by Leonardo da Vinci. It hangs in the Louvre in Paris.
Louvre: The Louvre is an art museum in Paris, opened in 1793. The Mona Lisa hangs there.
William Shakespeare: William Shakespeare was an English playwright, born in Stratford-upon-Avon in 1564. He wrote
  Hamlet.
Moon: The Moon is the Earth's only natural satellite, on average 384,400 kilometres away. Apollo 11 landed there in
  1969.
Apollo 11: Apollo 11 was the first flight that landed people on the Moon, in July 1969: Neil Armstrong and Buzz
  Aldrin.
Neil Armstrong: Neil Armstrong was an American astronaut, born in Wapakoneta, Ohio, in 1930. He was the first person
  on the Moon.
Mars: Mars is the fourth planet from the Sun. It has two moons, Phobos and Deimos.
Jupiter: Jupiter is the largest planet of the Solar System and the fifth from the Sun.
Speed of light: The speed of light in vacuum is exactly 299,792,458 metres a second.
Water: Water boils at 100 and freezes at 0 degrees Celsius at normal pressure. Its formula is H2O.
Blue whale: The blue whale is the largest animal known, up to 30 metres long.
Python (programming language): Python is a programming language by Guido van Rossum, first released in 1991.
Olympic Games: The first modern Olympic Games took place in Athens in 1896. The summer games are held every four
  years.
长城: 长城位于中国北方，是古代的防御工程，总长约两万一千公里。
长江: 长江是亚洲最长的河流，全长约六千三百公里，在上海附近入海。
北京: 北京是中国的首都，人口约两千两百万。
杭州: 杭州是浙江省的省会，以西湖闻名。
西湖: 西湖位于杭州市区西部，二〇一一年列入世界遗产名录。
李白: 李白是唐代诗人，生于七〇一年，代表作有《静夜思》。
"""
"""`title: text`, one below the other; an indented line continues the text."""

_COMMON = """
a about an and are at be by did do does for from had has have high how in into is it its long many most much of
old on or tall that the their there this through to was were what when where which who whose why will with
"""

_FACTS = dict(line.split(": ", 1) for line in _ARTICLES.replace("\n  ", " ").splitlines())
_COMMON_WORDS = frozenset(_COMMON.split())


def search(query: str) -> dict[str, str]:
    """The best article as {title, text}; a query that shares nothing with a title or a text finds nothing."""
    wanted = _words(query)
    best = max(_FACTS, key=lambda title: _score(wanted, title))
    if _score(wanted, best) == 0:
        if re.search(r"[\u4e00-\u9fff]", query):
            return {"title": "没有结果", "text": f"没有与“{query}”相关的条目。"}
        return {
            "title": "nothing found",
            "text": f'No article matches "{query}". Search for a name, a place or a thing.',
        }
    return {"title": best, "text": _FACTS[best]}


def _score(wanted: frozenset[str], title: str) -> float:
    """Words shared with the title count most, and more when they make up all of it."""
    named = _words(title)
    in_title, in_text = len(wanted & named), len(wanted & _words(_FACTS[title]))
    return in_title * 3 + in_title / len(named) + (in_text if in_text > 1 or in_title else 0) / 2


def _words(text: str) -> frozenset[str]:
    """Words without common ones and plural endings; Chinese text has no blanks, so there each pair of characters."""
    words = {word.removesuffix("s") for word in re.findall(r"[a-z0-9]+", text.lower()) if word not in _COMMON_WORDS}
    chinese = re.findall(r"[\u4e00-\u9fff]+", text)
    return frozenset(words | {run[i : i + 2] for run in chinese for i in range(len(run) - 1)})
