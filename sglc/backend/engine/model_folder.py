"""A model's folder -> its parsed JSON files, or an EngineError that names the file and says what it should hold."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import msgspec

from sglc.backend.engine.interface import EngineError

LAYOUT = "give a folder in transformers' format: config.json, tokenizer.json and *.safetensors"


def bad_model(message: str, hint: str = LAYOUT) -> EngineError:
    return EngineError("bad_model", message, hint)


def check_folder(folder: Path) -> None:
    """Raises unless `folder` is a directory."""
    if not folder.exists():
        raise bad_model(f"model folder {folder} does not exist")
    if not folder.is_dir():
        raise bad_model(f"{folder} is a file, not a model folder")


def read_json(path: Path, expected: str, required: bool = True) -> dict[str, Any]:
    """The JSON object in `path`; {} if it is missing and not required. `expected` says what the file is for."""
    try:
        raw = path.read_bytes()
    except FileNotFoundError:
        if not required:
            return {}
        raise bad_model(f"{path.parent} has no {path.name} ({expected})") from None
    except OSError as error:
        raise bad_model(f"cannot read {path}: {error.strerror}") from None
    try:
        value = msgspec.json.decode(raw)
    except (msgspec.DecodeError, UnicodeDecodeError) as error:
        raise bad_model(f"{path} is not valid JSON ({expected}): {error}") from None
    if not isinstance(value, dict):
        raise bad_model(f"{path} holds a {type(value).__name__}, expected a JSON object ({expected})")
    return value
