"""sglc compile: a program -> a .sglx file, or the text of one stage."""

from __future__ import annotations

import argparse
import sys
from pathlib import Path
from typing import TYPE_CHECKING

from sglc.commands.errors import BadModel
from sglc.commands.failure import CLEAN, UsageError, cannot_read
from sglc.commands.files import write_atomic
from sglc.commands.parsing import add_passes_off
from sglc.commands.program import load, portable, search_of
from sglc.commands.terminal import note, out, paint
from sglc.diagnostics import SglError, render_text

if TYPE_CHECKING:
    from sglc.backend.artifact import TokenSection
    from sglc.backend.plan import Plan


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a program (*.sgl)")
    parser.add_argument("-o", "--output", metavar="OUT.sglx", help="where the compiled program goes")
    parser.add_argument("--emit", metavar="STAGE", help="print a stage instead: ast, ir, ir:PASS, plan")
    parser.add_argument(
        "--model", action="append", default=[], metavar="[NAME=]FOLDER", help="add a model's token ids of constant text"
    )
    add_passes_off(parser)


def run(args: argparse.Namespace) -> int:
    if args.file.endswith(".sglx"):
        raise UsageError(f"`{args.file}` is compiled already", "name the source file (*.sgl)")
    if args.emit and (args.output or args.model):
        raise UsageError(
            "--emit prints to standard output, it writes no file", "leave -o and --model out, or redirect the output"
        )
    if args.emit:
        return _emit(args)
    loaded = load(args.file, args.passes)
    output = args.output or f"{args.file.removesuffix('.sgl')}.sglx"
    if output.endswith(".sgl"):
        raise UsageError(f"-o: `{output}` would overwrite a program", "name a file that ends in .sglx")
    from sglc.backend.artifact import to_bytes

    if loaded.diagnostics:
        note(paint(render_text(loaded.diagnostics), sys.stderr).rstrip("\n"))
    content = to_bytes(portable(loaded.plan, args.file), [_tokens(loaded.plan, word) for word in args.model])
    write_atomic(output, content)
    note(f"wrote {output} ({len(content):,} bytes)")
    return CLEAN


def _tokens(plan: Plan, word: str) -> TokenSection:
    """Ids of the program's constant texts for one model, used when that model runs it; values that cannot fit are errors."""
    from sglc.backend.artifact import token_section
    from sglc.backend.engine.interface import EngineError
    from sglc.backend.engine.load import TINY, tiny_folder
    from sglc.backend.engine.model_folder import check_folder
    from sglc.backend.engine.tokenizer import Tokenizer
    from sglc.commands.room import check_room
    from sglc.commands.running import model_pair

    name, place = model_pair(word, plan)
    folder = tiny_folder() if place == TINY else Path(place).expanduser()
    try:
        check_folder(folder)
        tokenizer = Tokenizer.load(folder)
    except EngineError as error:
        raise SglError([BadModel(problem=error.message, help=error.hint)]) from None
    check_room(plan, name, tokenizer)
    return token_section(plan, name, tokenizer.hash, tokenizer.encode)


def _emit(args: argparse.Namespace) -> int:
    if args.passes:
        raise UsageError("-O has no meaning with --emit", "`--emit ir:PASS` shows the program after each pass")
    from sglc.pipeline import emit

    try:
        text = emit(args.file, args.emit, search=search_of(args.file))
    except OSError as error:
        raise cannot_read(args.file, error) from None
    except ValueError as error:
        raise UsageError(f"--emit: {error}") from None
    out(text)
    return CLEAN
