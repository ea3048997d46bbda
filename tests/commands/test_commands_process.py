"""sglc as a process: terminals, pipes, signals, full disks, and what starting it costs."""

from __future__ import annotations

import json
import os
import pty
import resource
import select
import signal
import subprocess
import sys
import time
from collections.abc import Sequence
from pathlib import Path

import pytest
from web_stub import PROGRAM as STOCK
from web_stub import web_stub

SGLC = (sys.executable, "-m", "sglc")
CLEAN = "def double(n: int) -> int:\n    return 2 * n\n"
TIPS = """\
def tips(place: str = "Rome", topics: list[str] = ["food", "art"]) -> list[str]:
    user: "Tips for {place}"
    out = fork t in topics:
        assistant: "About {t}: {gen tip: str with stop="\\n", max_tokens=12}"
        yield tip
    return out
"""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".user-cache"))
    monkeypatch.delenv("NO_COLOR", raising=False)
    (tmp_path / "a.sgl").write_text(CLEAN)
    (tmp_path / "tips.sgl").write_text(TIPS)
    (tmp_path / "stock.sgl").write_text(STOCK)
    return tmp_path


def run(*argv: str, **more: object) -> subprocess.CompletedProcess[str]:
    done = subprocess.run([*SGLC, *argv], capture_output=True, text=True, check=False, timeout=60, **more)  # type: ignore[call-overload]
    assert "Traceback" not in done.stderr
    return done  # type: ignore[no-any-return]


def run_on_terminal(argv: Sequence[str], typed: bytes = b"", env: dict[str, str] | None = None) -> tuple[int, str]:
    """Exit code and all that a terminal of 80x24 shows."""
    master, slave = pty.openpty()
    settings = {**os.environ, "TERM": "xterm", "COLUMNS": "80", "LINES": "24", **(env or {})}
    process = subprocess.Popen([*SGLC, *argv], stdin=slave, stdout=slave, stderr=slave, env=settings)
    os.close(slave)
    if typed:
        os.write(master, typed)
    shown = b""
    while True:
        ready, _, _ = select.select([master], [], [], 30)
        assert ready, shown
        try:
            piece = os.read(master, 65536)
        except OSError:
            break
        if not piece:
            break
        shown += piece
    os.close(master)
    return process.wait(10), shown.decode("utf-8", "replace")


# --- terminals -------------------------------------------------------------------------------------------------------


def test_live_view_and_pretty_result_on_a_terminal() -> None:
    code, shown = run_on_terminal(["run", "tips.sgl", "--engine", "echo"])
    assert code == 0
    assert "\x1b[" in shown
    assert "[1].tip" in shown
    assert shown.rstrip().endswith('[\r\n  "[out[0].tip]",\r\n  "[out[1].tip]"\r\n]')


def test_no_colours_on_a_terminal_that_wants_none() -> None:
    _, shown = run_on_terminal(["lint", "a.sgl", "none.sgl"], env={"NO_COLOR": "1"})
    assert "\x1b[" not in shown
    _, shown = run_on_terminal(["lint", "a.sgl", "none.sgl"])
    assert "\x1b[1;31merror" in shown


def test_a_session_on_a_terminal() -> None:
    Path("chat.sgl").write_text(
        'session chat():\n    user: "hi"\n    turn(msg: str) -> str:\n        if msg == "bad":\n'
        '            fail "no such thing"\n        return "you said {msg}"\n'
    )
    code, shown = run_on_terminal(["run", "chat.sgl", "--quiet"], b"hello\nbad\nagain\n\x04")
    assert code == 0
    assert '"you said hello"' in shown
    assert "no such thing" in shown
    assert '"you said again"' in shown


# --- Ctrl-C ----------------------------------------------------------------------------------------------------------


def interrupt(process: subprocess.Popen[str]) -> tuple[float, str]:
    """Seconds until the process is over, and its stderr."""
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    return time.monotonic() - started, err


def start(*argv: str) -> subprocess.Popen[str]:
    return subprocess.Popen([*SGLC, *argv], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)


def test_ctrl_c_while_a_tool_works() -> None:
    with web_stub(delay=30) as server:
        env = ("--env", f"STOCK_URL={server.url}", "--allow-private")
        process = start("run", "stock.sgl", "careful", *env, "--timeout", "60")
        assert server.asked.wait(20)
        seconds, err = interrupt(process)
    assert (process.returncode, err) == (130, "sglc: interrupted\n")
    assert seconds < 5


def test_ctrl_c_while_a_model_answers() -> None:
    script = (
        "import sys\n"
        "from sglc.backend.engine import echo, load\n"
        "slow = echo.EchoEngine(lambda *_: 'word ' * 50, delay=0.5)\n"
        "load.make_engine = lambda config: slow\n"
        "from sglc.cli import main\n"
        "sys.exit(main(['run', 'tips.sgl', '--events', 'jsonl']))\n"
    )
    process = subprocess.Popen(
        [sys.executable, "-c", script], stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True
    )
    assert process.stdout is not None
    for line in process.stdout:
        if '"text"' in line:
            break
    seconds, err = interrupt(process)
    assert (process.returncode, err.splitlines()[-1]) == (130, "sglc: interrupted")
    assert "Traceback" not in err
    assert seconds < 5


def test_ctrl_c_in_a_batch_leaves_whole_rows() -> None:
    with web_stub(delay=0.3) as server:
        Path("rows.jsonl").write_text('{"sku": "a"}\n' * 200)
        env = ("--env", f"STOCK_URL={server.url}", "--allow-private")
        process = start("run", "stock.sgl", "pieces", "--batch", "rows.jsonl", "-o", "out.jsonl", *env)
        assert server.asked.wait(20)
        time.sleep(0.8)
        _, err = interrupt(process)
    assert (process.returncode, err.splitlines()[-1]) == (130, "sglc: interrupted")
    lines = Path("out.jsonl").read_text().splitlines(keepends=True)
    assert [json.loads(line)["row"] for line in lines] == list(range(1, len(lines) + 1))
    assert all(line.endswith("\n") for line in lines)


def test_ctrl_c_while_linting_with_processes() -> None:
    for number in range(300):
        Path(f"{number}.sgl").write_text(CLEAN * 20)
    process = start("lint", "--no-cache", "--jobs", "2")
    time.sleep(1.0)
    _, err = interrupt(process)
    assert process.returncode in (130, 1)
    assert "Traceback" not in err


# --- pipes and disks -------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("argv", [("lint", "bad.sgl"), ("run", "tips.sgl", "--engine", "echo"), ("--help",)])
def test_a_reader_that_goes_away(argv: tuple[str, ...]) -> None:
    Path("bad.sgl").write_text("def f() -> int:\n    return m\n")
    reader, writer = os.pipe()
    os.close(reader)
    done = subprocess.run([*SGLC, *argv], stdout=writer, stderr=subprocess.PIPE, text=True, check=False)
    os.close(writer)
    assert done.returncode == 141
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
@pytest.mark.parametrize(
    "argv",
    [
        ("run", "tips.sgl", "--engine", "echo"),
        ("lint", "bad.sgl"),
        ("models",),
        ("fmt", "--diff", "ugly.sgl"),
        ("rule", "--all"),
    ],
)
def test_a_full_disk_behind_standard_output(argv: tuple[str, ...]) -> None:
    Path("bad.sgl").write_text("def f() -> int:\n    return m\n")
    Path("ugly.sgl").write_text("def f( ) -> int:\n    return   1\n")
    with open("/dev/full", "w") as full:
        done = subprocess.run([*SGLC, *argv], stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr.splitlines()[-1] == "sglc: error: cannot write the output: no space left on device"
    assert "Traceback" not in done.stderr
    assert "Exception" not in done.stderr


@pytest.mark.skipif(not os.path.exists("/dev/full"), reason="needs /dev/full")
def test_a_full_disk_behind_an_output_file() -> None:
    for argv in (["compile", "a.sgl", "-o", "/dev/full"], ["run", "a.sgl", "--batch", "rows.jsonl", "-o", "/dev/full"]):
        Path("rows.jsonl").write_text('{"n": 1}\n')
        done = run(*argv)
        assert done.returncode == 2
        assert done.stderr.startswith("sglc: error: cannot write `/dev/full`: no space left on device [SGL802]")
    assert os.stat("/dev/full").st_rdev


def test_a_file_that_grows_too_large_leaves_the_old_one() -> None:
    def tiny_files() -> None:
        resource.setrlimit(resource.RLIMIT_FSIZE, (64, 64))

    Path("out.sglx").write_bytes(b"old")
    ugly = "def double( n: int) -> int:\n    return 2   * n\n" * 1 + "# " + "x" * 100 + "\n"
    Path("ugly.sgl").write_text(ugly)
    for argv in (["compile", "tips.sgl", "-o", "out.sglx"], ["fmt", "ugly.sgl"], ["lint", "a.sgl"]):
        done = run(*argv, preexec_fn=tiny_files)
        if argv[0] == "lint":
            assert done.returncode == 0  # a cache that cannot be written is no error
        else:
            assert done.returncode == 2, done.stderr
            assert "file too large [SGL802]" in done.stderr
    assert Path("out.sglx").read_bytes() == b"old"
    assert Path("ugly.sgl").read_text() == ugly
    assert not [path for path in Path().iterdir() if path.suffix in (".tmp", ".partial")]


def test_a_bug_of_ours_is_one_line() -> None:
    code = "import sys, sglc.commands.models as m; m.run = lambda a: 1 / 0; from sglc.cli import main; sys.exit(main(['models']))"
    for debug, traces in (("", False), ("1", True)):
        done = subprocess.run(
            [sys.executable, "-c", code],
            capture_output=True,
            text=True,
            check=False,
            env={**os.environ, "SGLC_DEBUG": debug},
        )
        assert done.returncode == 2
        first = "sglc: internal error: ZeroDivisionError: division by zero; please report it"
        assert done.stderr.startswith(first)
        assert ("Traceback" in done.stderr) == traces


# --- what starting costs ---------------------------------------------------------------------------------------------


def test_lint_imports_nothing_heavy() -> None:
    code = "from sglc.cli import main; main(['lint', '--no-cache', 'stock.sgl']); import sys; print('|', *sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    loaded = set(done.stdout.split("|")[-1].split())
    assert "sglc.frontend.check" in loaded
    assert not {"torch", "transformers", "triton", "aiohttp", "networkx", "numpy", "rich", "asyncio"} & loaded


def test_the_installed_script_and_the_module_are_the_same() -> None:
    script = Path(sys.executable).with_name("sglc")
    if not script.exists():
        pytest.skip("not installed as a script")
    done = subprocess.run([str(script), "--version"], capture_output=True, text=True, check=True)
    assert done.stdout == run("--version").stdout
