"""sglc models: the models that need no folder."""

from __future__ import annotations

import argparse

from sglc.commands.failure import CLEAN
from sglc.commands.terminal import out

_ABOUT = {
    "sglc-tiny": "the default: a small demonstration model that runs on any machine",
    "echo": "no model: a dry run, every value is the shortest that fits its type",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    """It takes none."""


def run(args: argparse.Namespace) -> int:
    from sglc.backend.engine.load import list_embedded

    names = list_embedded()
    width = max(map(len, names))
    for name in names:
        out(f"{name:<{width}}  {_ABOUT.get(name, '')}".rstrip())
    out("\nAny other model is a folder as transformers saves it: sglc run FILE --model FOLDER")
    return CLEAN
