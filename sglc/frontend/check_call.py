"""Types of calls: functions, tools, builtins, methods, records, sessions, `describe`."""

from __future__ import annotations

import msgspec

from sglc.diagnostics import nearest
from sglc.frontend import ast
from sglc.frontend.builtins import BUILTINS, METHODS, Builtin, method_kind, method_names
from sglc.frontend.check_expr import ExprChecker
from sglc.frontend.errors import names as ne
from sglc.frontend.errors import prompts as pe
from sglc.frontend.errors import types as te
from sglc.frontend.resolve import KIND_NAMES, Symbol
from sglc.frontend.typed import CallTarget, Signature
from sglc.ir.describe import describe
from sglc.ir.relations import may_be_none
from sglc.ir.types import (
    ERROR, NONE, STR, BoolType, DictType, EnumType, ErrorType, Field, FloatType, IntType, JsonType, ListType, NamedType,
    NeverType, RecordType, SessionType, StrType, Type, show,
)  # fmt: skip


class CallChecker(ExprChecker):
    """Adds calls. What is called here is noted in `callees` of the function that is being checked."""

    statement: ast.Expr | None = None
    """The call that stands as a statement, whose missing value nobody needs."""

    def call(self, node: ast.Call, expected: Type | None) -> Type:
        function = node.function
        if isinstance(function, ast.Attribute):
            return self._method(node, function)
        if not isinstance(function, ast.Name):
            self.expr(function)
            return self.error(ne.NotCallable, function, what="this value")
        if function.name in self.scope.variables:
            return self._call_value(node, function)
        symbol = self.unit.names.get(function.name)
        if symbol is not None:
            return self._call_symbol(node, function, symbol)
        builtin = BUILTINS.get(function.name)
        if builtin is not None:
            return self._builtin(node, builtin)
        return self._unknown_function(node, function)

    def _call_value(self, node: ast.Call, function: ast.Name) -> Type:
        found = self.expr(function)
        self._arguments_anyway(node)
        if isinstance(found, ErrorType):
            return ERROR
        return self.error(ne.NotCallable, function, what=f"`{function.name}`, a {show(found)},")

    def _arguments_anyway(self, node: ast.Call) -> None:
        for arg in node.args:
            self.expr(arg.value)

    def _unknown_function(self, node: ast.Call, function: ast.Name) -> Type:
        self._arguments_anyway(node)
        if function.name in _METHODS_AS_FUNCTIONS:
            help_ = f"write {_METHODS_AS_FUNCTIONS[function.name]}"
        else:
            near = nearest(function.name, [*BUILTINS, *self.unit.names, *self.scope.variables])
            help_ = f"use `{near}`" if near else ""
        where = f"`{self.scope.name}`" if self.scope.name else "this file"
        return self.error(ne.UnknownName, function, name=function.name, where=where, help=help_)

    # --- declared things ---

    def _call_symbol(self, node: ast.Call, function: ast.Name, symbol: Symbol) -> Type:
        if symbol.kind == "type":
            return self._record(node, symbol)
        signature = self.program.signatures.get(symbol.unique)
        if symbol.kind in ("function", "tool", "session") and signature is not None:
            return self._signature(node, function, signature)
        self._arguments_anyway(node)
        if symbol.kind == "broken" or symbol.kind in ("function", "tool", "session"):
            return ERROR
        help_ = f"write `use {function.name}(...)`" if symbol.kind == "template" else ""
        kind = KIND_NAMES[symbol.kind]
        return self.error(ne.WrongKind, function, name=function.name, kind=kind, expected="a function", help=help_)

    def _signature(self, node: ast.Call, function: ast.Name, signature: Signature) -> Type:
        args = self.arguments(node, node.args, signature.fields, function.name)
        kind = signature.kind
        if self.scope.kind == "constant":
            return self.error(te.NotConstant, node, what="this place")
        if kind == "session":
            return self._session(node, function, signature, args)
        self.note_call(node, signature)
        self.program.calls[node] = CallTarget("tool" if kind == "tool" else "function", signature.name, args)
        if signature.result is None and self.statement is not node:
            return self.error(te.NoValue, node, function=function.name)
        return signature.result if signature.result is not None else NONE

    def note_call(self, node: ast.Node, signature: Signature) -> None:
        """Remember who calls whom (the statement checker overrides this)."""

    def _session(
        self, node: ast.Call, function: ast.Name, signature: Signature, args: tuple[ast.Expr | str, ...]
    ) -> Type:
        if self.scope.kind != "test":
            help_ = "sessions are opened by `sglc run`, the server, and tests"
            return self.error(
                ne.WrongKind, function, name=function.name, kind="a session", expected="a function", help=help_
            )
        self.program.calls[node] = CallTarget("session", signature.name, args)
        return SessionType(signature.name)

    def _record(self, node: ast.Call, symbol: Symbol) -> Type:
        record = self.program.table.get(symbol.unique)
        if not isinstance(record, RecordType):
            self._arguments_anyway(node)
            return ERROR
        args = self.arguments(node, node.args, record.fields, symbol.name)
        self.program.calls[node] = CallTarget("record", symbol.unique, args)
        return NamedType(symbol.unique)

    def arguments(
        self, node: ast.Node, args: tuple[ast.Argument, ...], fields: tuple[Field, ...], name: str
    ) -> tuple[ast.Expr | str, ...]:
        """Arguments in the order of the fields, defaults filled in as JSON text; reports what does not fit."""
        given: dict[str, ast.Expr] = {}
        by_name = {f.name: f for f in fields}
        for position, arg in enumerate(args):
            field = self._field_for(arg, position, fields, by_name, given, name)
            if field is None:
                self.expr(arg.value)
                continue
            given[field.name] = arg.value
            self.coerce(arg.value, field.type, f"argument `{field.name}` of `{name}`")
        missing = [f.name for f in fields if f.name not in given and f.default is None and not f.optional]
        if missing:
            names = " and ".join(f"`{m}`" for m in missing)
            self.error(ne.MissingArgument, node, function=name, names=names)
        return tuple(given.get(f.name) or f.default or "null" for f in fields)

    def _field_for(
        self,
        arg: ast.Argument,
        position: int,
        fields: tuple[Field, ...],
        by_name: dict[str, Field],
        given: dict[str, ast.Expr],
        name: str,
    ) -> Field | None:
        count = f"{len(fields)} argument{'' if len(fields) == 1 else 's'}"
        if arg.name is None:
            if position < len(fields) and fields[position].name not in given:
                return fields[position]
            self.error(ne.TooManyArguments, arg, function=name, count=count)
            return None
        field = by_name.get(arg.name.name)
        if field is None:
            near = nearest(arg.name.name, by_name)
            help_ = f"did you mean `{near}`" if near else f"it has {', '.join(by_name) or 'no parameters'}"
            self.error(ne.UnknownParameter, arg.name, function=name, name=arg.name.name, help=help_)
        elif field.name in given:
            self.error(ne.TooManyArguments, arg, function=name, count=f"`{field.name}` once")
            return None
        return field

    # --- builtins and methods ---

    def _builtin(self, node: ast.Call, builtin: Builtin) -> Type:
        if builtin.function == "describe":
            return self._describe(node)
        if builtin.function == "image":
            self._arguments_anyway(node)
            help_ = "vision models come with a later version; describe the picture in text"
            return self.error(te.NotYet, node, feature="image(...)", help=help_)
        types = [self.expr(arg.value) for arg in node.args]
        kind = "tokens" if builtin.function == "tokens" else "builtin"
        args = tuple(arg.value for arg in node.args)
        self.program.calls[node] = CallTarget(kind, builtin.function, args)  # type: ignore[arg-type]
        return self._apply_rule(node, builtin, builtin.function, types)

    def _apply_rule(self, node: ast.Call, builtin: Builtin, name: str, types: list[Type]) -> Type:
        named = next((arg.name for arg in node.args if arg.name is not None), None)
        help_ = f"write {builtin.usage}"
        if named is not None:
            return self.error(ne.UnknownParameter, named, function=name, name=named.name, help=help_)
        if len(types) < builtin.low:
            return self.error(ne.MissingArgument, node, function=name, names=f"more: {builtin.usage}")
        if len(types) > builtin.high:
            return self.error(ne.TooManyArguments, node, function=name, count=builtin.usage)
        if any(isinstance(t, ErrorType) for t in types):
            return ERROR
        result = builtin.rule(types, self.table)
        if result is None:
            if any(may_be_none(t) for t in types):
                help_ = "test for none first: `if x != none:`"
            shown = " and ".join(f"`{show(t)}`" for t in types)
            return self.error(te.BadOperands, node, op=name, types=shown, help=help_)
        return result

    def _method(self, node: ast.Call, function: ast.Attribute) -> Type:
        qualified = function.value
        if isinstance(qualified, ast.Name) and qualified.name not in self.scope.variables:
            symbol = self.unit.names.get(qualified.name)
            if symbol is not None and symbol.kind in ("enum", "type"):
                self._arguments_anyway(node)
                return self.error(ne.NotCallable, function, what=f"a part of `{qualified.name}`")
        owner = self.expr(function.value)
        if isinstance(owner, ErrorType):
            self._arguments_anyway(node)
            return ERROR
        if isinstance(owner, SessionType):
            return self._turn(node, function, owner)
        if may_be_none(owner):
            self._arguments_anyway(node)
            return self.error(te.MayBeNone, function.value, type=f"`{show(owner)}`")
        kind = method_kind(owner, self.table)
        builtin = METHODS.get(f"{kind}.{function.name.name}")
        types = [owner, *(self.expr(arg.value) for arg in node.args)]
        if builtin is None:
            return self._no_method(function, owner, kind)
        args = (function.value, *(arg.value for arg in node.args))
        self.program.calls[node] = CallTarget("builtin", builtin.function, args)
        return self._apply_rule(node, builtin, function.name.name, types)

    def _no_method(self, function: ast.Attribute, owner: Type, kind: str) -> Type:
        name = function.name.name
        near = nearest(name, method_names(kind)) if kind else None
        help_ = f"did you mean `{near}`" if near else _OTHER_METHODS.get(name, "")
        if not help_ and kind:
            help_ = f"it has {', '.join(method_names(kind))}"
        return self.error(ne.UnknownMethod, function.name, name=name, type=show(owner), help=help_)

    def _turn(self, node: ast.Call, function: ast.Attribute, owner: SessionType) -> Type:
        signature = self.program.signatures.get(f"{owner.name}.turn")
        if function.name.name != "turn" or signature is None:
            self._arguments_anyway(node)
            return self.error(
                ne.UnknownMethod, function.name, name=function.name.name, type=owner.name, help="a session has turn(...)"
            )
        args = self.arguments(node, node.args, signature.fields, f"{owner.name}.turn")
        self.program.calls[node] = CallTarget("turn", owner.name, args, receiver=function.value)
        if signature.result is None and self.statement is not node:
            return self.error(te.NoValue, node, function=f"{owner.name}.turn")
        return signature.result if signature.result is not None else NONE

    # --- describe ---

    def _describe(self, node: ast.Call) -> Type:
        things: list[Type | Signature] = []
        for arg in node.args:
            thing = self._described(arg.value)
            if thing is None:
                return ERROR
            things.append(thing)
        if not things:
            return self.error(ne.MissingArgument, node, function="describe", names="a type or a tool")
        text = describe(
            [t if not isinstance(t, Signature) else _tool_description(t) for t in things], self.program.table
        )
        self.program.calls[node] = CallTarget("describe", "describe", text=text)
        return STR

    def _described(self, node: ast.Expr) -> Type | Signature | None:
        if isinstance(node, ast.Name) and node.name not in self.scope.variables:
            symbol = self.unit.names.get(node.name)
            if symbol is not None and symbol.kind == "broken":
                return None
            if symbol is not None and symbol.kind in ("type", "enum"):
                return NamedType(symbol.unique)
            if symbol is not None and symbol.kind == "alias":
                return self.alias(symbol)
            if symbol is not None and symbol.kind == "tool":
                return self.program.signatures.get(symbol.unique)
            if node.name in _SIMPLE_TYPES:
                return _SIMPLE_TYPES[node.name]
        found = self.expr(node)
        if not isinstance(found, ErrorType):
            self.error(pe.NotDescribable, node, found=f"a value of type `{show(found)}`")
        return None

    def alias(self, symbol: Symbol) -> Type:
        """The type that an alias stands for; set by check.py."""
        return ERROR


class ToolText(msgspec.Struct, frozen=True):
    """What `describe` needs of a tool."""

    name: str
    description: str
    params: tuple[Field, ...]
    result: Type


def _tool_description(signature: Signature) -> ToolText:
    decl = signature.symbol.decl
    text = decl.description.constant if isinstance(decl, ast.ToolDecl) and decl.description is not None else ""
    return ToolText(signature.symbol.name, text or "", signature.fields, signature.result or NONE)


_SIMPLE_TYPES: dict[str, Type] = {
    "str": StrType(), "int": IntType(), "float": FloatType(), "bool": BoolType(), "json": JsonType(),
}  # fmt: skip
_METHODS_AS_FUNCTIONS = {
    "upper": "text.upper()", "lower": "text.lower()", "join": 'separator.join(list)', "split": "text.split()",
    "strip": "text.strip()", "print": "a string as a statement", "map": "[f(x) for x in xs]", "filter": "[x for x in xs if ...]",
    "open": "a parameter instead; programs read no files", "append": "xs + [x]", "format": 'a string with holes: "{a} {b}"',
    "set": "unique(xs)", "isinstance": "match x: case T:", "list": "[...]", "dict": "{...}", "loads": "parse_json(text)",
}  # fmt: skip
_OTHER_METHODS = {
    "append": "write xs = xs + [x], or collect with `xs = for ...`", "extend": "write xs + ys", "sort": "write sorted(xs)",
    "format": "write holes: \"{a}\"", "push": "write xs + [x]", "length": "write len(x)", "size": "write len(x)",
    "pop": "write xs[:-1]", "reverse": "write reversed(xs)", "has": "write key in dict", "contains": "write part in text",
    "turn": "open a session first: s = chat()",
}  # fmt: skip
