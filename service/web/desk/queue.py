"""The queue: the user tasks of whoever is signed in, a page at a time. Doing one is in `tasks.py`."""

from __future__ import annotations

from flask import Blueprint, render_template, request
from flask.typing import ResponseReturnValue

from service.domain.people import Actor
from service.operations.environment import Environment
from service.operations.queue import list_user_tasks
from service.web.desk.guards import signed_in

pages = Blueprint("queue", __name__)
ROWS = 25
"""User tasks on one page."""


@pages.get("/")
@signed_in
def show(env: Environment, actor: Actor) -> ResponseReturnValue:
    """The page after the cursor `after`, or the first."""
    after = request.args.get("after") or None
    page = list_user_tasks(env, actor, after=after, limit=ROWS)
    return render_template("desk/queue.html", page=page, after=after, now=env.now())
