"""Process instances and what they wait for. Their state is opaque here; only `engine/` opens it."""

from __future__ import annotations

from collections.abc import Iterable, Set
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import (
    JSON,
    CheckConstraint,
    Dialect,
    ForeignKey,
    Index,
    String,
    Text,
    delete,
    func,
    literal_column,
    select,
    text,
)
from sqlalchemy.orm import Mapped, deferred, mapped_column, undefer
from sqlalchemy.types import TypeDecorator

from service.domain.outcome import AwaitedMessage, AwaitedSignal
from service.store.codec import EncodedBytes
from service.store.tables import Base, Lasting, UtcDateTime, db

WAKES = text("status = 'running' AND wake_at IS NOT NULL")
GOING_ON = text("status IN ('running', 'suspended')")
"""Of an instance that has not ended."""
KIN = ("release_number", "process_id", "state_version")


@dataclass(frozen=True, slots=True)
class Following:
    """What of an instance is open, by id: what the next outcome says is compared with it, and no row is read for it."""

    tasks: frozenset[str] = frozenset()
    """Open user tasks."""
    jobs: frozenset[str] = frozenset()
    """Jobs that are pending, suspended or stuck."""
    subscriptions: frozenset[str] = frozenset()
    incidents: bool = False
    """Whether any incident of the instance may be open."""

    def without(self, ended: Set[str]) -> Following:
        """The same less these user tasks and jobs."""
        return replace(self, tasks=self.tasks - ended, jobs=self.jobs - ended)


class FollowingType(TypeDecorator[Following]):
    """A Following as JSON; what is empty is left out."""

    impl = JSON
    cache_ok = True

    def process_bind_param(self, value: Following | None, _dialect: Dialect) -> dict[str, Any]:
        """To JSON, lists in order."""
        if value is None:
            return {}
        kept = {name: sorted(getattr(value, name)) for name in ("tasks", "jobs", "subscriptions")}
        return {name: ids for name, ids in kept.items() if ids} | ({"incidents": True} if value.incidents else {})

    def process_result_value(self, value: dict[str, Any] | None, _dialect: Dialect) -> Following:
        """Back from JSON."""
        kept = value or {}
        ids = {name: frozenset(kept.get(name, ())) for name in ("tasks", "jobs", "subscriptions")}
        return Following(**ids, incidents=bool(kept.get("incidents")))


class InstanceRow(Lasting, Base):
    """One run of a process, pinned to the release it began under."""

    __tablename__ = "process_instances"
    __table_args__ = (
        CheckConstraint("status IN ('running', 'suspended', 'completed', 'cancelled')", name="status_known"),
        Index("ix_process_instances_due", "wake_at", postgresql_where=WAKES, sqlite_where=WAKES),
        Index("ix_process_instances_kin", *KIN, postgresql_where=GOING_ON, sqlite_where=GOING_ON),
    )

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    process_id: Mapped[str] = mapped_column(String(200))
    name: Mapped[str] = mapped_column(String(300))
    release_number: Mapped[int] = mapped_column(ForeignKey("releases.number"))
    case_reference: Mapped[str] = mapped_column(ForeignKey("cases.reference"), index=True)
    """The business key."""
    status: Mapped[str] = mapped_column(String(12), default="running")
    state: Mapped[bytes] = deferred(mapped_column(EncodedBytes, default=b""))
    following: Mapped[Following] = mapped_column(FollowingType, default=Following)
    """What the rows say is open. Whoever opens or ends one of them by another way than an outcome says so here too."""
    wake_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    leased_until: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Until when another worker need not look at its timers: one is about to. Firing them does not rely on it."""
    started_at: Mapped[datetime] = mapped_column(UtcDateTime)
    started_by: Mapped[str] = mapped_column(String(200))
    started_by_name: Mapped[str] = mapped_column(String(200))
    ended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    ended_by: Mapped[str | None] = mapped_column(String(200))
    """The name of whoever cancelled it; null for one that ran to its end, as is the reason."""
    ended_because: Mapped[str | None] = mapped_column(Text)
    suspended_at: Mapped[datetime | None] = mapped_column(UtcDateTime)
    """Set with the next two while the status is `suspended`."""
    suspended_by: Mapped[str | None] = mapped_column(String(200))
    """A name."""
    suspended_because: Mapped[str | None] = mapped_column(Text)
    state_version: Mapped[str | None] = mapped_column(String(40))
    """What wrote the state, as `engine` names it; null when it was written before that was kept."""
    open_key: Mapped[str | None] = mapped_column(String(300), unique=True)
    """Set until it ends when the diagram allows one open instance per case, so that two can never start at once."""
    renamed: Mapped[list[list[str]] | None] = mapped_column(JSON(none_as_null=True))
    """Pairs of element ids that name the same, since it moved to a release in which they are called otherwise."""


IS_RUNNING = InstanceRow.status == literal_column("'running'")
IS_GOING_ON = InstanceRow.status.in_([literal_column("'running'"), literal_column("'suspended'")])
"""Literals and no parameters, so that the partial indexes serve a prepared statement too."""


@dataclass(frozen=True, slots=True)
class Kin:
    """What running instances have in common that decides whether a build can resume them."""

    release_number: int
    process_id: str
    state_version: str | None


class SubscriptionRow(Base):
    """A message or a signal that an instance waits for."""

    __tablename__ = "subscriptions"
    __table_args__ = (Index("ix_subscriptions_message", "message", "correlation_key"),)

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    instance_id: Mapped[str] = mapped_column(ForeignKey("process_instances.id"), index=True)
    element_id: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(8), default="message", server_default="message")
    message: Mapped[str] = mapped_column(String(200))
    """The name of the message or signal."""
    correlation_key: Mapped[str] = mapped_column(Text)
    """Empty for a signal: everybody who waits gets it."""


def find_instance(instance_id: str) -> InstanceRow | None:
    """An instance by id."""
    return db.session.get(InstanceRow, instance_id)


def find_instances(instance_ids: Iterable[str]) -> dict[str, InstanceRow]:
    """Instances by id."""
    rows = db.session.scalars(select(InstanceRow).where(InstanceRow.id.in_(list(instance_ids))))
    return {row.id: row for row in rows}


def lock_instance(instance_id: str) -> InstanceRow | None:
    """An instance, fresh and locked until the transaction ends: the one lock of every operation."""
    return db.session.scalar(
        select(InstanceRow)
        .where(InstanceRow.id == instance_id)
        .options(undefer(InstanceRow.state))
        .with_for_update()
        .execution_options(populate_existing=True)
    )


def also_called(instance: InstanceRow, element_ids: Iterable[str]) -> list[str]:
    """These elements by every id they have had in this instance: a row keeps the one of its day."""
    names = set(element_ids)
    pairs = instance.renamed or []
    while more := {name for pair in pairs if names & set(pair) for name in pair} - names:
        names |= more
    return sorted(names)


def find_open_instance(open_key: str) -> InstanceRow | None:
    """The running instance that holds this key."""
    return db.session.scalar(select(InstanceRow).where(InstanceRow.open_key == open_key))


def instances_of_case(reference: str) -> list[InstanceRow]:
    """Every instance about a case, newest first."""
    return list(
        db.session.scalars(
            select(InstanceRow)
            .where(InstanceRow.case_reference == reference)
            .order_by(InstanceRow.started_at.desc(), InstanceRow.id)
        )
    )


def replace_subscriptions(
    instance_id: str, known: frozenset[str], messages: Iterable[AwaitedMessage], signals: Iterable[AwaitedSignal]
) -> None:
    """Make the instance's subscriptions exactly these, given the ids of those that it had."""
    wanted = {row.id: row for row in (*map(_to_message, messages), *map(_to_signal, signals))}
    gone = known - wanted.keys()
    if gone:
        db.session.execute(delete(SubscriptionRow).where(SubscriptionRow.id.in_(gone)))
    for subscription_id in wanted.keys() - known:
        wanted[subscription_id].instance_id = instance_id
        db.session.add(wanted[subscription_id])


def _to_message(awaited: AwaitedMessage) -> SubscriptionRow:
    return SubscriptionRow(
        id=awaited.id,
        element_id=awaited.element_id,
        kind="message",
        message=awaited.message,
        correlation_key=awaited.correlation_key,
    )


def _to_signal(awaited: AwaitedSignal) -> SubscriptionRow:
    return SubscriptionRow(
        id=awaited.id, element_id=awaited.element_id, kind="signal", message=awaited.signal, correlation_key=""
    )


def kin_of(row: InstanceRow) -> Kin:
    """The kind of an instance."""
    return Kin(row.release_number, row.process_id, row.state_version)


def kinds_of_running() -> list[tuple[Kin, int]]:
    """The kinds of instances that have not ended, and how many there are of each; none is opened."""
    kin = (InstanceRow.release_number, InstanceRow.process_id, InstanceRow.state_version)
    query = select(*kin, func.count()).where(IS_GOING_ON).group_by(*kin).order_by(*kin)
    rows = db.session.execute(query)
    return [(Kin(number, process_id, version), count) for number, process_id, version, count in rows]


def lock_instances_of_kin(kin: Kin, after: str, limit: int, unless: Any) -> list[InstanceRow]:
    """Instances of a kind that have not ended, locked in the order of their ids behind the one named, unless a
    condition holds; without their state."""
    query = select(InstanceRow).where(
        IS_GOING_ON,
        InstanceRow.release_number == kin.release_number,
        InstanceRow.process_id == kin.process_id,
        InstanceRow.state_version.is_not_distinct_from(kin.state_version),
        InstanceRow.id > after,
        ~unless,
    )
    return list(db.session.scalars(query.order_by(InstanceRow.id).limit(limit).with_for_update(key_share=True)))


def drop_subscriptions(subscription_ids: Iterable[str]) -> None:
    """Wait for none of these any more."""
    gone = list(subscription_ids)
    if gone:
        db.session.execute(delete(SubscriptionRow).where(SubscriptionRow.id.in_(gone)))


def find_subscription(subscription_id: str) -> SubscriptionRow | None:
    """What an instance waits for, by id, fresh from the database."""
    return db.session.get(SubscriptionRow, subscription_id, populate_existing=True)


def find_subscriptions(message: str, correlation_key: str) -> list[SubscriptionRow]:
    """Who waits for this message with this key, in a fixed order."""
    return list(
        db.session.scalars(
            select(SubscriptionRow)
            .where(
                SubscriptionRow.kind == "message",
                SubscriptionRow.message == message,
                SubscriptionRow.correlation_key == correlation_key,
            )
            .order_by(SubscriptionRow.instance_id, SubscriptionRow.id)
        )
    )


def signal_catchers(signal: str) -> list[tuple[SubscriptionRow, InstanceRow]]:
    """Everybody who waits for a signal now, with the instance, in a fixed order."""
    rows = db.session.execute(
        select(SubscriptionRow, InstanceRow)
        .join(InstanceRow, InstanceRow.id == SubscriptionRow.instance_id)
        .where(SubscriptionRow.kind == "signal", SubscriptionRow.message == signal)
        .order_by(SubscriptionRow.instance_id, SubscriptionRow.id)
    )
    return [(subscription, instance) for subscription, instance in rows]
