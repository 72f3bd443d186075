"""Which kit is asked, and the score at the end: `pytest tests/conformance --tck PATH`. No test is here.

Without `--tck` the part of the DMN TCK that is kept beside this file is asked.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.conformance.kit import KEPT_HERE, NoTestCases, results
from tests.conformance.score import Scores

_SCORES = pytest.StashKey[Scores]()


def pytest_addoption(parser):
    """Where another kit is."""
    parser.addoption(
        "--tck", metavar="PATH", help="a checkout of the DMN TCK, or a part of one, to ask instead of ours"
    )


def pytest_generate_tests(metafunc):
    """One test for each expected result of the kit."""
    if "result" in metafunc.fixturenames:
        folder = Path(metafunc.config.getoption("tck", None) or KEPT_HERE)
        try:
            metafunc.parametrize("result", results(folder), ids=str)
        except NoTestCases as none:
            raise pytest.UsageError(str(none)) from none


@pytest.fixture(scope="session")
def scores(request):
    """Where each result's verdict is noted, for the summary."""
    return request.config.stash.setdefault(_SCORES, Scores())


def pytest_terminal_summary(terminalreporter, config):
    """Right results of all, per folder and per level."""
    if scores := config.stash.get(_SCORES, None):
        terminalreporter.section("DMN TCK")
        for line in scores.lines():
            terminalreporter.write_line(line)
