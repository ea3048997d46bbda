"""SGL302: a str with neither max_tokens, stop nor bounds."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic
from sglc.frontend import ast
from sglc.frontend.lint.index import Index
from sglc.frontend.lint.run_on_text import run_on
from sglc.ir.types import StrType

_ENDS = ("max_tokens", "stop", "stop_re")


class UnboundedGen(Diagnostic, frozen=True, kw_only=True):
    """Plain text is generated with neither max_tokens, stop nor bounds. Only the default of 512 tokens ends it for sure.

    A model that does not come to an end costs all of them, and the program cannot be admitted for less.

    Wrong:
        def answer(question: str) -> str:
            user: question
            assistant: gen reply: str
            return reply

    Right:
        def answer(question: str) -> str:
            user: question
            assistant: gen reply: str with max_tokens=160
            return reply
    """

    code = "SGL302"
    title = "nothing but the default of 512 tokens bounds `{name}`"
    label = "neither max_tokens nor stop"
    hint = "add `max_tokens=...`, `stop=...`, or a type that ends by itself"
    severity = "warning"
    name: str


DIAGNOSTIC = UnboundedGen


def find(index: Index) -> Iterator[Diagnostic]:
    followed = {gen for gen, _ in run_on(index)}  # SGL226 asks for a `stop` already
    for gen in index.nodes(ast.Gen):
        facts = index.program.gens.get(gen)
        if gen in followed or facts is None or not isinstance(facts.type, StrType) or facts.type.max is not None:
            continue
        given = {**index.program.model_defaults.get(facts.model, {}), **facts.constants, **facts.dynamic}
        if not any(key in given for key in _ENDS):
            yield index.finding(UnboundedGen, gen.name, name=gen.name.name)
