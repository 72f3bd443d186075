"""User tasks keep whom they wait for, who had a hand in them and what was answered; instances what of them is open.

Also the version of the surroundings: the database itself renews it when a team, a post, a person or a release changes.
"""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"

FUNCTIONS = {
    "postgresql": {"object_of": "json_object_agg", "list_of": "json_agg", "object": "json_build_object", "json": ""},
    "sqlite": {
        "object_of": "json_group_object",
        "list_of": "json_group_array",
        "object": "json_object",
        "json": "json",
    },
}
"""What gathers rows into JSON is called otherwise in each database."""

TASKS = """
    UPDATE user_tasks SET
        candidates = coalesce((SELECT {object_of}(c.key, c.words) FROM user_task_candidates c
                               WHERE c.task_id = user_tasks.id), '{{}}'),
        contributors = coalesce((SELECT {list_of}(p.person_id) FROM user_task_contributors p
                                 WHERE p.task_id = user_tasks.id), '[]'),
        answers = (SELECT a.answers FROM answers a WHERE a.task_id = user_tasks.id),
        draft_version = coalesce((SELECT d.version FROM drafts d WHERE d.task_id = user_tasks.id), 0)
"""

INSTANCES = """
    UPDATE process_instances SET following = {object}(
        'tasks', {json}(coalesce((SELECT {list_of}(t.id) FROM user_tasks t
                           WHERE t.instance_id = process_instances.id AND t.status = 'open'), '[]')),
        'jobs', {json}(coalesce((SELECT {list_of}(j.id) FROM jobs j
                          WHERE j.instance_id = process_instances.id AND j.status IN ('pending', 'stuck')), '[]')),
        'subscriptions', {json}(coalesce((SELECT {list_of}(s.id) FROM subscriptions s
                                   WHERE s.instance_id = process_instances.id), '[]')),
        'incidents', (SELECT count(*) FROM incidents i
                      WHERE i.instance_id = process_instances.id AND i.resolved_at IS NULL)
    )
"""

RENEW = {"postgresql": "gen_random_uuid()", "sqlite": "lower(hex(randomblob(16)))"}
SURROUNDINGS = ("teams", "people", "posts", "releases")


def upgrade() -> None:
    """Go forward."""
    dialect = op.get_bind().dialect.name
    op.add_column("user_tasks", sa.Column("candidates", sa.JSON()))
    op.add_column("user_tasks", sa.Column("contributors", sa.JSON()))
    op.add_column("user_tasks", sa.Column("draft_version", sa.Integer()))
    op.add_column("user_tasks", sa.Column("answers", sa.JSON(none_as_null=True)))
    op.add_column("process_instances", sa.Column("following", sa.JSON()))
    op.execute(TASKS.format(**FUNCTIONS[dialect]))
    op.execute(INSTANCES.format(**FUNCTIONS[dialect]))
    known = sa.CheckConstraint("status IN ('open', 'completed', 'cancelled')", name=op.f("ck_user_tasks_status_known"))
    with op.batch_alter_table("user_tasks", table_args=(known,)) as batch:
        batch.alter_column("candidates", existing_type=sa.JSON(), nullable=False)
        batch.alter_column("contributors", existing_type=sa.JSON(), nullable=False)
        batch.alter_column("draft_version", existing_type=sa.Integer(), nullable=False)
    known = sa.CheckConstraint(
        "status IN ('running', 'completed', 'cancelled')", name=op.f("ck_process_instances_status_known")
    )
    with op.batch_alter_table("process_instances", table_args=(known,)) as batch:
        batch.alter_column("following", existing_type=sa.JSON(), nullable=False)
    with op.batch_alter_table("drafts") as batch:
        batch.drop_column("version")
    with op.batch_alter_table("user_task_candidates") as batch:
        batch.drop_column("words")
    op.drop_table("answers")
    op.drop_table("user_task_contributors")
    _version_of_the_surroundings(dialect)


def _version_of_the_surroundings(dialect: str) -> None:
    op.create_table(
        "surroundings",
        sa.Column("version", sa.String(length=36), nullable=False),
        sa.PrimaryKeyConstraint("version", name=op.f("pk_surroundings")),
    )
    op.execute(f"INSERT INTO surroundings SELECT {RENEW[dialect]}")
    renewed = f"UPDATE surroundings SET version = {RENEW[dialect]}"
    if dialect == "postgresql":
        op.execute(
            "CREATE FUNCTION renew_surroundings() RETURNS trigger LANGUAGE plpgsql AS "
            f"$$ BEGIN {renewed}; RETURN NULL; END $$"
        )
    for table in SURROUNDINGS:
        if dialect == "postgresql":
            op.execute(
                f"CREATE TRIGGER surroundings_changed AFTER INSERT OR UPDATE OR DELETE ON {table} "
                "FOR EACH STATEMENT EXECUTE FUNCTION renew_surroundings()"
            )
            continue
        for change in ("INSERT", "UPDATE", "DELETE"):
            name = f"{table}_{change.lower()}_changes_surroundings"
            op.execute(f"CREATE TRIGGER {name} AFTER {change} ON {table} BEGIN {renewed}; END")
