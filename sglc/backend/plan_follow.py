"""The constant text that follows a generation in its context, which tells a constrained value where it ends."""

from __future__ import annotations

from itertools import takewhile

from sglc.ir import ops
from sglc.ir.graph import Function, Node, Region, walk

LENGTH = 64
"""Characters that are told; a token is shorter."""


class Followers:
    """What becomes of each context of a function: who uses it, under which other names it goes on, its open role."""

    def __init__(self, function: Function) -> None:
        self._users: dict[str, list[Node]] = {}
        self._names: dict[str, list[str]] = {}
        self._roles: dict[str, str] = {}
        # Contexts that go where this does not look: into the next iteration, out of the function.
        self._lost: set[str] = set()
        for node in walk(function.body):
            self._note(node)

    def after(self, context: str) -> str:
        """Text that comes next in the context in any case; "" where it is not known, or not constant."""
        if context in self._lost:
            return ""
        found = [self._next(context, user) for user in self._users.get(context, ())]
        found += [self.after(name) for name in self._names.get(context, ())]
        columns = takewhile(lambda column: len(set(column)) == 1, zip(*found, strict=False))
        return "".join(column[0] for column in columns)[:LENGTH]

    def _next(self, context: str, user: Node) -> str:
        if not isinstance(user.op, ops.Append) or user.operands[0] != context:
            return ""
        role, parts = user.op.role, user.op.parts
        if role and self._roles.get(context) != role:
            return ""
        start = "\n" if role else ""
        if not parts:
            return start or self.after(user.results[0].name)
        first = parts[0]
        return start + first if isinstance(first, str) else start

    def _note(self, node: Node) -> None:
        if not node.op.terminator:
            for name in set(node.operands):
                self._users.setdefault(name, []).append(node)
        match node.op:
            case ops.NewContext():
                self._roles[node.results[0].name] = ""
            case ops.Append(role=role) if role:
                self._roles[node.results[0].name] = role
            case ops.Append() | ops.Gen() | ops.Select() | ops.Encode():
                self._same_role(node.operands[0], node.results[0].name)
            case ops.Attempt():
                self._users[node.operands[0]].remove(node)
                self._go_on(node.operands[0], node.regions[0].params[0].name)
        for region in node.regions:
            self._note_end(node, region)

    def _same_role(self, before: str, after: str) -> None:
        if before in self._roles:
            self._roles[after] = self._roles[before]

    def _go_on(self, before: str, after: str) -> None:
        self._names.setdefault(before, []).append(after)
        self._same_role(before, after)

    def _note_end(self, node: Node, region: Region) -> None:
        match node.op, region.end.op:
            case (ops.If() | ops.Match() | ops.Try(), ops.Yield()):
                given = region.end.operands
            case (ops.Attempt(), ops.Check()):
                given = region.end.operands[2:]
            case _:
                self._lost.update(region.end.operands)
                return
        for before, result in zip(given, node.results, strict=True):
            self._names.setdefault(before, []).append(result.name)
