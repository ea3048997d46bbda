"""The options of gen, select, call and model: what each takes, in which range, and whether run time may decide it."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

import msgspec

from sglc.ir.option_values import RANGES


class OptionRule(msgspec.Struct, frozen=True):
    """`kind`: int, float, bool, texts (a text or a list of them), regex, bias, name (binds one) or model."""

    kind: str
    low: float | None = None
    high: float | None = None
    dynamic: bool = False
    example: str = ""

    def expected(self) -> str:
        if self.low is None or self.high is None:
            return _WORDS[self.kind]
        # Above a million a bound is that of the field it is stored in, which nobody reaches.
        high = f" to {self.high:,}" if self.high <= 1_000_000 else " on"
        return f"{_WORDS[self.kind]} from {self.low:,}{high}"

    def normal(self, value: Any) -> Any:
        """A value in the form that the plan stores."""
        if self.kind == "texts" and isinstance(value, str):
            return (value,)
        if self.kind == "texts" and isinstance(value, list | tuple):
            return tuple(value)
        if self.kind == "bias" and isinstance(value, dict):
            return tuple(value.items())
        return float(value) if self.kind == "float" and type(value) is int else value

    def allows(self, value: Any) -> bool:
        """Whether a normal value is one of this option's."""
        match self.kind:
            case "int" | "float":
                kind = int if self.kind == "int" else float
                above = self.low is None or (type(value) is kind and value >= self.low)
                return type(value) is kind and above and (self.high is None or value <= self.high)
            case "bool":
                return isinstance(value, bool)
            case "texts":
                return isinstance(value, tuple) and bool(value) and all(isinstance(v, str) and v for v in value)
            case "bias":
                return isinstance(value, tuple) and all(_is_bias(k, v) for k, v in value)
        return isinstance(value, str)


def _is_bias(text: Any, bias: Any) -> bool:
    number = isinstance(bias, int | float) and not isinstance(bias, bool)
    return isinstance(text, str) and bool(text) and number and -100 <= bias <= 100


_WORDS = {
    "int": "a whole number", "float": "a number", "bool": "true or false", "texts": "a text or a list of texts, none empty",
    "regex": 'a pattern: re"..."', "bias": "a dict from text to a number from -100 to 100", "name": "a new name",
    "model": "a model's name",
}  # fmt: skip


def _computable(name: str) -> OptionRule:
    kind, low, high = RANGES[name]
    return OptionRule(kind.__name__, low, high, dynamic=True)


GEN_OPTIONS = {
    "max_tokens": _computable("max_tokens"),
    "min_tokens": _computable("min_tokens"),
    "stop": OptionRule("texts", dynamic=True),
    "stop_re": OptionRule("regex"),
    "temperature": _computable("temperature"),
    "top_p": _computable("top_p"),
    "top_k": _computable("top_k"),
    "min_p": _computable("min_p"),
    "frequency_penalty": _computable("frequency_penalty"),
    "presence_penalty": _computable("presence_penalty"),
    "repetition_penalty": _computable("repetition_penalty"),
    "logit_bias": OptionRule("bias"),
    "seed": _computable("seed"),
    "n": OptionRule("int", 1, 256),
    "logprobs": OptionRule("name", example="logprobs=lp"),
    "top_logprobs": OptionRule("int", 0, 20),
    "ignore_eos": OptionRule("bool"),
    "stream": OptionRule("bool"),
    "reasoning": OptionRule("name", example="reasoning=thought"),
    "model": OptionRule("model"),
}
CALL_OPTIONS = {name: rule for name, rule in GEN_OPTIONS.items() if name != "n"}
SELECT_OPTIONS = {"scores": OptionRule("name", example="scores=s"), "model": OptionRule("model")}
MODEL_OPTIONS = {
    name: msgspec.structs.replace(rule, dynamic=False)
    for name, rule in GEN_OPTIONS.items()
    if name not in ("n", "logprobs", "reasoning", "model", "stop_re")
}
DEFAULT_MAX_TOKENS = 512
MODES = ("likelihood", "greedy", "unconditional")
OTHER_NAMES = {
    "max_new_tokens": "max_tokens", "max_length": "max_tokens", "temp": "temperature", "stop_sequences": "stop",
    "stop_regex": "stop_re", "num_samples": "n", "best_of": "n", "regex": "stop_re",
    "max_tokens_to_sample": "max_tokens", "max_completion_tokens": "max_tokens", "max": "max_tokens",
    "min": "min_tokens", "length": "max_tokens", "until": "stop", "stop_token": "stop", "end": "stop", "score": "scores",
    "num_return_sequences": "n", "samples": "n", "rep_penalty": "repetition_penalty", "thinking": "reasoning",
}  # fmt: skip
_ADVICE = {
    "regex": 'write it as the type: `gen name: re"..."`', "pattern": 'write it as the type: `gen name: re"..."`',
    "json_schema": 'write it as the type: `gen name: schema "file.json"`',
    "response_format": "write it as the type: `gen name: T`", "format": "write it as the type: `gen name: T`",
    "dtype": "write it as the type: `gen name: T`",
    "choices": 'write `select name from [...]`, or a type: `gen name: "a" | "b"`',
    "options": 'write `select name from [...]`, or a type: `gen name: "a" | "b"`',
    "enum": "declare an `enum` and write it as the type: `gen name: E`",
    "tools": "let the model choose with `call name: tool | ...`", "retry": "write `ensure ..., \"why\" retry 2` behind it",
    "retries": "write `ensure ..., \"why\" retry 2` behind it", "system": "write `system:` in front of it",
    "do_sample": "set `temperature` above 0",
}  # fmt: skip


def advice(owner: str, name: str) -> str:
    """What to write instead of an option that is no option, but something else in the language."""
    if owner == "select" and name in ("by", "method", "choices_method"):
        return "write `by likelihood` before `with`"
    if owner == "model" and name in GEN_OPTIONS:
        return f"give it where text is generated: `gen ... with {name}=...`"
    if owner == "call" and name == "n":
        return "write a `fork` with one `call` in each branch"
    return _ADVICE.get(name, "") if owner == "gen" else ""


def known(owner: str, rules: Iterable[str]) -> tuple[str, ...]:
    """The options that a hint lists."""
    return (*rules, "date") if owner == "model" else tuple(rules)
