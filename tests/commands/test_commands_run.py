"""sglc run: arguments, results, recordings, batches, sessions and tools, each as a user would call them."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from web_stub import PROGRAM as STOCK
from web_stub import web_stub

Cli = Callable[..., Any]

PROGRAM = """\
enum Mood: good | bad

def mood(text: str "what was said", strict: bool = false) -> Mood "How someone feels.":
    user: "Mood of {text}"
    assistant: gen m: Mood
    return m

def add(a: int, b: int(min=0) = 1, rest: list[int] = []) -> int:
    return a + b + sum(rest)

def picky(n: int) -> int:
    if n > 2:
        fail "too large: {n}"
    return n

def tips(place: str = "Rome", topics: list[str] = ["food", "art"]) -> list[str]:
    user: "Tips for {place}"
    out = fork t in topics:
        assistant: "About {t}: {gen tip: str with stop="\\n", max_tokens=12}"
        yield tip
    return out
"""
SESSION = """\
session chat(lang: str = "English"):
    state turns: int = 0
    system: "Answer in {lang}."
    turn(msg: str) -> str:
        user: msg
        if msg == "bad":
            fail "no such thing"
        assistant: gen reply: str with max_tokens=8
        turns = turns + 1
        return "{turns}: {reply}"
"""
ECHO = ("--engine", "echo", "--quiet")


@pytest.fixture(autouse=True)
def program(tmp_path: Path) -> None:
    (tmp_path / "p.sgl").write_text(PROGRAM)
    (tmp_path / "chat.sgl").write_text(SESSION)
    (tmp_path / "stock.sgl").write_text(STOCK)


# --- results ---------------------------------------------------------------------------------------------------------


def test_one_line_of_json(cli: Cli) -> None:
    result = cli("run", "p.sgl", "--engine", "echo")
    assert (result.code, result.out) == (0, '["[out[0].tip]","[out[1].tip]"]\n')
    assert result.err == "note: dry run: no model is called, values are the shortest that fit\n"


def test_quiet(cli: Cli) -> None:
    assert cli("run", "p.sgl", *ECHO).err == ""


def test_the_embedded_model_runs_when_none_is_given(cli: Cli) -> None:
    result = cli("run", "p.sgl", "mood", "--text", "I am glad")
    assert result.code == 0
    assert json.loads(result.out) in ("good", "bad")
    assert result.err.count("demonstration model") == 1


def test_no_model_is_loaded_for_a_program_that_asks_none(cli: Cli) -> None:
    result = cli("run", "p.sgl", "add", "--a", "2")
    assert (result.code, result.out, result.err) == (0, "3\n", "")


def test_events(cli: Cli) -> None:
    result = cli("run", "p.sgl", "mood", "--text", "x", "--events", "jsonl", *ECHO)
    found = [json.loads(line) for line in result.out.splitlines()]
    assert found[0]["event"] == "start"
    assert [e["value"] for e in found if e["event"] in ("value", "done")] == [found[-1]["value"]] * 2
    result = cli("run", "p.sgl", "picky", "--n", "3", "--events", "jsonl")
    assert result.code == 1
    assert json.loads(result.out.splitlines()[-1])["message"] == "too large: 3"


def test_a_failing_program_shows_its_line(cli: Cli) -> None:
    result = cli("run", "p.sgl", "picky", "--n", "3")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("error[SGL811]: too large: 3\n")
    assert 'fail "too large: {n}"' in result.err


def test_errors_of_the_program_are_findings(cli: Cli) -> None:
    Path("bad.sgl").write_text("def f() -> int:\n    return m\n")
    result = cli("run", "bad.sgl")
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("error[SGL103]: unknown name `m`")


# --- what to run, and with what --------------------------------------------------------------------------------------


def test_arguments(cli: Cli) -> None:
    assert cli("run", "p.sgl", "add", "--a", "2", "--b", "3", "--rest", "4", "--rest", "5").out == "14\n"
    assert cli("run", "p.sgl", "add", "--a=-2", "--rest=[4,5]").out == "8\n"
    assert cli("run", "p.sgl", "add", "--a", "-2").out == "-1\n"
    assert cli("run", "p.sgl", "add", "--json", '{"a": 2}', "--b", "9").out == "11\n"
    Path("args.json").write_text('{"a": 3}')
    assert cli("run", "p.sgl", "add", "--json", "@args.json").out == "4\n"
    assert cli("run", "p.sgl", "add", "--json", "-", stdin='{"a": 4}').out == "5\n"
    assert cli("run", "p.sgl", "mood", "--strict", "--text", "x", *ECHO).code == 0


def test_a_parameter_called_as_an_option_goes_behind_two_dashes(cli: Cli) -> None:
    Path("m.sgl").write_text('def f(model: str, seed: int = 0) -> str:\n    return "{model} {seed}"\n')
    assert cli("run", "m.sgl", "--seed", "7", "--", "--model", "x", "--seed=3").out == '"x 3"\n'
    assert cli("run", "m.sgl", "--", "x").code == 2


@pytest.mark.parametrize(
    ("argv", "message", "hint"),
    [
        (["mod"], "`p.sgl` has no function or session `mod` [SGL804]", "use `mood`; it has `mood(text: str"),
        (["mood"], "`mood` needs a value for `text` [SGL806]", "give `--text VALUE`; the parameters of `mood` are:"),
        (["mood", "--txt", "a"], "`mood` has no parameter `txt` [SGL805]", "use `text`; the parameters of"),
        (["add", "--a", "two"], "`--a`: found `two`, expected int [SGL807]", ""),
        (["add", "--a", "1", "--b", "-1"], "`--b`: found -1, expected int(min=0) [SGL807]", ""),
        (
            ["add", "--json", "[1]"],
            "--json: found [1], expected a JSON object of arguments [SGL808]",
            "write an object",
        ),
        (["add", "--json", "@no.json"], "cannot read `no.json`: no such file or folder [SGL801]", ""),
        (["add", "extra"], "one argument too many: `extra`", "see `sglc run --help`"),
        (["--seed", "x"], "argument --seed: `x` is not a whole number from 0 to 2**63-1", ""),
        (["--timeout", "0"], "argument --timeout: `0` is not a number of seconds above 0", ""),
        (["--env", "x"], "--env: `x` is not understood", "write `--env NAME=VALUE`"),
        (["-O", "inline"], "-O: `inline` is not understood", "write a pass and its state, such as `-O inline=off`"),
        (["-O", "inlin=off"], "-O: ", ""),
        (["--turn", "x"], "--turn: `tips` is not a session", ""),
        (["--resume"], "--resume belongs to --batch", ""),
        (["--record", "a", "--replay", "b"], "--record and --replay exclude each other", ""),
        (["--replay", "none.jsonl"], "cannot read `none.jsonl`: no such file or directory [SGL813]", "record it"),
        (["--model", "nowhere"], "", ""),
        (["--model", "judge=here"], "--model: the program declares no model `judge`", "it declares none"),
        (["--model", "x", "--engine", "echo"], "--engine and --model exclude each other", ""),
        (["--python-path", "none"], "--python-path: `none` is not a folder", ""),
    ],
)
def test_wrong_usage(cli: Cli, argv: list[str], message: str, hint: str) -> None:
    result = cli("run", "p.sgl", *argv)
    assert (result.code, result.out) == (2, "")
    assert result.err.startswith(f"sglc: error: {message}")
    assert hint in result.err


def test_parameters_are_listed_with_types_and_descriptions(cli: Cli) -> None:
    assert cli("run", "p.sgl", "mood").err.endswith(
        "    --text    str           what was said\n    --strict  bool = false\n"
    )


def test_nothing_to_run(cli: Cli) -> None:
    Path("t.sgl").write_text('template t():\n    user: "x"\n')
    result = cli("run", "t.sgl")
    assert (result.code, "`t.sgl` has no function to run [SGL804]" in result.err) == (2, True)


# --- recordings ------------------------------------------------------------------------------------------------------


def test_record_and_replay(cli: Cli) -> None:
    first = cli("run", "p.sgl", "--record", "r.jsonl", *ECHO)
    assert first.code == 0
    assert len(Path("r.jsonl").read_text().splitlines()) == 2
    again = cli("run", "p.sgl", "--replay", "r.jsonl")
    assert (again.code, again.out, again.err) == (0, first.out, "")
    changed = cli("run", "p.sgl", "--replay", "r.jsonl", "--place", "Oslo")
    assert changed.code == 1
    assert "is not the recorded one" in changed.err
    assert "record it again" in changed.err


def test_bad_recordings(cli: Cli) -> None:
    Path("r.jsonl").write_text("{}\n")
    result = cli("run", "p.sgl", "--replay", "r.jsonl")
    assert result.code == 2
    assert "r.jsonl:1 is no recorded reply" in result.err
    assert cli("run", "p.sgl", "--record", "/dev/full", *ECHO).code == 2
    assert cli("run", "p.sgl", "--record", "none/r.jsonl", *ECHO).code == 2


# --- batches ---------------------------------------------------------------------------------------------------------


def test_batch(cli: Cli) -> None:
    rows = ['{"n": 1}', "", '{"n": 9}', '{"n": "x"}', "no json", '{"m": 1}', '{"n": 2}']
    Path("rows.jsonl").write_text("\n".join(rows))
    result = cli("run", "p.sgl", "picky", "--batch", "rows.jsonl", "-o", "out.jsonl")
    assert result.code == 1
    assert result.err == "ran 6 rows, 4 failed\n"
    found = [json.loads(line) for line in Path("out.jsonl").read_text().splitlines()]
    assert [row["row"] for row in found] == [1, 2, 3, 4, 5, 6]
    assert [row.get("value") for row in found] == [1, None, None, None, None, 2]
    assert found[1]["error"] == {"kind": "fail", "message": "too large: 9", "at": "p.sgl:13:9"}
    assert found[2]["error"] == {"kind": "argument", "message": '`n`: found "x", expected int'}
    assert found[3]["error"]["message"].startswith("the row: not JSON")
    assert found[4]["error"]["message"] == "`picky` has no parameter `m`"


def test_batch_goes_on_where_it_stopped(cli: Cli) -> None:
    Path("rows.jsonl").write_text("".join(f'{{"a": {n}}}\n' for n in range(30)))
    command = ("run", "p.sgl", "add", "--batch", "rows.jsonl", "-o", "out.jsonl", "--concurrency", "4")
    assert cli(*command).code == 0
    whole = Path("out.jsonl").read_bytes()
    lines = whole.splitlines(keepends=True)
    Path("out.jsonl").write_bytes(b"".join(lines[:11]) + lines[11][:5])
    result = cli(*command, "--resume")
    assert (result.code, result.err) == (0, "ran 19 rows, 11 were there already\n")
    assert Path("out.jsonl").read_bytes() == whole


def test_batch_from_and_to_the_standard_streams(cli: Cli) -> None:
    result = cli("run", "p.sgl", "add", "--batch", "-", stdin='{"a": 1}\n{"a": 2}\n')
    assert result.out == '{"row":1,"value":2}\n{"row":2,"value":3}\n'


def test_batch_takes_no_other_arguments(cli: Cli) -> None:
    assert cli("run", "p.sgl", "add", "--batch", "rows.jsonl", "--a", "1").code == 2
    assert "cannot read `rows.jsonl`" in cli("run", "p.sgl", "add", "--batch", "rows.jsonl").err


def test_batch_bounds_what_runs_at_once(cli: Cli) -> None:
    with web_stub(delay=0.05) as server:
        Path("rows.jsonl").write_text('{"sku": "a"}\n' * 12)
        env = ("--env", f"STOCK_URL={server.url}", "--allow-private")
        result = cli("run", "stock.sgl", "pieces", "--batch", "rows.jsonl", "--concurrency", "6", *env)
    assert result.out.count('"value":7') == 12


# --- sessions --------------------------------------------------------------------------------------------------------


def test_session_reads_turns_from_stdin(cli: Cli) -> None:
    result = cli("run", "chat.sgl", *ECHO, stdin="hello\n\nagain\n")
    assert [json.loads(line)[:3] for line in result.out.splitlines()] == ["1: ", "2: "]


def test_session_with_turns_given(cli: Cli) -> None:
    result = cli("run", "chat.sgl", "--lang", "German", "--turn", "a", "--turn", "b", *ECHO)
    assert len(result.out.splitlines()) == 2
    result = cli("run", "chat.sgl", "--turn", "a", "--turn", "bad", "--turn", "c", *ECHO)
    assert (result.code, len(result.out.splitlines())) == (1, 1)
    assert "no such thing" in result.err


def test_session_recordings(cli: Cli) -> None:
    turns = ("--turn", "a", "--turn", "b")
    first = cli("run", "chat.sgl", *turns, "--record", "r.jsonl", *ECHO)
    assert cli("run", "chat.sgl", *turns, "--replay", "r.jsonl").out == first.out


# --- tools -----------------------------------------------------------------------------------------------------------


def run_stock(cli: Cli, name: str = "pieces", url: str = "http://127.0.0.1:9", *more: str) -> Any:
    return cli("run", "stock.sgl", name, "--env", f"STOCK_URL={url}", "--allow-private", *more)


def test_a_tool_that_works(cli: Cli) -> None:
    with web_stub() as server:
        assert run_stock(cli, "pieces", server.url).out == "7\n"


def test_a_tool_that_is_down(cli: Cli) -> None:
    result = run_stock(cli)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("error[SGL811]: tool `stock`: ")
    assert "stock.sgl:5:" in result.err
    assert run_stock(cli, "careful").out == '"failed: tool"\n'


def test_a_tool_that_is_slow(cli: Cli) -> None:
    with web_stub(delay=1.5) as server:
        result = run_stock(cli, "pieces", server.url)
    assert result.code == 1
    assert "1 s" in result.err
    with web_stub(delay=1.5) as server:
        result = run_stock(cli, "pieces", server.url, "--timeout", "0.2")
    assert result.code == 1
    assert "error[SGL811]" in result.err
    assert "0.2 s" in result.err or "deadline" in result.err


@pytest.mark.parametrize("body", [b'"many"', b"{}", b"not json", b"", b"\xff\xfe", b"[" * 100_000])
def test_a_tool_that_answers_with_the_wrong_shape(cli: Cli, body: bytes) -> None:
    with web_stub(body) as server:
        result = run_stock(cli, "pieces", server.url)
    assert (result.code, result.out) == (1, "")
    assert result.err.startswith("error[SGL811]: tool `stock`: ")
    assert len(result.err) < 1500


def test_a_tool_that_refuses(cli: Cli) -> None:
    with web_stub(b"{}", status=503) as server:
        result = run_stock(cli, "pieces", server.url)
    assert result.code == 1
    assert "503" in result.err


def test_missing_settings_are_found_before_the_run(cli: Cli) -> None:
    result = cli("run", "stock.sgl", "pieces")
    assert result.code == 2
    assert result.err == (
        "sglc: error: tool `stock`: the environment variable STOCK_URL is not set [SGL812]\n"
        "  hint: set it in the environment, or give it with `--env NAME=VALUE`\n"
    )
    Path("s.sgl").write_text(STOCK.replace("STOCK_URL", "SHOP_URL"))
    assert "add `--example-tools`" in cli("run", "s.sgl", "pieces").err


def test_private_addresses_need_leave(cli: Cli) -> None:
    with web_stub() as server:
        result = cli("run", "stock.sgl", "pieces", "--env", f"STOCK_URL={server.url}")
        assert result.code in (1, 2)
        assert "`--allow-private`" in result.err
        assert not server.asked.is_set()
        result = run_stock(cli, "pieces", server.url, "--allow-host", "other.test")
        assert result.code in (1, 2)
        assert "`--allow-host HOST`" in result.err
        Path("pyproject.toml").write_text(
            '[tool.sglc.tools]\nallow-private = true\nallow-hosts = ["127.0.0.1"]\nenv-file = ".env"\n'
        )
        Path(".env").write_text(f"# shop\nexport STOCK_URL='{server.url}'\n")
        assert cli("run", "stock.sgl", "pieces").out == "7\n"


def test_example_tools(cli: Cli) -> None:
    Path("s.sgl").write_text(STOCK.replace("{env.STOCK_URL}", "{env.SHOP_URL}"))
    assert int(cli("run", "s.sgl", "pieces", "--example-tools").out) >= 0


def test_python_tools(cli: Cli) -> None:
    Path("py.sgl").write_text(
        'tool twice(n: int) -> int:\n    python "helper:twice"\n\ndef f(n: int = 2) -> int:\n    return twice(n)\n'
    )
    Path("helper.py").write_text("def twice(n: int) -> int:\n    return 2 * n\n")
    refused = cli("run", "py.sgl")
    assert refused.code == 2
    assert "`--python-path FOLDER`" in refused.err
    assert cli("run", "py.sgl", "--python-path", ".").out == "4\n"
    Path("pyproject.toml").write_text('[tool.sglc.tools]\npython-path = ["."]\n')
    assert cli("run", "py.sgl", "--n", "4").out == "8\n"


def test_a_tool_that_cannot_be_reached_need_not_work(cli: Cli) -> None:
    Path("two.sgl").write_text(STOCK + "\ndef other() -> int:\n    return 1\n")
    assert cli("run", "two.sgl", "other").out == "1\n"


def test_example_env_is_what_the_server_gives() -> None:
    import asyncio

    from sglc.backend.example_tools import ExampleTools
    from sglc.commands.hints import EXAMPLE_ENV

    async def names() -> set[str]:
        async with ExampleTools() as server:
            return set(server.env)

    assert asyncio.run(names()) == EXAMPLE_ENV
