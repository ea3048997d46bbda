"""Names of other languages and libraries -> what to write here: the hints for names that do not exist."""

from __future__ import annotations

TYPES: dict[str, str] = {
    "string": "text is `str`", "text": "text is `str`", "char": "text is `str`", "character": "text is `str`",
    "integer": "whole numbers are `int`", "long": "whole numbers are `int`", "number": "numbers are `float` or `int`",
    "double": "numbers are `float` or `int`", "decimal": "numbers are `float` or `int`",
    "boolean": "truth values are `bool`", "null": "the type of no value is `none`",
    "void": "leave the result type out", "any": "any JSON value is `json`", "object": "any JSON value is `json`",
    "dictionary": "dictionaries are `dict[str, T]`", "map": "dictionaries are `dict[str, T]`",
    "hash": "dictionaries are `dict[str, T]`", "mapping": "dictionaries are `dict[str, T]`",
    "dict": "dictionaries are `dict[str, T]`", "list": "lists are `list[T]`", "array": "lists are `list[T]`",
    "vector": "lists are `list[T]`", "sequence": "lists are `list[T]`", "iterable": "lists are `list[T]`",
    "set": "lists are `list[T]`; unique(xs) drops what is there twice", "tuple": "tuples are `tuple[A, B]`",
    "optional": "write `T?`", "maybe": "write `T?`", "union": "write `A | B`", "either": "write `A | B`",
    "literal": 'write the values: `"a" | "b"`', "str": "text is `str`", "int": "whole numbers are `int`",
    "float": "numbers are `float` or `int`", "bool": "truth values are `bool`", "json": "any JSON value is `json`",
    "date": 'dates are text: `str`, or a pattern such as re"\\d{4}-\\d{2}-\\d{2}"',
    "datetime": "times are text: `str`, or a pattern re\"...\"", "time": "times are text: `str`, or a pattern re\"...\"",
    "regex": 'write the pattern: re"..."', "pattern": 'write the pattern: re"..."', "bytes": "text is `str`",
    "email": 'write a pattern: re"[^@ ]+@[^@ ]+"', "url": "addresses are text: `str`, or a pattern re\"...\"",
}  # fmt: skip
"""By the name in small letters."""

VALUES: dict[str, str] = {
    "True": "write `true`", "False": "write `false`", "None": "write `none`", "null": "write `none`",
    "nil": "write `none`", "undefined": "write `none`", "NULL": "write `none`", "print": "write a string as a statement",
    "append": "write xs + [x]", "dict": "write {...}", "list": "write [...]", "set": "write unique(...)",
    "self": "write the value's name", "this": "write the value's name",
}  # fmt: skip

FUNCTIONS: dict[str, str] = {
    "upper": "write text.upper()", "lower": "write text.lower()", "join": "write separator.join(list)",
    "split": "write text.split()", "strip": "write text.strip()", "trim": "write text.strip()",
    "replace": "write text.replace(old, new)", "startswith": "write text.startswith(prefix)",
    "endswith": "write text.endswith(suffix)", "contains": "write `part in text`",
    "print": "write a string as a statement; it is appended to the prompt",
    "log": "write a string as a statement; it is appended to the prompt",
    "map": "write [f(x) for x in xs]", "filter": "write [x for x in xs if ...]", "reduce": "write a `for` loop",
    "open": "take the text as a parameter; programs read no files",
    "input": "take the text as a parameter; programs read no terminal",
    "append": "write xs + [x]", "format": 'write a string with holes: "{a} {b}"', "set": "write unique(xs)",
    "isinstance": "write `match x:` with `case T:`", "type": "write `match x:` with `case T:`",
    "typeof": "write `match x:` with `case T:`", "list": "write [...]", "array": "write [...]", "dict": "write {...}",
    "tuple": "write (a, b)", "loads": "write parse_json(text)", "dumps": "write json(value)",
    "to_json": "write json(value)", "stringify": "write json(value)", "from_json": "write parse_json(text)",
    "length": "write len(x)", "size": "write len(x)", "count": "write len(x)", "string": "write str(x)",
    "repr": "write json(value)", "integer": "write int(x)", "number": "write float(x)", "boolean": "write bool(x)",
    "sort": "write sorted(xs)", "reverse": "write reversed(xs)", "first": "write xs[0]", "last": "write xs[-1]",
    "mean": "write sum(xs) / len(xs)", "average": "write sum(xs) / len(xs)", "avg": "write sum(xs) / len(xs)",
    "floor": "write int(x)", "pow": "write x * x", "set_seed": "write `with seed=1` on the gen",
    "random": "take the value as a parameter, or from a tool", "now": "take the time as a parameter, or from a tool",
    "today": "take the date as a parameter, or from a tool", "sleep": "remove it; sglc waits for what is needed",
    "raise": "write `fail \"why\"`", "assert": "write `ensure condition, \"why\"`", "generate": "write `gen name: T`",
    "choose": "write `select name from choices`", "gather": "write [f(x) for x in xs]; such calls run together",
}  # fmt: skip

TAKE_TYPES_OR_FUNCTIONS = frozenset(("isinstance", "map", "filter", "reduce", "type", "typeof"))
"""Functions of Python whose arguments make no sense here either."""

MODULES: dict[str, dict[str, str]] = {
    "json": {"loads": "write parse_json(text)", "dumps": "write json(value)"},
    "math": {"floor": "write int(x)", "fabs": "write abs(x)"},
    "os": {"getenv": "read env.NAME in a tool", "environ": "read env.NAME in a tool"},
    "asyncio": {"gather": "write [f(x) for x in xs]; such calls run together"},
    "re": {}, "random": {}, "datetime": {}, "time": {}, "sys": {}, "requests": {}, "httpx": {}, "logging": {},
    "np": {}, "numpy": {}, "pd": {}, "statistics": {"mean": "write sum(xs) / len(xs)", "mode": "write mode(xs)"},
    "itertools": {}, "string": {}, "uuid": {}, "date": {}, "typing": {},
}  # fmt: skip
ANY_MODULE = 'Python is reached through a tool: python "module:function"'

# `{x}` is the value before the dot, `{args}` what stands between the parentheses.
_METHODS: dict[str, dict[str, str]] = {
    "list": {
        "get": "write {x}[{args}]",
        "append": "write {x} + [{args}]; values do not change", "push": "write {x} + [{args}]; values do not change",
        "add": "write {x} + [{args}]; values do not change", "insert": "write [{args}] + {x}; values do not change",
        "extend": "write {x} + {args}; values do not change", "concat": "write {x} + {args}",
        "sort": "write sorted({x})", "reverse": "write reversed({x})",
        "pop": "write {x}[-1] for the last item and {x}[:-1] for the rest",
        "remove": "write [x for x in {x} if x != {args}]; values do not change",
        "clear": "write []; values do not change", "copy": "leave it out: values do not change",
        "join": 'write ", ".join({x})', "contains": "write `{args} in {x}`", "includes": "write `{args} in {x}`",
        "has": "write `{args} in {x}`", "map": "write [... for x in {x}]", "filter": "write [x for x in {x} if ...]",
        "first": "write {x}[0]", "last": "write {x}[-1]", "length": "write len({x})", "size": "write len({x})",
        "find": "write {x}.index({args})", "indexOf": "write {x}.index({args})", "slice": "write {x}[start:stop]",
        "forEach": "write `for x in {x}:`", "items": "write `for i, x in enumerate({x})`",
    },
    "str": {
        "trim": "write {x}.strip()", "contains": "write `{args} in {x}`", "includes": "write `{args} in {x}`",
        "format": 'write a string with holes: "{{a}}"', "length": "write len({x})", "size": "write len({x})",
        "toUpperCase": "write {x}.upper()", "toLowerCase": "write {x}.lower()", "lowercase": "write {x}.lower()",
        "uppercase": "write {x}.upper()", "capitalize": "write {x}[:1].upper() + {x}[1:]", "index": "use `find`",
        "casefold": "write {x}.lower()", "indexOf": "use `find`", "rfind": "use `find`",
        "substring": "write {x}[start:stop]", "substr": "write {x}[start:stop]", "slice": "write {x}[start:stop]",
        "concat": "write {x} + {args}", "append": "write {x} + {args}; values do not change", "charAt": "write {x}[{args}]",
        "isnumeric": "use `isdigit`", "isdecimal": "use `isdigit`", "lines": "use `splitlines`",
        "removeprefix": "write {x}.replace({args}, \"\")", "toString": "leave it out: it is text already",
        "json": "write parse_json({x})", "loads": "write parse_json({x})", "match": 'use a type with a pattern: re"..."',
    },
    "dict": {
        "update": "write the whole dict with its new entries; values do not change",
        "pop": "write the whole dict without the entry; values do not change",
        "setdefault": "use `get` with a default", "has": "write `{args} in {x}`", "has_key": "write `{args} in {x}`",
        "contains": "write `{args} in {x}`", "length": "write len({x})", "size": "write len({x})",
        "entries": "use `items`", "copy": "leave it out: values do not change",
    },
    "": {
        "toString": "write str({x})", "to_string": "write str({x})", "toFixed": "write round({x}, {args})",
        "model_dump": "write json({x})", "model_dump_json": "write json({x})", "to_json": "write json({x})",
        "dict": "write json({x})", "turn": "open a session first: s = chat()", "copy": "leave it out: values do not change",
        "is_some": "write `{x} != none`", "is_none": "write `{x} == none`", "strftime": "dates are text here",
    },
}  # fmt: skip


def method(kind: str, name: str, value: str, arguments: str) -> str:
    """What to write instead of a method of another language; "" where nothing is known."""
    found = _METHODS[kind].get(name) or _METHODS[""].get(name, "")
    return found.format(x=value, args=arguments or "...")
