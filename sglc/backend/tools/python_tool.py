"""A python tool's call: "module:function" on the operator's list -> function -> value, with a time limit.

A synchronous function runs in a thread of its own, because a thread cannot be stopped: after the time limit its result
is ignored, and a daemon thread does not keep the process from ending as one of a pool would.
"""

from __future__ import annotations

import asyncio
import contextvars
import copy
import importlib
import importlib.util
import inspect
import os
import sys
import traceback
from collections.abc import Callable, Mapping
from importlib.machinery import PathFinder
from types import ModuleType
from typing import Any

import msgspec

from sglc.backend.tools.errors import ToolError, one_line
from sglc.backend.tools.fit import fit
from sglc.backend.tools.policy import ToolPolicy
from sglc.backend.tools.threads import Raised, in_thread
from sglc.diagnostics import nearest
from sglc.ir.decode import ConformError
from sglc.ir.tools import PythonSpec, ToolSpec
from sglc.ir.types import TypeTable

RETRY_PAUSE_S = 0.1
IN_TOOL: contextvars.ContextVar[bool] = contextvars.ContextVar("IN_TOOL", default=False)
"""Whether the code that runs is that of a python tool, imported or called. What it prints is no result of the program."""
PythonFunction = Callable[..., Any]


class Threads:
    """Counts the threads that run synchronous functions, also those whose call has given up."""

    def __init__(self, limit: int) -> None:
        self._limit, self._running = limit, 0

    @property
    def full(self) -> bool:
        return self._running >= self._limit

    async def run(self, function: PythonFunction, arguments: Mapping[str, Any]) -> Any:
        """What the function returns; raises Raised."""
        self._running += 1
        try:
            return await in_thread(lambda: function(**arguments), "sglc python tool", self._one_less)
        except RuntimeError:  # the thread could not be started
            self._one_less()
            raise

    def _one_less(self) -> None:
        self._running -= 1


class PythonTool:
    """One loaded python tool. The module is imported by `load`, at the latest by the first call."""

    def __init__(
        self,
        tool: ToolSpec,
        spec: PythonSpec,
        *,
        policy: ToolPolicy,
        table: TypeTable,
        threads: Threads,
        slots: asyncio.Semaphore,
        function: PythonFunction | None = None,
    ) -> None:
        self._tool, self._spec, self._policy, self._table = tool, spec, policy, table
        self._threads, self._slots = threads, slots
        self._function = function
        self._folders = [os.path.abspath(folder) for folder in policy.python_paths]

    def load(self) -> PythonFunction:
        """Find the function, importing its module. ToolError when it is not allowed, not there or not a function."""
        if self._function is None:
            context = contextvars.copy_context()
            context.run(IN_TOOL.set, True)
            self._function = context.run(self._find)
        return self._function

    @property
    def problem(self) -> ToolError | None:
        try:
            self.load()
        except ToolError as error:
            return error
        return None

    async def call(self, arguments: Mapping[str, Any], deadline: float | None) -> Any:
        function = self.load()
        IN_TOOL.set(True)  # a call is a task of its own, so this ends with it
        for _ in range(self._tool.retry):
            try:
                return await self._attempt(function, arguments)
            except ToolError as error:
                # After a timeout the function may still run; a second one beside it would only make things worse.
                if error.kind != "raised":
                    raise
            await asyncio.sleep(RETRY_PAUSE_S)
        return await self._attempt(function, arguments)

    async def _attempt(self, function: PythonFunction, arguments: Mapping[str, Any]) -> Any:
        async with self._slots:
            # A function may change what it gets; values of a program never change.
            found = await self._run(function, copy.deepcopy(dict(arguments)))
        try:
            return fit(_plain(found), self._tool.result, self._table)
        except ConformError as error:
            message = f'the result of "{self._spec.target}" does not fit `{self._tool.result}`: {error}'
        except (TypeError, ValueError, RecursionError):
            message = f'the result of "{self._spec.target}" is not JSON but `{type(found).__name__}`'
        raise self._error("shape", one_line(message, 400), f"return a value of `{self._tool.result}`")

    async def _run(self, function: PythonFunction, arguments: Mapping[str, Any]) -> Any:
        is_async = inspect.iscoroutinefunction(inspect.unwrap(function))
        if not is_async and self._threads.full:
            message = "too many earlier calls of python tools ran out of time and still run"
            raise self._error("timeout", message, "make the functions give up by themselves")
        try:
            async with asyncio.timeout(self._tool.timeout_s) as limit:
                result = function(**arguments) if is_async else await self._threads.run(function, arguments)
                found = await result if inspect.isawaitable(result) else result
        except asyncio.CancelledError as error:
            task = asyncio.current_task()
            if task is not None and task.cancelling():
                raise
            raise self._raised(error) from error
        except (Exception, SystemExit) as error:
            if isinstance(error, TimeoutError) and limit.expired():
                raise self._timeout(is_async) from None
            raise self._raised(error.error if isinstance(error, Raised) else error) from error
        if is_async and asyncio.get_running_loop().time() > (limit.when() or 0.0):
            raise self._late()
        return found

    def _timeout(self, is_async: bool) -> ToolError:
        message = f'"{self._spec.target}" took longer than {self._tool.timeout_s:g} s'
        if not is_async:
            message += "; it cannot be stopped, goes on in the background, and its result is ignored"
        return self._error("timeout", message, "raise `timeout=` or make the function faster")

    def _late(self) -> ToolError:
        """Nothing can end a function that does not await; while it runs, all else stands still."""
        message = (
            f'"{self._spec.target}" took longer than {self._tool.timeout_s:g} s and held up all other work meanwhile'
        )
        return self._error("timeout", message, "define it without `async`, or let it await what it waits for")

    def _raised(self, error: BaseException) -> ToolError:
        text = one_line(str(error))
        frames = traceback.extract_tb(error.__traceback__)
        place = f"it was raised at {os.path.basename(frames[-1].filename)}:{frames[-1].lineno}" if frames else ""
        return self._error("raised", type(error).__name__ + (f": {text}" if text else ""), place)

    def _error(self, kind: Any, message: str, hint: str) -> ToolError:
        return ToolError(kind, message, tool=self._tool.name, hint=hint)

    # --- finding the function ---------------------------------------------------------------------------------------

    def _find(self) -> PythonFunction:
        module_name, _, name = self._spec.target.partition(":")
        # Behind all others, so that a file in a folder never replaces a module that the process itself needs.
        sys.path.extend(folder for folder in self._folders if folder not in sys.path)
        importlib.invalidate_caches()
        if module_name not in self._policy.python_modules:
            self._check_in_folders(module_name)
        module = self._import(module_name)
        function = getattr(module, name, None)
        if function is None:
            near = nearest(name, (n for n, f in vars(module).items() if inspect.isfunction(f)))
            hint = f"use `{near}`" if near else f"define `{name}` in it"
            raise self._error("raised", f"module `{module_name}` has no function `{name}`", hint)
        self._check_own(module, name, function)
        return function  # type: ignore[no-any-return]

    def _check_in_folders(self, module_name: str) -> None:
        """The module must lie in a listed folder, and importing its name must give just that one."""
        root = module_name.partition(".")[0]
        listed = PathFinder.find_spec(root, self._folders)
        if listed is None:
            hint = "the operator lists the module, or the folder that holds it"
            raise self._error("refused", f"the python module `{module_name}` is not allowed", hint)
        # The parts of a namespace package may lie anywhere on the import path.
        if listed.origin is None:
            message = f"the python package `{root}` has no __init__.py, so its place is not certain"
            raise self._error("refused", message, "add an empty __init__.py")
        try:
            found = importlib.util.find_spec(root)
        except ValueError:  # a module without a spec, such as __main__
            found = None
        if found is None or os.path.realpath(found.origin or "") != os.path.realpath(listed.origin):
            message = f"the name of the python module `{module_name}` is already taken by another module"
            raise self._error("refused", message, "rename the file")

    def _import(self, module_name: str) -> ModuleType:
        try:
            return importlib.import_module(module_name)
        except (Exception, SystemExit) as error:
            text = one_line(str(error))
            message = f"the python module `{module_name}` cannot be imported: {type(error).__name__}: {text}"
            raise self._error("raised", message, "make `import` of it work in this environment") from error

    def _check_own(self, module: ModuleType, name: str, function: object) -> None:
        """Only functions that the module itself offers: `from os import system` in it must not make that a tool."""
        inner = inspect.unwrap(function) if callable(function) else function
        home = getattr(inner, "__module__", None) or ""
        inside = home == module.__name__ or home.startswith(module.__name__ + ".")
        if name.startswith("_") or not inspect.isfunction(inner) or not inside:
            message = f"`{name}` is not a public function of the python module `{module.__name__}`"
            raise self._error("refused", message, "define a function with `def` in that module")


def _plain(value: Any) -> Any:
    """Dataclasses, Structs, enums and dates as the JSON-like values they stand for; bytes stay, and do not conform."""
    return msgspec.to_builtins(value, builtin_types=(bytes, bytearray, memoryview))
