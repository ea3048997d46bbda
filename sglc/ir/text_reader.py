"""Trees of textual IR -> declarations and functions; text_nodes.py reads what is in a function."""

from __future__ import annotations

from typing import cast

import msgspec

from sglc.ir.graph import Function, FunctionKind, Graph, Model, Region, Serve, Session, Test, Value
from sglc.ir.text_nodes import NodeReader
from sglc.ir.text_printer import KINDS, NO_LOCATION, hidden_params
from sglc.ir.text_tree import (
    Parsed,
    all_of,
    child,
    children,
    depth,
    description,
    error_at,
    find,
    json_text,
    location,
    name_of,
    string,
    tokens,
    word,
)
from sglc.ir.text_types import TYPE_RULES, default, read_fields, read_type, stated_type
from sglc.ir.tools import ToolSpec
from sglc.ir.types import NONE, Declared, EnumMember, EnumType, Field, RecordType

_KIND_OF_WORD = {shown: kind for kind, shown in KINDS.items()}


def read_graph(tree: Parsed, text: str) -> Graph:
    """The program that a tree of rule `graph` stands for."""
    entries = all_of(tree, "entry")
    return Graph(
        functions=tuple(_function(t, text) for t in all_of(tree, "function")),
        types=tuple(_declared(t, text) for t in children(tree) if t.data in ("record", "enum")),
        tools=tuple(_tool(t, text) for t in all_of(tree, "tool")),
        models=tuple(Model(name_of(t), *map(string, tokens(t))) for t in all_of(tree, "model")),
        sessions=tuple(_session(t, text) for t in all_of(tree, "session")),
        serves=tuple(_serve(t) for t in all_of(tree, "serve")),
        tests=tuple(map(_test, all_of(tree, "test"))),
        entry=name_of(entries[-1]) if entries else "",
    )


def _declared(tree: Parsed, text: str) -> Declared:
    if tree.data == "enum":
        members = (EnumMember(name_of(m), description(m)) for m in all_of(tree, "member"))
        return EnumType(name_of(tree), tuple(members), description(tree))
    return RecordType(name_of(tree), read_fields(tree, text), description(tree), depth(tree))


def _tool(tree: Parsed, text: str) -> ToolSpec:
    rest = msgspec.json.decode(json_text(child(tree, "json"), text))
    signature = {"name": name_of(tree), "params": (), "result": msgspec.to_builtins(NONE)}
    try:
        tool = msgspec.convert({**rest, **signature}, ToolSpec)
    except msgspec.ValidationError as error:
        raise error_at(f"tool `{name_of(tree)}`: {error}", tree) from None
    return msgspec.structs.replace(
        tool,
        params=read_fields(child(tree, "group"), text),
        result=stated_type(tree, text),
        description=description(tree),
        location=location(tree) or NO_LOCATION,
    )


def _session(tree: Parsed, text: str) -> Session:
    fields, states, turn = (read_fields(group, text) for group in all_of(tree, "group"))
    return Session(name_of(tree), fields, states, turn, stated_type(tree, text))


def _serve(tree: Parsed) -> Serve:
    options = {name_of(o): string(tokens(child(o, "json"))[0]) for o in all_of(tree, "option")}
    unknown = options.keys() - {"path", "method", "name"}
    if unknown:
        raise error_at(f"`serve` has no option `{min(unknown)}`", tree)
    return Serve(name_of(tree), **options)


def _test(tree: Parsed) -> Test:
    name, function, *replay = tokens(tree)
    return Test(string(name), word(function), *map(string, replay))


def _function(tree: Parsed, text: str) -> Function:
    shown = str(tokens(child(tree, "kind"))[0])
    kind = cast(FunctionKind, _KIND_OF_WORD.get(shown, shown))
    arguments = [_argument(a, text) for a in all_of(child(tree, "arguments"), "argument")]
    params = tuple(Value(field.name, field.type) for field in arguments)
    own = find(tree, "group")
    return Function(
        name=word(tokens(tree)[0]),
        kind=kind,
        fields=read_fields(own, text) if own else tuple(arguments[hidden_params(kind) or 0 :]),
        params=params,
        results=tuple(read_type(t, text) for t in children(tree) if t.data in TYPE_RULES),
        body=Region(params, NodeReader(text, params).block(child(tree, "block"))),
        depth=depth(tree),
        description=description(tree),
        location=location(tree),
    )


def _argument(tree: Parsed, text: str) -> Field:
    """A parameter, as the field that it is for callers."""
    return Field(word(tokens(tree)[0]), stated_type(tree, text), description(tree), default(tree, text))
