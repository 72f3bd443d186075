"""Published releases of the rule book, content-addressed. What a rule book means is not here but in `definitions/`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

from sqlalchemy import Date, ForeignKey, LargeBinary, Select, String, Text, func, select
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables import Base, UtcDateTime, db


class ReleaseRow(Base):
    """One release of the whole rule book."""

    __tablename__ = "releases"

    number: Mapped[int] = mapped_column(primary_key=True, autoincrement=False)
    digest: Mapped[str] = mapped_column(String(64))
    author: Mapped[str] = mapped_column(String(200))
    approver: Mapped[str] = mapped_column(String(200))
    note: Mapped[str] = mapped_column(Text)
    effective_from: Mapped[date] = mapped_column(Date)
    published_at: Mapped[datetime] = mapped_column(UtcDateTime)


class ContentRow(Base):
    """A file's content by its own digest: ten releases that share a file keep it once."""

    __tablename__ = "release_contents"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    content: Mapped[bytes] = mapped_column(LargeBinary)


class ReleaseFileRow(Base):
    """A file's place in a release."""

    __tablename__ = "release_files"

    release_number: Mapped[int] = mapped_column(ForeignKey("releases.number"), primary_key=True)
    path: Mapped[str] = mapped_column(String(400), primary_key=True)
    content_digest: Mapped[str] = mapped_column(ForeignKey("release_contents.digest"))


def find_release(number: int) -> ReleaseRow | None:
    """The release with this number."""
    return db.session.get(ReleaseRow, number)


def number_in_force(on: date) -> Select[int]:
    """A query for the number of the release in force on that date; before the first one, of the first one."""
    in_force = ReleaseRow.effective_from <= on
    newest = select(ReleaseRow.number).where(in_force).order_by(ReleaseRow.number.desc()).limit(1)
    first = select(ReleaseRow.number).order_by(ReleaseRow.effective_from, ReleaseRow.number).limit(1)
    return select(func.coalesce(newest.scalar_subquery(), first.scalar_subquery()))


def newest_release() -> ReleaseRow | None:
    """The release published last, whether or not it is in force yet."""
    return db.session.scalar(select(ReleaseRow).order_by(ReleaseRow.number.desc()).limit(1))


def release_files(number: int) -> dict[str, bytes]:
    """Path to content of every file in a release."""
    rows = db.session.execute(
        select(ReleaseFileRow.path, ContentRow.content)
        .join(ContentRow, ContentRow.digest == ReleaseFileRow.content_digest)
        .where(ReleaseFileRow.release_number == number)
        .order_by(ReleaseFileRow.path)
    )
    return dict(iter(rows))


def add_release(row: ReleaseRow, files: Mapping[str, tuple[str, bytes]]) -> None:
    """Store a release and its files, given as path to (digest, content)."""
    db.session.add(row)
    contents = dict(files.values())
    known = set(db.session.scalars(select(ContentRow.digest).where(ContentRow.digest.in_(contents))))
    for digest, content in contents.items():
        if digest not in known:
            db.session.add(ContentRow(digest=digest, content=content))
    db.session.flush()
    for path, (digest, _) in files.items():
        db.session.add(ReleaseFileRow(release_number=row.number, path=path, content_digest=digest))
    db.session.flush()
