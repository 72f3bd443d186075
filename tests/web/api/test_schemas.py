"""What the API answers is the whole view and nothing but the view."""

from __future__ import annotations

import dataclasses
from datetime import UTC, datetime, timedelta, timezone
from typing import Any

import pytest
from marshmallow import Schema

from service.definitions.fields import Field, Option
from service.domain.errors import Refusal
from service.operations import inside_views, views
from service.web.api import instance_schemas, schemas, task_schemas
from service.web.api.paths import path_to

NOT_TOLD = {
    Field: {"id", "required_message", "hide_reads", "as_text", "default", "prefix", "suffix", "rows", "properties"}
}
"""How a page draws a question; a program sends the answer and is told what is wrong with it."""


@pytest.mark.parametrize(
    ("schema", "view"),
    [
        (schemas.RefusalSchema, Refusal),
        (schemas.EventSchema, views.EventView),
        (schemas.InstanceSchema, views.InstanceView),
        (schemas.CaseIdentitySchema, views.CaseIdentity),
        (schemas.TaskSummarySchema, views.TaskSummary),
        (schemas.QueueSchema, views.QueuePage),
        (schemas.OversightSchema, views.OversightView),
        (schemas.AnsweredSchema, views.AnsweredView),
        (schemas.AllowedSchema, views.AllowedView),
        (schemas.InvolvementSchema, views.InvolvementView),
        (schemas.IncidentSchema, views.IncidentView),
        (schemas.HistorySchema, views.HistoryView),
        (schemas.CaseSchema, views.CaseView),
        (schemas.FeedEntrySchema, views.FeedEntry),
        (task_schemas.OptionSchema, Option),
        (task_schemas.FormFieldSchema, Field),
        (task_schemas.DraftSchema, views.DraftView),
        (task_schemas.TaskSchema, views.TaskView),
        (task_schemas.CompletionSchema, views.Completion),
        (task_schemas.SentBackSchema, views.SentBackView),
        (task_schemas.SendingBackSchema, views.SentBack),
        (instance_schemas.TimerSchema, inside_views.TimerView),
        (instance_schemas.ScopeSchema, inside_views.ScopeView),
        (instance_schemas.InsideSchema, inside_views.InsideView),
    ],
)
def test_a_schema_tells_every_part_of_its_view(schema: type[Schema], view: Any) -> None:
    told = {field.attribute or name for name, field in schema().fields.items()}
    parts = {part.name for part in dataclasses.fields(view)}
    assert parts - told == NOT_TOLD.get(view, set())


def test_the_same_event_gives_the_same_bytes_whatever_zone_it_was_read_in() -> None:
    summer = EVENT.received_at.astimezone(timezone(timedelta(hours=1)))
    again = dataclasses.replace(EVENT, received_at=summer)
    assert schemas.EventSchema().dumps(again) == schemas.EventSchema().dumps(EVENT)


def test_an_event_links_to_itself_its_instance_and_its_case() -> None:
    assert schemas.EventSchema().dump(EVENT)["links"] == {
        "self": "/api/v1/events/e-1",
        "instance": "/api/v1/process-instances/i-1",
        "case": "/api/v1/cases/K%2F101",
    }


def test_a_link_to_nothing_is_left_out() -> None:
    held = dataclasses.replace(EVENT, instance_id=None)
    assert "instance" not in schemas.EventSchema().dump(held)["links"]


def test_a_feed_entry_is_a_cloud_event() -> None:
    entry = views.FeedEntry(7, "o-1", "something-ended", "K-101", EVENT.received_at, {"a": 1})
    assert schemas.FeedEntrySchema().dump(entry) == {
        "specversion": "1.0",
        "id": "o-1",
        "source": "towpath",
        "type": "something-ended",
        "subject": "K-101",
        "time": "2027-01-04T09:30:00+00:00",
        "datacontenttype": "application/json",
        "data": {"a": 1},
        "sequence": 7,
    }


def test_the_questions_of_a_list_are_told_with_it() -> None:
    rows = Field(kind="dynamiclist", id="1", key="actions", fields=(Field(kind="textfield", id="2", key="owner"),))
    assert task_schemas.FormFieldSchema().dump(rows)["fields"][0]["key"] == "owner"


def test_a_path_cannot_be_broken_out_of() -> None:
    assert path_to("cases", "../a b?x") == "/api/v1/cases/..%2Fa%20b%3Fx"


EVENT = views.EventView(
    id="e-1",
    source="https://case-management.example",
    event_id="17",
    type="something-happened",
    case_reference="K/101",
    received_at=datetime(2027, 1, 4, 9, 30, tzinfo=UTC),
    status="delivered",
    did="Started something.",
    instance_id="i-1",
)
