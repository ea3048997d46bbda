"""Values for fields of records in English texts out of words that exist; few are made up of syllables that nobody has heard of.

That any letters at all can be a value is taught elsewhere: `substitution` exchanges the words that a reply copies.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from sglc.backend.engine.tiny.corpus import made_up, slots
from sglc.backend.engine.tiny.corpus.draw import Draw
from sglc.backend.engine.tiny.corpus.made_up import from_shape, word

COINED = 0.15
"""The share of values that are no words."""
SITES = (".example", ".example.com", ".example.org", ".test")
FIRMS = ("Ltd", "GmbH", "Inc", "Works", "& Sons", "Group", "Labs", "Foods", "Systems", "Trading", "Studio", "Motors")
FILES = (".pdf", ".docx", ".csv", ".png", ".txt", ".xlsx", ".py", ".jpg", ".zip", ".json", ".md", ".log")
MODELS = ("A0", "000", "A000", "00", "A-00", "0", "0000", "00A", "AA00")
STREETS = ("Street", "Road", "Lane", "Avenue", "Way", "Drive", "Square", "Hill", "Close", "Alley")


def one_of(random_: random.Random, name: str) -> str:
    return random_.choice(slots.listed(name))


def mostly(
    real: Callable[[random.Random], str], coined: Callable[[random.Random], str]
) -> Callable[[random.Random], str]:
    return lambda random_: coined(random_) if random_.random() < COINED else real(random_)


def _mail(random_: random.Random) -> str:
    first, last = one_of(random_, "first_names").lower(), one_of(random_, "last_names").lower()
    user = random_.choice(
        (f"{first}.{last}", f"{first}{random_.randint(1, 99)}", f"{first}_{last}", f"{first[0]}.{last}")
    )
    host = random_.choice(("example.com", "example.org", "mail.example", f"{one_of(random_, 'site_words')}.example"))
    return f"{user}@{host}"


def _user(random_: random.Random) -> str:
    first = one_of(random_, random_.choice(("first_names", "site_words"))).lower()
    last = (str(random_.randint(1, 99)), f"_{one_of(random_, 'site_words')}", str(random_.randint(1950, 2015)), "_x")
    return first + random_.choice(last)


def _coined_user(random_: random.Random) -> str:
    return word(random_).lower() + random_.choice(
        ("", "_x", str(random_.randint(1, 99)), f"_{word(random_, 1, 1).lower()}")
    )


def _site(random_: random.Random) -> str:
    first = one_of(random_, "site_words")
    return first + random_.choice(("", "", f"-{one_of(random_, 'site_words')}", one_of(random_, "last_names").lower()))


def _coined_site(random_: random.Random) -> str:
    return word(random_).lower()


site = mostly(_site, _coined_site)


def url(random_: random.Random) -> str:
    start = random_.choice(("https://", "http://", "www.", "", ""))
    page = one_of(random_, random_.choice(("site_words", "file_words")))
    path = random_.choice(("", "/", f"/{page}", f"/{page}-{random_.randint(1, 99)}"))
    return f"{start}{site(random_)}{random_.choice(SITES)}{path}"


def file(random_: random.Random) -> str:
    known = one_of(random_, "file_words")
    second = random_.choice(("", "", f"_{one_of(random_, 'file_words')}", f"-{one_of(random_, 'last_names').lower()}"))
    first = word(random_, 1, 2).lower() if random_.random() < COINED else known + second
    last = random_.choice(("", "", "_v2", f"-{random_.randint(1, 99)}", f"_{random_.randint(2015, 2030)}", "_final"))
    return first + last + random_.choice(FILES)


def _company(random_: random.Random) -> str:
    if random_.random() < 0.5:
        return one_of(random_, "companies")
    first = one_of(random_, random_.choice(("last_names", "last_names", "cities", "model_words")))
    second = random_.choice((one_of(random_, "last_names"), f"& {one_of(random_, 'last_names')}"))
    return f"{first} {random_.choice((*FIRMS, *FIRMS, second))}"


def _title(random_: random.Random) -> str:
    adjective, noun, other = (one_of(random_, f"title_{kind}") for kind in ("adjectives", "nouns", "nouns"))
    name = one_of(random_, random_.choice(("first_names", "cities")))
    return random_.choice(
        (
            f"The {adjective} {noun}",
            f"{adjective} {noun}",
            f"The {noun} of {name}",
            f"A {noun} in {name}",
            f"{name} at the {noun}",
            f"The {noun} and the {other}",
            f"{noun} and {other}",
            f"Return to {name}",
            f"The {noun} in the {other}",
            f"My {adjective} {noun}",
        )
    )


def _street(random_: random.Random) -> str:
    name = one_of(random_, "street_names")
    return name if random_.random() < 0.6 else f"{one_of(random_, 'last_names')} {random_.choice(STREETS)}"


def _coined_street(random_: random.Random) -> str:
    return f"{word(random_)} {random_.choice(STREETS)}"


def street(random_: random.Random) -> str:
    name = mostly(_street, _coined_street)(random_)
    number = f"{random_.randint(1, 299)}{random_.choice(('', '', '', 'a', 'b', 'c'))}"
    return random_.choice((f"{number} {name}", f"{name} {number}"))


def model(random_: random.Random) -> str:
    name = word(random_) if random_.random() < COINED else one_of(random_, "model_words")
    return f"{name} {from_shape(random_, random_.choice(MODELS))}"


def person(draw: Draw) -> str:
    return made_up.person(draw) if draw.chance(2 * COINED) else slots.person(draw)


def first_name(draw: Draw) -> str:
    return draw.made(word) if draw.chance(COINED) else draw.of(slots.listed("first_names"))


def thing(draw: Draw) -> str:
    """A product, some with a brand in front."""
    if draw.chance(COINED):
        return made_up.thing(draw)
    plain = draw.of(slots.listed("products"))
    return f"{draw.of(slots.listed('model_words'))} {plain}" if draw.chance(0.15) else plain


email = mostly(_mail, made_up.email)
user = mostly(_user, _coined_user)
company = mostly(_company, made_up.company)
title = mostly(_title, made_up.title)
