"""The words of the language: which cannot be names, which roles there are.

Every other word of the grammar is soft: it is a name wherever the grammar does not take it as a word.
"""

from __future__ import annotations

EXPRESSION_WORDS = frozenset((
    "and", "or", "not", "in", "if", "else", "true", "false", "none", "for", "with", "as", "gen", "select",
    "call", "schema",
))  # fmt: skip
"""Reserved, and a line inside brackets or holes may begin with them."""

STATEMENT_WORDS = frozenset((
    "break", "continue", "def", "elif", "encode", "ensure", "except", "expect", "fail", "fork", "import",
    "loop", "match", "pass", "return", "try", "turn", "use", "while", "yield",
))  # fmt: skip
"""Reserved, and only ever the first word of a statement (`use`, `fork` and `import` also stand further right)."""

RESERVED = EXPRESSION_WORDS | STATEMENT_WORDS
ROLES = ("system", "user", "assistant", "tool")
DECLARATION_WORDS = ("from", "enum", "type", "tool", "model", "test", "template", "def", "session")
MAX_NESTING = 100
"""Nodes of the tree, brackets and blocks nest at most this deep, so that recursion over trees stays bounded."""

MAX_WORDS = 60_000
"""Words, signs, strings and holes of one file."""
