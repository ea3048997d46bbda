"""Graph -> Plan: slots, constants, order, constraints, what follows a hole, and when contexts end."""

from __future__ import annotations

import subprocess
import sys
from typing import TypeVar

import pytest
from builders import TOOLS, plan_of
from graph_strategy import graphs
from hypothesis import HealthCheck, given, settings

from sglc.backend import plan_steps as steps
from sglc.backend.plan import Plan, constant_texts
from sglc.backend.plan_check import check_plan
from sglc.backend.planner import plan_graph
from sglc.ir.graph import Graph

_Step = TypeVar("_Step", bound=steps.Step)


def found(plan: Plan, kind: type[_Step]) -> list[_Step]:
    """All steps of a kind, in program order."""
    return [s for function in plan.functions for s in steps.walk(function.body) if isinstance(s, kind)]


def plan_body(body: str, params: str = "") -> Plan:
    """The plan of a function `f` that gives nothing."""
    lines = "\n".join(f"  {line}" for line in body.strip().splitlines())
    return plan_of(f"{TOOLS}func @f({params}) {{\n{lines}\n}}\n")


def test_equal_constants_types_and_constraints_are_kept_once() -> None:
    plan = plan_body(
        """
        %a: int = const 3
        %b: int = const 3
        %s: str = const "3"
        %c = context
        %c1, %x = gen %c : int(min=0, max=9)
        %c2, %y = gen %c1 : int(max=9, min=0)
        %z: int = apply add(%a, %b)
        %u = format [%s]
        return
        """
    )
    assert [constant.json for constant in plan.constants] == ["3", '"3"']
    assert len(plan.dfas) == 1
    assert {gen.constraint for gen in found(plan, steps.Gen)} == {0}
    (add,) = found(plan, steps.Apply)
    assert add.refs == (-1, -1)


def test_free_text_has_no_constraint_and_stop_patterns_have_one() -> None:
    plan = plan_body(
        """
        %c = context
        %c1, %x = gen %c : str { stop_re = "[.!]" }
        return
        """
    )
    (gen,) = found(plan, steps.Gen)
    assert gen.constraint == -1
    assert plan.dfas[gen.stop_constraint].matches(b"!")


def test_options_left_out_have_their_defaults() -> None:
    plan = plan_body(
        """
        %c = context
        %c1, %x = gen %c : str { temperature = 0.5, stop = ["."], seed = 7 }
        return
        """
    )
    assert found(plan, steps.Gen)[0].options == steps.Options(temperature=0.5, stop=(".",), seed=7)


# --- order -----------------------------------------------------------------------------------------------------------


def test_only_what_jumps_may_leave() -> None:
    plan = plan_body(
        """
        for %x in %xs {
          if %b {
            break
          } else {
            continue
          }
          continue
        }
        if %b {
          fail %s
        } else {
          yield
        }
        try {
          fail %s
        } except %err {
          yield
        }
        %out = map %y in %xs {
          if %b {
            fail %s
          } else {
            yield
          }
          yield %y
        }
        for %z in %xs {
          return
        }
        return
        """,
        "%b: bool, %s: str, %xs: list[str]",
    )
    body = plan.functions[0].body
    assert [(type(step).__name__, step.leaves) for step in body.steps] == [
        ("For", False),
        ("If", True),
        ("Try", False),
        ("Map", False),
        ("For", True),
    ]


def test_tools_wait_for_effects_only() -> None:
    plan = plan_body(
        """
        %a: str = tool @look(%s)
        %b: str = tool @send(%s)
        %c: str = tool @look(%s)
        %n: str = apply str.upper(%s)
        if %x {
          %d: str = tool @pay(%s)
          yield
        } else {
          yield
        }
        %e: str = tool @find(%s)
        %f: str = tool @pay(%s)
        %g: str = tool @find(%s)
        return
        """,
        "%s: str, %x: bool",
    )
    body = plan.functions[0].body
    assert [step.after for step in body.steps] == [(), (), (1,), (), (1,), (1, 4), (1, 4), (6,)]
    assert [step.effect for step in body.steps] == [False, True, False, False, True, False, True, False]


def test_effects_are_known_through_calls() -> None:
    plan = plan_of(
        TOOLS
        + """
func @act(%s: str) -> str {
  %a: str = tool @send(%s)
  return %a
}
func @pure(%s: str) -> str {
  %a: str = tool @look(%s)
  return %a
}
func @f(%s: str) -> str {
  %a: str = call @act(%s)
  %b: str = call @pure(%s)
  return %b
}
"""
    )
    body = plan.function("f").body
    assert [(step.effect, step.after) for step in body.steps] == [(True, ()), (False, (0,))]


# --- what follows ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("after", "follow"),
    [
        ('%d = append %c1, ["}", %n]', "}"),
        ("%d = append %c1, [%n]", ""),
        ('%d = append %c1, role assistant ["next"]', "\nnext"),
        ('%d = append %c1, role user ["next"]', ""),
        ('%d = append %c1, []\n%e = append %d, ["x"]', "x"),
        ('%d = append %c1, ["same a"]\n%e = append %c1, ["same b"]', "same "),
        ('%d = append %c1, ["x"]\n%c2, %y = gen %c1 : int', ""),
        ("%d: ctx = if %b {\n  yield %c1\n} else {\n  yield %c1\n}\n%e = append %d, [\"z\"]", "z"),
        ("%d: ctx = loop max 2, %i: ctx = %c1 {\n  %j = append %i, [\"q\"]\n  continue %j\n}", ""),
        ("%n2: int = apply add(%n, %n)", ""),
    ],
)  # fmt: skip
def test_constant_text_behind_a_hole_is_told(after: str, follow: str) -> None:
    body = f'%c = context\n%c0 = append %c, role assistant ["n: "]\n%c1, %n = gen %c0 : int\n{after}\nreturn'
    assert found(plan_body(body, "%b: bool"), steps.Gen)[0].follow == follow


def test_text_behind_an_attempt_follows_its_hole() -> None:
    plan = plan_body(
        """
        %c = context
        %c9 = attempt %c1 = %c retries 1 {
          %c2, %n = gen %c1 : int
          check %b, %s, %c2
        }
        %d = append %c9, ["]"]
        return
        """,
        "%b: bool, %s: str",
    )
    assert found(plan, steps.Gen)[0].follow == "]"


# --- contexts, names -------------------------------------------------------------------------------------------------


def test_a_context_ends_with_its_last_use() -> None:
    plan = plan_body(
        """
        %c = context
        %c1 = append %c, ["a"]
        %out = map %x in %xs captures %c1 {
          %c2, %v = gen %c1 : str
          yield %v
        }
        %c3, %w = gen %c : str
        return
        """,
        "%xs: list[str]",
    )
    body = plan.functions[0].body
    context, appended, last = body.steps[0].out[0], body.steps[1].out[0], body.steps[3].out[0]
    assert [step.dies for step in body.steps] == [(), (), (appended,), (context, last)]
    branch = found(plan, steps.Map)[0].branch
    assert branch.captures == (appended,)
    assert branch.steps[0].dies == (branch.steps[0].out[0],)


def test_namesakes_on_one_way_get_numbers() -> None:
    plan = plan_body(
        """
        %c = context
        %c1, %v1 = gen %c as x : str
        if %b {
          %c2, %v2 = gen %c as x : str
          %c3, %v3 = gen %c as y : str
          yield
        } else {
          %c4, %v4 = gen %c as x : str
          yield
        }
        %c5, %v5 = gen %c as y : str
        for %i in %xs {
          %c6, %v6 = gen %c as x : str
          continue
        }
        return
        """,
        "%b: bool, %xs: list[str]",
    )
    assert [gen.name for gen in found(plan, steps.Gen)] == ["x", "x#2", "y", "x#2", "y#2", "x"]


def test_whole_constant_texts_are_listed() -> None:
    plan = plan_body(
        """
        %c = context
        %c1 = append %c, role user ["whole"]
        %c2 = append %c1, ["part ", %s]
        %c3 = append %c2, ["whole"]
        return
        """,
        "%s: str",
    )
    assert constant_texts(plan) == ("whole",)


@settings(max_examples=60, deadline=None, suppress_health_check=list(HealthCheck))
@given(graphs())
def test_every_plan_holds_together(graph: Graph) -> None:
    check_plan(plan_graph(graph))


def test_the_run_side_loads_no_compiler() -> None:
    code = "import sys, sglc.backend.runtime, sglc.backend.artifact, sglc.backend.replay; print(*sys.modules)"
    loaded = set(
        subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout.split()
    )
    forbidden = {"networkx", "lark", "torch", "transformers", "sglc.ir.graph", "sglc.backend.planner"}
    assert not forbidden & loaded
    assert not [name for name in loaded if name.startswith("sglc.frontend")]
