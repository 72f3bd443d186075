"""The ways into Towpath, so that a test can try one thing at each of them and compare what it hears."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

from click.testing import CliRunner, Result

from service.cli import towpath
from service.domain.errors import NotAllowed, Refused
from service.domain.people import TOWPATH
from service.operations.identity import create_token
from service.operations.queue import read_user_task
from service.operations.tasks import claim_task, complete_task
from tests.support.world import World

Door = Callable[[World, str, str, Mapping[str, Any]], str]
"""World, person id, task id, answers; gives what the person hears."""


def page(world: World, person_id: str, task_id: str, answers: Mapping[str, Any]) -> str:
    """The words on the page, before anything is tried."""
    view = read_user_task(world.env, world.person(person_id), task_id=task_id, answers=answers)
    assert "complete" not in view.may or view.checklist
    shown = [view.summary.blocked] if view.summary.blocked else view.checklist
    return " ".join(refusal.message for refusal in shown)


def claiming(world: World, person_id: str, task_id: str, answers: Mapping[str, Any]) -> str:
    """What claiming it says."""
    return _refused(lambda: claim_task(world.env, world.person(person_id), task_id=task_id))


def completing(world: World, person_id: str, task_id: str, answers: Mapping[str, Any]) -> str:
    """What completing it says."""
    return _refused(lambda: complete_task(world.env, world.person(person_id), task_id=task_id, answers=answers))


def api_claiming(world: World, person_id: str, task_id: str, answers: Mapping[str, Any]) -> str:
    """What the API says to a claim."""
    return _problem(world, person_id, f"/api/v1/user-tasks/{task_id}/claim", None)


def api_completing(world: World, person_id: str, task_id: str, answers: Mapping[str, Any]) -> str:
    """What the API says to a completion."""
    return _problem(world, person_id, f"/api/v1/user-tasks/{task_id}/completion", {"answers": dict(answers)})


def command_claiming(world: World, person_id: str, task_id: str, answers: Mapping[str, Any]) -> str:
    """What the command line says to a claim."""
    return _failed(command(world, "task", "claim", task_id, "--as", person_id))


def command_completing(world: World, person_id: str, task_id: str, answers: Mapping[str, Any]) -> str:
    """What the command line says to a completion."""
    file = world.env.config.data_directory / "answers.json"
    file.write_text(json.dumps(dict(answers)))
    return _failed(command(world, "task", "complete", task_id, "--as", person_id, "--answers", str(file)))


COMPLETING: dict[str, Door] = {
    "page": page,
    "operation": completing,
    "API": api_completing,
    "command line": command_completing,
}
EVERY_DOOR: dict[str, Door] = {
    **COMPLETING,
    "claim by operation": claiming,
    "claim over the API": api_claiming,
    "claim from the command line": command_claiming,
}


def silent(
    doors: Mapping[str, Door], words: str, world: World, person_id: str, task_id: str, answers: Mapping[str, Any]
) -> set[str]:
    """The doors at which the person does not hear these words."""
    return {name for name, door in doors.items() if words not in door(world, person_id, task_id, answers)}


def command(world: World, *arguments: str) -> Result:
    """Run `towpath` on this installation."""
    return CliRunner().invoke(towpath, list(arguments), obj=lambda *_args, **_settings: world.app)


def _refused(act: Callable[[], object]) -> str:
    try:
        act()
    except (NotAllowed, Refused) as error:
        return " ".join(refusal.message for refusal in error.refusals)
    raise AssertionError("it was done")


def _problem(world: World, person_id: str, path: str, body: Mapping[str, Any] | None) -> str:
    token = create_token(world.env, TOWPATH, name=person_id, scopes=frozenset(), person_id=person_id)
    answer = world.app.test_client().post(path, json=body, headers={"Authorization": f"Bearer {token}"})
    assert answer.status_code in (403, 409), answer.text
    return " ".join(refusal["message"] for refusal in answer.get_json()["refusals"])


def _failed(result: Result) -> str:
    assert result.exit_code == 1, result.output
    return result.output
