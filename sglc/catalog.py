"""Every diagnostic of sglc, and its page: what `sglc rule CODE` prints and docs/codes.md holds."""

from __future__ import annotations

import re
import textwrap

import msgspec

from sglc.commands import errors as commands
from sglc.diagnostics import Diagnostic
from sglc.frontend import lint
from sglc.frontend.errors import (
    calls,
    constraints,
    control,
    declared,
    loops,
    names,
    prompts,
    retries,
    syntax,
    tools,
    types,
)

_TABLES = (syntax, names, declared, types, calls, prompts, constraints, control, loops, retries, tools, lint, commands)
CATALOG: tuple[type[Diagnostic], ...] = tuple(
    sorted((cls for table in _TABLES for cls in table.DIAGNOSTICS), key=lambda cls: cls.code)
)

_SECTION = re.compile(r"^(Wrong|Right):\n", re.MULTILINE)


class Page(msgspec.Struct, frozen=True):
    """A docstring taken apart. `wrong` and `right` are whole programs, empty where the page says that there is none."""

    summary: str
    wrong: str
    right: str


def page(cls: type[Diagnostic]) -> Page:
    """The page of a code, from the docstring of its class: text, then the sections `Wrong:` and `Right:`."""
    first, _, rest = (cls.__dict__.get("__doc__") or "").partition("\n")
    # Not inspect.cleandoc, which would turn the tabs of an example into blanks.
    text = f"{first.strip()}\n{textwrap.dedent(rest)}\n"
    summary, *sections = _SECTION.split(text)
    programs = dict(zip(sections[::2], sections[1::2], strict=True))
    wrong, right = (_program(programs.get(title, "")) for title in ("Wrong", "Right"))
    return Page(summary.strip(), wrong, right)


def _program(section: str) -> str:
    """An indented section as the text of a file."""
    text = textwrap.dedent(section).strip("\n")
    return f"{text}\n" if text else ""
