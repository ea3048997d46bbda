"""The invariants of a Graph, each with a number. A violation is a bug of ours, shown in the IR's text, its line marked.

Declarations: IR001-IR008. Values: IR010-IR011. Regions and how they end: IR020-IR027. Ops: IR030-IR036. INVARIANTS
states each; docs/ir.md repeats the list. Contexts need not be used linearly: a fork is two users of one context.

A value's type has to agree with its place as far as kinds go. An operand may be wider than what its place takes (a
value that `match` narrowed keeps its type), but the two must have values in common; a context is only ever a context.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TypeVar

import networkx as nx

from sglc.ir.graph import Function, Graph, Serve, Session, Test, call_graph, walk
from sglc.ir.ops import Use
from sglc.ir.text import mark_node, print_graph
from sglc.ir.types import CONTEXT, NONE, ContextType, Declared, EnumType, Field, Type, show
from sglc.ir.verify_function import check_function
from sglc.ir.verify_rules import Broken, Program, names_twice
from sglc.ir.verify_types import check_fields, check_type

T = TypeVar("T")

INVARIANTS: dict[str, str] = {
    "IR001": "names are unique: of functions, types, tools, models and sessions, of members and fields",
    "IR002": "a type names what is declared, has sensible bounds, and holds no context; unions are flat",
    "IR003": "defaults conform to their types",
    "IR004": "the entry, serves and tests name what exists; a session has its functions `.open` and `.turn`",
    "IR005": "a function's parameters, fields and results have the layout of its kind",
    "IR006": "a template does not use itself, directly or through others",
    "IR007": "every cycle of calls goes through a function with a depth",
    "IR008": "a function's body has the function's parameters",
    "IR010": "a value's name is defined once in its function",
    "IR011": "a value is used only after its definition, in the same region or inside of it",
    "IR020": "a region ends in a terminator and holds no other",
    "IR021": "a terminator stands where it means something",
    "IR022": "`yield` gives what the results around it need",
    "IR023": "`return` gives what the function's results need",
    "IR024": "`continue` and `break` give what their loop carries and collects",
    "IR025": "`check` gives what its attempt's results need",
    "IR026": "nothing jumps out of `map`, `filter`, `encode`, a collecting `for` or the condition of a `loop`",
    "IR027": "what an attempt or a template gives back goes on from the context that it was given",
    "IR030": "an op has the operands that it takes, by number and type",
    "IR031": "an op has the results that it gives, by number and type",
    "IR032": "an op has the regions that it needs, with the parameters that it hands to them",
    "IR033": "attributes are sensible: roles, options, patterns, parts, bounds",
    "IR034": "a literal conforms to its type",
    "IR035": "functions, tools, models and sessions that an op names exist and are of the right kind",
    "IR036": "documents of an `encode` are text only: no generation, no call",
}


class VerifyError(Exception):
    """A graph breaks an invariant. `marked_text` is the text of the function or declaration, its bad line marked."""

    def __init__(self, number: str, message: str, marked_text: str) -> None:
        super().__init__(f"{number}: {message}\n{marked_text}")
        self.number, self.message, self.marked_text = number, message, marked_text


def verify(graph: Graph) -> None:
    """Raise VerifyError for the first invariant that the graph breaks."""
    program = Program(graph)
    _each([graph], _check_names, lambda g: g)
    _each(graph.types, lambda t: _check_declared(t, program), lambda t: Graph(types=(t,)))
    _each(graph.tools, lambda t: _check_signature(t.params, [t.result], program), lambda t: Graph(tools=(t,)))
    _each(graph.sessions, lambda s: _check_session(s, program), lambda s: Graph(sessions=(s,)))
    _each(graph.serves, lambda s: _check_serve(s, program), lambda s: Graph(serves=(s,)))
    _each(graph.tests, lambda t: _check_test(t, program), lambda t: Graph(tests=(t,)))
    _each([graph], lambda g: _check_entry(g, program), lambda g: Graph(entry=g.entry))
    _each(graph.functions, lambda f: _check_layout(f, program), lambda f: f)
    _each([graph], lambda g: _check_cycles(g, program), lambda g: g)
    _each(graph.functions, lambda f: check_function(f, program), lambda f: f)


def _each(things: Iterable[T], check: Callable[[T], None], shown: Callable[[T], Graph | Function]) -> None:
    """Check things of one kind; `shown` is what a failure shows of the thing."""
    for thing in things:
        try:
            check(thing)
        except Broken as broken:
            text = _marked(shown(thing), broken)
            raise VerifyError(broken.number, broken.message, text) from None


def _marked(thing: Graph | Function, broken: Broken) -> str:
    if isinstance(broken, BrokenFunction):
        thing = broken.function
    if isinstance(thing, Function):
        return mark_node(thing, broken.node)
    lines = print_graph(thing).splitlines() or ["(empty)"]
    return "".join(f"{' ' if i else '>'} {line}\n" for i, line in enumerate(lines))


class BrokenFunction(Broken):
    """An invariant of the whole program that one function breaks."""

    def __init__(self, number: str, message: str, function: Function) -> None:
        super().__init__(number, message)
        self.function = function


# --- names and declarations ------------------------------------------------------------------------------------------


def _check_names(graph: Graph) -> None:
    kinds = {
        "functions": graph.functions,
        "types": graph.types,
        "tools": graph.tools,
        "models": graph.models,
        "sessions": graph.sessions,
    }
    for kind, declared in kinds.items():
        twice = names_twice(d.name for d in declared)
        if twice is not None:
            raise Broken("IR001", f"two {kind} are called `{twice}`")


def _check_declared(declared: Declared, program: Program) -> None:
    if not isinstance(declared, EnumType):
        check_fields(declared.fields, program)
        return
    twice = names_twice(declared.names)
    if twice is not None:
        raise Broken("IR001", f"two members of `{declared.name}` are called `{twice}`")
    if not declared.members:
        raise Broken("IR002", f"`{declared.name}` has no member")


def _check_signature(fields: Iterable[Field], results: Iterable[Type], program: Program) -> None:
    check_fields(fields, program)
    for result in results:
        check_type(result, program)


def _check_session(session: Session, program: Program) -> None:
    arguments = [f.type for f in session.fields]
    states = [f.type for f in session.states]
    turn = [f.type for f in session.turn_fields]
    _check_signature((*session.fields, *session.states, *session.turn_fields), [session.result], program)
    layouts = {
        "open": (arguments, [CONTEXT, *states]),
        "turn": ([CONTEXT, *states, *arguments, *turn], [CONTEXT, *states, session.result]),
    }
    for kind, (params, results) in layouts.items():
        function = program.functions.get(f"{session.name}.{kind}")
        if function is None or function.kind != kind:
            raise Broken("IR004", f"session `{session.name}` has no function `{session.name}.{kind}` of that kind")
        found = ([v.type for v in function.params], list(function.results))
        # A turn without a value gives the states only.
        without_value = session.result == NONE and found == (params, results[: len(states) + 1])
        if found != (params, results) and not without_value:
            expected = f"({', '.join(map(show, params))}) -> {', '.join(map(show, results))}"
            raise Broken("IR004", f"`{function.name}` does not fit its session, expected {expected}")


def _check_serve(serve: Serve, program: Program) -> None:
    if not _runs(serve.function, program):
        raise Broken("IR004", f"`{serve.function}` is not a function or session")


def _check_test(test: Test, program: Program) -> None:
    function = program.functions.get(test.function)
    if function is None or function.kind != "test":
        raise Broken("IR004", f"test `{test.name}` has no function `{test.function}` of that kind")


def _check_entry(graph: Graph, program: Program) -> None:
    if graph.entry and not _runs(graph.entry, program):
        raise Broken("IR004", f"the entry `{graph.entry}` is not a function or session")


def _runs(name: str, program: Program) -> bool:
    """Whether a name is that of something to start from outside."""
    function = program.functions.get(name)
    return name in program.sessions or (function is not None and function.kind == "def")


# --- functions -------------------------------------------------------------------------------------------------------


def _check_layout(function: Function, program: Program) -> None:
    """IR005"""
    params, results = [v.type for v in function.params], list(function.results)
    _check_signature(function.fields, [*params, *results], program)
    starts = {"template": (1, 1), "open": (0, 1), "turn": (1, 1)}
    contexts_in, contexts_out = starts.get(function.kind, (0, 0))
    if not (_begins(params, contexts_in) and _begins(results, contexts_out)):
        raise Broken("IR005", f"a {function.kind} takes {contexts_in} and gives {contexts_out} contexts, first of all")
    most = {"def": 1, "template": 2, "test": 0}.get(function.kind)
    if most is not None and len(results) > most:
        raise Broken("IR005", f"a {function.kind} has at most {most} results")
    fields = [f.type for f in function.fields]
    hidden = len(params) - len(fields)
    expected = hidden >= contexts_in if function.kind == "turn" else hidden == contexts_in
    if not expected or params[hidden:] != fields:
        raise Broken("IR005", f"the fields of `{function.name}` are not its last parameters")
    if function.depth is not None and function.depth < 1:
        raise Broken("IR005", "the depth is not positive")


def _begins(types: list[Type], count: int) -> bool:
    """Whether a list begins with that many contexts and has no other."""
    return len(types) >= count and [isinstance(t, ContextType) for t in types] == [i < count for i in range(len(types))]


def _check_cycles(graph: Graph, program: Program) -> None:
    uses = nx.DiGraph()
    for function in graph.functions:
        uses.add_edges_from((function.name, n.op.template) for n in walk(function.body) if isinstance(n.op, Use))
    calls = call_graph(graph)
    calls.remove_nodes_from([f.name for f in graph.functions if f.depth is not None])
    for number, edges, says in (
        ("IR006", uses, "the template uses itself"),
        ("IR007", calls, "no function of the cycle has a depth"),
    ):
        cycle = next((c for c in nx.simple_cycles(edges) if c[0] in program.functions), None)
        if cycle is not None:
            first = min(cycle)
            raise BrokenFunction(number, f"{says}: {' -> '.join((*cycle, cycle[0]))}", program.functions[first])
