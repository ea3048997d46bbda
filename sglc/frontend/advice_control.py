"""What to advise about statements of control flow, tools and tests that are nearly right."""

from __future__ import annotations

import re

from sglc.frontend.situation import DECORATED, Situation

_CASES = "a case is a literal, an enum member, a type or a tool"
_DESCRIBED = 'the description stands behind the head: tool name(...) -> T "what it does":'


def on_control(at: Situation) -> str:
    """Advice that the first word of the statement decides, "" when there is none."""
    if at.accepts <= DECORATED:
        return "only a `def` or a `session` is served"
    if at.kind == "COMMA" and re.search(r"\bcall[ \t]+\w+[ \t]*:[^\"]*$", _before(at)):
        return "write `|` between the choices"
    match at.statement.text:
        case "case":
            return _on_case(at)
        case "ensure" | "expect" | "fail":
            return _on_check(at)
        case "for" | "while" | "loop" | "fork" | "encode":
            return _on_loop(at)
        case "http" | "python":
            return _on_tool(at)
        case "def" | "test" | "state" | "turn" | "@":
            return _on_declaration(at)
        case "default" if "CASE" in at.accepts:
            return "write `case _:`"
        case "catch" if "EXCEPT" in at.accepts:
            return "write `except name:`"
        case "retry" if at.kind == "NUMBER":
            return f'write `ensure condition, "why" retry {at.token.text}` behind the generation'
        case "repeat" if at.kind in ("NUMBER", "NAME"):
            return f"write `loop max {at.token.text}:`"
    if "HTTP" in at.accepts:
        return _on_tool(at)
    if at.last is not None and at.last.text == "fork":
        return _range("fork", at)
    if re.search(r"=[ \t]*fork\b", _before(at)):
        return _on_loop(at)
    return ""


def _before(at: Situation) -> str:
    return at.source.text[at.statement.start : at.token.start]


def _range(word: str, at: Situation) -> str:
    return f"write `{word} i in range({at.token.text}):`" if at.kind == "NUMBER" else ""


def _on_case(at: Situation) -> str:
    match at.kind:
        case "COMMA" | "OR":
            return "write `|` between the patterns of a case"
        case "IF" | "AND":
            return "a case has no condition: put the `if` inside of it"
        case "AS":
            return "leave the name out: inside the case, the subject itself has the narrower type"
        case "LPAR":
            return f"{_CASES}: write its name only, and compare fields in an `if`"
        case "LSQB" | "LBRACE":
            return f"{_CASES}: compare lists and dicts with `if`"
        case "LT" | "GT" | "LE" | "GE" | "EQ" | "NE" | "PLUS" | "MINUS" | "IN" | "NOT":
            return f"{_CASES}: compare with `if`"
    return ""


def _on_check(at: Situation) -> str:
    word = at.statement.text
    if word == "fail" and at.last is at.statement:
        return 'give the reason: `fail "why"`'
    if word == "expect" and at.kind == "COMMA":
        return "an `expect` takes a condition only: `expect a == b`"
    if word != "ensure":
        return ""
    if at.kind == "COMMA" and re.search(r"\bretry\b", _before(at)):
        return 'the reason stands before `retry`: `ensure condition, "why" retry 2`'
    if at.kind == "ELSE":
        return 'the reason follows a comma: `ensure condition, "why"`'
    if at.kind == "EQUAL" and at.last is not None and at.last.text == "retry":
        return "write `retry 2`, without `=`; a comma stands before the reason only"
    if at.token.text in ("retries", "attempts", "retry", "with", "times", "max"):
        return 'write `ensure condition, "why" retry 2`'
    return ""


def _on_loop(at: Situation) -> str:
    word = at.statement.text
    if word == "for" and at.kind == "MAX":
        return "leave `max` out: a `for` ends with its list"
    if word == "while" and at.kind == "COMMA":
        return "leave the comma out: `while condition max 10:`"
    if word == "loop" and at.kind == "EQUAL":
        return "write `loop max 10:`, without `=`"
    if word == "loop" and at.kind in ("LPAR", "WHILE"):
        return "write `loop max 10:`"
    if word == "fork" and at.last is at.statement:
        return _range(word, at)
    if at.kind == "COLON" and at.accepts <= {"COMMA", "IN"} and at.last is not None:
        name = "fork" if word not in ("for", "encode") else word
        return f"name each item: `{name} x in {at.last.text}:`"
    return ""


def _on_tool(at: Situation) -> str:
    last = at.last.text if at.last is not None else ""
    if at.statement.text in ("http", "python") and at.kind == "NAME" and at.accepts <= {"STRING", "RAW"}:
        return 'write "module:function", in quotes' if at.statement.text == "python" else "the URL stands in quotes"
    if last == "http" and at.kind not in ("NAME",):
        return 'say how: http GET "https://..."'
    if at.statement.text == "python" and at.kind == "LPAR":
        return "leave the arguments out: the parameters of the tool are passed by name"
    if "HTTP" in at.accepts and at.first:
        if at.kind in ("STRING", "RAW"):
            return _DESCRIBED
        if at.token.text in ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"):
            return f"write `http {at.token.text}`"
        return "a tool is `http` or `python`; what this language computes is a `def`"
    return ""


def _on_declaration(at: Situation) -> str:
    word = at.statement.text
    if word == "def" and at.kind == "ARROW":
        return "write the bound behind the result: `-> int max 3:`"
    if word == "def" and at.kind == "WITH":
        return "write the recursion depth as `max 3`"
    if word == "test" and at.kind in ("STRING", "RAW") and at.last is not None and at.last.text == "replay":
        return f"write `replay={at.source.text[at.token.start : at.token.end]}`"
    if word == "state" and at.last is at.statement and at.kind == "NAME":
        return "`state` stands in a `session`, before its `turn`"
    if word == "turn" and at.first:
        return "a `turn` stands in a `session`"
    if word == "@" and at.kind == "NAME" and "LPAR" in at.accepts:
        return 'options stand in brackets: `@serve(path="/...")`'
    return ""
