"""The history: one entry an operation, and it only grows: a session refuses to change or delete an entry."""

from __future__ import annotations

from datetime import datetime
from typing import Any, NoReturn

from sqlalchemy import JSON, ForeignKey, Select, String, Text, event, select
from sqlalchemy.orm import Mapped, ORMExecuteState, Session, mapped_column

from service.store.events import Sequence
from service.store.instances import InstanceRow
from service.store.tables import Base, Lasting, UtcDateTime, db


class HistoryRow(Lasting, Base):
    """Who did what, when, for whom, under which release and rule."""

    __tablename__ = "history"

    sequence: Mapped[int] = mapped_column(Sequence, primary_key=True, autoincrement=True)
    at: Mapped[datetime] = mapped_column(UtcDateTime)
    case_reference: Mapped[str | None] = mapped_column(ForeignKey("cases.reference"), index=True)
    instance_id: Mapped[str | None] = mapped_column(ForeignKey("process_instances.id"))
    """Found by its case, whose entries are few: another index would be as large as a fifth of the entry."""
    actor_id: Mapped[str] = mapped_column(String(200))
    actor_name: Mapped[str] = mapped_column(String(200))
    on_behalf_of: Mapped[str | None] = mapped_column(String(200))
    verb: Mapped[str] = mapped_column(String(80))
    subject: Mapped[str] = mapped_column(Text)
    release_number: Mapped[int | None] = mapped_column(ForeignKey("releases.number"))
    rule: Mapped[str | None] = mapped_column(String(200))
    details: Mapped[dict[str, Any]] = mapped_column(JSON, default=dict)


@event.listens_for(HistoryRow, "before_update")
@event.listens_for(HistoryRow, "before_delete")
def _refuse(*_: Any) -> NoReturn:
    raise RuntimeError("the history only grows: an entry is neither changed nor deleted")


@event.listens_for(Session, "do_orm_execute")
def _refuse_many(state: ORMExecuteState) -> None:
    if (state.is_update or state.is_delete) and HistoryRow.__mapper__ in state.all_mappers:
        _refuse()


def add_entry(entry: HistoryRow) -> None:
    """Append an entry; it is written with everything else when the transaction ends."""
    db.session.add(entry)


def history_of_case(reference: str, limit: int) -> list[HistoryRow]:
    """What happened to a case, newest first."""
    return list(
        db.session.scalars(
            select(HistoryRow)
            .where(HistoryRow.case_reference == reference)
            .order_by(HistoryRow.sequence.desc())
            .limit(limit)
        )
    )


def entries_of_instance(instance: InstanceRow, verb: str) -> list[HistoryRow]:
    """What happened to an instance in this way, newest first."""
    query = _of_instance(instance).where(HistoryRow.verb == verb)
    return list(db.session.scalars(query.order_by(HistoryRow.sequence.desc())))


def latest_of_instance(instance: InstanceRow, verb: str | None) -> HistoryRow | None:
    """The last thing that happened to an instance; the last of one verb when that is given."""
    query = _of_instance(instance)
    if verb is not None:
        query = query.where(HistoryRow.verb == verb)
    return db.session.scalar(query.order_by(HistoryRow.sequence.desc()).limit(1))


def _of_instance(instance: InstanceRow) -> Select[HistoryRow]:
    return select(HistoryRow).where(
        HistoryRow.case_reference == instance.case_reference, HistoryRow.instance_id == instance.id
    )
