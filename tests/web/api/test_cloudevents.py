"""Reading CloudEvents in their three modes, and naming everything that is wrong with one at once."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import orjson
import pytest
from werkzeug.exceptions import BadRequest, UnsupportedMediaType

from service.domain.errors import Invalid
from service.domain.events import CaseEvent
from service.web.api.cloudevents import BATCH, LARGEST_BATCH, STRUCTURED, read_event, read_posted


@pytest.mark.parametrize("mimetype", [STRUCTURED, "application/json"])
def test_the_structured_mode_is_read_under_both_its_names(mimetype: str) -> None:
    assert read_posted(mimetype, [], orjson.dumps(AN_EVENT)).events == (AS_CASE_EVENT,)


def test_the_binary_mode_carries_attributes_in_headers_and_data_in_the_body() -> None:
    headers = [(f"Ce-{name}", value) for name, value in AN_EVENT.items() if name != "data"]
    posted = read_posted("application/json", [*headers, ("Host", "x")], orjson.dumps(AN_EVENT["data"]))
    assert posted.events == (AS_CASE_EVENT,)


def test_a_binary_event_may_have_no_body() -> None:
    headers = [(f"ce-{name}", value) for name, value in AN_EVENT.items() if name != "data"]
    assert read_posted("", headers, b"").events[0].data == {}


def test_header_values_are_percent_decoded() -> None:
    headers = [(f"ce-{name}", value) for name, value in AN_EVENT.items() if name != "data"]
    posted = read_posted("", [*headers, ("ce-subject", "K%20101%E2%82%AC")], b"")
    assert posted.events[0].subject == "K 101€"


def test_a_batch_keeps_its_order() -> None:
    batch = [an_event(id="1"), an_event(id="2")]
    posted = read_posted(BATCH, [], orjson.dumps(batch))
    assert ([event.id for event in posted.events], posted.in_batch) == (["1", "2"], True)


def test_one_unreadable_event_refuses_the_whole_batch_and_is_named_by_its_place() -> None:
    with pytest.raises(Invalid) as refused:
        read_posted(BATCH, [], orjson.dumps([AN_EVENT, an_event(type=""), 3]))
    assert set(refused.value.fields) == {"1.type", "2.body"}


def test_a_batch_has_a_size_that_a_sender_can_wait_for() -> None:
    assert len(read_posted(BATCH, [], orjson.dumps([AN_EVENT] * LARGEST_BATCH)).events) == LARGEST_BATCH
    with pytest.raises(Invalid):
        read_posted(BATCH, [], orjson.dumps([AN_EVENT] * (LARGEST_BATCH + 1)))


def test_a_batch_is_a_list() -> None:
    with pytest.raises(Invalid) as refused:
        read_posted(BATCH, [], orjson.dumps(AN_EVENT))
    assert set(refused.value.fields) == {"body"}


def test_every_missing_attribute_is_named_at_once() -> None:
    assert set(wrong_fields({})) == {"specversion", "id", "source", "type", "subject"}


@pytest.mark.parametrize(
    ("attribute", "value"),
    [
        ("specversion", "0.3"),
        ("specversion", 1.0),
        ("id", ""),
        ("id", 17),
        ("id", "a\x00b"),
        ("id", "x" * 201),
        ("source", None),
        ("subject", ""),
        ("time", "yesterday"),
        ("time", "2027-01-04"),
        ("time", "2027-01-04T09:30:00"),
        ("time", "2027-13-04T09:30:00Z"),
        ("time", "0001-01-01T00:00:00+14:00"),
        ("data", "text"),
        ("data", []),
        ("data_base64", "AAAA"),
        ("datacontenttype", "text/xml"),
        ("caseReference", "K-101"),
        ("extension", {"nested": True}),
    ],
)
def test_a_wrong_attribute_is_named(attribute: str, value: Any) -> None:
    assert list(wrong_fields(an_event(**{attribute: value}))) == [attribute]


def test_what_is_wrong_is_said_beside_other_faults() -> None:
    assert set(wrong_fields({"time": "noon", "Extra": 1, "data": 3})) >= {"time", "Extra", "data", "id"}


@pytest.mark.parametrize("value", ["text", 7, True, None])
def test_extension_attributes_are_allowed(value: object) -> None:
    assert read_event(an_event(traceparent=value)) == AS_CASE_EVENT


@pytest.mark.parametrize("value", ["2027-01-04T09:30:00Z", "2027-01-04t09:30:00z", "2027-01-04T09:30:00.000000+00:00"])
def test_time_is_read_as_rfc_3339_writes_it(value: str) -> None:
    assert read_event(an_event(time=value)).time == datetime(2027, 1, 4, 9, 30, tzinfo=UTC)


@pytest.mark.parametrize("left_out", ["time", "data"])
def test_time_and_data_may_be_left_out(left_out: str) -> None:
    event = read_event({name: value for name, value in AN_EVENT.items() if name != left_out})
    assert not getattr(event, left_out)


@pytest.mark.parametrize(
    "body", [b"", b"  ", b"{", b"\xff", b'{"id": NaN}', b'{"id": "\\ud800"}', b'{"id": "\\u0000"}']
)
def test_what_is_not_json_cannot_be_read(body: bytes) -> None:
    with pytest.raises(BadRequest):
        read_posted(STRUCTURED, [], body)


@pytest.mark.parametrize("mimetype", ["", "text/plain", "application/cloudevents+xml"])
def test_another_content_type_is_told_which_are_read(mimetype: str) -> None:
    with pytest.raises(UnsupportedMediaType, match="application/cloudevents"):
        read_posted(mimetype, [], b"{}")


def test_binary_data_must_be_json() -> None:
    with pytest.raises(UnsupportedMediaType):
        read_posted("text/plain", [("ce-id", "1")], b"hello")


AN_EVENT: dict[str, Any] = {
    "specversion": "1.0",
    "id": "17",
    "source": "https://case-management.example",
    "type": "something-happened",
    "subject": "K-101",
    "time": "2027-01-04T09:30:00Z",
    "data": {"reason": "It did."},
}
AS_CASE_EVENT = CaseEvent(
    source="https://case-management.example",
    id="17",
    type="something-happened",
    subject="K-101",
    time=datetime(2027, 1, 4, 9, 30, tzinfo=UTC),
    data={"reason": "It did."},
)


def an_event(**changes: Any) -> dict[str, Any]:
    """A good event with some attributes changed."""
    return {**AN_EVENT, **changes}


def wrong_fields(sent: dict[str, Any]) -> dict[str, list[str]]:
    """What is said about each wrong attribute."""
    with pytest.raises(Invalid) as refused:
        read_event(sent)
    return refused.value.fields
