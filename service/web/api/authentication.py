"""Who is asking: the bearer token of a request becomes an Actor. What that actor may do is asked in `operations/`."""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any, cast

from flask import current_app, request

from service.domain.errors import NotAuthenticated
from service.operations.environment import Environment
from service.operations.identity import read_token_actor

View = Callable[..., Any]


def environment() -> Environment:
    """What every operation needs, as the application was built with it."""
    return cast(Environment, current_app.extensions["towpath"])


def token_actor(view: View) -> View:
    """Give the view the actor of the bearer token as its first argument. Raises NotAuthenticated without a good one."""

    @wraps(view)
    def guarded(*args: Any, **kwargs: Any) -> Any:
        return view(read_token_actor(environment(), token=sent_token()), *args, **kwargs)

    vars(guarded)["guard"] = "token"
    return guarded


def open_to_all(view: View) -> View:
    """Mark a view that needs no token, so that forgetting the guard and leaving it out on purpose look different."""
    vars(view)["guard"] = "open"
    return view


def sent_token() -> str:
    """The bearer token of this request. Raises NotAuthenticated when there is none that could be one."""
    sent = request.authorization
    if sent is None:
        raise NotAuthenticated("No bearer token was sent.")
    if sent.type != "bearer" or not sent.token:
        raise NotAuthenticated("The Authorization header holds no bearer token.")
    return sent.token
