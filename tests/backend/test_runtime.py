"""What a run gives: each kind of step, prompts as the model sees them, failures and where they are caught."""

from __future__ import annotations

import pytest
from builders import Bench

from sglc.backend.engine.echo import Reply
from sglc.backend.engine.interface import GenRequest

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


def test_a_json_that_may_be_none_is_inserted_as_json_too() -> None:
    bench = Bench(
        """
        func @f(%j: json?) -> str {
          %s = format ["got ", %j]
          return %s
        }
        """
    )
    assert [bench.run("f", value) for value in ("a", 1, None)] == ['got "a"', "got 1", "got null"]


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
