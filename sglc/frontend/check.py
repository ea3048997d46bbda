"""Linked units -> TypedProgram: declarations, signatures, constants, every body; last what needs the whole program."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

from sglc.diagnostics import Diagnostic, Related
from sglc.frontend import ast
from sglc.frontend.check_base import Report, Shared
from sglc.frontend.check_body import Body
from sglc.frontend.check_loop import first_line
from sglc.frontend.check_tool import ToolChecker
from sglc.frontend.declare import PLAIN_TEXT, Declarer
from sglc.frontend.ends import generated, open_end
from sglc.frontend.errors import control as fe
from sglc.frontend.errors import declared as de
from sglc.frontend.errors import prompts as pe
from sglc.frontend.errors import tools as oe
from sglc.frontend.program_rules import check_program
from sglc.frontend.resolve import Linked, Read, Symbol, Unit, read_source
from sglc.frontend.signatures import Signatures
from sglc.frontend.survey import blocks_of, survey
from sglc.frontend.typed import Signature, TypedProgram
from sglc.ir.types import FAILURE
from sglc.source import Span


def check(
    linked: Linked, read: Read = read_source, search: tuple[Path, ...] = ()
) -> tuple[TypedProgram, list[Diagnostic]]:
    """Type-check a program. `search` are folders for the Python modules of tools."""
    program = TypedProgram(linked, {"error": FAILURE})
    errors: list[Diagnostic] = list(linked.errors)
    seen: set[tuple[str, str, int, int]] = set()

    def report(diagnostic: Diagnostic) -> None:
        # Two passes may look at one node (a default and its use); a finding is told once.
        span = diagnostic.span
        key = (diagnostic.code, diagnostic.path, span.start if span else -1, span.end if span else -1)
        if key not in seen:
            seen.add(key)
            errors.append(diagnostic)

    _Check(program, read, search, report).run()
    return program, sorted(errors, key=Diagnostic.sort_key)


class _Check:
    def __init__(self, program: TypedProgram, read: Read, search: tuple[Path, ...], report: Report) -> None:
        self.program, self.search, self.report = program, search, report
        self.signatures = Signatures(program, report, search)
        declarer = Declarer(program.table, read, report, self.signatures.expression)
        self.summaries = survey(program.linked)
        self.shared = Shared(
            program, declarer, self.summaries, self.signatures.constant, self.signatures.complete, report
        )
        self.signatures.body = lambda unit: Body(self.shared, unit)

    def run(self) -> None:
        units = self.program.linked.units
        symbols = [(unit, symbol) for unit in units for symbol in unit.own.values()]
        for unit in units:
            self.shared.declarer.declare(unit)
        for unit, symbol in symbols:
            self.shared.declarer.check_finite(unit, symbol)
            self.signatures.declare(symbol, self.summaries)
        for _, symbol in symbols:
            if isinstance(symbol.decl, ast.TypeDecl):
                self.signatures.complete(symbol.unique)
        for unit, symbol in symbols:
            self._values(unit, symbol)
        for unit in units:
            for decl in unit.module.decls:
                self._declaration(unit, decl)
        self.program.model_defaults = self.shared.defaults
        check_program(self.program, self.shared, self.report)

    def _values(self, unit: Unit, symbol: Symbol) -> None:
        """Constants, defaults of parameters and options of models."""
        self.signatures.defaults(symbol)
        if isinstance(symbol.decl, ast.ConstDecl):
            self.signatures.constant(symbol)
        elif isinstance(symbol.decl, ast.ModelDecl):
            options = self.signatures.model(symbol, symbol.decl)
            self.shared.defaults[symbol.unique] = options
            # The first model of the main file is what generations without `model=` use.
            if unit is self.program.linked.main:
                self.shared.defaults.setdefault("", options)

    # --- bodies ---

    def _declaration(self, unit: Unit, decl: ast.Decl) -> None:
        if isinstance(decl, ast.TestDecl):
            self._test(unit, decl)
            return
        symbol = unit.own.get(decl.name.name) if not isinstance(decl, ast.Import) else None
        if symbol is None or symbol.decl is not decl:
            return  # a second declaration of a name, which is reported
        match decl:
            case ast.FuncDecl():
                self._function(unit, symbol, decl)
            case ast.SessionDecl():
                self._session(unit, symbol, decl)
            case ast.ToolDecl():
                self._tool(unit, symbol, decl)

    def _tool(self, unit: Unit, symbol: Symbol, decl: ast.ToolDecl) -> None:
        checker = ToolChecker(unit, self.program.table, self.report, self.search)
        spec = checker.check(decl, self.program.signatures[symbol.unique])
        if spec is not None:
            self.program.tools[symbol.unique] = spec
        self.program.modules_read += checker.read_modules

    def _function(self, unit: Unit, symbol: Symbol, decl: ast.FuncDecl) -> None:
        signature = self.program.signatures[symbol.unique]
        body = Body(self.shared, unit, decl.name.name, decl.kind, symbol.unique)
        body.parameters(decl.params, signature.fields)
        body.function(signature.result, decl.body, has_roles=signature.has_roles)
        self._must_return(unit, decl.name.span, signature, body)

    def _must_return(self, unit: Unit, place: Span, signature: Signature, body: Body) -> None:
        if signature.result is None or body.flow.left or body.flow.doubtful:
            return
        end = open_end(body.body)
        related: tuple[Related, ...] = ()
        facts = {}
        if end is not None:
            statement, label = end
            name = generated(statement)
            if name is not None and not isinstance(statement, ast.If | ast.For | ast.While | ast.Loop):
                facts["help"] = f"end every path with `return` or `fail`: add `return {name}`, say"
            related = (Related(unit.source, first_line(statement, unit.source.text), label),)
        self.report(unit.finding(de.MissingReturn, place, name=body.scope.name, related=related, **facts))

    def _session(self, unit: Unit, symbol: Symbol, decl: ast.SessionDecl) -> None:
        name = symbol.unique
        if len(decl.turns) != 1:
            span = decl.name.span
            if decl.turns:
                start = decl.turns[1].span.start
                span = Span(start, start + len("turn"))
            count, help_ = "no turn", "write one `turn(...) -> T:`"
            if decl.turns:
                count, help_ = f"{len(decl.turns)} turns", "make them one, with a parameter that tells them apart"
            self.report(unit.finding(fe.SessionTurns, span, name=decl.name.name, count=count, help=help_))
            return
        self._behind_turn(unit, decl)
        opened, turned = self.program.signatures[name], self.program.signatures[f"{name}.turn"]
        roles = opened.has_roles or turned.has_roles
        states = self.signatures.states(unit, decl, self.shared.declarer.fields(unit, decl.states))
        self.program.states[name] = states
        setup = Body(self.shared, unit, decl.name.name, "session", name)
        setup.parameters(decl.params, opened.fields)
        setup.parameters(decl.states, states, "state")
        setup.function(None, decl.body, has_roles=roles)
        turn = decl.turns[0]
        body = Body(self.shared, unit, f"{decl.name.name}.turn", "turn", f"{name}.turn")
        body.parameters(decl.params, opened.fields)
        body.parameters(decl.states, states, "state")
        body.parameters(turn.params, turned.fields)
        body.function(turned.result, turn.body, has_roles=roles)
        self._must_return(unit, Span(turn.span.start, turn.span.start + len("turn")), turned, body)

    def _behind_turn(self, unit: Unit, decl: ast.SessionDecl) -> None:
        """What is written behind the turn looks as if it ran after it, but belongs to the set-up."""
        for node in (*decl.states, *decl.body):
            if node.span.start > decl.turns[0].span.start:
                word = "state" if isinstance(node, ast.FieldDecl) else unit.text(node).split(":")[0].split()[0]
                where = "the turn is the last part of a session"
                help_ = "move it above the `turn`: it runs once, when the session opens"
                self.report(unit.finding(fe.Misplaced, node, word=word, where=where, help=help_))

    # --- tests ---

    def _test(self, unit: Unit, decl: ast.TestDecl) -> None:
        name = decl.name.constant
        if name is None:
            self.report(unit.finding(de.NotConstant, decl.name, what="a test's name", help=PLAIN_TEXT))
        body = Body(self.shared, unit, f"test {name or ''}".strip(), "test", f"test {name or ''}")
        for option in decl.options:
            self._test_option(unit, option)
        body.function(None, decl.body, has_roles=False)
        if not any(isinstance(s, ast.Expect) for s in _statements(decl.body)):
            self.report(unit.finding(oe.TestWithoutExpect, decl.name))

    def _test_option(self, unit: Unit, option: ast.Option) -> None:
        if option.name.name != "replay":
            facts = {"name": option.name.name, "owner": "`test`", "help": "the option is replay="}
            self.report(unit.finding(pe.UnknownOption, option.name, **facts))
        elif not isinstance(option.value, ast.Str) or option.value.constant is None:
            what = "the path of a replay file"
            self.report(unit.finding(de.NotConstant, option.value, what=what, help=PLAIN_TEXT))


def _statements(body: tuple[ast.Stmt, ...]) -> Iterator[ast.Stmt]:
    for statement in body:
        yield statement
        for block in blocks_of(statement):
            yield from _statements(block)
