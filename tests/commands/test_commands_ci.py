"""The pre-commit hooks and the GitHub Action, as far as a machine without network can run them."""

from __future__ import annotations

import os
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from sglc.cli import COMMANDS
from sglc.commands import init

ROOT = Path(__file__).parents[2]
Cli = Callable[..., Any]


def load(text: str) -> Any:
    """YAML as GitHub reads it: `on` is a key, not a truth value."""
    return yaml.load(text, Loader=yaml.BaseLoader)


def blocks(path: str) -> list[Any]:
    return [load(text) for text in re.findall(r"```yaml\n(.*?)```", (ROOT / path).read_text(), re.DOTALL)]


def test_hooks_name_commands_that_exist() -> None:
    hooks = load((ROOT / ".pre-commit-hooks.yaml").read_text())
    assert [hook["id"] for hook in hooks] == ["sglc-lint", "sglc-fmt"]
    commands = {name for name, _, _ in COMMANDS}
    for hook in hooks:
        program, command = hook["entry"].split()
        assert program == "sglc"
        assert command in commands
        assert re.search(hook["files"], "a/trip.sgl")
        assert not re.search(hook["files"], "a/trip.sglx")
        assert {"id", "name", "entry", "language"} <= hook.keys()


def test_a_hook_gets_files_as_arguments(cli: Cli) -> None:
    Path("a.sgl").write_text("def f() -> int:\n    return x\n")
    Path("b.sgl").write_text("def f() -> int:\n    return 1\n")
    assert cli("lint", "a.sgl", "b.sgl").code == 1
    assert cli("lint", "b.sgl").code == 0


@pytest.fixture
def action() -> Any:
    return load((ROOT / "action.yml").read_text())


def test_action_is_composite(action: Any) -> None:
    assert action["runs"]["using"] == "composite"
    inputs = set(action["inputs"])
    for step in action["runs"]["steps"]:
        assert "uses" in step or (step["shell"] == "bash" and step["run"])
        for name in re.findall(r"inputs\.([\w-]+)", str(step)):
            assert name in inputs
        # An input in a script would be a way to run anything; it goes through the environment.
        assert "${{" not in step.get("run", "")


def run_step(step: Any, folder: Path, paths: str) -> tuple[int, list[str]]:
    """A step's script with stand-ins for `sglc` and `python` that note how they are called."""
    log = folder / "log"
    log.unlink(missing_ok=True)
    for name in ("sglc", "python"):
        stub = folder / "bin" / name
        stub.parent.mkdir(exist_ok=True)
        stub.write_text(f'#!/bin/sh\nfor word in {name} "$@"; do printf "%s|" "$word"; done >> "{log}"\nexit 1\n')
        stub.chmod(0o755)
    env = {
        "PATH": f"{folder}/bin:{os.environ['PATH']}",
        "GITHUB_ACTION_PATH": "/action",
        "SGLC_PATHS": paths,
        "SGLC_SARIF": str(folder / "out.sarif"),
    }
    # GitHub runs `shell: bash` steps like this.
    command = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", step["run"]]
    done = subprocess.run(command, env=env, cwd=folder, check=False)
    return done.returncode, log.read_text().strip("|").split("|")


def test_action_scripts(action: Any, tmp_path: Path) -> None:
    (tmp_path / "a.sgl").touch()
    scripts = {step["name"]: step for step in action["runs"]["steps"] if "run" in step}
    calls = {name: run_step(step, tmp_path, "one two/*.sgl $(touch bad)") for name, step in scripts.items()}
    paths = ["one", "two/*.sgl", "$(touch", "bad)"]
    assert calls == {
        "Install sglc": (1, ["python", "-m", "pip", "install", "--quiet", "/action"]),
        "Write SARIF": (1, ["sglc", "lint", "--exit-zero", "--format", "sarif", *paths]),
        "Lint": (1, ["sglc", "lint", "--format", "github", *paths]),
        "Check the format": (1, ["sglc", "fmt", "--check", *paths]),
        "Test": (1, ["sglc", "test", *paths]),
    }
    assert not (tmp_path / "bad").exists()


def test_sample_workflows(action: Any) -> None:
    workflows = [block for block in blocks("docs/ci.md") if "jobs" in block] + [load(init.WORKFLOW)]
    assert len(workflows) == 3
    for workflow in workflows:
        assert workflow["on"]
        (job,) = workflow["jobs"].values()
        for step in job["steps"]:
            assert "uses" in step or "run" in step
            if "/sglc@" in step.get("uses", ""):
                assert set(step["with"]) <= set(action["inputs"])


def test_sample_pre_commit_settings() -> None:
    (sample,) = [block for block in blocks("docs/ci.md") if "repos" in block]
    known = {hook["id"] for hook in load((ROOT / ".pre-commit-hooks.yaml").read_text())}
    assert {hook["id"] for hook in sample["repos"][0]["hooks"]} <= known
    hooks = load(init.PRE_COMMIT)["repos"][0]["hooks"]
    assert {hook["entry"] for hook in hooks} == {"sglc lint", "sglc fmt"}


def test_annotations_have_githubs_form(cli: Cli) -> None:
    Path("a,b.sgl").write_text('def f() -> int:\n    return "100%\\n" + x\n')
    form = re.compile(r"::(error|warning) (\w+=[^,:]*)(,\w+=[^,:]*)*::[^\r\n]+")
    lines = cli("lint", "--format", "github").out.splitlines()
    assert lines
    assert all(form.fullmatch(line) for line in lines)
    assert lines[0].startswith("::error file=a%2Cb.sgl,line=2,")
