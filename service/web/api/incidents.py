"""Incidents over HTTP: what is stuck, and trying it again. What makes an incident is not here."""

from __future__ import annotations

from collections.abc import Mapping
from http import HTTPStatus

from service.domain.people import Actor
from service.operations.incidents import list_incidents, retry_incident
from service.operations.instance_views import IncidentView
from service.web.api.authentication import environment
from service.web.api.routes import Routes
from service.web.api.schemas import IncidentSchema, IncidentsSchema

routes = Routes("incidents", "Incidents", "Something is stuck and a person must look.")


@routes.get("/incidents", IncidentsSchema)
def find(actor: Actor) -> Mapping[str, tuple[IncidentView, ...]]:
    """List the incidents

    Those this token may see.
    """
    return {"incidents": list_incidents(environment(), actor)}


@routes.post("/incidents/<incident_id>/retry", IncidentSchema, HTTPStatus.NOT_FOUND, HTTPStatus.CONFLICT)
def retry(actor: Actor, *, incident_id: str) -> IncidentView:
    """Try again what is stuck

    After its cause has been put right. What was already done is not done twice.
    """
    return retry_incident(environment(), actor, incident_id=incident_id)
