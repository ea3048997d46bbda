"""JSON Schema file text -> a type and the records that it needs.

Every value of the type is valid under the schema. The other way round the type is narrower: no additional properties,
fields in the schema's order, and a schema with `properties` or `items` but no `type` means objects or arrays only.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sglc.diagnostics import nearest
from sglc.ir.decode import to_json
from sglc.ir.json_reader import JsonError, Member, Node, read_json
from sglc.ir.types import (
    BOOL,
    FLOAT,
    INT,
    JSON,
    NONE,
    STR,
    Declared,
    DictType,
    Field,
    ListType,
    NamedType,
    RecordType,
    Type,
    literal,
    union,
)

KEYWORDS = ("type", "properties", "required", "enum", "const", "items")
_TEXTS = ("title", "description", "$schema", "$id", "$comment")
ANNOTATIONS = (*_TEXTS, "default", "examples")
"""Keywords that say nothing about which values are valid. A `description` is kept, the rest is dropped."""

_SCALARS: dict[str, Type] = {"string": STR, "number": FLOAT, "integer": INT, "boolean": BOOL, "null": NONE}
_TYPES = (*_SCALARS, "array", "object")
_OTHER_TYPES = {
    "text": "string", "str": "string", "date": "string", "enum": "string", "int": "integer", "long": "integer",
    "float": "number", "double": "number", "decimal": "number", "bool": "boolean", "list": "array", "tuple": "array",
    "dict": "object", "map": "object", "record": "object", "none": "null", "nil": "null",
}  # fmt: skip
_NOT_YET = (
    "$ref", "$defs", "definitions", "$anchor", "$dynamicRef", "$dynamicAnchor", "$vocabulary", "$recursiveRef",
    "$recursiveAnchor", "allOf", "anyOf", "oneOf", "not", "if", "then", "else", "dependentSchemas", "dependentRequired",
    "dependencies", "prefixItems", "additionalItems", "contains", "minContains", "maxContains", "patternProperties",
    "additionalProperties", "propertyNames", "unevaluatedItems", "unevaluatedProperties", "minLength", "maxLength",
    "pattern", "format", "minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum", "multipleOf", "minItems",
    "maxItems", "uniqueItems", "minProperties", "maxProperties", "contentEncoding", "contentMediaType",
    "contentSchema", "readOnly", "writeOnly", "deprecated", "nullable",
)  # fmt: skip
"""Keywords of JSON Schema, its drafts and OpenAPI that are refused rather than ignored."""
_FOR_OBJECTS = ("properties", "required")


class SchemaError(Exception):
    """A text is no schema, or none that is understood (`not_yet`). Offset and length count characters of the text."""

    def __init__(self, message: str, offset: int, length: int = 1, not_yet: bool = False, hint: str = "") -> None:
        super().__init__(message)
        self.message, self.offset, self.length, self.not_yet, self.hint = message, offset, length, not_yet, hint


def schema_to_types(text: str, name: str) -> tuple[Type, dict[str, Declared]]:
    """The type of a schema and its records: `name` for the schema itself, `name.child`, `name.item` for what is inside.

    Raises SchemaError, and nothing else, at the keyword or value in the text that is wrong.
    """
    if not text.strip():
        raise SchemaError("the file is empty", 0, hint='write a schema, such as {"type": "object"}')
    try:
        root = read_json(text)
    except JsonError as error:
        raise SchemaError(error.message, error.offset, error.length, hint=error.hint) from None
    schemas = _Schemas()
    return schemas.type_of(root, name), schemas.declared


class _Schemas:
    def __init__(self) -> None:
        self.declared: dict[str, Declared] = {}

    def type_of(self, node: Node, name: str) -> Type:
        if node.content is True:
            return JSON
        if not isinstance(node.content, dict):
            what = "`false`, which no value can satisfy" if node.content is False else _shown(node)
            raise _error(f"found {what}, expected a schema", node, _no_schema(node))
        keywords = node.content
        _check_keywords(keywords)
        types = _types(keywords)
        if "enum" in keywords or "const" in keywords:
            return _values(keywords, types)
        if types is None:
            types = ["object"] * any(k in keywords for k in _FOR_OBJECTS) + ["array"] * ("items" in keywords)
        if "number" in types:  # An integer is a number; a union of both would say the same text twice.
            types = [t for t in types if t != "integer"]
        return union(*[self._typed(t, keywords, name) for t in types]) if types else JSON

    def _typed(self, type_name: str, keywords: dict[str, Member], name: str) -> Type:
        if type_name == "object":
            return self._object(keywords, name)
        if type_name == "array":
            items = keywords.get("items")
            return ListType(self.type_of(items.node, f"{name}.item") if items else JSON)
        return _SCALARS[type_name]

    def _object(self, keywords: dict[str, Member], name: str) -> Type:
        properties = _properties(keywords)
        required = _required(keywords)
        if not properties and not required:
            return DictType(JSON)
        name = self._reserve(name)
        fields = [
            Field(key, self.type_of(m.node, f"{name}.{key}"), _description(m.node), optional=key not in required)
            for key, m in properties.items()
        ]
        # A required key without a schema may have any value.
        fields += [Field(key, JSON) for key in required if key not in properties]
        self.declared[name] = RecordType(name, tuple(fields), _description_of(keywords))
        return NamedType(name)

    def _reserve(self, name: str) -> str:
        """A name that no record has, kept for one: a property called `item` may collide with an array's items."""
        free, count = name, 1
        while free in self.declared:
            count += 1
            free = f"{name}_{count}"
        self.declared[free] = RecordType(free, ())
        return free


def _check_keywords(keywords: dict[str, Member]) -> None:
    for key, member in keywords.items():
        if key in _NOT_YET:
            raise SchemaError(f"the keyword `{key}` is not supported yet", member.offset, member.length, not_yet=True)
        if key not in KEYWORDS and key not in ANNOTATIONS:
            message = f"`{key}` is no keyword of JSON Schema"
            raise SchemaError(message, member.offset, member.length, hint=_keyword_hint(key, keywords))
        if key in _TEXTS and not isinstance(member.node.content, str):
            hint = (
                f'write it in quotes: "{_shown(member.node)}"'
                if not isinstance(member.node.content, dict | list)
                else ""
            )
            raise _error(f"found {_shown(member.node)}, expected a text after `{key}`", member.node, hint)
    _properties(keywords)
    _required(keywords)


def _keyword_hint(key: str, keywords: dict[str, Member]) -> str:
    near = nearest(key, (*KEYWORDS, *ANNOTATIONS, *_NOT_YET))
    if near:
        return f"use `{near}`"
    if not any(k in KEYWORDS or k in _NOT_YET for k in keywords):
        return 'say what values look like: {"type": "object", "properties": {"name": {"type": "string"}}}'
    return f"remove it, or move it into `properties` if it is the name of one: {{{to_json(key)}: {{...}}}}"


def _no_schema(node: Node) -> str:
    if isinstance(node.content, str) and node.content in _TYPES:
        return f'write {{"type": {to_json(node.content)}}}'
    if isinstance(node.content, list):
        return "give one schema, which holds for all items" if node.content else "write a schema: {...}"
    return "leave the property out" if node.content is False else "write a schema: {...}"


def _types(keywords: dict[str, Member]) -> list[str] | None:
    member = keywords.get("type")
    if member is None:
        return None
    node = member.node
    nodes = node.content if isinstance(node.content, list) else [node]
    names: list[str] = []
    for item in nodes:
        if not isinstance(item.content, str) or item.content not in _TYPES:
            near = (
                _OTHER_TYPES.get(item.content) or nearest(item.content, _TYPES) if isinstance(item.content, str) else ""
            )
            expected = f"{', '.join(_TYPES[:-1])} or {_TYPES[-1]}"
            raise _error(f"found {_shown(item)}, expected {expected}", item, f'write "{near}"' if near else "")
        if item.content in names:
            raise _error(f"{_shown(item)} stands twice", item, "keep one of the two")
        names.append(item.content)
    if not names:
        raise _error("found an empty list, expected at least one type", node, "name a type, or remove `type`")
    return names


def _properties(keywords: dict[str, Member]) -> dict[str, Member]:
    member = keywords.get("properties")
    if member is None:
        return {}
    if not isinstance(member.node.content, dict):
        hint = 'write a schema for each: {"name": {"type": "string"}}'
        raise _error(f"found {_shown(member.node)}, expected an object of schemas", member.node, hint)
    return member.node.content


def _required(keywords: dict[str, Member]) -> list[str]:
    member = keywords.get("required")
    names: list[str] = []
    if member is None:
        return names
    if not isinstance(member.node.content, list):
        name = member.node.content
        hint = f"write [{to_json(name)}]" if isinstance(name, str) else ""
        if isinstance(name, bool):
            hint = 'write "required": [...] beside `properties`, with the names that must be there'
        raise _error(f"found {_shown(member.node)}, expected a list of property names", member.node, hint)
    for item in member.node.content:
        if not isinstance(item.content, str):
            raise _error(f"found {_shown(item)}, expected a property name", item)
        if item.content in names:
            raise _error(f"{_shown(item)} stands twice", item, "keep one of the two")
        names.append(item.content)
    return names


def _values(keywords: dict[str, Member], types: list[str] | None) -> Type:
    """`enum`, `const` or both, as literals; values that `type` refuses are dropped, as the schema demands."""
    member = keywords.get("const") or keywords["enum"]
    nodes = [keywords["const"].node] if "const" in keywords else []
    if "enum" in keywords:
        listed = keywords["enum"].node
        if not isinstance(listed.content, list) or not listed.content:
            hint = f"write [{_shown(listed)}]" if not isinstance(listed.content, list | dict) else ""
            raise _error(f"found {_shown(listed)}, expected a list of values", listed, hint)
        allowed = {_key(item.value) for item in listed.content}
        nodes = [n for n in nodes if _key(n.value) in allowed] if nodes else listed.content
    kept: dict[str, Any] = {}
    for node in nodes:
        value = node.value
        if types is not None and not any(_HAS_TYPE[t](value) for t in types):
            continue
        narrowing = ("items",) if isinstance(value, list) else _FOR_OBJECTS if isinstance(value, dict) else ()
        for keyword in narrowing:
            if keyword in keywords:
                place = keywords[keyword]
                raise SchemaError(f"`{keyword}` beside `enum` is not supported yet", place.offset, place.length, True)
        kept.setdefault(_key(value), value)
    if not kept:
        word = (
            "`const` and `enum` exclude each other"
            if types is None
            else "none of the values is of the `type` beside it"
        )
        raise SchemaError(
            f"no value can satisfy this schema: {word}", member.offset, member.length, hint="correct one of the two"
        )
    return union(*[NONE if value is None else literal(value) for value in kept.values()])


def _key(value: Any) -> str:
    """Equal for JSON values that are equal: 1 and 1.0 are, the order of keys does not matter."""
    if isinstance(value, float) and value == int(value):
        return str(int(value))
    if isinstance(value, list):
        return f"[{','.join(map(_key, value))}]"
    if isinstance(value, dict):
        return f"{{{','.join(sorted(f'{to_json(key)}:{_key(item)}' for key, item in value.items()))}}}"
    return to_json(value)


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool)


_HAS_TYPE: dict[str, Callable[[Any], bool]] = {
    "string": lambda value: isinstance(value, str),
    "number": _is_number,
    "integer": lambda value: _is_number(value) and value == int(value),
    "boolean": lambda value: isinstance(value, bool),
    "null": lambda value: value is None,
    "array": lambda value: isinstance(value, list),
    "object": lambda value: isinstance(value, dict),
}


def _description(node: Node) -> str:
    return _description_of(node.content) if isinstance(node.content, dict) else ""


def _description_of(keywords: dict[str, Member]) -> str:
    member = keywords.get("description")
    return member.node.content if member and isinstance(member.node.content, str) else ""


def _shown(node: Node) -> str:
    text = to_json(node.value)
    return text if len(text) <= 40 else f"{text[:40]}..."


def _error(message: str, node: Node, hint: str = "") -> SchemaError:
    return SchemaError(message, node.offset, max(1, node.length), hint=hint)
