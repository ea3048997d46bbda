"""A plan and a model's tokenizer -> the generations whose shortest value takes more tokens than `max_tokens` allows."""

from __future__ import annotations

from typing import TYPE_CHECKING

from sglc.commands.report import place_of
from sglc.diagnostics import Diagnostic, SglError
from sglc.frontend.errors.constraints import Impossible

if TYPE_CHECKING:
    from sglc.backend.engine.tokenizer import Tokenizer
    from sglc.backend.plan import Plan


def check_room(plan: Plan, model: str, tokenizer: Tokenizer) -> None:
    """Raises SglError. Without a tokenizer this is known only when the program runs."""
    from sglc.backend.plan_steps import Gen, walk
    from sglc.passes.constraints.budget import ConstraintError
    from sglc.passes.constraints.token_table import TokenTable
    from sglc.passes.constraints.vocabulary import Vocabulary

    gens = [
        step
        for function in plan.functions
        for step in walk(function.body)
        if isinstance(step, Gen) and step.model == model and step.constraint >= 0 and "max_tokens" not in step.dynamic
    ]
    vocabulary = Vocabulary(tokenizer.tokens, tokenizer.end_ids)
    needed: dict[int, int] = {}
    found: list[Diagnostic] = []
    for step in gens:
        try:
            if step.constraint not in needed:
                needed[step.constraint] = TokenTable(plan.dfas[step.constraint], vocabulary).distance(0)
            least, most = needed[step.constraint], step.options.max_tokens
            reason = f"the shortest takes {least} tokens of this model, max_tokens is {most}" if least > most else ""
            help_ = f"write max_tokens={least} at least"
        except ConstraintError as error:
            reason, help_ = str(error), "use a model whose tokenizer spells all bytes"
        if reason:
            source, span = place_of(plan.locations[step.at], plan) if step.at >= 0 else (None, None)
            found.append(Impossible(source=source, span=span, reason=reason, help=help_))
    if found:
        raise SglError(found)
