"""A plan and the command line's settings -> a Program, its engines and tools started, and all stopped afterwards."""

from __future__ import annotations

import argparse
import os
import sys
from collections.abc import Iterator, Sequence
from contextlib import AsyncExitStack, contextmanager, suppress
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Any, Self, TextIO, cast

import msgspec

from sglc.backend import plan_steps as steps
from sglc.backend.engine.interface import Engine, EngineConfig, EngineError
from sglc.backend.engine.load import ECHO, TINY, list_embedded, make_engine
from sglc.backend.plan import Plan
from sglc.backend.plan_steps import walk
from sglc.backend.tools.errors import ToolError
from sglc.backend.tools.policy import ToolPolicy
from sglc.backend.tools.python_tool import IN_TOOL
from sglc.backend.tools.toolbox import Toolbox
from sglc.commands.config import Config, ToolConfig, config_for
from sglc.commands.errors import BadModel, ToolNotReady
from sglc.commands.failure import UsageError, cannot_read
from sglc.commands.hints import command_hint
from sglc.commands.terminal import note
from sglc.diagnostics import SglError, nearest

if TYPE_CHECKING:
    from sglc.backend.runtime import Program
    from sglc.commands.program import Loaded


def add_engine_options(parser: argparse.ArgumentParser) -> None:
    """What `run` and `test` share: models, tools, seeds."""
    add = parser.add_argument
    add("--model", action="append", default=[], metavar="[NAME=]FOLDER", help="a model's folder, for all or one model")
    add("--engine", choices=[ECHO], help="echo: a dry run without a model")
    add("--seed", type=_seed, default=0, metavar="N", help="of everything random (default: 0)")
    add("--timeout", type=_seconds, metavar="SECONDS", help="how long a run may take")
    add("--example-tools", action="store_true", help="start the server that the examples' tools call")
    add("--allow-host", action="append", default=[], metavar="HOST", help="let tools reach only such hosts")
    add("--allow-private", action="store_true", help="let tools reach private addresses, this machine included")
    add("--env", action="append", default=[], metavar="NAME=VALUE", help="a value for {env.NAME} of tools")
    add("--python-path", action="append", default=[], metavar="FOLDER", help="let tools use the modules in a folder")
    add("--quiet", action="store_true", help="no notes and no live view on stderr")


def _seed(text: str) -> int:
    if not text.isascii() or not text.isdigit() or int(text) >= 1 << 63:
        raise argparse.ArgumentTypeError(f"`{text[:40]}` is not a whole number from 0 to 2**63-1")
    return int(text)


def _seconds(text: str) -> float:
    try:
        seconds = float(text.removesuffix("s"))
    except ValueError:
        seconds = 0.0
    if not 0 < seconds <= 1e7:
        raise argparse.ArgumentTypeError(f"`{text[:40]}` is not a number of seconds above 0")
    return seconds


class Needs(msgspec.Struct, frozen=True):
    """Tools and models (names as declared, "" for the default) that some functions can reach."""

    tools: frozenset[str]
    models: frozenset[str]


def needs_of(plan: Plan, entries: Sequence[str]) -> Needs:
    """What running these functions or sessions may use: a tool that cannot be reached need not work."""
    functions = {function.name: function for function in plan.functions}
    tools, models, seen = set[str](), set[str](), set[str]()
    waiting = [name for entry in entries for name in (entry, f"{entry}.open", f"{entry}.turn")]
    while waiting:
        name = waiting.pop()
        if name in seen or name not in functions:
            continue
        seen.add(name)
        for step in walk(functions[name].body):
            match step:
                case steps.Tool(tool=tool):
                    tools.add(tool)
                case steps.Dispatch(tools=names):
                    tools.update(names)
                case steps.Gen(model=model) | steps.Select(model=model) | steps.CountTokens(model=model):
                    models.add(model)
                case steps.Call(function=callee):
                    waiting.append(callee)
                case steps.Open(session=session) | steps.Turn(session=session):
                    waiting += [f"{session}.open", f"{session}.turn"]
    return Needs(frozenset(tools), frozenset(models))


class Running:
    """`async with Running(...) as running`: `program` can be run, `notes` are lines for the user.

    `entries` are all that will be run, `asking` those of them that ask models (None: all). `pool`: engines that other
    programs use, too. `check_tools`: a tool that could not work ends it at once.
    """

    program: Program

    def __init__(
        self,
        loaded: Loaded,
        args: argparse.Namespace,
        entries: Sequence[str],
        *,
        asking: Sequence[str] | None = None,
        pool: EnginePool | None = None,
        check_tools: bool = True,
    ) -> None:
        self.loaded, self.plan, self.args = loaded, loaded.plan, args
        self.tools = needs_of(loaded.plan, entries).tools
        self.models = needs_of(loaded.plan, entries if asking is None else asking).models
        self.pool, self.check_tools = pool, check_tools
        self.config = config_of(loaded.path)
        self.notes: list[str] = []
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        from sglc.backend.runtime import Program

        async with AsyncExitStack() as stack:
            stack.enter_context(_tools_print_elsewhere())
            toolbox = await self._toolbox(stack)
            engines = await self._engines(stack)
            artifact = self.loaded.artifact
            tokens, notes = artifact.tokens_for(engines) if artifact is not None else ({}, [])
            self.notes += [*notes, *(line for engine in engines.values() for line in engine.info.notes)]
            self.program = Program(self.plan, engines, toolbox, tokens=tokens)
            self._stack = stack.pop_all()
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.__aexit__(kind, error, trace)

    # --- tools ---

    async def _toolbox(self, stack: AsyncExitStack) -> Toolbox:
        config, args = self.config.tools, self.args
        env = {**_env_file(config.env_file), **os.environ}
        private: tuple[str, ...] = ()
        if args.example_tools:
            from sglc.backend.example_tools import ExampleTools

            server = await stack.enter_async_context(ExampleTools())
            env |= server.env
            private = (server.host,)
        env |= dict(map(_env_pair, args.env))
        policy = ToolPolicy(
            allow_hosts=_hosts(args.allow_host, config),
            allow_private=args.allow_private or config.allow_private,
            private_hosts=private,
            env=env,
            python_modules=config.python_modules,
            python_paths=(*map(_folder, args.python_path), *config.python_path),
        )
        specs = [spec for spec in self.plan.tools if spec.name in self.tools]
        toolbox = await stack.enter_async_context(Toolbox(specs, policy, self.plan.type_table))
        problems = _problems(toolbox.problems() if self.check_tools else [])
        if problems:
            raise SglError(problems)
        return toolbox

    # --- models ---

    async def _engines(self, stack: AsyncExitStack) -> dict[str, Engine]:
        """One engine for each model that is needed; names for the same folder and date share it."""
        pool = self.pool if self.pool is not None else await stack.enter_async_context(EnginePool())
        return {name: await pool.get(config) for name, config in self._chosen().items()}

    def _chosen(self) -> dict[str, EngineConfig]:
        given = dict(model_pair(word, self.plan) for word in self.args.model)
        if self.args.engine and given:
            raise UsageError("--engine and --model exclude each other")
        default = self.args.engine or given.get("") or self.config.model or TINY
        declared = {model.name: model for model in self.plan.models}
        chosen = {}
        for name in sorted(self.models):
            folder = self.args.engine or given.get(name) or (default if name == "" else "")
            path = declared[name].path if name in declared else ""
            if not folder:
                folder = self._declared_folder(name, path, default)
            date = declared[name].date if name in declared else ""
            chosen[name] = EngineConfig(folder, date=date)
        return chosen

    def _declared_folder(self, name: str, path: str, default: str) -> str:
        """Where a declared model is: relative to the program. Without it here, the default takes its place."""
        if path in list_embedded():
            return path
        folder = Path(self.loaded.path).parent / Path(path).expanduser()
        if path and folder.is_dir():
            return str(folder)
        if path:
            self.notes.append(
                f"model `{name}` ({path}) is not on this machine: {default} takes its place; "
                f"give it with --model {name}=FOLDER"
            )
        return default


def show_notes(lines: Sequence[str], *, quiet: bool) -> None:
    """Each note once, on stderr."""
    for line in dict.fromkeys(() if quiet else lines):
        note(f"note: {line}")


@contextmanager
def _tools_print_elsewhere() -> Iterator[None]:
    """What python tools print goes to stderr, since stdout is for results and whoever reads them."""
    results = sys.stdout
    divided = _Divided(results)
    # A thread inside `print` borrows the stream that it found, and crashes when that goes away under it (CPython 3.11).
    _never_freed.append(divided)
    sys.stdout = cast(TextIO, divided)
    try:
        yield
    finally:
        sys.stdout = results


_never_freed: list[_Divided] = []


class _Divided:
    def __init__(self, results: TextIO) -> None:
        self._results = results

    def __getattr__(self, name: str) -> Any:
        return getattr(sys.stderr if IN_TOOL.get() else self._results, name)


class EnginePool:
    """Engines by their settings, each started on first use; all are closed with the `async with`."""

    def __init__(self) -> None:
        self._engines: dict[EngineConfig, Engine] = {}
        self._stack = AsyncExitStack()

    async def __aenter__(self) -> Self:
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        await self._stack.aclose()

    async def get(self, config: EngineConfig) -> Engine:
        """Raises SglError for a model that cannot be loaded."""
        if config not in self._engines:
            try:
                engine = make_engine(config)
                await engine.start()
            except EngineError as error:
                raise SglError([BadModel(problem=error.message, help=error.hint)]) from None
            self._stack.push_async_callback(engine.close)
            self._engines[config] = engine
        return self._engines[config]


def config_of(path: str) -> Config:
    """A program has its project's settings; a compiled one, which may come from anywhere, those of this folder."""
    return config_for(os.getcwd() if path.endswith(".sglx") else path)


def _problems(found: Sequence[ToolError]) -> list[ToolNotReady]:
    """One diagnostic for all tools that lack the same."""
    tools: dict[tuple[str, str], list[str]] = {}
    for problem in found:
        tools.setdefault((problem.message, problem.hint), []).append(f"`{problem.tool}`")
    return [
        ToolNotReady(
            tools=f"tool{'s' * (len(names) > 1)} {', '.join(names)}",
            problem=message,
            help=command_hint(message, hint),
        )
        for (message, hint), names in tools.items()
    ]


def model_pair(word: str, plan: Plan) -> tuple[str, str]:
    """`judge=FOLDER` or `FOLDER` -> name and folder; a folder whose name holds `=` is still a folder."""
    name, equals, folder = word.partition("=")
    declared = [model.name for model in plan.models if model.name]
    if not equals or name not in declared:
        if equals and not os.path.isdir(word):
            near = nearest(name, declared)
            hint = f"use `{near}`" if near else f"it declares {', '.join(declared) or 'none'}"
            raise UsageError(f"--model: the program declares no model `{name}`", hint)
        name, folder = "", word
    if not folder:
        raise UsageError("--model: the folder is missing", "write `--model FOLDER` or `--model NAME=FOLDER`")
    return name, folder


def _env_pair(word: str) -> tuple[str, str]:
    name, equals, value = word.partition("=")
    if not equals or not name.isidentifier():
        raise UsageError(f"--env: `{word}` is not understood", "write `--env NAME=VALUE`")
    return name, value


def _hosts(given: Sequence[str], config: ToolConfig) -> tuple[str, ...] | None:
    """The patterns of the command line, or those of the project. UsageError for one that no host could match."""
    from sglc.backend.tools.hosts import check_pattern, parse_origin

    where = "--allow-host" if given else "allow-hosts in pyproject.toml"
    for pattern in given or config.allow_hosts or ():
        try:
            check_pattern(pattern)
        except ValueError as error:
            hint = "write a host such as `api.example.com`, `*.example.com` or `localhost:8080`"
            with suppress(ValueError):
                hint = f"write `{str(parse_origin(pattern)).partition('://')[2]}`"
            raise UsageError(f"{where}: `{pattern}` matches no host: {error}", hint) from None
    return tuple(given) or config.allow_hosts


def _folder(path: str) -> str:
    if not os.path.isdir(path):
        raise UsageError(f"--python-path: `{path}` is not a folder")
    return os.path.abspath(path)


def _env_file(path: str) -> dict[str, str]:
    """Lines `NAME=VALUE`; blank lines and `#` lines count for nothing, quotes around a value are dropped."""
    if not path:
        return {}
    try:
        text = Path(path).read_text("utf-8")
    except OSError as error:
        raise cannot_read(path, error) from None
    except UnicodeDecodeError:
        raise UsageError(f"`{path}` is not UTF-8") from None
    env = {}
    for number, line in enumerate(text.splitlines(), 1):
        line = line.strip().removeprefix("export ")
        if not line or line.startswith("#"):
            continue
        name, equals, value = (part.strip() for part in line.partition("="))
        if not equals or not name.isidentifier():
            raise UsageError(f"{path}:{number}: `{line[:40]}` is not understood", "write NAME=VALUE")
        quoted = len(value) > 1 and value[0] == value[-1] and value[0] in "\"'"
        env[name] = value[1:-1] if quoted else value
    return env
