"""Options of the whole test suite. That this file is here puts tests/ on the import path, for golden.py and its like."""

from __future__ import annotations

import pytest


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the files that golden.py compares with")
