"""Checks that need the whole program: recursion, effects under retries, served paths, test names."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from sglc.diagnostics import Related, nearest
from sglc.frontend import ast
from sglc.frontend.check_base import CallSites, PendingRetry, Report, Shared
from sglc.frontend.errors import control as fe
from sglc.frontend.errors import retries as re_
from sglc.frontend.errors import tools as oe
from sglc.frontend.resolve import Unit
from sglc.frontend.survey import GENERATIONS, walk
from sglc.frontend.typed import TypedProgram
from sglc.source import Span

SERVE_OPTIONS = ("path", "method", "name")
Places = dict[str, tuple[Unit, ast.Node]]
"""Where each served path stands first."""


def check_program(program: TypedProgram, shared: Shared, report: Report) -> None:
    """Report what no single body shows, and note which functions reach an effect."""
    program.effects = _reaching_effects(program)
    _recursion(program, shared.sites, report)
    chance = _reaching_chance(program, shared)
    for pending in shared.pending:
        _retry(pending, program, chance, report)
    _serving(program, report)
    _test_names(program, report)


def _retry(pending: PendingRetry, program: TypedProgram, chance: frozenset[str], report: Report) -> None:
    """A retry repeats no effect, and something differs the next time: what the model is told, or chance."""
    unit, node = pending.unit, pending.node
    for place, name in _called(pending.stretch, unit):
        if name in program.effects:
            related = (Related(unit.source, _retry_span(unit, node), "goes back to before it"),)
            facts = {"name": unit.source.text[place.span.start : place.span.end], "tool": _effect_tool(name, program)}
            report(unit.finding(re_.RetryRepeatsEffect, place, related=related, **facts))
    names = {name for _, name in _called(pending.stretch, unit)}
    if not pending.tells and not names & chance and not _has_chance(pending.stretch, program):
        help_ = "check inside of the function that generates, or use a temperature above 0 there"
        if any(isinstance(n, GENERATIONS) for n in walk(pending.stretch)):
            help_ = "use roles, so that the model is told, or a temperature above 0"
            if not any(isinstance(n, ast.Gen | ast.ModelCall) for n in walk(pending.stretch)):
                help_ = "use roles, so that the model is told: `user:` and `assistant:`"
        report(unit.finding(re_.RetryTellsNothing, _retry_span(unit, node), help=help_))


def _retry_span(unit: Unit, node: ast.Ensure) -> Span:
    """`retry 2` at the end of an `ensure`."""
    assert node.retry is not None
    return Span(unit.source.text.rindex("retry", node.span.start, node.retry.span.start), node.span.end)


def _effect_tool(name: str, program: TypedProgram) -> str:
    """The tool that gives a function its effect: the first one on the way."""
    waiting, seen = [name], {name}
    while waiting:
        signature = program.signatures.get(name := waiting.pop(0))
        if signature is not None and signature.kind == "tool" and signature.effect:
            return signature.symbol.name
        callees = sorted(program.callees.get(name, set()) - seen)
        waiting += callees
        seen.update(callees)
    return name


def _called(body: tuple[ast.Stmt, ...], unit: Unit) -> Iterator[tuple[ast.Node, str]]:
    """Calls of functions and tools, uses of templates, choices of `call`: the place and the unique name."""
    for node in walk(body):
        name = None
        if isinstance(node, ast.Use):
            name = node.template
        elif isinstance(node, ast.Call) and isinstance(node.function, ast.Name):
            name = node.function
        elif isinstance(node, ast.CallChoice) and node.fields is None:
            name = node.name
        symbol = unit.names.get(name.name) if name is not None else None
        if symbol is not None and name is not None:
            yield name, symbol.unique


def _has_chance(body: tuple[ast.Stmt, ...], program: TypedProgram) -> bool:
    """Whether a generation of the body is above temperature 0, as far as its options and its model's say."""
    for node in walk(body):
        facts = program.gens.get(node)
        if facts is not None and not isinstance(node, ast.Select):
            given = {**program.model_defaults.get(facts.model, {}), **facts.constants}
            if given.get("temperature", 0) != 0 or "temperature" in facts.dynamic:
                return True
    return False


def _reaching_chance(program: TypedProgram, shared: Shared) -> frozenset[str]:
    """Functions and templates that generate with chance, or call one that does."""
    if not shared.pending:
        return frozenset()
    first = {n for n, s in program.signatures.items() if isinstance(s.symbol.decl, ast.FuncDecl)
             and _has_chance(s.symbol.decl.body, program)}  # fmt: skip
    return _callers(program, first)


def _reaching_effects(program: TypedProgram) -> frozenset[str]:
    return _callers(program, {name for name, s in program.signatures.items() if s.kind == "tool" and s.effect})


def _callers(program: TypedProgram, reached: set[str]) -> frozenset[str]:
    """The names, and all that lead to them."""
    reached = set(reached)
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
        if templates:
            first = templates[0]
            _, unit, node = next(site for site in sites[first.name] if site[0] in cycle)
            chain = _chain(cycle, program)
            place = node.template if isinstance(node, ast.Use) else node
            report(unit.finding(fe.TemplateRecursion, place, name=first.symbol.name, cycle=chain))
            continue
        # Cut at every function with a depth: what still goes in a circle has no bound.
        bounded = {s.name for s in members if s.depth is not None}
        inner = {n: program.callees.get(n, set()) - bounded for n in cycle if n not in bounded}
        for rest in _cycles({n: c & inner.keys() for n, c in inner.items()}):
            _unbounded(rest, program, sites, report)


def _unbounded(cycle: tuple[str, ...], program: TypedProgram, sites: CallSites, report: Report) -> None:
    symbol = program.signatures[cycle[0]].symbol
    decl = symbol.decl
    assert isinstance(decl, ast.FuncDecl)
    related = tuple(
        Related(unit.source, node.span, f"calls `{program.signatures[name].symbol.name}`")
        for name in (*cycle[1:], cycle[0])
        for caller, unit, node in sites[name][:20]
        if caller in cycle
    )[:3]
    result = decl.result.span if decl.result is not None else None
    arrow = f" -> {' '.join(symbol.unit.source.text[result.start : result.end].split())}" if result is not None else ""
    params = "..." if decl.params else ""
    better = f"def {symbol.name}({params}){arrow} max 5:"
    facts = {"cycle": _chain(cycle, program), "name": symbol.name, "related": related, "better": better}
    report(symbol.unit.finding(fe.RecursionWithoutBound, decl.name, **facts))


def _chain(cycle: tuple[str, ...], program: TypedProgram) -> str:
    return " -> ".join(
        program.signatures[name].symbol.name for name in (*cycle, cycle[0]) if name in program.signatures
    )


def _cycles(edges: dict[str, set[str]]) -> list[tuple[str, ...]]:
    """Strongly connected components that hold a cycle (Tarjan 1972), without recursion; members as discovered."""
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
    paths: Places = {}
    for unit in program.linked.units:
        for decl in unit.module.decls:
            if isinstance(decl, ast.FuncDecl | ast.SessionDecl):
                for decorator in decl.decorators:
                    _decorator(unit, decl, decorator, paths, report)


def _decorator(
    unit: Unit, decl: ast.FuncDecl | ast.SessionDecl, node: ast.Decorator, paths: Places, report: Report
) -> None:
    def bad(place: ast.Node, problem: str, help_: str) -> None:
        report(unit.finding(oe.BadDecorator, place, problem=problem, help=help_))

    if node.name.name != "serve":
        near = nearest(node.name.name, ("serve",))
        bad(node.name, f"unknown decorator `@{node.name.name}`", f"write `@{near}`" if near else "remove it")
        return
    if isinstance(decl, ast.FuncDecl) and decl.kind == "template":
        bad(node, "a template cannot be served", "serve a `def` that uses it")
    for arg in node.args:
        name = arg.name.name if arg.name is not None else ""
        if not name:
            bad(arg, "`@serve` takes options by name", f"write `path={unit.text(arg.value)}`")
        elif name not in SERVE_OPTIONS:
            near = "path" if name in ("url", "route", "endpoint", "uri") else nearest(name, SERVE_OPTIONS)
            help_ = f"use `{near}=`" if near else "the options are path=, method= and name="
            bad(arg.name or arg, f"`@serve` has no option `{name}`", help_)
        else:
            _serve_option(unit, name, arg.value, paths, report, bad)


def _serve_option(
    unit: Unit, name: str, node: ast.Expr, paths: Places, report: Report, bad: Callable[..., None]
) -> None:
    text = node.constant if isinstance(node, ast.Str) else None
    if text is None:
        help_ = "write the text itself, in quotes"
        if isinstance(node, ast.Str):
            help_ = "leave the hole out: arguments come with the request, not in its path"
        bad(node, f"`{name}` must be constant text", help_)
    elif name == "path":
        _path(unit, node, text, paths, report, bad)
    elif name == "method" and text not in ("GET", "POST"):
        bad(node, "`method` must be GET or POST", 'write "GET" or "POST"')


def _path(unit: Unit, node: ast.Expr, path: str, paths: Places, report: Report, bad: Callable[..., None]) -> None:
    allowed = set("ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-._~/")
    if not path.startswith("/") or set(path) - allowed or "//" in path:
        better = f"/{path.strip('/')}"
        good = len(better) > 1 and not set(better) - allowed and "//" not in better
        help_ = f'write "{better}"' if good else 'a path begins with "/" and holds letters, digits, - . _ ~ and /'
        bad(node, f'"{path}" is not a path', help_)
    elif path in paths:
        first = paths[path]
        related = (Related(first[0].source, first[1].span, "the first one"),)
        report(unit.finding(oe.DuplicatePath, node, route=path, related=related))
    else:
        paths[path] = (unit, node)


def _test_names(program: TypedProgram, report: Report) -> None:
    seen: dict[str, Span] = {}
    main = program.linked.main
    for decl in main.module.decls:
        if isinstance(decl, ast.TestDecl) and decl.name.constant is not None:
            first = seen.setdefault(decl.name.constant, decl.name.span)
            if first is not decl.name.span:
                related = (Related(main.source, first, "the first one"),)
                report(main.finding(oe.DuplicateTest, decl.name, name=decl.name.constant, related=related))
