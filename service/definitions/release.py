"""A release of the rule book, the rules of publishing one. Storing them and finding the one in force are not."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime

from service.domain.errors import Invalid, Refusal, Refused

MAX_NOTE = 4_000


@dataclass(frozen=True, slots=True)
class Release:
    """The whole rule book under one number: what it holds, who wrote it, who approved it, why, and from which day."""

    number: int
    digest: str
    author: str
    """A person id, as are all names of people here."""
    approver: str
    note: str
    """What changes and why, in plain words, for the people who will work under it."""
    effective_from: date
    """The first day it is in force."""
    published_at: datetime | None = None
    """The instant of publishing (UTC); None until it is published."""


def check_release(release: Release) -> Release:
    """Give the release back, its note trimmed.

    Raises Invalid with every wrong field, and Refused when the person who wrote the rules also approves them.
    """
    wrong: dict[str, list[str]] = {}
    note = release.note.strip()
    if not note:
        wrong["note"] = ["Enter a note that says what changes and why"]
    elif len(note) > MAX_NOTE:
        wrong["note"] = [f"Note must be {MAX_NOTE} characters or fewer"]
    if not release.author.strip():
        wrong["author"] = ["Enter the author"]
    if not release.approver.strip():
        wrong["approver"] = ["Enter the approver"]
    if not isinstance(release.effective_from, date) or isinstance(release.effective_from, datetime):
        wrong["effective_from"] = ["Enter the date from which the release is in force"]
    if wrong:
        raise Invalid(wrong)
    if same_person(release.author, release.approver):
        raise Refused("publish this release", [_ANOTHER_APPROVER])
    return Release(
        release.number,
        release.digest,
        release.author.strip(),
        release.approver.strip(),
        note,
        release.effective_from,
        release.published_at,
    )


def same_person(one: str, other: str) -> bool:
    """Whether two person ids mean one person: spaces and capitals do not make a second pair of eyes."""
    return one.strip().casefold() == other.strip().casefold()


_ANOTHER_APPROVER = Refusal(
    rule="release-approver",
    message="The person who approves a release must not be the person who wrote it.",
    cleared_by="Somebody other than the author who may approve releases",
    source="Towpath, the rule book",
)
