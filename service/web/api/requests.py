"""What the API reads, as marshmallow schemas: bodies and query parameters. Case events are in `cloudevents.py`."""

from __future__ import annotations

from typing import Any

from marshmallow import fields, validate

from service.operations import feed
from service.web.api.parts import Described


def count_of(default: int, *, most: int, what: str) -> fields.Integer:
    return fields.Integer(
        load_default=default,
        validate=validate.Range(min=1, max=most),
        metadata={"description": f"How many {what} at most."},
    )


def _object(what: str, **kwargs: Any) -> fields.Dict:
    return fields.Dict(
        keys=fields.String(),
        required=True,
        error_messages={"required": f"Send {what} as a JSON object.", "invalid": f"Send {what} as a JSON object."},
        **kwargs,
    )


def _text(longest: int, description: str) -> fields.String:
    return fields.String(
        required=True, validate=validate.Length(min=1, max=longest), metadata={"description": description}
    )


class CasesQuery(Described):
    """Which cases."""

    text = fields.String(
        load_default="",
        validate=validate.Length(max=200),
        metadata={"description": "Part of a reference or a label; left out for all."},
    )


class FeedQuery(Described):
    """From where in the feed."""

    after = fields.Integer(
        load_default=0,
        validate=validate.Range(min=0, max=2**63 - 1),
        metadata={"description": "The `next_after` of the last answer; 0 for the beginning."},
    )
    limit = count_of(100, most=feed.MAX_PAGE, what="events")


class AnswersBody(Described):
    """The answers of a form."""

    answers = _object("answers", metadata={"description": "By the `key` of each question."})


class OverrideBody(Described):
    """Allowing a soft refusal."""

    rule = fields.String(
        required=True,
        validate=validate.Length(min=1, max=200),
        error_messages={"required": "Send the `rule` of the refusal that you allow."},
        metadata={"description": "The `rule` of a refusal with severity `soft`."},
    )
    reason = fields.String(
        required=True,
        validate=validate.Length(min=1, max=4000),
        error_messages={"required": "Send the `reason` in words; it stands in the history of the case."},
        metadata={"description": "Why, in words; it stands in the history of the case."},
    )


class ReasonBody(Described):
    """Why something is done."""

    reason = _text(4000, "Why, in words; it stands in the history of the case.")


class TimerBody(ReasonBody):
    """Another time for a timer, and why."""

    due_at = fields.AwareDateTime(required=True, metadata={"description": "With its zone."})


class VariablesBody(ReasonBody):
    """Variables to write, and why."""

    variables = _object("variables", metadata={"description": "By name, JSON values; what is not named stays."})
    at = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(max=80),
        metadata={"description": "The `at` of a scope; left out for the variables of the instance."},
    )


class SendBackBody(ReasonBody):
    """To which earlier task, and why."""

    to = fields.String(
        load_default=None,
        allow_none=True,
        validate=validate.Length(min=1, max=200),
        metadata={"description": "The `element_id` of one of `send_back_to`; may be left out when there is only one."},
    )
    answers = fields.Dict(
        keys=fields.String(),
        load_default=None,
        allow_none=True,
        metadata={"description": "What was half typed; it is kept in the history. Left out: the draft."},
    )


class InvolvementBody(Described):
    """Somebody's part in a case."""

    id = _text(80, "Names the involvement for ever; the same id again changes it.")
    kind = _text(40, "Such as `key-team`, `key-worker` or `other`.")
    name = _text(200, "Who is involved.")
    role = _text(200, "As what.")
    started_on = fields.Date(required=True)
    ended_on = fields.Date(load_default=None, allow_none=True, metadata={"description": "Null while it is open."})


class CaseBody(Described):
    """The facts of a case as the system of record has them, and who is involved."""

    involvements = fields.List(
        fields.Nested(InvolvementBody),
        load_default=list,
        validate=validate.Length(max=200),
        metadata={"description": "Those to add or to change; others stay as they are."},
    )

    facts = _object("facts", metadata={"description": "By name: a text, a number, true, false, or null to remove it."})
