"""What the API reads and answers about migrations. The routes are in `migrations.py`."""

from __future__ import annotations

from marshmallow import fields, validate

from service.operations.migrations import MAX_PAGE
from service.operations.moving import MAX_BATCH
from service.web.api.parts import Described, Instant, links_to, words
from service.web.api.paths import path_to

MOST_NAMES = 1_000
STATUSES = ("waiting", "moves", "would-lose", "cannot", "moved", "gone", "reversed", "touched")
_name = validate.Length(min=1, max=200)


def _choice(what: str) -> fields.String:
    return fields.String(
        load_default="keep",
        validate=validate.OneOf(["keep", "recompute"]),
        metadata={"description": f"{what}: `keep` what they are, or `recompute` them from the new diagrams."},
    )


def _limit(most: int) -> fields.Integer:
    return fields.Integer(
        load_default=100,
        validate=validate.Range(min=1, max=most),
        metadata={"description": "How many instances at most."},
    )


def _after() -> fields.String:
    return fields.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata={"description": "The `next_after` of the last answer; left out for the first."},
    )


class MigrationBody(Described):
    """What is to move where, and what becomes of elements that are called otherwise or gone."""

    from_releases = fields.List(
        fields.Integer(strict=True, validate=validate.Range(min=1, max=2**31 - 1)),
        required=True,
        validate=validate.Length(min=1, max=100),
        metadata={"description": "The releases whose running instances move."},
    )
    to_release = fields.Integer(strict=True, required=True, validate=validate.Range(min=1, max=2**31 - 1))
    process_id = fields.String(
        load_default=None, allow_none=True, validate=_name, metadata={"description": "Only instances of this process."}
    )
    elements = fields.Dict(
        keys=fields.String(validate=_name),
        values=fields.String(allow_none=True, validate=_name),
        load_default=dict,
        validate=validate.Length(max=MOST_NAMES),
        metadata={
            "description": "Old element id to new one, or to null when a token there ends. `process/element` when two "
            "processes have an element of that id."
        },
    )
    processes = fields.Dict(
        keys=fields.String(validate=_name),
        values=fields.String(validate=_name),
        load_default=dict,
        validate=validate.Length(max=MOST_NAMES),
        metadata={"description": "Old process id to new one."},
    )
    deadlines = _choice("Due dates of open user tasks")
    timers = _choice("Instants of open timers")
    accept_loss = fields.Boolean(load_default=False, metadata={"description": "Also move what loses something by it."})
    reason = fields.String(
        required=True,
        validate=validate.Length(min=1, max=4000),
        metadata={"description": "Why, in words; it stands in the history of every case."},
    )


class BatchBody(Described):
    """Which batch."""

    after = _after()
    limit = _limit(MAX_BATCH)


class RunBody(Described):
    """How much is moved at once."""

    limit = _limit(MAX_BATCH)
    accept_loss = fields.Boolean(
        load_default=False, metadata={"description": "From now on also move what loses something by it."}
    )


class ReportQuery(Described):
    """Which page of the report."""

    status = fields.String(load_default=None, allow_none=True, validate=validate.OneOf(STATUSES))
    after = _after()
    limit = _limit(MAX_PAGE)


class MigrationSchema(Described):
    """A migration as planned, and how far it is."""

    id = words()
    from_releases = fields.List(fields.Integer())
    to_release = fields.Integer()
    process_id = words(allow_none=True)
    elements = fields.Dict(keys=fields.String(), values=fields.String(allow_none=True))
    processes = fields.Dict(keys=fields.String(), values=fields.String())
    deadlines = words()
    timers = words()
    accept_loss = fields.Boolean()
    reason = words()
    status = words("`planned`, `running`, `done` or `reversed`.")
    created_at = Instant()
    created_by = words()
    counts = fields.Dict(
        keys=fields.String(),
        values=fields.Integer(),
        metadata={"description": "How many instances have each status that any has."},
    )
    obstacles = fields.List(
        fields.String(),
        metadata={"description": "Where an instance may stand that could not move as planned. Empty in a list."},
    )
    links = links_to(
        self=lambda migration: path_to("migrations", migration.id),
        instances=lambda migration: path_to("migrations", migration.id, "instances"),
    )


class MigrationsSchema(Described):
    """Migrations, the newest first."""

    migrations = fields.List(fields.Nested(MigrationSchema))


class MigratedSchema(Described):
    """What becomes of one instance."""

    instance_id = words()
    name = words()
    case_reference = words()
    status = words(
        "`waiting` (not judged), `moves`, `would-lose`, `cannot`, `moved`, `gone` (ended meanwhile), `reversed`, or "
        "`touched` (moved, and cannot be moved back)."
    )
    lost = fields.List(fields.String(), metadata={"description": "What it lost, or would lose."})
    because = fields.List(fields.String(), metadata={"description": "Why it cannot move, or not back."})
    can_go_back = fields.Boolean()
    judged_at = Instant(allow_none=True)
    moved_at = Instant(allow_none=True)
    links = links_to(instance=lambda one: path_to("process-instances", one.instance_id))


class MigratedPageSchema(Described):
    """One page of the report, by instance id."""

    instances = fields.List(fields.Nested(MigratedSchema))
    next_after = words("Send as `after` for the next page; null on the last.", allow_none=True)


class ProgressSchema(Described):
    """What one call did."""

    done = fields.Integer(metadata={"description": "How many instances it looked at."})
    next_after = words("Not null while there may be more: call again.", allow_none=True)


class ForgottenSchema(Described):
    """What was let go of."""

    forgotten = fields.Integer(metadata={"description": "How many instances could have been moved back."})
