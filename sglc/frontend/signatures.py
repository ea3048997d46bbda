"""Declarations -> what bodies see of them: constants with their values, signatures, defaults, model options."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from msgspec.structs import replace

from sglc.frontend import ast
from sglc.frontend.check_base import Report
from sglc.frontend.check_body import Body
from sglc.frontend.check_tool import ToolChecker
from sglc.frontend.constants import FailedError, NotConstantError, evaluate
from sglc.frontend.declare import PLAIN_TEXT
from sglc.frontend.errors import calls as ae
from sglc.frontend.errors import declared as de
from sglc.frontend.errors import loops as le
from sglc.frontend.errors import prompts as pe
from sglc.frontend.errors import tools as oe
from sglc.frontend.gen_options import MODEL_OPTIONS
from sglc.frontend.resolve import Symbol, Unit
from sglc.frontend.survey import GENERATIONS, Summary, walk
from sglc.frontend.typed import Signature, TypedProgram
from sglc.ir.decode import to_json
from sglc.ir.relations import plain
from sglc.ir.types import ERROR, STR, Field, RecordType, Type

MAX_DEPTH = 1000
_DATE = re.compile(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])")


class Signatures:
    """`body` makes the checker of a single expression in a unit; `fields` and `type` are those of the Declarer."""

    def __init__(self, program: TypedProgram, report: Report, search: tuple[Path, ...]) -> None:
        self.program, self.report, self.search = program, report, search
        self.values: dict[str, tuple[Any, Type] | None] = {}
        self.open: set[str] = set()
        self.records: dict[str, tuple[Unit, ast.TypeDecl]] = {}
        self.body: Callable[[Unit], Body]

    # --- constants ---

    def constant(self, symbol: Symbol) -> tuple[Any, Type] | None:
        """Value and type of a top-level constant; None after a report."""
        if symbol.unique in self.values:
            return self.values[symbol.unique]
        decl = symbol.decl
        assert isinstance(decl, ast.ConstDecl)
        if symbol.unique in self.open:
            self._circle(symbol.unit, decl.name)
            return None
        self.open.add(symbol.unique)
        type_ = self.body(symbol.unit).expr(decl.value)
        value = self._value(symbol.unit, decl.value, type_, "a top-level value")
        self.open.discard(symbol.unique)
        self.values[symbol.unique] = None if value is None else (value[0], plain(type_))
        return self.values[symbol.unique]

    def _circle(self, unit: Unit, name: ast.Name, what: str = "it") -> None:
        facts = {"reason": f"`{name.name}` is defined by itself", "help": "give it a value that does not need it"}
        if what != "it":
            facts = {
                "reason": f"{what} of `{name.name}` makes a `{name.name}` itself",
                "help": "leave that default out",
            }
        self.report(unit.finding(de.ConstantFails, name, **facts))

    def _value(self, unit: Unit, node: ast.Expr, type_: Type, what: str) -> tuple[Any] | None:
        if type_ == ERROR:
            return None
        try:
            return (evaluate(node, self.program),)
        except NotConstantError as error:
            if not self._reported(node):
                self.report(unit.finding(de.NotConstant, error.node, what=what))
        except FailedError as error:
            if not self._reported(node):
                self.report(unit.finding(de.ConstantFails, error.node, reason=error.message))
        return None

    def _reported(self, node: ast.Expr) -> bool:
        """Whether a part of an expression was refused already: it generates, or has a type that could not be found."""
        return any(self.program.types.get(n) == ERROR or isinstance(n, GENERATIONS) for n in walk(node))

    def expression(self, unit: Unit, node: ast.Expr, what: str) -> Any:
        """The value of an expression that must be constant; None after a report."""
        found = self._value(unit, node, self.body(unit).expr(node), what)
        return None if found is None else found[0]

    # --- signatures ---

    def declare(self, symbol: Symbol, summaries: dict[str, Summary]) -> None:
        """Note the signature of a def, template, tool or session, without defaults."""
        decl, unit = symbol.decl, symbol.unit
        if isinstance(decl, ast.FuncDecl | ast.ToolDecl):
            kind = "tool" if isinstance(decl, ast.ToolDecl) else decl.kind
            self._add(symbol, kind, decl, unit, summaries.get(symbol.unique))
        elif isinstance(decl, ast.SessionDecl):
            fields = self._declarer(unit).fields(unit, decl.params)
            signature = Signature(symbol, "session", fields, None)
            _summarize(signature, summaries.get(symbol.unique))
            self.program.signatures[symbol.unique] = signature
            for turn in decl.turns[:1]:
                turn_symbol = replace(symbol, unique=f"{symbol.unique}.turn")
                self._add(turn_symbol, "turn", turn, unit, summaries.get(turn_symbol.unique))
        elif isinstance(decl, ast.TypeDecl):
            self.records[symbol.unique] = (unit, decl)

    def _declarer(self, unit: Unit) -> Any:
        return self.body(unit).shared.declarer

    def _add(
        self, symbol: Symbol, kind: str, decl: ast.FuncDecl | ast.ToolDecl | ast.TurnDecl, unit: Unit,
        summary: Summary | None,
    ) -> None:  # fmt: skip
        declarer = self._declarer(unit)
        result = declarer.type(unit, decl.result) if decl.result is not None else None
        signature = Signature(symbol, kind, declarer.fields(unit, decl.params), result)
        if isinstance(decl, ast.ToolDecl):
            signature.effect = ToolChecker(unit, self.program.table, self.report, self.search).effect_of(decl)
            if result is None:
                self.report(unit.finding(oe.ToolResult, decl.name, name=decl.name.name))
                signature.result = ERROR
        _summarize(signature, summary)
        if isinstance(decl, ast.FuncDecl) and decl.bound is not None:
            signature.depth = self._depth(unit, decl.bound)
        self.program.signatures[symbol.unique] = signature

    def _depth(self, unit: Unit, node: ast.Expr) -> int:
        depth = self.expression(unit, node, "the recursion depth")
        if type(depth) is int and 1 <= depth <= MAX_DEPTH:
            return depth
        if depth is not None:
            facts = {"word": "max", "limit": MAX_DEPTH, "found": f"this is {to_json(depth)}", "help": "write a number"}
            self.report(unit.finding(le.BadBound, node, **facts))
        return 1

    # --- defaults ---

    def complete(self, name: str) -> None:
        """Make sure that a record has the defaults of its fields."""
        unit, decl = self.records.get(name, (None, None))
        if unit is None or decl is None or name not in self.records:
            return
        record = self.program.table[name]
        assert isinstance(record, RecordType)
        if name in self.open:
            if any(f.default is not None for f in decl.fields):
                self._circle(unit, decl.name, "a default")
                given = zip(decl.fields, record.fields, strict=True)
                stand_ins = tuple(f if d.default is None else replace(f, default="null") for d, f in given)
                self.program.table[name] = replace(record, fields=stand_ins)
            return
        self.open.add(name)
        fields = self.with_defaults(unit, decl.fields, record.fields, ordered=False)
        self.program.table[name] = replace(record, fields=fields)
        self.open.discard(name)
        del self.records[name]

    def defaults(self, symbol: Symbol) -> None:
        """Fill in the defaults of a declaration's parameters, once all types are known."""
        decl, unit = symbol.decl, symbol.unit
        if isinstance(decl, ast.FuncDecl | ast.ToolDecl | ast.SessionDecl):
            signature = self.program.signatures[symbol.unique]
            signature.fields = self.with_defaults(unit, decl.params, signature.fields)
        if isinstance(decl, ast.SessionDecl) and decl.turns:
            signature = self.program.signatures[f"{symbol.unique}.turn"]
            signature.fields = self.with_defaults(unit, decl.turns[0].params, signature.fields)

    def with_defaults(
        self, unit: Unit, decls: tuple[ast.FieldDecl, ...], fields: tuple[Field, ...], *, ordered: bool = True
    ) -> tuple[Field, ...]:
        """The fields with their defaults; where they are `ordered`, one without follows none with a default."""
        out: list[Field] = []
        for decl, field in zip(decls, fields, strict=True):
            if decl.default is None:
                if ordered and any(f.default is not None for f in out):
                    name = decl.name
                    self.report(unit.finding(de.ParameterOrder, name, name=name.name))
                out.append(field)
                continue
            found = self.body(unit).coerce(decl.default, field.type, f"default of `{field.name}`")
            value = self._value(unit, decl.default, found, "a default")
            # A default that was refused still is one for the callers.
            out.append(replace(field, default="null" if value is None else to_json(value[0])))
        return tuple(out)

    # --- models ---

    def model(self, symbol: Symbol, decl: ast.ModelDecl) -> dict[str, Any]:
        """The constant options of a model."""
        unit = symbol.unit
        if decl.path.constant is None:
            self.report(unit.finding(de.NotConstant, decl.path, what="a model's path", help=PLAIN_TEXT))
        options = tuple(o for o in decl.options if o.name.name != "date")
        for option in decl.options:
            if option.name.name == "date":
                self._date(unit, option)
        facts = self.body(unit).options(options, MODEL_OPTIONS, "model", STR)
        return facts.constants

    def _date(self, unit: Unit, option: ast.Option) -> None:
        text = option.value.constant if isinstance(option.value, ast.Str) else None
        if text is None or not _DATE.fullmatch(text):
            expected = 'a date such as "2026-01-31"'
            found = f"`{unit.source.text[option.value.span.start : option.value.span.end][:40]}`"
            self.report(unit.finding(pe.OptionValue, option.value, name="date", expected=expected, found=found))

    def states(self, unit: Unit, decl: ast.SessionDecl, fields: tuple[Field, ...]) -> tuple[Field, ...]:
        """A session's state variables, each with its first value."""
        states = self.with_defaults(unit, decl.states, fields, ordered=False)
        for node in decl.states:
            if node.default is None:
                names = f"a first value for `{node.name.name}`"
                help_ = f"write `state {node.name.name}: {unit.text(node.type)} = {_first_value(node.type)}`"
                facts = {"function": decl.name.name, "names": names, "help": help_}
                self.report(unit.finding(ae.MissingArgument, node, **facts))
        return states


def _summarize(signature: Signature, summary: Summary | None) -> None:
    if summary is not None:
        signature.has_roles, signature.has_text = summary.roles, summary.text
        signature.generates = summary.generates


def _first_value(node: ast.TypeExpr) -> str:
    """A value that a state variable of this type could begin with."""
    if isinstance(node, ast.TypeOptional):
        return "none"
    name = node.name.name if isinstance(node, ast.TypeName) else ""
    return {"int": "0", "float": "0.0", "str": '""', "bool": "false", "list": "[]", "dict": "{}"}.get(name, "...")
