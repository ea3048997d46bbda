"""SGL226: text follows a hole that nothing ends."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import pairwise

from sglc.diagnostics import Diagnostic, Edit, Fix
from sglc.frontend import ast
from sglc.frontend.lint.index import Index
from sglc.ir.types import StrType
from sglc.source import Span


class RunOnText(Diagnostic, frozen=True, kw_only=True):
    """Text follows a `str` hole that has no `stop`. The model does not know that it follows, so it writes on past it.

    The hole ends at max_tokens, in the middle of a sentence, and the text comes behind that. With `stop` the hole ends
    where the text begins; a pattern, an enum or a number ends by itself.

    Wrong:
        def hero() -> str:
            "Name: {gen name: str with max_tokens=20}\\nWeapon: {gen weapon: str with max_tokens=20}"
            return "{name} with {weapon}"

    Right:
        def hero() -> str:
            "Name: {gen name: str with max_tokens=20, stop="\\n"}\\nWeapon: {gen weapon: str with max_tokens=20}"
            return "{name} with {weapon}"
    """

    code = "SGL226"
    title = "nothing ends `{name}` before the text that follows"
    label = "runs on to max_tokens"
    hint = "{help}"
    severity = "warning"
    name: str
    help: str


DIAGNOSTIC = RunOnText


def find(index: Index) -> Iterator[Diagnostic]:
    for gen, after in run_on(index):
        yield _finding(index, gen, after)


def run_on(index: Index) -> Iterator[tuple[ast.Gen, ast.Text | ast.Hole]]:
    """Holes that nothing ends, each with what follows."""
    for prompt in index.nodes(ast.Prompt):
        for part, after in pairwise(prompt.text.parts):
            gen = part.content if isinstance(part, ast.Hole) else None
            if isinstance(gen, ast.Gen) and _runs_on(index, gen):
                yield gen, after


def _runs_on(index: Index, gen: ast.Gen) -> bool:
    facts = index.program.gens.get(gen)
    if facts is None or facts.type != StrType():
        return False
    given = {**index.program.model_defaults.get(facts.model, {}), **facts.constants, **facts.dynamic}
    return "stop" not in given and "stop_re" not in given


def _finding(index: Index, gen: ast.Gen, after: ast.Text | ast.Hole) -> Diagnostic:
    stop = ""
    if isinstance(after, ast.Text):
        first = after.text.lstrip(" ")[:1]
        stop = {"\n": "\\n", '"': '\\"', "\\": "\\\\", "\t": "\\t"}.get(first, first)
    if not stop.isprintable() or not stop or stop.isalnum():
        help_ = 'add stop="\\n", or whatever ends it'
        return index.finding(RunOnText, gen.name, name=gen.name.name, help=help_)
    end = gen.span.end
    text = f', stop="{stop}"' if gen.options else f' with stop="{stop}"'
    fix = Fix(f'add stop="{stop}"', (Edit(Span(end, end), text),), safe=False)
    return index.finding(RunOnText, gen.name, name=gen.name.name, help=fix.title, fix=fix)
