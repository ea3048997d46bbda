"""Trees of textual IR -> nodes and regions. Types that the text leaves out come from ir/shapes.py."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import Any, TypeAlias, Union

import msgspec
from lark import Token

from sglc.ir import ops, shapes
from sglc.ir.graph import Node, Region, Value
from sglc.ir.ops import GenOptions, Op, Part, Pattern
from sglc.ir.text_forms import captured, show_value
from sglc.ir.text_tree import (
    Parsed,
    all_of,
    child,
    children,
    error_at,
    find,
    json_text,
    location,
    name_of,
    string,
    tokens,
    word,
)
from sglc.ir.text_types import read_type, stated_type, type_of
from sglc.ir.types import Type

_ENDS: dict[str, Op] = {
    end().mnemonic: end() for end in (ops.Yield, ops.Continue, ops.Break, ops.Return, ops.Fail, ops.Check)
}  # fmt: skip
Layout: TypeAlias = tuple[Op, tuple[str, ...], tuple[Region, ...]]
"""What a form says: the op, its operands, its regions."""

NESTED = frozenset({"if", "match", "loop", "for", "map", "filter", "try", "encode", "attempt", "generic"})
"""Rules of forms with regions; each is read by the method of its name."""

_ANY_OP: Any = Union[ops.OPS]  # noqa: UP007


class NodeReader:
    """Reads the nodes of one function, from top to bottom, and remembers the type of each value on the way."""

    def __init__(self, text: str, params: Sequence[Value]) -> None:
        self.text = text
        self.types: dict[str, Type] = {v.name: v.type for v in params}

    def block(self, tree: Parsed) -> tuple[Node, ...]:
        return tuple(self._node(node) for node in all_of(tree, "node"))

    def _node(self, tree: Parsed) -> Node:
        form = next(c for c in children(tree) if c.data not in ("results", "site", "at"))
        results = all_of(child(tree, "results"), "typed") if find(tree, "results") else []
        names = [word(tokens(r)[0]) for r in results]
        op, operands, regions = self._read(form, names)
        site = find(tree, "site")
        if site is not None:
            if not hasattr(op, "site"):
                raise error_at(f"`{op.mnemonic}` has no site", site)
            op = msgspec.structs.replace(op, site=name_of(site))
        shape: shapes.Shape = ()
        if form.data != "generic":
            shape = shapes.result_types(op, self._types_of(operands), self._yielded(regions))
        values = tuple(self._typed(r, shapes.at(shape, i)) for i, r in enumerate(results))
        return Node(op, operands, values, regions, location(tree))

    def _read(self, form: Parsed, results: Sequence[str]) -> Layout:
        if form.data in NESTED:
            read: Callable[[Parsed, Sequence[str]], Layout] = getattr(self, f"_{form.data}")
            return read(form, results)
        op, operands = self._flat(form, results)
        return op, operands, ()

    def _types_of(self, operands: Sequence[str]) -> list[Type | None]:
        return [self.types.get(o) for o in operands]

    def _yielded(self, regions: Sequence[Region]) -> Type | None:
        if not regions or not regions[0].nodes or not regions[0].end.operands:
            return None
        return self.types.get(regions[0].end.operands[-1])

    def _typed(self, tree: Parsed, known: Type | None) -> Value:
        """A value where it is defined."""
        name = word(tokens(tree)[0])
        type_ = type_of(tree, self.text) or known
        if type_ is None:
            raise error_at(f"the type of {show_value(name)} has to be written: {show_value(name)}: TYPE", tree)
        self.types[name] = type_
        return Value(name, type_)

    # --- nodes without regions

    def _flat(self, form: Parsed, results: Sequence[str]) -> tuple[Op, tuple[str, ...]]:
        operands = _operands(form)
        match form.data:
            case "const":
                return ops.Const(json_text(child(form, "json"), self.text)), ()
            case "undef":
                return ops.Undef(), ()
            case "apply":
                return ops.Apply(name_of(form)), operands
            case "attr":
                return ops.Attr(name_of(form)), operands
            case "make_record":
                entries = all_of(form, "entry_value")
                return ops.MakeRecord(tuple(map(name_of, entries))), tuple(v for e in entries for v in _operands(e))
            case "conform":
                return ops.Conform(*(string(t) for t in tokens(form) if t.type == "STRING")), operands
            case "format":
                parts, operands = _parts(form)
                return ops.Format(parts), operands
            case "tokens":
                return ops.CountTokens(name_of(form)), operands
            case "context":
                return ops.NewContext(), ()
            case "append":
                parts, inserted = _parts(form)
                return ops.Append(parts, name_of(form)), (*operands, *inserted)
            case "gen":
                return self._gen(form, results)
            case "select":
                return self._select(form, results), operands
            case "tool_call":
                return ops.ToolCall(_function_name(form)), operands
            case "dispatch":
                return ops.Dispatch(tuple(word(tokens(n)[0]) for n in all_of(form, "name"))), operands
            case "call":
                return ops.Call(_function_name(form)), operands
            case "use":
                return ops.Use(_function_name(form)), operands
            case "open":
                return ops.SessionOpen(_function_name(form)), operands
            case "turn":
                return ops.SessionTurn(_function_name(form)), operands
            case "ensure":
                return ops.Ensure(), operands
            case "expect":
                text, *shown = (string(t) for t in tokens(form) if t.type == "STRING")
                return ops.Expect(text, tuple(shown)), operands
        return _ENDS[str(tokens(form)[0])], operands

    def _gen(self, form: Parsed, results: Sequence[str]) -> tuple[Op, tuple[str, ...]]:
        constants: dict[str, Any] = {}
        dynamic: dict[str, str] = {}
        options = find(form, "options")
        for option in all_of(options, "option") if options else []:
            if name_of(option) in {**constants, **dynamic}:
                raise error_at(f"the option `{name_of(option)}` comes twice", option)
            if _operands(option):
                dynamic[name_of(option)] = _operands(option)[0]
            else:
                constants[name_of(option)] = self._json(option)
        own = {k: constants.pop(k) for k in ("reasoning", "logprobs", "follow") if k in constants}
        unknown = (constants.keys() | dynamic.keys()) - set(GenOptions.__struct_fields__)
        if unknown:
            raise error_at(f"`gen` has no option `{min(unknown)}`", form)
        op = ops.Gen(
            name=_name(form, _nth(results, 1)),
            type=stated_type(form, self.text),
            options=self._convert(constants, GenOptions, form),
            dynamic=tuple(dynamic),
            **own,
        )
        return op, (_operands(form)[0], *dynamic.values())

    def _select(self, form: Parsed, results: Sequence[str]) -> Op:
        options = find(form, "options")
        given = {name_of(o): self._json(o) for o in all_of(options, "option")} if options else {}
        attributes = {"name": _name(form, _nth(results, 1)), "by": name_of(form), **given}
        select: Op = self._convert({"op": "select", **attributes}, ops.Select, form)
        return select

    def _json(self, tree: Parsed) -> Any:
        return msgspec.json.decode(json_text(child(tree, "json", "object"), self.text))

    def _convert(self, value: Any, type_: Any, tree: Parsed) -> Any:
        try:
            return msgspec.convert(value, type_)
        except msgspec.ValidationError as error:
            raise error_at(str(error), tree) from None

    # --- nodes with regions, each method named after its rule

    def _region(self, block: Parsed, params: Sequence[Value] = ()) -> Region:
        return Region(tuple(params), self.block(block))

    def _params(self, trees: Sequence[Parsed], op: Op, operands: Sequence[str], region: int) -> tuple[Value, ...]:
        shape = shapes.param_types(op, self._types_of(operands), region)
        return tuple(self._typed(tree, shapes.at(shape, i)) for i, tree in enumerate(trees))

    def _if(self, form: Parsed, _: Sequence[str]) -> Layout:
        return ops.If(), _operands(form), tuple(self._region(b) for b in all_of(form, "block"))

    def _match(self, form: Parsed, _: Sequence[str]) -> Layout:
        cases = all_of(form, "case")
        patterns = tuple(tuple(self._pattern(p) for p in children(c) if p.data != "block") for c in cases)
        return ops.Match(patterns), _operands(form), tuple(self._region(child(c, "block")) for c in cases)

    def _pattern(self, tree: Parsed) -> Pattern:
        match tree.data:
            case "literal":
                return Pattern("literal", json=json_text(tree, self.text))
            case "conforms":
                return Pattern("type", type=read_type(children(tree)[0], self.text))
            case "choice":
                return Pattern("member", name=name_of(tree))
        return Pattern("any")

    def _loop(self, form: Parsed, _: Sequence[str]) -> Layout:
        op = ops.Loop(int(_token(form, "INT")), _name(form, "loop"))
        body = all_of(form, "block")[-1]
        bounds, operands = _bounds(form)
        condition = find(form, "while")
        regions: list[Region] = []
        if condition is not None:
            params = self._params(all_of(condition, "typed"), op, operands, 0)
            regions.append(self._region(child(condition, "block"), params))
        regions.append(self._region(body, self._params(bounds, op, operands, len(regions))))
        return op, operands, tuple(regions)

    def _for(self, form: Parsed, _: Sequence[str]) -> Layout:
        op = ops.For(bool(_token(form, "COLLECT")), _name(form, "for"))
        bound, carried = _bounds(form)
        operands = (*_operands(form), *carried)
        params = self._params([child(form, "typed"), *bound], op, operands, 0)
        return op, operands, (self._region(child(form, "block"), params),)

    def _map(self, form: Parsed, results: Sequence[str]) -> Layout:
        op = ops.Map(_name(form, _nth(results, 0)), bool(_token(form, "ORDERED")))
        operands = _operands(form)
        item, *caught = all_of(form, "typed")
        heads = [[item], caught] if caught else [[item]]
        blocks = zip(heads, all_of(form, "block"), strict=True)
        regions = tuple(self._region(b, self._params(p, op, operands, i)) for i, (p, b) in enumerate(blocks))
        captures = find(form, "captures")
        shared = captured(Node(op, operands, (), regions), self.types)
        if captures is not None and _operands(captures) != shared:
            raise error_at(f"`map` captures {', '.join(map(show_value, shared)) or 'no context'}", captures)
        return op, operands, regions

    def _try(self, form: Parsed, _: Sequence[str]) -> Layout:
        body, handler = all_of(form, "block")
        first = self._region(body)
        return ops.Try(), (), (first, self._region(handler, self._params(all_of(form, "typed"), ops.Try(), (), 1)))

    def _guarded(self, form: Parsed, op: Op, operands: tuple[str, ...]) -> tuple[Region, ...]:
        """Each block with the parameter that stands before it."""
        pairs = zip(all_of(form, "typed"), all_of(form, "block"), strict=True)
        return tuple(self._region(b, self._params([p], op, operands, i)) for i, (p, b) in enumerate(pairs))

    def _filter(self, form: Parsed, _: Sequence[str]) -> Layout:
        return ops.Filter(), _operands(form), self._guarded(form, ops.Filter(), _operands(form))

    def _encode(self, form: Parsed, _: Sequence[str]) -> Layout:
        stride = _token(form, "INT")
        op = ops.Encode(int(stride) if stride else None)
        return op, _operands(form), self._guarded(form, op, _operands(form))

    def _attempt(self, form: Parsed, _: Sequence[str]) -> Layout:
        op = ops.Attempt(int(_token(form, "INT")), not _token(form, "SILENT"))
        bound = child(form, "bound")
        operands = _operands(bound)
        params = self._params([child(bound, "typed")], op, operands, 0)
        return op, operands, (self._region(child(form, "block"), params),)

    def _generic(self, form: Parsed, _: Sequence[str]) -> Layout:
        op: Op = self._convert(self._json(form), _ANY_OP, form)
        regions = (
            self._region(child(r, "block"), tuple(self._typed(t, None) for t in all_of(r, "typed")))
            for r in all_of(form, "region")
        )
        return op, _operands(form), tuple(regions)


def _operands(form: Parsed) -> tuple[str, ...]:
    """Values named directly in a form, or in its list in parentheses."""
    listed = find(form, "values")
    found = [*tokens(form), *(tokens(listed) if listed else [])]
    return tuple(word(t) for t in found if t.type == "VALUE")


def _bounds(form: Parsed) -> tuple[list[Parsed], tuple[str, ...]]:
    """`, %param = %operand`: the parameters and the operands."""
    bound = all_of(child(form, "bounds"), "bound")
    return [child(b, "typed") for b in bound], tuple(o for b in bound for o in _operands(b))


def _parts(form: Parsed) -> tuple[tuple[Part, ...], tuple[str, ...]]:
    parts: list[Part] = []
    operands: list[str] = []
    for token in tokens(child(form, "parts")):
        if token.type == "STRING":
            parts.append(string(token))
        else:
            parts.append(len(operands))
            operands.append(word(token))
    return tuple(parts), tuple(operands)


def _function_name(form: Parsed) -> str:
    return word(next(t for t in tokens(form) if t.type == "FUNCTION"))


def _name(form: Parsed, default: str) -> str:
    named = find(form, "named")
    return name_of(named) if named else default


def _nth(results: Sequence[str], index: int) -> str:
    """The name of a result, which is most often that of the op too."""
    return results[index] if len(results) > index else ""


def _token(form: Parsed, kind: str) -> Token | str:
    """The first token of a kind; "" where there is none."""
    return next((t for t in tokens(form) if t.type == kind), "")
