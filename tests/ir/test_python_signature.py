"""Signatures read from Python source without importing it, and what a tool's declaration may not agree with."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

from sglc.ir.python_annotation import accepts, gives, read_annotation
from sglc.ir.python_signature import (
    PythonParameter,
    PythonSignature,
    SignatureProblem,
    compare,
    find_module,
    read_signature,
)
from sglc.ir.types import (
    BOOL,
    FLOAT,
    INT,
    JSON,
    NONE,
    STR,
    DictType,
    Field,
    ListType,
    NamedType,
    RegexType,
    TupleType,
    Type,
    literal,
    optional,
    union,
)

SOURCE = """
import os as operating_system, sys
from json import loads
raise SystemExit("this module must never run")

def stock(sku: "str", place: str = "Berlin", /, *rest: int, limit: int | None = None, **more: object) -> int: ...
async def later(x: list[str]) -> dict[str, int]: ...
def _hidden(): ...
double = lambda x, y=2: x * y
if sys.platform:
    def stock2(a, *, b): ...
else:
    def other(a): ...
try:
    def guarded(a): ...
except ImportError:
    pass
@app.tool(name="x")
def decorated(a): ...
import functools
@functools.lru_cache(maxsize=1)
def cached(a: int) -> str: ...
class Shop:
    def method(self): ...
def again(a): ...
def again(a, b): ...
"""


@pytest.fixture
def module(tmp_path: Path) -> Path:
    path = tmp_path / "shop.py"
    path.write_text(SOURCE, encoding="utf-8")
    return path


def signature(path: Path, name: str) -> PythonSignature:
    found = read_signature(path, name)
    assert isinstance(found, PythonSignature)
    return found


def test_a_signature_has_parameters_annotations_and_defaults(module: Path) -> None:
    found = signature(module, "stock")
    assert found.parameters == (
        PythonParameter("sku", "'str'", None, positional_only=True),
        PythonParameter("place", "str", "'Berlin'", positional_only=True),
        PythonParameter("limit", "int | None", "None"),
    )
    assert (found.result, found.is_async, found.varargs, found.kwargs, found.line) == ("int", False, True, True, 6)
    assert found.functions == ("stock", "later", "double", "stock2", "other", "guarded", "decorated", "cached", "again")


def test_all_kinds_of_functions(module: Path) -> None:
    assert signature(module, "later").is_async
    assert signature(module, "double").parameters[1] == PythonParameter("y", None, "2")
    assert [p.name for p in signature(module, "stock2").parameters] == ["a", "b"]
    assert [p.name for p in signature(module, "again").parameters] == ["a", "b"]
    assert [signature(module, name).opaque for name in ("decorated", "cached", "double")] == [True, False, False]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("none", "missing"),
        ("method", "missing"),
        ("Shop", "missing"),
        ("loads", "imported"),
        ("operating_system", "imported"),
    ],
)
def test_a_function_that_is_not_there(module: Path, name: str, kind: str) -> None:
    found = read_signature(module, name)
    assert isinstance(found, SignatureProblem)
    assert found.kind == kind
    assert "stock" in found.functions


@pytest.mark.parametrize(
    ("source", "kind"),
    [
        (b"def f(:\n", "syntax"),
        (b"\xff\xfe\x00", "syntax"),
        (b"def f(): '\x00'", "syntax"),
        (b"f(" * 5000, "syntax"),
        (b"x = " + b"-" * 100_000 + b"1", "syntax"),
        (b"# coding: latin-1\ndef g(x='\xe9'): ...", "missing"),
        (None, "unreadable"),
    ],
)
def test_files_that_are_no_modules(tmp_path: Path, source: bytes | None, kind: str) -> None:
    path = tmp_path / "m.py"
    if source is not None:
        path.write_bytes(source)
    found = read_signature(path, "f")
    assert isinstance(found, SignatureProblem)
    assert found.kind == kind
    assert "\n" not in found.message


@pytest.mark.parametrize("length", [100, 300, 500, 800, 1000, 3000])
def test_an_endless_annotation_is_never_a_crash(tmp_path: Path, length: int) -> None:
    path = tmp_path / "m.py"
    path.write_text("def f(a: " + " | ".join(["x"] * length) + " = 1): ...", encoding="utf-8")
    found = read_signature(path, "f")
    assert isinstance(found, SignatureProblem) or compare(found, (Field("a", STR),), JSON) == []


def test_nothing_is_imported(module: Path) -> None:
    before = set(sys.modules)
    signature(module, "stock")
    assert "shop" not in set(sys.modules) - before


def test_find_module(tmp_path: Path) -> None:
    (tmp_path / "a" / "b").mkdir(parents=True)
    (tmp_path / "a" / "b" / "__init__.py").touch()
    (tmp_path / "a" / "c.py").touch()
    folders = [tmp_path / "nowhere", tmp_path]
    assert find_module("a.b", folders) == tmp_path / "a" / "b" / "__init__.py"
    assert find_module("a.c", folders) == tmp_path / "a" / "c.py"
    assert find_module("a", folders) is None


def mismatches(path: Path, source: str, params: tuple[Field, ...], result: Type = JSON) -> list[tuple[str, str]]:
    path.write_text(source, encoding="utf-8")
    found = compare(signature(path, "f"), params, result)
    assert all("`" in m.message and "\n" not in m.message for m in found)
    return [(m.kind, m.name) for m in found]


@pytest.mark.parametrize(
    ("source", "expected"),
    [
        ("def f(sku: str, n: int) -> float: ...", []),
        ("def f(sku, n): ...", []),
        ("def f(sku: 'str', n: float, more=1, *rest, flag: bool = True) -> int: ...", []),
        ("def f(**values): ...", []),
        ("def f(sku: Sku, n: t.Any) -> Price: ...", []),
        ("def f(sku): ...", [("missing", "n")]),
        ("def f(sku, /, n): ...", [("missing", "sku")]),
        ("def f(*values): ...", [("missing", "sku"), ("missing", "n")]),
        ("def f(sku, n, more, *, flag): ...", [("required", "more"), ("required", "flag")]),
        ("def f(self, sku, n): ...", [("required", "self")]),
        ("def f(sku: int, n: str): ...", [("parameter", "sku"), ("parameter", "n")]),
        ("def f(sku: list[str], n: None): ...", [("parameter", "sku"), ("parameter", "n")]),
        ("def f(sku, n) -> str: ...", [("result", "")]),
        ("def f(sku, n) -> float | None: ...", [("result", "")]),
        ("@app.tool\ndef f(x: bytes) -> bytes: ...", []),
        ("async def f(sku, n) -> float: ...", []),
    ],
)
def test_declaration_against_function(tmp_path: Path, source: str, expected: list[tuple[str, str]]) -> None:
    params = (Field("sku", STR), Field("n", INT))
    assert mismatches(tmp_path / "m.py", source, params, FLOAT) == expected


@pytest.mark.parametrize(
    ("annotation", "type_", "fits"),
    [
        ("str", RegexType("a+"), True),
        ("Optional[str]", optional(STR), True),
        ("Union[str, None]", optional(STR), True),
        ("str", optional(STR), False),
        ("int", BOOL, True),
        ("bool", INT, False),
        ("int", FLOAT, False),
        ("Literal['a', 'b']", union(literal("a"), literal("b")), True),
        ("Literal[1]", literal("a"), False),
        ("typing.List[int]", ListType(INT), True),
        ("list[str]", ListType(INT), False),
        ("Sequence[str]", ListType(STR), True),
        ("list[Thing]", ListType(NamedType("Thing")), True),
        ("dict[str, int]", DictType(INT), True),
        ("dict", NamedType("Thing"), True),
        ("str", NamedType("Colour"), True),
        ("int", NamedType("Thing"), False),
        ("tuple[int, str]", TupleType((INT, STR)), True),
        ("list", STR, False),
        ("bytes", STR, False),
        ("Annotated[str, 'why']", STR, True),
        ("Annotated[int, 'why']", STR, False),
        ("Thing | None", INT, True),
        ("object", INT, True),
        ("not an annotation", INT, True),
        ("int", JSON, True),
    ],
)
def test_what_a_parameter_accepts(annotation: str, type_: Type, fits: bool) -> None:
    assert accepts(read_annotation(annotation), type_) is fits


@pytest.mark.parametrize(
    ("annotation", "type_", "fits"),
    [
        ("int", FLOAT, True),
        ("float", INT, False),
        ("int", BOOL, False),
        ("str", optional(STR), True),
        ("Optional[str]", STR, False),
        ("None", NONE, True),
        ("None", STR, False),
        ("set[str]", ListType(STR), True),
        ("Iterable[str]", ListType(STR), True),
        ("list[int]", ListType(STR), False),
        ("datetime.date", STR, True),
        ("Awaitable[int]", INT, True),
        ("int | str", union(INT, STR), True),
        ("int | list[str]", union(INT, STR), False),
        ("dict[str, Any]", NamedType("Thing"), True),
        ("Thing", INT, True),
        ("bytes", STR, False),
    ],
)
def test_what_a_result_gives(annotation: str, type_: Type, fits: bool) -> None:
    assert gives(read_annotation(annotation), type_) is fits
