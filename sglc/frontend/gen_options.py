"""The options of gen, select, call and model: what each takes, in which range, and whether run time may decide it."""

from __future__ import annotations

from typing import Any

import msgspec


class OptionRule(msgspec.Struct, frozen=True):
    """`kind`: int, float, bool, texts (a text or a list of them), regex, bias, name (binds one) or model."""

    kind: str
    low: float | None = None
    high: float | None = None
    dynamic: bool = False

    def expected(self) -> str:
        if self.low is not None and self.high is not None:
            return f"{_WORDS[self.kind]} from {self.low:g} to {self.high:g}"
        return f"{_WORDS[self.kind]} of at least {self.low:g}" if self.low is not None else _WORDS[self.kind]

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
    "int": "a whole number", "float": "a number", "bool": "true or false", "texts": "a string or a list of strings",
    "regex": 'a pattern: re"..."', "bias": "a dict from text to a number from -100 to 100", "name": "a new name",
    "model": "a model's name",
}  # fmt: skip
GEN_OPTIONS = {
    "max_tokens": OptionRule("int", 1, 1_000_000, dynamic=True),
    "min_tokens": OptionRule("int", 0, 1_000_000, dynamic=True),
    "stop": OptionRule("texts", dynamic=True),
    "stop_re": OptionRule("regex"),
    "temperature": OptionRule("float", 0, 10, dynamic=True),
    "top_p": OptionRule("float", 0, 1, dynamic=True),
    "top_k": OptionRule("int", 0, 1_000_000, dynamic=True),
    "min_p": OptionRule("float", 0, 1, dynamic=True),
    "frequency_penalty": OptionRule("float", -2, 2, dynamic=True),
    "presence_penalty": OptionRule("float", -2, 2, dynamic=True),
    "repetition_penalty": OptionRule("float", 0.01, 10, dynamic=True),
    "logit_bias": OptionRule("bias"),
    "seed": OptionRule("int", 0, 2**63 - 1, dynamic=True),
    "n": OptionRule("int", 1, 256),
    "logprobs": OptionRule("name"),
    "top_logprobs": OptionRule("int", 0, 20),
    "ignore_eos": OptionRule("bool"),
    "stream": OptionRule("bool"),
    "reasoning": OptionRule("name"),
    "model": OptionRule("model"),
}
CALL_OPTIONS = {name: rule for name, rule in GEN_OPTIONS.items() if name != "n"}
SELECT_OPTIONS = {"scores": OptionRule("name"), "model": OptionRule("model")}
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
    "max_tokens_to_sample": "max_tokens", "max_completion_tokens": "max_tokens",
}  # fmt: skip
