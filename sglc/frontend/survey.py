"""A first look at bodies, before types are known: who uses roles, who writes text, who generates, who calls whom."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import msgspec

from sglc.frontend import ast
from sglc.frontend.resolve import Linked, Unit


class Summary(msgspec.Struct):
    """Facts of one body. `text` is prompt text outside of roles. The flags include what used templates do."""

    roles: bool = False
    text: bool = False
    generates: bool = False
    role: ast.Node | None = None
    """The first statement that makes `roles` true, a template's use among them."""
    uses: dict[str, ast.Node] = msgspec.field(default_factory=dict)
    calls: set[str] = msgspec.field(default_factory=set)


GENERATIONS = (ast.Gen, ast.Select, ast.ModelCall)
_PLAIN = ("str", "int | float", "float", "bool", "bool | None", "tuple[str, ...]", "Span")


def _children() -> dict[type, tuple[str, ...]]:
    """For each kind of node the fields that can hold nodes, the last one first; their annotations tell."""
    kinds = [k for k in vars(ast).values() if isinstance(k, type) and issubclass(k, ast.Node)]
    fields = {k: [f for f in k.__struct_fields__ if k.__annotations__.get(f, "Span") not in _PLAIN] for k in kinds}
    return {k: tuple(reversed(names)) for k, names in fields.items()}


_CHILDREN = _children()


def walk(node: Any) -> Iterator[ast.Node]:
    """All nodes below (and including) a node or a tuple of nodes: outer ones first, parts in order of their fields."""
    waiting = [node]
    while waiting:
        item = waiting.pop()
        if type(item) is tuple:
            waiting += item[::-1]
        elif item is not None:
            yield item
            for name in _CHILDREN[type(item)]:
                waiting.append(getattr(item, name))


def survey(linked: Linked) -> dict[str, Summary]:
    """Summaries of all defs, templates, session set-ups (`name`) and turns (`name.turn`), by unique name."""
    summaries: dict[str, Summary] = {}
    for unit in linked.units:
        for symbol in unit.own.values():
            decl = symbol.decl
            if isinstance(decl, ast.FuncDecl):
                summaries[symbol.unique] = _summary(decl.body, unit)
            elif isinstance(decl, ast.SessionDecl):
                summaries[symbol.unique] = _summary(decl.body, unit)
                for turn in decl.turns[:1]:
                    summaries[f"{symbol.unique}.turn"] = _summary(turn.body, unit)
    _close(summaries)
    return summaries


def _summary(body: tuple[ast.Stmt, ...], unit: Unit) -> Summary:
    out = Summary()
    for node in walk(body):
        match node:
            case ast.Role():
                out.roles, out.role = True, out.role or node
            case ast.Gen() | ast.Select() | ast.ModelCall():
                out.generates = True
            case ast.Use(template=name) if name.name in unit.names:
                out.uses.setdefault(unit.names[name.name].unique, node)
            case ast.Call(function=ast.Name(name=called)) if called in unit.names:
                out.calls.add(unit.names[called].unique)
    out.text = _bare_text(body)
    return out


def _bare_text(body: tuple[ast.Stmt, ...]) -> bool:
    """Whether a prompt string stands outside of all roles."""
    for node in body:
        if isinstance(node, ast.Prompt):
            return True
        if not isinstance(node, ast.Role) and any(_bare_text(inner) for inner in blocks_of(node)):
            return True
    return False


def blocks_of(node: ast.Stmt) -> list[tuple[ast.Stmt, ...]]:
    """The blocks directly inside a statement."""
    match node:
        case ast.If(branches=branches):
            return [b.body for b in branches]
        case ast.Match(cases=cases):
            return [c.body for c in cases]
        case ast.Try(body=body, handler=handler):
            return [body, handler.body]
        case ast.Fork(body=body, handler=fork_handler):
            return [body] if fork_handler is None else [body, fork_handler.body]
        case ast.For(body=body) | ast.While(body=body) | ast.Loop(body=body) | ast.Encode(body=body):
            return [body]
        case ast.Role(body=body):
            return [body]
    return []


def _close(summaries: dict[str, Summary]) -> None:
    """Add what templates and called functions do, until nothing changes."""
    changed = True
    while changed:
        changed = False
        for summary in summaries.values():
            before = (summary.roles, summary.text, summary.generates)
            for name in summary.uses.keys() & summaries.keys():
                used = summaries[name]
                if used.roles and summary.role is None:
                    summary.role = summary.uses[name]
                summary.roles |= used.roles
                summary.text |= used.text and not summary.roles
                summary.generates |= used.generates
            summary.generates |= any(summaries[n].generates for n in summary.calls & summaries.keys())
            changed |= before != (summary.roles, summary.text, summary.generates)


def assigned_names(body: Any) -> set[str]:
    """Names that a statement or block gives a value to, `_` left out."""
    return set(assigned_places(body))


def assigned_places(body: Any) -> dict[str, ast.Name]:
    """Names that a statement or block gives a value to, `_` left out, each where it is assigned first."""
    names: list[ast.Name] = []
    for node in walk(body):
        match node:
            case ast.Assign(targets=targets) | ast.Use(targets=targets):
                names += targets
            case ast.Gen(name=name) | ast.Select(name=name) | ast.ModelCall(name=name):
                names.append(name)
                options = {o.name.name: o.value for o in node.options}
                bound = [options.get(key) for key in ("reasoning", "logprobs", "scores")]
                names += [b for b in bound if isinstance(b, ast.Name)]
            case ast.Fork(collect=ast.Name() as name) | ast.For(collect=ast.Name() as name):
                names.append(name)
    return {name.name: name for name in reversed(names) if name.name != "_"}
