"""The architecture as a test: who may import whom, what loads nothing heavy, how long a file may be."""

from __future__ import annotations

import ast
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
MAX_LINES = 400

# A module may import from the prefixes listed for the longest prefix of its own name that stands here, and from itself.
COMPILE = ("sglc.source", "sglc.diagnostics", "sglc.ir")
ALLOWED: dict[str, tuple[str, ...]] = {
    "sglc.source": (),
    "sglc.diagnostics": ("sglc.source",),
    "sglc.kernels": (),
    "sglc.ir": ("sglc.source", "sglc.diagnostics"),
    "sglc.frontend": COMPILE,
    "sglc.passes": COMPILE,
    "sglc.backend": ("sglc.source", "sglc.diagnostics", "sglc.ir", "sglc.passes.constraints"),
    "sglc.backend.engine": ("sglc.source", "sglc.diagnostics", "sglc.ir", "sglc.passes.constraints", "sglc.kernels"),
    # What made sglc-tiny runs the whole product, and no part of the product runs it.
    "sglc.backend.engine.tiny": ("sglc",),
    "sglc.pipeline": ("sglc",),
    "sglc.catalog": ("sglc",),
    "sglc.commands": ("sglc",),
    "sglc.cli": ("sglc",),
    "sglc.__main__": ("sglc",),
    "sglc": ("sglc",),
}
# The run side never sees the graph, the front end or a parser; only the planner stands on both sides.
RUN_SIDE_FORBIDDEN = ("sglc.frontend", "sglc.ir.graph", "sglc.ir.ops", "sglc.ir.text", "networkx", "lark")
PLANNER = ("sglc.backend.planner", "sglc.backend.plan_steps", "sglc.backend.plan_order", "sglc.backend.plan_follow")


def modules() -> list[tuple[str, Path]]:
    paths = sorted((ROOT / "sglc").rglob("*.py"))
    return [(".".join(p.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"), p) for p in paths]


def imports(path: Path) -> set[str]:
    """Modules that a file imports, at the top or inside functions."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Import):
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module is not None:
            found |= {node.module, *(f"{node.module}.{alias.name}" for alias in node.names)}
    return found


def under(name: str, prefix: str) -> bool:
    return name == prefix or name.startswith(prefix + ".")


@pytest.mark.parametrize(("name", "path"), modules(), ids=lambda value: value if isinstance(value, str) else "")
def test_imports_follow_the_table(name: str, path: Path) -> None:
    home = max((prefix for prefix in ALLOWED if under(name, prefix)), key=len)
    ours = {i for i in imports(path) if under(i, "sglc")}
    allowed = (*ALLOWED[home], home)
    wrong = {i for i in ours if not any(under(i, prefix) for prefix in allowed)} - {"sglc", "sglc.__version__"}
    if home == "sglc.backend.engine" and ALLOWED[home]:
        wrong |= {i for i in ours if under(i, "sglc.backend") and not under(i, "sglc.backend.engine")}
    assert not wrong, f"{name} ({home}) must not import {sorted(wrong)}"


@pytest.mark.parametrize(("name", "path"), [m for m in modules() if under(m[0], "sglc.backend")], ids=lambda v: str(v))
def test_the_run_side_never_sees_the_graph(name: str, path: Path) -> None:
    if name in PLANNER or under(name, "sglc.backend.engine.tiny"):
        return
    wrong = {i for i in imports(path) if any(under(i, prefix) for prefix in RUN_SIDE_FORBIDDEN)}
    assert not wrong, f"{name} must not import {sorted(wrong)}"


def test_files_are_short() -> None:
    lengths = {str(p.relative_to(ROOT)): len(p.read_text("utf-8").splitlines()) for _, p in modules()}
    assert not {path: length for path, length in lengths.items() if length > MAX_LINES}


def loaded_by(code: str) -> set[str]:
    """Modules that are loaded after running code in a fresh interpreter."""
    script = f"{code}\nimport sys\nprint()\nprint(*sys.modules)"
    done = subprocess.run([sys.executable, "-c", script], capture_output=True, text=True, cwd=ROOT, check=False)
    assert done.returncode == 0, done.stderr
    return set(done.stdout.splitlines()[-1].split())


def test_lint_loads_nothing_heavy() -> None:
    loaded = loaded_by("from sglc.cli import main; main(['lint', '--no-cache', 'examples/trip.sgl'])")
    assert not {"torch", "triton", "transformers", "aiohttp", "networkx"} & loaded


def test_compiling_loads_no_engine() -> None:
    loaded = loaded_by("from sglc.pipeline import compile_program; compile_program('examples/trip.sgl')")
    assert not {"torch", "triton", "transformers", "aiohttp"} & loaded


def test_running_an_artifact_loads_no_compiler() -> None:
    loaded = loaded_by("import sglc.backend.runtime, sglc.backend.artifact, sglc.backend.engine.echo")
    assert not {"lark", "networkx", "sglc.frontend", "sglc.ir.graph", "torch", "transformers"} & loaded
