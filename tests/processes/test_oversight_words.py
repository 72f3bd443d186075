"""What counts as only agreeing in an oversight note (XC-8), in the words people write at 4.45 on a Friday."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from service.data_files import processes_directory
from service.definitions.files import read_directory
from service.operations.environment import ReleaseInUse, open_release
from service.operations.guards import ask_guards
from tests.support.world import SIGNATURE


@pytest.mark.parametrize(
    "reason",
    [
        "Agree with social worker's recommendations",
        "I have read the exemplar and agree with the social worker's recommendations to close this case.",
        "I am in agreement with the SW's recommendations.",
        "As per social worker's recommendation",
        "Fully support the plan to close",
        "Agree with social worker's recommendations. " * 3,
    ],
)
def test_a_note_that_only_agrees_is_refused(book: ReleaseInUse, reason: str) -> None:
    assert "XC-8" in refused(book, reason=reason)


@pytest.mark.parametrize(
    "reason",
    [
        SIGNATURE["reason"],
        "I agree with closure: attendance rose to 94 %, four visits found a safe home, and no current risk was found.",
        "I do not support an earlier ending: the school reports bruises on two mornings and nobody has explained them.",
    ],
)
def test_a_note_that_says_why_is_not(book: ReleaseInUse, reason: str) -> None:
    assert "XC-8" not in refused(book, reason=reason)


def refused(book: ReleaseInUse, **answers: Any) -> list[str]:
    given: Mapping[str, Any] = {"challenge": None, "sentBackBecause": None, **SIGNATURE, **answers}
    scope = {"answers": given, "settings": dict(book.rulebook.settings), "case": {}, "actor": {}}
    return [refusal.rule for refusal in ask_guards(book, ["oversight-guards"], scope, datetime.now(UTC))]


@pytest.fixture(scope="module")
def book() -> ReleaseInUse:
    """The rule book of this tree."""
    return open_release(1, read_directory(processes_directory()))
