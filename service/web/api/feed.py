"""The feed over HTTP: what Towpath has to tell other systems, in the order in which it was committed. No delivery."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from service.domain.people import Actor
from service.operations.feed import read_feed
from service.web.api.authentication import environment
from service.web.api.requests import FeedQuery
from service.web.api.routes import Reads, Routes
from service.web.api.schemas import FeedSchema

routes = Routes("feed", "Feed", "What Towpath has to tell other systems. Only what was committed is in it.")


@routes.get("/feed", FeedSchema, reads=Reads(query=FeedQuery))
def read(actor: Actor, *, query: Mapping[str, Any]) -> Mapping[str, Any]:
    """Read outgoing events

    Keep `next_after` and send it as `after` next time: nothing is missed and nothing comes twice.
    """
    entries = read_feed(environment(), actor, after=query["after"], limit=query["limit"])
    return {"events": entries, "next_after": entries[-1].sequence if entries else query["after"]}
