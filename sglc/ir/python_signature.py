"""A Python file + a function's name -> its signature, read from the syntax tree alone: nothing is imported or run."""

from __future__ import annotations

import ast
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Literal, TypeAlias

import msgspec

from sglc.ir.python_annotation import Shape, accepts, gives, read_annotation
from sglc.ir.types import Field, Type, show

# Decorators that keep the parameters and the result of what they decorate.
_TRANSPARENT = {"cache", "lru_cache", "functools.cache", "functools.lru_cache"}


class PythonParameter(msgspec.Struct, frozen=True):
    """One parameter. `annotation` and `default` are source text; None where there is none."""

    name: str
    annotation: str | None = None
    default: str | None = None
    positional_only: bool = False


class PythonSignature(msgspec.Struct, frozen=True):
    """A function as its `def` line says. `opaque`: a decorator may have changed parameters and result."""

    name: str
    parameters: tuple[PythonParameter, ...]
    result: str | None
    is_async: bool
    varargs: bool
    kwargs: bool
    opaque: bool
    line: int
    functions: tuple[str, ...]
    """All public functions of the module."""


class SignatureProblem(msgspec.Struct, frozen=True):
    """Why there is no signature. imported: the name is in the module but comes from elsewhere."""

    kind: Literal["unreadable", "syntax", "missing", "imported"]
    message: str
    functions: tuple[str, ...] = ()
    line: int = 0
    """Where the syntax is wrong; 0 where that is not known."""


class Mismatch(msgspec.Struct, frozen=True):
    """Where a tool's declaration and the function differ. `name` is the parameter, empty for the result.

    missing: declared, but the function does not take it by this name. required: the function wants it, but it is not
    declared. parameter, result: the annotation is of another type.
    """

    kind: Literal["missing", "required", "parameter", "result"]
    name: str
    message: str


Function: TypeAlias = ast.FunctionDef | ast.AsyncFunctionDef


def find_module(module: str, folders: Sequence[Path]) -> Path | None:
    """The file of a module (`a.b` is a/b.py or a/b/__init__.py) in the first folder that has it."""
    for folder in folders:
        base = folder.joinpath(*module.split("."))
        for path in (base / "__init__.py", base.with_name(base.name + ".py")):
            if path.is_file():
                return path
    return None


def read_signature(path: Path, function: str) -> PythonSignature | SignatureProblem:
    """The signature of a module's function; of several definitions the last one counts, as in Python."""
    try:
        tree = ast.parse(path.read_bytes(), filename=str(path))
    except OSError as error:
        return SignatureProblem("unreadable", f"{path}: {(error.strerror or 'cannot be read').lower()}")
    except SyntaxError as error:
        return SignatureProblem("syntax", f"{path} is not valid Python: {error.msg}", line=error.lineno or 0)
    except (ValueError, RecursionError, MemoryError):
        return SignatureProblem("syntax", f"{path} is not Python source")
    definitions: dict[str, Function | ast.Lambda] = {}
    imported: set[str] = set()
    for statement in _top_level(tree.body):
        _collect(statement, definitions, imported)
    names = tuple(name for name in definitions if not name.startswith("_"))
    node = definitions.get(function)
    if node is not None:
        return _signature(function, node, names)
    if function in imported:
        message = f"`{function}` is imported into {path}, not defined there"
        return SignatureProblem("imported", message, names)
    return SignatureProblem("missing", f"{path} defines no function `{function}`", names)


def compare(signature: PythonSignature, params: tuple[Field, ...], result: Type) -> list[Mismatch]:
    """What would fail when the tool is called; an annotation that is not understood counts as fitting."""
    if signature.opaque:
        return []
    found = []
    by_name = {p.name: p for p in signature.parameters}
    for field in params:
        parameter = by_name.get(field.name)
        if parameter is None and not signature.kwargs:
            message = f"`{signature.name}` has no parameter `{field.name}`"
            found.append(Mismatch("missing", field.name, message))
        elif parameter is not None and parameter.positional_only:
            message = f"`{field.name}` is positional-only, but arguments are passed by name"
            found.append(Mismatch("missing", field.name, message))
        elif parameter is not None and not accepts(_shape(parameter.annotation), field.type):
            message = f"`{field.name}` is declared as `{show(field.type)}`, but `{signature.name}` takes "
            found.append(Mismatch("parameter", field.name, f"{message}`{parameter.annotation}`"))
    declared = {field.name for field in params}
    for parameter in signature.parameters:
        if parameter.default is None and parameter.name not in declared:
            message = f"`{signature.name}` requires `{parameter.name}`, which the tool does not declare"
            found.append(Mismatch("required", parameter.name, message))
    if not gives(_shape(signature.result), result):
        message = f"the result is declared as `{show(result)}`, but `{signature.name}` returns `{signature.result}`"
        found.append(Mismatch("result", "", message))
    return found


def _shape(annotation: str | None) -> Shape | None:
    return None if annotation is None else read_annotation(annotation)


def _top_level(body: list[ast.stmt]) -> Iterator[ast.stmt]:
    """Statements that run at import, also those under `if`, `try` and `with`."""
    for statement in body:
        yield statement
        match statement:
            case ast.If(body=inner, orelse=other):
                yield from _top_level([*inner, *other])
            case ast.Try(body=inner, handlers=handlers, orelse=other, finalbody=last):
                yield from _top_level([*inner, *(s for h in handlers for s in h.body), *other, *last])
            case ast.With(body=inner):
                yield from _top_level(inner)


def _collect(statement: ast.stmt, definitions: dict[str, Function | ast.Lambda], imported: set[str]) -> None:
    match statement:
        case ast.FunctionDef(name=name) | ast.AsyncFunctionDef(name=name):
            definitions[name] = statement
        case ast.Assign(targets=[ast.Name(id=name)], value=ast.Lambda() as value):
            definitions[name] = value
        case ast.Import(names=aliases) | ast.ImportFrom(names=aliases):
            imported |= {alias.asname or alias.name for alias in aliases}


def _signature(name: str, node: Function | ast.Lambda, functions: tuple[str, ...]) -> PythonSignature:
    arguments = node.args
    positional = [*arguments.posonlyargs, *arguments.args]
    # Defaults belong to the last of the positional parameters.
    defaults: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults)) + [*arguments.defaults]
    pairs = [*zip(positional, defaults, strict=True), *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)]
    is_def = not isinstance(node, ast.Lambda)
    return PythonSignature(
        name=name,
        parameters=tuple(
            PythonParameter(arg.arg, _source(arg.annotation), _source(default), arg in arguments.posonlyargs)
            for arg, default in pairs
        ),
        result=_source(node.returns) if not isinstance(node, ast.Lambda) else None,
        is_async=isinstance(node, ast.AsyncFunctionDef),
        varargs=arguments.vararg is not None,
        kwargs=arguments.kwarg is not None,
        opaque=is_def and any(map(_may_change, node.decorator_list)),  # type: ignore[union-attr]
        line=node.lineno,
        functions=functions,
    )


def _may_change(decorator: ast.expr) -> bool:
    called = decorator.func if isinstance(decorator, ast.Call) else decorator
    return ast.unparse(called) not in _TRANSPARENT


def _source(node: ast.expr | None) -> str | None:
    try:
        return None if node is None else ast.unparse(node)
    except RecursionError:
        return "..."  # as good as any text that is not understood
