"""Cases: the list with its search, and one case with all that happens and has happened. Nothing is changed here."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from service.domain.people import Actor
from service.operations.cases import list_cases, read_case
from service.operations.environment import Environment
from service.web.desk.guards import signed_in

pages = Blueprint("cases", __name__)


@pages.get("/cases")
@signed_in
def find(env: Environment, actor: Actor) -> ResponseReturnValue:
    """Every case, or those whose reference matches `text`."""
    text = request.args.get("text", "").strip()
    return render_template("desk/cases.html", cases=list_cases(env, actor, text=text), text=text)


@pages.get("/cases/<reference>")
@signed_in
def show(env: Environment, actor: Actor, reference: str) -> ResponseReturnValue:
    """One case. Raises NotFound."""
    case = read_case(env, actor, reference=reference)
    return render_template("desk/case.html", case=case, now=env.now())
