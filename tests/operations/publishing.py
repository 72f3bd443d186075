"""Further releases for a test: the rule book of this tree, with small diagrams of the test's own beside it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from datetime import date

from service.data_files import processes_directory
from service.definitions.files import read_directory
from service.domain.people import TOWPATH
from service.operations.environment import ReleaseCache
from service.operations.rulebook import publish_release
from tests.support.world import START, World

FROM_THE_START = START.date()
AUTHOR = "gm-east"


def publish(
    world: World,
    *diagrams: bytes,
    files: Mapping[str, bytes] | None = None,
    effective_from: date = FROM_THE_START,
    job_types: frozenset[str] = frozenset(),
    approver: str = "gm-west",
) -> int:
    """Publish these too, as the next release; give its number."""
    # Releases of one test must not be found under the same number by the next: this installation opens its own.
    env = replace(world.env, releases=ReleaseCache(), job_types=world.env.job_types | job_types)
    world.app.extensions["towpath"] = env
    drawn = {f"drawn/{number}.bpmn": content for number, content in enumerate(diagrams)}
    return publish_release(
        env,
        TOWPATH,
        files={**read_directory(processes_directory()), **drawn, **(files or {})},
        author=AUTHOR,
        approver=approver,
        note="For this test.",
        effective_from=effective_from,
    )
