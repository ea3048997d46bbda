"""An unexpected token -> the diagnostic that helps most.

What was expected is the set of terminals that the grammar would have taken, which does not depend on how deep the
mistake is nested.
"""

from __future__ import annotations

import re
from typing import Any

from sglc.diagnostics import Diagnostic, Edit, Fix, nearest
from sglc.frontend import advice, tables
from sglc.frontend.errors import lexical, syntax
from sglc.frontend.lexer import OPENERS, STRINGS
from sglc.frontend.situation import Situation
from sglc.frontend.words import DECLARATION_WORDS, RESERVED, ROLES, STATEMENT_WORDS
from sglc.source import Span

EXPRESSION = frozenset(("NAME", "STRING", "NUMBER", "LPAR", "LSQB"))
"""Terminals that all begin an expression; where they fit, an expression is expected."""

_EXPRESSION_STARTS = EXPRESSION | {"RAW", "REGEX", "DURATION", "MINUS", "NOT", "LBRACE", "TRUE", "FALSE", "NONE"}
_OPERATORS = frozenset((
    "PLUS", "MINUS", "STAR", "SLASH", "SLASH2", "PERCENT", "EQ", "NE", "LT", "GT", "LE", "GE", "IN", "NOT",
    "AND", "OR", "DOT", "LPAR", "LSQB", "IF",
))  # fmt: skip
_NAMES = {
    "_NEWLINE": "end of line", "_INDENT": "an indented block", "_DEDENT": "end of block", "NAME": "a name",
    "STRING": "a string", "REGEX": 'a regex re"..."', "NUMBER": "a number", "$END": "end of declaration",
}  # fmt: skip
_HIDDEN = frozenset(("RAW", "DURATION", "_DEDENT", "$END"))
_CONDITIONS = ("if", "elif", "while", "ensure", "expect", "return", "yield")
_BLOCK_WORDS = frozenset((
    "def", "template", "session", "turn", "type", "enum", "tool", "test", "if", "elif", "else", "match", "case",
    "for", "while", "loop", "fork", "encode", "try", "except",
))  # fmt: skip


def explain(at: Situation) -> Diagnostic:
    """The most telling reading of the mistake."""
    for reading in (_bracket, _python, _hole, _assignment, _top_level, _block, _arm, _string, _reserved):
        found = reading(at)
        if found is not None:
            return found
    return _general(at)


def _make(kind: type[Diagnostic], at: Situation, span: Span | None = None, **facts: Any) -> Diagnostic:
    return kind(source=at.source, span=span or at.span, **facts)


def _bracket(at: Situation) -> Diagnostic | None:
    """A bracket that is still open where nothing can stand in it."""
    if not at.brackets:
        return None
    open_ = at.brackets[-1]
    ends = at.kind == "$END" or (at.kind in ("ARROW", "COLON") and OPENERS[open_.kind] in at.accepts)
    new_line = at.starts_line(at.token) and (
        at.token.text in STATEMENT_WORDS or at.column(at.token) <= at.column(at.statement)
    )
    return lexical.unclosed_bracket(at.source, open_.span, open_.text) if ends or new_line else None


def _python(at: Situation) -> Diagnostic | None:
    """Words of other languages."""
    last, word = at.last, at.token.text
    if last is not None and last.text in advice.PYTHON and (last is at.statement or last.text in advice.PREFIXES):
        return syntax.python_word(at.source, last.span, last.text, advice.PYTHON[last.text])
    if word in advice.PYTHON and at.kind == "NAME" and (at.first or word in advice.INFIXES):
        return syntax.python_word(at.source, at.token.span, word, advice.PYTHON[word])
    if at.first and word in advice.STATEMENTS:
        return syntax.python_word(at.source, at.token.span, word, advice.STATEMENTS[word])
    return None


def _hole(at: Situation) -> Diagnostic | None:
    """What looks like a format, or like text with braces of its own."""
    if not at.in_hole or at.brackets:
        return None
    if at.last is None and at.kind == "$END":
        return _make(lexical.EmptyHole, at)
    text = at.source.text
    begin = at.statement.start
    if at.kind == "COLON" and at.statement.kind in STRINGS and at.last is at.statement:
        open_ = text.rfind("{", 0, begin)
        return _make(lexical.LiteralBrace, at, Span(open_, at.token.end))
    if at.kind == "COLON" or (at.kind == "EQUAL" and at.after() == "}"):
        line = re.compile(r"[^}\n]*").match(text, at.token.end)
        return _make(lexical.FormatSpec, at, Span(at.token.start, line.end() if line else at.token.end))
    return None


def _assignment(at: Situation) -> Diagnostic | None:
    """`=` in a condition, or to something that is no name."""
    if at.kind != "EQUAL" or at.last is None:
        return None
    source, last = at.source, at.last
    if at.touches() and last.kind in ("PLUS", "MINUS", "STAR", "SLASH", "SLASH2", "PERCENT"):
        target = source.text[at.statement.start : last.start].strip()
        help_ = f"write `{target} = {target} {last.text} ...`"
        return _make(syntax.NotAssignable, at, Span(last.start, at.token.end), help=help_)
    if at.touches() and last.kind in ("COLON", "EQ"):
        span, help_ = Span(last.start, at.token.end), "write `=`" if last.kind == "COLON" else "write `==`"
        return _make(syntax.NotAssignable, at, span, help=help_)
    if "EQ" not in at.accepts or at.brackets or (last.text == "retry" and at.statement.text == "ensure"):
        return None
    if at.in_hole or at.statement.text in _CONDITIONS:
        fix = Fix("write `==`", (Edit(at.span, "=="),), safe=False)
        return _make(syntax.AssignInCondition, at, fix=fix)
    if at.statement.kind == "LPAR":
        return _make(syntax.NotAssignable, at, help="write the names without brackets: `a, b = ...`")
    return _make(syntax.NotAssignable, at, help=advice.assignment(source.text[at.statement.start : last.end]))


def _top_level(at: Situation) -> Diagnostic | None:
    """Something that a file cannot hold."""
    if not at.top or at.in_hole:
        return None
    word, first = at.statement.text, at.statement
    if at.first:
        if word in advice.MISPLACED_DECLARATION:
            return None
        return _make(syntax.TopLevelStatement, at, first.span)
    if first.kind in STRINGS:
        return _make(syntax.TopLevelStatement, at, first.span)
    if first.kind != "NAME" or at.last is not first or word in DECLARATION_WORDS:
        return None
    if at.kind == "COLON" and re.compile(r"[ \t]*\w[^\n=\"]*=").match(at.source.text, at.token.end):
        return _make(syntax.NotAssignable, at, help=f"constants are written without their type: `{word} = ...`")
    near = nearest(word, DECLARATION_WORDS)
    if at.kind == "NAME" and near:
        fix = Fix(f"write `{near}`", (Edit(first.span, near),), safe=False)
        facts = {"found": f"`{word}`", "expected": "a declaration", "help": f"write `{near}`"}
        return _make(syntax.UnexpectedToken, at, first.span, fix=fix, **facts)
    return _make(syntax.TopLevelStatement, at, first.span)


def _block(at: Situation) -> Diagnostic | None:
    """A colon, a block or an indentation too much or too little."""
    if missing_colon(at):
        role = at.last is at.statement and at.last.text in ROLES
        help_ = {"help": f"write `{at.statement.text}:` in front of the message"} if role else {}
        end = at.last.end if at.last is not None else at.token.start
        fix = Fix("add `:`", (Edit(Span(end, end), ":"),), safe=False)
        return _make(syntax.MissingColon, at, Span(end, min(end + 1, len(at.source.text))), fix=fix, **help_)
    if at.kind == "_INDENT":
        line = at.source.text.rfind("\n", 0, at.token.start) + 1
        return _make(syntax.UnexpectedIndent, at, Span(line, at.token.start))
    if "_INDENT" in at.accepts:
        behind = at.kind[0] in "_$"
        return _make(syntax.MissingBlock, at, where="behind this" if behind else "here")
    return None


def missing_colon(at: Situation) -> bool:
    """Whether a colon in front of the token makes it fit."""
    if "COLON" not in at.accepts or at.in_hole or at.brackets:
        return False
    opens = at.statement.text in _BLOCK_WORDS or (at.statement.kind == "NAME" and _has_block_word(at))
    role = at.last is at.statement and at.statement.text in ROLES and at.kind in (*STRINGS, "GEN", "SELECT", "CALL")
    ends = at.kind in ("_NEWLINE", "$END") or at.token.text in STATEMENT_WORDS | {"gen", "select", "call"}
    return (opens and ends) or role


def _has_block_word(at: Situation) -> bool:
    """`xs = for ...`, `xs = fork ...`"""
    return bool(re.match(r"\w+[ \t]*=[ \t]*(?:for|fork)\b", at.source.text[at.statement.start : at.token.start]))


def _arm(at: Situation) -> Diagnostic | None:
    """`else` and its like without what they belong to."""
    word = at.token.text
    if not at.first or at.in_hole or word not in advice.ARMS:
        return None
    owner, help_ = advice.ARMS[word]
    problem = f"no {owner.split(',')[0]} stands right above, indented the same"
    return _make(syntax.StrayArm, at, word=word, owner=owner, problem=problem, help=help_)


def _string(at: Situation) -> Diagnostic | None:
    if at.last is None:
        return None
    if at.kind in STRINGS and at.last.kind in STRINGS:
        if at.touches():
            return _make(lexical.AdjacentStrings, at, help='write \\" for a quote inside of a string')
        if at.statement.kind in STRINGS:
            return _make(lexical.AdjacentStrings, at, help="write one string, or each on a line of its own")
        if at.statement.text == "ensure":
            return _make(lexical.AdjacentStrings, at, help="put a comma between the condition and the reason")
        return _make(lexical.AdjacentStrings, at)
    return None


def _reserved(at: Situation) -> Diagnostic | None:
    word = at.token.text
    if at.kind == "EQUAL" and at.last is at.statement and at.last.text in RESERVED:
        return _make(syntax.ReservedWord, at, at.last.span, word=at.last.text)
    if word not in RESERVED or "NAME" not in at.accepts or at.first:
        return None
    if at.accepts >= EXPRESSION:
        if word not in advice.NOT_EXPRESSIONS:
            return None
        problem = "is no part of an expression"
        return _make(syntax.ReservedWord, at, word=word, problem=problem, help=advice.NOT_EXPRESSIONS[word])
    return _make(syntax.ReservedWord, at, word=word)


# --- the general case ---


def _general(at: Situation) -> Diagnostic:
    help_ = advice.advise(at)
    return _make(syntax.UnexpectedToken, at, found=_found(at), expected=_expected(at), help=help_)


def _found(at: Situation) -> str:
    if at.in_hole and at.kind == "$END":
        return "end of hole"
    if at.kind in STRINGS:
        return "string"
    return {"_NEWLINE": "end of line", "$END": "end of line", "_DEDENT": "end of block"}.get(
        at.kind, f"`{at.token.text}`"
    )


def _expected(at: Situation) -> str:
    accepts = set(at.accepts) - _HIDDEN - ({"ELSE"} if "EXCEPT" in at.accepts else set())
    parts: list[str] = []
    if accepts >= EXPRESSION:
        parts.append("a statement" if "RETURN" in accepts else "an expression")
        accepts = set() if "RETURN" in accepts else accepts - _EXPRESSION_STARTS
    operator = len(accepts & _OPERATORS) > 8
    if operator:
        accepts -= _OPERATORS
    words = {kind: sign for sign, kind in tables.load().fixed.items()}
    parts += sorted(_NAMES.get(kind) or f"`{words.get(kind, kind.lower())}`" for kind in accepts)
    if operator:
        parts.append("an operator")
    if at.in_hole and "$END" in at.accepts:
        parts.append("`}`")
    if len(parts) > 6:
        parts = [*parts[:5], "more"]
    return " or ".join(", ".join(parts).rsplit(", ", 1)) or "nothing more"
