"""Migrations over HTTP: planning one, rehearsing and running it in batches, moving back. Schemas are in
`migration_schemas.py`."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

from service.domain.people import Actor
from service.operations.migration_views import MigratedPage, MigrationView, NewMigration, Progress
from service.operations.migrations import (
    forget_migration,
    list_migrations,
    plan_migration,
    read_migrated,
    read_migration,
)
from service.operations.moving import rehearse_migration, reverse_migration, run_migration
from service.web.api.authentication import environment
from service.web.api.migration_schemas import (
    BatchBody,
    ForgottenSchema,
    MigratedPageSchema,
    MigrationBody,
    MigrationSchema,
    MigrationsSchema,
    ProgressSchema,
    ReportQuery,
    RunBody,
)
from service.web.api.routes import Reads, Routes

routes = Routes(
    "migrations",
    "Migrations",
    "Moving running instances to another release of the rule book: plan, rehearse, run, and move back what is "
    "untouched since. Each call looks at one batch; call again until `next_after` is null.",
)

READABLE = (HTTPStatus.BAD_REQUEST, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE)
EXAMPLE = {
    "from_releases": [1],
    "to_release": 2,
    "elements": {"old_task": "new_task", "task_that_goes": None},
    "reason": "The form asks for more.",
}
BATCH = Reads(body=BatchBody, example={"limit": 100})


@routes.post(
    "/migrations",
    MigrationSchema,
    *READABLE,
    reads=Reads(body=MigrationBody, example=EXAMPLE),
    status=HTTPStatus.CREATED,
)
def plan(actor: Actor, *, body: Mapping[str, Any]) -> MigrationView:
    """Plan a migration

    Nothing moves yet. `obstacles` says where instances may stand that could not move as planned.
    """
    new = NewMigration(**{**body, "from_releases": tuple(body["from_releases"])})
    return plan_migration(environment(), actor, new=new)


@routes.get("/migrations", MigrationsSchema)
def find(actor: Actor) -> Mapping[str, tuple[MigrationView, ...]]:
    """List the migrations

    The newest first.
    """
    return {"migrations": list_migrations(environment(), actor)}


@routes.get("/migrations/<migration_id>", MigrationSchema, HTTPStatus.NOT_FOUND)
def read(actor: Actor, *, migration_id: str) -> MigrationView:
    """Read a migration

    How far it is: how many instances have each status.
    """
    return read_migration(environment(), actor, migration_id=migration_id)


@routes.get(
    "/migrations/<migration_id>/instances", MigratedPageSchema, HTTPStatus.NOT_FOUND, reads=Reads(query=ReportQuery)
)
def report(actor: Actor, *, migration_id: str, query: Mapping[str, Any]) -> MigratedPage:
    """Read what becomes of each instance

    Whether it moves, what it would lose, or why it cannot.
    """
    return read_migrated(environment(), actor, migration_id=migration_id, **query)


@routes.post("/migrations/<migration_id>/rehearsal", ProgressSchema, *READABLE, HTTPStatus.NOT_FOUND, reads=BATCH)
def rehearse(actor: Actor, *, migration_id: str, body: Mapping[str, Any]) -> Progress:
    """Rehearse the next instances

    Each is really moved and put back. What was found is in the report.
    """
    return rehearse_migration(environment(), actor, migration_id=migration_id, **body)


@routes.post(
    "/migrations/<migration_id>/run",
    ProgressSchema,
    *READABLE,
    HTTPStatus.NOT_FOUND,
    HTTPStatus.CONFLICT,
    reads=Reads(body=RunBody, example={"limit": 100, "accept_loss": False}),
)
def run(actor: Actor, *, migration_id: str, body: Mapping[str, Any]) -> Progress:
    """Move the next instances

    Each by itself, judged again as it moves. After an interruption call again: nothing moves twice.
    """
    return run_migration(environment(), actor, migration_id=migration_id, **body)


@routes.post("/migrations/<migration_id>/reversal", ProgressSchema, *READABLE, HTTPStatus.NOT_FOUND, reads=BATCH)
def reverse(actor: Actor, *, migration_id: str, body: Mapping[str, Any]) -> Progress:
    """Move the next instances back

    Those that nothing has happened to since. The others stay, with the reason in the report.
    """
    return reverse_migration(environment(), actor, migration_id=migration_id, **body)


@routes.post("/migrations/<migration_id>/forgetting", ForgottenSchema, HTTPStatus.NOT_FOUND)
def forget(actor: Actor, *, migration_id: str) -> Mapping[str, int]:
    """Let go of what moving back needs

    The states from before are deleted; nothing can be moved back after this.
    """
    return {"forgotten": forget_migration(environment(), actor, migration_id=migration_id)}
