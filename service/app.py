"""Puts the house together: the application with its database, pages, API and commands. Nothing is decided here."""

from __future__ import annotations

import secrets
from collections.abc import Callable
from datetime import datetime, timedelta
from pathlib import Path

from flask import Flask

from service import cli
from service.config import Config, read_config
from service.contract import load_handlers
from service.logs import configure_logs
from service.operations.environment import Environment, utc_now
from service.store.tables import db, engine_options, prepare_engine
from service.wakeups import choose_wakeups
from service.web.api import init_api
from service.web.desk import create_desk, init_desk
from service.web.unavailable import init_absence

MAX_BODY = 2 * 1024 * 1024
"""The largest request that is read, in bytes."""

SESSION_LENGTH = timedelta(hours=12)
"""A working day: whoever signed in this morning is not asked again before the evening."""


def create_app(config: Config | None = None, *, now: Callable[[], datetime] = utc_now) -> Flask:
    """The application for one installation. Raises ValueError on a wrong setting."""
    settings = config if config is not None else read_config()
    app = Flask("service", static_folder=None)
    app.config.update(
        SECRET_KEY=settings.secret_key or _kept_secret(settings.data_directory),
        SQLALCHEMY_DATABASE_URI=settings.database_url,
        SQLALCHEMY_ENGINE_OPTIONS=engine_options(settings.database_url),
        SESSION_COOKIE_NAME="towpath",
        SESSION_COOKIE_HTTPONLY=True,
        SESSION_COOKIE_SAMESITE="Lax",
        SESSION_COOKIE_SECURE=settings.secure_cookies,
        PERMANENT_SESSION_LIFETIME=SESSION_LENGTH,
        MAX_CONTENT_LENGTH=MAX_BODY,
    )
    db.init_app(app)
    with app.app_context():
        prepare_engine(db.engine)
    job_types = load_handlers(settings.handlers_package)
    app.extensions["towpath"] = Environment(
        config=settings, now=now, job_types=job_types, wakeups=choose_wakeups(settings)
    )
    init_desk(app)
    app.register_blueprint(create_desk())
    init_api(app)
    init_absence(app)
    return app


def main() -> None:
    """The `towpath` command."""
    configure_logs()
    cli.towpath(obj=create_app)


def _kept_secret(directory: Path) -> str:
    """The secret that signs session cookies, made once and kept where only this user reads it."""
    path = directory / "secret-key"
    if not path.exists():
        directory.mkdir(parents=True, exist_ok=True)
        fresh = directory / f".secret-key-{secrets.token_hex(8)}"
        fresh.touch(mode=0o600)
        fresh.write_text(secrets.token_hex(32))
        # Two processes may start at once: whoever links first wins, and both read the winner's.
        try:
            path.hardlink_to(fresh)
        except FileExistsError:
            fresh.unlink()
        else:
            fresh.unlink()
    return path.read_text()
