"""Instances whose timers are due: claiming them, and locking several at once. Their table is in `instances.py`."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, timedelta

from sqlalchemy import select, update
from sqlalchemy.orm import undefer

from service.store.instances import IS_RUNNING, InstanceRow
from service.store.leases import free
from service.store.tables import db


def lease_due_instances(now: datetime, lease: timedelta, limit: int) -> list[str]:
    """Lease instances with a timer that is due, the longest waiting first, past those that somebody works on now."""
    found = (
        select(InstanceRow.id)
        .where(IS_RUNNING, InstanceRow.wake_at <= now, free(InstanceRow.leased_until, now, lease))
        .order_by(InstanceRow.wake_at)
        .limit(limit)
    )
    ids = list(db.session.scalars(found.with_for_update(skip_locked=True, key_share=True)))
    if ids:
        db.session.execute(update(InstanceRow).where(InstanceRow.id.in_(ids)).values(leased_until=now + lease))
    return ids


def lock_free_instances(instance_ids: Iterable[str]) -> list[InstanceRow]:
    """Those of these instances that nobody else has locked, fresh and locked, in the order of their ids."""
    query = (
        select(InstanceRow)
        .where(InstanceRow.id.in_(list(instance_ids)))
        .order_by(InstanceRow.id)
        .options(undefer(InstanceRow.state))
        .with_for_update(skip_locked=True, key_share=True)
        .execution_options(populate_existing=True)
    )
    return list(db.session.scalars(query))
