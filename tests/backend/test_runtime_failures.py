"""Failures: the place they carry, where they are caught, and `ensure` with its retries."""

from __future__ import annotations

import asyncio

import pytest
from builders import ENSURE, Bench, down

from sglc.backend.engine.interface import EngineError, GenRequest

ASK = """
func @ask(%q: str) -> str {
  %c0 = context
  %c1 = append %c0, role user ["Q: ", %q]
  %c2 = append %c1, role assistant []
  %c3, %a = gen %c2 : str { max_tokens = 8 }
  return %a
}
"""


# --- failures --------------------------------------------------------------------------------------------------------


def test_errors_carry_their_place() -> None:
    bench = Bench(
        """
        func @f(%xs: list[str]) -> list[str] {
          %out = map %x in %xs as out {
            %c0 = context
            %c1, %a = gen %c0 : str
            %n: int = apply int(%x) at "trip.sgl":7:3
            yield %a
          }
          return %out
        }
        """
    )
    error = bench.failure("f", ["1", "x"])
    assert str(error).startswith("trip.sgl:7:3: `int`:")
    assert error.path == "out[1]"


TRY = """
func @f(%what: str) -> str {
  %r: str = try {
    %a: str = tool @look(%what)
    yield %a
  } except %err {
    %kind: str = attr kind of %err
    %message: str = attr message of %err
    %b = format [%kind, ": ", %message]
    yield %b
  }
  return %r
}
"""


def test_try_catches_what_a_program_can_answer_for() -> None:
    assert Bench(TRY).run("f", "x") == "look x"
    assert Bench(TRY, look=lambda what: down()).run("f", "x") == "tool: tool `look`: it is down"


@pytest.mark.parametrize("kind", ["lost", "bad_model", "deadline"])
def test_try_does_not_catch_a_lost_engine_or_the_deadline(kind: str) -> None:
    source = """
        func @f() -> str {
          %r: str = try {
            %c0 = context
            %c1, %a = gen %c0 : str
            yield %a
          } except %err {
            %b: str = const "caught"
            yield %b
          }
          return %r
        }
        """
    bench = Bench(source, [EngineError(kind, "gone")])
    assert bench.failure("f").kind == ("deadline" if kind == "deadline" else "engine")
    assert Bench(source, [EngineError("context_full", "full")]).run("f") == "caught"


def test_the_handler_starts_from_what_was_before() -> None:
    bench = Bench(
        """
        func @f() -> str {
          %c0 = context
          %c1 = append %c0, ["start "]
          %c5: ctx = try {
            %c2 = append %c1, ["more "]
            %c3, %a = gen %c2 : str
            %x: str = tool @look(%a)
            yield %c3
          } except %err {
            %c4 = append %c1, ["instead "]
            yield %c4
          }
          %c6, %end = gen %c5 : str
          return %end
        }
        """,
        ["a", "end"],
        look=lambda what: down(),
    )
    assert bench.run("f") == "end"
    assert bench.prompts == ["start more ", "start instead "]


def test_a_fork_handles_each_branch() -> None:
    bench = Bench(
        """
        func @f(%xs: list[str]) -> list[str] {
          %out = map %x in %xs as out {
            %a: str = tool @look(%x)
            yield %a
          } except %x.1, %err {
            %m: str = attr message of %err
            yield %m
          }
          return %out
        }
        """,
        look=lambda what: down() if what == "b" else what,
    )
    assert bench.run("f", ["a", "b", "c"]) == ["a", "tool `look`: it is down", "c"]


def test_arguments_are_checked() -> None:
    bench = Bench(ASK)
    error = bench.failure("ask", 3)
    assert (error.kind, error.message) == ("argument", "argument `q`: found 3, expected str")
    assert "q: str" in error.hint
    assert bench.failure("ask").message == "found no argument `q`, which is required"
    with pytest.raises(Exception, match="no function `other`"):
        asyncio.run(bench.program.run("other", {}))


def test_a_missing_engine_is_said_by_name() -> None:
    bench = Bench(
        """
        model judge "judges/one"

        func @f() -> str {
          %c0 = context
          %c1, %a = gen %c0 : str { model = "judge" }
          return %a
        }
        """
    )
    assert bench.failure("f").message == "the model `judge` has no engine"


# --- ensure ----------------------------------------------------------------------------------------------------------


def test_a_retry_is_told_why_and_success_forgets_it() -> None:
    bench = Bench(ENSURE, {"d1": ["x", "y", "3"], "bye": "bye"})
    assert bench.run("f") == "3"
    ask = "<|user|>\nPick a digit.\n<|assistant|>\n"
    told = "\n<|user|>\na digit, please\n<|assistant|>\n"
    assert bench.prompts == [
        ask,
        f"{ask}x{told}",
        f"{ask}x{told}y{told}",
        "<|user|>\nPick a digit.\n<|assistant|>\n3\n<|user|>\nThanks.\n<|assistant|>\n",
    ]


def test_retries_draw_other_seeds() -> None:
    bench = Bench(ENSURE, {"d1": ["x", "y", "3"], "bye": "bye"})
    bench.run("f")
    seeds = [call.request.sampling.seed for call in bench.engine.calls if isinstance(call.request, GenRequest)]
    assert len(set(seeds)) == 4


def test_ensure_fails_with_its_reason_at_last() -> None:
    error = Bench(ENSURE, {"d1": "x"}).failure("f")
    assert (error.kind, error.message) == ("ensure", "a digit, please")


def test_a_retry_resumes_the_open_message() -> None:
    bench = Bench(
        """
        func @f() -> str {
          %c0 = context
          %c1 = append %c0, role assistant ["Digit: "]
          %why: str = const "no"
          %c2, %d: str = attempt %c3 = %c1 retries 1 {
            %c5, %d1 = gen %c3 : str
            %ok: bool = apply str.isdigit(%d1)
            check %ok, %why, %c5, %d1
          }
          %c6 = append %c2, ["."]
          %c7, %end = gen %c6 : str
          return %end
        }
        """,
        ["x", "3", "end"],
    )
    bench.run("f")
    assert bench.prompts == [
        "<|assistant|>\nDigit: ",
        "<|assistant|>\nDigit: x\n<|user|>\nno\n<|assistant|>\n",
        "<|assistant|>\nDigit: 3.",
    ]
