"""log.jsonl of a training run -> its loss curve: `python -m sglc.backend.engine.tiny.plot log.jsonl docs/tiny-loss.svg`."""

from __future__ import annotations

import argparse
import json
import math
from collections.abc import Sequence
from pathlib import Path

WIDTH, HEIGHT = 760, 360
LEFT, RIGHT, TOP, BOTTOM = 64, 16, 28, 44
CURVES = {
    "loss": ("all tokens, weighted", "#7a8ba8"),
    "said_loss": ("tokens to be said", "#c2410c"),
    "held_out_loss": ("the same, held out", "#2563eb"),
}


def curve(lines: Sequence[dict[str, float]]) -> str:
    """SVG: cross-entropy in nats (logarithmic) over tokens seen (linear), a line for each loss of the log."""
    last = lines[-1]["tokens"]
    losses = [line[name] for line in lines for name in CURVES if line.get(name, 0) > 0]
    low = 10 ** math.floor(math.log10(min(losses)))
    high = max(10 * low, 10 ** math.ceil(math.log10(max(losses))))

    def x(tokens: float) -> float:
        return LEFT + (WIDTH - LEFT - RIGHT) * tokens / last

    def y(loss: float) -> float:
        share = math.log10(loss / low) / math.log10(high / low)
        return HEIGHT - BOTTOM - (HEIGHT - TOP - BOTTOM) * share

    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{WIDTH}" height="{HEIGHT}" font-family="sans-serif" font-size="12">',
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="white"/>',
    ]
    loss = low
    while loss <= high * 1.0001:
        parts.append(f'<path d="M{LEFT} {y(loss):.1f}H{WIDTH - RIGHT}" stroke="#ddd"/>')
        parts.append(f'<text x="{LEFT - 8}" y="{y(loss) + 4:.1f}" text-anchor="end">{loss:g}</text>')
        loss *= 10
    step = 10 ** math.floor(math.log10(last)) / 2
    for n in range(int(last / step) + 1):
        label = f"{n * step / 1e9:g}"
        parts.append(f'<text x="{x(n * step):.1f}" y="{HEIGHT - BOTTOM + 18}" text-anchor="middle">{label}</text>')
    parts.append(f'<text x="{(LEFT + WIDTH) / 2}" y="{HEIGHT - 8}" text-anchor="middle">tokens seen, billions</text>')
    parts.append(f'<text x="{LEFT}" y="16">loss, nats a token</text>')
    for n, (name, (label, color)) in enumerate(CURVES.items()):
        points = " ".join(f"{x(line['tokens']):.1f},{y(line[name]):.1f}" for line in lines if line.get(name, 0) > 0)
        parts.append(f'<polyline points="{points}" fill="none" stroke="{color}" stroke-width="1.5"/>')
        parts.append(f'<text x="{WIDTH - RIGHT - 170}" y="{TOP + 16 + 18 * n}" fill="{color}">{label}</text>')
    return "\n".join([*parts, "</svg>"]) + "\n"


def main() -> None:
    parser = argparse.ArgumentParser(description="draws the loss curve of a training run")
    parser.add_argument("log", type=Path, help="the run's log.jsonl")
    parser.add_argument("picture", type=Path, help="where the SVG goes")
    arguments = parser.parse_args()
    if not arguments.log.is_file():
        parser.error(f"there is no file {arguments.log}")
    lines = [json.loads(line) for line in arguments.log.read_text("utf-8").splitlines()]
    if not lines:
        parser.error(f"{arguments.log} has no lines yet")
    arguments.picture.write_text(curve(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
