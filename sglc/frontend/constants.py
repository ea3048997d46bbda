"""Values of constant expressions, computed from the checked tree."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from sglc.frontend import ast
from sglc.frontend.typed import CallTarget, ConstantRef, TypedProgram
from sglc.ir.decode import insert_text, to_json
from sglc.ir.types import STR, NamedType
from sglc.ir.values import EvalError, apply

OPERATORS = {"+": "add", "-": "sub", "*": "mul", "/": "div", "//": "floordiv", "%": "mod"}
COMPARISONS = {
    "==": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge", "in": "in", "not in": "not_in",
}  # fmt: skip


class NotConstantError(Exception):
    """The expression depends on something that only run time knows; carries the node."""

    def __init__(self, node: ast.Node) -> None:
        super().__init__("not constant")
        self.node = node


class FailedError(EvalError):
    """The expression has no value; carries the node that has none."""

    def __init__(self, message: str, node: ast.Node) -> None:
        super().__init__(message)
        self.node = node


def evaluate(node: ast.Expr, program: TypedProgram) -> Any:
    """The value of a checked expression. Raises NotConstantError, or FailedError where it has no value."""
    return _Evaluator(program).value(node)


class _Evaluator:
    def __init__(self, program: TypedProgram) -> None:
        self.program = program

    def value(self, node: ast.Expr) -> Any:
        method: Callable[[Any], Any] | None = getattr(self, "_" + type(node).__name__.lower(), None)
        if method is None:
            raise NotConstantError(node)
        try:
            return method(node)
        except FailedError:
            raise
        except EvalError as error:
            raise FailedError(error.message, node) from None

    def _name(self, node: ast.Name) -> Any:
        binding = self.program.bindings.get(node)
        if not isinstance(binding, ConstantRef):
            raise NotConstantError(node)
        return binding.value

    def _attribute(self, node: ast.Attribute) -> Any:
        binding = self.program.bindings.get(node)
        if isinstance(binding, ConstantRef):
            return binding.value
        owner = self.value(node.value)
        if not isinstance(owner, dict) or node.name.name not in owner:
            raise EvalError(f"no field `{node.name.name}`")
        return owner[node.name.name]

    def _str(self, node: ast.Str) -> str:
        out = []
        for part in node.parts:
            if isinstance(part, ast.Text):
                out.append(part.text)
            elif isinstance(part.content, ast.Gen | ast.Select | ast.ModelCall):
                raise NotConstantError(part)
            else:
                value = self.value(part.content)
                out.append(insert_text(value, self.program.types.get(part.content, STR)))
        return "".join(out)

    def _number(self, node: ast.Number) -> Any:
        return node.value

    def _duration(self, node: ast.Duration) -> float:
        return node.seconds

    def _constant(self, node: ast.Constant) -> Any:
        return node.value

    def _listexpr(self, node: ast.ListExpr) -> list[Any]:
        return [self.value(item) for item in node.items]

    def _tupleexpr(self, node: ast.TupleExpr) -> tuple[Any, ...]:
        return tuple(self.value(item) for item in node.items)

    def _dictexpr(self, node: ast.DictExpr) -> dict[str, Any]:
        return {self.value(key): self.value(value) for key, value in node.entries}

    def _index(self, node: ast.Index) -> Any:
        return apply("index", [self.value(node.value), self.value(node.index)])

    def _slice(self, node: ast.Slice) -> Any:
        parts = [None if part is None else self.value(part) for part in (node.start, node.stop, node.step)]
        return apply("slice", [self.value(node.value), *parts])

    def _unary(self, node: ast.Unary) -> Any:
        return apply("not" if node.op == "not" else "neg", [self.value(node.operand)])

    def _binary(self, node: ast.Binary) -> Any:
        return apply(OPERATORS[node.op], [self.value(node.left), self.value(node.right)])

    def _logic(self, node: ast.Logic) -> Any:
        stop = node.op == "or"
        return next((stop for operand in node.operands if self.value(operand) is stop), not stop)

    def _compare(self, node: ast.Compare) -> bool:
        values = [self.value(operand) for operand in node.operands]
        pairs = zip(node.ops, values[:-1], values[1:], strict=True)
        return all(apply(COMPARISONS[op], [a, b]) for op, a, b in pairs)

    def _conditional(self, node: ast.Conditional) -> Any:
        return self.value(node.then if self.value(node.condition) else node.otherwise)

    def _call(self, node: ast.Call) -> Any:
        target = self.program.calls.get(node)
        if target is None or target.kind not in ("builtin", "record", "describe"):
            raise NotConstantError(node)
        if target.kind == "describe":
            return target.text
        args = [arg if isinstance(arg, str) else self.value(arg) for arg in target.args]
        if target.kind == "record":
            return self._record(target, args)
        if target.name == "str" and target.args and not isinstance(target.args[0], str):
            return insert_text(args[0], self.program.types.get(target.args[0], STR))
        if target.name == "json":
            return to_json(args[0])
        return apply(target.name, args)

    def _record(self, target: CallTarget, args: list[Any]) -> dict[str, Any]:
        import msgspec

        record = self.program.table[NamedType(target.name).name]
        names = [f.name for f in record.fields]  # type: ignore[union-attr]
        values = [
            msgspec.json.decode(given) if isinstance(written, str) else given
            for written, given in zip(target.args, args, strict=True)
        ]
        return dict(zip(names, values, strict=True))
