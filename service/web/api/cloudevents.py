"""CloudEvents 1.0 over HTTP, in its three modes, to case events. Pure: no request object, and nothing of what happens.

Sources: CloudEvents specification 1.0.2, its JSON format and its HTTP protocol binding. Towpath asks one thing more
of a sender: `subject`, which is optional there, is the case reference and required here.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any
from urllib.parse import unquote

from marshmallow import INCLUDE, ValidationError, fields, validate, validates_schema
from werkzeug.exceptions import UnsupportedMediaType

from service.domain.errors import Invalid
from service.domain.events import CaseEvent
from service.web.api.bodies import JSON, messages_by_field, read_json
from service.web.api.parts import Described

STRUCTURED = "application/cloudevents+json"
BATCH = "application/cloudevents-batch+json"
LARGEST_BATCH = 100
"""Events. Each is a transaction of its own, and a sender should not wait for hundreds."""

_RFC_3339 = re.compile(r"\d{4}-\d\d-\d\d[Tt]\d\d:\d\d:\d\d(\.\d{1,9})?([Zz]|[+-]\d\d:\d\d)", re.ASCII)
A_DAY = timedelta(days=1)
_PRINTABLE = validate.Regexp(r"\A[^\x00-\x1f\x7f-\x9f]*\Z", error="Leave out control characters.")
_ATTRIBUTE_NAME = re.compile(r"[a-z0-9]{1,64}", re.ASCII)
_OURS = frozenset(
    {
        "specversion", "id", "source", "type", "subject", "time", "data", "datacontenttype", "dataschema",
        "correlationkey",
    }
)  # fmt: skip


class Moment(fields.AwareDateTime):
    """A time as RFC 3339 writes it, with its offset from UTC."""

    default_error_messages = {  # noqa: RUF012 - so marshmallow has it
        "invalid": "Write the time as RFC 3339 with an offset, such as 2027-01-04T09:30:00Z."
    }

    def _deserialize(self, value: Any, attr: str | None, data: Mapping[str, Any] | None, **kwargs: Any) -> datetime:
        if not isinstance(value, str) or not _RFC_3339.fullmatch(value):
            raise self.make_error("invalid")
        try:
            moment = super()._deserialize(value.upper(), attr, data, **kwargs)
            # The first and the last days of the calendar have no place in every time zone.
            _ = moment.astimezone(UTC) - A_DAY, moment.astimezone(UTC) + A_DAY
        except OverflowError:
            raise self.make_error("invalid") from None
        return moment


def _attribute(name: str, what: str, *, longest: int) -> fields.String:
    missing = f"Send the attribute `{name}`: {what}."
    return fields.String(
        required=True,
        validate=[validate.Length(min=1, error=missing), validate.Length(max=longest), _PRINTABLE],
        error_messages={"required": missing, "null": missing, "invalid": f"Send `{name}` as a string: {what}."},
        metadata={"description": f"{what[0].upper()}{what[1:]}."},
    )


class CloudEventSchema(Described):
    """One case event in the JSON format. Attributes of other extensions are allowed beside these, and not kept."""

    class Meta:
        unknown = INCLUDE

    specversion = fields.String(
        required=True,
        validate=validate.OneOf(["1.0"], error='Towpath reads CloudEvents 1.0: send `specversion` as "1.0".'),
        error_messages={"required": 'Send the attribute `specversion`: "1.0".'},
        metadata={"description": 'Always "1.0".'},
    )
    id = _attribute("id", "your own name for the event, the same each time you send it", longest=200)
    source = _attribute("source", "a URI that names your system; with `id` it names the event for ever", longest=500)
    type = _attribute("type", "the name of the case event, as the rule book's diagrams name it", longest=200)
    subject = _attribute("subject", "the reference of the case it is about", longest=100)
    time = Moment(
        allow_none=True,
        metadata={"description": "When it happened, with an offset from UTC."},
    )
    datacontenttype = fields.String(allow_none=True, metadata={"description": "application/json, or left out."})
    correlationkey = fields.String(
        allow_none=True,
        validate=[validate.Length(min=1, max=200, error="Send 1 to 200 characters, or leave it out."), _PRINTABLE],
        error_messages={"invalid": "Send `correlationkey` as a string."},
        metadata={
            "description": "What a waiting message is found by when that is not the case reference: the value of the "
            "correlation key on the diagram. An extension attribute of Towpath."
        },
    )
    dataschema = fields.String(allow_none=True, metadata={"description": "A URI of the schema of `data`; not fetched."})
    data = fields.Dict(
        keys=fields.String(),
        allow_none=True,
        error_messages={"invalid": "Send `data` as a JSON object."},
        metadata={"description": "What a process started by the event sees as its variables."},
    )

    @validates_schema(skip_on_field_errors=False)
    def check_data_is_json(self, loaded: Mapping[str, Any], **_: Any) -> None:
        """Data in another format would be kept unread: say so at once."""
        if loaded.get("data_base64") is not None:
            raise ValidationError("Send `data` as a JSON object; binary data is not read.", "data_base64")
        sent = loaded.get("datacontenttype")
        if isinstance(sent, str) and not _is_json(sent):
            raise ValidationError("Send `data` as JSON: datacontenttype application/json.", "datacontenttype")

    @validates_schema(skip_on_field_errors=False)
    def check_extensions(self, loaded: Mapping[str, Any], **_: Any) -> None:
        """Extensions follow the specification's naming: a misspelt `caseReference` must not pass for one."""
        wrong: dict[str, list[str]] = {}
        for name, value in loaded.items():
            if name in _OURS or name == "data_base64":
                continue
            if not _ATTRIBUTE_NAME.fullmatch(name):
                wrong[name] = ["Attribute names are lower-case letters and digits; other facts belong in `data`."]
            elif not (value is None or isinstance(value, str | bool | int)):
                wrong[name] = ["The value of an extension attribute is a string, a whole number or true or false."]
        if wrong:
            raise ValidationError(wrong)


@dataclass(frozen=True, slots=True)
class Posted:
    """What one request carried."""

    events: tuple[CaseEvent, ...]
    in_batch: bool = False


def read_posted(mimetype: str, headers: Iterable[tuple[str, str]], body: bytes) -> Posted:
    """The case events of one request; `headers` are names, in any spelling, and values.

    Raises Invalid naming every wrong attribute at once, BadRequest when the body is not JSON, and
    UnsupportedMediaType when it is no CloudEvent.
    """
    if mimetype == BATCH:
        return Posted(_read_batch(read_json(body)), in_batch=True)
    attributes = _attributes_in(headers)
    if mimetype == STRUCTURED or (mimetype == JSON and not attributes):
        return Posted((read_event(read_json(body)),))
    if attributes and (not body or _is_json(mimetype)):
        return Posted((read_event({**attributes, "data": read_json(body) if body else {}}),))
    raise UnsupportedMediaType(
        f"This address reads {STRUCTURED}, {BATCH}, {JSON}, and {JSON} with ce- headers; "
        f"it was sent {mimetype or 'no content type'}."
    )


def read_event(sent: Any) -> CaseEvent:
    """One event in the JSON format. Raises Invalid naming every wrong attribute at once."""
    try:
        loaded = CloudEventSchema().load(sent)
    except ValidationError as error:
        raise Invalid(messages_by_field(error.messages), "This is not a CloudEvent that Towpath can read.") from error
    return CaseEvent(
        source=loaded["source"],
        id=loaded["id"],
        type=loaded["type"],
        subject=loaded["subject"],
        time=loaded.get("time"),
        data=loaded.get("data") or {},
        correlation_key=loaded.get("correlationkey"),
    )


def _read_batch(sent: Any) -> tuple[CaseEvent, ...]:
    """All or none: a batch with one unreadable event is refused whole, naming each attribute by the event's place."""
    if not isinstance(sent, list):
        raise Invalid({"body": ["Send a batch as a JSON array of events."]})
    if len(sent) > LARGEST_BATCH:
        raise Invalid({"body": [f"Send at most {LARGEST_BATCH} events in one batch."]})
    events: list[CaseEvent] = []
    wrong: dict[str, list[str]] = {}
    for place, item in enumerate(sent):
        try:
            events.append(read_event(item))
        except Invalid as error:
            wrong.update({f"{place}.{name}": problems for name, problems in error.fields.items()})
    if wrong:
        raise Invalid(wrong, "Some events of this batch cannot be read. None was accepted.")
    return tuple(events)


def _attributes_in(headers: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The `ce-` headers of the binary mode, percent-decoded (HTTP protocol binding, section 3.1.3.2)."""
    return {
        name.lower().removeprefix("ce-"): unquote(value) for name, value in headers if name.lower().startswith("ce-")
    }


def _is_json(content_type: str) -> bool:
    mimetype = content_type.partition(";")[0].strip().lower()
    return mimetype == JSON or mimetype.endswith("+json")
