"""evaluation.json -> the tables of docs/tiny.md: `python -m sglc.backend.engine.tiny.tables docs/tiny.md` writes them."""

from __future__ import annotations

import argparse
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sglc.backend.engine.load import tiny_folder

START, END = "<!-- figures -->\n", "<!-- end of figures -->\n"
"""The tables stand between these two lines."""


def tables(evaluation: Mapping[str, Any]) -> str:
    """Shares of right cases by kind and by task, as Markdown."""
    rows = [
        f"{evaluation['cases']} cases of each task, {evaluation['date']}.",
        "",
        "| kind | English | Chinese |",
        "| --- | --- | --- |",
    ]
    for kind, shares in evaluation["kinds"].items():
        shown = (f"{shares[language]:.1%}" if language in shares else "" for language in ("en", "zh"))
        rows.append(f"| {kind} | {' | '.join(shown)} |")
    rows += ["", "| task | kind | language | right |", "| --- | --- | --- | --- |"]
    rows += [f"| {t['task']} | {t['kind']} | {t['language']} | {t['right']:.0%} |" for t in evaluation["tasks"]]
    return "\n".join(rows) + "\n"


def with_tables(page: str, evaluation: Mapping[str, Any]) -> str:
    """The page with the tables of these figures. Raises ValueError where the two lines are missing."""
    before, _, rest = page.partition(START)
    _, _, after = rest.partition(END)
    if START not in page or END not in rest:
        raise ValueError(f"the page lacks the lines {START.strip()} and {END.strip()}")
    return f"{before}{START}{tables(evaluation)}{END}{after}"


def main() -> None:
    parser = argparse.ArgumentParser(description="writes the tables of the evaluation into a page")
    parser.add_argument("page", type=Path)
    page = parser.parse_args().page
    evaluation = json.loads((tiny_folder() / "evaluation.json").read_text("utf-8"))
    try:
        text = with_tables(page.read_text("utf-8"), evaluation)
    except (OSError, ValueError) as error:
        parser.error(f"{page}: {error}")
    page.write_text(text, encoding="utf-8")


if __name__ == "__main__":
    main()
