"""Programs as only programs write them: chains of hundreds of declarations, imports and branches end in one finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from sglc.diagnostics import Diagnostic, SglError
from sglc.pipeline import compile_program
from sglc.source import SourceFile

LINKS = 700


def refused(text: str, path: str = "long.sgl") -> Diagnostic:
    with pytest.raises(SglError) as caught:
        compile_program(path, source=SourceFile(path, text))
    (found,) = caught.value.diagnostics
    return found


def test_constants() -> None:
    links = "".join(f"A{i} = A{i + 1} + 1\n" for i in range(LINKS))
    found = refused(f"{links}A{LINKS} = 1\n\ndef f() -> int:\n    return A0\n")
    assert found.code == "SGL139"
    assert found.message == "`A0` is the first of 701 constants that build on each other"
    assert found.span is not None
    assert found.span.start == 0


def test_constants_in_order_are_no_problem() -> None:
    links = "".join(f"A{i} = A{i - 1} + 1\n" for i in range(1, LINKS))
    compile_program("long.sgl", source=SourceFile("long.sgl", f"A0 = 1\n{links}\ndef f() -> int:\n    return A699\n"))


def test_templates() -> None:
    links = "".join(f"template t{i}():\n    use t{i + 1}()\n\n" for i in range(LINKS))
    last = f'template t{LINKS}():\n    user: "x"\n\n'
    found = refused(f"{links}{last}def f() -> str:\n    use t0()\n    assistant: gen a: str\n    return a\n")
    assert (found.code, found.message.split()[0]) == ("SGL139", "`t0`")


def test_branches() -> None:
    branches = "".join(f"    elif x == {i}:\n        return {i}\n" for i in range(1, 2000))
    found = refused(f"def f(x: int) -> int:\n    if x == 0:\n        return 0\n{branches}    return 1\n")
    assert (found.code, found.message) == ("SGL139", "an `if` of 2,000 branches")


def test_imports(tmp_path: Path) -> None:
    for i in range(200):
        (tmp_path / f"m{i}.sgl").write_text(f'from "./m{i + 1}.sgl" import T{i + 1}\n\ntype T{i}:\n    a: T{i + 1}\n')
    (tmp_path / "m200.sgl").write_text("type T200:\n    a: int\n")
    text = 'from "./m0.sgl" import T0\n\ndef f(x: T0) -> int:\n    return 1\n'
    found = refused(text, str(tmp_path / "main.sgl"))
    assert (found.code, Path(found.path).name) == ("SGL101", "m49.sgl")
    assert found.label_text == "more than 50 files import each other in a row"
