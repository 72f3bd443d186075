"""Checking and publishing the rule book. What is right in one is known in `definitions/`."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from service.definitions.checks import check
from service.definitions.files import digest, file_digest
from service.definitions.problem import BrokenRuleBook, Problem
from service.definitions.release import Release, check_release
from service.domain.errors import Conflict, Invalid, ModelError
from service.domain.people import Actor
from service.operations.context import current_release
from service.operations.environment import Environment, ReleaseInUse, open_release
from service.operations.register import CHANGES
from service.operations.schedules import start_problems
from service.operations.transaction import operation, reading
from service.store.organisation import all_people
from service.store.releases import ReleaseRow, add_release, newest_release

UNPUBLISHED = 0
"""The number of a rule book that is only being checked."""


def check_files(env: Environment, files: Mapping[str, bytes]) -> tuple[list[Problem], ReleaseInUse | None]:
    """Everything to put right before these files may be published, and the rule book when it could be read at all."""
    try:
        opened = open_release(UNPUBLISHED, files)
    except BrokenRuleBook as error:
        return list(error.problems), None
    except ModelError as error:
        return [Problem(error.file or "", error.element_id or "", error.message)], None
    diagrams = opened.diagrams
    found = [Problem(problem.file, problem.element_id, problem.message) for problem in diagrams.problems]
    found += check(opened.rulebook, diagrams.references, list(diagrams.processes), env.job_types | CHANGES.keys())
    found += start_problems(opened)
    return sorted(set(found)), opened


@reading
def open_release_in_force(env: Environment) -> None:
    """Open the release in force now, so that no request has to wait for it. Raises NotFound, ModelError."""
    current_release(env)


def _check_people(**named: str) -> None:
    people = all_people()
    wrong = {part: [f"Nobody is known under {person!r}"] for part, person in named.items() if person not in people}
    if people and wrong:
        raise Invalid(wrong)


@operation
def publish_release(
    env: Environment,
    actor: Actor,
    *,
    files: Mapping[str, bytes],
    author: str,
    approver: str,
    note: str,
    effective_from: date,
) -> int:
    """Publish these files as the next release; give its number. An earlier content may be published again.

    Author and approver are people of the organisation, once one is loaded. Raises Invalid, Refused (the approver is the
    author), ModelError with every problem, Conflict (nothing differs from the newest release).
    """
    newest = newest_release()
    if newest is not None and newest.digest == digest(files):
        raise Conflict(f"Exactly this rule book is release {newest.number} already.")
    number = newest.number + 1 if newest else 1
    release = check_release(Release(number, digest(files), author, approver, note, effective_from, env.now()))
    _check_people(author=author, approver=approver)
    problems, _ = check_files(env, files)
    if problems:
        raise BrokenRuleBook(problems)
    add_release(
        ReleaseRow(
            number=number,
            digest=release.digest,
            author=release.author,
            approver=release.approver,
            note=release.note,
            effective_from=release.effective_from,
            published_at=env.now(),
        ),
        {path: (file_digest(content), content) for path, content in files.items()},
    )
    return number
