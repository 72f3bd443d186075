"""The DMN Technology Compatibility Kit is asked only where it is: set TOWPATH_TCK to its folder, or to a part of it.

    TOWPATH_TCK=../tck/compliance-level-2 python -m pytest tests/conformance -q

Without it these tests are not collected. No test is here.
"""

from __future__ import annotations

import os

collect_ignore_glob = [] if os.environ.get("TOWPATH_TCK") else ["test_*.py"]


def pytest_terminal_summary(terminalreporter):
    """How many of the kit's results came out right."""
    passed, failed = (
        sum("test_tck" in report.nodeid for report in terminalreporter.stats.get(outcome, ()))
        for outcome in ("passed", "failed")
    )
    if passed or failed:
        terminalreporter.write_line(f"DMN TCK: {passed} of {passed + failed} results are right")
