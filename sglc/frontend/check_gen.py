"""Checks gen, select and call: their types, their options, and the names that they bind."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any

from sglc.diagnostics import nearest
from sglc.frontend import ast
from sglc.frontend.builtins import RECORDS, is_text, item_of
from sglc.frontend.check_base import Checker
from sglc.frontend.constants import FailedError, NotConstantError, evaluate
from sglc.frontend.errors import declared as de
from sglc.frontend.errors import names as ne
from sglc.frontend.errors import prompts as pe
from sglc.frontend.errors import tools as oe
from sglc.frontend.errors import types as te
from sglc.frontend.gen_options import (
    CALL_OPTIONS,
    DEFAULT_MAX_TOKENS,
    GEN_OPTIONS,
    MODES,
    OTHER_NAMES,
    SELECT_OPTIONS,
    OptionRule,
    advice,
    known,
)  # fmt: skip
from sglc.frontend.resolve import KIND_NAMES, Symbol
from sglc.frontend.typed import GenFacts
from sglc.ir.relations import assignable, may_be_none
from sglc.ir.types import (
    ERROR,
    FLOAT,
    INT,
    NONE,
    STR,
    CallMember,
    CallType,
    DictType,
    EnumType,
    ErrorType,
    ListType,
    NamedType,
    RecordType,
    RegexType,
    StrType,
    Type,
    show,
)  # fmt: skip

_NUMBER = re.compile(r"\d+(\.\d+)?")


class GenChecker(Checker):
    """Adds generation."""

    def generate(self, node: ast.Gen | ast.Select | ast.ModelCall) -> None:
        match node:
            case ast.Gen():
                self._gen(node)
            case ast.Select():
                self._select(node)
            case ast.ModelCall():
                self._call_model(node)

    def _gen(self, node: ast.Gen) -> None:
        type_ = self.shared.declarer.type(self.unit, node.type) if node.type is not None else STR
        facts = self.options(node.options, GEN_OPTIONS, "gen", type_)
        self.program.gens[node] = facts
        if not isinstance(type_, ErrorType):
            self.program.generated.append((type_, self.unit, node.type or node.name))
        value = ListType(type_) if facts.samples > 1 else type_
        self._bind(node, ERROR if facts.samples < 1 else value, facts)

    def _bind(self, node: ast.Gen | ast.ModelCall, type_: Type, facts: GenFacts) -> None:
        self.assign(node.name, type_, "generated value")
        if facts.logprobs:
            self.table.update(RECORDS)
        self._bind_options(node, {"reasoning": STR, "logprobs": ListType(NamedType("Logprob"))})

    def _bind_options(self, node: ast.Gen | ast.Select | ast.ModelCall, types: Mapping[str, Type]) -> None:
        """Bind the names that options such as `reasoning=` introduce."""
        bound = {node.name.name}
        for option in node.options:
            type_ = types.get(option.name.name)
            if type_ is None or not isinstance(option.value, ast.Name):
                continue
            if option.value.name in bound:
                self.error(
                    ne.DuplicateName, option.value, name=option.value.name, where="bound twice in one generation"
                )
                continue
            bound.add(option.value.name)
            self.assign(option.value, type_, "generated value")

    def _select(self, node: ast.Select) -> None:
        found = self._choices(node.choices)
        item = item_of(found)
        if isinstance(found, ErrorType):
            pass
        elif item is None or not assignable(item, STR, self.table):
            facts = {"expected": "`list[str]`", "found": f"`{show(found)}`", "where": "the choices of `select`"}
            self.error(te.TypeMismatch, node.choices, **facts, help=self._choices_help(node.choices, found))
        elif not assignable(found, ListType(STR), self.table) or item != STR:
            self.program.coercions[node.choices] = ListType(STR)
        if isinstance(node.choices, ast.ListExpr) and not node.choices.items:
            self.error(
                pe.OptionConflict,
                node.choices,
                problem="`select` needs at least one choice",
                where="none to choose from",
            )
        if node.by is not None and node.by.name not in MODES:
            near = nearest(node.by.name, MODES) or "likelihood"
            self.error(pe.UnknownMode, node.by, name=node.by.name, near=near)
        self.program.gens[node] = self.options(node.options, SELECT_OPTIONS, "select", STR)
        self.assign(node.name, STR, "selected value")
        self._bind_options(node, {"scores": ListType(FLOAT)})

    def _choices(self, node: ast.Expr) -> Type:
        symbol = self.unit.names.get(node.name) if isinstance(node, ast.Name) else None
        enum = self.table.get(symbol.unique) if symbol is not None else None
        if not isinstance(node, ast.Name) or node.name in self.scope.variables or not isinstance(enum, EnumType):
            return self.expr(node, ListType(STR))
        facts = {"expected": "`list[str]`", "found": f"the enum `{node.name}`", "where": "the choices of `select`"}
        return self.error(te.TypeMismatch, node, **facts, help=f"let the type decide: gen name: {node.name}")

    def _choices_help(self, node: ast.Expr, found: Type) -> str:
        """How to make the choices a list of texts."""
        text, item = self.written(node), item_of(found)
        if may_be_none(found):
            return f"test it first: `if {text} != none:`"
        if is_text(found):
            return f"write a list: [{text}, ...]"
        if isinstance(found, DictType):
            return f"choose from its keys: {text}.keys()"
        return f"convert each: [str(x) for x in {text}]" if item is not None else "write a list of texts"

    # --- call ---

    def _call_model(self, node: ast.ModelCall) -> None:
        members: dict[str, CallMember] = {}
        good = True
        for choice in node.choices:
            member = self._choice(choice)
            if member is None:
                good = False
            elif member.name in members:
                help_ = "remove one of the two, or rename it"
                where = "second choice of this name"
                self.error(ne.DuplicateName, choice.name, name=choice.name.name, where=where, help=help_)
            else:
                members[member.name] = member
        type_: Type = CallType(tuple(members.values())) if good else ERROR
        for member in members.values():
            if member.result is not None:
                self.table[f"{member.name}.args"] = RecordType(f"{member.name}.args", member.args)
        facts = self.options(node.options, CALL_OPTIONS, "call", type_)
        self.program.gens[node] = facts
        if good:
            self.program.generated.append((type_, self.unit, node))
        self._bind(node, type_, facts)

    def _choice(self, choice: ast.CallChoice) -> CallMember | None:
        name = choice.name.name
        if choice.fields is not None:
            fields = self.shared.declarer.fields(self.unit, choice.fields)
            for field in choice.fields:
                if field.name.name == "name":
                    self.error(ne.DuplicateName, field.name, name="name", where="every step has its own `name` already")
                if field.default is not None:
                    help_ = "leave the default out: the model fills in every field"
                    facts = {"problem": "a choice has no defaults", "where": "a default here", "help": help_}
                    self.error(pe.OptionConflict, field.default, **facts)
            return CallMember(name, fields)
        symbol = self.unit.names.get(name)
        if symbol is not None and symbol.kind == "broken":
            return None
        signature = self.program.signatures.get(symbol.unique) if symbol is not None else None
        if symbol is None or symbol.kind != "tool" or signature is None:
            near = nearest(name, [n for n, s in self.unit.names.items() if s.kind == "tool"])
            help_ = f"use `{near}`" if near else f"give it fields where it is no tool: {name}(text: str)"
            if symbol is not None and symbol.kind in KIND_NAMES and not near:
                help_ = f"it is {KIND_NAMES[symbol.kind]}; name a tool, or write fields: {self._as_record(symbol)}"
            self.error(oe.NotATool, choice.name, name=name, help=help_)
            return None
        self.note_call(choice, signature)
        return CallMember(signature.name, signature.fields, signature.result or NONE)

    def _as_record(self, symbol: Symbol) -> str:
        """A function or record as an inline record of `call`."""
        decl = symbol.decl
        decls = decl.params if isinstance(decl, ast.FuncDecl) else decl.fields if isinstance(decl, ast.TypeDecl) else ()
        text = symbol.unit.source.text
        fields = [f"{d.name.name}: {' '.join(text[d.type.span.start : d.type.span.end].split())}" for d in decls]
        return f"{symbol.name}({', '.join(fields) or 'text: str'})"

    # --- options ---

    def options(
        self, options: tuple[ast.Option, ...], rules: Mapping[str, OptionRule], owner: str, type_: Type
    ) -> GenFacts:
        """Check `with` options; the constant ones by value, the others by expression."""
        constants: dict[str, Any] = {}
        dynamic: dict[str, ast.Expr] = {}
        names: dict[str, str] = {}
        for option in options:
            rule = self._rule(option, rules, owner)
            if rule is None:
                continue
            key = option.name.name
            if rule.kind == "name":
                names[key] = self._new_name(option, rule)
            elif rule.kind == "model":
                names[key] = self._model_name(option, rule)
            else:
                value = self._option_value(option, rule)
                if value is not None:
                    constants[key] = value[0]
                elif key == "n":
                    constants[key] = 0  # what it makes is not known, so nothing more is said about it
                elif rule.dynamic:
                    dynamic[key] = option.value
        samples = constants.pop("n", 1)
        facts = GenFacts(
            type_, constants, dynamic, samples, names.get("reasoning", ""), names.get("logprobs", ""),
            names.get("scores", ""), names.get("model", ""),
        )  # fmt: skip
        self._combinations({o.name.name: o for o in options if o.name.name in rules}, facts, owner)
        return facts

    def _rule(self, option: ast.Option, rules: Mapping[str, OptionRule], owner: str) -> OptionRule | None:
        rule = rules.get(option.name.name)
        if rule is None:
            name = option.name.name
            near = OTHER_NAMES.get(name, "")
            near = near if near in rules else nearest(name, rules) or ""
            help_ = advice(owner, name) or (
                f"use `{near}`" if near else f"the options are {', '.join(known(owner, rules))}"
            )
            self.error(pe.UnknownOption, option.name, name=name, owner=f"`{owner}`", help=help_)
            if not isinstance(option.value, ast.Name) and not _is_pattern(option.value):
                self.expr(option.value)
        return rule

    def _new_name(self, option: ast.Option, rule: OptionRule) -> str:
        if isinstance(option.value, ast.Name):
            return option.value.name
        self._bad_option(option, rule, f"`{self.written(option.value)}`", f"give the new value a name: {rule.example}")
        return ""

    def _model_name(self, option: ast.Option, rule: OptionRule) -> str:
        if not isinstance(option.value, ast.Name):
            text = option.value.constant if isinstance(option.value, ast.Str) else None
            declared = text is not None and (found := self.unit.names.get(text)) is not None and found.kind == "model"
            help_ = f"write its name without quotes: {text}" if declared else 'declare it: model name: "path"'
            self._bad_option(option, rule, f"`{self.written(option.value)}`", help_)
            return ""
        name = option.value.name
        symbol = self.unit.names.get(name)
        if symbol is not None and symbol.kind in ("model", "broken"):
            return symbol.unique
        models = [n for n, s in self.unit.names.items() if s.kind == "model"]
        near = nearest(name, models)
        help_ = f"use `{near}`" if near else f'declare it: model {name}: "path"'
        self.error(ne.UnknownName, option.value, name=name, where="this file as a model", help=help_)
        return ""

    def _bad_option(self, option: ast.Option, rule: OptionRule, found: str, help_: str = "") -> None:
        facts = {"name": option.name.name, "expected": rule.expected(), "found": found, "help": help_}
        self.error(pe.OptionValue, option.value, **facts)

    def _option_value(self, option: ast.Option, rule: OptionRule) -> tuple[Any] | None:
        """The constant value as a one-tuple; None where it is dynamic or wrong (then it is reported)."""
        node = option.value
        if rule.kind == "regex":
            if isinstance(node, ast.Str) and node.prefix == "re":
                return self._pattern(node)
            help_ = f"write re{self.written(node).removeprefix('r')}" if isinstance(node, ast.Str) else ""
            self._bad_option(option, rule, f"`{self.written(node)}`", help_)
            return None
        if _is_pattern(node):
            help_ = f"use stop_re={self.written(node)}" if rule.kind == "texts" else ""
            self._bad_option(option, rule, "a pattern", help_)
            return None
        with self.held_reports() as held:
            found = self.expr(node)
        if held and not (rule.kind == "bias" and all(isinstance(d, te.TypeMismatch) for d in held)):
            for diagnostic in held:
                self.report(diagnostic)
            return None
        if isinstance(found, ErrorType):
            return None
        wanted: Type | None = INT if rule.kind == "int" else FLOAT if rule.kind == "float" else None
        if wanted is not None and not assignable(found, wanted, self.table):
            convert = is_text(found) and not isinstance(node, ast.Str)
            help_ = f"convert it: {rule.kind}({self.written(node)})" if convert else ""
            if isinstance(node, ast.Str) and _NUMBER.fullmatch(node.constant or ""):
                help_ = f"write it without quotes: {node.constant}"
            self._bad_option(option, rule, f"`{self.written(node)}`, a value of type `{show(found)}`", help_)
            return None
        try:
            value = rule.normal(evaluate(node, self.program))
        except NotConstantError as error:
            if isinstance(error.node, ast.Hole):
                return None  # it generates, which was reported where the string was checked
            if not rule.dynamic:
                self.error(de.NotConstant, error.node, what=f"`{option.name.name}`")
            elif rule.kind == "texts" and not (is_text(found) or assignable(found, ListType(STR), self.table)):
                self._bad_option(option, rule, f"a value of type `{show(found)}`")
            return None
        except FailedError as error:
            self.error(de.ConstantFails, error.node, reason=error.message)
            return None
        if not rule.allows(value):
            self._bad_option(option, rule, f"`{self.written(node)}`")
            return None
        return (value,)

    def _pattern(self, node: ast.Str) -> tuple[str] | None:
        type_ = self.shared.declarer.regex(self.unit, node)
        return (type_.pattern,) if isinstance(type_, RegexType) else None

    def _combinations(self, by_name: dict[str, ast.Option], facts: GenFacts, owner: str) -> None:
        """Options that exclude each other, or do not fit the type."""
        # A model's options stand for themselves; those of a generation come on top of its model's.
        given = {**(self.shared.defaults.get(facts.model, {}) if owner != "model" else {}), **facts.constants}
        if facts.samples > 1:
            if given.get("temperature", 0) == 0 and "temperature" not in facts.dynamic:
                word = "write" if "temperature" in by_name else "add"
                self.error(pe.SamplesWithoutChance, by_name["n"], count=facts.samples, word=word)
            for key in ("logprobs", "reasoning"):
                if key in by_name:
                    help_ = f"remove `n`, generate in a `fork` over range({facts.samples}), and yield what is needed"
                    self._conflict(by_name[key], f"`{key}` cannot be used with `n`", help_)
        most = given.get("max_tokens", DEFAULT_MAX_TOKENS) if "max_tokens" not in facts.dynamic else None
        if most is not None and facts.constants.get("min_tokens", 0) > most:
            problem = f"`min_tokens` is above `max_tokens`, which is {most}"
            self._conflict(by_name["min_tokens"], problem, "lower it, or raise `max_tokens`")
        if not isinstance(facts.type, StrType | ErrorType):
            for key in ("stop", "stop_re", "min_tokens", "ignore_eos"):
                if key in by_name:
                    is_call = isinstance(facts.type, CallType)
                    what = "a call" if is_call else f"a value of type `{show(facts.type)}`"
                    help_ = "remove it" if is_call else "remove it, or generate `str`"
                    self._conflict(
                        by_name[key], f"`{key}` does not apply: {what} ends by itself", help_, "without effect"
                    )
        if "top_logprobs" in by_name and "logprobs" not in by_name and owner != "model":
            problem = "`top_logprobs` needs `logprobs=name`"
            self._conflict(by_name["top_logprobs"], problem, "add logprobs=name", "nothing binds the list")

    def _conflict(self, option: ast.Option, problem: str, help_: str, where: str = "not possible together") -> None:
        self.error(pe.OptionConflict, option, problem=problem, help=help_, where=where)


def _is_pattern(node: ast.Expr) -> bool:
    return isinstance(node, ast.Str) and node.prefix == "re"
