"""Diagnostics 0xx, second half: words in the wrong place. Each class is a code, its docstring is its page."""

from __future__ import annotations

from sglc.diagnostics import Diagnostic, Edit, Fix, nearest
from sglc.frontend import ast
from sglc.frontend.errors import lexical
from sglc.frontend.words import ROLES
from sglc.source import SourceFile, Span


class UnexpectedToken(Diagnostic, frozen=True, kw_only=True):
    """The grammar allows other words here. The label lists them when there are few.

    Wrong:
        def f(a: int) -> int:
            return a +

    Right:
        def f(a: int) -> int:
            return a + 1
    """

    code = "SGL002"
    title = "unexpected {found}"
    label = "expected {expected}"
    hint = "{help}"
    found: str
    expected: str
    help: str = ""


class ReservedWord(Diagnostic, frozen=True, kw_only=True):
    """A word of the language cannot be a name, except behind a dot.

    Wrong:
        def f(for: int) -> int:
            return 1

    Right:
        def f(count: int) -> int:
            return count
    """

    code = "SGL007"
    title = "`{word}` is a reserved word"
    label = "{problem}"
    hint = "{help}"
    word: str
    problem: str = "cannot be a name"
    help: str = "choose another name"


class MissingColon(Diagnostic, frozen=True, kw_only=True):
    """A line that opens a block ends with a colon, and a role has one behind it.

    Wrong:
        def f(a: int) -> int
            return a

    Right:
        def f(a: int) -> int:
            return a
    """

    code = "SGL011"
    title = "missing `:`"
    label = "expected `:` here"
    hint = "{help}"
    help: str = "end the line that opens a block with `:`"


class MissingBlock(Diagnostic, frozen=True, kw_only=True):
    """A line that ends with a colon is followed by an indented block.

    Wrong:
        def f(a: int):
        B = 1

    Right:
        def f(a: int):
            pass
        B = 1
    """

    code = "SGL012"
    title = "missing block"
    label = "expected an indented line {where}"
    hint = "indent what belongs to the line above, or write `pass`"
    where: str = "here"


class UnexpectedIndent(Diagnostic, frozen=True, kw_only=True):
    """A line is indented although no block was opened.

    Wrong:
        def f(a: int) -> int:
            b = a
                return b

    Right:
        def f(a: int) -> int:
            b = a
            return b
    """

    code = "SGL013"
    title = "unexpected indentation"
    label = "no block was opened on the line above"
    hint = "indent the line like the one above it"


class TryElse(Diagnostic, frozen=True, kw_only=True):
    """The arm that runs when something fails is `except`.

    Wrong:
        def f(a: int) -> int:
            try:
                b = a
            else:
                b = 2
            return b

    Right:
        def f(a: int) -> int:
            try:
                b = a
            except:
                b = 2
            return b
    """

    code = "SGL018"
    title = "`{before}` takes `except`, not `else`"
    label = "`except` runs when something fails"
    hint = "write `except:`"
    before: str


def try_else(source: SourceFile, span: Span, before: str) -> TryElse:
    fix = Fix("write `except`", (Edit(span, "except"),), safe=False)
    return TryElse(source=source, span=span, before=before, fix=fix)


class BareExpression(Diagnostic, frozen=True, kw_only=True):
    """An expression as a statement does nothing. Only strings (they are appended to the prompt) and calls stand alone.

    Wrong:
        def f(a: int) -> int:
            a + 1
            return a

    Right:
        def f(a: int) -> int:
            b = a + 1
            return b
    """

    code = "SGL019"
    title = "expression has no effect"
    label = "its value is not used"
    hint = "{help}"
    help: str


def bare_expression(source: SourceFile, value: ast.Expr) -> BareExpression:
    help_ = 'assign it, or write "{...}" to put it into the prompt'
    if isinstance(value, ast.Compare) and value.ops[0] == "==":
        help_ = "write `=` to assign, or `ensure` to check"
    elif isinstance(value, ast.Binary) and any(isinstance(x, ast.Str) for x in (value.left, value.right)):
        help_ = "only a string alone is appended to the prompt: put the parts into one, with holes"
    elif isinstance(value, ast.Name):
        help_ = f'write "{{{value.name}}}" to put it into the prompt, or {value.name}() to call it'
    return BareExpression(source=source, span=value.span, help=help_)


class AssignInCondition(Diagnostic, frozen=True, kw_only=True):
    """`=` assigns; a comparison is `==`.

    Wrong:
        def f(a: int) -> int:
            if a = 1:
                return 2
            return a

    Right:
        def f(a: int) -> int:
            if a == 1:
                return 2
            return a
    """

    code = "SGL021"
    title = "`=` is no comparison"
    label = "assigns, which a condition cannot do"
    hint = "write `==`"


class FileTooLarge(Diagnostic, frozen=True, kw_only=True):
    """A program file has at most 1 MiB; what is larger is data and belongs into a file of its own.

    No example: a program of this size does not fit a page.
    """

    code = "SGL022"
    title = "program of {size:,} bytes is too large"
    label = "the limit is {limit:,} bytes"
    hint = "keep programs small and pass data as arguments"
    size: int
    limit: int


class NotUtf8(Diagnostic, frozen=True, kw_only=True):
    """Programs are UTF-8 text, with or without a byte order mark.

    No example: such a file cannot be shown as text.
    """

    code = "SGL023"
    title = "file is not UTF-8: byte 0x{byte:02x} at offset {offset}"
    label = "the first bad byte stands behind this"
    hint = "save the file as UTF-8"
    byte: int
    offset: int


class PythonWord(Diagnostic, frozen=True, kw_only=True):
    """The language writes this differently from Python.

    Wrong:
        A = True

    Right:
        A = true
    """

    code = "SGL024"
    title = "`{word}` is not a word of the language"
    label = "{help}"
    word: str
    help: str


def python_word(source: SourceFile, span: Span, word: str, help_: str) -> PythonWord:
    """With a fix when the help is another spelling: "write `true`"."""
    fix = None
    if help_.startswith("write `") and help_.count("`") == 2 and " " not in help_[7:-1]:
        fix = Fix(help_, (Edit(span, help_[7:-1]),), safe=word in ("True", "False", "None"))
    return PythonWord(source=source, span=span, word=word, help=help_, fix=fix)


class UnknownRole(Diagnostic, frozen=True, kw_only=True):
    """A line `name:` opens a message; the roles are system, user, assistant and tool.

    Wrong:
        def f():
            human: "Hello"

    Right:
        def f():
            user: "Hello"
    """

    code = "SGL025"
    title = "unknown role `{name}`"
    label = "the roles are system, user, assistant and tool"
    hint = "{help}"
    name: str
    help: str


STATEMENT_ADVICE = {
    "do": "write `loop max n:` with a `break`",
    "finally": "`try` has one `except` arm; what follows both stands behind it",
    "catch": "write `except:`",
    "repeat": "write `loop max 10:`",
    "forever": "write `loop max 10:`",
    "parallel": "write `fork x in xs:`",
}
"""For words of other languages that open a block, as a role does."""


def unknown_role(source: SourceFile, span: Span, content: ast.Stmt | None) -> UnknownRole:
    """`content` is what stands behind the colon; a name or an assignment there looks like a Python annotation."""
    name = source.text[span.start : span.end]
    near = nearest(name, ROLES)
    fix = Fix(f"write `{near}`", (Edit(span, near),), safe=False) if near else None
    help_ = f"write `{near or 'user'}:`"
    if isinstance(content, ast.Assign) and not near:
        help_ = f"variables are written without their type: `{name} = ...`"
    elif name.lower() in ("human", "ai", "bot", "model", "developer", "function"):
        meant = {"human": "user", "developer": "system", "function": "tool"}.get(name.lower(), "assistant")
        help_ = f"write `{meant}:`"
        fix = Fix(f"write `{meant}`", (Edit(span, meant),), safe=False)
    elif name in ("default", "otherwise"):
        help_ = "write `case _:` in a `match`, `else:` after an `if`"
    elif name in STATEMENT_ADVICE:
        help_, fix = STATEMENT_ADVICE[name], None
    return UnknownRole(source=source, span=span, name=name, help=help_, fix=fix)


class DuplicateOption(Diagnostic, frozen=True, kw_only=True):
    """An option or argument is given twice.

    Wrong:
        def f() -> str:
            gen a: str with max_tokens=3, max_tokens=4
            return a

    Right:
        def f() -> str:
            gen a: str with max_tokens=4
            return a
    """

    code = "SGL026"
    title = "`{name}` is given twice"
    label = "already given before"
    hint = "keep one of the two"
    name: str


class TopLevelStatement(Diagnostic, frozen=True, kw_only=True):
    """A file holds declarations; what runs stands inside of a `def`, `template`, `session` or `test`.

    Wrong:
        user: "Hello"

    Right:
        def greet():
            user: "Hello"
    """

    code = "SGL029"
    title = "statement outside of a function"
    label = "a file holds declarations only"
    hint = "put it into a `def`, `template`, `session` or `test`"


class StrayArm(Diagnostic, frozen=True, kw_only=True):
    """`elif`, `else`, `except` and `case` continue a statement that stands right above, indented the same.

    Wrong:
        def f(a: int) -> int:
            b = a
            else:
                b = 2
            return b

    Right:
        def f(a: int) -> int:
            if a > 0:
                b = a
            else:
                b = 2
            return b
    """

    code = "SGL031"
    title = "`{word}` belongs to no {owner}"
    label = "{problem}"
    hint = "{help}"
    word: str
    owner: str
    problem: str
    help: str


class NotAssignable(Diagnostic, frozen=True, kw_only=True):
    """Only names are assigned. Records, lists and dicts do not change once they are made, and there is no `+=`.

    Wrong:
        def f(a: int) -> int:
            a += 1
            return a

    Right:
        def f(a: int) -> int:
            a = a + 1
            return a
    """

    code = "SGL032"
    title = "cannot assign here"
    label = "only `name = value` and `a, b = value` assign"
    hint = "{help}"
    help: str


def second_collector(source: SourceFile, span: Span) -> NotAssignable:
    help_ = "`fork` and `for` collect one list: give it one name, take it apart afterwards"
    return NotAssignable(source=source, span=span, help=help_)


DIAGNOSTICS: tuple[type[Diagnostic], ...] = (
    *lexical.DIAGNOSTICS, UnexpectedToken, ReservedWord, MissingColon, MissingBlock, UnexpectedIndent, TryElse,
    BareExpression, AssignInCondition, FileTooLarge, NotUtf8, PythonWord, UnknownRole, DuplicateOption,
    TopLevelStatement, StrayArm, NotAssignable,
)  # fmt: skip
