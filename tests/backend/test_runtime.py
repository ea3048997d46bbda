"""What a run gives: each kind of step, prompts as the model sees them, failures and where they are caught."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest
from builders import Bench, down

from sglc.backend.engine.echo import Reply
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


# --- generations -----------------------------------------------------------------------------------------------------


def test_a_generation_sees_its_prompt_and_gives_its_text() -> None:
    bench = Bench(ASK, ["blue"])
    assert bench.run("ask", "sky?") == "blue"
    assert bench.prompts == ["<|user|>\nQ: sky?\n<|assistant|>\n"]


def test_roles_of_one_name_join_in_one_message() -> None:
    bench = Bench(
        """
        func @f() -> str {
          %c0 = context
          %c1 = append %c0, role user ["one"]
          %c2 = append %c1, role user ["two"]
          %c3 = append %c2, [" three"]
          %c4 = append %c3, role assistant []
          %c5, %a = gen %c4 : str
          return %a
        }
        """,
        ["x"],
    )
    bench.run("f")
    assert bench.prompts == ["<|user|>\none\ntwo three\n<|assistant|>\n"]


def test_values_are_of_the_type_and_inserted_as_json() -> None:
    bench = Bench(
        """
        type Pair {
          a: int
          b: list[str]
        }
        func @f() -> str {
          %c0 = context
          %c1, %pair: Pair = gen %c0 : Pair { max_tokens = 40 }
          %n: int = attr a of %pair
          %c2 = append %c1, [" ", %pair, " ", %n, " "]
          %c3, %word = gen %c2 : re"[a-z]+" { max_tokens = 4 }
          return %word
        }
        """,
        ['{"a":1,"b":["x"]}', "yes"],
    )
    assert bench.run("f") == "yes"
    assert bench.prompts[1] == '{"a":1,"b":["x"]} {"a":1,"b":["x"]} 1 '


def test_a_reply_of_another_type_is_an_error() -> None:
    bench = Bench(
        """
        func @f() -> int {
          %c0 = context
          %c1, %n: int = gen %c0 : int { max_tokens = 4 }
          return %n
        }
        """,
        {"n": "many"},
    )
    assert bench.failure("f").kind == "engine"


def test_options_reach_the_engine_and_computed_ones_are_checked() -> None:
    source = """
        func @f(%t: float, %stop: str) -> str {
          %c0 = context
          %c1, %a = gen %c0 : str { max_tokens = 9, temperature = %t, stop = %stop, top_k = 3, stop_re = "[0-9]" }
          return %a
        }
        """
    bench = Bench(source, ["one. two"])
    assert bench.run("f", 0.5, ".") == "one"
    request = bench.engine.calls[0].request
    assert isinstance(request, GenRequest)
    assert (request.max_tokens, request.sampling.temperature, request.stop, request.sampling.top_k) == (
        9,
        0.5,
        (".",),
        3,
    )
    assert request.stop_dfa is not None
    assert request.path == "a"
    error = Bench(source).failure("f", 99.0, ".")
    assert (error.kind, error.message) == ("value", "`temperature` is 99.0, expected a number from 0 to 10")


def test_reasoning_and_logprobs_are_values() -> None:
    bench = Bench(
        """
        func @f() -> json {
          %c0 = context
          %c1, %a, %why, %p: json = gen %c0 : str { reasoning = true, logprobs = true }
          %r: json = apply list(%a, %why, %p)
          return %r
        }
        """,
        [Reply("hi", reasoning="hm")],
    )
    assert bench.run("f") == ["hi", "hm", [{"token": "hi", "logprob": 0.0, "top": []}]]


def test_seeds_differ_by_place_and_follow_the_run() -> None:
    source = """
        func @f(%xs: list[str]) -> list[str] {
          %c0 = context
          %out = map %x in %xs as out captures %c0 {
            %c1, %a = gen %c0 : str
            yield %a
          }
          return %out
        }
        """

    def seeds(run_seed: int) -> list[int]:
        bench = Bench(source)
        bench.run("f", ["x", "y"], seed=run_seed)
        return [call.request.sampling.seed for call in bench.engine.calls if isinstance(call.request, GenRequest)]

    first = seeds(1)
    assert first == seeds(1)
    assert len({*first, *seeds(2)}) == 4


def test_select_gives_the_best_and_one_score_for_each_choice_as_written() -> None:
    source = """
        func @f(%xs: list[str]) -> json {
          %c0 = context
          %c1, %best, %all = select %c0, %xs by likelihood { scores = true }
          %c2, %next = gen %c1 : str
          %r: json = apply list(%best, %all)
          return %r
        }
        """
    bench = Bench(source, ["b", "end"])
    assert bench.run("f", ["a", "b", "a"]) == ["b", [-1.0, 0.0, -1.0]]
    assert bench.engine.calls[0].request.choices == ("a", "b")  # type: ignore[union-attr]
    assert bench.prompts[1] == "b"
    error = Bench(source).failure("f", [])
    assert (error.kind, error.message) == ("value", "`select best` has no choices")


def test_encode_appends_documents_in_order() -> None:
    bench = Bench(
        """
        func @f(%docs: list[str]) -> str {
          %c0 = context
          %c1 = append %c0, role user []
          %c2 = encode %c1, %d in %docs {
            %text = format ["<", %d, ">"]
            yield %text
          }
          %c3 = append %c2, ["?"]
          %c4, %a = gen %c3 : str
          %n = tokens %a
          return %a
        }
        """,
        ["x"],
    )
    bench.run("f", ["1", "2"])
    assert bench.prompts == ["<|user|>\n<1><2>?"]


# --- control ---------------------------------------------------------------------------------------------------------


def test_match_takes_the_first_case_that_fits() -> None:
    source = """
        func @f(%v: json) -> str {
          %r: str = match %v case 1 | "one" {
            %a: str = const "number one"
            yield %a
          } case is list[int] {
            %b: str = const "ints"
            yield %b
          } case _ {
            %d: str = const "other"
            yield %d
          }
          return %r
        }
        """
    bench = Bench(source)
    found = [bench.run("f", value) for value in (1, "one", [1, 2], True, [1, "x"])]
    assert found == ["number one", "number one", "ints", "other", "other"]


LOOP = """
func @f(%limit: int, %stop_at: int) -> json {
  %zero: int = const 0
  %one: int = const 1
  %n: int = loop max 10, %i: int = %zero while (%w: int) {
    %more: bool = apply lt(%w, %limit)
    yield %more
  } do {
    %hit: bool = apply eq(%i, %stop_at)
    if %hit {
      break %i
    } else {
      yield
    }
    %next: int = apply add(%i, %one)
    continue %next
  }
  %r: json = apply list(%n)
  return %r
}
"""


@pytest.mark.parametrize(("limit", "stop_at", "expected"), [(3, 99, 3), (0, 99, 0), (99, 4, 4), (99, 99, 10)])
def test_a_loop_ends_by_its_condition_a_break_or_its_bound(limit: int, stop_at: int, expected: int) -> None:
    assert Bench(LOOP).run("f", limit, stop_at) == [expected]


def test_return_leaves_nested_loops() -> None:
    bench = Bench(
        """
        func @f(%xs: list[int], %wanted: int) -> str {
          for %x: int in %xs {
            for %y: int in %xs {
              %sum: int = apply add(%x, %y)
              %hit: bool = apply eq(%sum, %wanted)
              if %hit {
                %found = format [%x, "+", %y]
                return %found
              } else {
                yield
              }
              continue
            }
            continue
          }
          %none: str = const "none"
          return %none
        }
        """
    )
    assert bench.run("f", [1, 2, 3], 5) == "2+3"
    assert bench.run("f", [1, 2, 3], 50) == "none"


def test_ten_thousand_iterations() -> None:
    bench = Bench(
        """
        func @f() -> int {
          %zero: int = const 0
          %one: int = const 1
          %seven: int = const 7
          %n: int = loop max 10000, %i: int = %zero {
            %c: bool = apply lt(%i, %seven)
            %next: int = if %c {
              %a: int = apply add(%i, %one)
              yield %a
            } else {
              %b: int = apply add(%i, %one)
              yield %b
            }
            continue %next
          }
          return %n
        }
        """
    )
    assert bench.run("f") == 10_000


def test_a_context_of_ten_thousand_pieces() -> None:
    bench = Bench(
        """
        func @f() -> str {
          %c0 = context
          %c1: ctx = loop max 10000, %c: ctx = %c0 {
            %d = append %c, ["x"]
            continue %d
          }
          %c2, %a = gen %c1 : str
          return %a
        }
        """
    )
    bench.run("f")
    assert bench.prompts == ["x" * 10_000]


def test_recursion_is_bounded_and_deep_recursion_works() -> None:
    source = """
        func @down(%n: int) -> int max 3000 {
          %zero: int = const 0
          %one: int = const 1
          %end: bool = apply eq(%n, %zero)
          %r: int = if %end {
            yield %zero
          } else {
            %less: int = apply sub(%n, %one)
            %below: int = call @down(%less)
            %more: int = apply add(%below, %one)
            yield %more
          }
          return %r
        }
        """
    assert Bench(source).run("down", 2_999) == 2_999
    error = Bench(source).failure("down", 3_000)
    assert (error.kind, error.message) == ("recursion", "`down` calls itself more than 3000 levels deep")


def test_templates_go_on_with_the_context() -> None:
    bench = Bench(
        """
        template @ask(%c: ctx, %q: str) -> ctx, str {
          %c1 = append %c, role user [%q]
          %c2 = append %c1, role assistant []
          %c3, %a = gen %c2 : str
          return %c3, %a
        }
        func @f() -> str {
          %c0 = context
          %one: str = const "one?"
          %two: str = const "two?"
          %c1, %a: str = use @ask(%c0, %one)
          %c2, %b: str = use @ask(%c1, %two) site ask.2
          return %b
        }
        """,
        ["1", "2"],
    )
    assert bench.run("f") == "2"
    assert bench.prompts[1] == "<|user|>\none?\n<|assistant|>\n1\n<|user|>\ntwo?\n<|assistant|>\n"


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
          } except %err {
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

ENSURE = """
func @f() -> str {
  %c0 = context
  %c1 = append %c0, role user ["Pick a digit."]
  %why: str = const "a digit, please"
  %c2, %d: str = attempt %c3 = %c1 retries 2 {
    %c4 = append %c3, role assistant []
    %c5, %d1 = gen %c4 : str
    %ok: bool = apply str.isdigit(%d1)
    check %ok, %why, %c5, %d1
  }
  %c6 = append %c2, role user ["Thanks."]
  %c7 = append %c6, role assistant []
  %c8, %bye = gen %c7 : str
  return %d
}
"""


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


# --- tools and calls -------------------------------------------------------------------------------------------------


def test_dispatch_runs_the_tool_that_was_chosen() -> None:
    choice = "call(look(what: str) -> str | done(answer: str))"
    source = f"""
        func @f() -> json {{
          %c0 = context
          %c1, %choice = gen %c0 as step : {choice} {{ max_tokens = 40 }}
          %step = dispatch %choice [look]
          %which: str = match %step case member done {{
            %end: str = const "the end"
            yield %end
          }} case _ {{
            %more: str = const "a tool"
            yield %more
          }}
          %r: json = apply list(%which, %step)
          return %r
        }}
        """
    bench = Bench(source, ['{"name":"look","arguments":{"what":"tea"}}'])
    assert bench.run("f") == ["a tool", {"name": "look", "args": {"what": "tea"}, "result": "look tea"}]
    bench = Bench(source, ['{"name":"done","arguments":{"answer":"42"}}'])
    assert bench.run("f") == ["the end", {"name": "done", "answer": "42"}]
    assert bench.tools.log == []


def test_a_test_keeps_every_expectation_in_order() -> None:
    bench = Bench(
        """
        test "counts" = @counts

        test @counts() {
          %xs: list[str] = const ["a","b"]
          for %x in %xs {
            %a: str = tool @look(%x)
            %b: str = const "look a"
            %ok: bool = apply eq(%a, %b)
            expect %ok, "a == b", "a" = %a
            continue
          }
          %no: str = const "gone"
          fail %no
        }
        """
    )
    verdict = asyncio.run(bench.program.run_test("counts"))
    assert [(found.passed, found.shown) for found in verdict.expectations] == [
        (True, (("a", "look a"),)),
        (False, (("a", "look b"),)),
    ]
    assert not verdict.passed
    assert verdict.error is not None
    assert verdict.error.kind == "fail"


# --- events ----------------------------------------------------------------------------------------------------------


def test_events_of_a_retry_are_provisional_until_the_check() -> None:
    bench = Bench(ENSURE, {"d1": ["x y", "3"], "bye": "bye"})
    bench.run("f")
    assert bench.story == ["d1:x y", "d1!", "d1:3", "d1=3", "bye:bye", "bye=bye"]
    provisional = {event.path for event in bench.events if getattr(event, "provisional", False)}
    assert provisional == {"d1"}


def test_events_of_a_failed_try_are_taken_back() -> None:
    bench = Bench(
        """
        func @f() -> str {
          %r: str = try {
            %c0 = context
            %c1, %a = gen %c0 : str
            %x: str = tool @look(%a)
            yield %x
          } except %err {
            %b: str = const "none"
            yield %b
          }
          return %r
        }
        """,
        ["one"],
        look=lambda what: down(),
    )
    bench.run("f")
    kinds = [type(event).__name__ for event in bench.events]
    assert kinds == ["Start", "Text", "ValueEvent", "ToolCall", "ToolResult", "Reset", "Reset", "Done"]
    assert [event.path for event in bench.events[5:7]] == ["a", "look"]


def test_paths_name_calls_branches_and_namesakes() -> None:
    bench = Bench(
        """
        func @inner(%q: str) -> str {
          %c0 = context
          %c1, %a = gen %c0 : str
          %c2, %a2 = gen %c1 as a : str site a.2
          return %a2
        }
        func @f(%xs: list[str]) -> list[str] {
          %out = map %x in %xs as out {
            %r: str = call @inner(%x)
            yield %r
          }
          return %out
        }
        """
    )
    bench.run("f", ["x", "y"])
    paths = {event.path for event in bench.events if type(event).__name__ == "ValueEvent"}
    assert paths == {"out[0].inner.a", "out[0].inner.a#2", "out[1].inner.a", "out[1].inner.a#2"}


def test_a_broken_listener_ends_the_run() -> None:
    bench = Bench(ASK)

    def listener(event: Any) -> None:
        if type(event).__name__ == "Text":
            raise ValueError("the listener broke")

    async def run() -> None:
        await bench.watch(bench.program.run("ask", {"q": "x"}, on_event=listener))

    with pytest.raises(ValueError, match="the listener broke"):
        asyncio.run(run())
