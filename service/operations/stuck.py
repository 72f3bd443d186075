"""An act that the diagram cannot take becomes an incident, in a transaction of its own. What else is stuck is in
`incidents.py`."""

from __future__ import annotations

import functools
from collections.abc import Callable
from typing import ParamSpec, TypeVar

from service.domain.errors import ModelError
from service.domain.people import Actor
from service.operations.environment import Environment
from service.operations.incidents import raise_incident
from service.operations.step import take_up
from service.operations.transaction import operation
from service.store.incidents import open_incidents_of_instance
from service.store.instances import lock_instance
from service.store.tasks import find_task

P = ParamSpec("P")
R = TypeVar("R")


def stuck_when_wrong(function: Callable[P, R]) -> Callable[P, R]:
    """An operation on a user task, `task_id` by name: when the rule book is wrong, an operator must look.

    The operation has changed nothing then: the last good state stays and the user task stays open.
    """

    @functools.wraps(function)
    def run(*args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(*args, **kwargs)
        except ModelError as error:
            env, actor = args[0], args[1]
            if isinstance(env, Environment) and isinstance(actor, Actor):
                stick_task(env, actor, task_id=str(kwargs["task_id"]), error=error.message)
            raise

    return run


@operation
def stick_task(env: Environment, actor: Actor, *, task_id: str, error: str) -> None:
    """Open an incident for a user task that cannot be completed, once for each cause."""
    task = find_task(task_id)
    instance = lock_instance(task.instance_id) if task else None
    task = find_task(task_id)
    if instance is None or task is None or task.status != "open":
        return
    if any(row.task_id == task_id and row.message == error for row in open_incidents_of_instance(instance.id)):
        return
    raise_incident(take_up(env, actor, instance), task.name, error, task=task)
