"""What to advise about words and signs that newcomers bring from other languages."""

from __future__ import annotations

import re

from sglc.diagnostics import nearest
from sglc.frontend.advice_control import on_control
from sglc.frontend.situation import Situation
from sglc.frontend.words import ROLES

PYTHON = {
    "lambda": "use a comprehension, or a `def`",
    "class": "records are declared with `type Name:`",
    "struct": "records are declared with `type Name:`",
    "interface": "records are declared with `type Name:`",
    "async": "what can run together does: leave `async` out",
    "await": "values are waited for where they are used: leave `await` out",
    "raise": 'write `fail "why"`',
    "throw": 'write `fail "why"`',
    "assert": 'write `ensure condition, "why"`, or `expect condition` in a test',
    "is": "write `==`",
    "finally": "`try` has one `except` arm; what follows both stands behind it",
    "print": "results are returned; a string as a statement is appended to the prompt",
    "global": "names belong to their function: leave it out",
    "nonlocal": "names belong to their function: leave it out",
    "del": "names need not be deleted",
    "switch": "write `match`",
    "function": "write `def`",
    "func": "write `def`",
    "fn": "write `def`",
    "let": "write `name = value`",
    "var": "write `name = value`",
    "const": "write `NAME = value`",
    "elseif": "write `elif`",
    "elsif": "write `elif`",
    "foreach": "write `for`",
    "until": "write `while not ... max n`",
    "do": "write `loop max n:` with a `break`",
    "unless": "write `if not ...:`",
    "new": "call the type: `Name(field=value)`",
    "then": "write `:`",
    "xor": "write `!=`",
    "prompt": 'a string is appended where it stands; in a message, behind its role: `user: "..."`',
}
"""As the first word of a statement."""

PREFIXES = frozenset(("lambda", "await", "async", "new"))
"""Of these, what may stand anywhere in front of an expression."""

INFIXES = frozenset(("is", "xor", "then"))

STATEMENTS = {
    "import": 'imports are written `from "./file.sgl" import name`',
    "with": "options stand at the end of what they belong to: `gen x: str with max_tokens=5`",
}
MISPLACED_DECLARATION = frozenset(("import",))

ARMS = {
    "elif": ("`if`", "indent it like its `if`, without a statement between"),
    "else": ("`if`", "indent it like its `if`, without a statement between; `for`, `while` and `match` have no `else`"),
    "except": ("`try` or `fork`", "indent it like its `try` or `fork`, without a statement between"),
}

NOT_EXPRESSIONS = {
    "gen": "write `gen name: T` as a statement or in a string's hole; it binds the name itself",
    "select": "write `select name from choices` as a statement or in a string's hole; it binds the name itself",
    "call": "write `call name: tool` as a statement or in a string's hole; it binds the name itself",
    "use": "`use` stands at the start of a statement, or right of one `name =`",
    "fork": "`fork` stands at the start of a statement, or right of one `name =`",
    "for": "`for` stands at the start of a statement, right of one `name =`, or in a [...] comprehension",
    "if": "write `a if condition else b`",
    "match": "`match` stands at the start of a statement",
    "try": "`try` stands at the start of a statement",
}


def assignment(target: str) -> str:
    """What to do instead of `target = value`."""
    if re.fullmatch(r"\w+[ \t]*:.*", target):
        return f"variables are written without their type: `{target.partition(':')[0].strip()} = ...`"
    if re.fullmatch(r"\w+[ \t]*=.*", target):
        return "assign one after the other: `b = ...`, then `a = b`"
    if "." in target or "[" in target:
        return "records, lists and dicts do not change; build a new one"
    return "put a name left of `=`"


def advise(at: Situation) -> str:
    """Advice on one token out of place, "" when there is none."""
    return on_control(at) or _on_sign(at) or _on_word(at) or _on_place(at)


def _on_sign(at: Situation) -> str:
    match at.kind:
        case "COMMA" if at.statement.text == "enum":
            return "join the members with `|`"
        case "COMMA" if _generates(at):
            return "one `gen`, `select` or `call` makes one value; write another one for the next"
        case "COMMA" if at.in_hole and not at.brackets:
            return "a hole holds one expression"
        case "COMMA" if not at.brackets and "EQ" in at.accepts:
            return "a tuple takes brackets: (a, b)"
        case "VBAR" if "OR" in at.accepts or (at.last is not None and at.last.kind == "VBAR"):
            return "`|` joins types and patterns; in expressions write `or`"
        case "OR" if "VBAR" in at.accepts:
            return "join types with `|`"
        case "PLUS" | "MINUS" if at.touches() and at.last is not None and at.last.text == at.token.text:
            return f"write `x = x {at.token.text} 1`"
        case "NUMBER" if "MAX" in at.accepts:
            return f"write `max {at.token.text}`"
        case "QMARK":
            return "write `a if condition else b`"
        case "LT" if at.last is not None and at.last.kind == "NAME" and "LSQB" in at.accepts:
            return "type arguments take square brackets: list[str]"
        case "LBRACE" if {"COLON", "_NEWLINE"} & at.accepts:
            return "a block is indented lines behind a `:`"
        case "SLASH" | "SLASH2" | "MINUS" if at.first:
            return "comments begin with `#`"
        case "PERCENT" if at.first and at.in_hole:
            return "a hole holds an expression; put `if` and `for` around strings"
        case "STAR" | "LPAR" if at.last is not None and at.last.text == "for":
            return "write the names without brackets: `for a, b in ...`"
        case "STAR" if at.last is not None and at.last.kind in ("LPAR", "COMMA"):
            return "name every parameter and argument"
        case "LPAR" if at.accepts == {"COLON"} and re.search(r"\bcall[ \t]+\w+$", _line_before(at)):
            return "name what is chosen: `call step: " + (at.last.text if at.last is not None else "tool") + "`"
        case "COLON" if at.last is not None and at.last.text in ("gen", "call"):
            return f"name what is made: `{at.last.text} name: ...`"
        case "GT" if at.touches() and at.last is not None and at.last.kind == "EQUAL":
            return "write `>=`, or `:` behind a case"
        case "FOR" if at.brackets:
            return "only lists have comprehensions: [x for x in xs]"
    return ""


def _on_word(at: Situation) -> str:
    if at.kind == "IF" and at.last is not None and at.last.text == "else":
        return "write `elif`"
    if at.kind == "DEF" and at.first:
        return "functions are declared at the top of a file, not inside of each other"
    if at.kind == "IMPORT" or (at.last is not None and at.last.text == "from" and at.last is at.statement):
        return 'write from "./file.sgl" import name'
    if at.statement.text == "except" and at.kind in ("NAME", "AS", "COMMA", "LPAR"):
        return "write `except name:`; it takes everything that can fail"
    if at.kind == "NAME" and at.after() == "=":
        if "WITH" in at.accepts:
            return f"options follow `with`: with {at.token.text}=..."
        if "COMMA" in at.accepts and re.search(r"\bwith\b", _line(at)):
            return "put a comma between options"
    if at.kind == "NAME" and "COLON" in at.accepts and at.last is not None and _generates(at):
        return f"put a colon in front of the type: `{at.last.text}: {at.token.text}`"
    if at.kind == "STRING" and at.last is at.statement:
        near = nearest(at.statement.text, ROLES)
        return f"write `{near}:` in front of the message" if near else ""
    if at.kind in ("NAME", "STRING") and at.touches() and at.last is not None and at.last.kind in ("STRING", "RAW"):
        return 'write \\" for a quote inside of a string'
    return ""


def _on_place(at: Situation) -> str:
    parameters = ("def", "template", "tool", "session", "turn")
    if at.accepts == {"COLON"}:
        if at.statement.text in parameters and at.kind in ("COMMA", "RPAR", "EQUAL"):
            name = at.last.text if at.last is not None else "name"
            return f"parameters have types: `{name}: str`"
        if at.statement.text == "state":
            return "state has a type: `state count: int = 0`"
        if at.statement.text in ROLES:
            return f"write `{at.statement.text}:` in front of the message"
    if at.statement.text == "test" and at.last is at.statement:
        return 'a test has its name in quotes: test "what it shows":'
    if at.accepts == {"_NEWLINE"} and at.statement.text in ("type", "match", "session"):
        return "what belongs to it stands on indented lines of its own"
    if "CASE" in at.accepts and "PASS" not in at.accepts:
        return "a `match` holds `case` arms; the last may be `case _:`"
    if "EXCEPT" in at.accepts and "PASS" not in at.accepts:
        return "a `try` has an `except:` arm behind its block"
    if at.statement.text == "tool" and "HTTP" in at.accepts:
        return 'say where the tool is: http GET "https://..." or python "module:function"'
    if "_NEWLINE" in at.accepts and at.kind[0] not in "_$" and at.kind.isalpha() and not at.brackets:
        if at.statement.text in ROLES and at.kind == "NAME":
            return "text for the model stands in quotes"
        if at.kind in ("NAME", "STRING", "NUMBER") or at.token.text in _STARTERS:
            return "put each statement on a line of its own"
    return ""


def _generates(at: Situation) -> bool:
    """The statement's last word of its kind is a gen, select or call."""
    before = at.source.text[at.statement.start : at.token.start]
    return bool(re.search(r"\b(?:gen|select|call)[ \t]+\w+[^\"(\[]*$", before))


_STARTERS = frozenset((
    "return", "yield", "fail", "break", "continue", "pass", "use", "gen", "select", "call", "ensure", "expect",
    "if", "for", "while", "loop",
))  # fmt: skip


def _line_before(at: Situation) -> str:
    text = at.source.text
    return text[text.rfind("\n", 0, at.token.start) + 1 : at.token.start]


def _line(at: Situation) -> str:
    text = at.source.text
    return text[text.rfind("\n", 0, at.token.start) + 1 : at.token.start]
