"""Problems: what is stuck until a person looks, and the button that tries it again. Why it is stuck is not here."""

from __future__ import annotations

from flask import Blueprint, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from service.domain.people import Actor
from service.operations.environment import Environment
from service.operations.incidents import list_incidents, retry_incident
from service.web.desk.guards import signed_in

pages = Blueprint("problems", __name__)


@pages.get("/problems")
@signed_in
def show(env: Environment, actor: Actor) -> ResponseReturnValue:
    """Every open problem that this person may see."""
    return render_template("desk/problems.html", incidents=list_incidents(env, actor))


@pages.post("/problems/<incident_id>/retry")
@signed_in
def retry(env: Environment, actor: Actor, incident_id: str) -> ResponseReturnValue:
    """Try it again, then go back to the page whose button was pressed. Raises NotFound, NotAllowed, Conflict."""
    incident = retry_incident(env, actor, incident_id=incident_id)
    flash(f"Trying again: {incident.what}. This page shows the outcome once it is known.", "success")
    if request.form.get("_from") == "case":
        return redirect(url_for("desk.cases.show", reference=incident.case_reference))
    return redirect(url_for("desk.problems.show"))
