"""Types of calls: functions, tools, records, sessions, builtins; methods and `describe` are in check_method.py."""

from __future__ import annotations

from sglc.diagnostics import nearest
from sglc.frontend import ast
from sglc.frontend.builtins import BUILTINS, is_text, item_of
from sglc.frontend.check_access import SESSION_HELP
from sglc.frontend.check_method import MethodChecker
from sglc.frontend.errors import calls as ae
from sglc.frontend.errors import declared as de
from sglc.frontend.errors import names as ne
from sglc.frontend.errors import types as te
from sglc.frontend.other_languages import FUNCTIONS, TAKE_TYPES_OR_FUNCTIONS
from sglc.frontend.resolve import KIND_NAMES, Symbol
from sglc.frontend.typed import CallTarget, Signature
from sglc.ir.types import ERROR, NEVER, NONE, EnumType, ErrorType, Field, NamedType, RecordType, SessionType, Type, show


class CallChecker(MethodChecker):
    """Adds calls. What is called here is noted in `callees` of the function that is being checked."""

    def call(self, node: ast.Call) -> Type:
        function = node.function
        if isinstance(function, ast.Attribute):
            return self.method(node, function)
        if not isinstance(function, ast.Name):
            found = self.expr(function)
            self.arguments_anyway(node)
            return ERROR if isinstance(found, ErrorType) else self.error(ae.NotCallable, function, what="this value")
        if function.name in self.scope.variables:
            return self._call_value(node, function)
        symbol = self.unit.names.get(function.name)
        if symbol is not None:
            return self._call_symbol(node, function, symbol)
        builtin = BUILTINS.get(function.name)
        if builtin is not None:
            return self.builtin(node, builtin)
        return self._unknown_function(node, function)

    def _call_value(self, node: ast.Call, function: ast.Name) -> Type:
        found = self.expr(function)
        self.arguments_anyway(node)
        if isinstance(found, ErrorType):
            return ERROR
        help_ = f"rename the variable: it hides the builtin {function.name}" if function.name in BUILTINS else ""
        if not help_ and len(node.args) == 1 and (item_of(found) is not None or is_text(found)):
            help_ = f"read an item with brackets: {function.name}[{self.written(node.args[0].value)}]"
        shown = show(found)
        article = "an" if shown[0].lower() in "aeiou" else "a"
        return self.error(ae.NotCallable, function, what=f"`{function.name}`, {article} {shown},", help=help_)

    def _unknown_function(self, node: ast.Call, function: ast.Name) -> Type:
        help_ = FUNCTIONS.get(function.name, "")
        if function.name not in TAKE_TYPES_OR_FUNCTIONS:
            self.arguments_anyway(node)
        if not help_:
            callable_ = [n for n, s in self.unit.names.items() if s.kind in ("function", "tool", "type", "template")]
            near = nearest(function.name, [*BUILTINS, *callable_])
            help_ = f"use `{near}`" if near else "declare it with `def`, or import it"
        where = f"`{self.scope.name}`" if self.scope.name else "this file"
        return self.error(ne.UnknownName, function, name=function.name, where=where, help=help_)

    # --- declared things ---

    def _call_symbol(self, node: ast.Call, function: ast.Name, symbol: Symbol) -> Type:
        record = self._record_of(symbol)
        if record is not None:
            return self._record(node, record, symbol.name)
        signature = self.program.signatures.get(symbol.unique)
        if symbol.kind in ("function", "tool", "session") and signature is not None:
            return self._signature(node, function, signature)
        self.arguments_anyway(node)
        if self.scope.kind == "constant" and symbol.kind in ("function", "tool"):
            return NEVER  # signatures are not known yet; what asks for a constant reports that this is none
        if symbol.kind == "broken" or symbol.kind in ("type", "function", "tool", "session"):
            return ERROR
        kind, help_ = KIND_NAMES[symbol.kind], self._call_help(node, symbol, signature)
        return self.error(ne.WrongKind, function, name=function.name, kind=kind, expected="a function", help=help_)

    def _call_help(self, node: ast.Call, symbol: Symbol, signature: Signature | None) -> str:
        """What to write instead of a call of something that is no function."""
        written = self.written(node)
        match symbol.kind:
            case "template" if self.statement is node:
                return f"write `use {written}`"
            case "template" if signature is not None and signature.result is not None:
                return f"write `name = use {written}` as a statement, then use `name`"
            case "template":
                return f"write `use {written}` as a statement; it gives no value"
            case "enum":
                texts = [a.value.constant for a in node.args if isinstance(a.value, ast.Str)]
                enum = self.table.get(symbol.unique)
                known = enum.names if isinstance(enum, EnumType) else ()
                member = nearest(texts[0] or "", known) if texts else None
                return f"name a member: {symbol.name}.{member}" if member else f"the members are {', '.join(known)}"
            case "constant":
                return "leave the parentheses out"
            case "alias":
                return "write the value alone: it is checked where its type is needed"
            case "model":
                return f"name it in a generation: with model={symbol.name}"
        return ""

    def _record_of(self, symbol: Symbol) -> str | None:
        """The record that a name stands for, directly or as an alias."""
        if symbol.kind == "type":
            return symbol.unique
        type_ = self.shared.declarer.alias(symbol) if symbol.kind == "alias" else None
        is_record = isinstance(type_, NamedType) and isinstance(self.table.get(type_.name), RecordType)
        return type_.name if isinstance(type_, NamedType) and is_record else None

    def _record(self, node: ast.Call, name: str, shown: str) -> Type:
        self.shared.complete(name)
        record = self.table.get(name)
        if not isinstance(record, RecordType):
            self.arguments_anyway(node)
            return self.error(de.NotConstant, node, what="a bound of a type, which is needed before records are known,")
        args = self.arguments(node, node.args, record.fields, shown)
        self.program.calls[node] = CallTarget("record", name, args)
        return NamedType(name)

    def _signature(self, node: ast.Call, function: ast.Name, signature: Signature) -> Type:
        args = self.arguments(node, node.args, signature.fields, function.name)
        kind = signature.kind
        if self.scope.kind == "constant" and signature.result is not None:
            return signature.result  # what asks for a constant reports that this is none
        if kind == "session":
            return self._session(node, function, signature, args)
        self.note_call(node, signature)
        self.program.calls[node] = CallTarget("tool" if kind == "tool" else "function", signature.name, args)
        if signature.result is None and self.statement is not node:
            return self.error(te.NoValue, node, function=function.name)
        return signature.result if signature.result is not None else NONE

    def _session(
        self, node: ast.Call, function: ast.Name, signature: Signature, args: tuple[ast.Expr | str, ...]
    ) -> Type:
        if self.scope.kind != "test":
            facts = {"kind": "a session", "expected": "a function", "help": SESSION_HELP}
            return self.error(ne.WrongKind, function, name=function.name, **facts)
        self.program.calls[node] = CallTarget("session", signature.name, args)
        return SessionType(signature.name)

    # --- arguments ---

    def arguments(
        self, node: ast.Node, args: tuple[ast.Argument, ...], fields: tuple[Field, ...], name: str
    ) -> tuple[ast.Expr | str, ...]:
        given: dict[str, ast.Expr] = {}
        by_name = {f.name: f for f in fields}
        named = {a.name.name for a in args if a.name is not None}
        surplus: list[ast.Argument] = []
        unknown = 0
        # One wrong name and one free parameter belong together.
        free = [n for n in by_name if n not in named] if len(named - by_name.keys()) == 1 else []
        for position, arg in enumerate(args):
            field = self._field_for(arg, position, fields, given, name, free)
            if field is None:
                unknown += arg.name is not None
                surplus += [arg] if arg.name is None else []
                self.expr(arg.value)
                continue
            given[field.name] = arg.value
            self.coerce(arg.value, field.type, f"argument `{field.name}` of `{name}`")
        if surplus:
            self._surplus(surplus, name, _counted(len(fields)))
        missing = [f.name for f in fields if f.name not in given and f.default is None and not f.optional]
        # An argument under a wrong name is the missing one most of the time, and is reported already.
        if len(missing) > unknown:
            names = _listed([f"`{m}`" for m in missing])
            one = "it" if len(missing) == 1 else "them"
            help_ = f"give {one} by position or as name=value"
            self.error(ae.MissingArgument, node, function=name, names=names, help=help_)
        return tuple(given.get(f.name) or f.default or "null" for f in fields)

    def _field_for(
        self,
        arg: ast.Argument,
        position: int,
        fields: tuple[Field, ...],
        given: dict[str, ast.Expr],
        name: str,
        free: list[str],
    ) -> Field | None:
        """The field that an argument is for, None when there is none; `free` are those that no argument names."""
        if arg.name is None:
            known = position < len(fields) and fields[position].name not in given
            return fields[position] if known else None
        field = next((f for f in fields if f.name == arg.name.name), None)
        if field is None:
            left = [n for n in free if n not in given]
            near = nearest(arg.name.name, [f.name for f in fields]) or (left[0] if len(left) == 1 else None)
            known_names = ", ".join(f.name for f in fields)
            help_ = f"use `{near}`" if near else f"it has {known_names or 'no parameters'}"
            self.error(ae.UnknownParameter, arg.name, function=name, name=arg.name.name, help=help_)
        elif field.name in given:
            facts = {"count": f"`{field.name}` once", "where": "given by position already"}
            self.error(ae.TooManyArguments, arg, function=name, **facts)
            return None
        return field


def _counted(count: int) -> str:
    return f"{count} argument{'' if count == 1 else 's'}" if count else "no arguments"


def _listed(names: list[str]) -> str:
    """`a`, `a and b`, `a, b and c`."""
    return " and ".join(", ".join(names).rsplit(", ", 1))
