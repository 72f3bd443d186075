"""Signing in to the demonstration from a list of fictional post-holders, and signing out. No identity is checked."""

from __future__ import annotations

from collections.abc import Iterable

from flask import Blueprint, redirect, render_template, request, session, url_for
from flask.typing import ResponseReturnValue

from service.operations.environment import Environment
from service.operations.identity import list_post_holders, read_actor
from service.operations.views import PostHolder
from service.web.desk.guards import PERSON, demonstration_only, open_to_all

pages = Blueprint("sign_in", __name__)


@pages.get("/sign-in")
@demonstration_only
def choose(env: Environment) -> ResponseReturnValue:
    """The list to choose from."""
    groups = by_team(list_post_holders(env))
    return render_template("desk/sign_in.html", groups=groups, onward=local_path(request.args.get("next")))


@pages.post("/sign-in")
@demonstration_only
def start(env: Environment) -> ResponseReturnValue:
    """Sign in as the chosen post-holder. Raises NotAuthenticated when nobody is known under that id."""
    actor = read_actor(env, person_id=request.form.get("person", ""))
    session.clear()
    session[PERSON] = actor.id
    session.permanent = True
    return redirect(local_path(request.form.get("next")) or url_for("desk.queue.show"))


@pages.post("/sign-out")
@open_to_all("signing out needs nobody's leave")
def stop() -> ResponseReturnValue:
    """Sign out, here and in every window of this browser."""
    session.clear()
    return redirect(url_for("desk.queue.show"))


def by_team(holders: Iterable[PostHolder]) -> dict[str, list[PostHolder]]:
    """Post-holders by team, both in the order they came in."""
    groups: dict[str, list[PostHolder]] = {}
    for holder in holders:
        groups.setdefault(holder.team_name, []).append(holder)
    return groups


def local_path(address: str | None) -> str | None:
    """The address when it is a path of this service, else None: nobody is sent to another site after signing in."""
    if not address or not address.startswith("/") or address.startswith("//") or "\\" in address:
        return None
    return address if address.isprintable() else None
