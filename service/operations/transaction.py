"""One operation, one transaction: the only commit stands here. What an operation does is in its own module.

What an operation locks it locks in this order, so that no two ever wait for each other: a migration; the schedules of a
release; the case event that it delivers; instances, by their ids; user tasks; the case. Claiming due work waits for no
lock at all: it passes over what others hold.
"""

from __future__ import annotations

import functools
from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager
from datetime import datetime, timedelta
from typing import Concatenate, ParamSpec, TypeVar, cast

from sqlalchemy.exc import DataError, IntegrityError, OperationalError

from service.domain.errors import Conflict, Invalid, NotAllowed, Refused, ServiceError
from service.domain.people import Actor
from service.logs import get_logger
from service.operations.environment import Environment
from service.store.history import HistoryRow, add_entry
from service.store.tables import begin_writing, db, is_busy
from service.store.writing import sending

P = ParamSpec("P")
R = TypeVar("R")

log = get_logger(__name__)

BUSY = (
    "Somebody or something else has been at work on this for longer than anybody should wait. Nothing was changed: do "
    "the same again in a moment."
)

KNOWN = "whoever_asks"
"""Where a session keeps the transaction in which whoever asks was found out: what they ask for goes on in it."""

CALL = "call_workers"
"""Where a session keeps that its transaction makes due work."""


def operation(
    function: Callable[Concatenate[Environment, Actor, P], R],
) -> Callable[Concatenate[Environment, Actor, P], R]:
    """Run the function in one transaction: all of it or none. A refusal changes nothing but is remembered."""

    @functools.wraps(function)
    def run(env: Environment, actor: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return _in_transaction(env, lambda: function(env, actor, *args, **kwargs))
        except (Refused, NotAllowed) as error:
            _in_transaction(env, functools.partial(_remember_refusal, env, actor, error))
            raise
        except IntegrityError as error:
            log.info("lost_a_race", operation=function.__name__, actor=actor.id)
            raise Conflict("Somebody or something else did this at the same moment. Look again.") from error
        except DataError as error:
            raise _cannot_be_kept() from error
        except OperationalError as error:
            if not is_busy(error):
                raise
            log.info("waited_in_vain", operation=function.__name__, actor=actor.id)
            raise Conflict(BUSY) from error

    return cast("Callable[Concatenate[Environment, Actor, P], R]", run)


def rehearsal(
    function: Callable[Concatenate[Environment, Actor, P], R],
) -> Callable[Concatenate[Environment, Actor, P], R]:
    """Run the function as an operation would be run, and undo everything. The answer must be values, not rows."""

    @functools.wraps(function)
    def run(env: Environment, actor: Actor, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return _in_transaction(env, lambda: function(env, actor, *args, **kwargs), kept=False)
        except IntegrityError as error:
            raise Conflict("It would come between something that is there already.") from error
        except DataError as error:
            raise _cannot_be_kept() from error

    return cast("Callable[Concatenate[Environment, Actor, P], R]", run)


def reading(function: Callable[Concatenate[Environment, P], R]) -> Callable[Concatenate[Environment, P], R]:
    """Run the function in one transaction that only reads, and end it. The answer must be values, not rows."""

    @functools.wraps(function)
    def run(env: Environment, *args: P.args, **kwargs: P.kwargs) -> R:
        try:
            return function(env, *args, **kwargs)
        except DataError as error:
            raise _cannot_be_kept() from error
        finally:
            db.session.close()

    return cast("Callable[Concatenate[Environment, P], R]", run)


def recognising(function: Callable[Concatenate[Environment, P], R]) -> Callable[Concatenate[Environment, P], R]:
    """Find out who asks, in a transaction that is left open for what they ask for: that saves it a beginning.

    The answer must be values, not rows. Whoever asks for nothing then has the transaction closed with the request.
    """

    @functools.wraps(function)
    def run(env: Environment, *args: P.args, **kwargs: P.kwargs) -> R:
        session = db.session()
        with ExitStack() as unless_known:
            unless_known.callback(session.close)
            answer = function(env, *args, **kwargs)
            unless_known.pop_all()
        session.info[KNOWN] = session.get_transaction()
        return answer

    return cast("Callable[Concatenate[Environment, P], R]", run)


@contextmanager
def about(*, case_reference: str, instance_id: str | None = None, subject: str = "") -> Iterator[None]:
    """Say what an error inside is about, so that the history can keep a refusal with its case."""
    try:
        yield
    except ServiceError as error:
        error.details.setdefault("case_reference", case_reference)
        error.details.setdefault("instance_id", instance_id)
        error.details.setdefault("subject", subject)
        raise


def call_workers() -> None:
    """Have waiting workers called once this transaction is committed: it makes work that is due now or soon."""
    db.session.info[CALL] = True


def is_soon(env: Environment, moment: datetime | None) -> bool:
    """Whether whoever sleeps until the next sweep would come too late for this moment."""
    return moment is not None and moment <= env.now() + timedelta(seconds=env.config.sweep_seconds)


def _in_transaction(env: Environment, work: Callable[[], R], *, kept: bool = True) -> R:
    session = db.session()
    if session.in_transaction() and session.info.get(KNOWN) is not session.get_transaction():
        raise RuntimeError("an operation may not run inside another: one operation is one transaction")
    session.info.clear()
    try:
        begin_writing()
        result = work()
        if kept:
            with sending(session):
                session.commit()
        if db.session.info.pop(CALL, False) and kept:
            env.wakeups.call()
    finally:
        # After a commit this only lets go of the rows; after an error or a rehearsal it undoes everything.
        db.session.close()
    return result


def _cannot_be_kept() -> Invalid:
    """For what passed every door and the database will not have."""
    return Invalid({"request": ["Something in it is too long, or has a character that no database keeps"]})


def _remember_refusal(env: Environment, actor: Actor, error: Refused | NotAllowed) -> None:
    refusals = [refusal.as_dict() for refusal in error.refusals]
    add_entry(
        HistoryRow(
            at=env.now(),
            case_reference=error.details.get("case_reference"),
            instance_id=error.details.get("instance_id"),
            actor_id=actor.id,
            actor_name=actor.name,
            verb="AttemptRefused",
            subject=error.details.get("subject") or (error.action if isinstance(error, Refused) else error.permission),
            rule=", ".join(refusal["rule"] for refusal in refusals) or None,
            details={"because": error.message, "refusals": refusals},
        )
    )
