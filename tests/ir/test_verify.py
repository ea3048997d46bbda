"""Each invariant has a graph that breaks it and nothing before it; random graphs break none."""

from __future__ import annotations

import re
from pathlib import Path

import msgspec
import pytest
from graph_strategy import graphs
from hypothesis import given, settings

from sglc.ir.graph import Graph, Region
from sglc.ir.text import parse_graph
from sglc.ir.types import ERROR, INT, STR, Field, ListType, UnionType
from sglc.ir.verify import INVARIANTS, VerifyError, verify

HEAD = """\
type Pair {
  text: str
  number: int
}
enum Mood { glad, sad }
tool look(what: str) -> str {"impl": {"t": "python", "target": "m:look"}}
model judge "m"
session chat(lang: str) states (turns: int) turn (msg: str) -> str
entry ok

func @ok(%x: str) -> str {
  return %x
}
template @voice(%c: ctx, %lang: str) -> ctx {
  return %c
}
open @chat.open(%lang: str) -> ctx, int {
  %c = context
  %n: int = const 0
  return %c, %n
}
turn @chat.turn(%c: ctx, %turns: int, %lang: str, %msg: str) -> ctx, int, str fields (msg: str) {
  return %c, %turns, %msg
}
test @t() {
  return
}
"""

PARAMS = "%s: str, %n: int, %b: bool, %xs: list[str], %p: Pair, %step: call(look(what: str) -> str | done(ok: bool))"

# What a function with PARAMS holds, "|" for the end of a line.
BODIES = {
    "IR002": [
        '%v: re"[" = undef',
        "%v: call(f(a: int, a: int)) = undef",
        "%v: Nobody = undef",
        "%v: list[ctx] = undef",
        "%v: str(min=3, max=2) = undef",
        "%v: session shop = undef",
        "%v: list[int](min=-1) = undef",
        "%v: int(min=3, max=2)? = undef",
        "%v: dict[str, call(f(x: Nobody))] = undef",
        "%c = context|%d, %v: json = gen %c : Nobody",
        "%v: int = match %n case is Nobody {|yield %n|}",
    ],
    "IR010": [
        "%s = format []",
        "%v: int = const 1|%v: int = const 2",
        "%v: int = if %b {|%w: int = const 1|yield %w|} else {|%w: int = const 1|yield %w|}",
        "%v = map %s in %xs {|yield %s|}",
    ],
    "IR011": [
        "%v = format [%w]",
        "%v = format [%v]",
        "%v: int = if %b {|%w: int = const 1|yield %w|} else {|yield %w|}",
        "%v = map %x in %xs {|yield %x|}|%w = format [%x]",
    ],
    "IR020": [
        "yield %s|%v = format []",
        "if %b {|} else {|yield|}",
        "if %b {|%v = format []|} else {|yield|}",
        "fail %s|fail %s",
    ],
    "IR021": [
        "yield %s",
        "continue",
        "break",
        "check %b, %s",
        "loop max 1 {|yield|}",
        "if %b {|check %b, %s|} else {|yield|}",
        "if %b {|break|} else {|yield|}",
        "%c = context|%d = attempt %e = %c retries 1 {|yield %e|}",
        "%v = map %x in %xs {|check %b, %s|}",
    ],
    "IR022": [
        "%v: int = if %b {|yield|} else {|yield %n|}",
        "%v: int = if %b {|yield %n, %n|} else {|yield %n|}",
        "%v: int = match %s case _ {|yield %s|}",
        "%v: list[int] = map %x in %xs {|yield %x|}",
        "%v: list[int] = map %x in %xs {|yield %n|} except %x.1, %e {|yield %s|}",
        "%v = filter %x in %xs {|yield %x|}",
        "%c = context|%d = encode %c, %x in %xs {|yield %n|}",
        "loop max 1 while () {|yield %n|} do {|continue|}",
        "%v: int = try {|yield %n|} except %e {|yield %e|}",
    ],
    "IR023": ["return", "return %n, %s", "return %s", "%c = context|return %c", "if %b {|return|} else {|yield|}"],
    "IR024": [
        "%v = loop max 1, %w = %n {|continue|}",
        "%v = loop max 1, %w = %n {|break %s|}",
        "%v = for %x in %xs, %w = %n {|if %b {|break|} else {|yield|}|continue %w|}",
        "%v: list[str] = for collect %x in %xs {|continue|}",
        "%v: list[str] = for collect %x in %xs {|continue %n|}",
    ],
    "IR025": [
        "%c = context|%d = attempt %e = %c retries 1 {|check %b, %s|}",
        "%c = context|%d, %v: str = attempt %e = %c retries 1 {|check %b, %s, %e, %n|}",
        "%c = context|%d = attempt %e = %c retries 1 {|check %n, %s, %e|}",
    ],
    "IR026": [
        "%v: list[str] = map %x in %xs {|return %n|}",
        "%v = filter %x in %xs {|return %n|}",
        "%c = context|%d = encode %c, %x in %xs {|return %n|}",
        "loop max 1 {|%v: list[str] = map %x in %xs {|break|}|continue|}",
        "loop max 1 while () {|break|} do {|continue|}",
        "loop max 1 while () {|return %n|} do {|continue|}",
        "%v: list[int] = for collect %x in %xs {|return %n|}",
        "%v: list[int] = for collect %x in %xs {|break|}",
        "%v: list[int] = for collect %x in %xs {|if %b {|return %n|} else {|yield|}|continue %n|}",
        "%v = map %x in %xs {|yield %x|} except %x.1, %e {|if %b {|return %n|} else {|yield|}|yield %s|}",
    ],
    "IR027": [
        "%c = context|%d = attempt %e = %c retries 1 {|%f = context|check %b, %s, %f|}",
        "%c = context|%d = attempt %e = %c retries 1 {|check %b, %s, %c|}",
        "%c = context|%d = attempt %e = %c retries 1 {"
        "|%f: ctx = if %b {|yield %e|} else {|yield %c|}|check %b, %s, %f|}",
        "%c = context|%d = attempt %e = %c retries 1 {"
        "|%f = loop max 2, %g = %e {|%h = context|continue %h|}|check %b, %s, %f|}",
    ],
    "IR030": [
        "%v: int = apply add(%n)",
        '%c = context|%d: ctx, %v: str = '
        'op {"op": "gen", "name": "g", "type": {"t": "str"}, "dynamic": ["max_tokens"]} (%c, %s)',
        "%v: str = tool @look()",
        "%v: str = tool @look(%n)",
        "%c = append %s, []",
        "%c = context|%d = append %c, [%c]",
        "%v: str = call @ok(%n)",
        "%v: str = call @ok()",
        "%c = use @voice(%s, %s)",
        "%c = context|%v: str = apply str(%c)",
        "if %s {|yield|} else {|yield|}",
        "ensure %b, %n",
        "fail %n",
        "%v: list[str] = map %x: str in %s {|yield %x|}",
        "%c = context|%d, %v = select %c, %s by greedy",
        "%p2: Pair = record {text = %n, number = %n}",
        "%w = open @chat(%n)",
        "%w: str = turn @chat(%s, %s)",
        "%w: str = dispatch %s [look]",
        "%w: bool = loop max 1, %x: bool = %n {|continue %b|}",
        'op {"op": "const", "json": "1"} (%s)',
        "%k = tokens %n",
    ],
    "IR031": [
        "%v, %w: str = format []",
        "%v: int = format []",
        "%c: str = context",
        "%c = context|%d = gen %c as x : str",
        "%c = context|%d, %v: int = gen %c : str",
        "%c = context|%d, %v = gen %c : str { reasoning = true }",
        "%v: int = tool @look(%s)",
        "%v: int = record {text = %s}",
        "%v: Mood = record {text = %s}",
        "%v: int = map %x in %xs {|yield %x|}",
        "for collect %x in %xs {|continue|}",
        "%v: int = for collect %x in %xs {|continue %n|}",
        "%c = context|%v: int = attempt %e = %c retries 1 {|check %b, %s, %e|}",
        "%v: ctx = apply str(%n)",
    ],
    "IR032": [
        'op {"op": "if"} (%b) () {|yield|}',
        'op {"op": "if"} (%b) (%x: int) {|yield|} () {|yield|}',
        'op {"op": "loop", "max": 1} ()',
        "%v = map %x: int in %xs {|yield %x|}",
        "%v = map %x in %xs {|yield %x|} except %x.1, %e: str {|yield %e|}",
        "loop max 1 while (%x: int) {|yield %b|} do {|continue|}",
        'op {"op": "match", "cases": [[{"kind": "any"}]]} (%b) () {|yield|} () {|yield|}',
    ],
    "IR033": [
        "%c = context|%d, %v: ctx = gen %c : ctx",
        "%c = context|%d, %v = gen %c : str { max_tokens = 0 }",
        '%c = context|%d, %v = gen %c : str { stop = [""] }',
        '%c = context|%d, %v = gen %c : str { stop_re = "[" }',
        '%c = context|%d: ctx, %v: str = '
        'op {"op": "gen", "name": "g", "type": {"t": "str"}, "dynamic": ["stream"]} (%c, %b)',
        "%c = context|%d = encode %c, %x in %xs stride 0 {|yield %x|}",
        "%w = dispatch %step []",
        "%v: Pair = record {text = %s}",
        "%v: Pair = record {number = %n, text = %s}",
        '%v = map %x in %xs as "" {|yield %x|}',
        '%c = context|%d: ctx, %v: str = op {"op": "select", "name": ""} (%c, %xs)',
        "%c = context|%d = append %c, role king []",
        '%c = context|%d: ctx = op {"op": "append", "parts": [0]} (%c)',
        '%v: str = op {"op": "format", "parts": [0]} ()',
        '%v: str = op {"op": "format", "parts": []} (%s)',
        "%v: str = attr name of %p",
        "%v: str = attr text of %s",
        "%v: Pair = record {text = %s, text = %s}",
        "%v: Pair = record {name = %s}",
        "%c = context|%d, %v = select %c, %xs by luck",
        '%c = context|%d: ctx, %v: str = '
        'op {"op": "gen", "name": "g", "type": {"t": "str"}, "dynamic": ["seed", "seed"]} (%c, %n, %n)',
        '%c = context|%d: ctx, %v: str = '
        'op {"op": "gen", "name": "g", "type": {"t": "str"}, "dynamic": ["seed"], "options": {"seed": 1}} (%c, %n)',
        '%c = context|%d: ctx, %v: str = op {"op": "gen", "name": "", "type": {"t": "str"}} (%c)',
        "match %n case is str {|yield|}",
        "match %step case member track {|yield|}",
        "match %s case member look {|yield|}",
        'op {"op": "match", "cases": []} (%b)',
        'op {"op": "match", "cases": [[]]} (%b) () {|yield|}',
        'op {"op": "match", "cases": [[{"kind": "type"}]]} (%b) () {|yield|}',
        "loop max -1 {|continue|}",
        "%c = context|%d = attempt %e = %c retries -1 {|check %b, %s, %e|}",
    ],
    "IR034": [
        '%v: int = const "a"',
        "%v: Mood = const \"bored\"",
        "%v: int(max=3) = const 4",
        '%v: Pair = const {"text":"a"}',
        '%v: int = op {"op": "const", "json": "{"} ()',
        'op {"op": "match", "cases": [[{"kind": "literal", "json": "x"}]]} (%b) () {|yield|}',
    ],
    "IR035": [
        "%v: str = apply shout(%s)",
        "%v: str = tool @find(%s)",
        "%v: str = call @nobody(%s)",
        "%c = context|%v: str = call @voice(%c, %s)",
        "%c = use @ok(%s)",
        "%w = open @shop(%s)",
        "%w: str = turn @shop(%s, %s)",
        "%w = dispatch %step [find]",
        "%k = tokens %s model nobody",
        '%c = context|%d, %v = gen %c : str { model = "nobody" }',
        '%c = context|%d, %v = select %c, %xs by greedy { model = "nobody" }',
    ],
    "IR036": [
        "%c = context|%d = encode %c, %x in %xs {|%e, %y = gen %c : str|yield %y|}",
        "%c = context|%d = encode %c, %x in %xs {|if %b {|%y: str = tool @look(%x)|yield|} else {|yield|}|yield %x|}",
    ],
}  # fmt: skip

# Whole programs, after HEAD.
PROGRAMS = {
    "IR001": [
        "func @ok(%x: str) {\n  return\n}\n",
        "enum Pair { a }\n",
        "type Twice {\n  a: str\n  a: int\n}\n",
        "enum Twice { a, a }\n",
        'model judge "n"\n',
        "session chat() states () turn () -> str\n",
        'tool look() -> str {"impl": {"t": "python", "target": "m:f"}}\n',
        "func @f(%x: str, %y: str) fields (x: str, x: str) {\n  return\n}\n",
    ],
    "IR002": [
        "type A {\n  x: Nobody\n}\n",
        "enum A { }\n",
        'tool t(x: Nobody) -> str {"impl": {"t": "python", "target": "m:f"}}\n',
        'tool t() -> Nobody {"impl": {"t": "python", "target": "m:f"}}\n',
        "func @f() -> Nobody {\n  return\n}\n",
    ],
    "IR003": [
        'type A {\n  x: int = "a"\n}\n',
        'func @f(%x: int = "a") {\n  return\n}\n',
        'type A {\n  x: Mood = "bored"\n}\n',
    ],
    "IR004": [
        "entry nobody\n",
        "entry voice\n",
        "serve nobody\n",
        "serve t\n",
        'test "x" = @ok\n',
        'test "x" = @nobody\n',
        "session shop() states () turn () -> str\n",
        "session shop() states () turn () -> str\n\nopen @shop.open() -> ctx {\n  %c = context\n  return %c\n}\n"
        "turn @shop.turn(%c: ctx) -> ctx fields () {\n  return %c\n}\n",
        "session shop() states () turn () -> str\n\nopen @shop.open() -> ctx, int {\n  return\n}\n",
    ],
    "IR005": [
        "func @f(%c: ctx) {\n  return\n}\n",
        "func @f() -> ctx {\n  return\n}\n",
        "func @f() -> str, str {\n  return\n}\n",
        "template @f(%x: str) -> ctx {\n  return\n}\n",
        "template @f(%c: ctx) -> str {\n  return\n}\n",
        "template @f(%c: ctx) -> ctx, str, str {\n  return\n}\n",
        "template @f(%c: ctx, %d: ctx) -> ctx {\n  return\n}\n",
        "test @f() -> str {\n  return\n}\n",
        "open @f() {\n  return\n}\n",
        "func @f(%x: str) fields () {\n  return\n}\n",
        "func @f(%x: str) fields (x: int) {\n  return\n}\n",
        "func @f() max 0 {\n  return\n}\n",
    ],
    "IR027": [
        "template @f(%c: ctx) -> ctx {\n  %d = context\n  return %d\n}\n",
    ],
    "IR006": [
        "template @f(%c: ctx) -> ctx {\n  %d = use @f(%c)\n  return %d\n}\n",
        "template @f(%c: ctx) -> ctx {\n  %d = use @g(%c)\n  return %d\n}\n"
        "template @g(%c: ctx) -> ctx {\n  %d = use @f(%c)\n  return %d\n}\n",
    ],
    "IR007": [
        "func @f() -> str {\n  %x: str = call @f()\n  return %x\n}\n",
        "func @f() -> str {\n  %x: str = call @g()\n  return %x\n}\n"
        "func @g() -> str {\n  %x: str = call @f()\n  return %x\n}\n",
    ],
}


def function(body: str) -> str:
    lines = [f"  {line}" for line in body.split("|")]
    if not lines[-1].strip().startswith(("yield", "continue", "break", "check", "return", "fail")):
        lines.append("  return %n")
    return "\n".join([f"func @f({PARAMS}) -> int {{", *lines, "}\n"])


CASES = [
    *((number, function(body)) for number, bodies in BODIES.items() for body in bodies),
    *((number, program) for number, programs in PROGRAMS.items() for program in programs),
]


@pytest.mark.parametrize(("number", "text"), CASES)
def test_broken(number: str, text: str) -> None:
    with pytest.raises(VerifyError) as caught:
        verify(parse_graph(HEAD + text))
    assert caught.value.number == number, caught.value
    assert "\n> " in f"\n{caught.value.marked_text}"


def test_the_body_has_the_parameters_of_its_function() -> None:
    graph = parse_graph("func @f(%x: str) -> str {\n  return %x\n}\n")
    other = graph.with_functions(lambda f: msgspec.structs.replace(f, body=Region((), f.body.nodes)))
    with pytest.raises(VerifyError, match="IR008"):
        verify(other)


@pytest.mark.parametrize(
    "type_", [ERROR, UnionType((STR,)), UnionType((STR, STR)), UnionType((INT, UnionType((STR, ListType(INT)))))]
)
def test_types_that_text_cannot_write(type_: UnionType) -> None:
    graph = parse_graph("func @f(%x: str) {\n  return\n}\n")
    other = graph.with_functions(lambda f: msgspec.structs.replace(f, fields=(Field("x", type_),)))
    with pytest.raises(VerifyError, match="IR002"):
        verify(other)


def test_every_invariant_has_a_case() -> None:
    assert {number for number, _ in CASES} | {"IR008"} == set(INVARIANTS)


def test_the_docs_list_the_invariants() -> None:
    docs = (Path(__file__).parents[2] / "docs" / "ir.md").read_text("utf-8")
    assert re.findall(r"^\| (IR\d+) \| (.*) \|$", docs, re.MULTILINE) == list(INVARIANTS.items())


def test_head_is_valid() -> None:
    verify(parse_graph(HEAD))
    verify(Graph())


def test_contexts_that_go_on_through_loops_and_branches_are_valid() -> None:
    """What leaves an inner attempt goes on from the outer one's context too."""
    body = (
        "%c = context|%d = attempt %e = %c retries 1 {|%f = loop max 2, %g = %e {|%h = use @voice(%g, %s)"
        "|%i = attempt %j = %h retries 1 {|%k: ctx = if %b {|%l = append %j, [%s]|yield %l|} else {|break %j|}"
        "|check %b, %s, %k|}|continue %i|}|%m: ctx = try {|yield %f|} except %err {|yield %e|}|check %b, %s, %m|}"
    )
    verify(parse_graph(HEAD + function(body + "|return %n")))


def test_cycles_with_a_depth_are_valid() -> None:
    verify(parse_graph("func @f() -> str max 3 {\n  %x: str = call @f()\n  return %x\n}\n"))


def test_a_loop_takes_a_list_that_may_be_none() -> None:
    """Behind a `match` it is none no more, but its value keeps its type."""
    loop = "      %c = context\n      %d = encode %c, %y: str in %xs {\n        yield %y\n      }\n"
    loop += "      for %x: str in %xs {\n        continue\n      }\n"
    text = (
        "func @f(%xs: list[str]?) {\n  match %xs case null {\n    yield\n  } case _ {\n"
        + loop
        + "    yield\n  }\n  return\n}\n"
    )
    verify(parse_graph(text))
    with pytest.raises(VerifyError, match="IR030"):
        verify(parse_graph(text.replace("list[str]?", "str?")))


def test_the_bad_line_is_marked() -> None:
    text = "func @f(%b: bool, %s: str) -> str {\n  if %b {\n    fail %b\n  } else {\n    yield\n  }\n  return %s\n}\n"
    with pytest.raises(VerifyError) as caught:
        verify(parse_graph(text))
    assert str(caught.value) == (
        "IR030: operand 0 of `fail` is `bool`, expected `str`\n"
        "  func @f(%b: bool, %s: str) -> str {\n"
        "    if %b {\n"
        ">     fail %b\n"
        "    } else {\n"
        "      yield\n"
        "    }\n"
        "    return %s\n"
        "  }\n"
    )


@settings(max_examples=60, deadline=None)
@given(graphs())
def test_random_graphs_are_valid(graph: Graph) -> None:
    verify(graph)
