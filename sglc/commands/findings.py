"""Diagnostics <-> Findings: the plain records that lint keeps in its cache, sends between processes and renders."""

from __future__ import annotations

from collections.abc import Callable
from functools import cache
from typing import Any

import msgspec

from sglc.diagnostics import Diagnostic, Fix, Related, Severity, to_dict
from sglc.source import SourceFile, Span

MAX_SHOWN_BYTES = 2 << 20
"""So much of a file is read to show lines of it; a program is never longer."""


class Place(msgspec.Struct, frozen=True, array_like=True):
    """A second place that explains a finding."""

    path: str
    span: Span
    label: str


class Finding(msgspec.Struct, frozen=True, array_like=True):
    """A diagnostic with its texts made; `title` is the code's title, before the facts are filled in."""

    path: str
    code: str
    severity: Severity
    title: str
    message: str
    label: str
    hint: str
    span: Span | None
    related: tuple[Place, ...] = ()
    fix: Fix | None = None

    @property
    def is_error(self) -> bool:
        return self.severity == "error"

    def sort_key(self) -> tuple[str, int, int, str, str]:
        span = self.span or Span(-1, -1)
        return (self.path, span.start, span.end, self.code, self.message)


class Sources:
    """Program texts by path, read when a line of one is to be shown."""

    def __init__(self, known: dict[str, SourceFile] | None = None) -> None:
        self._known = dict(known or {})

    def get(self, path: str) -> SourceFile:
        if path not in self._known:
            try:
                with open(path, "rb") as file:
                    raw = file.read(MAX_SHOWN_BYTES)
            except OSError:
                raw = b""
            self._known[path] = SourceFile(path, raw.decode("utf-8", "replace"))
        return self._known[path]

    def add(self, source: SourceFile) -> None:
        self._known[source.path] = source


def to_finding(diagnostic: Diagnostic) -> Finding:
    item = to_dict(diagnostic)
    return Finding(
        path=diagnostic.path,
        code=diagnostic.code,
        severity=diagnostic.severity,
        title=type(diagnostic).title,
        message=item["message"],
        label=item.get("label", ""),
        hint=item.get("hint", ""),
        span=diagnostic.span,
        related=tuple(Place(r.source.path, r.span, r.label) for r in diagnostic.related),
        fix=diagnostic.fix,
    )


class _Stored(Diagnostic, frozen=True, kw_only=True):
    """A diagnostic whose texts were made before."""

    text: str
    label_: str
    hint_: str

    @property
    def message(self) -> str:
        return self.text

    @property
    def label_text(self) -> str:
        return self.label_

    @property
    def hint_text(self) -> str:
        return self.hint_


@cache
def _kind(code: str, title: str, severity: Severity) -> Callable[..., Diagnostic]:
    namespace: dict[str, Any] = {"code": code, "title": title, "severity": severity}
    made: Any = msgspec.defstruct(code, [], bases=(_Stored,), namespace=namespace, frozen=True, kw_only=True)
    return made  # type: ignore[no-any-return]


def to_diagnostic(finding: Finding, sources: Sources) -> Diagnostic:
    """The finding as `diagnostics.py` renders it."""
    return _kind(finding.code, finding.title, finding.severity)(
        source=sources.get(finding.path) if finding.path else None,
        span=finding.span,
        related=tuple(Related(sources.get(r.path), r.span, r.label) for r in finding.related),
        fix=finding.fix,
        text=finding.message,
        label_=finding.label,
        hint_=finding.hint,
    )
