"""Finds where `ensure ... retry` starts again: before the earliest statement of its block that generates what the
condition depends on, directly or through plain assignments.
"""

from __future__ import annotations

from collections.abc import Iterator

from sglc.frontend import ast
from sglc.frontend.check_base import PendingRetry
from sglc.frontend.check_match import MatchChecker
from sglc.frontend.errors import control as fe
from sglc.frontend.errors import retries as re_
from sglc.frontend.survey import GENERATIONS, assigned_names, blocks_of, walk


class RetryChecker(MatchChecker):
    """Adds retries."""

    def retry(self, block: tuple[ast.Stmt, ...], position: int, node: ast.Ensure) -> None:
        start = self._start(block, position, node)
        if start is None:
            self.error(re_.NothingToRetry, node.condition, help=self._why_nothing(block[:position], node))
            return
        # Retries nest: one that starts inside the stretch of an earlier one starts where that one does.
        for end, earlier in enumerate(block[:position]):
            if isinstance(earlier, ast.Ensure) and (outer := self.program.retries.get(earlier)) is not None:
                start = outer if outer < start <= end else start
        self.program.retries[node] = start
        stretch = block[start:position]
        for statement, word in _leaving(stretch, in_loop=False, in_fork=False):
            where = f"the retry of line {self.line_of(node)} goes back to before this"
            self.error(
                fe.Misplaced, statement, word=word, where=where, help=f"move it behind the `ensure`{_ALSO[word]}"
            )
        tells = self.has_roles and any(True for _ in self._own_generations(stretch))
        self.shared.pending.append(PendingRetry(node, self.unit, self.current, stretch, tells))

    def _start(self, block: tuple[ast.Stmt, ...], position: int, node: ast.Ensure) -> int | None:
        needed = {n.name for n in walk(node.condition) if isinstance(n, ast.Name)}
        start: int | None = None
        for index in range(position - 1, -1, -1):
            statement = block[index]
            if not assigned_names(statement) & needed:
                continue
            if self._generates(statement):
                start = index
            elif isinstance(statement, ast.Assign):
                needed |= {n.name for n in walk(statement.value) if isinstance(n, ast.Name)}
        return start

    def _why_nothing(self, before: tuple[ast.Stmt, ...], node: ast.Ensure) -> str:
        """Where what the condition depends on was generated, if that is outside of the block or out of sight."""
        for name in (n for n in walk(node.condition) if isinstance(n, ast.Name)):
            variable = self.scope.variables.get(name.name)
            if variable is not None and variable.what in ("generated value", "selected value"):
                line = self.line_of(variable.span)
                return f"move it into the block where `{name.name}` is generated, line {line}"
        names = {n.name for n in walk(node.condition) if isinstance(n, ast.Name)}
        for statement in reversed(before):
            hidden = sorted(assigned_names(statement) & names)
            if hidden and not isinstance(statement, ast.Assign):
                line = self.line_of(statement)
                return f"check a generated value itself: `{hidden[0]}` comes out of the block of line {line}"
        return "check a generated value, or remove `retry`"

    def _generates(self, statement: ast.Stmt) -> bool:
        return any(isinstance(n, GENERATIONS) or self._calls_generation(n) for n in walk(statement))

    def _calls_generation(self, node: ast.Node) -> bool:
        name = node.template.name if isinstance(node, ast.Use) else None
        if isinstance(node, ast.Call) and isinstance(node.function, ast.Name):
            name = node.function.name
        symbol = self.unit.names.get(name) if name is not None else None
        summary = self.shared.summaries.get(symbol.unique) if symbol is not None else None
        return summary is not None and summary.generates

    def _own_generations(self, stretch: tuple[ast.Stmt, ...]) -> Iterator[ast.Node]:
        """Generations in the context of this function, templates' included: they see what the retry tells."""
        for node in walk(stretch):
            if isinstance(node, GENERATIONS) or (isinstance(node, ast.Use) and self._calls_generation(node)):
                yield node


_ALSO = {"return": "", "yield": "", "break": ", or out of its loop", "continue": ", or out of its loop"}


def _leaving(statements: tuple[ast.Stmt, ...], *, in_loop: bool, in_fork: bool) -> Iterator[tuple[ast.Stmt, str]]:
    """Statements that would leave the stretch: `break` of a loop around it, `return`, `yield`."""
    for statement in statements:
        if isinstance(statement, ast.Return):
            yield statement, "return"
        elif isinstance(statement, ast.Yield) and not in_fork:
            yield statement, "yield"
        elif isinstance(statement, ast.Jump) and statement.word != "pass" and not in_loop:
            yield statement, statement.word
        loop = isinstance(statement, ast.For | ast.While | ast.Loop)
        fork = isinstance(statement, ast.Fork) or (isinstance(statement, ast.For) and statement.collect is not None)
        for inner in blocks_of(statement):
            yield from _leaving(inner, in_loop=in_loop or loop, in_fork=in_fork or fork)
