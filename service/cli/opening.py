"""Opening the installation for a command, and telling a user what went wrong. No command is here."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager

import click
from flask import Flask

from service.config import Config, read_config
from service.domain.errors import Invalid, NotAllowed, Refused, ServiceError
from service.operations.environment import Environment
from service.operations.identity import check_ready
from service.store.tables import db

OpenApp = Callable[..., Flask]
"""`service.app.create_app`, handed in from above."""


@contextmanager
def installation(context: click.Context, config: Config | None = None) -> Iterator[tuple[Flask, Environment]]:
    """The application and its environment, with errors told in words. Use it as a `with`."""
    open_app: OpenApp = context.obj
    with told_in_words():
        app = open_app(config if config is not None else read_config())
        with app.app_context():
            try:
                yield app, app.extensions["towpath"]
            finally:
                db.session.close()
                db.engine.dispose()


@contextmanager
def ready_installation(context: click.Context) -> Iterator[tuple[Flask, Environment]]:
    """The same, and its database is there with a rule book in it."""
    with installation(context) as (app, env):
        check_ready(env)
        yield app, env


@contextmanager
def told_in_words() -> Iterator[None]:
    """Turn a service error or a wrong setting into a message on standard error and exit code 1."""
    try:
        yield
    except ServiceError as error:
        raise click.ClickException(_words(error)) from error
    except ValueError as error:
        raise click.ClickException(str(error)) from error


def _words(error: ServiceError) -> str:
    lines = [error.message]
    if isinstance(error, Refused | NotAllowed):
        lines += [
            f"  - {refusal.message} [Rule: {refusal.rule}, {refusal.source}] Cleared by: {refusal.cleared_by}"
            for refusal in error.refusals
        ]
    if isinstance(error, Invalid):
        lines += [f"  - {field}: {problem}" for field, problems in error.fields.items() for problem in problems]
    return "\n".join(lines)
