"""Checks tool declarations and builds their ToolSpec: URL, query, headers, body, options."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

from sglc.diagnostics import Diagnostic, nearest
from sglc.frontend import ast
from sglc.frontend.check_python import check_python
from sglc.frontend.declare import PLAIN_TEXT
from sglc.frontend.errors import declared as de
from sglc.frontend.errors import names as ne
from sglc.frontend.errors import prompts as pe
from sglc.frontend.errors import tools as oe
from sglc.frontend.resolve import Unit
from sglc.frontend.typed import Signature
from sglc.ir.relations import fields_of
from sglc.ir.tools import (
    METHODS,
    ArgPart,
    Constant,
    DictValue,
    EnvPart,
    HttpSpec,
    ListValue,
    PythonSpec,
    Template,
    ToolSpec,
    ToolSpecError,
    Value,
    check_spec,
)  # fmt: skip
from sglc.ir.types import STR, ErrorType, TypeTable, show
from sglc.source import Span

HTTP_OPTIONS = ("query", "headers", "body", "timeout", "retry", "cache", "effect")
_OTHER_NAMES = {"params": "query", "data": "body", "json": "body", "retries": "retry"}
_RANGES = {
    "timeout": "a duration from 1ms to 10m",
    "retry": "a whole number from 0 to 10",
    "cache": "a duration from 0s to 24h",
}
PYTHON_OPTIONS = ("timeout", "retry", "cache", "effect")


class ToolChecker:
    """Checks one tool. `search` are the folders where Python modules are looked for besides the program's own."""

    def __init__(self, unit: Unit, table: TypeTable, report: Callable[[Diagnostic], None], search: tuple[Path, ...]):
        self.unit, self.table, self.report, self.search = unit, table, report, search
        self.read_modules: list[Path] = []

    def error(self, kind: type[Diagnostic], node: ast.Node | Span, /, **facts: Any) -> None:
        span = node if isinstance(node, Span) else node.span
        self.report(kind(source=self.unit.source, span=span, **facts))

    def check(self, decl: ast.ToolDecl, signature: Signature) -> ToolSpec | None:
        """The tool as data; None after a report that leaves nothing to build."""
        self.fields = {f.name: f for f in signature.fields}
        impl = decl.impl
        options = self._options(impl)
        http = isinstance(impl, ast.HttpImpl)
        if isinstance(impl, ast.HttpImpl):
            spec_impl: HttpSpec | PythonSpec | None = self._http(impl, options)
        else:
            spec_impl = check_python(self.unit, decl, signature, self.search, self.report, self.read_modules)
        if spec_impl is None:
            return None
        default_effect = not (http and impl.method.name in ("GET", "HEAD"))  # type: ignore[union-attr]
        effect = self._flag(options.get("effect"), default_effect)
        spec = ToolSpec(
            signature.name, signature.fields, signature.result or STR, spec_impl, effect,
            decl.description.constant or "" if decl.description else "",
            self._number(options.get("timeout"), "timeout", 30.0, 0.001, 600.0),
            int(self._number(options.get("retry"), "retry", 0, 0, 10)),
            self._number(options.get("cache"), "cache", 0.0, 0.0, 86_400.0),
            self.unit.source.location(decl.name.span.start),
        )  # fmt: skip
        try:
            check_spec(spec)
        except ToolSpecError as error:
            place = self._place(decl, error.problem.place)
            self.error(oe.BadUrl, place, problem=error.problem.message, help=error.problem.hint)
            return None
        return spec

    def _place(self, decl: ast.ToolDecl, place: tuple[str, int]) -> ast.Node | Span:
        """The node of a place in a ToolSpec."""
        impl, (what, index) = decl.impl, place
        options = {o.name.name: o for o in impl.options}
        if isinstance(impl, ast.PythonImpl):
            return options.get(what, impl.target)
        if what == "url" and 0 <= index < len(impl.url.parts):
            return impl.url.parts[index].span
        headers = options["headers"].value if what == "headers" else None
        if isinstance(headers, ast.DictExpr):
            return headers.entries[index][0]
        return options.get(what, impl.url)

    def effect_of(self, decl: ast.ToolDecl) -> bool:
        """Whether a tool has an effect, as far as its declaration says; reports nothing."""
        for option in decl.impl.options:
            if option.name.name == "effect" and isinstance(option.value, ast.Constant):
                return option.value.value is True
        return not (isinstance(decl.impl, ast.HttpImpl) and decl.impl.method.name in ("GET", "HEAD"))

    # --- options ---

    def _options(self, impl: ast.HttpImpl | ast.PythonImpl) -> dict[str, ast.Expr]:
        known = HTTP_OPTIONS if isinstance(impl, ast.HttpImpl) else PYTHON_OPTIONS
        owner = "`http`" if isinstance(impl, ast.HttpImpl) else "`python`"
        found = {}
        for option in impl.options:
            name = option.name.name
            if name not in known:
                near = _OTHER_NAMES.get(name) or nearest(name, known)
                help_ = f"use `{near}`" if near else f"the options are {', '.join(known)}"
                self.error(pe.UnknownOption, option.name, name=name, owner=owner, help=help_)
            found[name] = option.value
        return found

    def _number(self, node: ast.Expr | None, name: str, default: float, low: float, high: float) -> float:
        if node is None:
            return default
        value: Any = None
        if isinstance(node, ast.Duration) and name != "retry":
            value = node.seconds
        elif isinstance(node, ast.Number) and (name != "retry" or isinstance(node.value, int)):
            value = node.value
        if value is None or not low <= value <= high:
            wanted = _RANGES[name]
            found = f"`{self.unit.source.text[node.span.start : node.span.end][:40]}`"
            inner = node.constant if isinstance(node, ast.Str) else None
            help_ = f"write {name}={inner}, without quotes" if inner and re.fullmatch(r"\d+(ms|[smh])?", inner) else ""
            self.error(pe.OptionValue, node, name=name, expected=wanted, found=found, help=help_)
            return default
        return float(value)

    def _flag(self, node: ast.Expr | None, default: bool) -> bool:
        if node is None:
            return default
        if isinstance(node, ast.Constant) and isinstance(node.value, bool):
            return node.value
        found = f"`{self.unit.source.text[node.span.start : node.span.end][:40]}`"
        self.error(pe.OptionValue, node, name="effect", expected="true or false", found=found)
        return default

    # --- http ---

    def _http(self, impl: ast.HttpImpl, options: dict[str, ast.Expr]) -> HttpSpec | None:
        method = impl.method.name
        if method not in METHODS:
            near = method.upper() if method.upper() in METHODS else nearest(method, METHODS)
            # What begins with another letter is near by chance: FETCH is no PATCH.
            if near is None or near[0] != method[0].upper():
                near = f"{', '.join(METHODS[:-1])} or {METHODS[-1]}"
            self.error(oe.BadMethod, impl.method, name=method, help=f"write {near}")
            return None
        url = self._template(impl.url)
        query, headers = self._pairs(options, "query"), self._pairs(options, "headers")
        body = self._value(options["body"]) if "body" in options else None
        if url is None or ("body" in options and body is None):
            return None
        return HttpSpec(method, url, query, headers, body)

    def _template(self, node: ast.Str) -> Template | None:
        parts = [part.text if isinstance(part, ast.Text) else self._reference(part.content) for part in node.parts]
        known = tuple(part for part in parts if part is not None)
        return Template(known) if len(known) == len(parts) else None

    def _reference(self, node: Any) -> EnvPart | ArgPart | None:
        """`env.NAME`, a parameter, or a field inside one."""
        names: list[ast.Name] = []
        inner = node
        while isinstance(inner, ast.Attribute):
            names.insert(0, inner.name)
            inner = inner.value
        if not isinstance(inner, ast.Name):
            help_ = "compute the value in a function and pass it as an argument"
            self.error(
                oe.BadUrl, node, problem="only parameters, their fields and env.NAME can be inserted", help=help_
            )
            return None
        if inner.name == "env" and len(names) == 1:
            return EnvPart(names[0].name)
        if inner.name == "env" and "env" not in self.fields:
            help_ = f"write env.{'_'.join(n.name for n in names) or 'NAME'}"
            self.error(oe.BadUrl, node, problem="an env value is one name behind `env.`", help=help_)
            return None
        field = self.fields.get(inner.name)
        if field is None:
            self.error(ne.UnknownName, inner, name=inner.name, where="this tool", help=self._known(inner.name))
            return None
        type_ = field.type
        for name in names:
            fields = fields_of(type_, self.table)
            if fields is None or name.name not in fields:
                near = nearest(name.name, fields or ())
                known = f"it has {', '.join(fields)}" if fields else "a tool reads parameters and their fields"
                help_ = f"use `{near}`" if near else known
                if not isinstance(type_, ErrorType):
                    self.error(ne.UnknownField, name, name=name.name, type=show(type_), help=help_)
                return None
            type_ = fields[name.name]
        return ArgPart(inner.name, tuple(n.name for n in names))

    def _known(self, name: str) -> str:
        """What a tool knows, for a name that it does not."""
        if name in self.unit.names and self.unit.names[name].kind == "constant":
            return "write the constant's text here, or take it as a parameter: a tool reads its parameters and env.NAME"
        near = nearest(name, [*self.fields, "env"])
        fields = "".join(f"`{f}`, " for f in self.fields)
        return f"use `{near}`" if near else f"a tool knows its parameters ({fields[:-2] or 'it has none'}) and env.NAME"

    def _pairs(self, options: dict[str, ast.Expr], name: str) -> tuple[tuple[str, Value], ...]:
        node = options.get(name)
        if node is None:
            return ()
        if not isinstance(node, ast.DictExpr):
            found = f"`{self.unit.source.text[node.span.start : node.span.end][:40]}`"
            help_ = f'write {name}={{"key": value}}'
            self.error(pe.OptionValue, node, name=name, expected="a dict", found=found, help=help_)
            return ()
        value = self._value(node)
        return value.items if isinstance(value, DictValue) else ()

    def _value(self, node: ast.Expr) -> Value | None:
        match node:
            case ast.Str():
                return self._template(node)
            case ast.Number(value=number):
                return Constant(repr(number))
            case ast.Constant(value=constant):
                return Constant({None: "null", True: "true", False: "false"}[constant])
            case ast.ListExpr(items=items):
                found = [self._value(item) for item in items]
                return None if None in found else ListValue(tuple(v for v in found if v is not None))
            case ast.DictExpr(entries=entries):
                return self._dict(entries)
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.name == "env":
            return Template((EnvPart(node.name.name),))
        reference = self._reference(node)
        return reference if isinstance(reference, ArgPart) else None

    def _dict(self, entries: tuple[tuple[ast.Expr, ast.Expr], ...]) -> DictValue | None:
        out = []
        for key, item in entries:
            if not isinstance(key, ast.Str) or key.constant is None:
                self.error(de.NotConstant, key, what="a key", help=PLAIN_TEXT)
                return None
            value = self._value(item)
            if value is None:
                return None
            out.append((key.constant, value))
        return DictValue(tuple(out))
