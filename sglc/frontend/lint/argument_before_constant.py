"""SGL220: an argument stands before constant text, which requests then cannot share."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

import msgspec

from sglc.diagnostics import Diagnostic
from sglc.frontend import ast
from sglc.frontend.constants import NotConstantError, evaluate
from sglc.frontend.lint.index import Index
from sglc.frontend.typed import TypedProgram
from sglc.ir.decode import insert_text
from sglc.ir.types import STR, BoolType, EnumType, LiteralType, NamedType, Type, UnionType
from sglc.ir.values import EvalError

THRESHOLD = 256
"""Bytes of constant text behind the first argument; less is not worth a change of the prompt."""


class ArgumentBeforeConstant(Diagnostic, frozen=True, kw_only=True):
    """An argument stands before much constant text of a prompt. Requests share the KV cache up to the first difference.

    So the constant text behind the argument is computed again for every request. Put what never changes first:
    instructions, examples, `describe(...)`. Arguments with few values (bool, enum, literals) do not count.

    Wrong:
        RULES = \"\"\"
        Be fair. Read the whole text before you judge. Quote at least one sentence that supports the grade. Do not
        reward length: a short text that is clear beats a long one that is not. Ignore spelling unless it hurts the
        meaning. Never mention the author. Grade from 1, which is useless, to 10, which could not be better.
        \"\"\"

        def judge(essay: str) -> int:
            "Judge this essay.\\n{essay}\\n{RULES}\\nGrade: {gen grade: int(min=1, max=10)}"
            return grade

    Right:
        RULES = \"\"\"
        Be fair. Read the whole text before you judge. Quote at least one sentence that supports the grade. Do not
        reward length: a short text that is clear beats a long one that is not. Ignore spelling unless it hurts the
        meaning. Never mention the author. Grade from 1, which is useless, to 10, which could not be better.
        \"\"\"

        def judge(essay: str) -> int:
            "Judge this essay.\\n{RULES}\\n{essay}\\nGrade: {gen grade: int(min=1, max=10)}"
            return grade
    """

    code = "SGL220"
    title = "`{name}` stands before {bytes} bytes of constant text"
    label = "requests share the prompt only up to here"
    hint = "{help}"
    severity = "warning"
    name: str
    bytes: int
    help: str


DIAGNOSTIC = ArgumentBeforeConstant


def find(index: Index) -> Iterator[Diagnostic]:
    for decl in index.decls:
        prompt = _Prompt(index.program)
        if isinstance(decl, ast.SessionDecl):
            prompt.block(decl.body, {})
            prompt.block(decl.turns[0].body, {})
        elif isinstance(decl, ast.FuncDecl) and decl.kind == "def":
            prompt.block(decl.body, {})
        if prompt.generates and prompt.first is not None and prompt.after >= THRESHOLD:
            name = " ".join(index.text(prompt.first.span).split())
            name = name if len(name) <= 40 else f"{name[:37]}..."
            place = f" in template `{prompt.template}`" if prompt.template else ""
            facts = {"bytes": prompt.after, "help": f"move it behind the constant text{place}"}
            yield index.finding(ArgumentBeforeConstant, prompt.first, name=name, **facts)


class _Prompt:
    """A function's prompt from its start to its first generation or branch, as far as one walk can tell.

    `first` is the first inserted value that is not constant, `after` counts the bytes of constant text behind it.
    """

    def __init__(self, program: TypedProgram) -> None:
        self.program = program
        self.first: ast.Node | None = None
        self.template = ""
        """The template that inserts `first`, where it is the argument of one."""
        self.inside = ""
        self.after = 0
        self.generates = False
        self.ended = False

    def block(self, body: tuple[ast.Stmt, ...], params: Mapping[str, ast.Expr | str]) -> None:
        """`params` are the arguments of a template that is used, by parameter."""
        for statement in body:
            if self.ended:
                return
            match statement:
                case ast.Prompt(text=text):
                    self._string(text, params)
                case ast.Insert(value=value):
                    self._value(value, params)
                case ast.Role(body=inner):
                    self.block(inner, params)
                case ast.Use():
                    self._use(statement, params)
                case ast.GenStmt():
                    self.generates = self.ended = True
                case ast.Assign() | ast.Ensure() | ast.ExprStmt():
                    pass
                case ast.Fork(body=inner) | ast.For(body=inner):
                    # The text of one iteration still is prompt of this request; what follows it is not looked at.
                    self.block(inner, params)
                    self.ended = True
                case _:
                    self.ended = True

    def _use(self, node: ast.Use, params: Mapping[str, ast.Expr | str]) -> None:
        found = self.program.uses.get(node)
        decl = found[0].symbol.decl if found is not None else None
        if found is None or not isinstance(decl, ast.FuncDecl):
            self.ended = True
            return
        signature, args = found
        given = dict(zip((f.name for f in signature.fields), args, strict=True))
        # What a template passes on is the caller's argument.
        passed = {k: params.get(v.name, v) if isinstance(v, ast.Name) else v for k, v in given.items()}
        outer, self.inside = self.inside, node.template.name
        self.block(decl.body, passed)
        self.inside = outer

    def _string(self, node: ast.Str, params: Mapping[str, ast.Expr | str]) -> None:
        for part in node.parts:
            if self.ended:
                return
            if isinstance(part, ast.Text):
                self._constant(part.text)
            elif isinstance(part.content, ast.Gen | ast.Select | ast.ModelCall):
                self.generates = self.ended = True
            else:
                self._value(part.content, params)

    def _value(self, node: ast.Expr, params: Mapping[str, ast.Expr | str]) -> None:
        given = params.get(node.name) if isinstance(node, ast.Name) else None
        if isinstance(given, str):
            self._constant(_inserted(given))
            return
        shown = given if given is not None else node
        try:
            value = evaluate(shown, self.program)
        except (NotConstantError, EvalError):
            if self.first is None and not self._has_few_values(self.program.types.get(shown, STR)):
                self.first, self.template = shown, self.inside
        else:
            self._constant(insert_text(value, self.program.types.get(shown, STR)))

    def _has_few_values(self, type_: Type) -> bool:
        match type_:
            case BoolType() | LiteralType():
                return True
            case NamedType(name=name):
                return isinstance(self.program.table.get(name), EnumType)
            case UnionType(members=members):
                return all(self._has_few_values(m) for m in members)
        return False

    def _constant(self, text: str) -> None:
        if self.first is not None:
            self.after += len(text.encode("utf-8", "surrogatepass"))


def _inserted(default: str) -> str:
    """The text of a default, which is stored as JSON."""
    value = msgspec.json.decode(default)
    return value if isinstance(value, str) else default
