"""Diagnostics 8xx (files, arguments, artifacts, runs) and 9xx (noqa). A class is a code, its docstring the page."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic


class _WithHelp(Diagnostic, frozen=True, kw_only=True):
    """Base of diagnostics whose instruction depends on what was found."""

    help: str = ""

    @property
    def hint_text(self) -> str:
        return self.help or super().hint_text


class CannotRead(_WithHelp, frozen=True, kw_only=True):
    """A file or folder that the command line names cannot be read.

    It does not exist, is a folder where a file is needed, or may not be read by this user.

    No example: it is about the command line, not about a program.
    """

    code = "SGL801"
    title = "cannot read `{path_}`: {reason}"
    path_: str
    reason: str


class CannotWrite(_WithHelp, frozen=True, kw_only=True):
    """An output file cannot be written: the disk is full, the folder is missing, or it may not be written by this user.

    What was there before stays as it was: sglc writes beside the file and moves the new one into its place.

    No example: it is about the machine, not about a program.
    """

    code = "SGL802"
    title = "cannot write `{path_}`: {reason}"
    path_: str
    reason: str


class NoPrograms(_WithHelp, frozen=True, kw_only=True):
    """A folder that was to be linted, formatted or tested holds no `*.sgl` file.

    Hidden folders, `.venv`, `node_modules` and what `exclude` of [tool.sglc] names do not count. It is an error,
    because a check of nothing would otherwise pass for ever after a folder was renamed.

    No example: it is about the command line, not about a program.
    """

    code = "SGL803"
    title = "no programs (*.sgl) in `{path_}`"
    path_: str


class UnknownEntry(_WithHelp, frozen=True, kw_only=True):
    """`sglc run FILE NAME` names a function that the program does not have, or none where there are several.

    Only a `def` or a `session` can be run; a template has no context of its own and a tool is run by its program.

    No example: it is about the command line, not about a program.
    """

    code = "SGL804"
    title = "{problem}"
    problem: str


class UnknownParameter(_WithHelp, frozen=True, kw_only=True):
    """An argument is given for a parameter that the function does not have.

    No example: it is about the command line, not about a program.
    """

    code = "SGL805"
    title = "`{function}` has no parameter `{name}`{place}"
    function: str
    name: str
    place: str = ""


class MissingParameter(_WithHelp, frozen=True, kw_only=True):
    """A parameter without a default is given no value.

    No example: it is about the command line, not about a program.
    """

    code = "SGL806"
    title = "`{function}` needs a value for `{name}`{place}"
    function: str
    name: str
    place: str = ""


class BadArgument(_WithHelp, frozen=True, kw_only=True):
    """An argument is not of its parameter's type.

    A parameter of type str, a regex type or an enum takes the text as it is; every other one takes JSON.
    A list takes its items one by one (`--tag a --tag b`) or as one JSON array.

    No example: it is about the command line, not about a program.
    """

    code = "SGL807"
    title = "`{name}`{place}: {problem}"
    name: str
    problem: str
    place: str = ""


class BadInput(_WithHelp, frozen=True, kw_only=True):
    """Arguments given as JSON (`--json`, `--batch`) cannot be read: they are no JSON, or no object.

    No example: it is about the command line, not about a program.
    """

    code = "SGL808"
    title = "{where}: {problem}"
    where: str
    problem: str


class BadArtifact(_WithHelp, frozen=True, kw_only=True):
    """A `.sglx` file cannot be loaded: it is damaged, no artifact at all, or from another version of sglc.

    Compile the program again; an artifact is made from its source and holds nothing else.

    No example: it is about a compiled file, not about a program.
    """

    code = "SGL809"
    title = "{problem}"
    problem: str


class BadModel(_WithHelp, frozen=True, kw_only=True):
    """A model cannot be loaded: the folder is missing or incomplete, or its kind is not supported.

    A model is a folder as `transformers` saves it (config.json, tokenizer.json, *.safetensors), or an embedded one;
    `sglc models` lists those.

    No example: it is about a model's files, not about a program.
    """

    code = "SGL810"
    title = "{problem}"
    problem: str


class RunFailed(_WithHelp, frozen=True, kw_only=True):
    """The program was run and failed: by its own `fail`, an `ensure` that stayed false, a tool, or its time limit.

    The message says what failed, the position where. A program that can go on without the part that failed says so with
    `try` and `except`.

    Wrong:
        tool stock(sku: str) -> int:
            http GET "{env.SHOP_URL}/stock/{sku}"

        def answer(sku: str) -> str:
            return "In stock: {stock(sku)}"

    Right:
        tool stock(sku: str) -> int:
            http GET "{env.SHOP_URL}/stock/{sku}"

        def answer(sku: str) -> str:
            try:
                return "In stock: {stock(sku)}"
            except:
                return "The shop does not answer."
    """

    code = "SGL811"
    title = "{problem}"
    label = "{where}"
    problem: str
    where: str = ""


class ToolNotReady(_WithHelp, frozen=True, kw_only=True):
    """A tool of the program could not work whatever its arguments: an environment value is missing, or the operator
    does not allow its host or its Python module.

    It is found before the run begins, so that no generation is spent on a run that cannot end well.

    No example: it is about the machine's settings, not about a program.
    """

    code = "SGL812"
    title = "{tools}: {problem}"
    tools: str
    problem: str


class BadReplay(_WithHelp, frozen=True, kw_only=True):
    """A replay file cannot be used: it is missing, damaged, or lacks what the program asks for.

    Record it again: `sglc run --record FILE`, or `sglc test --record`.

    No example: it is about a recorded file, not about a program.
    """

    code = "SGL813"
    title = "{problem}"
    problem: str


class NoTests(_WithHelp, frozen=True, kw_only=True):
    """`sglc test` found no `test` block, or none whose name holds the text after `-k`.

    Wrong:
        def double(n: int) -> int:
            return 2 * n

    Right:
        def double(n: int) -> int:
            return 2 * n

        test "doubles":
            expect double(4) == 8
    """

    code = "SGL814"
    title = "{problem}"
    problem: str


class BadConfig(_WithHelp, frozen=True, kw_only=True):
    """The settings under [tool.sglc] in pyproject.toml cannot be used: an unknown key, a wrong type, or bad TOML.

    No example: it is about pyproject.toml, not about a program.
    """

    code = "SGL815"
    title = "{path_}: {problem}"
    path_: str
    problem: str


class NotEmpty(_WithHelp, frozen=True, kw_only=True):
    """`sglc init` never overwrites: a file that it would write is already there.

    No example: it is about a folder, not about a program.
    """

    code = "SGL816"
    title = "`{path_}` is already there"
    hint = "choose another folder, or move the file away"
    path_: str


class BadFix(_WithHelp, frozen=True, kw_only=True):
    """A fix was not kept, because the program had more errors with it than before. The file is as it was.

    That is a mistake in sglc, not in the program: please report it.

    No example: no program is known for which it happens.
    """

    code = "SGL817"
    title = "the fix for {code_} in `{path_}` was not kept, it made new errors"
    hint = "please report it with the program"
    severity = "warning"
    code_: str
    path_: str


class UnusedNoqa(Diagnostic, frozen=True, kw_only=True):
    """A `# noqa` comment silences nothing on its line.

    The finding is gone or stands on another line. A comment that is left behind would one day hide a new finding.
    Errors cannot be silenced, because a program does not compile with them.

    Wrong:
        def double(n: int) -> int:
            return 2 * n  # noqa: SGL302

    Right:
        def double(n: int) -> int:
            return 2 * n
    """

    code = "SGL901"
    title = "unused noqa{codes}"
    label = "silences nothing here"
    hint = "{help}"
    severity = "warning"
    codes: str = ""
    help: str = "remove it"


class BadNoqa(_WithHelp, frozen=True, kw_only=True):
    """A `# noqa` comment cannot be understood: what follows is not a list of codes.

    It silences nothing. Write `# noqa` for everything on the line, or `# noqa: SGL302, SGL201` for some codes.

    Wrong:
        def double(n: int) -> int:
            return 2 * n  # noqa: E501

    Right:
        def double(n: int) -> int:
            return 2 * n
    """

    code = "SGL902"
    title = "{problem}"
    label = "expected codes such as SGL302"
    severity = "warning"
    problem: str


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    CannotRead, CannotWrite, NoPrograms, UnknownEntry, UnknownParameter, MissingParameter, BadArgument, BadInput,
    BadArtifact, BadModel, RunFailed, ToolNotReady, BadReplay, NoTests, BadConfig, NotEmpty, BadFix,
    UnusedNoqa, BadNoqa,
)  # fmt: skip
