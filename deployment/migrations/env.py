"""Runs the migrations on the connection that `towpath db upgrade` hands over. No migration is here."""

from __future__ import annotations

from alembic import context

from service.store import (  # noqa: F401 - each makes its tables known
    cases,
    events,
    history,
    incidents,
    instances,
    jobs,
    organisation,
    queue,
    records,
    releases,
    schedules,
    tasks,
    tokens,
    words,
    workers,
)
from service.store.tables import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, transactional_ddl=True)
with context.begin_transaction():
    context.run_migrations()
