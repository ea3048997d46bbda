"""sglc fmt: programs in their canonical form, in place, or as a check or a diff."""

from __future__ import annotations

import argparse
import difflib
import sys

from sglc.commands.failure import CLEAN, FINDINGS, UsageError, cannot_read
from sglc.commands.files import decode_program, find_programs, same_ends, write_atomic
from sglc.commands.terminal import note, out, paint, plural
from sglc.diagnostics import Diagnostic, SglError, render_text

STDIN = "-"


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("paths", nargs="*", default=["."], metavar="PATH", help="program, folder, or - for stdin")
    parser.add_argument("--check", action="store_true", help="write nothing; exit with 1 if a file would change")
    parser.add_argument("--diff", action="store_true", help="write nothing; print what would change, exit as --check")
    parser.add_argument("--stdin-filename", metavar="PATH", help="the name of what comes from stdin")


def run(args: argparse.Namespace) -> int:
    if STDIN in args.paths:
        if len(args.paths) > 1:
            raise UsageError("`-` stands for standard input and cannot be mixed with files")
        return _stdin(args)
    changed, broken = 0, 0
    paths = find_programs(args.paths)
    for path in paths:
        try:
            with open(path, "rb") as file:
                raw = file.read()
        except OSError as error:
            raise cannot_read(path, error) from None
        formatted = _formatted(path, raw)
        broken += formatted is None
        if formatted is None or formatted == raw:
            continue
        changed += 1
        if args.diff:
            out(_diff(path, raw, formatted))
        elif args.check:
            out(f"would format {path}")
        else:
            write_atomic(path, formatted)
    _summary(args, len(paths), changed, broken)
    return FINDINGS if broken or (changed and (args.check or args.diff)) else CLEAN


def _stdin(args: argparse.Namespace) -> int:
    raw = sys.stdin.buffer.read()
    path = args.stdin_filename or "<stdin>"
    formatted = _formatted(path, raw)
    if formatted is None:
        return FINDINGS
    if args.diff or args.check:
        if formatted != raw:
            out(_diff(path, raw, formatted) if args.diff else f"would format {path}")
        return FINDINGS if formatted != raw else CLEAN
    sys.stdout.flush()
    sys.stdout.buffer.write(formatted)
    sys.stdout.buffer.flush()
    return CLEAN


def _formatted(path: str, raw: bytes) -> bytes | None:
    """The file as it should be; None after reporting that it has errors."""
    from sglc.frontend.formatter import format_source

    try:
        return same_ends(format_source(decode_program(path, raw)), raw)
    except SglError as error:
        found = sorted(error.diagnostics, key=Diagnostic.sort_key)
        note(paint(render_text(found), sys.stderr).rstrip("\n"))
        return None


def _diff(path: str, raw: bytes, formatted: bytes) -> str:
    before, after = (text.decode("utf-8").splitlines(keepends=True) for text in (raw, formatted))
    lines = difflib.unified_diff(before, after, path, path)
    return "".join(line if line.endswith("\n") else f"{line}\n\\ No newline at end of file\n" for line in lines)


def _summary(args: argparse.Namespace, count: int, changed: int, broken: int) -> None:
    did = "would format" if args.check or args.diff else "formatted"
    parts = [f"{did} {plural(changed, 'file')}", f"{count - changed - broken:,} unchanged"]
    if broken:
        parts.append(f"{broken:,} with errors")
    note(", ".join(parts))
