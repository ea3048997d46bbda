"""Speed of sglc-tiny on this machine: the first answer of `sglc run`, start-up included, and decoding of one stream.

`python benchmarks/tiny_speed.py` prints a table and one JSON line. The floor beside the first answer is a Python that only
imports torch and transformers; the floor beside decoding is one product with each matrix of the model a token.
"""

from __future__ import annotations

import asyncio
import json
import platform
import statistics
import subprocess
import sys
import time
from pathlib import Path

import torch

from sglc.backend.engine.interface import EngineConfig, GenRequest, Segment
from sglc.backend.engine.load import make_engine

ROOT = Path(__file__).parent.parent
RUNS, TOKENS = 5, 200


def seconds(*command: str) -> float:
    """Median wall seconds of a command, after one run that fills the disk's cache."""
    times = []
    for _ in range(RUNS + 1):
        started = time.perf_counter()
        subprocess.run([sys.executable, *command], cwd=ROOT, check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    return statistics.median(times[1:])


async def decode() -> float:
    """Median tokens a second of a free text of TOKENS tokens, behind a short prompt."""
    engine = make_engine(EngineConfig("sglc-tiny"))
    await engine.start()
    context = engine.append(engine.context(), [Segment("Tell me about the town.", "user"), Segment("", "assistant")])
    rates = []
    for _ in range(RUNS + 1):
        started = time.perf_counter()
        await engine.gen(context, GenRequest(max_tokens=TOKENS, min_tokens=TOKENS))
        rates.append(TOKENS / (time.perf_counter() - started))
    await engine.close()
    return statistics.median(rates[1:])


def floor() -> float:
    """Tokens a second if decoding were the matrix products alone, on one thread."""
    from sglc.backend.engine.tiny.files import HEADS, HIDDEN, INNER, LAYERS

    assert HIDDEN % HEADS == 0
    torch.set_num_threads(1)
    shapes = [(HIDDEN, HIDDEN)] * 4 + [(INNER, HIDDEN)] * 2 + [(HIDDEN, INNER)]
    matrices = [torch.randn(shape) for _ in range(LAYERS) for shape in shapes] + [torch.randn(6144, HIDDEN)]
    rows = {width: torch.randn(1, width) for width in (HIDDEN, INNER)}
    times = []
    with torch.inference_mode():
        for _ in range(50):
            started = time.perf_counter()
            for matrix in matrices:
                torch.nn.functional.linear(rows[matrix.shape[1]], matrix)
            times.append(time.perf_counter() - started)
    return 1 / statistics.median(times)


def main() -> None:
    first = seconds("-m", "sglc", "run", "examples/support.sgl", "--example-tools")
    imports = seconds("-c", "import torch, transformers")
    rate, best = asyncio.run(decode()), floor()
    print(
        f"{'first answer of support.sgl':32} {first:7.2f} s     imports alone {imports:6.2f} s, {first / imports:.2f}x"
    )
    print(f"{'decoding, one stream':32} {rate:7.0f} t/s   matrices alone {best:6.0f} t/s, {rate / best:.0%}")
    print(
        json.dumps(
            {"first_answer_s": first, "imports_s": imports, "tokens_per_s": rate, "floor_tokens_per_s": best}
            | {"machine": f"{platform.processor() or platform.machine()}, {torch.__version__}"}
        )
    )


if __name__ == "__main__":
    main()
