"""A model's name or folder -> the engine that runs it. Loads torch only when a real model is started."""

from __future__ import annotations

from pathlib import Path

from sglc.backend.engine.interface import Engine, EngineConfig

TINY = "sglc-tiny"
ECHO = "echo"
TINY_NOTE = (
    "sglc-tiny is a small demonstration model, trained for the examples' tasks alone; give a real model with "
    "--model FOLDER, or in pyproject.toml: [tool.sglc] model"
)


def make_engine(config: EngineConfig) -> Engine:
    """The engine for `config.model`: a folder, "sglc-tiny", or "echo" for a dry run. Start it before use."""
    if config.model == ECHO:
        from sglc.backend.engine.echo import EchoEngine

        return EchoEngine()
    from sglc.backend.engine.plain_engine import PlainEngine

    if config.model == TINY:
        return PlainEngine(tiny_folder(), config, [TINY_NOTE])
    return PlainEngine(Path(config.model).expanduser(), config)


def list_embedded() -> tuple[str, ...]:
    """Names of the models that need no folder."""
    return (TINY, ECHO)


def tiny_folder() -> Path:
    """Where sglc-tiny's files are."""
    return Path(__file__).parent / "tiny"
