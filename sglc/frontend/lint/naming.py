"""SGL910: names that are written like those of another kind of declaration."""

from __future__ import annotations

from collections.abc import Iterator

from sglc.diagnostics import Diagnostic
from sglc.frontend import ast
from sglc.frontend.lint.index import Index


class Naming(Diagnostic, frozen=True, kw_only=True):
    """A name is written like that of another kind of thing. Readers tell types, constants and functions by their letters.

    Types and enums begin with a capital, constants are all capitals, the rest has none. Names in a script without
    capitals are never reported.

    Wrong:
        type order_line:
            sku: str

        def first(line: order_line) -> str:
            return line.sku

    Right:
        type OrderLine:
            sku: str

        def first(line: OrderLine) -> str:
            return line.sku
    """

    code = "SGL910"
    title = "{kind} `{name}` is not written like one"
    label = "{rule}"
    hint = "write `{better}`"
    severity = "warning"
    name: str
    kind: str
    rule: str
    better: str


DIAGNOSTIC = Naming


def find(index: Index) -> Iterator[Diagnostic]:
    for decl in index.decls:
        match decl:
            case ast.TypeDecl(name=name) | ast.AliasDecl(name=name):
                yield from _check(index, name, "type", "types begin with a capital", _type_name(name.name))
            case ast.EnumDecl(name=name):
                yield from _check(index, name, "enum", "enums begin with a capital", _type_name(name.name))
            case ast.ConstDecl(name=name):
                yield from _check(index, name, "constant", "constants are all capitals", _constant_name(name.name))
            case ast.FuncDecl(name=name, kind=kind):
                what = "function" if kind == "def" else "template"
                yield from _check(index, name, what, f"{what}s have no capitals", _snake(name.name))
            case ast.ToolDecl(name=name):
                yield from _check(index, name, "tool", "tools have no capitals", _snake(name.name))
            case ast.SessionDecl(name=name):
                yield from _check(index, name, "session", "sessions have no capitals", _snake(name.name))


def _check(index: Index, name: ast.Name, kind: str, rule: str, better: str) -> Iterator[Diagnostic]:
    if better != name.name:
        yield index.finding(Naming, name, name=name.name, kind=kind, rule=rule, better=better)


def _type_name(name: str) -> str:
    """Only the first letter decides; what else a name holds is left as it is, unless it is all small."""
    bare = name.lstrip("_")
    if not bare[:1].islower():
        return name
    words = bare.split("_") if bare.islower() else [bare]
    return name[: len(name) - len(bare)] + "".join(word[:1].upper() + word[1:] for word in words)


def _constant_name(name: str) -> str:
    return _snake(name).upper() if any(c.islower() for c in name) else name


def _snake(name: str) -> str:
    """`fetchPage` -> `fetch_page`; runs of capitals stay one word."""
    if not any(c.isupper() for c in name):
        return name
    out = ""
    for place, char in enumerate(name):
        before = name[place - 1] if place else "_"
        after = name[place + 1 : place + 2]
        if char.isupper() and before != "_" and (not before.isupper() or after.islower()):
            out += "_"
        out += char.lower()
    return out
