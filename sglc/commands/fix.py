"""Applies the fixes of findings to a program's text, as many at once as do not touch each other, until none is left."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import msgspec

from sglc.commands.files import has_crlf
from sglc.commands.findings import Finding
from sglc.diagnostics import Edit
from sglc.source import Span

MAX_ROUNDS = 20


class Fixed(msgspec.Struct, frozen=True):
    """The text after fixing, how many findings were fixed, and the code of a fix that was taken back ("" for none)."""

    text: str
    count: int
    refused: str = ""


def fix_text(text: str, path: str, check: Callable[[str], Sequence[Finding]], *, unsafe: bool) -> Fixed:
    """Fix what `check` finds in the text, again and again, since one fix may show or solve another finding."""
    count, refused = 0, set[str]()
    findings = check(text)
    for _ in range(MAX_ROUNDS):
        chosen = [f for f in _choose(findings, path, unsafe=unsafe) if f.code not in refused]
        if not chosen:
            break
        after = apply_edits(text, chosen)
        found = check(after)
        if _errors(found) > _errors(findings):
            # One of them does harm: only the first is tried alone, so that at least one round is not lost on others.
            chosen = chosen[:1]
            after = apply_edits(text, chosen)
            found = check(after)
            if _errors(found) > _errors(findings):
                refused.add(chosen[0].code)
                continue
        if after == text:
            break
        text, findings = after, found
        count += len(chosen)
    return Fixed(text, count, min(refused, default=""))


def _errors(findings: Sequence[Finding]) -> int:
    return sum(finding.is_error for finding in findings)


def _choose(findings: Sequence[Finding], path: str, *, unsafe: bool) -> list[Finding]:
    """The first fixes, in the order of the text, that do not touch each other."""
    chosen: list[Finding] = []
    taken: list[Span] = []
    for finding in findings:
        fix = finding.fix
        if finding.path != path or fix is None or not fix.edits or not (fix.safe or unsafe):
            continue
        spans = [edit.span for edit in fix.edits]
        if any(_touch(a, b) for a in spans for b in taken):
            continue
        chosen.append(finding)
        taken += spans
    return chosen


def _touch(a: Span, b: Span) -> bool:
    return a.start <= b.end and b.start <= a.end


def apply_edits(text: str, findings: Sequence[Finding]) -> str:
    """The text with the edits of the findings' fixes; what is inserted gets the file's line ends."""
    edits = [edit for finding in findings if finding.fix is not None for edit in finding.fix.edits]
    crlf = has_crlf(text.encode("utf-8", "surrogatepass"))
    for edit in sorted(edits, key=lambda edit: edit.span, reverse=True):
        text = text[: edit.span.start] + _ended(edit, crlf=crlf) + text[edit.span.end :]
    return text


def _ended(edit: Edit, *, crlf: bool) -> str:
    new = edit.text.replace("\r\n", "\n")
    return new.replace("\n", "\r\n") if crlf else new
