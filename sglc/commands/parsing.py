"""argparse with our manners: mistakes are UsageErrors with a hint, and unknown options may be left to a program."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from typing import Any, NoReturn

from sglc.commands.failure import UsageError
from sglc.diagnostics import nearest


class Parser(argparse.ArgumentParser):
    """`keeps_rest`: unknown `--name value` options are kept, as pairs in `rest`, for the program's parameters."""

    keeps_rest = False

    def __init__(self, prog: str, description: str) -> None:
        super().__init__(prog=prog, description=description, allow_abbrev=False)

    def error(self, message: str) -> NoReturn:
        raise UsageError(message, f"see `{self.prog} --help`")

    def _print_message(self, message: str, file: Any = None) -> None:
        """argparse hides that its output cannot be written."""
        (file or sys.stderr).write(message)

    def parse(self, argv: Sequence[str]) -> argparse.Namespace:
        own, rest = self._split(argv) if self.keeps_rest else (list(argv), [])
        # Files and options in any order; only where `--` divides them, the order counts.
        args, unknown = self.parse_known_args(own) if "--" in own else self.parse_known_intermixed_args(own)
        if unknown:
            raise self._unknown(unknown[0])
        args.rest = rest
        return args

    def _unknown(self, word: str) -> UsageError:
        if not word.startswith("-"):
            return UsageError(f"one argument too many: `{word}`", f"see `{self.prog} --help`")
        name = word.split("=", 1)[0]
        near = nearest(name, [option for option in self._option_string_actions if option.startswith("--")])
        return UsageError(f"unknown option `{name}`", f"use `{near}`" if near else f"see `{self.prog} --help`")

    def _split(self, argv: Sequence[str]) -> tuple[list[str], list[tuple[str, str | None]]]:
        """Own arguments, and the others as (name, value or None). All behind `--` are the program's."""
        own: list[str] = []
        rest: list[tuple[str, str | None]] = []
        words = list(argv)
        theirs = False
        while words:
            word = words.pop(0)
            name, equals, value = word.partition("=")
            if word == "--" and not theirs:
                theirs = True
            elif not theirs and self._is_own(name):
                own.append(word)
                if not equals and words and self._takes_value(name):
                    own.append(words.pop(0))
            elif name.startswith("--") and len(name) > 2:
                if not equals and words and not words[0].startswith("--"):
                    value, equals = words.pop(0), "="
                rest.append((name[2:], value if equals else None))
            elif theirs:
                raise UsageError(f"`{word}` belongs to no parameter", "write `--name value`")
            else:
                own.append(word)
        return own, rest

    def _is_own(self, name: str) -> bool:
        if name.startswith("--"):
            return name in self._option_string_actions
        return name.startswith("-") and name[:2] in self._option_string_actions

    def _takes_value(self, name: str) -> bool:
        action = self._option_string_actions.get(name)
        return action is not None and action.nargs != 0


def add_passes_off(parser: argparse.ArgumentParser) -> None:
    """The option that switches off a pass."""
    parser.add_argument("-O", action="append", default=[], metavar="PASS=off", dest="passes", help="switch off a pass")


def passes_off(words: Sequence[str]) -> frozenset[str]:
    """`-O inline=off` -> the names of passes to leave out; the compiler says which names there are."""
    off = set()
    for word in words:
        name, equals, state = word.partition("=")
        if not equals or state not in ("on", "off") or not name:
            raise UsageError(f"-O: `{word}` is not understood", "write a pass and its state, such as `-O inline=off`")
        if state == "off":
            off.add(name)
    return frozenset(off)
