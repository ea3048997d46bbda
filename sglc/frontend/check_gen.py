"""Checks gen, select and call: their types and options, and the names that they bind."""

from __future__ import annotations

from typing import Any

import msgspec

from sglc.diagnostics import nearest
from sglc.frontend import ast
from sglc.frontend.builtins import is_text, item_of
from sglc.frontend.check_call import CallChecker
from sglc.frontend.constants import NotConstantError, evaluate
from sglc.frontend.declare import Declarer
from sglc.frontend.errors import constraints as ce
from sglc.frontend.errors import names as ne
from sglc.frontend.errors import prompts as pe
from sglc.frontend.errors import tools as oe
from sglc.frontend.errors import types as te
from sglc.frontend.resolve import KIND_NAMES
from sglc.frontend.typed import GenFacts, Signature
from sglc.ir.pattern import PatternError, parse_pattern
from sglc.ir.relations import assignable
from sglc.ir.types import (
    ERROR, FLOAT, INT, NONE, STR, CallMember, CallType, ErrorType, Field, ListType, NamedType, RecordType, Type, show,
)  # fmt: skip
from sglc.ir.values import EvalError


class OptionRule(msgspec.Struct, frozen=True):
    """`kind`: int, float, bool, texts (a text or a list of them), regex, bias, name (binds one) or model."""

    kind: str
    low: float | None = None
    high: float | None = None
    dynamic: bool = False

    def expected(self) -> str:
        words = {"int": "a whole number", "float": "a number", "bool": "true or false", "texts": "a string or a list of strings",
                 "regex": "a pattern", "bias": "a dict from text to number", "name": "a new name", "model": "a model's name"}  # fmt: skip
        if self.low is not None and self.high is not None:
            return f"{words[self.kind]} from {self.low:g} to {self.high:g}"
        return f"{words[self.kind]} of at least {self.low:g}" if self.low is not None else words[self.kind]


GEN_OPTIONS = {
    "max_tokens": OptionRule("int", 1, 1_000_000, dynamic=True), "min_tokens": OptionRule("int", 0, 1_000_000, dynamic=True),
    "stop": OptionRule("texts", dynamic=True), "stop_re": OptionRule("regex"),
    "temperature": OptionRule("float", 0, 10, dynamic=True), "top_p": OptionRule("float", 0, 1, dynamic=True),
    "top_k": OptionRule("int", 0, 1_000_000, dynamic=True), "min_p": OptionRule("float", 0, 1, dynamic=True),
    "frequency_penalty": OptionRule("float", -2, 2, dynamic=True), "presence_penalty": OptionRule("float", -2, 2, dynamic=True),
    "repetition_penalty": OptionRule("float", 0.01, 10, dynamic=True), "logit_bias": OptionRule("bias"),
    "seed": OptionRule("int", 0, 2**63 - 1, dynamic=True), "n": OptionRule("int", 1, 256), "logprobs": OptionRule("name"),
    "top_logprobs": OptionRule("int", 0, 20), "ignore_eos": OptionRule("bool"), "stream": OptionRule("bool"),
    "reasoning": OptionRule("name"), "model": OptionRule("model"),
}  # fmt: skip
SELECT_OPTIONS = {"scores": OptionRule("name"), "model": OptionRule("model")}
MODEL_OPTIONS = {
    name: rule for name, rule in GEN_OPTIONS.items() if name not in ("n", "logprobs", "reasoning", "model", "stop_re")
}
DEFAULT_MAX_TOKENS = 512
MODES = ("likelihood", "greedy", "unconditional")
LOGPROB = RecordType(
    "Logprob",
    (Field("token", STR), Field("logprob", FLOAT), Field("top", ListType(NamedType("Alternative")))),
    "a token of a generation and its log probability",
)
ALTERNATIVE = RecordType("Alternative", (Field("token", STR), Field("logprob", FLOAT)), "a token that was likely instead")


class GenChecker(CallChecker):
    """Adds generation. `declarer` builds the types; `defaults` are the options of each model by its name."""

    declarer: Declarer
    defaults: dict[str, dict[str, Any]]

    def assign(self, name: ast.Name, type_: Type, what: str = "variable") -> None:
        """Bind a variable (check_stmt.py)."""
        raise NotImplementedError

    # --- the three ways to generate ---

    def generate(self, node: ast.Gen | ast.Select | ast.ModelCall) -> None:
        """Check a generation and bind what it gives."""
        match node:
            case ast.Gen():
                self._gen(node)
            case ast.Select():
                self._select(node)
            case ast.ModelCall():
                self._call_model(node)

    def _gen(self, node: ast.Gen) -> None:
        type_ = self.declarer.type(self.unit, node.type) if node.type is not None else STR
        facts = self._options(node.options, GEN_OPTIONS, "gen", type_)
        self.program.gens[node] = facts
        if not isinstance(type_, ErrorType):
            self.program.generated.append((type_, self.unit, node.type or node.name))
        self._bind(node, ListType(type_) if facts.samples > 1 else type_, facts)

    def _bind(self, node: ast.Gen | ast.ModelCall, type_: Type, facts: GenFacts) -> None:
        self.assign(node.name, type_, "value generated")
        by_name = {o.name.name: o.value for o in node.options}
        if facts.reasoning and isinstance(by_name["reasoning"], ast.Name):
            self.assign(by_name["reasoning"], STR)
        if facts.logprobs and isinstance(by_name["logprobs"], ast.Name):
            self.program.table.update({"Logprob": LOGPROB, "Alternative": ALTERNATIVE})
            self.assign(by_name["logprobs"], ListType(NamedType("Logprob")))

    def _select(self, node: ast.Select) -> None:
        found = self.expr(node.choices, ListType(STR))
        item = item_of(found)
        if item is None or not (is_text(item) or assignable(item, STR, self.table)):
            self.mismatch(node.choices, ListType(STR), found, "the choices of `select`")
        if isinstance(node.choices, ast.ListExpr) and not node.choices.items:
            facts = {"problem": "`select` needs at least one choice"}
            self.error(pe.OptionConflict, node.choices, **facts)
        if node.by is not None and node.by.name not in MODES:
            near = nearest(node.by.name, MODES) or "likelihood"
            self.error(pe.UnknownMode, node.by, name=node.by.name, near=near)
        facts_ = self._options(node.options, SELECT_OPTIONS, "select", STR)
        self.program.gens[node] = facts_
        self.assign(node.name, STR, "value selected")
        by_name = {o.name.name: o.value for o in node.options}
        if facts_.scores and isinstance(by_name["scores"], ast.Name):
            self.assign(by_name["scores"], ListType(FLOAT))

    def _call_model(self, node: ast.ModelCall) -> None:
        members = [m for m in (self._choice(c) for c in node.choices) if m is not None]
        names = [m.name for m in members]
        for choice, name in zip(node.choices, names, strict=False):
            if names.count(name) > 1 and choice is node.choices[-1]:
                self.error(ne.DuplicateName, choice.name, name=name)
        type_: Type = CallType(tuple(members)) if members and len(members) == len(node.choices) else ERROR
        for member in members:
            self.program.table[f"{member.name}.args"] = RecordType(f"{member.name}.args", member.args)
        options = {k: r for k, r in GEN_OPTIONS.items() if k != "n"}
        facts = self._options(node.options, options, "call", type_)
        self.program.gens[node] = facts
        if not isinstance(type_, ErrorType):
            self.program.generated.append((type_, self.unit, node))
        self._bind(node, type_, facts)

    def _choice(self, choice: ast.CallChoice) -> CallMember | None:
        name = choice.name.name
        if choice.fields is not None:
            return CallMember(name, self.declarer.fields(self.unit, choice.fields))
        symbol = self.unit.names.get(name)
        if symbol is not None and symbol.kind == "broken":
            return None
        signature = self.program.signatures.get(symbol.unique) if symbol is not None else None
        if symbol is None or symbol.kind != "tool" or signature is None:
            tools = [n for n, s in self.unit.names.items() if s.kind == "tool"]
            near = nearest(name, tools)
            help_ = f"did you mean `{near}`" if near else f"write {name}(...) with fields for an inline record"
            if symbol is not None and symbol.kind in KIND_NAMES and not near:
                help_ = f"it is {KIND_NAMES[symbol.kind]}; " + help_
            self.error(oe.NotATool, choice.name, name=name, help=help_)
            return None
        self.note_call(choice, signature)
        return CallMember(signature.name, signature.fields, signature.result or NONE)

    # --- options ---

    def _options(self, options: tuple[ast.Option, ...], rules: dict[str, OptionRule], owner: str, type_: Type) -> GenFacts:
        constants: dict[str, Any] = {}
        dynamic: dict[str, ast.Expr] = {}
        names: dict[str, str] = {}
        for option in options:
            rule = self._rule(option, rules, owner)
            if rule is None:
                continue
            key = option.name.name
            if rule.kind == "name":
                names[key] = self._new_name(option)
            elif rule.kind == "model":
                names[key] = self._model(option)
            else:
                value = self._option_value(option, rule)
                if value is not None:
                    constants[key] = value[0]
                elif rule.dynamic:
                    dynamic[key] = option.value
        samples = constants.pop("n", 1)
        facts = GenFacts(
            type_, constants, dynamic, samples, names.get("reasoning", ""), names.get("logprobs", ""),
            names.get("scores", ""), names.get("model", ""),
        )  # fmt: skip
        self._combinations(options, facts)
        return facts

    def _rule(self, option: ast.Option, rules: dict[str, OptionRule], owner: str) -> OptionRule | None:
        rule = rules.get(option.name.name)
        if rule is None:
            name = option.name.name
            near = _RENAMED.get(name) or nearest(name, rules)
            help_ = f"use `{near}`" if near else f"the options are {', '.join(rules)}"
            self.error(pe.UnknownOption, option.name, name=name, owner=f"`{owner}`", help=help_)
            if not isinstance(option.value, ast.Name):
                self.expr(option.value)
        return rule

    def _new_name(self, option: ast.Option) -> str:
        if isinstance(option.value, ast.Name):
            return option.value.name
        self._bad_option(option, GEN_OPTIONS["reasoning"], "a value")
        return ""

    def _model(self, option: ast.Option) -> str:
        if isinstance(option.value, ast.Name):
            symbol = self.unit.names.get(option.value.name)
            if symbol is not None and symbol.kind in ("model", "broken"):
                return symbol.unique
            models = [n for n, s in self.unit.names.items() if s.kind == "model"]
            near = nearest(option.value.name, models)
            help_ = f"did you mean `{near}`" if near else f'declare it: model {option.value.name}: "path"'
            self.error(
                ne.UnknownName, option.value, name=option.value.name, where="the models of this file", help=help_
            )
            return ""
        self._bad_option(option, GEN_OPTIONS["model"], "a value")
        return ""

    def _bad_option(self, option: ast.Option, rule: OptionRule, found: str) -> None:
        self.error(pe.OptionValue, option.value, name=option.name.name, expected=rule.expected(), found=found)

    def _option_value(self, option: ast.Option, rule: OptionRule) -> tuple[Any] | None:
        """The constant value as a one-tuple; None where it is dynamic or wrong (then it is reported)."""
        node = option.value
        if rule.kind == "regex" and isinstance(node, ast.Str):
            return self._pattern(node)
        found = self.expr(node)
        if isinstance(found, ErrorType):
            return None
        wanted = {"int": INT, "float": FLOAT}.get(rule.kind)
        if wanted is not None and not assignable(found, wanted, self.table):
            self._bad_option(option, rule, f"`{show(found)}`")
            return None
        try:
            value = evaluate(node, self.program)
        except NotConstantError:
            if not rule.dynamic:
                self.error(te.NotConstant, node, what=f"`{option.name.name}`")
            elif rule.kind == "texts" and not (is_text(found) or assignable(found, ListType(STR), self.table)):
                self._bad_option(option, rule, f"`{show(found)}`")
            return None
        except EvalError as error:
            self.error(te.ConstantFails, node, reason=str(error))
            return None
        value = _normal(rule.kind, value)
        if not _valid(rule, value):
            self._bad_option(option, rule, f"`{self.unit.source.text[node.span.start : node.span.end][:40]}`")
            return None
        return (value,)

    def _pattern(self, node: ast.Str) -> tuple[str] | None:
        text = node.constant
        if text is None:
            self.error(te.NotConstant, node, what="a pattern")
            return None
        try:
            parse_pattern(text)
        except PatternError as error:
            from sglc.source import Span

            start = node.parts[0].span.start if node.parts else node.span.start
            span = Span(start + error.offset, start + error.offset + max(1, error.length))
            self.error(ce.BadPattern, span, reason=error.message, help=error.hint)
            return None
        return (text,)

    def _combinations(self, options: tuple[ast.Option, ...], facts: GenFacts) -> None:
        by_name = {o.name.name: o for o in options}
        given = {**self.defaults.get(facts.model, {}), **facts.constants}
        if facts.samples > 1:
            if given.get("temperature", 0) == 0 and "temperature" not in facts.dynamic:
                self.error(pe.SamplesWithoutChance, by_name["n"], count=facts.samples)
            for key in ("logprobs", "reasoning"):
                if key in by_name:
                    self.error(pe.OptionConflict, by_name[key], problem=f"`{key}` cannot be used with `n`")
        if facts.constants.get("min_tokens", 0) > given.get("max_tokens", DEFAULT_MAX_TOKENS):
            problem = "`min_tokens` is above `max_tokens`"
            self.error(pe.OptionConflict, by_name["min_tokens"], problem=problem)
        if not is_text(facts.type) and not isinstance(facts.type, ErrorType):
            for key in ("stop", "stop_re", "min_tokens", "ignore_eos"):
                if key in by_name:
                    problem = f"`{key}` does not apply: a value of type `{show(facts.type)}` ends by itself"
                    self.error(pe.OptionConflict, by_name[key], problem=problem, help="remove it, or generate `str`")
        if "top_logprobs" in by_name and "logprobs" not in by_name:
            problem = "`top_logprobs` needs `logprobs=name`"
            self.error(pe.OptionConflict, by_name["top_logprobs"], problem=problem)

    def signature_of(self, name: str) -> Signature | None:
        symbol = self.unit.names.get(name)
        return self.program.signatures.get(symbol.unique) if symbol is not None else None


def _normal(kind: str, value: Any) -> Any:
    if kind == "texts" and isinstance(value, str):
        return (value,)
    if kind == "texts" and isinstance(value, list | tuple):
        return tuple(value)
    if kind == "bias" and isinstance(value, dict):
        return tuple(value.items())
    return float(value) if kind == "float" and type(value) is int else value


def _valid(rule: OptionRule, value: Any) -> bool:
    if rule.kind in ("int", "float"):
        kind = int if rule.kind == "int" else float
        low, high = rule.low, rule.high
        return type(value) is kind and (low is None or value >= low) and (high is None or value <= high)
    if rule.kind == "bool":
        return isinstance(value, bool)
    if rule.kind == "texts":
        return isinstance(value, tuple) and bool(value) and all(isinstance(v, str) and v for v in value)
    if rule.kind == "bias":
        return isinstance(value, tuple) and all(
            isinstance(k, str) and isinstance(v, int | float) and -100 <= v <= 100 for k, v in value
        )
    return isinstance(value, str)


_RENAMED = {
    "max_new_tokens": "max_tokens", "max_length": "max_tokens", "temp": "temperature", "stop_sequences": "stop",
    "stop_regex": "stop_re", "num_samples": "n", "best_of": "n", "regex": "stop_re", "max_tokens_to_sample": "max_tokens",
}  # fmt: skip
