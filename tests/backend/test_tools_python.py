"""Python tools: found only where the operator lists them, run with a time limit, their values checked."""

from __future__ import annotations

import asyncio
import dataclasses
import enum
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from tool_server import failure

from sglc.backend.tools.errors import ToolError
from sglc.backend.tools.policy import ToolPolicy
from sglc.backend.tools.toolbox import Toolbox
from sglc.ir.tools import PythonSpec, ToolSpec, ToolSpecError, check_spec
from sglc.ir.types import BOOL, FLOAT, INT, JSON, STR, Field, ListType, NamedType, RecordType, Type

ITEM = {"Item": RecordType("Item", (Field("sku", STR), Field("price", FLOAT)))}
ROOT = Path(__file__).parents[2]


def tool(*params: Field, result: Type = STR, target: str = "m:f", **options: Any) -> ToolSpec:
    return ToolSpec("t", params, result, PythonSpec(target), **options)


async def call(
    function: Callable[..., Any], spec: ToolSpec, arguments: dict[str, Any] | None = None, **policy: Any
) -> Any:
    functions = {spec.impl.target: function} if isinstance(spec.impl, PythonSpec) else {}
    async with Toolbox([spec], ToolPolicy(**policy), ITEM, functions) as toolbox:
        return await toolbox.call("t", arguments or {})


def test_arguments_go_by_name_and_records_as_dicts() -> None:
    def total(items: list[dict[str, Any]], *, rate: float) -> float:
        return sum(float(item["price"]) for item in items) * rate

    spec = tool(Field("items", ListType(NamedType("Item"))), Field("rate", FLOAT, default="2.0"), result=FLOAT)
    assert asyncio.run(call(total, spec, {"items": [{"sku": "a", "price": 1}, {"sku": "b", "price": 2.5}]})) == 7.0


def test_an_async_function_is_awaited_and_a_sync_one_runs_in_a_thread() -> None:
    async def later() -> str:
        await asyncio.sleep(0)
        return threading.current_thread().name

    def now() -> str:
        return threading.current_thread().name

    assert asyncio.run(call(later, tool())) == "MainThread"
    assert asyncio.run(call(now, tool())) == "sglc python tool"
    assert asyncio.run(call(lambda: later(), tool())) == "MainThread"


def test_a_function_cannot_change_the_values_of_the_program() -> None:
    def spoil(xs: list[int]) -> int:
        xs.append(9)
        return len(xs)

    xs = [1, 2]
    assert asyncio.run(call(spoil, tool(Field("xs", ListType(INT)), result=INT), {"xs": xs})) == 3
    assert xs == [1, 2]


def test_results_become_plain_values() -> None:
    @dataclasses.dataclass
    class Item:
        sku: str
        price: float
        internal: int = 0

    class Size(enum.Enum):
        SMALL = "small"

    assert asyncio.run(call(lambda: Item("a", 1), tool(result=NamedType("Item")))) == {"sku": "a", "price": 1.0}
    assert asyncio.run(call(lambda: Size.SMALL, tool())) == "small"
    assert asyncio.run(call(lambda: (1, 2), tool(result=ListType(INT)))) == [1, 2]


@pytest.mark.parametrize("value", ["x", None, True, 1.5, b"1", object(), float("nan")])
def test_a_wrong_result_is_a_shape_error(value: object) -> None:
    error = failure(lambda: call(lambda: value, tool(result=INT)))
    assert error.kind == "shape"
    assert '"m:f"' in error.message


@pytest.mark.parametrize("is_async", [False, True])
@pytest.mark.parametrize(
    ("raised", "message"),
    [
        (ValueError("no such\ncurrency"), "ValueError: no such currency"),
        (KeyError(), "KeyError"),
        (SystemExit(3), "SystemExit: 3"),
        (TimeoutError("own"), "TimeoutError: own"),
        (asyncio.CancelledError("own"), "CancelledError: own"),
        (StopIteration(), "StopIteration"),
    ],
)
def test_what_a_function_raises_is_one_line(is_async: bool, raised: BaseException, message: str) -> None:
    def now() -> str:
        raise raised

    async def later() -> str:
        raise raised

    error = failure(lambda: call(later if is_async else now, tool()))
    if is_async and isinstance(raised, StopIteration):
        message = "RuntimeError: coroutine raised StopIteration"
    assert (error.kind, error.message) == ("raised", message)


def test_a_failed_function_is_tried_again_as_often_as_declared() -> None:
    calls = []

    def flaky() -> str:
        calls.append(1)
        if len(calls) < 3:
            raise OSError("busy")
        return "ok"

    assert asyncio.run(call(flaky, tool(retry=2))) == "ok"
    calls.clear()
    assert failure(lambda: call(flaky, tool(retry=1))).kind == "raised"
    assert len(calls) == 2


def test_a_slow_function_is_left_behind() -> None:
    release = threading.Event()

    async def slow() -> str:
        await asyncio.sleep(30)
        return ""

    started = time.monotonic()
    error = failure(lambda: call(lambda: release.wait(30), tool(timeout_s=0.1, retry=3)))
    assert error.kind == "timeout"
    assert "cannot be stopped" in error.message
    error = failure(lambda: call(slow, tool(timeout_s=0.1)))
    assert error.kind == "timeout"
    assert "cannot be stopped" not in error.message
    assert time.monotonic() - started < 3
    release.set()


def test_an_async_function_that_does_not_await_is_late() -> None:
    async def blocking() -> str:
        time.sleep(0.2)
        return ""

    error = failure(lambda: call(blocking, tool(timeout_s=0.1)))
    assert error.kind == "timeout"
    assert "held up all other work" in error.message
    assert "without `async`" in error.hint


def test_functions_that_never_end_do_not_pile_up() -> None:
    release = threading.Event()

    async def run() -> list[str]:
        spec = tool(timeout_s=0.05, result=BOOL)
        async with Toolbox([spec], ToolPolicy(max_threads=2), {}, {"m:f": lambda: release.wait(10)}) as toolbox:
            messages = []
            for _ in range(3):
                with pytest.raises(ToolError) as caught:
                    await toolbox.call("t", {})
                messages.append(caught.value.message)
            release.set()
            await asyncio.sleep(0.1)
            assert await toolbox.call("t", {}) is True
            return messages

    messages = asyncio.run(run())
    assert ["too many earlier calls" in message for message in messages] == [False, False, True]


def test_a_hanging_function_does_not_keep_the_process() -> None:
    script = """
import asyncio, time
from sglc.backend.tools.policy import ToolPolicy
from sglc.ir.tools import PythonSpec, ToolSpec
from sglc.backend.tools.toolbox import Toolbox
from sglc.ir.types import STR
async def main():
    spec = ToolSpec("t", (), STR, PythonSpec("m:f"), timeout_s=0.05)
    async with Toolbox([spec], ToolPolicy(), {}, {"m:f": lambda: time.sleep(60)}) as toolbox:
        await toolbox.call("t", {})
try:
    asyncio.run(main())
except Exception as error:
    print(error.kind)
"""
    done = subprocess.run(
        [sys.executable, "-c", script], capture_output=True, text=True, timeout=20, cwd=ROOT, check=True
    )
    assert done.stdout == "timeout\n"


# --- finding the function -------------------------------------------------------------------------------------------


@pytest.fixture
def folder(tmp_path: Path) -> Iterator[Path]:
    (tmp_path / "my_shop_tools.py").write_text(
        "import functools\nfrom os import system\nfrom pathlib import Path\nfrom my_shop_helper import double\n"
        "def stock(sku: str) -> int:\n    return double(len(sku))\n"
        "def _secret(sku: str) -> int:\n    return 1\n"
        "@functools.cache\ndef cached(sku: str) -> int:\n    return 5\nNUMBER = 3\n"
    )
    (tmp_path / "my_shop_helper.py").write_text("def double(x):\n    return 2 * x\n")
    (tmp_path / "my_broken_tools.py").write_text("import no_such_module_at_all\ndef f(): ...\n")
    (tmp_path / "my_exiting_tools.py").write_text("raise SystemExit(2)\n")
    (tmp_path / "json.py").write_text("def loads(sku): return 1\n")
    package = tmp_path / "my_shop_package"
    package.mkdir()
    (package / "__init__.py").write_text("from my_shop_package.inner import price\n")
    (package / "inner.py").write_text("def price(sku: str) -> int:\n    return 7\n")
    (tmp_path / "my_namespace").mkdir()
    (tmp_path / "my_namespace" / "inner.py").write_text("def price(sku): return 7\n")
    path, modules = list(sys.path), set(sys.modules)
    yield tmp_path
    sys.path[:] = path
    for name in set(sys.modules) - modules:
        if name.startswith("my_"):
            del sys.modules[name]


async def call_target(target: str, **policy: Any) -> Any:
    spec = tool(Field("sku", STR), result=JSON, target=target)
    async with Toolbox([spec], ToolPolicy(**policy), {}) as toolbox:
        return await toolbox.call("t", {"sku": "abc"})


@pytest.mark.parametrize(
    ("target", "value"),
    [
        ("my_shop_tools:stock", 6),
        ("my_shop_tools:cached", 5),
        ("my_shop_package:price", 7),
        ("my_shop_package.inner:price", 7),
    ],
)
def test_modules_of_a_listed_folder_may_be_used(folder: Path, target: str, value: int) -> None:
    assert asyncio.run(call_target(target, python_paths=(str(folder),))) == value


def test_a_listed_module_may_be_used(folder: Path) -> None:
    policy = {"python_paths": (str(folder),), "python_modules": ("textwrap",)}
    error = failure(lambda: call_target("textwrap:dedent", **policy))
    assert (error.kind, error.message.startswith("TypeError: dedent()")) == ("raised", True)


@pytest.mark.parametrize(
    ("target", "kind", "words"),
    [
        ("os:system", "refused", "`os` is not allowed"),
        ("os.path:join", "refused", "not allowed"),
        ("no_such:f", "refused", "not allowed"),
        ("json:loads", "refused", "already taken"),
        ("my_namespace.inner:price", "refused", "no __init__.py"),
        ("my_shop_tools:system", "refused", "not a public function"),
        ("my_shop_tools:double", "refused", "not a public function"),
        ("my_shop_tools:Path", "refused", "not a public function"),
        ("my_shop_tools:_secret", "refused", "not a public function"),
        ("my_shop_tools:NUMBER", "refused", "not a public function"),
        ("my_shop_tools:stok", "raised", "no function `stok`"),
        (
            "my_broken_tools:f",
            "raised",
            "cannot be imported: ModuleNotFoundError: No module named 'no_such_module_at_all'",
        ),
        ("my_exiting_tools:f", "raised", "cannot be imported: SystemExit: 2"),
        ("my_shop_package.none:f", "raised", "cannot be imported"),
    ],
)
def test_what_is_not_listed_is_refused(folder: Path, target: str, kind: str, words: str) -> None:
    error = failure(lambda: call_target(target, python_paths=(str(folder),)))
    assert (error.kind, words in error.message) == (kind, True), error.message
    if "stok" in target:
        assert error.hint == "use `stock`"


def test_a_refused_module_is_not_imported(folder: Path) -> None:
    failure(lambda: call_target("my_exiting_tools:f"))
    assert "my_exiting_tools" not in sys.modules


def test_problems_are_known_before_the_first_call(folder: Path) -> None:
    policy = ToolPolicy(python_paths=(str(folder),))
    specs = [tool(target=target) for target in ("my_broken_tools:f",)]
    assert [p.kind for p in Toolbox(specs, policy, {}).problems()] == ["raised"]


@pytest.mark.parametrize("target", ["m", "m:", ":f", "m:f.g", "m-x:f", "m:f()", "../m:f", "m:f:g"])
def test_a_malformed_target_is_refused_at_load(target: str) -> None:
    with pytest.raises(ToolSpecError, match="module:function"):
        check_spec(tool(target=target))


def test_the_tools_of_the_examples(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "path", list(sys.path))

    async def run(target: str, arguments: dict[str, Any], result: Type) -> Any:
        fields = tuple(Field(name, JSON) for name in arguments)
        spec = tool(*fields, result=result, target=f"shop_tools:{target}")
        async with Toolbox([spec], ToolPolicy(python_paths=(str(ROOT / "examples"),)), {}) as toolbox:
            return await toolbox.call("t", arguments)

    assert asyncio.run(run("stock", {"sku": "A1"}, INT)) >= 0
    assert asyncio.run(run("convert", {"amount": 10.0, "currency": "usd"}, FLOAT)) == 10.8
    assert asyncio.run(run("shipping_cost", {"weight_kg": 4.0, "country": "FR"}, FLOAT)) == 11.9
    assert asyncio.run(run("opening_hours", {"day": "Sunday"}, STR)) == "closed"
    error = failure(lambda: run("convert", {"amount": 1.0, "currency": "XXX"}, FLOAT))
    assert error.message.startswith("ValueError: unknown currency 'XXX'")
