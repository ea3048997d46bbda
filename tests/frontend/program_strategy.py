"""Random programs that are syntactically valid: all constructs, odd spacing, comments wherever one may stand.

`programs()` is a hypothesis strategy; it draws a seed and a size, because drawing each choice would be far too slow. Names and
types mean nothing: a checker will reject nearly all of these programs.
"""

from __future__ import annotations

import random
from collections.abc import Callable

from hypothesis import strategies as st

NAMES = (
    "a",
    "b",
    "item",
    "user",
    "type",
    "state",
    "max",
    "retry",
    "by",
    "tool",
    "case",
    "naïve",
    "名前",
    "_x1",
    "test",
)
TYPES = ("str", "int", "Request", "json")
ROLES = ("system", "user", "assistant", "tool")
WORDS = (
    "Hello",
    "it's",
    "{{json}}",
    "# no comment",
    "\\n",
    '\\"',
    "é\u0301",
    "名",
    "\\\\",
    "  ",
    "\\u00e9",
    "$",
    "a:b",
)
COMMENTS = ("# why", "#", "#no blank", '#: "quote" {brace', "# 注", "## TWO", "# noqa: SGL302")


def programs(max_size: int = 6) -> st.SearchStrategy[str]:
    """Source text of random programs with up to `max_size` declarations."""
    return st.builds(program, st.integers(0, 2**32 - 1), st.integers(1, max_size))


def program(seed: int, size: int) -> str:
    return Writer(random.Random(seed)).module(size)


class Writer:
    """Writes text; every method returns the text of one construct."""

    def __init__(self, rng: random.Random) -> None:
        self.rng = rng
        self.holes = 0

    # --- choices ---

    def chance(self, probability: float) -> bool:
        return self.rng.random() < probability

    def some(self, write: Callable[[], str], low: int, high: int) -> list[str]:
        return [write() for _ in range(self.rng.randint(low, high))]

    def blank(self) -> str:
        """Blanks that need not be there."""
        return self.rng.choice(("", "", "", " ", "  "))

    def gap(self) -> str:
        """Blanks that need to be there."""
        return self.rng.choice((" ", " ", " ", "  ", "\t"))

    def name(self) -> str:
        return self.rng.choice(NAMES)

    def comment(self) -> str:
        return self.rng.choice(COMMENTS)

    def inside(self) -> str:
        """What may stand between the items of a bracket."""
        if self.holes or self.chance(0.85):
            return self.blank()
        if self.chance(0.5):
            return f"\n{self.blank()}"
        return f"{self.blank()}{self.comment()}\n{self.blank()}" + (f"{self.comment()}\n" if self.chance(0.2) else "")

    def bracketed(self, opening: str, items: list[str], closing: str, *, comma: bool = True) -> str:
        parts = [opening, self.inside()]
        for index, item in enumerate(items):
            parts += [item, self.inside()]
            if index < len(items) - 1 or (comma and self.chance(0.2)):
                parts += [",", self.inside()]
        return "".join([*parts, closing])

    # --- strings ---

    def words(self) -> str:
        return " ".join(self.some(lambda: self.rng.choice(WORDS), 0, 4))

    def string(self, depth: int) -> str:
        if self.chance(0.1):
            return self.rng.choice(('r"\\d{2} {x"', 'r""', 'r"\\" q"'))
        return f'"{self.text(depth)}"'

    def text(self, depth: int) -> str:
        parts = [self.words()]
        while depth > 0 and self.chance(0.4):
            parts += [self.hole(depth - 1), self.words()]
        return "".join(parts)

    def hole(self, depth: int) -> str:
        self.holes += 1
        content = self.generation(depth) if self.chance(0.3) else self.expr(depth)
        self.holes -= 1
        begin = self.rng.choice(("", " ", "\n" if self.chance(0.2) else ""))
        begin = begin or (" " if content.startswith("{") else "")
        return f"{{{begin}{content}{self.blank()}}}"

    def block_string(self, indent: str, depth: int) -> str:
        prefix = "r" if self.chance(0.1) else ""
        lines = []
        for _ in range(self.rng.randint(0, 4)):
            own = self.rng.choice(("", "", "  ", "    ", "\t"))
            text = self.words().replace('\\"', "'") if prefix else self.text(depth)
            lines.append("" if self.chance(0.2) else f"{indent}{own}{text}")
        first = self.rng.choice(("", "", "Begin", " "))
        end = self.rng.choice((f"\n{indent}", f"\n{indent}  ", " End"))
        return f'{prefix}"""{first}' + "".join(f"\n{line}" for line in lines) + f'{end}"""'

    # --- expressions ---

    def expr(self, depth: int) -> str:
        if depth <= 0:
            return self.atom()
        binary = self._binary
        kinds: tuple[Callable[[int], str], ...] = (
            self._conditional, self._comparison, self._not, self._postfix, self._list, self._tuple, self._dict,
            self._comprehension, self._call, self.string, binary, binary, self._parenthesized,
        )  # fmt: skip
        return self.rng.choice(kinds)(depth - 1)

    def atom(self) -> str:
        return self.rng.choice(
            (self.name(), self.name(), "1", "2.50", "1_000", "1e3", "5s", "true", "none", '"a"', "[]")
        )

    def _binary(self, depth: int) -> str:
        op = self.rng.choice(("+", "-", "*", "/", "//", "%", " and ", " or "))
        return f"{self.operand(depth)}{self.blank()}{op}{self.blank()}{self.operand(depth)}"

    def operand(self, depth: int) -> str:
        return self._parenthesized(depth) if self.chance(0.5) else self.rng.choice((self.atom(), f"-{self.name()}"))

    def _parenthesized(self, depth: int) -> str:
        return f"({self.inside()}{self.expr(depth)}{self.inside()})"

    def _conditional(self, depth: int) -> str:
        then, condition = self.operand(depth), self.operand(depth)
        return f"{then} if{self.gap()}{condition} else {self.expr(depth)}"

    def _comparison(self, depth: int) -> str:
        op = self.rng.choice(("==", "!=", "<", ">=", " in ", " not  in "))
        return f"{self.operand(depth)} {op} {self.operand(depth)}"

    def _not(self, depth: int) -> str:
        return f"not {self.operand(depth)}"

    def _postfix(self, depth: int) -> str:
        value = self.rng.choice((self.name(), f"({self.expr(depth)})", '"a"'))
        slice_ = f"[{self.expr(depth)}{self.blank()}:{self.blank()}{self.atom()}:]"
        return value + self.rng.choice(
            (f".{self.blank()}{self.name()}", ".for", f"[{self.expr(depth)}]", slice_, "[:]", "[::2]")
        )

    def _list(self, depth: int) -> str:
        return self.bracketed("[", self.some(lambda: self.expr(depth), 1, 3), "]")

    def _tuple(self, depth: int) -> str:
        if self.chance(0.2):
            return f"({self.expr(depth)},)"
        return self.bracketed("(", self.some(lambda: self.expr(depth), 2, 3), ")")

    def _dict(self, depth: int) -> str:
        return self.bracketed("{", self.some(lambda: f"{self.expr(depth)}:{self.blank()}{self.expr(depth)}", 0, 2), "}")

    def _comprehension(self, depth: int) -> str:
        condition = f" if {self.operand(depth)}" if self.chance(0.3) else ""
        clauses = f"for {self.targets()} in {self.operand(depth)}{condition}"
        more = f"{self.inside()} for {self.name()} in {self.name()}" if self.chance(0.2) else ""
        return f"[{self.inside()}{self.expr(depth)} {self.inside()}{clauses}{more}]"

    def _call(self, depth: int) -> str:
        return self.name() + self.arguments(depth)

    def arguments(self, depth: int) -> str:
        args = self.some(lambda: self.expr(depth), 0, 2)
        args += [f"{name}{self.blank()}={self.expr(depth)}" for name in self.rng.sample(NAMES, self.rng.randint(0, 2))]
        return self.bracketed("(", args, ")") if args else "()"

    def targets(self) -> str:
        return f",{self.blank()}".join(self.some(self.name, 1, 2))

    def options(self, depth: int) -> str:
        if self.chance(0.6):
            return ""
        names = self.rng.sample(("max_tokens", "stop", "temperature", "query", "scores"), self.rng.randint(1, 3))
        return f"{self.gap()}with " + f",{self.blank()}".join(f"{n}{self.blank()}={self.expr(depth)}" for n in names)

    def generation(self, depth: int) -> str:
        kind = self.rng.randrange(3)
        if kind == 0:
            type_ = f"{self.blank()}:{self.blank()}{self.type(depth)}" if self.chance(0.8) else ""
            return f"gen{self.gap()}{self.name()}{type_}{self.options(depth)}"
        if kind == 1:
            by = " by likelihood" if self.chance(0.4) else ""
            return f"select {self.name()} from {self.operand(depth)}{by}{self.options(depth)}"
        choices = self.some(lambda: self.name() + (self.params(0) if self.chance(0.3) else ""), 1, 3)
        return f"call {self.name()}: " + f"{self.blank()}|{self.blank()}".join(choices) + self.options(depth)

    # --- types ---

    def type(self, depth: int) -> str:
        if depth <= 0:
            return self.rng.choice(TYPES)
        kind = self.rng.randrange(8)
        if kind == 0:
            members = self.some(lambda: self.type(depth - 1), 2, 3)
            union = f"{self.blank()}|{self.blank()}".join(members)
            return f"({self.inside()}{union})" if self.chance(0.7) else union
        if kind == 1:
            return f"{self.type(0)}?"
        if kind == 2:
            return self.rng.choice(('re"[a-z]{1,3}"', '"a"', "-1", "none", "true", 'schema "s.json"', "3.5"))
        if kind == 3:
            return self.name() + self.bracketed("[", self.some(lambda: self.type(depth - 1), 1, 2), "]")
        if kind == 4:
            return "int" + self.bracketed("(", [f"min={self.atom()}", f"max{self.blank()}={self.atom()}"], ")")
        if kind == 5:
            return f"list[{self.type(depth - 1)}](min=1)"
        return self.rng.choice(TYPES)

    def field(self, depth: int) -> str:
        default = f"{self.blank()}={self.blank()}{self.operand(depth)}" if self.chance(0.3) else ""
        description = f'{self.gap()}"what it is"' if self.chance(0.2) else ""
        return f"{self.name()}{self.blank()}:{self.blank()}{self.type(depth)}{default}{description}"

    def params(self, depth: int) -> str:
        return self.bracketed("(", self.some(lambda: self.field(depth), 0, 3), ")")

    # --- statements ---

    def end(self) -> str:
        """The end of a line."""
        return f"{self.blank()}{self.comment()}\n" if self.chance(0.12) else self.rng.choice(("\n", "\n", " \n"))

    def between(self, indent: str) -> str:
        """Blank and comment lines in front of a line."""
        found = ""
        while self.chance(0.15):
            where = self.rng.choice((indent, indent, "", " " + indent, "      "))
            found += self.rng.choice(("\n", "  \n", f"{where}{self.comment()}\n"))
        return found

    def block(self, indent: str, depth: int) -> str:
        inner = indent + self.rng.choice(("    ", "    ", "  ", " "))
        lines = "".join(self.between(inner) + self.statement(inner, depth - 1) for _ in range(self.rng.randint(1, 3)))
        return self.end() + lines + self.between(inner)

    def suite(self, indent: str, depth: int) -> str:
        if self.chance(0.25) or depth <= 0:
            return f"{self.blank()}{self.small(indent, 1)}{self.end()}"
        return self.block(indent, depth)

    def statement(self, indent: str, depth: int) -> str:
        if depth <= 0 or self.chance(0.55):
            return f"{indent}{self.small(indent, 2)}{self.end()}"
        kinds = (self._if, self._match, self._loop, self._fork, self._try, self._role)
        return self.rng.choice(kinds)(indent, depth)

    def small(self, indent: str, depth: int) -> str:
        kind = self.rng.randrange(14)
        value = self.expr(depth)
        match kind:
            case 0:
                return self.string(depth)
            case 1:
                return self.block_string(indent, depth)
            case 2:
                return self.generation(depth)
            case 3:
                return f"{self.targets()}{self.blank()}={self.blank()}{value}"
            case 4:
                target = f"{self.name()} = " if self.chance(0.5) else ""
                return f"{target}use {self.name()}{self.arguments(depth)}"
            case 5:
                retry = f" retry{self.gap()}{self.atom()}" if self.chance(0.5) else ""
                return f'ensure {value}{self.blank()},{self.blank()}"why"{retry}'
            case 6:
                return f"return {value}" if self.chance(0.8) else "return"
            case 7:
                return f"yield {value}"
            case 8:
                return f"fail {self.string(depth)}"
            case 9:
                return f"expect {value}"
            case 10:
                return self.rng.choice(("break", "continue", "pass"))
            case 11:
                return f"{self.rng.choice(ROLES)}{self.blank()}:{self.blank()}{value}"
            case 12:
                return f"{self.rng.choice(ROLES)}: {self.small(indent, depth - 1)}"
        return self._call(depth)

    def _if(self, indent: str, depth: int) -> str:
        text = f"{indent}if {self.expr(1)}{self.blank()}:{self.suite(indent, depth)}"
        while self.chance(0.3):
            text += f"{self.between(indent)}{indent}elif {self.expr(1)}:{self.suite(indent, depth)}"
        if self.chance(0.4):
            text += f"{self.between(indent)}{indent}else{self.blank()}:{self.suite(indent, depth)}"
        return text

    def _match(self, indent: str, depth: int) -> str:
        inner = indent + "  "
        text = f"{indent}match {self.expr(1)}:{self.end()}"
        for _ in range(self.rng.randint(1, 3)):
            patterns = self.some(lambda: self.rng.choice(("_", "a.b", '"x"', "-1", "2", "none", self.name())), 1, 2)
            text += f"{self.between(inner)}{inner}case {' | '.join(patterns)}:{self.suite(inner, depth)}"
        return text

    def _loop(self, indent: str, depth: int) -> str:
        collect = f"{self.name()} = " if self.chance(0.3) else ""
        head = self.rng.choice((
            f"{collect}for {self.targets()} in {self.expr(1)}", f"while {self.operand(1)} max {self.atom()}",
            "loop", f"loop max {self.atom()}", f"encode d in {self.expr(1)}{self.options(1)}",
        ))  # fmt: skip
        return f"{indent}{head}{self.blank()}:{self.suite(indent, depth)}"

    def _fork(self, indent: str, depth: int) -> str:
        collect = f"{self.name()} = " if self.chance(0.6) else ""
        text = f"{indent}{collect}fork {self.targets()} in {self.expr(1)}:{self.suite(indent, depth)}"
        return text + (self._except(indent, depth) if self.chance(0.4) else "")

    def _try(self, indent: str, depth: int) -> str:
        return f"{indent}try:{self.suite(indent, depth)}{self._except(indent, depth)}"

    def _except(self, indent: str, depth: int) -> str:
        name = f" {self.name()}" if self.chance(0.5) else ""
        return f"{self.between(indent)}{indent}except{name}:{self.suite(indent, depth)}"

    def _role(self, indent: str, depth: int) -> str:
        return f"{indent}{self.rng.choice(ROLES)}:{self.block(indent, depth)}"

    # --- declarations ---

    def module(self, size: int) -> str:
        doc = self.rng.choice(("", '"""What it does."""\n', '"Short."\n'))
        text = self.between("") + doc + "".join(self.between("") + self.declaration() for _ in range(size))
        text += self.between("")
        if self.chance(0.1):
            text = text.removesuffix("\n")
        if self.chance(0.1):
            text = text.replace("\n", "\r\n")
        return ("\ufeff" if self.chance(0.05) else "") + text

    def declaration(self) -> str:
        kinds = (
            self._import, self._const, self._enum, self._enum_block, self._type, self._alias, self._tool, self._model,
            self._test, self._def, self._def, self._def, self._template, self._session,
        )  # fmt: skip
        return self.rng.choice(kinds)()

    def _description(self) -> str:
        return f'{self.gap()}"what it is"' if self.chance(0.2) else ""

    def _import(self) -> str:
        names = self.some(lambda: self.name() + (f" as {self.name()}" if self.chance(0.3) else ""), 1, 3)
        listed = self.bracketed("(", names, ")") if self.chance(0.3) else f",{self.blank()}".join(names)
        return f'from{self.blank()}"./types.sgl" import {listed}{self.end()}'

    def _const(self) -> str:
        value = self.block_string("", 0) if self.chance(0.1) else self.expr(3)
        return f"{self.name().upper()}{self.blank()}={self.blank()}{value}{self._description()}{self.end()}"

    def _enum(self) -> str:
        return f"enum {self.name()}{self._description()}: {' | '.join(self.some(self.name, 1, 3))}{self.end()}"

    def _enum_block(self) -> str:
        members = "".join(
            f"{self.between('  ')}  {self.name()}{self._description()}{self.end()}"
            for _ in range(self.rng.randint(1, 3))
        )
        return f"enum {self.name()}:{self.end()}{members}{self.between('  ')}"

    def _type(self) -> str:
        bound = f" max {self.atom()}" if self.chance(0.3) else ""
        fields = "".join(f"{self.between('   ')}   {self.field(2)}{self.end()}" for _ in range(self.rng.randint(1, 3)))
        return f"type {self.name()}{bound}{self._description()}:{self.end()}{fields}{self.between('   ')}"

    def _alias(self) -> str:
        return f"type {self.name()} = {self.type(3)}{self._description()}{self.end()}"

    def _result(self) -> str:
        return f"{self.blank()}->{self.blank()}{self.type(1)}" if self.chance(0.6) else ""

    def _tool(self) -> str:
        impl = self.rng.choice(
            (f'http GET "{{env.URL}}/x"{self.options(1)}', f'python{self.gap()}"m:f"{self.options(1)}')
        )
        body = f" {impl}{self.end()}" if self.chance(0.3) else f"{self.end()}{self.between('  ')}  {impl}{self.end()}"
        return f"tool {self.name()}{self.params(1)}{self._result()}{self._description()}:{body}"

    def _model(self) -> str:
        return f'model {self.name()}{self.blank()}:{self.blank()}"org/name"{self.options(1)}{self.end()}'

    def _test(self) -> str:
        return f'test "does it"{self.options(1)}:{self.suite("", 3)}'

    def _decorators(self) -> str:
        found = ""
        while self.chance(0.2):
            found += f"@serve{self.arguments(1) if self.chance(0.7) else ''}{self.end()}{self.between('')}"
        return found

    def _def(self) -> str:
        bound = f" max {self.atom()}" if self.chance(0.2) else ""
        head = f"{self._decorators()}def {self.name()}{self.blank()}{self.params(2)}{self._result()}{bound}"
        return f"{head}{self._description()}{self.blank()}:{self.suite('', 3)}"

    def _template(self) -> str:
        return f"{self._decorators()}template {self.name()}{self.params(1)}{self._result()}:{self.suite('', 2)}"

    def _session(self) -> str:
        items = ""
        for _ in range(self.rng.randint(1, 4)):
            item = self.rng.choice((
                f"    state {self.field(1)}{self.end()}", self.statement("    ", 2),
                f"    turn{self.params(1)}{self._result()}:{self.suite('    ', 2)}",
            ))  # fmt: skip
            items += self.between("    ") + item
        head = f"{self._decorators()}session {self.name()}{self.params(1)}{self._description()}:{self.end()}"
        return f"{head}{items}{self.between('    ')}"
