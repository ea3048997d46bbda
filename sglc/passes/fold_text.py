"""fold_text: neighbouring text becomes one append, constant parts become one part.

    %d = append %c, role user ["About "]
    %s = format [%n, " days"]                   %f = append %c, role user ["About ", %n, " days\\nin Rome"]
    %e = append %d, [%s]                  ->
    %f = append %e, role user ["in Rome"]

A second append joins the one before it in the same region when nobody else uses the context in between. Without a role
its text goes on; with the role of the first one it goes on behind one newline, as it would have (Append in ir/ops.py).
With another role, or where the role of the first is not known, it stays on its own. An append of nothing without a
role is its context. A `format` whose only use is in an append, or a `format`, behind it in the same region becomes part
of that.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Sequence

import msgspec

from sglc.ir import ops
from sglc.ir.graph import Function, Graph, Node, Region, map_regions, walk
from sglc.ir.ops import Part
from sglc.passes.remarks import Remarks
from sglc.passes.rewrite import renamed


def fold_text(graph: Graph, remarks: Remarks) -> Graph:
    folders = {f.name: _Folder(f, remarks) for f in graph.functions}
    folded = {name: folder.run() for name, folder in folders.items()}
    if all(folded[f.name].body == f.body for f in graph.functions):
        return graph
    return graph.with_functions(lambda f: folded[f.name])


class _Folder:
    """Folds one function; `joined` counts the nodes that became part of another."""

    def __init__(self, function: Function, remarks: Remarks) -> None:
        self.function, self.remarks = function, remarks
        self.uses = Counter(name for node in walk(function.body) for name in node.operands)
        self.joined = 0

    def run(self) -> Function:
        body = self._region(self.function.body)
        if self.joined:
            message = f"pieces of text of `{self.function.name}` that became part of another: {self.joined}"
            self.remarks.add(message, self.function.location, nodes=self.joined)
        return msgspec.structs.replace(self.function, body=body)

    def _region(self, region: Region) -> Region:
        made: dict[str, Node] = {}  # nodes so far, by their first result, or by their place where they have none
        names: dict[str, str] = {}
        for place, node in enumerate(region.nodes):
            node = map_regions(self._folded(renamed(node, names), made), self._region)
            if node.op == ops.Append():
                names[node.results[0].name] = node.operands[0]
                self.uses[node.operands[0]] += self.uses[node.results[0].name] - 1
                self.joined += 1
                continue
            made[node.results[0].name if node.results else f"%{place}"] = node
        return Region(region.params, tuple(made.values()))

    def _folded(self, node: Node, made: dict[str, Node]) -> Node:
        """The node joined with nodes before it, which leave `made`."""
        match node.op:
            case ops.Format(parts=parts):
                parts, operands = self._with_formats(parts, node.operands, made)
                return msgspec.structs.replace(node, op=ops.Format(parts), operands=operands)
            case ops.Append(parts=parts, role=role):
                parts, inserted = self._with_formats(parts, node.operands[1:], made)
                operands = (node.operands[0], *inserted)
                return self._joined(msgspec.structs.replace(node, op=ops.Append(parts, role), operands=operands), made)
        return node

    def _joined(self, second: Node, made: dict[str, Node]) -> Node:
        context, *inserted = second.operands
        first = made.get(context)
        if first is None or self.uses[context] != 1:
            return second
        assert isinstance(second.op, ops.Append)
        if not isinstance(first.op, ops.Append) or second.op.role not in ("", first.op.role):
            return second
        before, *inserted_before = first.operands
        between = ("\n",) if second.op.role else ()
        parts = merged((*first.op.parts, *between, *_shifted(second.op.parts, len(inserted_before))))
        del made[context]
        self.joined += 1
        op, operands = ops.Append(parts, first.op.role), (before, *inserted_before, *inserted)
        return msgspec.structs.replace(second, op=op, operands=operands, location=first.location or second.location)

    def _with_formats(
        self, parts: Sequence[Part], operands: Sequence[str], made: dict[str, Node]
    ) -> tuple[tuple[Part, ...], tuple[str, ...]]:
        """Parts and operands with formats that are used only here in the places of their values."""
        filled: list[Part] = []
        inserted: list[str] = []
        for part in parts:
            if isinstance(part, str):
                filled.append(part)
                continue
            name = operands[part]
            node = made.get(name)
            if node is None or not isinstance(node.op, ops.Format) or self.uses[name] > 1 or parts.count(part) > 1:
                filled.append(len(inserted))
                inserted.append(name)
                continue
            del made[name]
            self.joined += 1
            filled += _shifted(node.op.parts, len(inserted))
            inserted += node.operands
        return merged(filled), tuple(inserted)


def _shifted(parts: Iterable[Part], by: int) -> list[Part]:
    return [part + by if isinstance(part, int) else part for part in parts]


def merged(parts: Iterable[Part]) -> tuple[Part, ...]:
    """The parts with neighbouring constant text in one, and no empty text."""
    out: list[Part] = []
    for part in parts:
        if isinstance(part, str) and out and isinstance(out[-1], str):
            out[-1] += part
        elif part != "":
            out.append(part)
    return tuple(out)
