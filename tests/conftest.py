"""Options of the whole test suite. That this file is here puts tests/ on the import path, for golden.py and its like.

Property tests draw the same examples in each run, so that `make test` says the same to everyone. `make fuzz` draws
others, and more of them: HYPOTHESIS_PROFILE=fuzz, with SGLC_FUZZ times as many examples as the tests ask for.
"""

from __future__ import annotations

import os

import pytest
from hypothesis import settings

settings.register_profile("fixed", derandomize=True, deadline=None)
settings.register_profile("fuzz", derandomize=False, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "fixed"))


def pytest_addoption(parser: pytest.Parser) -> None:
    parser.addoption("--update-golden", action="store_true", help="rewrite the files that golden.py compares with")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    factor = int(os.environ.get("SGLC_FUZZ", "1"))
    if factor == 1:
        return
    for item in items:
        function = getattr(item, "obj", None)
        own = getattr(function, "_hypothesis_internal_use_settings", None)
        if function is not None and own is not None:
            grown = settings(own, max_examples=own.max_examples * factor)
            function._hypothesis_internal_use_settings = grown
