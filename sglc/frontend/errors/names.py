"""Diagnostics 100 to 119: names and files. Each class is one code; its docstring is its page."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic


class ImportNotFound(Diagnostic, frozen=True, kw_only=True):
    """A file that an import, a schema or a replay names cannot be read."""

    code = "SGL101"
    title = 'cannot read `{path}`'
    label = '{reason}'
    path: str
    reason: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class ImportCycle(Diagnostic, frozen=True, kw_only=True):
    """Files import each other in a circle, so none can be read first."""

    code = "SGL102"
    title = 'import cycle'
    label = '{chain}'
    hint = 'move what both need into a third file'
    chain: str


class UnknownName(Diagnostic, frozen=True, kw_only=True):
    """A name is used that nothing declares."""

    code = "SGL103"
    title = 'unknown name `{name}`'
    label = 'not defined in {where}'
    name: str
    where: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class DuplicateName(Diagnostic, frozen=True, kw_only=True):
    """A name is declared twice in one place, so it would not be clear which one is meant."""

    code = "SGL104"
    title = '`{name}` is declared twice'
    label = 'second declaration'
    hint = 'rename one of the two'
    name: str


class NotAssigned(Diagnostic, frozen=True, kw_only=True):
    """A variable is used where not every path before has given it a value."""

    code = "SGL105"
    title = '`{name}` may not have a value here'
    label = 'not assigned on every path to this line'
    hint = 'assign it before the branches, or in each of them'
    name: str


class NotInFile(Diagnostic, frozen=True, kw_only=True):
    """An imported name is not declared in the file."""

    code = "SGL106"
    title = '`{name}` is not declared in `{path}`'
    label = 'not found there'
    name: str
    path: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class UnknownType(Diagnostic, frozen=True, kw_only=True):
    """A type is used that nothing declares."""

    code = "SGL107"
    title = 'unknown type `{name}`'
    label = 'no such type'
    name: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class UnknownField(Diagnostic, frozen=True, kw_only=True):
    """A record has no field of this name."""

    code = "SGL108"
    title = '`{type}` has no field `{name}`'
    label = 'no such field'
    name: str
    type: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class UnknownMethod(Diagnostic, frozen=True, kw_only=True):
    """Values of this type have no such method."""

    code = "SGL109"
    title = '`{type}` has no method `{name}`'
    label = 'no such method'
    name: str
    type: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class UnknownParameter(Diagnostic, frozen=True, kw_only=True):
    """A call names a parameter that the function does not have."""

    code = "SGL110"
    title = '`{function}` has no parameter `{name}`'
    label = 'no such parameter'
    name: str
    function: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class MissingArgument(Diagnostic, frozen=True, kw_only=True):
    """A call leaves out arguments that have no default."""

    code = "SGL111"
    title = '`{function}` needs {names}'
    label = 'missing here'
    hint = 'give the argument, by position or as name=value'
    function: str
    names: str


class TooManyArguments(Diagnostic, frozen=True, kw_only=True):
    """A call has more arguments than the function has parameters, or gives one twice."""

    code = "SGL112"
    title = '`{function}` takes {count}'
    label = 'one argument too many'
    hint = 'remove it'
    function: str
    count: str


class NotCallable(Diagnostic, frozen=True, kw_only=True):
    """Only functions, tools, builtins, methods and record types can be called."""

    code = "SGL113"
    title = '{what} cannot be called'
    label = 'not a function'
    what: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class WrongKind(Diagnostic, frozen=True, kw_only=True):
    """The name exists but stands for another kind of thing than this place takes."""

    code = "SGL114"
    title = '`{name}` is {kind}'
    label = '{expected} is expected here'
    name: str
    kind: str
    expected: str
    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help


class ReservedName(Diagnostic, frozen=True, kw_only=True):
    """A declaration takes the name of a builtin, which every later use would silently change."""

    code = "SGL115"
    title = '`{name}` is a builtin'
    label = 'cannot be declared again'
    hint = 'choose another name'
    name: str


class EnvOutsideTool(Diagnostic, frozen=True, kw_only=True):
    """Environment values belong to the operator; only tool declarations may read them."""

    code = "SGL116"
    title = '`env` can be read in tools only'
    label = 'not a tool declaration'
    hint = 'pass the value as an argument, or use it in a tool'


DIAGNOSTICS = (
    ImportNotFound, ImportCycle, UnknownName, DuplicateName, NotAssigned, NotInFile, UnknownType, UnknownField, UnknownMethod, UnknownParameter, MissingArgument, TooManyArguments, NotCallable, WrongKind, ReservedName, EnvOutsideTool,
)  # fmt: skip
