"""Our decisions against the DMN TCK, one test for each expected result. How it is asked is in `kit.py`."""

from __future__ import annotations

import pytest

from service.domain.errors import ModelError
from tests.conformance.kit import NoTestCases, ask, calls_outside_feel, results, same
from tests.conformance.score import Scores


def test_tck(result, scores):
    found, verdict = None, "wrong"
    try:
        found = ask(result)
        if same(found, result.expected):
            verdict = "right"
        elif calls_outside_feel(result):
            verdict = "out of scope"
    except ModelError:
        if not calls_outside_feel(result):
            raise
        verdict = "out of scope"
    finally:
        scores.note(result.level, result.folder, verdict)

    if verdict == "out of scope":
        assert found is None
    else:
        assert verdict == "right", f"expected {result.expected!r}, found {found!r}"


def test_the_score_is_printed_for_each_folder_and_each_level():
    scores = Scores()
    for folder, verdict in (("0001-a", "right"), ("0001-a", "wrong"), ("0002-b", "right"), ("0002-b", "out of scope")):
        scores.note("level-3", folder, verdict)

    assert list(scores.lines()) == [
        "level-3/0001-a: 1/2",
        "level-3/0002-b: 1/2 (1 out of scope)",
        "level-3: 2/4 (1 out of scope), 50.00%",
    ]


def test_a_folder_without_test_cases_is_said_to_be_one(tmp_path):
    with pytest.raises(NoTestCases, match="no TCK test cases"):
        results(tmp_path)
