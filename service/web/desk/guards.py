"""Who is at the desk: the guard that every page carries. Whether they may do what they ask is decided in `access/`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from flask import current_app, g, session
from flask.typing import ResponseReturnValue

from service.domain.errors import NotAuthenticated, NotFound
from service.domain.people import Actor
from service.operations.environment import Environment
from service.operations.identity import read_actor, read_authority

P = ParamSpec("P")
PERSON = "person_id"
"""The name in the session under which the person who signed in is kept."""

View = Callable[P, ResponseReturnValue]


def environment() -> Environment:
    """What operations need of this installation, as the application keeps it."""
    env: Environment = current_app.extensions["towpath"]
    return env


def signed_in(view: Callable[Concatenate[Environment, Actor, P], ResponseReturnValue]) -> View[P]:
    """Only for somebody who is signed in; the view gets the environment and the actor first.

    Raises NotAuthenticated, which the desk answers with the sign-in page.
    """

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        person_id = session.get(PERSON)
        if not isinstance(person_id, str):
            raise NotAuthenticated
        env = environment()
        actor = g.reader = read_actor(env, person_id=person_id)
        return view(env, actor, *args, **kwargs)

    guarded.guard = "signed in"  # type: ignore[attr-defined]
    return guarded


def demonstration_only(view: Callable[Concatenate[Environment, P], ResponseReturnValue]) -> View[P]:
    """Only where the authority is the demonstration; elsewhere the page does not exist. Raises NotFound."""

    @wraps(view)
    def guarded(*args: P.args, **kwargs: P.kwargs) -> ResponseReturnValue:
        env = environment()
        if not read_authority(env).demo:
            raise NotFound
        return view(env, *args, **kwargs)

    guarded.guard = "demonstration only"  # type: ignore[attr-defined]
    return guarded


def open_to_all(because: str) -> Callable[[View[P]], View[P]]:
    """For anybody at all, with the reason beside the route."""

    def mark(view: View[P]) -> View[P]:
        view.guard = f"open: {because}"  # type: ignore[attr-defined]
        return view

    return mark
