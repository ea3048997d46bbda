"""Prompts: roles and templates, generation and its options, values that exist in a string only, encode."""

from __future__ import annotations

import textwrap
from pathlib import Path

import pytest
from checking import analyze_text, places, shown, types_of

HEAD = """
type Word = re"[a-z]+"
type Pet:
    name: str
tool look(name: str) -> int "Look it up.":
    http GET "https://example.com/{name}"
tool order(name: str) -> bool "Order it.":
    http POST "https://example.com/order" with body={"name": name}
model judge: "models/judge" with temperature=0.8, max_tokens=100
template voice(lang: str = "English"):
    system: "You answer in {lang}."
template plain(text: str):
    "{text}"
template ask(question: str) -> str:
    user: question
    assistant: gen reply: str with max_tokens=20
    return reply
template only_gen():
    gen more: str with max_tokens=20
def helper(text: str) -> str:
    return text
def f(q: str, count: int, words: list[str], c: bool, t: float) -> str:
"""


def errors(body: str, folder: Path, end: str = '    return ""\n') -> list[str]:
    text = HEAD + textwrap.indent(textwrap.dedent(body).strip("\n"), "    ") + "\n" + end
    return places(analyze_text(text, folder).errors)


@pytest.mark.parametrize(
    "body",
    [
        'user: q\nassistant: gen a: str with max_tokens=5',
        'user:\n    "a"\n    for w in words: "{w}"\n    "b"\nassistant:\n    if c:\n        "x: {gen a: int}"\n    else:\n        gen a: int',
        'use voice()\nuser: q\ngen a: str with max_tokens=5',
        'use voice("German")\nreply = use ask(q)\nuse ask(reply)',
        '"{q}"\nuse plain(q)\n"{gen a: int}"\ncall step: look | done(x: str) with max_tokens=5',
        'user: q\nuser: helper(q)\nassistant: helper("a")',
        'user:\n    use plain(q)\n    "more"\nassistant:\n    use only_gen()', 'user: q\nuse only_gen()',
        'user: q\nfork w in words:\n    user: w\n    assistant: gen a: int',
        'system: "a"\ntool: "{count}"\nuser: words', '"{gen a: int}{a}{gen b: int}{a + b}"',
        'b = 1\n"{b}{gen b: int}"',
    ],
)  # fmt: skip
def test_good_prompts(body: str, tmp_path: Path) -> None:
    assert errors(body, tmp_path) == []


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('"text"\nuser: q', ['SGL201 "text"']),
        ('use voice()\n"text"', ['SGL201 "text"']),
        ('user: q\nuse plain(q)', ["SGL201 use plain(q)"]),
        ('user: q\nif c:\n    "text"', ['SGL201 "text"']),
        ('user: q\nencode w in words: "{w}"', ['SGL201 encode w in words: "{w}"']),
        ('user:\n    system: q', ["SGL202 system"]),
        ('user:\n    use voice()', ["SGL202 voice"]),
        ('"{a} {gen a: int}"', ["SGL204 a"]),
        ('"{a + 1} {gen b: int} {gen a: int}"', ["SGL204 a"]),
        ('user: "{helper(a)} {gen a: str with max_tokens=1}"', ["SGL204 a"]),
        ('a = "{gen b: int}"', ["SGL205 gen b: int"]),
        ('helper("{select b from words}")', ["SGL205 select b from words"]),
        ('"{gen a: nope}"', ["SGL107 nope"]),
        ("gen a", []),
        ('gen a: image', ["SGL107 image"]),
        ('use nope()', ["SGL103 nope"]),
        ('use helper(q)', ["SGL114 helper"]),
        ('voice()', ["SGL114 voice"]),
        ('a = use voice()', ["SGL135 voice"]),
        ('use ask()', ["SGL111 use ask()"]),
        ('a, b = use ask(q)', ["SGL124 a, b"]),
    ],
)  # fmt: skip
def test_bad_prompts(body: str, expected: list[str], tmp_path: Path) -> None:
    assert errors(body, tmp_path) == expected


@pytest.mark.parametrize(
    "options",
    [
        "max_tokens=5", "max_tokens=count", "stop=\"a\"", 'stop=["a", "b"]', "stop=q", "stop=words", "stop=[q, \"x\"]",
        'stop_re=re"[.!?]"', "temperature=0", "temperature=0.5", "temperature=t", "temperature=count",
        "top_p=0.9, top_k=40, min_p=0.1", "frequency_penalty=-2", "presence_penalty=1.5, repetition_penalty=1.1",
        'logit_bias={"yes": 5, "no": -5.5}', "seed=42", "n=3, temperature=1", "n=1", "n=3, temperature=t",
        "n=3, model=judge", "logprobs=lp", "logprobs=lp, top_logprobs=5", "ignore_eos=true", "stream=false",
        "reasoning=why", "model=judge", "min_tokens=5, max_tokens=10", "min_tokens=5",
        "min_tokens=600, max_tokens=count", "max_tokens=2 * 8",
    ],
)  # fmt: skip
def test_options(options: str, tmp_path: Path) -> None:
    assert errors(f"gen a: str with {options}", tmp_path) == []


@pytest.mark.parametrize(
    ("options", "expected"),
    [
        ("max_tokens=0", "SGL207 0"), ("max_tokens=1.5", "SGL207 1.5"), ('max_tokens="5"', 'SGL207 "5"'),
        ("max_tokens=nope", "SGL103 nope"), ("max_tokens=q", "SGL207 q"), ('stop=""', 'SGL207 ""'),
        ("stop=[]", "SGL207 []"), ("stop=1", "SGL207 1"), ("stop=count", "SGL207 count"),
        ('stop=["a", ""]', 'SGL207 ["a", ""]'), ('stop_re="a"', 'SGL207 "a"'), ('stop_re=re"[a"', "SGL301 ["),
        ("temperature=-1", "SGL207 -1"), ("temperature=11", "SGL207 11"), ("top_p=1.5", "SGL207 1.5"),
        ("frequency_penalty=3", "SGL207 3"), ("repetition_penalty=0", "SGL207 0"),
        ('logit_bias={"a": 200}', 'SGL207 {"a": 200}'), ("logit_bias=1", "SGL207 1"),
        ("logit_bias={q: 1}", "SGL130 q"), ("seed=-1", "SGL207 -1"), ("n=0", "SGL207 0"), ("n=count", "SGL130 count"),
        ("n=5, temperature=0", "SGL209 n=5"),
        ("n=2, temperature=1, logprobs=lp", "SGL210 logprobs=lp"),
        ("n=2, temperature=1, reasoning=r", "SGL210 reasoning=r"), ("top_logprobs=5", "SGL210 top_logprobs=5"),
        ("top_logprobs=50, logprobs=lp", "SGL207 50"), ("logprobs=5", "SGL207 5"), ("reasoning=a", "SGL104 a"),
        ("logprobs=x, reasoning=x", "SGL104 x"), ("ignore_eos=1", "SGL207 1"), ("ignore_eos=c", "SGL130 c"),
        ("model=nope", "SGL103 nope"), ("model=f", "SGL103 f"), ('model="gpt"', 'SGL207 "gpt"'),
        ("min_tokens=10, max_tokens=5", "SGL210 min_tokens=10"), ("min_tokens=600", "SGL210 min_tokens=600"),
        ("min_tokens=200, model=judge", "SGL210 min_tokens=200"), ("temp=1", "SGL206 temp"),
        ("max_new_tokens=5", "SGL206 max_new_tokens"), ("max_token=5", "SGL206 max_token"),
        ("max_tokens=1 // 0", "SGL131 1 // 0"), ("max_tokens=2 ** 3", "SGL002 *"),
    ],
)  # fmt: skip
def test_bad_options(options: str, expected: str, tmp_path: Path) -> None:
    assert errors(f"gen a: str with {options}", tmp_path) == [expected]


@pytest.mark.parametrize("type_", ["int", "Word", "Pet", '"a" | "b"', "bool", "list[str]"])
@pytest.mark.parametrize("option", ['stop="a"', 'stop_re=re"a"', "min_tokens=1", "ignore_eos=true"])
def test_options_of_typed_values(type_: str, option: str, tmp_path: Path) -> None:
    assert errors(f"gen a: {type_} with {option}", tmp_path) == [f"SGL210 {option}"]


@pytest.mark.parametrize(
    ("statement", "expected"),
    [
        ('select a from ["x", "y"]', []), ("select a from words by greedy", []),
        ("select a from words by unconditional with scores=s", []), ("select a from [w.upper() for w in words]", []),
        ("select a from words with model=judge", []), ("select a from [count]", ["SGL120 [count]"]),
        ("select a from q", ["SGL120 q"]), ("select a from []", ["SGL210 []"]),
        ("select a from words by chance", ["SGL208 chance"]), ("select a from words with n=2", ["SGL206 n"]),
        ("select a from words with scores=a", ["SGL104 a"]), ("call a: look | order", []),
        ("call a: look | done(x: str, y: Word)", []), ("call a: done() with max_tokens=9", []),
        ("call a: look | look", ["SGL104 look"]), ("call a: nope", ["SGL505 nope"]),
        ("call a: helper", ["SGL505 helper"]), ("call a: loook", ["SGL505 loook"]),
        ("call a: done(name: str)", ["SGL104 name"]), ("call a: done(x: str, x: int)", ["SGL104 x"]),
        ("call a: done(x: nope)", ["SGL107 nope"]), ('call a: done(x: str = "a")', ['SGL210 "a"']),
        ("call a: look with n=2", ["SGL206 n"]), ("call a: look with stop=\"x\"", ['SGL210 stop="x"']),
    ],
)  # fmt: skip
def test_select_and_call(statement: str, expected: list[str], tmp_path: Path) -> None:
    assert errors(statement, tmp_path) == expected


def test_types_of_what_is_bound(tmp_path: Path) -> None:
    body = """
    "{gen a} {gen b: int with reasoning=why} {gen d: float? with logprobs=lp} {select e from words with scores=s}"
    "{gen many: Word with n=3, temperature=1}"
    "{call step: look | done(answer: int)}"
    value = lp[0].top[0].logprob
    """
    text = HEAD + textwrap.indent(textwrap.dedent(body).strip("\n"), "    ") + '\n    return ""\n'
    analysis = analyze_text(text, tmp_path)
    assert not analysis.errors, shown(analysis.errors)
    assert analysis.typed is not None
    found = types_of(analysis.typed)
    wanted = {
        "a": "str", "b": "int", "why": "str", "d": "float?", "lp": "list[Logprob]", "e": "str", "s": "list[float]",
        "many": 'list[re"[a-z]+"]', "step": "call(look(name: str) -> int | done(answer: int))", "value": "float",
    }  # fmt: skip
    assert {name: found[name] for name in wanted} == wanted


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ("match step:\n    case look: return str(step.result)\n    case done: return step.answer", []),
        ("match step:\n    case look: return step.args.name\n    case _: return step.answer", []),
        ("match step:\n    case look | done: return step.name", []),
        ("return step.answer", ["SGL108 answer"]),
        ("match step:\n    case look: return step.answer\n    case done: return step.answer", ["SGL108 answer"]),
        ("match step:\n    case done: return step.answer", ["SGL403 step"]),
        ("match step:\n    case order: pass\n    case _: pass", ["SGL420 order"]),
    ],
)
def test_steps(body: str, expected: list[str], tmp_path: Path) -> None:
    assert errors(f"call step: look | done(answer: str)\n{body}", tmp_path) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('"{q} {gen a: int with n=3, temperature=1} apples"\nhelper(str(a[0]))', []),
        ('"{gen a: int} {gen b: int with n=3, temperature=1}"', ["SGL212 a"]),
        ('"{gen b: int with n=3, temperature=1} {gen a: int}"', ["SGL212 a"]),
        ('"{gen b: int with n=3, temperature=1} {b}"', ["SGL212 b"]),
        ('"{gen b: int with n=3, temperature=1} {select a from words}"', ["SGL212 a"]),
        ('"{b} {gen b: int with n=3, temperature=1}"', ["SGL204 b"]),
        ('user: q\nassistant: gen b: int with n=3, temperature=1\nhelper("{b}")', []),
    ],
)
def test_samples(body: str, expected: list[str], tmp_path: Path) -> None:
    assert errors(body, tmp_path) == expected


@pytest.mark.parametrize(
    ("body", "expected"),
    [
        ('encode w in words: "Doc: {w}\\n"', []),
        ('encode w in words with stride=1000:\n    x = w.upper()\n    "{x}"', []),
        ('encode w in words with step=2: "{w}"', ["SGL206 step"]),
        ('encode w in words with stride=count: "{w}"', ["SGL414 count"]),
        ('encode w in q: "{w}"', ["SGL122 q"]),
        ('encode w in words: "{gen a: int}"', ["SGL419 gen a: int"]),
        ('encode w in words: "{helper(w)}"', ["SGL419 helper(w)"]),
        ('encode w in words:\n    if c: "{w}"', ['SGL419 if c: "{w}"']),
        ('encode w in words:\n    return ""', ['SGL419 return ""']),
        ("encode w in words: use plain(w)", ["SGL419 use plain(w)"]),
    ],
)
def test_encode(body: str, expected: list[str], tmp_path: Path) -> None:
    assert errors(body, tmp_path) == expected


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('model m: "a" with temperature=0.5, date="2026-01-31"', []),
        ('model m: "a" with temperature=5 * 20', ["SGL207 5 * 20"]),
        ('model m: "a" with date="today"', ['SGL207 "today"']), ('model m: "a" with n=3', ["SGL206 n"]),
        ('model m: "a" with max_tokens=tokens("abc")', ['SGL130 tokens("abc")']),
        ('model m: "{env.X}"', ['SGL130 "{env.X}"']),
        ('model a: "x" with temperature=1\ndef f() -> list[int]:\n    "{gen r: int with n=2}"\n    return r', []),
        ('model a: "x"\nmodel b: "y" with temperature=1\ndef f() -> list[int]:\n    "{gen r: int with n=2}"\n    return r', ["SGL209 n=2"]),
    ],
)  # fmt: skip
def test_models(text: str, expected: list[str], tmp_path: Path) -> None:
    assert places(analyze_text(text + "\n", tmp_path).errors) == expected
