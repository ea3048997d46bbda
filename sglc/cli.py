"""The command line: finds the command, runs it, and turns whatever goes wrong into one message and an exit code."""

from __future__ import annotations

import contextlib
import importlib
import os
import sys
from collections.abc import Sequence
from typing import IO

import sglc
from sglc.commands.failure import CLEAN, FINDINGS, INTERRUPTED, USAGE, RunFailure, UsageError
from sglc.commands.parsing import Parser
from sglc.commands.terminal import colour, paint, printable
from sglc.diagnostics import Diagnostic, SglError, nearest, render_text

BROKEN_PIPE = 141
"""Exit code when the reader of our output went away, as if its signal had ended us."""

COMMANDS: tuple[tuple[str, str, str], ...] = (
    ("run", "run", "run a program, or a compiled one"),
    ("compile", "compile_", "compile a program to a .sglx file, or print a stage"),
    ("explain", "explain", "show what a program does, without running it"),
    ("lint", "lint", "find mistakes and doubtful places"),
    ("fmt", "fmt", "format programs"),
    ("test", "test", "run the test blocks of programs"),
    ("rule", "rule", "explain a code such as SGL302"),
    ("init", "init", "make a new project"),
    ("models", "models", "list the embedded models"),
)
"""Each command's name, module and summary; the module has `add_arguments(parser)` and `run(args) -> exit code`."""


def main(argv: Sequence[str] | None = None) -> int:
    """Run a command; never raises, never shows a traceback unless SGLC_DEBUG is set."""
    _forgiving(sys.stdout)
    _forgiving(sys.stderr)
    try:
        code = _dispatch(list(sys.argv[1:] if argv is None else argv))
        sys.stdout.flush()
        return code
    except KeyboardInterrupt:
        _say("sglc: interrupted")
        return INTERRUPTED
    except BrokenPipeError:
        _silence(sys.stdout)
        return BROKEN_PIPE
    except UsageError as error:
        _say_error(error.message, error.hint)
        return USAGE
    except SglError as error:
        return _say_diagnostics(error.diagnostics)
    except RunFailure as error:
        _say(error.text.rstrip("\n"))
        return FINDINGS
    except OSError as error:
        _silence(sys.stdout)
        _say_error(*_explain(error))
        _debug()
        return USAGE
    except Exception as error:
        _silence(sys.stdout)
        _say(f"sglc: internal error: {_one_line(error)}; please report it (SGLC_DEBUG=1 shows where it happened)")
        _debug()
        return USAGE


def _dispatch(argv: list[str]) -> int:
    if not argv or argv[0] in ("-h", "--help", "help"):
        sys.stdout.write(_help())
        return CLEAN if argv else USAGE
    if argv[0] in ("-V", "--version", "version"):
        sys.stdout.write(f"sglc {sglc.__version__}\n")
        return CLEAN
    found = next((command for command in COMMANDS if command[0] == argv[0]), None)
    if found is None:
        raise _unknown_command(argv[0])
    name, module_name, summary = found
    module = importlib.import_module(f"sglc.commands.{module_name}")
    parser = Parser(f"sglc {name}", summary)
    module.add_arguments(parser)
    try:
        args = parser.parse(argv[1:])
    except SystemExit as stop:  # argparse printed its help
        return int(stop.code or 0)
    code: int = module.run(args)
    return code


def _unknown_command(word: str) -> UsageError:
    names = [name for name, _, _ in COMMANDS]
    if word.endswith((".sgl", ".sglx")):
        return UsageError(f"`{word}` is not a command", f"write `sglc run {word}`")
    near = nearest(word, names)
    what = "option" if word.startswith("-") else "command"
    hint = f"use `sglc {near}`" if near else f"the commands are {', '.join(names)}"
    return UsageError(f"unknown {what} `{word}`", hint)


def _help() -> str:
    width = max(len(name) for name, _, _ in COMMANDS)
    rows = "".join(f"  {name:<{width}}  {summary}\n" for name, _, summary in COMMANDS)
    more = "Try `sglc COMMAND --help`. Exit codes: 0 clean, 1 findings or a failed run, 2 wrong usage."
    return f"sglc compiles and runs programs that use a language model.\n\nusage: sglc COMMAND ...\n\n{rows}\n{more}\n"


# --- what goes wrong -------------------------------------------------------------------------------------------------


def _explain(error: OSError) -> tuple[str, str]:
    """Files are opened and written in one place, which names them; what is left is our own output, or no place at all."""
    try:
        os.getcwd()
    except OSError:
        return "the current folder does not exist any more", "go to another one"
    what = f"cannot use `{error.filename}`" if error.filename else "cannot write the output"
    return f"{what}: {(error.strerror or str(error)).lower()}", ""


def _say_diagnostics(diagnostics: Sequence[Diagnostic]) -> int:
    """Findings in a program are its author's (1), all others are mistakes in using sglc (2)."""
    placed = [d for d in diagnostics if d.source is not None]
    if placed:
        _say(paint(render_text(placed), sys.stderr).rstrip("\n"))
    for diagnostic in diagnostics:
        if diagnostic.source is None:
            _say_error(f"{diagnostic.message} [{diagnostic.code}]", diagnostic.hint_text)
    return FINDINGS if placed else USAGE


def _say_error(message: str, hint: str) -> None:
    head = colour("error", "red", sys.stderr)
    _say(f"sglc: {head}: {_shown(message)}" + (f"\n  hint: {_shown(hint)}" if hint else ""))


def _shown(message: str) -> str:
    return "\n".join(map(printable, message.split("\n")))


def _say(text: str) -> None:
    with contextlib.suppress(OSError, ValueError, AttributeError):
        sys.stdout.flush()
    with contextlib.suppress(OSError, ValueError):
        print(text, file=sys.stderr, flush=True)


def _one_line(error: Exception) -> str:
    return printable(" ".join(f"{type(error).__name__}: {error}".split()))[:300].removesuffix(":")


def _debug() -> None:
    if os.environ.get("SGLC_DEBUG") == "1":
        import traceback

        traceback.print_exc()


def _forgiving(stream: IO[str] | None) -> None:
    """Characters that a terminal's encoding lacks are written as escapes."""
    with contextlib.suppress(AttributeError, OSError, ValueError):
        stream.reconfigure(errors="backslashreplace")  # type: ignore[union-attr]


def _silence(stream: IO[str]) -> None:
    """What is still in the buffer cannot be written; Python would complain about it once more at its exit."""
    with contextlib.suppress(OSError, ValueError, AttributeError):
        nothing = os.open(os.devnull, os.O_WRONLY)
        os.dup2(nothing, stream.fileno())
        os.close(nothing)


if __name__ == "__main__":
    sys.exit(main())
