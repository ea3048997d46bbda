"""Flow of values and control: definite assignment, rebinding, narrowing, loops, forks, ends."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from checking import analyze_text, codes, places, shown, types_of

HEAD = """
enum Color: red | green | blue
type Pet:
    name: str
    age: int?
def use_int(i: int):
    pass
def use_text(s: str):
    pass
def use_maybe(s: str?):
    pass
def f(c: bool, xs: list[int], so: str?, i: int, s: str, color: Color, p: Pet, po: Pet?, j: json, words: list[str]) -> int:
"""


def errors(body: str, folder: Path, end: str = "    return 1\n") -> list[str]:
    """The errors of a function with this body."""
    text = HEAD + textwrap.indent(textwrap.dedent(body).strip("\n"), "    ") + "\n" + end
    return places(analyze_text(text, folder).errors)


@pytest.mark.parametrize(
    "body",
    [
        "if c:\n    a = 1\nelse:\n    a = 2\nuse_int(a)",
        "if c:\n    a = 1\nelif i > 1:\n    a = 2\nelse:\n    fail s\nuse_int(a)",
        "if c:\n    return 2\na = 1\nuse_int(a)",
        "match color:\n    case red: a = 1\n    case green: a = 2\n    case blue: a = 3\nuse_int(a)",
        "match color:\n    case red: a = 1\n    case _: return 1\nuse_int(a)",
        "try:\n    a = xs[0]\nexcept:\n    a = 0\nuse_int(a)",
        "try:\n    a = xs[0]\nexcept err:\n    fail err.message\nuse_int(a)",
        "loop max 3:\n    a = 1\n    break\nuse_int(a)", "loop max 3:\n    a = 1\nuse_int(a)",
        "loop max 3:\n    a = 1\n    if c:\n        continue\n    b = 1\nuse_int(a)",
        "a = 0\nfor x in xs:\n    a = a + x\nuse_int(a)", "while c max 3:\n    a = 1\n    use_int(a)",
        "out = fork x in xs:\n    a = x\n    yield a\nuse_int(out[0])",
        "out = for x in xs:\n    yield x\nuse_int(out[0])",
        "for x in xs:\n    use_int(x)\nfor x in words:\n    use_text(x)",
        "a = [x for x in xs]\nb = [x for x in words]\nuse_int(a[0])\nuse_text(b[0])",
        "a, b = (1, s)\nuse_int(a)\nuse_text(b)", "for k, x in enumerate(words):\n    use_int(k)\n    use_text(x)",
        "_ = 1\n_ = s",
        "try:\n    use_int(1)\nexcept e:\n    use_text(e.kind)\ntry:\n    use_int(1)\nexcept e:\n    use_text(e.message)",
        "if c:\n    a = 1\n    use_int(a)\nif not c:\n    a = 2\n    use_int(a)",
        "loop max 2:\n    if c:\n        a = 1\n        break\n    a = 2\nuse_int(a)",
    ],
)  # fmt: skip
def test_assigned(body: str, tmp_path: Path) -> None:
    assert errors(body, tmp_path) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("if c:\n    a = 1\nuse_int(a)", ["SGL105 a"]),
        ("if c:\n    a = 1\nelif i > 1:\n    a = 2\nuse_int(a)", ["SGL105 a"]),
        ("match color:\n    case red: a = 1\n    case _: pass\nuse_int(a)", ["SGL105 a"]),
        ("try:\n    a = xs[0]\nexcept:\n    pass\nuse_int(a)", ["SGL105 a"]),
        ("try:\n    a = xs[0]\nexcept:\n    use_int(a)", ["SGL105 a"]),
        ("for x in xs:\n    a = x\nuse_int(a)", ["SGL105 a"]),
        ("while c max 3:\n    a = 1\nuse_int(a)", ["SGL105 a"]),
        ("loop max 3:\n    if c:\n        break\n    a = 1\nuse_int(a)", ["SGL105 a"]),
        ("out = fork x in xs:\n    a = x\n    yield a\nuse_int(a + out[0])", ["SGL103 a"]),
        ("for x in xs:\n    use_int(x)\nuse_int(x)", ["SGL103 x"]),
        ("a = [x for x in xs]\nuse_int(x + a[0])", ["SGL103 x"]),
        ("try:\n    use_int(1)\nexcept err:\n    pass\nuse_text(err.message)", ["SGL103 err"]),
        ("use_int(a)\na = 1\nuse_int(a)", ["SGL105 a"]),
        # a name that a block binds is new
        ("for i in xs:\n    use_int(i)", ["SGL104 i"]),
        ("out = fork s in xs:\n    yield s\nuse_int(out[0])", ["SGL104 s"]),
        ("for x in xs:\n    for x in xs:\n        use_int(x)", ["SGL104 x"]),
        ("try:\n    use_int(1)\nexcept s:\n    use_text(s)", ["SGL104 s"]),
        ("for a, a in enumerate(xs):\n    use_int(a)", ["SGL104 a"]),
        # one type
        ("a = 1\na = s\nuse_int(a)", ["SGL123 a"]),
        ("a = 1\na = 1.5\nuse_int(a)", ["SGL123 a"]),
        ("a = [1]\na = [s]\nuse_int(a[0])", ["SGL123 a"]),
        ("i = s", ["SGL123 i"]),
        ("a = s\na = none\nuse_text(a)", ["SGL123 a"]),
        ("if c:\n    a = 1\nelse:\n    a = s", ["SGL123 a"]),
        ("a, b, d = (1, 2)", ["SGL124 a, b, d"]),
        ("a, b = xs", ["SGL124 a, b"]),
    ],
)  # fmt: skip
def test_refused(body: str, expected: list[str], tmp_path: Path) -> None:
    assert errors(body, tmp_path) == expected


@pytest.mark.parametrize(
    ("body", "name", "expected"),
    [
        ("a = []\na = a + [i]", "a", "list[int]"),
        ("a = []\nfor x in xs:\n    a = a + [x]", "a", "list[int]"),
        ("a = none\nfor x in xs:\n    a = x", "a", "int?"),
        ("a = none\nfor x in xs:\n    if a == none or x > a:\n        a = x", "a", "int?"),
        ("a = none\nif c:\n    a = s\nelse:\n    a = none", "a", "str?"),
        ("a = {}\na = {s: i}", "a", "dict[str, int]"),
        ("a = 1.5\na = i", "a", "float"),
        ("a = i\na = xs[0]", "a", "int"),
        ("a = []\nfor x in xs:\n    b = a\n    a = b + [x]", "b", "list[int]"),
        ("a = none\nloop max 3:\n    b = a\n    a = s", "b", "str?"),
    ],
)
def test_widening(body: str, name: str, expected: str, tmp_path: Path) -> None:
    text = HEAD + textwrap.indent(body, "    ") + "\n    return 1\n"
    analysis = analyze_text(text, tmp_path)
    assert not analysis.errors, shown(analysis.errors)
    assert analysis.typed is not None
    assert types_of(analysis.typed)[name] == expected


def test_widening_is_seen_by_the_lines_before(tmp_path: Path) -> None:
    """A loop body is checked with the type that its variables have when it runs again."""
    body = "a = none\nfor x in xs:\n    use_int(a)\n    a = x"
    assert errors(body, tmp_path) == ["SGL120 a"]


@pytest.mark.parametrize(
    "body",
    [
        "if so != none:\n    use_text(so)",
        "if so == none:\n    return 1\nuse_text(so)",
        "if none == so:\n    fail s\nuse_text(so)",
        "if not so == none:\n    use_text(so)",
        "if so != none and len(so) > 1:\n    use_text(so)",
        "if so == none or so == s:\n    use_maybe(so)\nelse:\n    use_text(so)",
        "if c and so != none:\n    use_text(so)",
        "a = so if so != none else s\nuse_text(a)",
        "if so == none:\n    so = s\nuse_text(so)",
        "if so == none:\n    so = s\nelif c:\n    pass\nuse_text(so)",
        "ensure so != none\nuse_text(so)",
        "ensure so != none and c, s\nuse_text(so)",
        "while so != none max 3:\n    use_text(so)\n    so = none",
        "if p.age != none:\n    use_int(p.age)",
        "if po != none and po.age != none:\n    use_int(po.age)",
        "match so:\n    case none: pass\n    case _: use_text(so)",
        "match so:\n    case none: return 1\n    case str: use_text(so)",
        "match p.age:\n    case none: pass\n    case int: use_int(p.age)",
        "a = [x for x in [so, none] if x != none]\nuse_text(a[0])",
        "if so != none:\n    out = fork x in xs:\n        yield so + str(x)\n    use_text(out[0])",
        "so = s\nuse_text(so)",
        "if c:\n    so = s\nelse:\n    so = \"b\"\nuse_text(so)",
        "try:\n    so = s\nexcept:\n    return 1\nuse_text(so)",
        "if so == none:\n    continue_ = 1\n    use_int(continue_)\nelse:\n    use_text(so)",
    ],
)  # fmt: skip
def test_narrowed(body: str, tmp_path: Path) -> None:
    assert errors(body, tmp_path) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("use_text(so)", ["SGL120 so"]),
        ("if so != none:\n    pass\nuse_text(so)", ["SGL120 so"]),
        ("if so != none or c:\n    use_text(so)", ["SGL120 so"]),
        ("if so == none and c:\n    pass\nelse:\n    use_text(so)", ["SGL120 so"]),
        ("if p.age != none:\n    p = Pet(s, none)\n    use_int(p.age)", ["SGL120 p.age"]),
        ("if so != none:\n    for x in xs:\n        use_text(so)\n        so = none", ["SGL120 so"]),
        ("if so != none:\n    so = none\n    use_text(so)", ["SGL120 so"]),
        ("if so == none:\n    use_text(so)", ["SGL120 so"]),
        ("while so != none max 3:\n    so = none\nuse_text(so)", ["SGL120 so"]),
        ("use_text(po.name)", ["SGL129 po"]),
        ("a = [x for x in [so, none]]\nuse_text(a[0])", ["SGL120 a[0]"]),
        ("if c:\n    so = s\nuse_text(so)", ["SGL120 so"]),
    ],
)
def test_not_narrowed(body: str, expected: list[str], tmp_path: Path) -> None:
    assert errors(body, tmp_path) == expected


@pytest.mark.parametrize(
    ("body", "end", "expected"),
    [
        ("pass", "", ["SGL132 f"]),
        ("if c:\n    return 1", "", ["SGL132 f"]),
        ("if c:\n    return 1\nelse:\n    fail s", "", []),
        ("match color:\n    case red: return 1\n    case _: return 2", "", []),
        ("match color:\n    case red: return 1\n    case green: return 2", "", ["SGL403 color"]),
        ("try:\n    return 1\nexcept:\n    return 2", "", []),
        ("try:\n    return 1\nexcept:\n    pass", "", ["SGL132 f"]),
        ("loop max 3:\n    return 1", "", ["SGL132 f"]),
        ("for x in xs:\n    return x", "", ["SGL132 f"]),
        ("return", "", ["SGL133 return"]),
        ("return s", "", ["SGL120 s"]),
        ("return j", "", []),
        ("use_int(return_)", "    return 1\n", ["SGL103 return_"]),
        ("fail i", "", ["SGL120 i"]),
        ("ensure i", "    return 1\n", ["SGL120 i"]),
        ("ensure c, i", "    return 1\n", ["SGL120 i"]),
        ("expect c", "    return 1\n", ["SGL417 expect c"]),
        ("x = use_int(1)", "    return 1\n", ["SGL135 use_int(1)"]),
        ("break", "", ["SGL406 break"]),
        ("if c:\n    continue", "    return 1\n", ["SGL406 continue"]),
        ("yield 1", "    return 1\n", ["SGL410 yield 1"]),
    ],
)
def test_ends(body: str, end: str, expected: list[str], tmp_path: Path) -> None:
    assert errors(body, tmp_path, end) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("out = fork x in xs:\n    pass", ["SGL408 out"]),
        ("out = fork x in xs:\n    if c:\n        yield x\n    else:\n        yield 0\nuse_int(out[0])", []),
        ("out = fork x in xs:\n    if c:\n        yield x\n    else:\n        fail s\nuse_int(out[0])", []),
        (
            "out = fork x in xs:\n    match color:\n        case red: yield 1\n        case _: yield 2\nuse_int(out[0])",
            [],
        ),
        ("out = fork x in xs:\n    try:\n        yield x\n    except:\n        yield 0\nuse_int(out[0])", []),
        ("out = fork x in xs:\n    if c:\n        yield x\nuse_int(out[0])", ["SGL408 out"]),
        ("out = fork x in xs:\n    yield x\n    yield x\nuse_int(out[0])", ["SGL409 yield x"]),
        ("out = fork x in xs:\n    if c:\n        yield x\n    yield x\nuse_int(out[0])", ["SGL409 yield x"]),
        ("out = fork x in xs:\n    yield x\nexcept:\n    yield 0\nuse_int(out[0])", []),
        ("out = fork x in xs:\n    yield x\nexcept err:\n    use_text(err.message)\nuse_int(out[0])", ["SGL408 out"]),
        ("out = fork x in xs:\n    return x\nuse_int(out[0])", ["SGL407 return x"]),
        ("out = fork x in xs:\n    break\nuse_int(out[0])", ["SGL406 break"]),
        ("out = for x in xs:\n    continue\nuse_int(out[0])", ["SGL406 continue"]),
        ("out = for x in xs:\n    return x\nuse_int(out[0])", ["SGL407 return x"]),
        ("out = for x in xs:\n    for y in xs:\n        if c:\n            break\n    yield x\nuse_int(out[0])", []),
        ("out = for x in xs:\n    for y in xs:\n        yield y\n    yield x\nuse_int(out[0])", ["SGL410 yield y"]),
        ("out = fork x in xs:\n    inner = fork y in xs:\n        yield y\n    yield inner\nuse_int(out[0][0])", []),
        ("fork x in xs:\n    yield x", ["SGL410 yield x"]),
        ("fork x in xs:\n    use_int(x)", []),
        (
            "out = fork x in xs:\n    if c:\n        yield s\n    else:\n        yield x\nuse_int(out[0])",
            ["SGL120 out[0]"],
        ),
        ("loop max 3:\n    out = fork x in xs:\n        break\nuse_int(1)", ["SGL408 out", "SGL406 break"][1:]),
        ("loop:\n    pass", ["SGL401 loop"]),
        ("while c:\n    pass", ["SGL401 while"]),
        ("loop max i:\n    pass", ["SGL414 i"]),
        ("loop max 0:\n    pass", ["SGL414 0"]),
        ("loop max 20000:\n    pass", ["SGL414 20000"]),
        ("loop max nope:\n    pass", ["SGL103 nope"]),
        ("while i max 3:\n    pass", ["SGL120 i"]),
        ("for x in i:\n    pass", ["SGL122 i"]),
        ("for a, b in xs:\n    pass", ["SGL124 a, b"]),
    ],
)
def test_loops_and_forks(body: str, expected: list[str], tmp_path: Path) -> None:
    assert errors(body, tmp_path) == expected


@pytest.mark.parametrize(
    ("body", "word"),
    [
        ("return 1\nuse_int(1)", "return"), ("fail s\nuse_int(1)", "fail"),
        ("for x in xs:\n    break\n    use_int(x)", "break"),
        ("if c:\n    return 1\nelse:\n    return 2\nuse_int(1)", "if"),
    ],
)  # fmt: skip
def test_unreachable(body: str, word: str, tmp_path: Path) -> None:
    text = HEAD + textwrap.indent(body, "    ") + "\n    return 1\n"
    found = analyze_text(text, tmp_path).diagnostics
    unreachable = [d for d in found if d.code == "SGL405"]
    assert codes(tuple(unreachable)) == ["SGL405"]
    assert word in unreachable[0].label_text
