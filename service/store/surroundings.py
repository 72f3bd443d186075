"""What stands around every case and seldom changes: the organisation, the list of releases. Read once for each version.

Every process keeps what it has read under the version that named it. The version itself is never kept: each
transaction reads it anew, with whatever else it reads first, so nobody ever decides by an organisation that was.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from threading import Lock

from sqlalchemy import ScalarSelect, select

from service.domain.people import Post, Team
from service.store.organisation import SurroundingsRow, all_people, all_posts, all_teams
from service.store.releases import ReleaseRow
from service.store.tables import db

KEPT = 8
"""How many versions a process keeps; more than one only while they change, or when it serves several databases."""

NOTED = "surroundings"
"""Where a session notes the version that its transaction has read."""


@dataclass(frozen=True)
class Surroundings:
    """The organisation and the list of releases, as one version of them names them."""

    teams: Mapping[str, Team]
    posts: Mapping[str, Post]
    people: Mapping[str, str]
    """Person id to name."""
    posts_held: Mapping[str, tuple[Post, ...]]
    """Person id to their posts, in a fixed order."""
    releases: tuple[tuple[int, date], ...]
    """Number and first day of each release, the newest first."""

    def release_on(self, day: date) -> int | None:
        """The newest release that had taken effect on that day; before the first one, the first one."""
        in_force = next((number for number, effective_from in self.releases if effective_from <= day), None)
        if in_force is not None or not self.releases:
            return in_force
        return min(self.releases, key=lambda release: (release[1], release[0]))[0]


_read: dict[str, Surroundings] = {}
_lock = Lock()


def version_now() -> ScalarSelect[str]:
    """The version, as one more column of whatever a transaction reads first; hand what it gives to `note_version`."""
    return select(SurroundingsRow.version).scalar_subquery()


def note_version(version: str) -> None:
    """Remember until the transaction ends which version it has read."""
    db.session.info[NOTED] = (db.session().get_transaction(), version)


def surroundings() -> Surroundings:
    """What stands around every case, as this transaction first saw it."""
    transaction, version = db.session.info.get(NOTED, (None, ""))
    if transaction is None or transaction is not db.session().get_transaction():
        version = _version()
    found = _read.get(version)
    if found is None:
        version, found = _settled(version)
        with _lock:
            while len(_read) >= KEPT:
                del _read[next(iter(_read))]
            _read[version] = found
    note_version(version)
    return found


def _settled(version: str) -> tuple[str, Surroundings]:
    """All of it, read while nobody changed it, and the version that names it."""
    while True:
        found = _all()
        after = _version()
        if after == version:
            return version, found
        version = after


def _version() -> str:
    return db.session.scalars(select(SurroundingsRow.version)).one()


def _all() -> Surroundings:
    posts = all_posts()
    held: dict[str, tuple[Post, ...]] = {}
    for post in posts.values():
        if post.holder_id is not None:
            held[post.holder_id] = (*held.get(post.holder_id, ()), post)
    listed = db.session.execute(select(ReleaseRow.number, ReleaseRow.effective_from).order_by(ReleaseRow.number.desc()))
    releases = tuple((number, effective_from) for number, effective_from in listed)
    return Surroundings(all_teams(), posts, all_people(), held, releases)
