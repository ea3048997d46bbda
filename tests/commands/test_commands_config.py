"""[tool.sglc]: what is read, whom it covers, and what is refused."""

from __future__ import annotations

from pathlib import Path

import pytest

from sglc.backend.engine.load import list_embedded
from sglc.commands.config import EMBEDDED, Config, config_for, project_root, read_config
from sglc.diagnostics import SglError


def read(tmp_path: Path, text: str) -> Config | None:
    file = tmp_path / "pyproject.toml"
    file.write_text(text)
    return read_config(file)


def refusal(tmp_path: Path, text: str) -> tuple[str, str]:
    with pytest.raises(SglError) as caught:
        read(tmp_path, text)
    (diagnostic,) = caught.value.diagnostics
    assert diagnostic.code == "SGL815"
    return diagnostic.message, diagnostic.hint_text


def test_all_settings(tmp_path: Path) -> None:
    config = read(
        tmp_path,
        """
        [tool.sglc]
        select = ["SGL3", "SGL201"]
        ignore = ["SGL302"]
        exclude = ["vendor"]
        model = "models/small"
        [tool.sglc.per-file-ignores]
        "examples/*" = ["ALL"]
        [tool.sglc.tools]
        allow-hosts = ["api.test"]
        allow-private = true
        python-modules = ["shop"]
        python-path = ["tools"]
        env-file = ".env"
        """,
    )
    assert config is not None
    assert config.model == str(tmp_path / "models/small")
    assert config.tools.allow_hosts == ("api.test",)
    assert config.tools.allow_private
    assert config.tools.python_modules == ("shop",)
    assert config.tools.python_path == (str(tmp_path / "tools"),)
    assert config.tools.env_file == str(tmp_path / ".env")
    assert config.excludes(str(tmp_path / "a/vendor/x.sgl"))
    assert config.reports("SGL201", str(tmp_path / "a.sgl"))
    assert not config.reports("SGL201", str(tmp_path / "examples/a.sgl"))
    assert not config.reports("SGL302", str(tmp_path / "a.sgl"))
    assert not config.reports("SGL401", str(tmp_path / "a.sgl"))


def test_longest_prefix_decides() -> None:
    config = Config(root="/", select=("SGL302", "SGL4"), ignore=("SGL3", "SGL401"))
    assert [config.reports(code, "/a.sgl") for code in ("SGL302", "SGL301", "SGL401", "SGL402")] == [
        True, False, False, True,
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message", "hint"),
    [
        ("[tool.sglc]\nselct = []", "unknown key `selct` in [tool.sglc]", "write `select`"),
        ("[tool.sglc.tools]\nallow-host = []", "unknown key `allow-host` in [tool.sglc.tools]", "write `allow-hosts`"),
        ("[tool.sglc]\nselect = 'SGL3'", '`tool.sglc.select` is "SGL3", expected a list of strings', ""),
        ("[tool.sglc]\nignore = ['E501']", "`E501` in `tool.sglc.ignore` is not a code", "write a code such as"),
        ("[tool.sglc.tools]\nallow-private = 1", "`tool.sglc.tools.allow-private` is 1, expected true or false", ""),
        ("[tool.sglc]\nmodel = 2020-01-01", '`tool.sglc.model` is "2020-01-01", expected a string', ""),
        ("[tool]\nsglc = 3", "`tool.sglc` is 3, expected a table", ""),
        ("[tool.sglc\n", "not valid TOML", ""),
    ],
)
def test_refusals(tmp_path: Path, text: str, message: str, hint: str) -> None:
    found, help_ = refusal(tmp_path, text)
    assert message in found
    assert help_.startswith(hint)


def test_no_settings_of_ours(tmp_path: Path) -> None:
    assert read(tmp_path, "[tool.ruff]\nline-length = 1") is None
    assert read_config(tmp_path / "none" / "pyproject.toml") is None


def test_nearest_file_with_settings_counts(tmp_path: Path) -> None:
    (tmp_path / "pyproject.toml").write_text('[tool.sglc]\nignore = ["SGL1"]')
    inner = tmp_path / "a" / "b"
    inner.mkdir(parents=True)
    (tmp_path / "a" / "pyproject.toml").write_text("[project]\nname = 'other'")
    assert config_for(str(inner / "x.sgl")).ignore == ("SGL1",)
    assert project_root(str(inner)) == str(tmp_path / "a")


def test_embedded_names_are_those_of_the_loader() -> None:
    assert list_embedded() == EMBEDDED
