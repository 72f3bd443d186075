"""The register: the case facts that decisions need, and who is involved. The child's own record is not here."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from sqlalchemy import JSON, CheckConstraint, Date, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables import Base, UtcDateTime, db


class CaseRow(Base):
    """One child's case as the register knows it."""

    __tablename__ = "cases"
    __table_args__ = (CheckConstraint("status IN ('open', 'closed')", name="status_known"),)

    reference: Mapped[str] = mapped_column(String(80), primary_key=True)
    label: Mapped[str] = mapped_column(String(200))
    date_of_birth: Mapped[date | None] = mapped_column(Date)
    expected_on: Mapped[date | None] = mapped_column(Date)
    """The expected date of delivery of an unborn child (requirements §1.4, AL-F)."""
    status: Mapped[str] = mapped_column(String(10), default="open")
    owning_team_id: Mapped[str] = mapped_column(ForeignKey("teams.id"), index=True)
    """Never null: there is no instant at which no team owns a case (TR-R2)."""
    allocated_worker_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    facts: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)
    facts_as_of: Mapped[datetime] = mapped_column(UtcDateTime)
    closed_on: Mapped[date | None] = mapped_column(Date)


class InvolvementRow(Base):
    """Somebody's part in a case, from one date to another."""

    __tablename__ = "involvements"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    case_reference: Mapped[str] = mapped_column(ForeignKey("cases.reference"), index=True)
    kind: Mapped[str] = mapped_column(String(40))
    name: Mapped[str] = mapped_column(String(200))
    role: Mapped[str] = mapped_column(String(200))
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)
    started_on: Mapped[date] = mapped_column(Date)
    ended_on: Mapped[date | None] = mapped_column(Date)


def find_case(reference: str) -> CaseRow | None:
    """A case by its reference."""
    return db.session.get(CaseRow, reference)


def lock_case(reference: str) -> CaseRow | None:
    """A case, locked until the transaction ends. Lock the process instance first, always."""
    return db.session.scalar(
        select(CaseRow)
        .where(CaseRow.reference == reference)
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def find_involvements(reference: str) -> list[InvolvementRow]:
    """Everybody's part in a case, open ones first, then by date."""
    return involvements_of([reference]).get(reference, [])


def involvements_of(references: Iterable[str]) -> dict[str, list[InvolvementRow]]:
    """The same for several cases, by reference."""
    found: dict[str, list[InvolvementRow]] = {}
    rows = db.session.scalars(
        select(InvolvementRow)
        .where(InvolvementRow.case_reference.in_(list(references)))
        .order_by(InvolvementRow.started_on, InvolvementRow.id)
    )
    for row in sorted(rows, key=lambda row: row.ended_on is not None):
        found.setdefault(row.case_reference, []).append(row)
    return found


def involved_people(references: Iterable[str]) -> dict[str, frozenset[str]]:
    """Case reference to the people of ours with an open involvement in it."""
    found: dict[str, set[str]] = {}
    rows = db.session.execute(
        select(InvolvementRow.case_reference, InvolvementRow.person_id).where(
            InvolvementRow.case_reference.in_(list(references)), InvolvementRow.ended_on.is_(None)
        )
    )
    for reference, person_id in rows:
        if person_id is not None:
            found.setdefault(reference, set()).add(person_id)
    return {reference: frozenset(people) for reference, people in found.items()}


def find_cases(references: Iterable[str]) -> list[CaseRow]:
    """Cases by their references."""
    return list(db.session.scalars(select(CaseRow).where(CaseRow.reference.in_(list(references)))))


def pin_free_cases(references: Iterable[str]) -> dict[str, CaseRow]:
    """Those of these cases that nobody has locked, by reference. Until the transaction ends nobody can lock them.

    Not the key alone: a completion locks the case without its key, and may change what the timer's way hangs on.
    """
    query = select(CaseRow).where(CaseRow.reference.in_(list(references))).order_by(CaseRow.reference)
    rows = db.session.scalars(query.with_for_update(read=True, skip_locked=True))
    return {row.reference: row for row in rows}


def cases_of_person(person_id: str) -> frozenset[str]:
    """The references of the cases that are allocated to a person or in which they have an open involvement."""
    involved = select(InvolvementRow.case_reference).where(
        InvolvementRow.person_id == person_id, InvolvementRow.ended_on.is_(None)
    )
    allocated = select(CaseRow.reference).where(CaseRow.allocated_worker_id == person_id)
    return frozenset(db.session.scalars(allocated.union(involved)))


def find_involvement(involvement_id: str) -> InvolvementRow | None:
    """An involvement by its id, in whichever case."""
    return db.session.get(InvolvementRow, involvement_id)


def cases_after(reference: str, limit: int) -> list[CaseRow]:
    """The next cases of the register, by reference."""
    query = select(CaseRow).where(CaseRow.reference > reference).order_by(CaseRow.reference).limit(limit)
    return list(db.session.scalars(query))


def search_cases(text: str, after: str, limit: int) -> list[CaseRow]:
    """Cases whose reference or label contains `text`, by reference, beginning after one; `""` begins with the first."""
    contains = CaseRow.reference.icontains(text, autoescape=True) | CaseRow.label.icontains(text, autoescape=True)
    return list(
        db.session.scalars(
            select(CaseRow).where(contains, CaseRow.reference > after).order_by(CaseRow.reference).limit(limit)
        )
    )
