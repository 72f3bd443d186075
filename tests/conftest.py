"""One rule for every test: where everything must be there, nothing may be skipped. Fixtures are beside their tests."""

from __future__ import annotations

import os
from collections.abc import Generator
from typing import TypeVar

import pytest

pytest_plugins = ["tests.support.fixtures"]

Report = TypeVar("Report", pytest.TestReport, pytest.CollectReport)
EVERYTHING_REQUIRED = os.environ.get("TOWPATH_TEST_REQUIRE", "") == "all"


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport() -> Generator[None, pytest.TestReport, pytest.TestReport]:
    """Turn the skip of a test into a failure where TOWPATH_TEST_REQUIRE=all."""
    return _without_skips((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report() -> Generator[None, pytest.CollectReport, pytest.CollectReport]:
    """Likewise for a whole module that skips itself."""
    return _without_skips((yield))


def _without_skips(report: Report) -> Report:
    if EVERYTHING_REQUIRED and report.skipped:
        reason = report.longrepr[2] if isinstance(report.longrepr, tuple) else str(report.longrepr)
        report.outcome = "failed"
        report.longrepr = f"TOWPATH_TEST_REQUIRE=all, so this may not be skipped. {reason}"
    return report
