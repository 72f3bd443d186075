"""Moving a story to other diagrams, and looking at everything the world is told of it. No assertions."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from service.domain.outcome import Outcome
from service.engine import Migrated, Plan, Since, compile_diagrams, migrate
from service.feel import HostFunction
from tests.engine.story import Story


def move(tale: Story, *drawn: bytes, since: Mapping[str, Since] | None = None, **plan: Any) -> Migrated:
    """The story goes on under these diagrams; `plan` are the parts of a Plan."""
    return move_files(tale, {f"{number}.bpmn": content for number, content in enumerate(drawn)}, since, **plan)


def move_files(
    tale: Story, files: Mapping[str, bytes], since: Mapping[str, Since] | None = None, **plan: Any
) -> Migrated:
    """The same, by path."""
    migrated = migrate(
        compile_diagrams(tale.files),
        compile_diagrams(files),
        tale.outcome.state,
        Plan(**plan),
        now=tale.now,
        context=tale.context,
        decide=tale._decide,
        functions={"now": HostFunction("now", (), lambda: tale.now.astimezone(tale.zone))},
        since=since,
    )
    tale.files, tale.outcome = files, migrated.outcome
    return migrated


def told(outcome: Outcome, renamed: Callable[[str], str] = str) -> Mapping[str, Any]:
    """All that is open, in an order of its own, with the elements under their new names."""
    return {
        part: sorted(
            (replace(item, element_id=renamed(item.element_id), process_id=renamed(item.process_id)) for item in items),
            key=lambda item: item.id,
        )
        for part, items in (
            ("tasks", outcome.user_tasks),
            ("jobs", outcome.jobs),
            ("awaited", outcome.awaited),
            ("signals", outcome.signals),
            ("timers", outcome.timers),
        )
    } | {"wake_at": outcome.wake_at, "ended": outcome.ended}
