"""Our decisions against the DMN TCK, one test for each expected result. How it is asked is in `kit.py`."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.conformance.kit import ask, results, same


@pytest.mark.parametrize("result", list(results(Path(os.environ["TOWPATH_TCK"]))), ids=str)
def test_tck(result):
    found = ask(result)

    assert same(found, result.expected), f"expected {result.expected!r}, found {found!r}"
