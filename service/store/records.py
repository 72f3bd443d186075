"""Oversight records: the decision, its reasons, who made it. Written once; only clearing and receipt are added."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from sqlalchemy import JSON, ForeignKey, String, Text, select
from sqlalchemy.orm import Mapped, mapped_column

from service.store.tables import Base, Lasting, UtcDateTime, db


class OversightRow(Lasting, Base):
    """One management-oversight record."""

    __tablename__ = "oversight_records"

    reference: Mapped[str] = mapped_column(String(40), primary_key=True)
    case_reference: Mapped[str] = mapped_column(ForeignKey("cases.reference"), index=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instances.id"), index=True)
    task_id: Mapped[str] = mapped_column(ForeignKey("user_tasks.id"), unique=True)
    decision: Mapped[str] = mapped_column(String(300))
    """What was decided: the name of the process and of the task, as drawn."""
    decision_code: Mapped[str | None] = mapped_column(String(80))
    level: Mapped[str] = mapped_column(String(200))
    outcome: Mapped[str] = mapped_column(String(80))
    outcome_words: Mapped[str] = mapped_column(String(300))
    person_id: Mapped[str] = mapped_column(String(80))
    person_name: Mapped[str] = mapped_column(String(200))
    on_behalf_of: Mapped[str | None] = mapped_column(String(200))
    release_number: Mapped[int] = mapped_column(ForeignKey("releases.number"))
    rule: Mapped[str] = mapped_column(String(200), default="")
    recorded_in: Mapped[str] = mapped_column(String(300), default="")
    """Where else the decision must be recorded, as the matrix says."""
    body: Mapped[list[list[str]]] = mapped_column(JSON)
    """Question and answer pairs in the order of the form."""
    written_at: Mapped[datetime] = mapped_column(UtcDateTime)
    cleared_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    cleared_because: Mapped[str | None] = mapped_column(Text)
    receipt: Mapped[dict[str, Any] | None] = mapped_column(JSON(none_as_null=True))
    receipt_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


def find_record(reference: str) -> OversightRow | None:
    """An oversight record by its reference."""
    return db.session.get(OversightRow, reference, populate_existing=True)


def records_of_case(reference: str) -> list[OversightRow]:
    """Every oversight record of a case, the oldest first."""
    return list(
        db.session.scalars(
            select(OversightRow)
            .where(OversightRow.case_reference == reference)
            .order_by(OversightRow.written_at, OversightRow.reference)
        )
    )


def records_of_instance(instance_id: str) -> list[OversightRow]:
    """What the deciders in one instance wrote, the oldest first."""
    return records_of_instances([instance_id]).get(instance_id, [])


def records_of_instances(instance_ids: Iterable[str]) -> dict[str, list[OversightRow]]:
    """The same for several instances, by id."""
    found: dict[str, list[OversightRow]] = {}
    rows = db.session.scalars(
        select(OversightRow)
        .where(OversightRow.instance_id.in_(list(instance_ids)))
        .order_by(OversightRow.written_at, OversightRow.reference)
    )
    for row in rows:
        found.setdefault(row.instance_id, []).append(row)
    return found
