"""The meaning of each operation, and of failures, rollbacks and paths."""

from __future__ import annotations

from typing import Any

import msgspec
import pytest
from build import prompts, run, tools

from sglc.ir.decode import ConformError
from sglc.ir.interpret import interpret
from sglc.ir.outcome import Effect, InterpretError, Outcome, Reply, ToolFailure, same_meaning
from sglc.ir.prompt import Context, Prompt
from sglc.ir.text import parse_graph

TOOLS = """\
type Parcel {
  status: str
  eta: str?
}
tool track(order_id: str, fast: bool = false) -> Parcel {"impl": {"t": "python", "target": "shop:track"}}
tool send(to: str) -> int {"impl": {"t": "python", "target": "shop:send"}, "effect": true}
"""


def value(body: str, result: str = "str", params: str = "", **args: Any) -> Any:
    outcome = run(f"func @main({params}) -> {result} {{\n{body}\n}}\n", args)
    assert outcome.failure is None, outcome.failure
    return outcome.value


# --- values and contexts ---------------------------------------------------------------------------------------------


def test_values() -> None:
    assert value("%a: list[float] = const [1, 2]\nreturn %a", "list[float]") == [1.0, 2.0]
    assert value('%a: tuple[int, str] = const [1, "x"]\nreturn %a', "tuple[int, str]") == (1, "x")
    assert value("%n: int = apply add(%x, %x)\nreturn %n", "int", "%x: int", x=2) == 4
    inserted = '%s = format ["a ", %x, "-", %t]\nreturn %s'
    assert value(inserted, params="%x: list[int], %t: json", x=[1], t="q") == 'a [1]-"q"'


def test_records_and_fields() -> None:
    program = """\
type Pair {
  text: str
  note?: str
}
func @main(%p: Pair) -> json {
  %t: str = attr text of %p
  %n: json = attr note of %p
  %q: Pair = record {text = %t}
  %out: json = apply list(%t, %n, %q)
  return %out
}
"""
    assert run(program, {"p": {"text": "a"}}).value == ["a", None, {"text": "a"}]


def test_conform_checks_at_run_time() -> None:
    program = 'func @main(%x: json) -> int(max=3) {\n  %n: int(max=3) = conform %x "x"\n  return %n\n}\n'
    assert run(program, {"x": 3}).value == 3
    failure = run(program, {"x": 4}).failure
    assert failure is not None
    assert (failure.kind, failure.message) == ("value", "x: found 4, expected int(max=3)")


def test_roles_join_with_one_newline_and_text_goes_on() -> None:
    context = Context().append("a", "user").append("b").append("c", "user").append("", "assistant")
    assert context.prompt().messages == (("user", "ab\nc"), ("assistant", ""))
    assert context.role == "assistant"
    assert Context().append("").append("plain").append(" text").prompt().messages == (("", "plain text"),)
    assert Context().append("plain").append("x", "user").prompt().text == "plain\nuser: x"
    assert Context().prompt().messages == ()


def test_a_gen_adds_its_text_and_binds_its_value() -> None:
    program = """\
func @main(%n: int) -> list[int] {
  %c = context
  %c1 = append %c, role user ["Give ", %n]
  %c2 = append %c1, role assistant []
  %c3, %xs = gen %c2 : list[int]
  %c4, %why, %thought, %p: json = gen %c3 : str { max_tokens = 5, reasoning = true, logprobs = true, seed = %n }
  return %xs
}
"""
    seen: list[Any] = []

    def reply(prompt: Prompt, op: Any, path: str) -> Any:
        seen.append(op)
        return "[1, 2]" if path == "xs" else Reply("so", reasoning="hm", logprobs=(1,))

    outcome = interpret(parse_graph(program), "main", {"n": 7}, reply)
    assert outcome.value == [1, 2]
    assert [prompt.messages for _, prompt in outcome.requests] == [
        (("user", "Give 7"), ("assistant", "")),
        (("user", "Give 7"), ("assistant", "[1, 2]")),
    ]
    assert seen[1].options.seed == 7
    assert seen[1].dynamic == ()


def test_a_reply_of_the_wrong_type_is_no_failure_of_the_program() -> None:
    program = "func @main() -> int {\n  %c = context\n  %c1, %n = gen %c : int\n  return %n\n}\n"
    with pytest.raises(InterpretError, match="the reply to `n` does not fit"):
        run(program, replies={"n": "many"})


SELECT = """\
func @main(%xs: list[str]) -> json {
  %c = context
  %c1, %best, %all = select %c, %xs by likelihood { scores = true }
  %c2, %again = gen %c1 : str
  %out: json = apply list(%best, %all)
  return %out
}
"""


@pytest.mark.parametrize(
    ("answer", "found"),
    [
        (1, ["b", [0.0, 1.0, 0.0, 0.0]]),
        ("c", ["c", [0.0, 0.0, 1.0, 0.0]]),
        ([0.5, 2, 2.0], ["b", [0.5, 2.0, 2.0, 0.5]]),
    ],
    ids=str,
)
def test_select(answer: Any, found: Any) -> None:
    outcome = run(
        SELECT,
        {"xs": ["a", "b", "c", "a"]},
        {"best": answer if not isinstance(answer, list) else [answer], "again": ""},
    )
    assert outcome.value == found
    assert outcome.requests[0][1] == Prompt((), ("a", "b", "c"))
    assert outcome.requests[1][1].messages == (("", found[0]),)


def test_select_of_nothing_fails_and_of_anything_else_is_refused() -> None:
    failure = run(SELECT, {"xs": []}).failure
    assert failure is not None
    assert (failure.kind, failure.message) == ("value", "`select best` has no choices")
    for answer in (3, -1, "z"):
        with pytest.raises(InterpretError, match="expected one of 1 choices"):
            run(SELECT, {"xs": ["a"]}, {"best": answer})


def test_encode_appends_the_documents_in_order() -> None:
    program = """\
func @main(%docs: list[str]) -> str {
  %c = context
  %c1 = append %c, role user []
  %c2 = encode %c1, %d in %docs stride 10 {
    %s = format ["Document: ", %d, "\\n"]
    yield %s
  }
  %c3, %a = gen %c2 : str
  return %a
}
"""
    outcome = run(program, {"docs": ["x", "y"]}, {"a": "."})
    assert prompts(outcome) == [("a", "user: Document: x\nDocument: y\n")]


def test_tokens_are_counted_by_what_is_given() -> None:
    program = 'model m "m"\nfunc @main(%s: str) -> int {\n  %n = tokens %s model m\n  return %n\n}\n'
    assert run(program, {"s": "aé"}).value == 3
    assert run(program, {"s": "ab"}, count_tokens=lambda text, model: len(text) * 10 + len(model)).value == 21


# --- calls -----------------------------------------------------------------------------------------------------------

CALLS = """\
func @main(%x: str) -> str {
  %c = context
  %c1 = append %c, role user ["outer"]
  %a: str = call @inner(%x)
  %c2, %t: str = use @ask(%c1, %a)
  %c3 = append %c2, role user ["end"]
  %c4, %b = gen %c3 : str
  return %b
}

func @inner(%x: str) -> str {
  %c = context
  %c1 = append %c, ["inner ", %x]
  %c2, %y = gen %c1 : str
  return %y
}

template @ask(%c: ctx, %q: str) -> ctx, str {
  %c1 = append %c, role user [%q]
  %long: bool = apply lt(%q, %q)
  if %long {
    return %c, %q
  } else {
    yield
  }
  %c2, %t = gen %c1 : str
  return %c2, %t
}
"""


def test_a_def_has_its_own_context_and_a_template_has_the_callers() -> None:
    outcome = run(CALLS, {"x": "in"}, {"inner.y": "Y", "t": "T", "b": "B"})
    assert outcome.value == "B"
    assert prompts(outcome) == [("inner.y", "inner in"), ("t", "user: outer\nY"), ("b", "user: outer\nYT\nend")]


def test_a_template_alone_shows_its_context() -> None:
    outcome = run(CALLS, {"q": "why"}, {"t": "T"}, function="ask")
    assert (outcome.value, outcome.context) == ("T", Prompt((("user", "whyT"),)))


TRACK = (
    TOOLS
    + """\
func @main(%id: str) -> Parcel {
  %f: bool = const true
  %p: Parcel = tool @track(%id, %f)
  %n: int = tool @send(%id)
  return %p
}
"""
)


def test_tools() -> None:
    seen: list[Any] = []

    def track(**args: Any) -> Any:
        seen.append(args)
        return {"eta": None, "status": "sent"}

    outcome = run(TRACK, {"id": "A1"}, results={"track": track, "send": 3})
    assert list(outcome.value.items()) == [("status", "sent"), ("eta", None)]
    assert seen == [{"order_id": "A1", "fast": True}]
    assert outcome.effects == (Effect("send", {"to": "A1"}),)


@pytest.mark.parametrize(
    ("found", "message"),
    [
        (ToolFailure("is down"), "tool `track`: is down"),
        ({"status": 1, "eta": None}, "tool `track`: the answer does not fit `Parcel`: status: found 1, expected str"),
    ],
    ids=["down", "shape"],
)
def test_a_tool_that_fails(found: Any, message: str) -> None:
    outcome = run(TRACK, {"id": "A1"}, results={"track": found, "send": 3})
    assert outcome.failure is not None
    assert (outcome.failure.kind, outcome.failure.message) == ("tool", message)
    assert outcome.effects == ()


def test_no_tools_given() -> None:
    with pytest.raises(InterpretError, match="calls the tool `track`"):
        interpret(parse_graph(TRACK), "main", {"id": "A"}, lambda prompt, op, path: "")


def test_dispatch_runs_the_tool_that_was_chosen() -> None:
    step = "call(track(order_id: str, fast: bool) -> type Parcel | done(answer: str))"
    program = (
        TOOLS
        + f"""\
func @main() -> json {{
  %c = context
  %c1, %step = gen %c : {step}
  %s = dispatch %step [track]
  %out: json = match %s case member track {{
    %r: Parcel = attr result of %s
    %status: str = attr status of %r
    yield %status
  }} case member done {{
    %a: str = attr answer of %s
    yield %a
  }}
  return %out
}}
"""
    )
    track = '{"name": "track", "arguments": {"order_id": "A", "fast": false}}'
    outcome = run(program, {}, {"step": track}, {"track": {"status": "sent", "eta": "noon"}})
    assert outcome.value == "sent"
    assert run(program, {}, {"step": '{"name": "done", "arguments": {"answer": "yes"}}'}).value == "yes"


def test_recursion_is_bounded() -> None:
    program = """\
func @main(%n: int) -> int max 3 {
  %zero: int = const 0
  %end: bool = apply eq(%n, %zero)
  %r: int = if %end {
    yield %n
  } else {
    %one: int = const 1
    %m: int = apply sub(%n, %one)
    %inner: int = call @main(%m)
    yield %inner
  }
  return %r
}
"""
    assert run(program, {"n": 2}).value == 0
    failure = run(program, {"n": 3}).failure
    assert failure is not None
    assert (failure.kind, failure.message) == ("recursion", "`main` calls itself more than 3 levels deep")
    deep = program.replace("max 3", "max 1000")
    assert run(deep, {"n": 999}).value == 0


SESSION = (
    TOOLS
    + """\
session chat(lang: str = "English") states (turns: int = 0) turn (msg: str) -> str
open @chat.open(%lang: str) -> ctx, int {
  %c = context
  %c1 = append %c, role system ["Answer in ", %lang]
  %n: int = const 0
  return %c1, %n
}
turn @chat.turn(%c: ctx, %turns: int, %lang: str, %msg: str) -> ctx, int, str fields (msg: str) {
  %c1 = append %c, role user [%msg]
  %c2 = append %c1, role assistant []
  %c3, %reply = gen %c2 : str
  %one: int = const 1
  %more: int = apply add(%turns, %one)
  %two: int = const 2
  %ok: bool = apply le(%more, %two)
  %why: str = const "too long"
  ensure %ok, %why
  return %c3, %more, %reply
}
test @t() {
  %lang: str = const "French"
  %s = open @chat(%lang)
  %m: str = const "hi"
  %a: str = turn @chat(%s, %m)
  %b: str = turn @chat(%s, %m)
  %e: str = try {
    %c: str = turn @chat(%s, %m)
    yield %c
  } except %err {
    %d: str = attr message of %err
    yield %d
  }
  %x: str = const "too long"
  %ok: bool = apply eq(%e, %x)
  expect %ok, "e == x", "e" = %e
  %no: bool = const false
  expect %no, "never"
  return
}
"""
)


def test_a_turn_commits_only_when_it_succeeds() -> None:
    outcome = run(SESSION, {}, {"chat.reply": ["one", "two", "three"]}, function="t")
    assert outcome.failure is None
    assert [(e.held, e.text, e.shown) for e in outcome.expects] == [
        (True, "e == x", (("e", "too long"),)),
        (False, "never", ()),
    ]
    assert prompts(outcome)[2] == (
        "chat.reply",
        "system: Answer in French\nuser: hi\nassistant: one\nuser: hi\nassistant: two\nuser: hi\nassistant: ",
    )


def test_a_session_by_name_is_opened_and_takes_one_turn() -> None:
    outcome = run(SESSION, {"msg": "hi"}, {"reply": "one"}, function="chat")
    assert outcome.value == "one"
    assert outcome.context is not None
    assert outcome.context.text == "system: Answer in English\nuser: hi\nassistant: one"


# --- control ---------------------------------------------------------------------------------------------------------


def test_return_from_any_depth() -> None:
    program = """\
func @main(%xs: list[int], %k: int) -> int {
  for %x in %xs {
    %hit: bool = apply gt(%x, %k)
    try {
      if %hit {
        return %x
      } else {
        yield
      }
      yield
    } except %e {
      yield
    }
    continue
  }
  %none: int = const -1
  return %none
}
"""
    assert run(program, {"xs": [1, 5, 9], "k": 4}).value == 5
    assert run(program, {"xs": [1], "k": 4}).value == -1


def test_loops_carry_break_continue_and_end_when_spent() -> None:
    program = """\
func @main(%stop: int) -> tuple[int, int] {
  %zero: int = const 0
  %one: int = const 1
  %three: int = const 3
  %n, %total = loop max 5, %i: int = %zero, %sum: int = %zero {
    %next: int = apply add(%i, %one)
    %full: bool = apply eq(%i, %stop)
    if %full {
      break %i, %sum
    } else {
      yield
    }
    %odd: bool = apply eq(%i, %three)
    if %odd {
      continue %next, %sum
    } else {
      yield
    }
    %more: int = apply add(%sum, %i)
    continue %next, %more
  }
  %out: tuple[int, int] = apply tuple(%n, %total)
  return %out
}
"""
    assert run(program, {"stop": 9}).value == (5, 7)
    assert run(program, {"stop": 2}).value == (2, 1)


def test_while_tests_before_each_round() -> None:
    program = """\
func @main(%limit: int) -> int {
  %zero: int = const 0
  %n = loop max 4, %i: int = %zero as again while (%j: int) {
    %c = context
    %c1 = append %c, [%j]
    %c2, %more = gen %c1 : bool
    %small: bool = apply lt(%j, %limit)
    yield %small
  } do {
    %one: int = const 1
    %next: int = apply add(%i, %one)
    continue %next
  }
  return %n
}
"""
    replies = {f"again[{i}].more": "true" for i in range(5)}
    outcome = run(program, {"limit": 2}, replies)
    assert outcome.value == 2
    assert prompts(outcome) == [("again[0].more", "0"), ("again[1].more", "1"), ("again[2].more", "2")]
    assert run(program, {"limit": 9}, replies).value == 4


def test_a_collecting_for_and_its_paths() -> None:
    program = """\
func @main(%xs: list[str]) -> list[str] {
  %c = context
  %c9, %out = for collect %x in %xs, %c0 = %c as out {
    %c1 = append %c0, [%x, ":"]
    %c2, %tip = gen %c1 : str
    continue %c2, %tip
  }
  return %out
}
"""
    outcome = run(program, {"xs": ["a", "b"]}, {"out[0].tip": "1", "out[1].tip": "2"})
    assert outcome.value == ["1", "2"]
    assert prompts(outcome) == [("out[0].tip", "a:"), ("out[1].tip", "a:1b:")]


FORK = (
    TOOLS
    + """\
func @main(%xs: list[str]) -> list[str] {
  %c = context
  %c1 = append %c, ["before "]
  %some = filter %y in %xs {
    %bad: str = const "bad"
    %good: bool = apply ne(%y, %bad)
    yield %good
  }
  %out = map %x in %some captures %c1 {
    %c2 = append %c1, [%x]
    %down: str = const "down"
    %is: bool = apply eq(%x, %down)
    if %is {
      %p: int = tool @send(%x)
      fail %x
    } else {
      yield
    }
    %c3, %tip = gen %c2 : str
    yield %tip
  }
  return %out
}
"""
)


def test_branches_start_from_the_context_before() -> None:
    outcome = run(FORK, {"xs": ["a", "bad", "b"]}, {"out[0].tip": "1", "out[1].tip": "2"})
    assert outcome.value == ["1", "2"]
    assert prompts(outcome) == [("out[0].tip", "before a"), ("out[1].tip", "before b")]


def test_the_first_failure_of_a_branch_fails_the_fork() -> None:
    outcome = run(FORK, {"xs": ["a", "down", "b"]}, {"out[0].tip": "1"}, {"send": 1})
    assert outcome.failure is not None
    assert (outcome.failure.kind, outcome.failure.message) == ("fail", "down")
    assert len(outcome.requests) == 1
    assert outcome.effects == (Effect("send", {"to": "down"}),)


def test_a_handler_yields_for_a_failed_branch() -> None:
    handler = "    yield %tip\n  } except %x.1, %err {\n    %m: str = attr message of %err\n    yield %m\n  }\n"
    program = FORK.replace("    yield %tip\n  }\n", handler)
    outcome = run(program, {"xs": ["down", "b"]}, {"out[1].tip": "2"}, {"send": 1})
    assert outcome.value == ["down", "2"]


TRY = (
    TOOLS
    + """\
func @main(%x: str, %n: int) -> str {
  %c = context
  %c1 = append %c, role user ["q"]
  %c9: ctx, %text: str = try {
    %c2 = append %c1, role assistant ["try "]
    %c3, %a = gen %c2 : str
    %i: int = apply int(%a)
    %zero: int = const 0
    %ok: bool = apply ge(%i, %zero)
    %why: str = const "below zero"
    ensure %ok, %why
    %s: int = tool @send(%a)
    %two: int = const 2
    %big: bool = apply gt(%i, %two)
    if %big {
      fail %a
    } else {
      yield
    }
    yield %c3, %a
  } except %err {
    %c4 = append %c1, [" failed"]
    %kind: str = attr kind of %err
    %message: str = attr message of %err
    %t = format [%kind, ": ", %message]
    yield %c4, %t
  }
  %c10, %b = gen %c9 : str
  return %text
}
"""
)


@pytest.mark.parametrize(
    ("answer", "sent", "text", "prompt"),
    [
        ("1", 1, "1", "user: q\nassistant: try 1"),
        ("x", 1, "value: `int`: found 'x', expected int as text", "user: q failed"),
        ("-1", 1, "ensure: below zero", "user: q failed"),
        ("2", ToolFailure("no"), "tool: tool `send`: no", "user: q failed"),
        ("3", 1, "fail: 3", "user: q failed"),
    ],
    ids=["none", "value", "ensure", "tool", "fail"],
)
def test_try_catches_and_starts_again_from_before(answer: str, sent: Any, text: str, prompt: str) -> None:
    outcome = run(TRY, {"x": "", "n": 1}, {"a": answer, "b": "."}, {"send": sent})
    assert outcome.value == text
    assert prompts(outcome)[1] == ("b", prompt)


ATTEMPT = """\
func @main(%k: int) -> int {
  %c = context
  %c1 = append %c, role user ["a number"]
  %c9, %n: int = attempt %c2 = %c1 retries 2 {
    %c3 = append %c2, role assistant []
    %c4, %n1 = gen %c3 as n : int
    %ok: bool = apply gt(%n1, %k)
    %why = format ["more than ", %k]
    check %ok, %why, %c4, %n1
  }
  %c10, %next = gen %c9 : str
  return %n
}
"""


def test_a_retry_sees_what_failed_and_why_and_leaves_no_trace() -> None:
    outcome = run(ATTEMPT, {"k": 5}, {"n": ["1", "2", "7"], "next": ""})
    assert outcome.value == 7
    why = "user: more than 5\nassistant: "
    assert prompts(outcome) == [
        ("n", "user: a number\nassistant: "),
        ("n", f"user: a number\nassistant: 1\n{why}"),
        ("n", f"user: a number\nassistant: 1\n{why}2\n{why}"),
        ("next", "user: a number\nassistant: 7"),
    ]


def test_an_attempt_fails_with_why_when_its_retries_are_spent() -> None:
    outcome = run(ATTEMPT, {"k": 5}, {"n": ["1", "2", "3"]})
    assert outcome.failure is not None
    assert (outcome.failure.kind, outcome.failure.message) == ("ensure", "more than 5")
    assert len(outcome.requests) == 3


def test_a_silent_attempt_runs_again_from_the_checkpoint() -> None:
    outcome = run(ATTEMPT.replace("retries 2", "retries 2 silent"), {"k": 5}, {"n": ["1", "7"], "next": ""})
    assert [text for path, text in prompts(outcome) if path == "n"] == ["user: a number\nassistant: "] * 2


def test_a_retry_inside_an_open_message_opens_it_again() -> None:
    # The stretch goes on in the message that is open at the checkpoint, so it has no role statement of its own.
    inside = ATTEMPT.replace('role user ["a number"]', 'role assistant ["n = "]').replace("role assistant []", "[]")
    outcome = run(inside, {"k": 5}, {"n": ["1", "7"], "next": ""})
    assert [prompt.messages for _, prompt in outcome.requests] == [
        (("assistant", "n = "),),
        (("assistant", "n = 1"), ("user", "more than 5"), ("assistant", "")),
        (("assistant", "n = 7"),),
    ]


def test_an_attempt_in_an_attempt() -> None:
    inner = """\
    %c7, %n1: int = attempt %c3 = %c2 retries 1 {
      %c4 = append %c3, role assistant []
      %c5, %n2 = gen %c4 as n : int
      %two: int = const 2
      %even: int = apply mod(%n2, %two)
      %zero: int = const 0
      %fine: bool = apply eq(%even, %zero)
      %odd: str = const "even!"
      check %fine, %odd, %c5, %n2
    }
    %c8 = append %c7, [" ok"]
"""
    before, _, rest = ATTEMPT.partition("    %c3 = append")
    program = before + inner + "    %ok" + rest.partition("    %ok")[2].replace("%c4, %n1", "%c8, %n1")
    outcome = run(program, {"k": 5}, {"n": ["1", "4", "8"], "next": ""})
    assert [text.replace("\n", "|") for _, text in prompts(outcome)] == [
        "user: a number|assistant: ",
        "user: a number|assistant: 1|user: even!|assistant: ",
        "user: a number|assistant: 4 ok|user: more than 5|assistant: ",
        "user: a number|assistant: 8 ok",
    ]


def test_a_failure_is_placed_where_it_happened() -> None:
    program = """\
func @main() -> int {
  %n: int = call @inner() at "a.sgl":3:5
  return %n
}
func @inner() -> int {
  %s: str = const "x"
  %n: int = apply int(%s) at "a.sgl":9:7
  return %n
}
"""
    failure = run(program).failure
    assert failure is not None
    assert str(failure.location) == "a.sgl:9:7"
    failure = run(program.replace(' at "a.sgl":9:7', "")).failure
    assert failure is not None
    assert str(failure.location) == "a.sgl:3:5"


# --- the frame -------------------------------------------------------------------------------------------------------


def test_arguments_get_defaults_and_must_fit() -> None:
    program = 'func @main(%x: float, %y: str = "d") -> json {\n  %o: json = apply list(%x, %y)\n  return %o\n}\n'
    assert repr(run(program, {"x": 1}).value) == "[1.0, 'd']"
    with pytest.raises(ConformError, match="x: found"):
        run(program, {"x": "1"})
    with pytest.raises(KeyError):
        run(program, {"x": 1}, function="nope")


def test_a_program_that_runs_too_long_is_stopped() -> None:
    program = "func @main() {\n  loop max 1000000000 {\n    continue\n  }\n  return\n}\n"
    with pytest.raises(InterpretError, match="too many steps"):
        run(program, max_steps=1000)


def test_a_value_that_was_never_given_may_be_carried_but_not_read() -> None:
    program = """\
func @main(%read: bool) -> int {
  %u: int = undef
  %one: int = const 1
  %n = loop max 2, %i: int = %u {
    if %read {
      %m: int = apply add(%i, %one)
      yield
    } else {
      yield
    }
    continue %one
  }
  return %n
}
"""
    assert run(program, {"read": False}).value == 1
    with pytest.raises(InterpretError, match="no value yet"):
        run(program, {"read": True})


def test_same_meaning() -> None:
    request = ("a", Prompt((("user", "x"),)))
    outcome = Outcome(value={"n": 1}, requests=(request, request))

    def changed(**fields: Any) -> Outcome:
        return msgspec.structs.replace(outcome, **fields)

    assert same_meaning(outcome, changed(requests=(("b", request[1]),)))
    assert not same_meaning(outcome, changed(requests=(request, request, request)))
    assert not same_meaning(outcome, changed(requests=(("a", Prompt((("user", "y"),))),)))
    assert not same_meaning(outcome, changed(value={"n": 1.0}))
    assert not same_meaning(outcome, changed(effects=(Effect("send", {}),)))


def test_a_script_runs_out_loudly() -> None:
    with pytest.raises(InterpretError, match="nothing is scripted for `n`"):
        run(ATTEMPT, {"k": 1})
    assert tools({"a": 1})("a", {}) == 1
