"""How fast `sglc lint` is: 1,000 programs of 60 lines, cold, with all cores, unchanged, and the cost of starting it.

    python benchmarks/lint_speed.py [--programs 1000] [--keep FOLDER]

Prints a table and, as its last line, the same numbers as JSON.
"""

from __future__ import annotations

import argparse
import json
import os
import random
import shutil
import subprocess
import sys
import tempfile
import time
from pathlib import Path

PROGRAM = '''\
"""Customer service of shop {n}."""
enum Intent{n}: logistics | refund | {word}

type Request{n}:
    order_id: re"[A-Z]?\\d{{4,{digits}}}"    "the order number as the customer wrote it"
    intent: Intent{n}
    urgency: int(min=1, max={urgency}) = 1

type Parcel{n}:
    status: str
    eta: str?
    weights: list[float](max={weights})

tool track{n}(order_id: str) -> Parcel{n}:
    http GET "{{env.SHOP_URL}}/parcels/{{order_id}}" with timeout={timeout}s, retry=2

template voice{n}(lang: str = "English"):
    system: "You work for shop {n}. Answer in {{lang}}, in at most {sentences} sentences."

def extract{n}(message: str) -> Request{n}:
    user: "Read the message.\\n{{describe(Request{n})}}\\n{{message}}"
    assistant: gen req: Request{n} with max_tokens={tokens}
    ensure req.order_id in message, "copy the order number" retry 2
    return req

@serve(path="/support{n}")
def support{n}(message: str, lang: str = "English") -> str:
    req = extract{n}(message)
    use voice{n}(lang)
    user: message
    match req.intent:
        case logistics:
            try:
                parcel = track{n}(req.order_id)
                user: "Parcel status: {{parcel}}"
            except err:
                user: "The parcel service is down: {{err.message}}"
        case refund:
            user: "Our policy: refunds within {days} days."
        case {word}:
            pass
    assistant: gen reply: str with max_tokens=160, stop="\\n\\n"
    return reply

def tips{n}(place: str, topics: list[str]) -> list[str]:
    user: "Tips for a trip to {{place}}."
    out = fork t in topics:
        assistant: "About {{t}}: {{gen tip: str with stop="\\n", max_tokens={tokens}}}"
        yield tip
    return out

def best{n}(place: str) -> str:
    all_tips = tips{n}(place, ["food", "sights", "{word}"])
    long_tips = [tip for tip in all_tips if len(tip) > {sentences}]
    return long_tips[0] if len(long_tips) > 0 else "none"

test "reads the order number":
    got = extract{n}("Where is my order A12345?")
    expect got.order_id == "A12345"
    expect got.urgency >= 1
'''
WORDS = ("other", "praise", "press", "jobs", "billing", "returns", "sizes")


def make_program(number: int) -> str:
    """Program `number`: 60 lines, different from all others in names and numbers."""
    pick = random.Random(number)
    text = PROGRAM.format(
        n=number,
        word=pick.choice(WORDS),
        digits=pick.randint(5, 12),
        urgency=pick.randint(3, 99),
        weights=pick.randint(2, 9),
        timeout=pick.randint(1, 9),
        sentences=pick.randint(2, 9),
        tokens=pick.randint(64, 256),
        days=pick.randint(7, 60),
    )
    lines = text.splitlines()
    assert len(lines) == 60, len(lines)
    return text


def run(*argv: str, cwd: str) -> tuple[float, int, str]:
    """Seconds, exit code and the summary line of a command."""
    started = time.perf_counter()
    done = subprocess.run([sys.executable, *argv], cwd=cwd, capture_output=True, text=True, check=False)
    lines = done.stderr.splitlines() or [""]
    return time.perf_counter() - started, done.returncode, lines[-1]


def best_of(count: int, *argv: str, cwd: str) -> float:
    return min(run(*argv, cwd=cwd)[0] for _ in range(count))


def measure(folder: str) -> dict[str, float | str]:
    lint = ("-m", "sglc", "lint", "--ignore", "ALL")
    cold, code, summary = run(*lint, "--no-cache", "--jobs", "1", cwd=folder)
    if code != 0:
        raise SystemExit(f"the programs have errors: {summary}")
    cores, _, _ = run(*lint, "--no-cache", "--jobs", str(os.cpu_count() or 1), cwd=folder)
    filled, _, _ = run(*lint, cwd=folder)
    unchanged = best_of(3, *lint, cwd=folder)
    one = Path(folder, "one")
    one.mkdir()
    Path(one, "a.sgl").write_text("def double(n: int) -> int:\n    return 2 * n\n")
    start = best_of(5, *lint, "--no-cache", "one/a.sgl", cwd=folder)
    base = best_of(5, "-c", "import lark, msgspec", cwd=folder)
    return {
        "summary": summary,
        "cold_1_process_s": cold,
        f"cold_{os.cpu_count()}_processes_s": cores,
        "cold_filling_the_cache_s": filled,
        "unchanged_s": unchanged,
        "start_s": start,
        "import_lark_msgspec_s": base,
        "start_ratio": start / base,
    }


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--programs", type=int, default=1000)
    parser.add_argument("--keep", metavar="FOLDER", help="write the programs there and keep them")
    args = parser.parse_args()
    folder = args.keep or tempfile.mkdtemp(prefix="lint_speed_")
    os.makedirs(folder, exist_ok=True)
    try:
        for number in range(args.programs):
            Path(folder, f"shop{number}.sgl").write_text(make_program(number))
        Path(folder, "pyproject.toml").write_text("[tool.sglc]\n")
        numbers = measure(folder)
    finally:
        if not args.keep:
            shutil.rmtree(folder)
    print(f"{args.programs} programs of 60 lines; {numbers.pop('summary')}\n")
    for name, value in numbers.items():
        print(f"{name:<28} {value:8.2f}")
    rounded = {name: round(value, 3) for name, value in numbers.items() if isinstance(value, float)}
    print(json.dumps({"benchmark": "lint_speed", "programs": args.programs, **rounded}))


if __name__ == "__main__":
    main()
