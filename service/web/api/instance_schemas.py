"""What the API answers about the inside of a process instance: timers, variables, what is stuck. The rest of one is in
`schemas.py`."""

from __future__ import annotations

from marshmallow import fields

from service.web.api.parts import Described, Instant, links_to, words
from service.web.api.paths import path_to
from service.web.api.schemas import CaseIdentitySchema, IncidentSchema, InstanceSchema


class TimerSchema(Described):
    """A timer that waits."""

    id = words("Names it when it is to be moved.")
    element_id = words("Its id on the diagram.")
    name = words()
    due_at = Instant()


class ScopeSchema(Described):
    """Variables of the process instance, or of the scope of an open element."""

    at = words("Names the open element when they are to be repaired; null for the instance.", allow_none=True)
    name = words("Of the element.")
    variables = fields.Dict(keys=fields.String())


class InsideSchema(Described):
    """A process instance with what it holds inside."""

    instance = fields.Nested(InstanceSchema)
    case = fields.Nested(CaseIdentitySchema)
    timers = fields.List(fields.Nested(TimerSchema))
    scopes = fields.List(
        fields.Nested(ScopeSchema), metadata={"description": "Outermost first; empty for who may not read them."}
    )
    unreadable = words("Why its state cannot be opened; null when it can.", allow_none=True)
    incidents = fields.List(fields.Nested(IncidentSchema))
    may = fields.Function(
        lambda inside: sorted(inside.may),
        metadata={"type": "array", "items": {"type": "string"}, "description": "What this token may do here."},
    )
    links = links_to(instance=lambda inside: path_to("process-instances", inside.instance.id))
