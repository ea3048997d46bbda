"""print_graph and parse_graph: each other's inverse, one text for equal graphs, and the form of every op."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import msgspec
import pytest
from graph_strategy import graphs
from hypothesis import given, settings
from hypothesis import strategies as st

from sglc.ir import ops
from sglc.ir.graph import Function, Graph, Node, Region, Value, walk
from sglc.ir.ops import GenOptions
from sglc.ir.text import IrTextError, parse_graph, print_graph, strip_locations
from sglc.ir.tools import ArgPart, Constant, DictValue, EnvPart, HttpSpec, PythonSpec, Template, ToolSpec
from sglc.ir.types import (
    CONTEXT,
    INT,
    JSON,
    STR,
    Field,
    FloatType,
    NamedType,
)
from sglc.ir.verify import verify
from sglc.source import Location

DOCS = (Path(__file__).parents[2] / "docs" / "ir.md").read_text("utf-8")

TIPS = """\
func @tips(%place: str, %topics: list[str]) -> list[str] {
  %c0 = context
  %c1 = append %c0, role user ["Tips for a trip to ", %place, "."]
  %out = map %t in %topics captures %c1 {
    %c2 = append %c1, role assistant ["About ", %t, ": "]
    %c3, %tip = gen %c2 : str { max_tokens = 48, stop = ["\\n"] }
    yield %tip
  }
  return %out
}
"""

PARAMS = "%place: str, %k: int, %c: ctx, %xs: list[str], %b: bool"

FORMS = """\
%n: int = const 3
%s: str = apply str.upper(%place)
%s: str = apply "odd name"()
%f: str? = attr eta of %place
%f: str = attr "first-name" of %place
%r: Pair = record {text = %place, "no name" = %k}
%r: Pair = record {}
%u: Pair = undef
%n: int = conform %place
%n: int = conform %place "got.\\"x\\""
%s = format ["a ", %place, "\\n\\"", %k]
%s = format []
%k1 = tokens %place model judge
%c1 = append %c, []
%c1 = append %c, ["more", %k]
%c1 = append %c, role user []
%c1, %tip = gen %c : str
%c1, %tip = gen %c as advice : int(min=1, max=5) { max_tokens = 8 } site advice.2
%c1, %tip, %why, %p: json = gen %c : str { temperature = 0, reasoning = true, logprobs = true, follow = "}" }
%c1, %x = gen %c : bool { max_tokens = 5, seed = %k }
%c1, %x = gen %c : call(look(what: str = "a" "w") -> (int | str) | done(ok?: bool)) { logit_bias = [["a", 1]] }
%c1, %best = select %c, %xs by likelihood
%c1, %best, %all = select %c, %xs by greedy as choice { scores = true, model = "judge" } site choice.2
%a: int = tool @track(%place, %k)
%step = dispatch %k [track, stock]
%a: str = call @tips() site tips.2
%c1 = use @voice(%c)
%c1, %a: str = use @voice(%c, %place) site "not plain"
%chat = open @chat(%place)
%a: str = turn @chat(%place, %k)
ensure %b, %place
expect %b, "got.id == 1"
expect %b, "got", "got.id" = %k, "1" = %b
return
return %c, %k
continue %c
break
fail %place
check %b, %place, %c
yield %place
"""

NESTED = """\
func @f(%b: bool, %xs: list[str], %k: int) {
  %c = context
  %r: ctx, %v: int = if %b {
    yield %c, %k
  } else {
    return
  }
  %m: str = match %k case 1 | "a" | null {
    break
  } case is int? | is (int | str) | is list[str] {
    fail %xs
  } case member look | _ {
    yield %xs
  }
  %r1, %v1: int? = loop max 3, %lc = %r, %lv = %v {
    continue %lc, %lv
  }
  %v2 = loop max 3, %u: int? = %v as again while (%w) {
    yield %b
  } do {
    break %u
  }
  loop max 0 {
    continue
  }
  for %x in %xs {
    continue
  }
  %v3, %all = for collect %x1: str? in %xs, %y = %v as each {
    continue %y, %x1
  }
  %out = map ordered %x2 in %xs as fork {
    yield %x2
  } except %t.9, %err {
    yield %k
  }
  %some = filter %x3 in %xs {
    yield %b
  } site filter.2
  %c4 = encode %c, %d in %xs stride 100 {
    yield %d
  }
  %c5 = encode %c, %d1 in %xs {
    yield %d1
  }
  %t: str = try {
    yield %d
  } except %e {
    yield %m
  }
  %c6, %t1: int = attempt %c7 = %c5 retries 2 {
    check %b, %m, %c7, %k
  }
  %c8 = attempt %c9 = %c5 retries 0 silent {
    check %b, %m, %c9
  }
  return
}
"""

DECLARATIONS = """\
type Parcel max 3 "a parcel" {
  status: str = "open" "how it is"
  next?: Parcel?
  "first-name": str
}

enum Intent "what for" { logistics, refund "money back" }

tool track(order_id: str "as printed") -> Parcel "Where?" {"impl": {"t": "python", "target": "shop:track"}, "retry": 2}

model judge "models/judge" date "2026-01-31"
model "" "hub/name"

session chat(lang: str = "English") states (turns: int = 0) turn (msg: str) -> str

serve tips { path = "/tips", name = "Tips" }
serve chat
test "reads the \\"number\\"" = @"test 1" replay "r.jsonl"
test "x" = @test.2
entry tips

func @tips(%n: int = 3 "how many", %names: list[str]) -> list[str] max 4 "what it does" {
  return %names
}

func @renamed(%n.1: int) -> int fields (n: int = 3) {
  return %n.1
}

template @voice(%c: ctx, %lang: str = "English") -> ctx, str {
  return %c, %lang
}

open @chat.open(%lang: str) -> ctx, int {
  return %lang, %lang
}

turn @chat.turn(%c: ctx, %turns: int, %lang: str, %msg: str) -> ctx, int, str fields (msg: str) {
  return %c, %turns, %msg
}

test @"test 1"() {
  return
}

func @3.x(%"odd name": type list, %2: type "no word", %s: session chat) {
  return
}
"""


def reprinted(text: str) -> str:
    graph = parse_graph(text)
    printed = print_graph(graph)
    assert parse_graph(printed) == graph
    return printed


@pytest.mark.parametrize("text", [TIPS, NESTED, DECLARATIONS], ids=["tips", "nested", "declarations"])
def test_prints_what_it_read(text: str) -> None:
    assert reprinted(text) == text


@pytest.mark.parametrize("line", FORMS.splitlines())
def test_form(line: str) -> None:
    text = f"func @f({PARAMS}) {{\n  {line}\n}}\n"
    assert reprinted(text) == text


def test_every_op_has_a_form_of_its_own() -> None:
    lines = "\n".join(f"  {line}" for line in FORMS.splitlines())
    graph = parse_graph(f"func @f({PARAMS}) {{\n{lines}\n  %d = context\n}}\n{NESTED}")
    found = {type(node.op) for function in graph.functions for node in walk(function.body)}
    assert found == set(ops.OPS)
    assert " op {" not in print_graph(graph)


@pytest.mark.parametrize("text", re.findall(r"^```text\n(.*?)^```", DOCS, re.DOTALL | re.MULTILINE))
def test_what_the_docs_show(text: str) -> None:
    verify(parse_graph(text))
    assert reprinted(text) == text


def test_the_docs_show_every_op() -> None:
    texts = re.findall(r"^```text\n(.*?)^```", DOCS, re.DOTALL | re.MULTILINE)
    found = {type(node.op) for text in texts for f in parse_graph(text).functions for node in walk(f.body)}
    assert found == set(ops.OPS)


def test_white_space_comments_and_order_do_not_matter() -> None:
    text = "# a comment\n\n  entry  f\n\nfunc @f ( %x : int )->int{ # why\n\n"
    text += '%y:json=const { "a" : [ 1 , "b c" ] }\nreturn %x\n} # end'
    graph = parse_graph(text)
    assert print_graph(graph) == (
        'entry f\n\nfunc @f(%x: int) -> int {\n  %y: json = const {"a":[1,"b c"]}\n  return %x\n}\n'
    )


def test_options_come_in_any_order() -> None:
    text = "func @f(%c: ctx) {\n  %d, %x = gen %c : str { stop = [], temperature = 0.0, max_tokens = 3 }\n}\n"
    assert "gen %c : str { max_tokens = 3, temperature = 0 }" in print_graph(parse_graph(text))


def test_equal_graphs_print_alike() -> None:
    def graph(zero: Any) -> Graph:
        gen = ops.Gen("x", FloatType(min=zero), GenOptions(temperature=zero, logit_bias=(("a", zero),)))
        node = Node(gen, ("c",), (Value("d", CONTEXT), Value("x", FloatType(min=zero))))
        params = (Value("c", CONTEXT),)
        tool = ToolSpec("t", (), STR, PythonSpec("m:f"), timeout_s=zero)
        return Graph((Function("f", "def", (), params, (), Region(params, (node,))),), tools=(tool,))

    assert graph(0) == graph(0.0)
    assert print_graph(graph(0)) == print_graph(graph(0.0))


def test_what_does_not_fit_its_form_gets_the_general_one() -> None:
    params = (Value("x", STR), Value("c", CONTEXT))
    nodes = (
        Node(ops.Append((1, "a", 0)), ("c", "x", "x"), (Value("d", CONTEXT),)),
        Node(ops.If(), (), (), (Region((Value("p", INT),), ()),)),
        Node(ops.Gen("g", STR, dynamic=("seed",)), ("c",), ()),
    )
    graph = Graph((Function("f", "template", (), params, (), Region(params, nodes)),))
    printed = print_graph(graph)
    assert printed.count(" op {") == 3
    assert parse_graph(printed) == graph


def test_locations() -> None:
    where = Location('my "trip".sgl', 3, 5)
    region = Region((), (Node(ops.Return(), (), (), (), where),))
    node = Node(ops.Try(), (), (), (region, Region((Value("e", NamedType("error")),), region.nodes)), where)
    body = Region((), (node, *region.nodes))
    tool = ToolSpec("t", (), STR, PythonSpec("m:f"), location=where)
    graph = Graph((Function("f", "def", (), (), (), body, location=where),), tools=(tool,))
    assert parse_graph(print_graph(graph, locations=True)) == graph
    assert print_graph(graph, locations=True).count(' at "my \\"trip\\".sgl":3:5') == 6
    assert " at " not in print_graph(graph)
    assert parse_graph(print_graph(graph)) == strip_locations(graph) == strip_locations(strip_locations(graph))


def test_http_tool() -> None:
    url = Template((EnvPart("SHOP_URL"), "/parcels/", ArgPart("order", ("id",))))
    body = DictValue((("q", ArgPart("order")), ("n", Constant("3"))))
    tool = ToolSpec("track", (Field("order", JSON),), STR, HttpSpec("POST", url, body=body), effect=True, cache_s=1.5)
    graph = Graph(tools=(tool,))
    assert parse_graph(print_graph(graph)) == graph


@pytest.mark.parametrize(
    ("text", "place", "message"),
    [
        ("hello\n", (1, 1), "unexpected `hello`"),
        ("func @f( {\n}\n", (1, 10), "unexpected `{`, expected `)` or value"),
        ("func @f() {\n  %x = apply f()\n}\n", (2, 3), "the type of %x has to be written"),
        ("func @f() { %x }\n", (1, 13), "expected the end of the line"),
        ("func @f() {\n", (2, 1), "unexpected the end"),
        ("func @f() {\n  %x: int(max=3, of=3) = const 3\n}\n", (2, 7), "`int` takes no (max, of)"),
        ("func @f() {\n  %x: list = const []\n}\n", (2, 7), "`list` has wrong arguments"),
        ("func @f() {\n  %x: bool(min=1) = const []\n}\n", (2, 7), "`bool` takes no (min)"),
        ("func @f(%c: ctx) {\n  %d, %x = gen %c : str { hot = 3 }\n}\n", (2, 12), "`gen` has no option `hot`"),
        ("func @f(%c: ctx) {\n  %d, %x = gen %c : str { n = 3, n = %c }\n}\n", (2, 34), "the option `n` comes twice"),
        ("func @f(%c: ctx) {\n  %d, %x = gen %c : str { stop = 3 }\n}\n", (2, 12), "Expected `array`, got `int`"),
        ("func @f(%c: ctx) {\n  %d = append %c, [] site a\n}\n", (2, 22), "`append` has no site"),
        ("func @f(%c: ctx) {\n  %d: int = op {} (%c)\n}\n", (2, 13), "missing required field `op`"),
        ('tool t() -> str {"retry": 1}\n', (1, 1), "tool `t`: Object missing required field `impl`"),
        ('serve f { way = "x" }\n', (1, 1), "`serve` has no option `way`"),
        ('entry "\\x"\n', (1, 7), "is not a JSON string"),
    ],
)
def test_errors_have_a_place(text: str, place: tuple[int, int], message: str) -> None:
    with pytest.raises(IrTextError) as caught:
        parse_graph(text)
    assert (caught.value.line, caught.value.column) == place
    assert message in caught.value.message


def test_captures_are_checked() -> None:
    with pytest.raises(IrTextError, match="`map` captures %c1"):
        parse_graph(TIPS.replace("captures %c1", "captures %c0"))
    assert parse_graph(TIPS.replace(" captures %c1", "")) == parse_graph(TIPS)


# --- everything ------------------------------------------------------------------------------------------------------

LOCATIONS = st.builds(Location, st.text(max_size=6), st.integers(1, 99), st.integers(1, 99))


@settings(max_examples=50, deadline=None)
@given(graphs(), st.lists(LOCATIONS, min_size=1, max_size=3))
def test_graphs_round_trip(graph: Graph, locations: list[Location]) -> None:
    located = graph.with_functions(lambda f: msgspec.structs.replace(f, body=_located(f.body, locations)))
    assert parse_graph(print_graph(located, locations=True)) == located
    assert parse_graph(print_graph(located)) == strip_locations(located) == strip_locations(graph)


def _located(region: Region, locations: list[Location]) -> Region:
    nodes = (
        msgspec.structs.replace(
            node,
            location=locations[i % len(locations)],
            regions=tuple(_located(r, locations) for r in node.regions),
        )
        for i, node in enumerate(region.nodes)
    )
    return Region(region.params, tuple(nodes))
