"""sglc models: the models that need no folder, and what is known of them."""

from __future__ import annotations

import argparse
import json
import math
import struct
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sglc.commands.failure import CLEAN
from sglc.commands.terminal import out

_ABOUT = {
    "sglc-tiny": "the default: a small demonstration model that runs on any machine",
    "echo": "no model: a dry run, every value is the shortest that fits its type",
}


def add_arguments(parser: argparse.ArgumentParser) -> None:
    parser.add_argument("--json", action="store_true", help="as one JSON object")


def run(args: argparse.Namespace) -> int:
    from sglc.backend.engine.load import list_embedded

    names = list_embedded()
    facts = {name: {"about": _ABOUT[name]} | _facts(name) for name in names}
    if args.json:
        out(json.dumps(facts, indent=2))
        return CLEAN
    width = max(map(len, names))
    for name in names:
        out(f"{name:<{width}}  {_ABOUT[name]}")
        for line in _lines(facts[name]):
            out(f"{'':<{width}}  {line}")
    out("\nAny other model is a folder as transformers saves it: sglc run FILE --model FOLDER")
    out('Or once for a project, in pyproject.toml: [tool.sglc] model = "FOLDER"')
    return CLEAN


def _facts(name: str) -> dict[str, Any]:
    from sglc.backend.engine.load import TINY, tiny_folder

    if name != TINY:
        return {}
    folder = tiny_folder()
    config = json.loads((folder / "config.json").read_bytes())
    files = (folder / file for file in ("config.json", "model.safetensors", "tokenizer.json", "tokenizer_config.json"))
    found: dict[str, Any] = {
        "architecture": config["architectures"][0],
        "parameters": _count_parameters(folder / "model.safetensors"),
        "bytes": sum(file.stat().st_size for file in files),
        "vocabulary": config["vocab_size"],
        "context": config["max_position_embeddings"],
        "license": "Apache-2.0",
    }
    evaluation = folder / "evaluation.json"
    if evaluation.exists():
        found["evaluation"] = json.loads(evaluation.read_bytes())
    return found


def _count_parameters(weights: Path) -> int:
    """From the header of a safetensors file: its length in 8 bytes, then JSON with each tensor's shape."""
    with weights.open("rb") as file:
        (length,) = struct.unpack("<Q", file.read(8))
        header = json.loads(file.read(length))
    return sum(math.prod(tensor["shape"]) for name, tensor in header.items() if name != "__metadata__")


def _lines(facts: Mapping[str, Any]) -> list[str]:
    if "parameters" not in facts:
        return []
    lines = [
        f"{facts['architecture']}, {facts['parameters'] / 1e6:.1f} million parameters, {facts['bytes'] / 1e6:.1f} MB, "
        f"{facts['vocabulary']:,} tokens, a context of {facts['context']:,}; license {facts['license']}"
    ]
    if "evaluation" not in facts:
        return lines
    evaluation = facts["evaluation"]
    lines.append(f"right on held-out cases ({evaluation['date']}, {evaluation['cases']} of each task; docs/tiny.md):")
    for kind, shares in evaluation["kinds"].items():
        figures = "   ".join(f"{language} {share:5.1%}" for language, share in shares.items())
        lines.append(f"  {kind:<14}  {figures}")
    return lines
