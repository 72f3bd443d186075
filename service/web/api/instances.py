"""Process instances over HTTP: reading where one stands. Starting one is a case event, in `events.py`."""

from __future__ import annotations

from http import HTTPStatus

from service.domain.people import Actor
from service.operations.instances import read_instance
from service.operations.views import InstanceView
from service.web.api.authentication import environment
from service.web.api.routes import Routes
from service.web.api.schemas import InstanceSchema

routes = Routes("instances", "Process instances", "Where one pathway of one case stands.")


@routes.get("/process-instances/<instance_id>", InstanceSchema, HTTPStatus.NOT_FOUND)
def read(actor: Actor, *, instance_id: str) -> InstanceView:
    """Read a process instance

    Its status, what it waits for, and the release of the rule book it runs under.
    """
    return read_instance(environment(), actor, instance_id=instance_id)
