"""The checker of one body: all parts together, and the parameters that come from outside."""

from __future__ import annotations

from sglc.frontend import ast
from sglc.frontend.check_call import CallChecker
from sglc.frontend.check_gen import GenChecker
from sglc.frontend.retry import RetryChecker
from sglc.frontend.typed import Variable
from sglc.ir.types import Field, Type


class Body(RetryChecker, GenChecker, CallChecker):
    """Checks the body of a def, template, session, turn or test; without a name, expressions of a declaration."""

    def parameters(self, decls: tuple[ast.FieldDecl, ...], fields: tuple[Field, ...], what: str = "parameter") -> None:
        for decl, field in zip(decls, fields, strict=True):
            known = self.scope.variables.get(field.name)
            if known is not None and known.span != decl.name.span:
                self.hides(decl.name)
            variable = Variable(field.type, decl.name.span, what)
            self.scope.variables[field.name] = self.program.variables[decl.name] = variable
            self.flow.assigned.add(field.name)

    def function(self, result: Type | None, body: tuple[ast.Stmt, ...], *, has_roles: bool) -> None:
        """Check a whole body whose `return` gives `result`."""
        self.result, self.has_roles, self.body = result, has_roles, body
        self.block(body)
