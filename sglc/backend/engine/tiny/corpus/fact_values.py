"""Made-up values for facts: names, numbers with their units, dates and small phrases."""

from __future__ import annotations

from collections.abc import Callable
from random import Random

from sglc.backend.engine.tiny.corpus.slots import listed

Maker = Callable[[Random], str]


def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split(" "))


_STARTS = _words("b bl br c cl d dr f fl g gl gr h j k kl kr l m n p pr qu r s sh st t th tr v w y z")
_VOWELS = _words("a a e e i o o u ai au ei ia oa ou")
_MIDDLES = _words("b d g l ld lm m n nd r rd rv s sk st t v z")
_ENDS = _words("n r l s th m rk ndale burg ton ville mouth stad port mar dor via nia ra lo sk ")
_FLOORS = _words("first second third fourth fifth sixth seventh eighth ninth tenth")
_FIRST = _words(
    "Ada Ben Clara Dan Edith Fritz Gwen Henri Ida Jonas Karl Lena Mara Nils Olga Paul Rita Sam Theo Ute Vera Will Zoe"
)
_MONTHS = _words("January February March April May June July August September October November December")


def _word(random: Random) -> str:
    """A made-up word that can be spoken."""
    text = random.choice(_STARTS) + random.choice(_VOWELS)
    for _ in range(random.choice((0, 0, 0, 1, 1))):
        text += random.choice(_MIDDLES) + random.choice(_VOWELS)
    return text + random.choice(_ENDS)


def _name(random: Random) -> str:
    return _word(random).capitalize()


def one_of(*choices: str) -> Maker:
    return lambda random: random.choice(choices)


def real_or(names: str, make: Maker, share: float = 0.4) -> Maker:
    """A name of lists/NAMES.txt, or a made-up one."""
    return lambda random: random.choice(listed(names)) if random.random() < share else make(random)


def pair(first: str, second: str, joint: str = " ") -> Maker:
    """One of each, both given as `a|b|c`."""
    ones, others = first.split("|"), second.split("|")
    return lambda random: random.choice(ones) + joint + random.choice(others)


def amount(unit: str, low: int, high: int) -> Maker:
    """A number with its unit, large ones with or without separators."""
    units = unit.split("|")

    def make(random: Random) -> str:
        number = int(low * (high / low) ** random.random())
        return (f"{number:,}" if number > 9999 or random.random() < 0.5 else str(number)) + random.choice(units)

    return make


def _population(random: Random) -> str:
    if random.random() < 0.4:
        return f"{random.randint(1, 39)}.{random.randint(1, 9)} million"
    return f"{random.randint(2, 999)},{random.randint(0, 999):03}"


def _person(random: Random) -> str:
    return f"{_name(random) if random.random() < 0.4 else random.choice(_FIRST)} {_name(random)}"


def _time(random: Random) -> str:
    hour, minute = random.randint(1, 12), random.choice((0, 0, 15, 30, 45, random.randint(1, 59)))
    word = random.choice(("nine", "ten", "eight", "seven", "six", "half past nine", "noon", "a quarter to eight"))
    half = random.choice(("a.m.", "p.m."))
    return random.choice((word, f"{hour}:{minute:02}", f"{hour + 11}:{minute:02}", f"{hour}:{minute:02} {half}"))


def _morning(random: Random) -> str:
    hour, minute = random.randint(4, 9), random.choice((0, 10, 15, 30, 45, random.randint(1, 59)))
    word = random.choice(("five", "six", "half past five", "a quarter to six", "a quarter past seven"))
    return random.choice((word, f"{hour}:{minute:02}", f"{hour:02}:{minute:02}", f"{hour}:{minute:02} a.m."))


def _date(random: Random) -> str:
    day, month, year = random.randint(1, 28), random.randint(1, 12), random.randint(2019, 2039)
    name = _MONTHS[month - 1]
    return random.choice(
        (
            f"{name} {day}",
            f"{day} {name}",
            f"{day} {name} {year}",
            f"{name} {day}, {year}",
            f"{year}-{month:02}-{day:02}",
        )
    )


def _price(random: Random) -> str:
    amount = (
        f"{random.randint(1, 99)}.{random.randint(0, 99):02}" if random.random() < 0.4 else str(random.randint(2, 990))
    )
    return random.choice((f"{amount} euros", f"{amount} dollars", f"${amount}", f"€{amount}", f"{amount} pounds"))


def _days(random: Random) -> str:
    count = random.randint(2, 99)
    return random.choice((f"{count} days", f"{count} days", f"{count % 9 + 2} weeks", f"{count % 11 + 2} months"))


def _code(random: Random) -> str:
    letters = "".join(random.choices("ABCDEFGHJKLMNPQRSTUVWXYZ", k=random.randint(1, 4)))
    number = str(random.randint(10, 99999))
    return random.choice(
        (
            f"{letters}{number}",
            f"{letters}-{number}",
            f"{_word(random)}{number}",
            f"{number}-{letters}",
            f"{_word(random)}-{_word(random)}",
        )
    )


def _email(random: Random) -> str:
    box = random.choice(("help", "info", "team", "support", "desk", _word(random), _word(random)))
    return f"{box}@{_word(random)}.{random.choice(('com', 'org', 'net', 'example', 'shop', 'de', 'cn'))}"


def _phone(random: Random) -> str:
    number = "".join(random.choices("0123456789", k=random.randint(6, 8)))
    return random.choice(
        (f"0{number}", f"+{random.randint(1, 99)} {number}", f"555-{number[:4]}", f"{number[:3]} {number[3:]}")
    )


def _title(random: Random) -> str:
    thing = random.choice(
        [
            "River",
            "Garden",
            "Winter",
            "Mirror",
            "Station",
            "Letter",
            "Night",
            "Harbour",
            "Orchard",
            "Machine",
            "Window",
            "Island",
            "Bridge",
            "Song",
        ]
    )
    how = random.choice(
        [
            "Blue",
            "Silent",
            "Last",
            "Broken",
            "Long",
            "White",
            "Hidden",
            "Golden",
            "Seventh",
            "Paper",
            "Iron",
            "Empty",
            "Red",
            "Distant",
        ]
    )
    return random.choice(
        (f"The {how} {thing}", f"{how} {thing}", f"The {thing} of {_name(random)}", f"{_name(random)}")
    )


def _version(random: Random) -> str:
    return ".".join(str(random.randint(0, 20)) for _ in range(random.choice((2, 3))))


ENGLISH: dict[str, Maker] = {
    "madename": real_or("cities", _name, 0.25),
    "peak": _name,
    "yesno": one_of("Yes", "No"),
    "river": real_or("rivers", _name),
    "madeland": real_or("countries", lambda r: _word(r).capitalize() + r.choice(("ia", "land", "ania", ""))),
    "person": _person,
    "population": _population,
    "year": lambda r: str(r.randint(1203, 2024)),
    "count": amount("", 2, 90_000),
    "number": lambda r: str(int(2 * 30_000 ** r.random())),
    "time": _time,
    "morning": _morning,
    "date": _date,
    "price": _price,
    "days": _days,
    "code": _code,
    "email": _email,
    "phone": _phone,
    "title": _title,
    "version": _version,
    "length": amount(" kilometres| km| miles", 3, 90_000),
    "metres": amount(" metres| m| feet", 9, 9_900),
    "years": lambda r: f"{r.randint(2, 98)} years",
    "minutes": lambda r: f"{r.randint(2, 95)} minutes",
    "hours": lambda r: f"{r.randint(2, 900)} hours",
    "weight": amount(" kilograms| kg| grams| tonnes", 2, 900),
    "area": amount(" square kilometres| square miles| hectares", 40, 990_000),
    "percent": lambda r: f"{r.randint(2, 60)}{r.choice((' percent', '%'))}",
    "room": lambda r: r.choice((f"room {r.randint(1, 999)}", f"the {_name(r)} room")),
    "address": lambda r: f"{r.randint(1, 400)} {_name(r)} {r.choice(('Street', 'Road', 'Lane', 'Square'))}",
    "floor": lambda r: f"{r.choice(_FLOORS)} floor",
    "money": amount(" euros| dollars| pounds", 200, 9_000_000),
    "day": one_of("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"),
    "firm": lambda r: (
        f"{_name(r)}{r.choice(('', ' Ltd', ' & Sons', ' Works', ' Group', ' Foods', ' Motors', ' Systems'))}"
    ),
    "place": real_or("cities", _name),
    "land": real_or("countries", lambda r: _word(r).capitalize() + r.choice(("ia", "land", "")), 0.2),
    "tower": lambda r: f"{_name(r)} {r.choice(('Tower', 'Bridge', 'Castle', 'Palace', 'Lighthouse', 'Hall', 'Gate'))}",
    "museum": lambda r: f"{_name(r)} {r.choice(('Museum', 'Gallery', 'Collection'))}",
    "beast": lambda r: f"{r.choice(('red', 'spotted', 'lesser', 'great', 'mountain', 'striped', 'dwarf'))} {_word(r)}",
    "painting": _title,
    "star": lambda r: r.choice((_name(r), f"{_name(r)} {r.choice('BCDX')}")),
    "code_name": _name,
    "sea": lambda r: f"{r.choice(('Sea of ', 'Gulf of ', 'Bay of ', 'Lake '))}{_name(r)}",
    "festival": lambda r: (
        f"{_name(r)} {r.choice(('Festival', 'Fair', 'Carnival', 'Film Festival', 'Book Fair', 'Jazz Festival'))}"
    ),
    "line": lambda r: f"{_name(r)} {r.choice(('Line', 'Line', 'Railway', 'Express', 'Coast Line', 'Valley Line'))}",
    "speed": amount(" kilometres an hour| km/h| miles an hour", 4, 190),
    "degrees": lambda r: f"{r.choice(('', 'minus ', '-'))}{r.randint(2, 900)} degrees",
    "currency": lambda r: r.choice((_word(r), f"{_word(r)} {r.choice(('crown', 'dollar', 'pound'))}")),
    "language": lambda r: _word(r).capitalize() + r.choice(("ish", "ese", "ian", "i")),
    "suffix": lambda r: "." + _word(r)[: r.randint(2, 4)],
    "code_language": lambda r: r.choice(("Rust", "Go", "Kotlin", "Python", "C++", "Scala", "Elm", _name(r), _name(r))),
    "thing": pair(
        "silk|salt|apple|flower|glass|copper|book|cheese|street|night|winter|puppet",
        "market|gardens|festival|bridges|theatres|workshops|museums|towers|baths|cakes",
    ),
    "job": pair(
        "famous |court |country |self-taught |German |naval |travelling ||",
        "painter|doctor|engineer|poet|botanist|teacher|pilot|judge|composer|baker|chemist|sculptor|geologist|weaver|sailor",
        "",
    ),
    "prize": lambda r: (
        f"{r.choice((_name(r), 'Golden ' + _word(r), 'National', 'Royal'))} {r.choice(('Prize', 'Medal', 'Award', 'Cup'))}"
    ),
    "invention": pair(
        "steam|electric|folding|pocket|paper|solar|underwater|silent|double|rotary",
        "lamp|engine|printer|bicycle|clock|oven|pump|camera|piano|telescope|loom|saw",
    ),
    "product": pair(
        "wooden|electric|garden|leather|glass|cotton|kitchen|copper|toy|office",
        "chairs|lamps|boots|bottles|pianos|trains|tents|knives|kites|scales|pumps|bags",
    ),
    "food": pair(
        "small |young |dry |sweet |water |wild |fallen ",
        "grass|fish|berries|insects|leaves|nuts|seeds|roots|snails|fruit|mushrooms",
        "",
    ),
    "region": pair(
        "dry|cold|dense|high|wet|open|rocky|northern|salty",
        "forests|deserts|swamps|mountains|grasslands|caves|lakes|islands|valleys",
    ),
    "payment": pair("card|cash|bank transfer|invoice|cheque|phone", "card|voucher|bank transfer|cash|invoice", " or "),
}
ENGLISH["mount"] = lambda random: f"{random.choice(('Mount ', 'Mount ', 'Peak '))}{_name(random)}"
