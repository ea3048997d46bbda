"""sglc as a process where something is missing: closed streams, a folder without rights, other encodings, no HOME."""

from __future__ import annotations

import os
import shutil
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

SGLC = (sys.executable, "-m", "sglc")
UGLY = "def double( n: int) -> int:\n    return 2   * n\n"
CHAT = """\
session chat():
    system: "Be brief."
    turn(msg: str) -> str:
        user: msg
        assistant: gen reply: str with max_tokens=8
        return reply
"""
LOCKED = ("setpriv", "--inh-caps=-all", "--bounding-set=-all", "--ambient-caps=-all") if os.geteuid() == 0 else ("env",)
"""Takes from root what lets it read and write everything."""


@pytest.fixture(autouse=True)
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / ".user-cache"))
    (tmp_path / "a.sgl").write_text("def double(n: int = 2) -> int:\n    return 2 * n\n")
    (tmp_path / "ugly.sgl").write_text(UGLY)
    (tmp_path / "chat.sgl").write_text(CHAT)
    return tmp_path


def shell(command: str, **env: str) -> tuple[int, str, str]:
    """Exit code, stdout and stderr of a line of sh, in which `$SGLC` is the command."""
    settings = {**os.environ, "SGLC": " ".join(SGLC), **env}
    done = subprocess.run(["sh", "-c", command], capture_output=True, check=False, env=settings, timeout=60)
    out, err = done.stdout.decode("utf-8", "replace"), done.stderr.decode("utf-8", "replace")
    for text in (out, err):
        assert "Traceback" not in text
        assert "internal error" not in text
    return done.returncode, out, err


# --- streams ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("command", ["lint -", "fmt -", "run chat.sgl --engine echo --quiet"])
def test_closed_stdin_is_an_empty_one(command: str) -> None:
    assert shell(f"$SGLC {command} <&-")[:2] == (0, "")


def test_closed_stdin_has_no_arguments() -> None:
    code, _, err = shell("$SGLC run a.sgl --json - <&-")
    assert (code, "stdin: it is empty" in err) == (2, True)


@pytest.mark.parametrize(("command", "code"), [("lint a.sgl", 0), ("run a.sgl", 0), ("lint none.sgl", 2), ("rule", 2)])
def test_closed_output(command: str, code: int) -> None:
    for closed in (">&-", "2>&-", ">&- 2>&-", "<&- >&- 2>&-"):
        assert shell(f"$SGLC {command} {closed}")[0] == code


def test_an_artifact_does_not_become_a_standard_stream() -> None:
    assert shell("$SGLC compile a.sgl <&- >&- 2>&-")[0] == 0
    assert shell("$SGLC run a.sglx")[1] == "4\n"


def test_help_on_a_full_disk() -> None:
    if not os.path.exists("/dev/full"):
        pytest.skip("needs /dev/full")
    code, _, err = shell("$SGLC run --help > /dev/full")
    assert (code, err) == (2, "sglc: error: cannot write the output: no space left on device\n")


def test_recordings_go_into_pipes() -> None:
    os.mkfifo("pipe")
    code, out, err = shell("cat pipe & $SGLC run chat.sgl --turn hello --engine echo --quiet --record pipe; wait")
    assert (code, err) == (0, "")
    assert '"kind":"gen"' in out
    assert Path("pipe").is_fifo()


def test_interrupted_sessions_keep_their_recording() -> None:
    command = [*SGLC, "run", "chat.sgl", "--engine", "echo", "--record", "r.jsonl"]
    process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdin is not None
    assert process.stdout is not None
    process.stdin.write(b"hello\n")
    process.stdin.flush()
    assert process.stdout.readline()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=20)
    assert (process.returncode, err.splitlines()[-1]) == (130, b"sglc: interrupted")
    assert len(Path("r.jsonl").read_text().splitlines()) == 1


def test_ctrl_c_while_a_model_is_loaded() -> None:
    slow = (
        "import sys, time\n"
        "from sglc.backend.engine import plain_engine\n"
        "def load(self):\n"
        "    print('loading', flush=True)\n"
        "    time.sleep(60)\n"
        "plain_engine.PlainEngine._load = load\n"
        "sys.argv = ['sglc', 'run', 'chat.sgl', '--turn', 'hello']\n"
        "from sglc.__main__ import main\n"
        "sys.exit(main())\n"
    )
    process = subprocess.Popen([sys.executable, "-c", slow], stdout=subprocess.PIPE, stderr=subprocess.PIPE)
    assert process.stdout is not None
    assert process.stdout.readline() == b"loading\n"
    started = time.monotonic()
    process.send_signal(signal.SIGINT)
    _, err = process.communicate(timeout=30)
    assert (process.returncode, err.splitlines()[-1:]) == (130, [b"sglc: interrupted"])
    assert time.monotonic() - started < 10


def test_ctrl_c_while_modules_are_imported() -> None:
    early = (
        "import os, signal, sys\n"
        "class Finder:\n"
        "    def find_spec(self, name, path=None, target=None):\n"
        "        if name == 'sglc.cli':\n"
        "            os.kill(os.getpid(), signal.SIGINT)\n"
        "sys.meta_path.insert(0, Finder())\n"
        "from sglc.__main__ import main\n"
        "sys.exit(main())\n"
    )
    done = subprocess.run([sys.executable, "-c", early], capture_output=True, text=True, check=False, timeout=30)
    assert (done.returncode, done.stdout, done.stderr) == (130, "", "sglc: interrupted\n")


# --- encodings -------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "env",
    [
        {"LC_ALL": "C"},
        {"LC_ALL": "POSIX", "PYTHONUTF8": "0", "PYTHONCOERCECLOCALE": "0"},
        {"PYTHONIOENCODING": "ascii"},
        {"PYTHONIOENCODING": "latin-1"},
    ],
)
def test_poor_terminals(env: dict[str, str]) -> None:
    Path("a.sgl").write_text('def f() -> str:\n    return "na\u00efve \u65e5\u672c"\n', encoding="utf-8")
    for command in ("run a.sgl", "explain a.sgl", "fmt --diff a.sgl", "lint a.sgl"):
        assert shell(f"$SGLC {command}", **env)[0] == 0
    Path("a.sgl").write_text('def f() -> int:\n    return "na\u00efve"\n', encoding="utf-8")
    assert shell("$SGLC lint a.sgl", **env)[0] == 1


def test_turns_that_are_no_text() -> None:
    for env in ({}, {"PYTHONIOENCODING": "utf-8:strict"}):
        code, _, err = shell("printf 'na\\357ve\\n' | $SGLC run chat.sgl --engine echo --quiet", **env)
        assert (code, err.splitlines()[0]) == (2, "sglc: error: stdin: a line is not UTF-8")


def test_file_names_that_are_no_text() -> None:
    name = b"caf\xe9.sgl"
    try:
        with open(name, "w") as file:
            file.write(UGLY)
    except OSError:
        pytest.skip("this disk has no such names")
    for command in (
        "lint .",
        "fmt .",
        "test .",
        "lint caf*",
        "compile caf*",
        "run caf*",
        "explain caf*",
        "lint --format json .",
    ):
        code, out, err = shell(f"$SGLC {command}")
        assert (code, out) == (2, "")
        assert "caf\\xe9.sgl`: its name is not UTF-8 [SGL801]" in err


# --- folders ---------------------------------------------------------------------------------------------------------


def test_without_any_rights() -> None:
    if shutil.which(LOCKED[0]) is None or subprocess.run([*LOCKED, "true"], check=False).returncode:
        pytest.skip("root reads and writes everything")
    Path("secret.sgl").write_text(UGLY)
    Path("rows.jsonl").write_text('{"n": 1}\n')
    Path("secret.sgl").chmod(0o000)
    Path().chmod(0o555)
    locked = " ".join(LOCKED)
    try:
        for command in ("compile", "run", "explain", "lint", "fmt", "test", "lint .", "fmt ."):
            code, _, err = shell(f"{locked} $SGLC {command} {'' if '.' in command else 'secret.sgl'}")
            assert (code, "cannot read `secret.sgl`: permission denied [SGL801]" in err) == (2, True), command
        for command, name in (
            ("compile a.sgl", "a.sglx"),
            ("fmt ugly.sgl", "ugly.sgl"),
            ("init", "main.sgl"),
            ("init new", "new/main.sgl"),
            ("run a.sgl --record r.jsonl", "r.jsonl"),
            ("run a.sgl --batch rows.jsonl -o out.jsonl", "out.jsonl"),
        ):
            code, _, err = shell(f"{locked} $SGLC {command}")
            assert (code, f"cannot write `{name}`: permission denied [SGL802]" in err) == (2, True), command
        assert shell(f"{locked} $SGLC lint a.sgl")[0] == 0  # a cache that cannot be written is no error
        assert shell(f"{locked} $SGLC run a.sgl")[1] == "4\n"
    finally:
        Path().chmod(0o755)
    assert Path("ugly.sgl").read_text() == UGLY


@pytest.mark.parametrize("home", ["unset HOME XDG_CACHE_HOME", "export HOME=/nonexistent XDG_CACHE_HOME=here"])
def test_without_a_home(home: str) -> None:
    assert shell(f"{home}; $SGLC lint a.sgl")[0] == 0
    assert shell(f"{home}; $SGLC run a.sgl")[1] == "4\n"
    assert not Path("here").exists()


def test_in_a_folder_that_is_gone() -> None:
    for command in ("run", "compile", "lint", "explain"):
        code, _, err = shell(f"mkdir gone; cd gone; rmdir ../gone; $SGLC {command} {Path('a.sgl').absolute()}")
        assert (code, err.splitlines()[0]) == (2, "sglc: error: the current folder does not exist any more")
