"""Prompt strings, roles and generations -> IR nodes."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sglc.frontend import ast
from sglc.frontend.lower_expr import CTX, ExprLowerer
from sglc.frontend.survey import GENERATIONS
from sglc.frontend.typed import GenFacts
from sglc.ir import ops
from sglc.ir.graph import Region
from sglc.ir.types import CONTEXT, FLOAT, INT, STR, ListType, NamedType, Type


class PromptLowerer(ExprLowerer):
    """Adds what reads and grows the context. A role statement is emitted with its first text, or before what needs it."""

    pending_role: str = ""
    has_roles: bool = False
    role: str = ""

    def open_role(self) -> None:
        """Emit a role statement that has no text yet."""
        if self.pending_role:
            self._append((), [])

    def _append(self, parts: tuple[ops.Part, ...], operands: list[str], at: ast.Node | None = None) -> None:
        role, self.pending_role = self.pending_role, ""
        context = self.context_value()
        self.env[CTX] = self.emit(ops.Append(parts, role), [context, *operands], [("c", CONTEXT)], at=at)[0]

    def _prompt(self, node: ast.Prompt) -> None:
        self.prompt_string(node.text)

    def prompt_string(self, node: ast.Str) -> None:
        sampled = next(
            (h.content for h in node.parts if isinstance(h, ast.Hole) and self._samples(h.content) > 1), None
        )
        if sampled is not None:
            self._sample(sampled, lambda: self._string(node.parts))
        else:
            self._string(node.parts)

    def _string(self, pieces: tuple[ast.Text | ast.Hole, ...]) -> None:
        stretch: list[ast.Text | ast.Hole] = []
        for number, piece in enumerate(pieces):
            if isinstance(piece, ast.Hole) and isinstance(piece.content, GENERATIONS):
                self._stretch(stretch)
                stretch = []
                after = pieces[number + 1] if number + 1 < len(pieces) else None
                self.generate(piece.content, after.text if isinstance(after, ast.Text) else "")
            else:
                stretch.append(piece)
        self._stretch(stretch)

    def _stretch(self, pieces: list[ast.Text | ast.Hole]) -> None:
        if pieces:
            parts, operands = self.parts(pieces)
            self._append(parts, operands, pieces[0])

    def _insert(self, node: ast.Insert) -> None:
        self._append((0,), [self.expr(node.value)], node)

    def _genstmt(self, node: ast.GenStmt) -> None:
        if self.has_roles and not self.role:
            self.pending_role = "assistant"
        if self._samples(node.content) > 1:
            self._sample(node.content, lambda: self.generate(node.content))
            self.pending_role = ""
        else:
            self.generate(node.content)

    # --- generation ---

    def _samples(self, content: Any) -> int:
        facts = self.program.gens.get(content) if isinstance(content, ast.Gen) else None
        return facts.samples if facts is not None else 1

    def _sample(self, content: Any, lower: Callable[[], None]) -> None:
        """`n=k`: a fork of the whole statement; the context gets no sample."""
        role = self.pending_role
        self.context_value()
        count = self.const(self._samples(content), INT)
        items = self.emit(ops.Apply("range"), [count], [("samples", ListType(INT))])[0]
        with self.region() as nodes:
            item = self.fresh("sample", INT)
            lower()
            value = self.env[content.name.name]
            self.emit(ops.Yield(), [value])
        region = Region((item,), tuple(nodes))
        type_ = self.program.gens[content].type
        self.pending_role = role
        result = self.emit(ops.Map(content.name.name), [items], [("samples", ListType(type_))], [region], content)[0]
        self.set(content.name, result)

    def generate(self, node: ast.Gen | ast.Select | ast.ModelCall, follow: str = "") -> None:
        """A generation in the current context; its names are bound."""
        self.open_role()
        facts = self.program.gens[node]
        if isinstance(node, ast.Select):
            self._select(node, facts)
            return
        context = self.context_value()
        dynamic = tuple(facts.dynamic)
        operands = [context, *(self.expr(facts.dynamic[name]) for name in dynamic)]
        op = ops.Gen(
            node.name.name,
            facts.type,
            self._options(facts),
            dynamic,
            bool(facts.reasoning),
            bool(facts.logprobs),
            follow,
        )
        results: list[tuple[str, Type]] = [("c", CONTEXT), (node.name.name, facts.type)]
        if facts.reasoning:
            results.append((facts.reasoning, STR))
        if facts.logprobs:
            results.append((facts.logprobs, ListType(NamedType("Logprob"))))
        self.env[CTX], value, *more = self.emit(op, operands, results, at=node)
        if isinstance(node, ast.ModelCall):
            value = self._dispatch(node, facts, value)
        self.set(node.name, value)
        bound = {o.name.name: o.value for o in node.options}
        for key in ("reasoning", "logprobs"):
            target = bound.get(key)
            if isinstance(target, ast.Name):
                self.set(target, more.pop(0))

    def _dispatch(self, node: ast.ModelCall, facts: GenFacts, value: str) -> str:
        tools = tuple(m.name for m in getattr(facts.type, "members", ()) if m.result is not None)
        return self.one(ops.Dispatch(tools), [value], facts.type, node, node.name.name)

    def _select(self, node: ast.Select, facts: GenFacts) -> None:
        context, choices = self.context_value(), self.expr(node.choices)
        results: list[tuple[str, Type]] = [("c", CONTEXT), (node.name.name, STR)]
        if facts.scores:
            results.append((facts.scores, ListType(FLOAT)))
        op = ops.Select(node.name.name, node.by.name if node.by else "likelihood", bool(facts.scores), facts.model)
        self.env[CTX], value, *more = self.emit(op, [context, choices], results, at=node)
        self.set(node.name, value)
        bound = {o.name.name: o.value for o in node.options}
        if more and isinstance(target := bound.get("scores"), ast.Name):
            self.set(target, more[0])

    def _options(self, facts: GenFacts) -> ops.GenOptions:
        defaults = self.defaults.get(facts.model, {})
        given = {**{k: v for k, v in defaults.items() if k not in facts.dynamic}, **facts.constants}
        return ops.GenOptions(**given, model=facts.model)

    defaults: dict[str, dict[str, Any]]
