"""TypedProgram -> Graph: functions, templates, sessions and tests, and the declarations around them."""

from __future__ import annotations

from sglc.frontend import ast
from sglc.frontend.lower_expr import CTX
from sglc.frontend.lower_loop import LoopLowerer
from sglc.frontend.resolve import Symbol, Unit
from sglc.frontend.typed import Signature, TypedProgram
from sglc.ir import ops
from sglc.ir.graph import Function, FunctionKind, Graph, Model, Region, Serve, Session, Test, Value
from sglc.ir.types import CONTEXT, NONE, Field, Type


def lower(program: TypedProgram) -> Graph:
    """The program's graph. Expects a program that was checked without errors."""
    return _Lower(program).run()


class _Lower:
    def __init__(self, program: TypedProgram) -> None:
        self.program = program
        self.defaults = program.model_defaults
        self.functions: list[Function] = []
        self.sessions: list[Session] = []
        self.serves: list[Serve] = []
        self.models: list[Model] = []
        self.tests: list[Test] = []

    def run(self) -> Graph:
        main = self.program.linked.main
        for unit in self.program.linked.units:
            for symbol in unit.own.values():
                self._symbol(unit, symbol)
        tests = [d for d in main.module.decls if isinstance(d, ast.TestDecl)]
        for number, decl in enumerate(tests):
            self._test(main, decl, number)
        types = tuple(self.program.table[name] for name in sorted(self.program.table))
        tools = tuple(self.program.tools[name] for name in sorted(self.program.tools))
        return Graph(
            tuple(self.functions), types, tools, tuple(self.models), tuple(self.sessions), tuple(self.serves),
            tuple(self.tests), self._entry(main),
        )  # fmt: skip

    def _entry(self, main: Unit) -> str:
        """What `sglc run` starts: the file's last def or session."""
        names = [s.unique for s in main.own.values() if s.kind in ("function", "session")]
        return names[-1] if names else ""

    def _symbol(self, unit: Unit, symbol: Symbol) -> None:
        decl = symbol.decl
        if isinstance(decl, ast.FuncDecl):
            self._function(unit, symbol, decl)
            self._serve(symbol, decl.decorators)
        elif isinstance(decl, ast.SessionDecl):
            self._session(unit, symbol, decl)
            self._serve(symbol, decl.decorators)
        elif isinstance(decl, ast.ModelDecl):
            date = next((o.value.constant or "" for o in decl.options
                         if o.name.name == "date" and isinstance(o.value, ast.Str)), "")  # fmt: skip
            self.models.append(Model(symbol.unique, decl.path.constant or "", date))

    def _serve(self, symbol: Symbol, decorators: tuple[ast.Decorator, ...]) -> None:
        for decorator in decorators:
            given = {a.name.name: a.value.constant or "" for a in decorator.args
                     if a.name is not None and isinstance(a.value, ast.Str)}  # fmt: skip
            self.serves.append(Serve(symbol.unique, **given))

    def _body(self, unit: Unit, roles: bool) -> LoopLowerer:
        body = LoopLowerer(self.program, unit)
        body.frames, body.has_roles, body.defaults = [], roles, self.defaults
        return body

    def _params(self, body: LoopLowerer, decls: tuple[ast.FieldDecl, ...], fields: tuple[Field, ...]) -> list[Value]:
        values = []
        for decl, field in zip(decls, fields, strict=True):
            value = body.fresh(field.name, field.type)
            body.set(decl.name, value.name)
            values.append(value)
        return values

    def _context(self, body: LoopLowerer) -> Value:
        value = body.fresh("c", CONTEXT)
        body.env[CTX] = value.name
        return value

    def _function(self, unit: Unit, symbol: Symbol, decl: ast.FuncDecl) -> None:
        signature = self.program.signatures[symbol.unique]
        body = self._body(unit, signature.has_roles)
        template = decl.kind == "template"
        params = [self._context(body)] if template else []
        params += self._params(body, decl.params, signature.fields)
        if not template:
            body.context_value()

        def finish(value: str | None) -> None:
            body.open_role()
            context = [body.context_value()] if template else []
            body.emit(ops.Return(), [*context, *([value] if value is not None else [])])

        body.return_ = finish
        body.block(decl.body)
        if not body.ended:
            finish(None)
        results = ([CONTEXT] if template else []) + _result(signature)
        kind: FunctionKind = "template" if template else "def"
        description = decl.description.constant or "" if decl.description is not None else ""
        self._add(symbol.unique, kind, signature.fields, params, results, body, signature.depth, description, decl.name)

    def _add(
        self, name: str, kind: FunctionKind, fields: tuple[Field, ...], params: list[Value], results: list[Type],
        body: LoopLowerer, depth: int | None, description: str, at: ast.Node,
    ) -> None:  # fmt: skip
        region = Region(tuple(params), tuple(body.nodes))
        location = body.location(at)
        self.functions.append(
            Function(name, kind, fields, tuple(params), tuple(results), region, depth, description, location)
        )

    def _session(self, unit: Unit, symbol: Symbol, decl: ast.SessionDecl) -> None:
        name = symbol.unique
        opened, turned = self.program.signatures[name], self.program.signatures[f"{name}.turn"]
        states = self.program.states[name]
        roles = opened.has_roles or turned.has_roles
        state_types = [f.type for f in states]
        keys = [f.name for f in states]
        turn = decl.turns[0]

        setup = self._body(unit, roles)
        params = self._params(setup, decl.params, opened.fields)
        setup.context_value()
        for node, field in zip(decl.states, states, strict=True):
            setup.set(node.name, setup.emit(ops.Const(field.default or "null"), (), [(field.name, field.type)])[0])
        setup.block(decl.body)
        if not setup.ended:
            setup.emit(ops.Return(), [setup.context_value(), *(setup.env[k] for k in keys)])
        self._add(f"{name}.open", "open", opened.fields, params, [CONTEXT, *state_types], setup, None, "", decl.name)

        body = self._body(unit, roles)
        params = [self._context(body)]
        params += self._params(body, decl.states, states)
        params += self._params(body, decl.params, opened.fields)
        params += self._params(body, turn.params, turned.fields)

        def finish(value: str | None) -> None:
            body.open_role()
            kept = [body.context_value(), *(body.env[k] for k in keys)]
            body.emit(ops.Return(), [*kept, *([value] if value is not None else [])])

        body.return_ = finish
        body.block(turn.body)
        if not body.ended:
            finish(None)
        results = [CONTEXT, *state_types, *_result(turned)]
        self._add(f"{name}.turn", "turn", turned.fields, params, results, body, None, "", turn)
        self.sessions.append(Session(name, opened.fields, states, turned.fields, turned.result or NONE))

    def _test(self, unit: Unit, decl: ast.TestDecl, number: int) -> None:
        body = self._body(unit, roles=False)
        body.context_value()
        body.block(decl.body)
        if not body.ended:
            body.emit(ops.Return(), [])
        name = f"test.{number}"
        self._add(name, "test", (), [], [], body, None, "", decl)
        replay = next((o.value.constant or "" for o in decl.options if isinstance(o.value, ast.Str)), "")
        self.tests.append(Test(decl.name.constant or "", name, replay))


def _result(signature: Signature) -> list[Type]:
    return [] if signature.result is None else [signature.result]
