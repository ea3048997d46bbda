"""What other processes hear of a failure."""

from __future__ import annotations

import pickle

from sglc.diagnostics import SglError
from sglc.pipeline import analyze
from sglc.source import SourceFile


def test_an_error_travels_with_its_diagnostics() -> None:
    error = SglError(analyze("x.sgl", SourceFile("x.sgl", "def f(:\n")).errors)
    found = pickle.loads(pickle.dumps(error))
    assert isinstance(found, SglError)
    assert str(found) == str(error)
    assert [(d.code, d.span) for d in found.diagnostics] == [(d.code, d.span) for d in error.diagnostics]
    assert found.diagnostics
