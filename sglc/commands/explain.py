"""sglc explain: what a program does, as a tree, data or a chart, or the prompt that it would write."""

from __future__ import annotations

import argparse

from sglc.commands.failure import CLEAN, UsageError
from sglc.commands.parsing import add_passes_off
from sglc.commands.program import choose_entry, compile_source
from sglc.commands.terminal import out


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("file", metavar="FILE", help="a program (*.sgl)")
    parser.add_argument("name", nargs="?", metavar="NAME", help="with --prompt: whose (default: the program's entry)")
    parser.add_argument("--format", choices=["text", "json", "mermaid", "dot"], default="text", help="of what is shown")
    parser.add_argument(
        "--prompt", action="store_true", help="show the conversation with its holes; no model is called"
    )
    add_passes_off(parser)


def run(args: argparse.Namespace) -> int:
    if args.name and not args.prompt:
        raise UsageError(f"one argument too many: `{args.name}`", "a NAME belongs to --prompt")
    if args.prompt and args.format != "text":
        raise UsageError("--prompt is text", "leave --format out")
    compiled, loaded = compile_source(args.file, args.passes)
    from sglc.ir import explain

    if args.prompt:
        out(explain.render_prompt(compiled.graph, choose_entry(loaded, args.name).name))
        return CLEAN
    match args.format:
        case "json":
            out(explain.explain_json(compiled.graph, compiled.remarks))
        case "mermaid":
            out(explain.explain_mermaid(compiled.graph))
        case "dot":
            out(explain.explain_dot(compiled.graph))
        case _:
            out(explain.explain_text(compiled.graph, compiled.remarks))
    return CLEAN
