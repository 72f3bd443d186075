"""Runs the migrations on the connection that `towpath db upgrade` hands over. No migration is here."""

from __future__ import annotations

from alembic import context

from service.store import cases, events, history, incidents, instances, jobs, organisation, records, releases  # noqa: F401
from service.store import tasks, tokens  # noqa: F401
from service.store.tables import Base

connection = context.config.attributes["connection"]
context.configure(connection=connection, target_metadata=Base.metadata, render_as_batch=True, compare_type=True)
with context.begin_transaction():
    context.run_migrations()
