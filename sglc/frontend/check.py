"""Linked units -> TypedProgram: declarations, signatures, constants, then every body; last what needs the whole program."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import msgspec

from sglc.diagnostics import Diagnostic, Related, nearest
from sglc.frontend import ast
from sglc.frontend.check_gen import MODEL_OPTIONS
from sglc.frontend.check_tool import ToolChecker
from sglc.frontend.constants import NotConstantError, evaluate
from sglc.frontend.declare import Declarer
from sglc.frontend.errors import control as fe
from sglc.frontend.errors import names as ne
from sglc.frontend.errors import prompts as pe
from sglc.frontend.errors import tools as oe
from sglc.frontend.errors import types as te
from sglc.frontend.program_rules import check_program
from sglc.frontend.resolve import Linked, Read, Symbol, Unit, read_source
from sglc.frontend.retry import RetryChecker
from sglc.frontend.survey import survey
from sglc.frontend.typed import Signature, TypedProgram, Variable
from sglc.ir.decode import to_json
from sglc.ir.relations import plain
from sglc.ir.types import ERROR, FAILURE, Field, Type
from sglc.ir.values import EvalError


def check(linked: Linked, read: Read = read_source, search: tuple[Path, ...] = ()) -> tuple[TypedProgram, list[Diagnostic]]:
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
    def __init__(self, program: TypedProgram, read: Read, search: tuple[Path, ...], report: Callable[[Diagnostic], None]):
        self.program, self.read, self.search, self.report = program, read, search, report
        self.declarer = Declarer(program.table, read, report, self._constant_expr)
        self.summaries = survey(program.linked)
        self.defaults: dict[str, dict[str, Any]] = {}
        self.values: dict[str, tuple[Any, Type] | None] = {}
        self.open: set[str] = set()
        self.pending: list[tuple[ast.Ensure, Unit, str, set[str]]] = []
        self.call_sites: dict[str, list[tuple[str, Unit, ast.Node]]] = {}

    def run(self) -> None:
        units = self.program.linked.units
        for unit in units:
            self.declarer.declare(unit)
        for unit in units:
            self.declarer.check_finite(unit)
            for symbol in unit.own.values():
                self._signature(symbol)
        for unit in units:
            self._defaults(unit)
        for unit in units:
            for decl in unit.module.decls:
                self._declaration(unit, decl)
        self.program.model_defaults = self.defaults
        check_program(self.program, self.call_sites, self.pending, self.report)

    def checker(self, unit: Unit, name: str = "", kind: str = "constant") -> _Body:
        body = _Body(self.program, unit, self.report)
        body.declarer, body.defaults, body.summaries = self.declarer, self.defaults, self.summaries
        body.constant_of = self._constant
        body.owner = self
        body.pending = []
        body.start(name, kind, None, has_roles=False)
        return body

    # --- constants ---

    def _constant(self, symbol: Symbol) -> tuple[Any, Type] | None:
        """Value and type of a top-level constant; None after a report."""
        if symbol.unique in self.values:
            return self.values[symbol.unique]
        decl = symbol.decl
        assert isinstance(decl, ast.ConstDecl)
        if symbol.unique in self.open:
            self.report(te.ConstantFails(source=symbol.unit.source, span=decl.name.span, reason="defined by itself"))
            return None
        self.open.add(symbol.unique)
        checker = self.checker(symbol.unit)
        type_ = checker.expr(decl.value)
        value = self._value(symbol.unit, decl.value, type_, "a top-level value")
        self.open.discard(symbol.unique)
        self.values[symbol.unique] = None if value is None else (value[0], plain(type_))
        return self.values[symbol.unique]

    def _value(self, unit: Unit, node: ast.Expr, type_: Type, what: str) -> tuple[Any] | None:
        if type_ == ERROR:
            return None
        try:
            return (evaluate(node, self.program),)
        except NotConstantError as error:
            self.report(te.NotConstant(source=unit.source, span=error.node.span, what=what))
        except EvalError as error:
            self.report(te.ConstantFails(source=unit.source, span=node.span, reason=str(error)))
        return None

    def _constant_expr(self, unit: Unit, node: ast.Expr, what: str) -> Any:
        found = self._value(unit, node, self.checker(unit).expr(node), what)
        return None if found is None else found[0]

    # --- signatures ---

    def _signature(self, symbol: Symbol) -> None:
        decl, unit = symbol.decl, symbol.unit
        if isinstance(decl, ast.FuncDecl | ast.ToolDecl):
            kind = "tool" if isinstance(decl, ast.ToolDecl) else decl.kind
            self._add(symbol, kind, decl, unit)
        elif isinstance(decl, ast.SessionDecl):
            fields = self.declarer.fields(unit, decl.params)
            self.program.signatures[symbol.unique] = Signature(symbol, "session", fields, None)
            for turn in decl.turns[:1]:
                turn_symbol = msgspec.structs.replace(symbol, unique=f"{symbol.unique}.turn")
                self._add(turn_symbol, "turn", turn, unit)
        elif isinstance(decl, ast.ConstDecl):
            self._constant(symbol)

    def _add(self, symbol: Symbol, kind: str, decl: ast.FuncDecl | ast.ToolDecl | ast.TurnDecl, unit: Unit) -> None:
        result = self.declarer.type(unit, decl.result) if decl.result is not None else None
        signature = Signature(symbol, kind, self.declarer.fields(unit, decl.params), result)
        if isinstance(decl, ast.ToolDecl):
            signature.effect = ToolChecker(unit, self.program.table, self.report, self.search).effect_of(decl)
            if result is None:
                name = decl.name
                self.report(oe.ToolResult(source=unit.source, span=name.span, name=name.name))
                signature.result = ERROR
        summary = self.summaries.get(symbol.unique)
        if summary is not None:
            signature.has_roles, signature.has_text = summary.roles, summary.text
            signature.generates = summary.generates
        if isinstance(decl, ast.FuncDecl) and decl.bound is not None:
            depth = self._constant_expr(unit, decl.bound, "the recursion depth")
            if type(depth) is int and 1 <= depth <= 1000:
                signature.depth = depth
            elif depth is not None:
                text = unit.source.text[decl.bound.span.start : decl.bound.span.end]
                self.report(fe.BadBound(source=unit.source, span=decl.bound.span, found=f"`{text[:40]}`"))
        self.program.signatures[symbol.unique] = signature

    def _defaults(self, unit: Unit) -> None:
        """Defaults of fields and parameters, once all types are known."""
        for symbol in unit.own.values():
            decl = symbol.decl
            if isinstance(decl, ast.TypeDecl):
                record = self.program.table[symbol.unique]
                fields = self._with_defaults(unit, decl.fields, record.fields, ordered=False)  # type: ignore[union-attr]
                self.program.table[symbol.unique] = msgspec.structs.replace(record, fields=fields)
            elif isinstance(decl, ast.FuncDecl | ast.ToolDecl | ast.SessionDecl):
                signature = self.program.signatures[symbol.unique]
                signature.fields = self._with_defaults(unit, decl.params, signature.fields)
            if isinstance(decl, ast.SessionDecl) and decl.turns:
                signature = self.program.signatures[f"{symbol.unique}.turn"]
                signature.fields = self._with_defaults(unit, decl.turns[0].params, signature.fields)
            if isinstance(decl, ast.ModelDecl):
                self._model(unit, symbol, decl)

    def _with_defaults(
        self, unit: Unit, decls: tuple[ast.FieldDecl, ...], fields: tuple[Field, ...], *, ordered: bool = True
    ) -> tuple[Field, ...]:
        out: list[Field] = []
        for decl, field in zip(decls, fields, strict=True):
            if decl.default is None:
                if ordered and any(f.default is not None for f in out):
                    name = decl.name
                    self.report(te.ParameterOrder(source=unit.source, span=name.span, name=name.name))
                out.append(field)
                continue
            found = self.checker(unit).coerce(decl.default, field.type, f"default of `{field.name}`")
            value = self._value(unit, decl.default, found, "a default")
            out.append(field if value is None else msgspec.structs.replace(field, default=to_json(value[0])))
        return tuple(out)

    def _model(self, unit: Unit, symbol: Symbol, decl: ast.ModelDecl) -> None:
        if decl.path.constant is None:
            self.report(te.NotConstant(source=unit.source, span=decl.path.span, what="a model's path"))
        options = tuple(o for o in decl.options if o.name.name != "date")
        facts = self.checker(unit)._options(options, MODEL_OPTIONS, "model", plain_str())
        for option in decl.options:
            if option.name.name == "date":
                self._date(unit, option)
        self.defaults[symbol.unique] = facts.constants
        # The first model of the main file is what generations without `model=` use.
        if unit is self.program.linked.main:
            self.defaults.setdefault("", facts.constants)

    def _date(self, unit: Unit, option: ast.Option) -> None:
        import re

        text = option.value.constant if isinstance(option.value, ast.Str) else None
        if text is None or not re.fullmatch(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", text):
            expected, found = 'a date such as "2026-01-31"', "something else"
            self.report(
                pe.OptionValue(source=unit.source, span=option.value.span, name="date", expected=expected, found=found)
            )

    # --- bodies ---

    def _declaration(self, unit: Unit, decl: ast.Decl) -> None:
        match decl:
            case ast.FuncDecl():
                self._function(unit, decl)
            case ast.SessionDecl():
                self._session(unit, decl)
            case ast.TestDecl():
                self._test(unit, decl)
            case ast.ToolDecl():
                symbol = unit.own.get(decl.name.name)
                if symbol is not None and symbol.decl is decl:
                    checker = ToolChecker(unit, self.program.table, self.report, self.search)
                    spec = checker.check(decl, self.program.signatures[symbol.unique])
                    if spec is not None:
                        self.program.tools[symbol.unique] = spec
                    self.program.modules_read += checker.read_modules

    def _function(self, unit: Unit, decl: ast.FuncDecl) -> None:
        symbol = unit.own.get(decl.name.name)
        if symbol is None or symbol.decl is not decl:
            return
        signature = self.program.signatures[symbol.unique]
        body = self.checker(unit, decl.name.name, decl.kind)
        body.start(decl.name.name, decl.kind, signature.result, signature.has_roles)
        body.current = symbol.unique
        body.parameters(decl.params, signature.fields)
        body.block(decl.body)
        self._must_return(unit, decl.name, signature, body)
        self._finish(unit, body)

    def _must_return(self, unit: Unit, name: ast.Name, signature: Signature, body: _Body) -> None:
        if signature.result is not None and not body.flow.left:
            self.report(te.MissingReturn(source=unit.source, span=name.span, name=name.name))

    def _finish(self, unit: Unit, body: _Body) -> None:
        self.pending += [(node, unit, body.current, callees) for node, _, callees, _ in body.pending]

    def _session(self, unit: Unit, decl: ast.SessionDecl) -> None:
        symbol = unit.own.get(decl.name.name)
        if symbol is None or symbol.decl is not decl:
            return
        if len(decl.turns) != 1:
            name, count = decl.name.name, len(decl.turns)
            self.report(fe.SessionTurns(source=unit.source, span=decl.name.span, name=name, count=count))
            return
        signature = self.program.signatures[symbol.unique]
        turn_signature = self.program.signatures[f"{symbol.unique}.turn"]
        turn = decl.turns[0]
        roles = self.summaries[symbol.unique].roles or self.summaries[f"{symbol.unique}.turn"].roles
        states = self._states(unit, decl)
        setup = self.checker(unit, decl.name.name, "session")
        setup.start(decl.name.name, "session", None, roles)
        setup.current = symbol.unique
        setup.parameters(decl.params, signature.fields)
        setup.parameters(decl.states, states, "state")
        setup.block(decl.body)
        self._finish(unit, setup)
        body = self.checker(unit, decl.name.name, "turn")
        body.start(decl.name.name, "turn", turn_signature.result, roles)
        body.current = f"{symbol.unique}.turn"
        body.parameters(decl.params, signature.fields)
        body.parameters(decl.states, states, "state")
        body.parameters(turn.params, turn_signature.fields)
        body.block(turn.body)
        self._must_return(unit, decl.name, turn_signature, body)
        self._finish(unit, body)
        self.program.states[symbol.unique] = states

    def _states(self, unit: Unit, decl: ast.SessionDecl) -> tuple[Field, ...]:
        states = self._with_defaults(unit, decl.states, self.declarer.fields(unit, decl.states), ordered=False)
        for node, field in zip(decl.states, states, strict=True):
            if node.default is None:
                names = f"a first value for `{field.name}`"
                self.report(ne.MissingArgument(source=unit.source, span=node.span, function=decl.name.name, names=names))
        return states

    def _test(self, unit: Unit, decl: ast.TestDecl) -> None:
        name = decl.name.constant
        if name is None:
            self.report(te.NotConstant(source=unit.source, span=decl.name.span, what="a test's name"))
        body = self.checker(unit, f"test {name or ''}".strip(), "test")
        body.current = f"test {name or ''}"
        for option in decl.options:
            self._test_option(unit, option)
        body.block(decl.body)
        if not any(isinstance(s, ast.Expect) for s in _statements(decl.body)):
            self.report(oe.TestWithoutExpect(source=unit.source, span=decl.name.span))
        self._finish(unit, body)

    def _test_option(self, unit: Unit, option: ast.Option) -> None:
        if option.name.name != "replay":
            near = nearest(option.name.name, ["replay"])
            help_ = f"did you mean `{near}`" if near else "the option is replay="
            self.report(
                pe.UnknownOption(
                    source=unit.source, span=option.name.span, name=option.name.name, owner="`test`", help=help_
                )
            )
        elif not isinstance(option.value, ast.Str) or option.value.constant is None:
            self.report(te.NotConstant(source=unit.source, span=option.value.span, what="the path of a replay file"))


class _Body(RetryChecker):
    """A checker for one body that notes its calls."""

    owner: _Check
    current = ""

    def parameters(self, decls: tuple[ast.FieldDecl, ...], fields: tuple[Field, ...], what: str = "parameter") -> None:
        for decl, field in zip(decls, fields, strict=True):
            known = self.scope.variables.get(field.name)
            if known is not None and known.span != decl.name.span:
                related = (Related(self.unit.source, known.span, "first declaration"),)
                self.error(ne.DuplicateName, decl.name, name=field.name, related=related)
            variable = Variable(field.type, decl.name.span, what)
            self.scope.variables[field.name] = self.program.variables[decl.name] = variable
            self.flow.assigned.add(field.name)

    def note_call(self, node: ast.Node, signature: Signature) -> None:
        self.program.callees.setdefault(self.current, set()).add(signature.name)
        self.owner.call_sites.setdefault(signature.name, []).append((self.current, self.unit, node))

    def alias(self, symbol: Symbol) -> Type:
        return self.declarer._alias(symbol)


def plain_str() -> Type:
    from sglc.ir.types import STR

    return STR


def _statements(body: tuple[ast.Stmt, ...]) -> Iterator[ast.Stmt]:
    from sglc.frontend.survey import blocks_of

    for statement in body:
        yield statement
        for block in blocks_of(statement):
            yield from _statements(block)


