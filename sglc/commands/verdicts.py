"""What tests came to -> text, JSON or JUnit XML."""

from __future__ import annotations

import re
from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import IO, Any
from xml.sax.saxutils import escape, quoteattr

import msgspec

from sglc.backend.run import Expectation
from sglc.backend.runtime import Verdict
from sglc.commands.hints import command_hint
from sglc.commands.terminal import colour, printable
from sglc.ir.decode import to_json

_NOT_XML = re.compile("[^\t\n\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")


class Outcome(msgspec.Struct, frozen=True):
    """A test of a file. `unused`: recorded replies that it did not ask for."""

    path: str
    verdict: Verdict
    unused: int = 0

    @property
    def passed(self) -> bool:
        return self.verdict.passed

    @property
    def hint(self) -> str:
        error = self.verdict.error
        return command_hint(error.message, error.hint) if error is not None else ""


def as_text(outcome: Outcome, stream: IO[str]) -> str:
    """A line for the test, and for what did not hold its place and the values of its parts."""
    verdict = outcome.verdict
    mark = colour("ok  ", "green", stream) if outcome.passed else colour("FAIL", "red", stream)
    lines = [f"  {mark}  {printable(verdict.name)}  ({verdict.seconds:.2f} s)"]
    if outcome.unused:
        lines.append(f"        recorded replies that were not asked for: {outcome.unused:,}; record it again")
    return "\n".join([*lines, *_failures(outcome)])


def _failures(outcome: Outcome) -> Iterable[str]:
    for expectation in outcome.verdict.expectations:
        if not expectation.passed:
            place = f"{expectation.location}: " if expectation.location is not None else ""
            yield f"        {place}expect {printable(expectation.text)}"
            width = max((len(text) for text, _ in expectation.shown), default=0)
            for text, value in expectation.shown:
                yield f"            {printable(text):<{width}}  was {printable(to_json(value))}"
    error = outcome.verdict.error
    if error is not None:
        place = f"{error.location}: " if error.location is not None else ""
        yield f"        {place}{printable(error.message)}" + (f" (in `{error.path}`)" if error.path else "")
        if outcome.hint:
            yield f"            hint: {outcome.hint}"


def as_json(outcomes: Sequence[Outcome]) -> str:
    found = [
        {
            "file": outcome.path,
            "name": outcome.verdict.name,
            "passed": outcome.passed,
            "seconds": round(outcome.verdict.seconds, 4),
            "expectations": [_expectation(e) for e in outcome.verdict.expectations],
            "error": _error(outcome),
        }
        for outcome in outcomes
    ]
    return msgspec.json.format(msgspec.json.encode(found), indent=2).decode()


def _expectation(found: Expectation) -> dict[str, Any]:
    values = [{"text": text, "value": value} for text, value in found.shown]
    return {"text": found.text, "passed": found.passed, "values": values, "at": _at(found.location)}


def _error(outcome: Outcome) -> dict[str, Any] | None:
    error = outcome.verdict.error
    if error is None:
        return None
    return {"kind": error.kind, "message": error.message, "at": _at(error.location), "hint": outcome.hint}


def _at(location: object) -> str | None:
    return None if location is None else str(location)


def as_junit(outcomes: Sequence[Outcome]) -> str:
    """JUnit's XML, as CI systems read it: a suite for each file."""
    lines = ['<?xml version="1.0" encoding="utf-8"?>', "<testsuites>"]
    for path, group in groupby(outcomes, key=lambda outcome: outcome.path):
        suite = list(group)
        failures = sum(not outcome.passed and outcome.verdict.error is None for outcome in suite)
        errors = sum(outcome.verdict.error is not None for outcome in suite)
        seconds = sum(outcome.verdict.seconds for outcome in suite)
        counts = f'tests="{len(suite)}" failures="{failures}" errors="{errors}" time="{seconds:.3f}"'
        lines.append(f"  <testsuite name={_attribute(path)} {counts}>")
        for outcome in suite:
            lines += _test_case(outcome)
        lines.append("  </testsuite>")
    return "\n".join([*lines, "</testsuites>"])


def _test_case(outcome: Outcome) -> list[str]:
    verdict = outcome.verdict
    head = f'classname={_attribute(outcome.path)} name={_attribute(verdict.name)} time="{verdict.seconds:.3f}"'
    if outcome.passed:
        return [f"    <testcase {head}/>"]
    kind = "error" if verdict.error is not None else "failure"
    details = [line.strip() for line in _failures(outcome)]
    body = escape(_xml_text("\n".join(details)))
    return [
        f"    <testcase {head}>",
        f"      <{kind} message={_attribute(details[0])}>{body}</{kind}>",
        "    </testcase>",
    ]


def _attribute(text: str) -> str:
    return quoteattr(_xml_text(text))


def _xml_text(text: str) -> str:
    """XML 1.0 has no way to write most control characters."""
    return _NOT_XML.sub("?", text)
