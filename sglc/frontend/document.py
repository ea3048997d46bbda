"""A document -> lines: where a line gets too long, the formatter's brackets break one item a line, outer ones first.

A document is nested lists of text and of the marks below. The layout follows from the document alone, never from how the
source was laid out, so that formatting twice changes nothing.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import TypeAlias, Union

import msgspec

INDENT = 4
WIDTH = 120


class Line(msgspec.Struct, frozen=True):
    """A place to break; `flat` is what stands there otherwise."""

    flat: str = ""


class IfBroken(msgspec.Struct, frozen=True):
    """Text that only a broken group has."""

    text: str


class Verbatim(msgspec.Struct, frozen=True):
    """Several lines of a string; each says whether it is indented like the line that the string begins on."""

    lines: tuple[tuple[str, bool], ...]


class Group(msgspec.Struct, frozen=True):
    """What breaks together: all its own Lines, those in `inner` indented once more. `forced`: it holds comments."""

    opening: Doc
    inner: Doc
    closing: Doc
    forced: bool = False


Doc: TypeAlias = str | Line | IfBroken | Verbatim | Group | Sequence["Doc"]

_Step: TypeAlias = Union[str, Line, IfBroken, Verbatim, "_Begin", "_Shift", "_End"]


class _Begin(msgspec.Struct):
    """The start of a group; `size` is the number of steps up to its end."""

    forced: bool
    size: int = 0


class _Shift(msgspec.Struct, frozen=True):
    """A change of indentation, when the group is broken."""

    by: int


class _End(msgspec.Struct, frozen=True):
    pass


def bracketed(opening: str, items: Sequence[Doc], closing: str, *, last_comma: bool = True) -> Group | str:
    """Items between brackets, joined by commas; a broken group ends its last item with a comma."""
    if not items:
        return opening + closing
    inner: list[Doc] = [Line()]
    for index, item in enumerate(items):
        inner.append(item)
        if index < len(items) - 1:
            inner += [",", Line(" ")]
        elif last_comma:
            inner.append(IfBroken(","))
    return Group(opening, inner, [Line(), closing])


def forced(doc: Doc) -> bool:
    """Whether a document holds a group that has to break."""
    if isinstance(doc, Group):
        return doc.forced or forced(doc.inner) or forced(doc.opening) or forced(doc.closing)
    return not isinstance(doc, str | Line | IfBroken | Verbatim) and any(forced(part) for part in doc)


def flat(doc: Doc) -> str:
    """A document on one line."""
    if isinstance(doc, str):
        return doc
    if isinstance(doc, Line):
        return doc.flat
    if isinstance(doc, IfBroken):
        return ""
    if isinstance(doc, Verbatim):
        return "\n".join(line for line, _ in doc.lines)
    parts = (doc.opening, doc.inner, doc.closing) if isinstance(doc, Group) else doc
    return "".join(flat(part) for part in parts)


def render(doc: Doc, indent: int) -> list[str]:
    """The lines of a document that begins at an indentation, in blanks."""
    return _Renderer(list(_steps(doc)), indent).run()


def _steps(doc: Doc) -> Iterator[_Step]:
    if isinstance(doc, Group):
        begin = _Begin(forced(doc))
        inside: list[_Step] = [*_steps(doc.opening), _Shift(INDENT), *_steps(doc.inner), _Shift(-INDENT)]
        inside += [*_steps(doc.closing), _End()]
        begin.size = len(inside)
        yield begin
        yield from inside
    elif isinstance(doc, str | Line | IfBroken | Verbatim):
        yield doc
    else:
        for part in doc:
            yield from _steps(part)


class _Renderer:
    def __init__(self, steps: list[_Step], indent: int) -> None:
        self.steps, self.indent = steps, indent
        self.lines = [" " * indent]
        self.line_indent = indent
        self.broken: list[bool] = []
        """For each open group, whether it is broken."""

    def run(self) -> list[str]:
        for index, step in enumerate(self.steps):
            self._step(index, step)
        return self.lines

    def _step(self, index: int, step: _Step) -> None:
        broken = not self.broken or self.broken[-1]
        match step:
            case str():
                self.lines[-1] += step
            case _Begin():
                self.broken.append(broken and (step.forced or not self._fits(index, step.size)))
            case _End():
                self.broken.pop()
            case _Shift() if broken:
                self.indent += step.by
            case Line() if broken:
                self.lines.append(" " * self.indent)
                self.line_indent = self.indent
            case Line():
                self.lines[-1] += step.flat
            case IfBroken() if broken:
                self.lines[-1] += step.text
            case Verbatim():
                first, *rest = step.lines
                self.lines[-1] += first[0]
                self.lines += [" " * self.line_indent + text if own and text else text for text, own in rest]

    def _fits(self, index: int, size: int) -> bool:
        """Whether a group fits on the line, with what follows up to the next place that can break."""
        room = WIDTH - len(self.lines[-1])
        for position in range(index, len(self.steps)):
            step = self.steps[position]
            if isinstance(step, str):
                room -= len(step)
            elif isinstance(step, Line):
                if position > index + size:
                    break
                room -= len(step.flat)
            elif isinstance(step, IfBroken) and position > index + size:
                room -= len(step.text)
            elif isinstance(step, Verbatim):
                return len(step.lines[0][0]) <= room
            if room < 0:
                return False
        return True
