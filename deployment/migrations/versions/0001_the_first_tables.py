"""The first tables: releases, organisation, register, instances, tasks, jobs, events, history, records, tokens."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None


def upgrade() -> None:
    """Go forward."""
    op.create_table(
        "authority",
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("demo", sa.Boolean(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_authority")),
    )
    op.create_table(
        "people",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_people")),
    )
    op.create_table(
        "release_contents",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.PrimaryKeyConstraint("digest", name=op.f("pk_release_contents")),
    )
    op.create_table(
        "releases",
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("author", sa.String(length=200), nullable=False),
        sa.Column("approver", sa.String(length=200), nullable=False),
        sa.Column("note", sa.Text(), nullable=False),
        sa.Column("effective_from", sa.Date(), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("number", name=op.f("pk_releases")),
    )
    op.create_table(
        "teams",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("kind", sa.String(length=80), nullable=False),
        sa.Column("area", sa.String(length=80), nullable=True),
        sa.Column("service", sa.String(length=80), nullable=True),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_teams")),
    )
    op.create_table(
        "cases",
        sa.Column("reference", sa.String(length=80), nullable=False),
        sa.Column("label", sa.String(length=200), nullable=False),
        sa.Column("date_of_birth", sa.Date(), nullable=True),
        sa.Column("expected_on", sa.Date(), nullable=True),
        sa.Column("status", sa.String(length=10), nullable=False),
        sa.Column("owning_team_id", sa.String(length=80), nullable=False),
        sa.Column("allocated_worker_id", sa.String(length=80), nullable=True),
        sa.Column("facts", sa.JSON(), nullable=False),
        sa.Column("facts_as_of", sa.DateTime(timezone=True), nullable=False),
        sa.Column("closed_on", sa.Date(), nullable=True),
        sa.CheckConstraint("status IN ('open', 'closed')", name=op.f("ck_cases_status_known")),
        sa.ForeignKeyConstraint(["allocated_worker_id"], ["people.id"], name=op.f("fk_cases_allocated_worker_id")),
        sa.ForeignKeyConstraint(["owning_team_id"], ["teams.id"], name=op.f("fk_cases_owning_team_id")),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_cases")),
    )
    with op.batch_alter_table("cases", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_cases_allocated_worker_id"), ["allocated_worker_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_cases_owning_team_id"), ["owning_team_id"], unique=False)

    op.create_table(
        "posts",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("title", sa.String(length=200), nullable=False),
        sa.Column("level", sa.String(length=80), nullable=False),
        sa.Column("team_id", sa.String(length=80), nullable=True),
        sa.Column("area", sa.String(length=80), nullable=True),
        sa.Column("service", sa.String(length=80), nullable=True),
        sa.Column("line_manager_post_id", sa.String(length=80), nullable=True),
        sa.Column("holder_id", sa.String(length=80), nullable=True),
        sa.ForeignKeyConstraint(["holder_id"], ["people.id"], name=op.f("fk_posts_holder_id")),
        sa.ForeignKeyConstraint(["team_id"], ["teams.id"], name=op.f("fk_posts_team_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_posts")),
    )
    with op.batch_alter_table("posts", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_posts_holder_id"), ["holder_id"], unique=False)

    op.create_table(
        "release_files",
        sa.Column("release_number", sa.Integer(), nullable=False),
        sa.Column("path", sa.String(length=400), nullable=False),
        sa.Column("content_digest", sa.String(length=64), nullable=False),
        sa.ForeignKeyConstraint(
            ["content_digest"], ["release_contents.digest"], name=op.f("fk_release_files_content_digest")
        ),
        sa.ForeignKeyConstraint(["release_number"], ["releases.number"], name=op.f("fk_release_files_release_number")),
        sa.PrimaryKeyConstraint("release_number", "path", name=op.f("pk_release_files")),
    )
    op.create_table(
        "tokens",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("scopes", sa.JSON(), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("revoked_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_tokens_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_tokens")),
        sa.UniqueConstraint("digest", name=op.f("uq_tokens_digest")),
    )
    op.create_table(
        "involvements",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("case_reference", sa.String(length=80), nullable=False),
        sa.Column("kind", sa.String(length=40), nullable=False),
        sa.Column("name", sa.String(length=200), nullable=False),
        sa.Column("role", sa.String(length=200), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=True),
        sa.Column("started_on", sa.Date(), nullable=False),
        sa.Column("ended_on", sa.Date(), nullable=True),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_involvements_case_reference")),
        sa.ForeignKeyConstraint(["person_id"], ["people.id"], name=op.f("fk_involvements_person_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_involvements")),
    )
    with op.batch_alter_table("involvements", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_involvements_case_reference"), ["case_reference"], unique=False)

    op.create_table(
        "process_instances",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("process_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("release_number", sa.Integer(), nullable=False),
        sa.Column("case_reference", sa.String(length=80), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("state", sa.LargeBinary(), nullable=True),
        sa.Column("wake_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("started_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("started_by", sa.String(length=200), nullable=False),
        sa.Column("started_by_name", sa.String(length=200), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("open_key", sa.String(length=300), nullable=True),
        sa.CheckConstraint(
            "status IN ('running', 'completed', 'cancelled')", name=op.f("ck_process_instances_status_known")
        ),
        sa.ForeignKeyConstraint(
            ["case_reference"], ["cases.reference"], name=op.f("fk_process_instances_case_reference")
        ),
        sa.ForeignKeyConstraint(
            ["release_number"], ["releases.number"], name=op.f("fk_process_instances_release_number")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_process_instances")),
        sa.UniqueConstraint("open_key", name=op.f("uq_process_instances_open_key")),
    )
    with op.batch_alter_table("process_instances", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_process_instances_case_reference"), ["case_reference"], unique=False)
        batch_op.create_index("ix_process_instances_due", ["status", "wake_at"], unique=False)

    op.create_table(
        "case_events",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("source", sa.String(length=400), nullable=False),
        sa.Column("event_id", sa.String(length=400), nullable=False),
        sa.Column("type", sa.String(length=200), nullable=False),
        sa.Column("case_reference", sa.String(length=80), nullable=False),
        sa.Column("happened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("received_from", sa.String(length=200), nullable=False),
        sa.Column("received_from_name", sa.String(length=200), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("did", sa.Text(), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint(
            "status IN ('accepted', 'delivered', 'held', 'quarantined')", name=op.f("ck_case_events_status_known")
        ),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_case_events_case_reference")),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instances.id"], name=op.f("fk_case_events_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_case_events")),
        sa.UniqueConstraint("source", "event_id", name=op.f("uq_case_events_source_event_id")),
    )
    with op.batch_alter_table("case_events", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_case_events_case_reference"), ["case_reference"], unique=False)
        batch_op.create_index("ix_case_events_due", ["status", "received_at"], unique=False)

    op.create_table(
        "history",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("case_reference", sa.String(length=80), nullable=True),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("actor_id", sa.String(length=200), nullable=False),
        sa.Column("actor_name", sa.String(length=200), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=200), nullable=True),
        sa.Column("verb", sa.String(length=80), nullable=False),
        sa.Column("subject", sa.Text(), nullable=False),
        sa.Column("release_number", sa.Integer(), nullable=True),
        sa.Column("rule", sa.String(length=200), nullable=True),
        sa.Column("details", sa.JSON(), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_history_case_reference")),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instances.id"], name=op.f("fk_history_instance_id")),
        sa.ForeignKeyConstraint(["release_number"], ["releases.number"], name=op.f("fk_history_release_number")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_history")),
    )
    with op.batch_alter_table("history", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_history_case_reference"), ["case_reference"], unique=False)
        batch_op.create_index(batch_op.f("ix_history_instance_id"), ["instance_id"], unique=False)

    op.create_table(
        "jobs",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("case_reference", sa.String(length=80), nullable=False),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("type", sa.String(length=200), nullable=False),
        sa.Column("headers", sa.JSON(), nullable=False),
        sa.Column("variables", sa.JSON(), nullable=False),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("retries", sa.Integer(), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("leased_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("lease", sa.String(length=36), nullable=True),
        sa.Column("last_error", sa.Text(), nullable=True),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("status IN ('pending', 'done', 'stuck', 'cancelled')", name=op.f("ck_jobs_status_known")),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_jobs_case_reference")),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instances.id"], name=op.f("fk_jobs_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_jobs")),
    )
    with op.batch_alter_table("jobs", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_jobs_case_reference"), ["case_reference"], unique=False)
        batch_op.create_index("ix_jobs_due", ["status", "due_at"], unique=False)
        batch_op.create_index(batch_op.f("ix_jobs_instance_id"), ["instance_id"], unique=False)

    op.create_table(
        "outbox",
        sa.Column("sequence", sa.BigInteger().with_variant(sa.Integer(), "sqlite"), autoincrement=True, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("type", sa.String(length=200), nullable=False),
        sa.Column("case_reference", sa.String(length=80), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("data", sa.JSON(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_outbox_case_reference")),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instances.id"], name=op.f("fk_outbox_instance_id")),
        sa.PrimaryKeyConstraint("sequence", name=op.f("pk_outbox")),
        sa.UniqueConstraint("id", name=op.f("uq_outbox_id")),
    )
    with op.batch_alter_table("outbox", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_outbox_case_reference"), ["case_reference"], unique=False)

    op.create_table(
        "subscriptions",
        sa.Column("id", sa.String(length=80), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.Column("message", sa.String(length=200), nullable=False),
        sa.Column("correlation_key", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instances.id"], name=op.f("fk_subscriptions_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_subscriptions")),
    )
    with op.batch_alter_table("subscriptions", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_subscriptions_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index("ix_subscriptions_message", ["message", "correlation_key"], unique=False)

    op.create_table(
        "user_tasks",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("case_reference", sa.String(length=80), nullable=False),
        sa.Column("element_id", sa.String(length=200), nullable=False),
        sa.Column("process_id", sa.String(length=200), nullable=False),
        sa.Column("name", sa.String(length=300), nullable=False),
        sa.Column("form_id", sa.String(length=200), nullable=True),
        sa.Column("status", sa.String(length=12), nullable=False),
        sa.Column("assignee_id", sa.String(length=80), nullable=True),
        sa.Column("claimed_by", sa.String(length=80), nullable=True),
        sa.Column("claimed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("follow_up_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("priority", sa.Integer(), nullable=False),
        sa.Column("properties", sa.JSON(), nullable=False),
        sa.Column("variables", sa.JSON(), nullable=False),
        sa.Column("excluded", sa.JSON(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("ended_by", sa.String(length=200), nullable=True),
        sa.CheckConstraint("status IN ('open', 'completed', 'cancelled')", name=op.f("ck_user_tasks_status_known")),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_user_tasks_case_reference")),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instances.id"], name=op.f("fk_user_tasks_instance_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_tasks")),
    )
    with op.batch_alter_table("user_tasks", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_tasks_case_reference"), ["case_reference"], unique=False)
        batch_op.create_index(batch_op.f("ix_user_tasks_claimed_by"), ["claimed_by"], unique=False)
        batch_op.create_index(batch_op.f("ix_user_tasks_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index("ix_user_tasks_queue", ["status", "opened_at", "id"], unique=False)

    op.create_table(
        "answers",
        sa.Column("task_id", sa.String(length=36), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("given_by", sa.String(length=80), nullable=False),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["user_tasks.id"], name=op.f("fk_answers_task_id")),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_answers")),
    )
    op.create_table(
        "drafts",
        sa.Column("task_id", sa.String(length=36), nullable=False),
        sa.Column("answers", sa.JSON(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["user_tasks.id"], name=op.f("fk_drafts_task_id")),
        sa.PrimaryKeyConstraint("task_id", name=op.f("pk_drafts")),
    )
    op.create_table(
        "incidents",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=True),
        sa.Column("case_reference", sa.String(length=80), nullable=False),
        sa.Column("job_id", sa.String(length=36), nullable=True),
        sa.Column("event_id", sa.String(length=36), nullable=True),
        sa.Column("what", sa.String(length=300), nullable=False),
        sa.Column("message", sa.Text(), nullable=False),
        sa.Column("raised_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("resolved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("resolved_by", sa.String(length=200), nullable=True),
        sa.ForeignKeyConstraint(["case_reference"], ["cases.reference"], name=op.f("fk_incidents_case_reference")),
        sa.ForeignKeyConstraint(["event_id"], ["case_events.id"], name=op.f("fk_incidents_event_id")),
        sa.ForeignKeyConstraint(["instance_id"], ["process_instances.id"], name=op.f("fk_incidents_instance_id")),
        sa.ForeignKeyConstraint(["job_id"], ["jobs.id"], name=op.f("fk_incidents_job_id")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_incidents")),
    )
    with op.batch_alter_table("incidents", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_incidents_case_reference"), ["case_reference"], unique=False)
        batch_op.create_index(batch_op.f("ix_incidents_event_id"), ["event_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incidents_instance_id"), ["instance_id"], unique=False)
        batch_op.create_index(batch_op.f("ix_incidents_job_id"), ["job_id"], unique=False)

    op.create_table(
        "overrides",
        sa.Column("task_id", sa.String(length=36), nullable=False),
        sa.Column("rule", sa.String(length=80), nullable=False),
        sa.Column("allowed", sa.JSON(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("allowed_by", sa.String(length=80), nullable=False),
        sa.Column("allowed_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["user_tasks.id"], name=op.f("fk_overrides_task_id")),
        sa.PrimaryKeyConstraint("task_id", "rule", name=op.f("pk_overrides")),
    )
    op.create_table(
        "oversight_records",
        sa.Column("reference", sa.String(length=40), nullable=False),
        sa.Column("case_reference", sa.String(length=80), nullable=False),
        sa.Column("instance_id", sa.String(length=36), nullable=False),
        sa.Column("task_id", sa.String(length=36), nullable=False),
        sa.Column("decision", sa.String(length=300), nullable=False),
        sa.Column("decision_code", sa.String(length=80), nullable=True),
        sa.Column("level", sa.String(length=200), nullable=False),
        sa.Column("outcome", sa.String(length=80), nullable=False),
        sa.Column("outcome_words", sa.String(length=300), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.Column("person_name", sa.String(length=200), nullable=False),
        sa.Column("on_behalf_of", sa.String(length=200), nullable=True),
        sa.Column("release_number", sa.Integer(), nullable=False),
        sa.Column("rule", sa.String(length=200), nullable=False),
        sa.Column("recorded_in", sa.String(length=300), nullable=False),
        sa.Column("body", sa.JSON(), nullable=False),
        sa.Column("written_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("cleared_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("cleared_because", sa.Text(), nullable=True),
        sa.Column("receipt", sa.JSON(none_as_null=True), nullable=True),
        sa.Column("receipt_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["case_reference"], ["cases.reference"], name=op.f("fk_oversight_records_case_reference")
        ),
        sa.ForeignKeyConstraint(
            ["instance_id"], ["process_instances.id"], name=op.f("fk_oversight_records_instance_id")
        ),
        sa.ForeignKeyConstraint(
            ["release_number"], ["releases.number"], name=op.f("fk_oversight_records_release_number")
        ),
        sa.ForeignKeyConstraint(["task_id"], ["user_tasks.id"], name=op.f("fk_oversight_records_task_id")),
        sa.PrimaryKeyConstraint("reference", name=op.f("pk_oversight_records")),
        sa.UniqueConstraint("task_id", name=op.f("uq_oversight_records_task_id")),
    )
    with op.batch_alter_table("oversight_records", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_oversight_records_case_reference"), ["case_reference"], unique=False)
        batch_op.create_index(batch_op.f("ix_oversight_records_instance_id"), ["instance_id"], unique=False)

    op.create_table(
        "user_task_candidates",
        sa.Column("task_id", sa.String(length=36), nullable=False),
        sa.Column("key", sa.String(length=200), nullable=False),
        sa.Column("words", sa.String(length=400), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["user_tasks.id"], name=op.f("fk_user_task_candidates_task_id")),
        sa.PrimaryKeyConstraint("task_id", "key", name=op.f("pk_user_task_candidates")),
    )
    with op.batch_alter_table("user_task_candidates", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_user_task_candidates_key"), ["key"], unique=False)

    op.create_table(
        "user_task_contributors",
        sa.Column("task_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=80), nullable=False),
        sa.ForeignKeyConstraint(["task_id"], ["user_tasks.id"], name=op.f("fk_user_task_contributors_task_id")),
        sa.PrimaryKeyConstraint("task_id", "person_id", name=op.f("pk_user_task_contributors")),
    )
