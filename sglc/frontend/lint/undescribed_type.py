"""SGL221: a described type is generated, or a tool offered, that the prompt never describes."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from sglc.diagnostics import Diagnostic
from sglc.frontend import ast
from sglc.frontend.lint.index import Index
from sglc.frontend.lint.types_in import named_in
from sglc.frontend.resolve import Symbol
from sglc.frontend.survey import walk
from sglc.frontend.typed import TypedProgram
from sglc.ir.types import CallType, EnumType, NamedType, RecordType, Type


class UndescribedType(Diagnostic, frozen=True, kw_only=True):
    """A type with descriptions is generated, or a tool offered by `call`, and the prompt never describes it.

    Types shape the text, but the model does not see them by themselves: it only sees what the prompt holds. Write
    `{describe(T)}` before the generation, in the function or in a template that it uses.

    Wrong:
        type Parcel:
            number: re"[0-9]{4}"    "as the customer wrote it"

        def read(message: str) -> Parcel:
            user: "Fill in the record.\\n{message}"
            assistant: gen parcel: Parcel with max_tokens=30
            return parcel

    Right:
        type Parcel:
            number: re"[0-9]{4}"    "as the customer wrote it"

        def read(message: str) -> Parcel:
            user: "Fill in the record.\\n{describe(Parcel)}\\n{message}"
            assistant: gen parcel: Parcel with max_tokens=30
            return parcel
    """

    code = "SGL221"
    title = "the prompt never describes {what}"
    label = "the model does not see it"
    hint = "write `{{describe({names})}}` before it"
    severity = "warning"
    what: str
    names: str


DIAGNOSTIC = UndescribedType


def find(index: Index) -> Iterator[Diagnostic]:
    seen = _Seen(index.program)
    for decl in index.decls:
        if not isinstance(decl, ast.FuncDecl | ast.SessionDecl):
            continue
        symbol = index.unit.own.get(decl.name.name)
        described = seen.by(symbol.unique) if symbol is not None else set()
        for node in walk(decl):
            if symbol is not None and isinstance(node, ast.Gen | ast.ModelCall):
                facts = index.program.gens.get(node)
                if facts is not None:
                    yield from _missing(index, node, facts.type, described)
                    described = described | _mentioned(index, node, facts.type)  # one finding for each is enough


def _mentioned(index: Index, node: ast.Gen | ast.ModelCall, type_: Type) -> set[str]:
    choices = node.choices if isinstance(node, ast.ModelCall) else ()
    tools = {name for choice in choices if (name := index.callee(choice)) is not None}
    return tools | named_in(type_, index.program.table)


def _missing(index: Index, node: ast.Gen | ast.ModelCall, type_: Type, seen: set[str]) -> Iterator[Diagnostic]:
    """What the type has that is described in the program, but not in the prompt; `seen` are names of types and tools."""
    if isinstance(type_, CallType) and isinstance(node, ast.ModelCall):
        for choice in node.choices:
            name = index.callee(choice)
            if name is not None and name not in seen:
                facts = {"what": f"the tool `{choice.name.name}`", "names": choice.name.name}
                yield index.finding(UndescribedType, choice, **facts)
        return
    table = index.program.table
    names = [n for n in sorted(named_in(type_, table)) if n not in seen and _is_described(table.get(n))]
    if names and isinstance(node, ast.Gen):
        place = node.type or node.name
        written = _written(index, node, names)
        what = " and ".join(f"`{name}`" for name in written.split(", "))
        yield index.finding(UndescribedType, place, what=what, names=written)


def _written(index: Index, node: ast.Gen, names: list[str]) -> str:
    """The type to describe: the one that is generated where it has a name, else what is missing inside."""
    if isinstance(node.type, ast.TypeName) and not node.type.args and node.type.name.name in index.unit.names:
        return node.type.name.name
    local = {s.unique: n for n, s in index.unit.names.items()}
    # A record is described with all that it holds.
    inner = {i for n in names for i in named_in(NamedType(n), index.program.table) - {n}}
    return ", ".join(local.get(n, n) for n in [n for n in names if n not in inner] or names)


def _is_described(declared: object) -> bool:
    match declared:
        case RecordType(fields=fields, description=text):
            return bool(text) or any(f.description for f in fields)
        case EnumType(members=members, description=text):
            return bool(text) or any(m.description for m in members)
    return False


class _Seen:
    """Names of the types and tools that a function's prompt describes, with those of templates in it and around it."""

    def __init__(self, program: TypedProgram) -> None:
        self.program = program
        self.own: dict[str, set[str]] = {}
        self.uses: dict[str, set[str]] = {}
        for unit in program.linked.units:
            for symbol in unit.own.values():
                if isinstance(symbol.decl, ast.FuncDecl | ast.SessionDecl | ast.ConstDecl):
                    self._survey(symbol.unique, symbol.decl, unit.names)

    def _survey(self, name: str, decl: ast.Decl, names: Mapping[str, Symbol]) -> None:
        own = self.own.setdefault(name, set())
        uses = self.uses.setdefault(name, set())
        for node in walk(decl):
            if isinstance(node, ast.Call) and node in self.program.described:
                for thing in self.program.described[node]:
                    own |= {thing} if isinstance(thing, str) else named_in(thing, self.program.table)
                    signature = self.program.signatures.get(thing) if isinstance(thing, str) else None
                    for field in signature.fields if signature is not None else ():
                        own |= named_in(field.type, self.program.table)
            elif isinstance(node, ast.Use) and node in self.program.uses:
                uses.add(self.program.uses[node][0].name)
            elif isinstance(node, ast.Name) and node.name in names:
                if names[node.name].kind == "constant":
                    uses.add(names[node.name].unique)

    def by(self, name: str) -> set[str]:
        """What the contexts that a function writes into describe, wherever they do it."""
        around = {name}
        grown = True
        while grown:
            more = {user for user, used in self.uses.items() if used & around and self._is_template(around & used)}
            grown = not more <= around
            around |= more
        found: set[str] = set()
        waiting, done = list(around), set[str]()
        while waiting:
            current = waiting.pop()
            if current not in done:
                done.add(current)
                found |= self.own.get(current, set())
                waiting += self.uses.get(current, ())
        return found

    def _is_template(self, names: set[str]) -> bool:
        return any(self.program.signatures[n].kind == "template" for n in names if n in self.program.signatures)
