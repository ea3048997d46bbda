"""Types of builtins and methods, of a session's turn, and the text of `describe`."""

from __future__ import annotations

import msgspec

from sglc.diagnostics import nearest
from sglc.frontend import ast
from sglc.frontend.builtins import BUILTINS, METHODS, Builtin, method_kind, method_names
from sglc.frontend.check_base import Checker
from sglc.frontend.errors import calls as ae
from sglc.frontend.errors import names as ne
from sglc.frontend.errors import prompts as pe
from sglc.frontend.errors import types as te
from sglc.frontend.other_languages import ANY_MODULE, MODULES, method
from sglc.frontend.resolve import KIND_NAMES, Symbol
from sglc.frontend.survey import walk
from sglc.frontend.typed import CallTarget, Signature
from sglc.ir.describe import describe
from sglc.ir.relations import fields_of, may_be_none, without_none
from sglc.ir.types import (
    ERROR,
    NONE,
    STR,
    BoolType,
    EnumType,
    ErrorType,
    Field,
    FloatType,
    IntType,
    JsonType,
    ListType,
    NamedType,
    NeverType,
    SessionType,
    StrType,
    Type,
    show,
)  # fmt: skip


class MethodChecker(Checker):
    """Adds what is called by a name of the language or behind a dot."""

    def arguments_anyway(self, node: ast.Call) -> None:
        """Check the arguments of a call that makes no sense."""
        for arg in node.args:
            self.expr(arg.value)

    def _surplus(self, args: list[ast.Argument], name: str, count: str, help_: str = "") -> Type:
        """Report arguments that nothing takes, all in one."""
        span = args[0].span.to(args[-1].span)
        facts = {"count": count, "help": help_ or "remove it"}
        if len(args) > 1:
            facts |= {"where": f"{len(args)} arguments too many", "help": help_ or "remove them"}
        return self.error(ae.TooManyArguments, span, function=name, **facts)

    def builtin(self, node: ast.Call, builtin: Builtin) -> Type:
        if builtin.function == "describe":
            return self._describe(node)
        if builtin.function == "image":
            self.arguments_anyway(node)
            help_ = "describe the picture in text; models that see come with a later version"
            return self.error(te.NotYet, node, feature="image(...)", help=help_)
        types = [self.expr(arg.value) for arg in node.args]
        args = tuple(arg.value for arg in node.args)
        if builtin.function == "tokens":
            self.program.calls[node] = CallTarget("tokens", "tokens", args)
        else:
            self.program.calls[node] = CallTarget("builtin", builtin.function, args)
        return self._apply_rule(node, builtin, builtin.function, types)

    def _apply_rule(self, node: ast.Call, builtin: Builtin, name: str, types: list[Type]) -> Type:
        help_ = f"write {builtin.usage}"
        own = len(types) - len(node.args)  # the value in front of a method counts as its first argument
        low, high = builtin.low - own, builtin.high - own
        named = next((arg.name for arg in node.args if arg.name is not None), None)
        if named is not None:
            help_ = f"leave `{named.name}=` out: {builtin.usage}" if named.name in builtin.usage else help_
            return self.error(ae.UnknownParameter, named, function=name, name=named.name, help=help_)
        if len(node.args) < low:
            names = ("an argument" if low == 1 else f"{low} arguments") if low == high else "an argument"
            return self.error(ae.MissingArgument, node, function=name, names=names, help=help_)
        if len(node.args) > high:
            count = "no arguments" if not high else f"{low} or {high}" if low == high - 1 else f"{low} to {high}"
            count = "at most 1" if (low, high) == (0, 1) else count
            count = f"{high}" if low == high and high else count
            count += "" if not high else " argument" if high == 1 else " arguments"
            return self._surplus(list(node.args[high:]), name, count, help_)
        if any(isinstance(t, ErrorType) for t in types):
            return ERROR
        result = builtin.rule(types, self.table)
        return result if result is not None else self._does_not_apply(node, builtin, name, types)

    def _does_not_apply(self, node: ast.Call, builtin: Builtin, name: str, types: list[Type]) -> Type:
        """Report arguments of types that the function does not take."""
        values = [arg.value for arg in node.args]
        if len(types) > len(values) and isinstance(node.function, ast.Attribute):
            values.insert(0, node.function.value)
        for value, type_ in zip(values, types, strict=True):
            if isinstance(type_, SessionType):
                return self.error(te.CannotInsert, value, type=f"`{show(type_)}`")
        present = [without_none(t) for t in types]
        if builtin.rule(present, self.table) is not None:
            place = next(n for n, t in enumerate(types) if may_be_none(t))
            return self.found_none(values[place], types[place])
        help_ = f"write {builtin.usage}"
        if builtin.function == "str.join" and isinstance(types[1], ListType):
            help_ = f"convert the items: {self.written(values[0])}.join([str(x) for x in {self.written(values[1])}])"
        if builtin.function == "range" and len(types) == 1 and isinstance(types[0], ListType):
            help_ = f"write range(len({self.written(values[0])})), or walk through {self.written(values[0])} itself"
        shown = [f"`{show(t)}`" for t in types]
        listed = " and ".join(", ".join(shown).rsplit(", ", 1))
        return self.error(te.BadOperands, node, op=name, types=listed, help=help_)

    # --- methods ---

    def method(self, node: ast.Call, function: ast.Attribute) -> Type:
        qualified = function.value
        if isinstance(qualified, ast.Name) and qualified.name not in self.scope.variables:
            symbol = self.unit.names.get(qualified.name)
            if symbol is not None and symbol.kind in ("enum", "type"):
                return self._part_called(node, function, symbol)
            if symbol is None and qualified.name in MODULES:
                self.arguments_anyway(node)
                help_ = MODULES[qualified.name].get(function.name.name, ANY_MODULE)
                facts = {"name": f"{qualified.name}.{function.name.name}", "where": "this file", "help": help_}
                return self.error(ne.UnknownName, function, **facts)
        owner = self.expr(function.value)
        types = [self.expr(arg.value) for arg in node.args] if not isinstance(owner, SessionType) else []
        if isinstance(owner, ErrorType | NeverType):
            return owner
        if isinstance(owner, SessionType):
            return self._turn(node, function, owner)
        if may_be_none(owner):
            return self.found_none(function.value, owner)
        kind = method_kind(owner)
        builtin = METHODS.get(f"{kind}.{function.name.name}")
        if builtin is None:
            return self._no_method(node, function, owner, kind)
        args = (function.value, *(arg.value for arg in node.args))
        self.program.calls[node] = CallTarget("builtin", builtin.function, args)
        return self._apply_rule(node, builtin, function.name.name, [owner, *types])

    def _part_called(self, node: ast.Call, function: ast.Attribute, symbol: Symbol) -> Type:
        """`Enum.member(...)` or `Record.field(...)`."""
        self.arguments_anyway(node)
        owner, name = symbol.name, function.name.name
        declared = self.table.get(symbol.unique)
        if isinstance(declared, EnumType):
            what, help_ = f"`{owner}.{name}`, a member of an enum,", "leave the parentheses out"
            if name not in declared.names:
                help_ = f"name a member: {owner}.{declared.names[0]}" if declared.names else ""
        else:
            what, help_ = f"a part of `{owner}`", f"make a value with {owner}(...), and read its fields"
        return self.error(ae.NotCallable, function, what=what, help=help_)

    def _no_method(self, node: ast.Call, function: ast.Attribute, owner: Type, kind: str) -> Type:
        help_ = self._other_method(node, function, owner, kind)
        return self.error(ae.UnknownMethod, function.name, name=function.name.name, type=show(owner), help=help_)

    def _other_method(self, node: ast.Call, function: ast.Attribute, owner: Type, kind: str) -> str:
        name, value = function.name.name, self.written(function.value)
        arguments = ", ".join(self.written(arg) for arg in node.args)
        fields = fields_of(owner, self.table)
        if name in (fields or {}):
            return f"`{name}` is a field: leave the parentheses out"
        if isinstance(owner, JsonType):
            return f"convert json first: str({value}), int({value}) or float({value})"
        known = method(kind, name, value, arguments)
        if known:
            changes = self.statement is node and isinstance(function.value, ast.Name) and known.endswith("not change")
            return known.replace("write ", f"write {value} = ", 1) if changes else known
        if name in BUILTINS:
            return f"write {name}({value}{', ' if arguments else ''}{arguments})"
        if not kind and f"str.{name}" in METHODS and fields is None:
            return f"convert it first: str({value}).{name}({arguments})"
        near = nearest(name, method_names(kind)) if kind else None
        if near:
            return f"use `{near}`"
        if kind:
            return f"it has {', '.join(method_names(kind))}"
        return f"it has {', '.join(fields)}" if fields else ""

    def _turn(self, node: ast.Call, function: ast.Attribute, owner: SessionType) -> Type:
        signature = self.program.signatures.get(f"{owner.name}.turn")
        name = function.name.name
        if name != "turn" or signature is None:
            self.arguments_anyway(node)
            return self.error(
                ae.UnknownMethod, function.name, name=name, type=owner.name, help="a session has turn(...)"
            )
        args = self.arguments(node, node.args, signature.fields, f"{owner.name}.turn")
        self.program.calls[node] = CallTarget("turn", owner.name, args, receiver=function.value)
        if signature.result is None and self.statement is not node:
            return self.error(te.NoValue, node, function=f"{owner.name}.turn", kind="turn")
        return signature.result if signature.result is not None else NONE

    # --- describe ---

    def _describe(self, node: ast.Call) -> Type:
        things: list[Type | ToolText] = []
        for arg in node.args:
            if arg.name is not None:
                help_ = "describe takes types and tools by position: describe(A, b)"
                return self.error(ae.UnknownParameter, arg.name, function="describe", name=arg.name.name, help=help_)
            thing = self._described(arg.value)
            if thing is None:
                return ERROR
            things.append(thing)
        if not things:
            help_ = "write describe(Type) or describe(tool)"
            return self.error(ae.MissingArgument, node, function="describe", names="a type or a tool", help=help_)
        self.program.described[node] = tuple(t if not isinstance(t, ToolText) else t.name for t in things)
        self.program.calls[node] = CallTarget("describe", "describe", text=describe(things, self.table))
        return STR

    def _described(self, node: ast.Expr) -> Type | ToolText | None:
        if isinstance(node, ast.Name) and node.name not in self.scope.variables:
            symbol = self.unit.names.get(node.name)
            if symbol is not None and symbol.kind == "broken":
                return None
            if symbol is not None and symbol.kind in ("type", "enum"):
                self.shared.complete(symbol.unique)
                return NamedType(symbol.unique)
            if symbol is not None and symbol.kind == "alias":
                return self.shared.declarer.alias(symbol)
            if symbol is not None and symbol.kind == "tool":
                signature = self.program.signatures.get(symbol.unique)
                return _tool_text(signature) if signature is not None else None
            if node.name in _SIMPLE_TYPES:
                return _SIMPLE_TYPES[node.name]
            if symbol is not None and symbol.kind in KIND_NAMES and symbol.kind != "constant":
                self.error(pe.NotDescribable, node, found=KIND_NAMES[symbol.kind])
                return None
            if symbol is None and node.name not in ("list", "dict", "tuple"):
                self._undescribed_name(node)
                return None
        if not self._inside_type(node):
            found = self.expr(node)
            if not isinstance(found, ErrorType):
                help_ = f"describe its type: describe({found.name})" if isinstance(found, NamedType) else ""
                if isinstance(node, ast.Str) and node.constant in self.unit.names:
                    help_ = f"write the name without quotes: {node.constant}"
                facts = {"help": help_} if help_ else {}
                self.error(pe.NotDescribable, node, found=f"a value of type `{show(found)}`", **facts)
        return None

    def _inside_type(self, node: ast.Expr) -> bool:
        """Reports `list[Parcel]`, `Parcel(...)` and the like: only the name of a type is described."""
        names = [n for n in walk(node) if isinstance(n, ast.Name) and n.name not in self.scope.variables]
        symbols = [self.unit.names.get(n.name) for n in names]
        types = [n.name for n, s in zip(names, symbols, strict=True) if s is not None and s.kind in _TYPE_KINDS]
        is_type = isinstance(node, ast.Index) and isinstance(node.value, ast.Name) and node.value.name in _GENERIC
        made = isinstance(node, ast.Call) and isinstance(node.function, ast.Name) and node.function.name in types
        if not (is_type or made or (isinstance(node, ast.Name) and node.name in _GENERIC)):
            return False
        help_ = f"describe what it holds: describe({types[0]})" if types else "give the name of a type or a tool"
        help_ = f"leave the parentheses out: describe({types[0]})" if made else help_
        self.error(pe.NotDescribable, node, found=f"`{self.written(node)}`", help=help_)
        return True

    def _undescribed_name(self, node: ast.Name) -> None:
        known = [n for n, s in self.unit.names.items() if s.kind in ("type", "enum", "alias", "tool")]
        near = nearest(node.name, known)
        help_ = f"use `{near}`" if near else "name a type or a tool of this file, or import it"
        self.error(ne.UnknownName, node, name=node.name, where="this file", help=help_)


class ToolText(msgspec.Struct, frozen=True):
    """What `describe` needs of a tool; the name is the one that a `call` spells."""

    name: str
    description: str
    params: tuple[Field, ...]


def _tool_text(signature: Signature) -> ToolText:
    decl = signature.symbol.decl
    text = decl.description.constant if isinstance(decl, ast.ToolDecl) and decl.description is not None else ""
    return ToolText(signature.name, text or "", signature.fields)


_TYPE_KINDS = ("type", "enum", "alias")
_GENERIC = ("list", "dict", "tuple")
_SIMPLE_TYPES: dict[str, Type] = {
    "str": StrType(), "int": IntType(), "float": FloatType(), "bool": BoolType(), "json": JsonType(),
}  # fmt: skip
