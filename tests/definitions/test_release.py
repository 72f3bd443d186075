"""Publishing a release: two people, a note, a date."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from service.definitions.release import Release, check_release
from service.domain.errors import Invalid, Refused

GOOD = Release(3, "abc", "person-1", "person-2", " Two managers sign now. ", date(2027, 1, 4))


def test_a_good_release_passes_with_its_note_trimmed() -> None:
    assert check_release(GOOD).note == "Two managers sign now."


@pytest.mark.parametrize("approver", ["person-1", " person-1 ", "Person-1"])
def test_nobody_approves_their_own_release(approver: str) -> None:
    with pytest.raises(Refused, match="must not be the person who wrote it"):
        check_release(replace(GOOD, approver=approver))


def test_every_gap_is_said_at_once() -> None:
    with pytest.raises(Invalid) as caught:
        check_release(replace(GOOD, note=" ", author=" ", approver=" ", effective_from=None))  # type: ignore[arg-type]
    assert set(caught.value.fields) == {"note", "author", "approver", "effective_from"}


@pytest.mark.parametrize("when", ["2027-01-04", datetime(2027, 1, 4, tzinfo=UTC)])
def test_it_takes_effect_on_a_day(when: Any) -> None:
    with pytest.raises(Invalid, match="missing or wrong") as caught:
        check_release(replace(GOOD, effective_from=when))
    assert set(caught.value.fields) == {"effective_from"}


def test_a_note_is_not_a_novel() -> None:
    assert len(check_release(replace(GOOD, note="x" * 4_000)).note) == 4_000
    with pytest.raises(Invalid):
        check_release(replace(GOOD, note="x" * 4_001))
