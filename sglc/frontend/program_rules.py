"""Checks that need the whole program: recursion, effects under retries, served paths, test names."""

from __future__ import annotations

from collections.abc import Callable

from sglc.diagnostics import Diagnostic, nearest
from sglc.frontend import ast
from sglc.frontend.errors import control as fe
from sglc.frontend.errors import tools as oe
from sglc.frontend.resolve import Unit
from sglc.frontend.typed import TypedProgram

Report = Callable[[Diagnostic], None]
CallSites = dict[str, list[tuple[str, Unit, ast.Node]]]
SERVE_OPTIONS = ("path", "method", "name")


def check_program(
    program: TypedProgram, sites: CallSites, pending: list[tuple[ast.Ensure, Unit, str, set[str]]], report: Report
) -> None:
    """Report what no single body shows, and note which functions reach an effect."""
    program.effects = _reaching_effects(program)
    _recursion(program, sites, report)
    for node, unit, _, callees in pending:
        for name in sorted(callees & program.effects):
            report(fe.RetryRepeatsEffect(source=unit.source, span=node.span, tool=name))
    _serving(program, report)
    _test_names(program, report)


def _reaching_effects(program: TypedProgram) -> frozenset[str]:
    reached = {name for name, s in program.signatures.items() if s.kind == "tool" and s.effect}
    grown = True
    while grown:
        grown = False
        for caller, callees in program.callees.items():
            if caller not in reached and callees & reached:
                reached.add(caller)
                grown = True
    return frozenset(reached)


def _recursion(program: TypedProgram, sites: CallSites, report: Report) -> None:
    for cycle in _cycles(program.callees):
        members = [program.signatures[name] for name in cycle if name in program.signatures]
        templates = [s for s in members if s.kind == "template"]
        chain = " -> ".join((*cycle, cycle[0]))
        if templates:
            first = templates[0]
            _, unit, node = sites[first.name][0]
            report(fe.TemplateRecursion(source=unit.source, span=node.span, name=first.symbol.name, cycle=chain))
        elif all(s.depth is None for s in members) and members:
            decl = members[0].symbol.decl
            assert isinstance(decl, ast.FuncDecl)
            report(fe.RecursionWithoutBound(source=members[0].symbol.unit.source, span=decl.name.span, cycle=chain))
        elif members:
            # Cut at every function with a depth: what still goes in a circle has no bound.
            bounded = {s.name for s in members if s.depth is not None}
            inner = {n: program.callees.get(n, set()) - bounded for n in cycle if n not in bounded}
            for rest in _cycles({n: c & inner.keys() for n, c in inner.items()}):
                decl = program.signatures[rest[0]].symbol.decl
                assert isinstance(decl, ast.FuncDecl)
                source = program.signatures[rest[0]].symbol.unit.source
                text = " -> ".join((*rest, rest[0]))
                report(fe.RecursionWithoutBound(source=source, span=decl.name.span, cycle=text))


def _cycles(edges: dict[str, set[str]]) -> list[tuple[str, ...]]:
    """Strongly connected components that hold a cycle (Tarjan 1972), without recursion; members in order of discovery."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []
    on_stack: set[str] = set()
    found: list[tuple[str, ...]] = []
    for root in edges:
        if root in index:
            continue
        work = [(root, iter(sorted(edges.get(root, ()))))]
        index[root] = low[root] = len(index)
        stack.append(root)
        on_stack.add(root)
        while work:
            node, rest = work[-1]
            target = next(rest, None)
            if target is None:
                work.pop()
                if work:
                    low[work[-1][0]] = min(low[work[-1][0]], low[node])
                if low[node] == index[node]:
                    component = []
                    while True:
                        member = stack.pop()
                        on_stack.discard(member)
                        component.append(member)
                        if member == node:
                            break
                    if len(component) > 1 or node in edges.get(node, ()):
                        found.append(tuple(sorted(component, key=lambda n: index[n])))
            elif target not in index:
                index[target] = low[target] = len(index)
                stack.append(target)
                on_stack.add(target)
                work.append((target, iter(sorted(edges.get(target, ())))))
            elif target in on_stack:
                low[node] = min(low[node], index[target])
    return found


def _serving(program: TypedProgram, report: Report) -> None:
    paths: dict[str, str] = {}
    for unit in program.linked.units:
        for decl in unit.module.decls:
            if isinstance(decl, ast.FuncDecl | ast.SessionDecl):
                for decorator in decl.decorators:
                    _decorator(unit, decl, decorator, paths, report)


def _decorator(
    unit: Unit, decl: ast.FuncDecl | ast.SessionDecl, node: ast.Decorator, paths: dict[str, str], report: Report
) -> None:
    def bad(place: ast.Node, problem: str, help_: str = "") -> None:
        report(oe.BadDecorator(source=unit.source, span=place.span, problem=problem, help=help_))

    if node.name.name != "serve":
        bad(node.name, f"unknown decorator `@{node.name.name}`", "the decorator is `@serve`")
        return
    if isinstance(decl, ast.FuncDecl) and decl.kind == "template":
        bad(node, "a template cannot be served", "serve a `def` that uses it")
    for arg in node.args:
        name = arg.name.name if arg.name is not None else ""
        if name not in SERVE_OPTIONS:
            near = nearest(name, SERVE_OPTIONS)
            bad(arg, f"`@serve` has no option `{name}`" if name else "`@serve` takes options by name", f"use `{near or 'path'}=`")
            continue
        text = arg.value.constant if isinstance(arg.value, ast.Str) else None
        if text is None:
            bad(arg.value, f"`{name}` must be constant text")
        elif name == "path":
            _path(unit, arg.value, text, paths, report, bad)
        elif name == "method" and text not in ("GET", "POST"):
            bad(arg.value, "`method` must be GET or POST")


def _path(
    unit: Unit, node: ast.Expr, path: str, paths: dict[str, str], report: Report, bad: Callable[..., None]
) -> None:
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
    if not path.startswith("/") or set(path) - allowed or "//" in path:
        bad(node, f'"{path}" is not a path', 'a path begins with "/" and holds letters, digits, - . _ ~ and /')
    elif path in paths:
        report(oe.DuplicatePath(source=unit.source, span=node.span, path=path))
    paths[path] = unit.source.path


def _test_names(program: TypedProgram, report: Report) -> None:
    seen: set[str] = set()
    main = program.linked.main
    for decl in main.module.decls:
        if isinstance(decl, ast.TestDecl) and decl.name.constant is not None:
            if decl.name.constant in seen:
                report(oe.DuplicateTest(source=main.source, span=decl.name.span, name=decl.name.constant))
            seen.add(decl.name.constant)
