"""sglc rule: the page of a code, or of all."""

from __future__ import annotations

import argparse
import re
import textwrap
from itertools import groupby

from sglc.commands.failure import CLEAN, UsageError
from sglc.commands.terminal import out
from sglc.diagnostics import Diagnostic, nearest

GROUPS = {
    "0": "Syntax",
    "1": "Names and types",
    "2": "Prompts and prefixes",
    "3": "Constraints",
    "4": "Control flow and cost",
    "5": "Tools and security",
    "6": "Serving",
    "7": "Tests",
    "8": "Artifacts and runs",
    "9": "Style and comments",
}
"""What a code's first digit says."""
_FACT = re.compile(r"\{\w+\}")


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", nargs="?", metavar="CODE", help="such as SGL302")
    parser.add_argument("--all", action="store_true", help="every code")
    parser.add_argument("--format", choices=["text", "markdown"], default="text", help="of the page")


def run(args: argparse.Namespace) -> int:
    from sglc.catalog import CATALOG

    if args.all == bool(args.code):
        raise UsageError("give one code, or --all", "write `sglc rule SGL302`, or `sglc rule --all`")
    if args.all:
        out(_all_pages(CATALOG) if args.format == "markdown" else _listing(CATALOG))
        return CLEAN
    by_code = {kind.code: kind for kind in CATALOG}
    code = args.code.upper()
    code = f"SGL{code}" if code.isdigit() else code
    if code not in by_code:
        near = nearest(code, by_code)
        hint = f"use `sglc rule {near}`" if near else "`sglc rule --all` lists them"
        raise UsageError(f"there is no code `{args.code}`", hint)
    out(markdown_page(by_code[code]) if args.format == "markdown" else _text_page(by_code[code]))
    return CLEAN


def _listing(kinds: tuple[type[Diagnostic], ...]) -> str:
    from sglc.catalog import page

    return "".join(f"{kind.code}  {kind.severity:<7}  {_first_line(page(kind).summary)}\n" for kind in kinds)


def _text_page(kind: type[Diagnostic]) -> str:
    from sglc.catalog import page

    found = page(kind)
    parts = [f"{kind.code}  {_message(kind)}", found.summary]
    for title, program in (("Wrong:", found.wrong), ("Right:", found.right)):
        if program:
            parts += [title, textwrap.indent(program.rstrip("\n"), "    ")]
    return "\n\n".join(parts)


def _all_pages(kinds: tuple[type[Diagnostic], ...]) -> str:
    """docs/codes.md"""
    lines = [
        "# Codes",
        "",
        "Everything that sglc reports has a code, which is never given to anything else. `sglc rule CODE` prints its page.",
        "Errors stop a compilation. Warnings can be silenced: on their line by `# noqa: CODE`, in a project by `ignore` of",
        "[tool.sglc] in pyproject.toml. `make codes` writes this file.",
        "",
    ]
    for digit, group in groupby(kinds, key=lambda kind: kind.code[3]):
        lines += [f"## {GROUPS[digit]}", ""]
        for kind in group:
            lines += [markdown_page(kind, level="###"), ""]
    return "\n".join(lines).rstrip("\n") + "\n"


def markdown_page(kind: type[Diagnostic], level: str = "#") -> str:
    """A code's page, with a heading of this level."""
    from sglc.catalog import page

    found = page(kind)
    parts = [f"{level} {kind.code}", f"*{_message(kind)}*", found.summary]
    for title, program in (("Wrong:", found.wrong), ("Right:", found.right)):
        if program:
            fence = "```" if "```" not in program else "````"
            parts += [title, f"{fence}sgl\n{program}{fence}"]
    return "\n\n".join(parts)


def _message(kind: type[Diagnostic]) -> str:
    """The title as it reads in a report, with `...` for what depends on the program."""
    title = _FACT.sub("...", kind.title)
    return f"{kind.severity}: {title}" if title != "..." else kind.severity


def _first_line(summary: str) -> str:
    return " ".join(summary.split("\n\n")[0].split())
