"""Finds where `ensure ... retry` starts again: before the earliest statement of its block that generates what the condition
depends on, directly or through plain assignments.
"""

from __future__ import annotations

from sglc.frontend import ast
from sglc.frontend.check_match import MatchChecker
from sglc.frontend.errors import control as fe
from sglc.frontend.survey import Summary, assigned_names, walk

_GENERATIONS = (ast.Gen, ast.Select, ast.ModelCall)


class RetryChecker(MatchChecker):
    """Adds retries. `summaries` tell which functions and templates generate."""

    summaries: dict[str, Summary]
    pending: list[tuple[ast.Ensure, str, set[str], ast.Node]]
    """Calls that a retry would repeat, for the effect check at the end: the ensure, the file, callees, where."""

    def retry(self, block: tuple[ast.Stmt, ...], position: int, node: ast.Ensure) -> None:
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
        if start is None:
            self.error(fe.NothingToRetry, node)
            return
        # Retries nest: one that starts inside the stretch of an earlier one starts where that one does.
        for earlier in block[:position]:
            if isinstance(earlier, ast.Ensure) and earlier in self.program.retries:
                if self.program.retries[earlier] < start <= block.index(earlier):
                    start = self.program.retries[earlier]
        self.program.retries[node] = start
        stretch = block[start:position]
        for inner in walk(stretch):
            if isinstance(inner, ast.Return | ast.Jump | ast.Yield) and not isinstance(inner, ast.Yield):
                word = "return" if isinstance(inner, ast.Return) else inner.word
                if word != "pass":
                    where = "a retry starts before this and ends behind it"
                    self.error(fe.Misplaced, inner, word=word, where=where, help="move it behind the `ensure`")
        if not self.has_roles and self._greedy(stretch):
            self.error(fe.RetryTellsNothing, node)
        self.pending.append((node, self.scope.name, self._callees(stretch), node))

    def _generates(self, statement: ast.Stmt) -> bool:
        for node in walk(statement):
            if isinstance(node, _GENERATIONS):
                return True
            name = node.template.name if isinstance(node, ast.Use) else None
            if isinstance(node, ast.Call) and isinstance(node.function, ast.Name):
                name = node.function.name
            symbol = self.unit.names.get(name) if name else None
            summary = self.summaries.get(symbol.unique) if symbol is not None else None
            if summary is not None and summary.generates:
                return True
        return False

    def _greedy(self, stretch: tuple[ast.Stmt, ...]) -> bool:
        """Whether every generation of the stretch is at temperature 0 as far as its own text says."""
        for node in walk(stretch):
            if isinstance(node, ast.Use | ast.Call) and self._generates_call(node):
                return False
            if isinstance(node, ast.Gen | ast.ModelCall) and node in self.program.gens:
                facts = self.program.gens[node]
                given = {**self.defaults.get(facts.model, {}), **facts.constants}
                if given.get("temperature", 0) != 0 or "temperature" in facts.dynamic:
                    return False
        return True

    def _generates_call(self, node: ast.Use | ast.Call) -> bool:
        return self._generates(ast.ExprStmt(node.span, node) if isinstance(node, ast.Call) else node)

    def _callees(self, stretch: tuple[ast.Stmt, ...]) -> set[str]:
        names: set[str] = set()
        for node in walk(stretch):
            written = None
            if isinstance(node, ast.Use):
                written = node.template.name
            elif isinstance(node, ast.Call) and isinstance(node.function, ast.Name):
                written = node.function.name
            elif isinstance(node, ast.CallChoice):
                written = node.name.name
            symbol = self.unit.names.get(written) if written else None
            if symbol is not None:
                names.add(symbol.unique)
        return names
