"""lists/fields.*.txt -> a bank of fields: how each may be called, what it is, and how texts say it.

A block is `# KIND MAKER`, `= names`, `? descriptions`, then what texts say: lines of sentences with `{v}`, of a flag `+` and `-`
lines, of an enum `* MEMBER: sentences`. In Chinese banks a name is followed by its label: `phone 电话`.
"""

from __future__ import annotations

import re
from functools import lru_cache

import msgspec

from sglc.backend.engine.tiny.corpus import slots

BANKS = {
    "en": ("fields.people", "fields.orders", "fields.places", "fields.work"),
    "zh": ("fields.people.zh", "fields.things.zh"),
}
ALIKE = (
    {"product", "products", "lines", "model", "dish", "title", "brand", "ingredients", "animal", "job"},
    {"product", "animal", "job", "symptom"},
    {"quantity", "lines", "products"},
    {"transport", "parking", "driver", "plate", "flight"},
    {"pets", "animal", "pet_name"},
    {"animal", "symptom", "allergy"},
    {"priority", "delivery"},
    {"condition", "opened", "in_stock", "symptom"},
    {"condition", "mood"},
    {"done", "deposit", "payment", "refund", "price", "money", "invoice"},
    {"status", "percent"},
    {"status", "opened", "done", "signed"},
    {"status", "level"},
    {"mood", "rating"},
    {"price", "money", "budget", "rent", "salary", "deposit", "shipping"},
    {"currency", "price", "money", "budget", "rent", "salary", "deposit", "shipping"},
    {"city", "cities", "flight", "nationality"},
    {"city", "cities", "origin"},
    {"quantity", "persons", "population", "visitors", "employees", "users", "port"},
    {"date", "iso_date", "birthday"},
    {"time", "hhmm"},
    {"order", "tracking", "ticket", "serial"},
    {"file", "url"},
    {"level", "job", "skills"},
    {"ingredients", "allergy", "dish", "tags", "skills"},
    {"online", "room", "city", "street"},
    {"distance", "length"},
    {"duration", "area"},
    {"signed", "manager", "customer"},
    {"customer", "author"},
    {"gift", "recipient"},
    {"phone", "callback"},
    {"breakfast", "diet"},
    {"discount", "percent"},
    {"phone", "fax"},
    {"room", "rooms"},
    {"box", "size"},
    {"username", "iban"},
    {"ingredients", "material"},
    {"recipient", "street"},
    {"guests", "persons"},
    {"lines", "order"},
)
"""Kinds that a sentence could confuse: of each set a text speaks of one at most."""
_PRONOUN = re.compile(r"\b(he|she|his|her)\b|[他她]", re.IGNORECASE)


class FieldKind(msgspec.Struct, frozen=True):
    """`labels` stand beside `names`. `says` by value: "" for what is written with `{v}`, else a flag's or an enum's value."""

    kind: str
    maker: str
    names: tuple[str, ...]
    labels: tuple[str, ...]
    about: tuple[str, ...]
    says: dict[str, tuple[str, ...]]

    def is_like(self, other: FieldKind) -> bool:
        """Whether a text that speaks of both could be misread."""
        if "intent" in (self.kind, other.kind):
            return not ("" in self.says or "" in other.says) or bool({"title", "tags"} & {self.kind, other.kind})
        if {*self.names, *self.labels} & {*other.names, *other.labels}:
            return True
        if "gender" in (self.kind, other.kind) and (self.speaks_of_someone or other.speaks_of_someone):
            return True
        return any(self.kind in group and other.kind in group for group in ALIKE)

    @property
    def speaks_of_someone(self) -> bool:
        """Whether it tells by a pronoun how to address a person."""
        said = (one for sentences in self.says.values() for one in sentences)
        return self.kind != "gender" and any(map(_PRONOUN.search, said))


@lru_cache(maxsize=2)
def bank(language: str) -> tuple[FieldKind, ...]:
    lines = (line for name in BANKS[language] for line in slots.listed_with_repeats(name))
    blocks = re.split(r"^# ", "\n".join(lines), flags=re.MULTILINE)
    return tuple(_kind(block.splitlines()) for block in blocks if block.strip())


def _kind(lines: list[str]) -> FieldKind:
    kind, maker = lines[0].split()
    names: list[str] = []
    about: list[str] = []
    says: dict[str, list[str]] = {}
    for line in lines[1:]:
        mark, _, rest = line.partition(" ")
        if mark == "=":
            names += rest.split(", ")
        elif mark == "?":
            about += re.split("; |；", rest)
        elif mark in "+-":
            says.setdefault({"+": "true", "-": "false"}[mark], []).extend(rest.split(" | "))
        elif mark == "*":
            member, _, sentences = rest.partition(": ")
            says.setdefault(member, []).extend(sentences.split(" | "))
        else:
            says.setdefault("", []).extend(line.split(" | "))
    pairs = [name.partition(" ") for name in names]
    return FieldKind(
        kind,
        maker,
        tuple(name for name, _, _ in pairs),
        tuple(label or name.replace("_", " ") for name, _, label in pairs),
        tuple(about),
        {value: tuple(dict.fromkeys(said)) for value, said in says.items()},
    )
