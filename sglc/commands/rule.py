"""sglc rule: the page of a code, or of all."""

from __future__ import annotations

import argparse
import re

from sglc.commands.failure import CLEAN, UsageError
from sglc.commands.terminal import out
from sglc.diagnostics import Diagnostic, nearest


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("code", nargs="?", metavar="CODE", help="such as SGL302")
    parser.add_argument("--all", action="store_true", help="every code")
    parser.add_argument("--format", choices=["text", "markdown"], default="text", help="of the page")


def run(args: argparse.Namespace) -> int:
    from sglc.catalog import CATALOG

    if args.all == bool(args.code):
        raise UsageError("give one code, or --all", "write `sglc rule SGL302`, or `sglc rule --all`")
    by_code = {kind.code: kind for kind in CATALOG}
    if args.all:
        out(_markdown(by_code) if args.format == "markdown" else _list(by_code))
        return CLEAN
    code = args.code.upper()
    code = f"SGL{code}" if code.isdigit() else code
    if code not in by_code:
        raise UsageError(f"there is no code `{args.code}`", _hint(code, by_code))
    out(_page(by_code[code], args.format))
    return CLEAN
