"""Steps that need no waiting: values from values, and prompt text. One function for each kind of step."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeAlias

from sglc.backend import plan_steps as steps
from sglc.backend.engine.interface import EngineError
from sglc.backend.errors import RunError, from_engine
from sglc.backend.prompt import Prompt
from sglc.backend.run import Place, Run
from sglc.ir.decode import ConformError, conform, same
from sglc.ir.types import JSON, STR, TypeTable
from sglc.ir.values import EvalError, apply, attribute, format_parts, truth

Values: TypeAlias = Sequence[Any]


def compute(run: Run, place: Place, step: steps.AnyStep, values: Values) -> Values:
    """The step's results; raises RunError."""
    try:
        return COMPUTES[type(step)](run, step, values)
    except EvalError as error:
        raise run.error("value", error.message, step.at, place.path) from None
    except EngineError as error:
        raise from_engine(error, run.location(step.at), place.path) from None
    except RunError as error:
        raise run.error(error.kind, error.message, step.at, place.path, error.hint) from None


def _apply(run: Run, step: steps.Apply, values: Values) -> Values:
    return (apply(step.function, values),)


def _attr(run: Run, step: steps.Attr, values: Values) -> Values:
    return (attribute(values[0], step.name),)


def _record(run: Run, step: steps.MakeRecord, values: Values) -> Values:
    return (dict(zip(step.fields, values, strict=True)),)


def _conform(run: Run, step: steps.Conform, values: Values) -> Values:
    try:
        return (conform(values[0], run.tables.plan.value_types[step.type], run.tables.types),)
    except ConformError as error:
        raise EvalError(f"{step.what}: {error}" if step.what else str(error)) from None


def _format(run: Run, step: steps.Format, values: Values) -> Values:
    return (_fill(step, values),)


def _tokens(run: Run, step: steps.CountTokens, values: Values) -> Values:
    return (run.caller.count_tokens(run.handles, step.model, values[0]),)


def _context(run: Run, step: steps.NewContext, values: Values) -> Values:
    return (Prompt(run.handles),)


def _append(run: Run, step: steps.Append, values: Values) -> Values:
    prompt: Prompt = values[0]
    return (prompt.append(_fill(step, values[1:]), step.role),)


def _ensure(run: Run, step: steps.Ensure, values: Values) -> Values:
    if not truth(values[0]):
        raise RunError("ensure", values[1])
    return ()


def _fail(run: Run, step: steps.Fail, values: Values) -> Values:
    raise RunError("fail", values[0])


COMPUTES: Mapping[type[steps.Step], Callable[[Run, Any, Values], Values]] = {
    steps.Apply: _apply,
    steps.Attr: _attr,
    steps.MakeRecord: _record,
    steps.Conform: _conform,
    steps.Format: _format,
    steps.CountTokens: _tokens,
    steps.NewContext: _context,
    steps.Append: _append,
    steps.Ensure: _ensure,
    steps.Fail: _fail,
}


def _fill(step: steps.Append | steps.Format, values: Values) -> str:
    types = [JSON if index in step.json else STR for index in range(len(values))]
    return format_parts(step.parts, values, types)


def takes(run: Run, pattern: steps.Pattern, value: Any) -> bool:
    """Whether a case's pattern takes the value."""
    match pattern.kind:
        case "any":
            return True
        case "member":
            return isinstance(value, dict) and value.get("name") == pattern.name
        case "literal":
            return same(run.tables.constants[~pattern.constant].value, value)
    return pattern.type is not None and _is_of(value, pattern.type, run.tables.types)


def _is_of(value: Any, type_: Any, table: TypeTable) -> bool:
    try:
        # A value that only fits once defaults are filled in belongs to another member of its union.
        return same(conform(value, type_, table), value)
    except ConformError:
        return False
