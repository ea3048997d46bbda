"""Checks what is appended to a context: prompt strings and their holes, roles, generations, templates."""

from __future__ import annotations

from typing import Any

from sglc.diagnostics import Related, nearest
from sglc.frontend import ast
from sglc.frontend.check_access import SESSION_HELP
from sglc.frontend.check_expr import ExprChecker
from sglc.frontend.errors import loops as le
from sglc.frontend.errors import names as ne
from sglc.frontend.errors import prompts as pe
from sglc.frontend.errors import types as te
from sglc.frontend.resolve import KIND_NAMES
from sglc.frontend.survey import GENERATIONS, walk
from sglc.ir.types import ERROR, Type


class PromptChecker(ExprChecker):
    """Adds prompts. `role` is the role statement around."""

    role: str | None = None
    refused: bool = False
    """A prompt of this test was reported: one finding is enough."""

    def context(self, node: ast.Node, what: str) -> bool:
        """Whether text can be appended here; reports otherwise."""
        if self.scope.kind == "test":
            if not self.refused:
                help_ = "move the prompt into a function, and call that"
                self.error(pe.PromptNotAllowed, node, where="a test", help=help_)
            self.refused = True
            return False
        if self.has_roles and self.role is None and what == "text":
            self.error(pe.TextOutsideRole, node, name=self.scope.name, **self._outside_role(node))
            return False
        return True

    def _outside_role(self, node: ast.Node) -> dict[str, Any]:
        """Where the roles are, and how to put a statement under one."""
        summaries = self.shared.summaries
        names = (self.current, f"{self.current}.turn", self.current.removesuffix(".turn"))
        first = next((r for n in names if n in summaries and (r := summaries[n].role) is not None), None)
        facts: dict[str, Any] = {"related": ()}
        if isinstance(first, ast.Role | ast.Use):
            place = first.role if isinstance(first, ast.Role) else first.template
            facts["related"] = (Related(self.unit.source, place.span, "a role here"),)
        if isinstance(node, ast.Use):
            signature = self.program.uses[node][0]
            role = "assistant" if signature.generates else "user"
            facts["help"] = f"put it under a role: `{role}: {self.written(node)}`"
        elif isinstance(node, ast.Encode):
            facts["help"] = "put it into a `user:` block"
        elif node == self.body[0] and isinstance(node, ast.Prompt) and node.text.constant and node.text.block:
            facts["help"] = (
                'put it under a role; a description stands before the colon: def f(...) -> T "what it does":'
            )
        elif isinstance(node, ast.Prompt) and any(isinstance(n, GENERATIONS) for n in walk(node)):
            facts["help"] = "put it under `assistant:`"
        return facts

    def _prompt(self, node: ast.Prompt) -> None:
        if not any(f.kind == "encode" for f in self.frames):  # where `encode` may stand is checked there
            self.context(node, "text")
        self.prompt_string(node.text)

    def prompt_string(self, node: ast.Str) -> None:
        """A string that is appended: its holes run from left to right."""
        holes = [p for p in node.parts if isinstance(p, ast.Hole)]
        generations = [h.content for h in holes if isinstance(h.content, GENERATIONS)]
        sampled = self._sampled(generations)
        later = {g.name.name: g for g in generations}
        for hole in holes:
            content = hole.content
            if isinstance(content, GENERATIONS):
                later.pop(content.name.name, None)
                self.generation(content)
                continue
            names = [n for n in walk(content) if isinstance(n, ast.Name)]
            early = next((n for n in names if n.name in later and n.name not in self.flow.assigned), None)
            single = next((n for n in names if sampled is not None and n.name == sampled.name.name), None)
            if early is not None:
                related = (Related(self.unit.source, later[early.name].name.span, "generated here"),)
                if early.name not in self.flow.told:
                    self.error(pe.UsedBeforeGenerated, early, name=early.name, related=related)
                self.flow.told.add(early.name)
            elif single is not None and single.name not in later:
                problem = f"`{single.name}` is a list of samples, which exists behind this string only"
                self.error(pe.SampledString, single, problem=problem, help="use it in a later statement")
            else:
                self.insertable(content)

    def _sampled(self, generations: list[ast.Gen | ast.Select | ast.ModelCall]) -> ast.Gen | None:
        """The generation with `n` of a string, which must be the only one: the other values would be lost."""
        found = next((g for g in generations if isinstance(g, ast.Gen) and _has_samples(g)), None)
        for other in generations if found is not None else ():
            if found is not None and other is not found:
                problem = f"`{other.name.name}` is generated once for each sample of `{found.name.name}`, and then lost"
                related = (Related(self.unit.source, found.name.span, "with `n` here"),)
                help_ = "write a `fork` and yield both, or generate it in a string of its own"
                self.error(pe.SampledString, other.name, problem=problem, help=help_, related=related)
        return found

    def _insert(self, node: ast.Insert) -> None:
        if self.context(node, "text"):
            self.insertable(node.value)
        else:
            self.expr(node.value)

    def _role(self, node: ast.Role) -> None:
        if self.role is not None:
            same = f"remove the inner `{self.role}:`, it is the same message"
            help_ = same if self.role == node.role.name else f"move it out of `{self.role}:`"
            self.error(pe.NestedRole, node.role, outer=self.role, help=help_)
        outer, self.role = self.role, node.role.name
        self.block(node.body)
        self.role = outer

    def _genstmt(self, node: ast.GenStmt) -> None:
        self.context(node, "generation")
        self.generation(node.content)

    def generation(self, node: ast.Gen | ast.Select | ast.ModelCall) -> None:
        """A generation in the context of this function."""
        if any(f.kind == "encode" for f in self.frames):
            self.error(le.EncodeOnlyText, node, help="generate behind the `encode`")
        self.program.roles[node] = self.role
        self.generate(node)

    def _use(self, node: ast.Use) -> None:
        symbol = self.unit.names.get(node.template.name)
        signature = self.program.signatures.get(symbol.unique) if symbol is not None else None
        if symbol is None or symbol.kind != "template" or signature is None:
            self._not_a_template(node)
            return
        args = self.arguments(node, node.args, signature.fields, symbol.name)
        self.program.uses[node] = (signature, args)
        self.note_call(node, signature)
        if self.role is not None and signature.has_roles:
            facts = {"what": f"`{symbol.name}` has roles of its own, ", "help": f"move it out of `{self.role}:`"}
            self.error(pe.NestedRole, node.template, outer=self.role, **facts)
        elif self.scope.kind == "test" or (signature.has_text and not signature.has_roles):
            self.context(node, "text")
        if not node.targets:
            return
        if signature.result is None:
            self.error(te.NoValue, node.template, function=symbol.name, kind="template")
        found: Type = signature.result if signature.result is not None else ERROR
        for name, part in zip(node.targets, self.unpack(node.targets, found), strict=True):
            self.assign(name, part)

    def _not_a_template(self, node: ast.Use) -> None:
        for arg in node.args:
            self.expr(arg.value)
        for target in node.targets:
            self.assign(target, ERROR)
        name = node.template.name
        symbol = self.unit.names.get(name)
        if symbol is None:
            near = nearest(name, [n for n, s in self.unit.names.items() if s.kind == "template"])
            help_ = f"use `{near}`" if near else f"declare it: template {name}(...): ..."
            self.error(ne.UnknownName, node.template, name=name, where="this file as a template", help=help_)
        elif symbol.kind in KIND_NAMES and symbol.kind != "template":
            start = self.unit.source.text[node.span.start : node.template.span.start].partition("use")[0]
            written = self.unit.source.text[node.template.span.start : node.span.end]
            help_ = f"write `{start}{written}`" if symbol.kind in ("function", "tool", "type") else ""
            help_ = f"write `... = {written}`" if symbol.kind == "type" and not start else help_
            help_ = SESSION_HELP if symbol.kind == "session" else help_
            facts = {"kind": KIND_NAMES[symbol.kind], "help": help_}
            self.error(ne.WrongKind, node.template, name=name, expected="a template", **facts)


def _has_samples(node: ast.Gen) -> bool:
    """A number below 2 asks for no samples; anything else may."""
    value = next((o.value for o in node.options if o.name.name == "n"), None)
    return value is not None and not (isinstance(value, ast.Number) and value.value < 2)
