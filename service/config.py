"""Every setting of an installation, read from the environment once. What the authority decides is in `processes/`."""

from __future__ import annotations

import os
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path

DEFAULT_PORT = 8080
DEFAULT_CASE_MANAGEMENT_PORT = 8081


@dataclass(frozen=True, slots=True)
class Config:
    """One installation's settings. Secrets never appear in its representation."""

    data_directory: Path
    """Where the embedded database and generated secrets live (`TOWPATH_DATA`, default `var`)."""
    database_url: str = field(repr=False)
    """SQLAlchemy address (`TOWPATH_DATABASE_URL`, default SQLite in the data directory)."""
    secret_key: str | None = field(default=None, repr=False)
    """Signs session cookies (`TOWPATH_SECRET_KEY`); generated into the data directory when unset."""
    handlers_package: str = "handlers"
    """The package whose modules register handlers (`TOWPATH_HANDLERS`)."""
    identity_provider: str | None = None
    """The authority's identity provider (`TOWPATH_IDENTITY_PROVIDER`); without one only the demo can be served."""
    case_management_url: str = f"http://127.0.0.1:{DEFAULT_CASE_MANAGEMENT_PORT}"
    """The case-management system of record (`TOWPATH_CASE_MANAGEMENT_URL`)."""
    tick_seconds: float = 0.5
    """How often due work is looked for where nobody can call, as on SQLite, in seconds (`TOWPATH_TICK_SECONDS`)."""
    sweep_seconds: float = 2.0
    """The same where processes call each other, in case a call was lost (`TOWPATH_SWEEP_SECONDS`)."""
    broker_url: str | None = field(default=None, repr=False)
    """A RabbitMQ or Redis that carries the calls (`TOWPATH_BROKER_URL`); without one PostgreSQL does."""
    lease_seconds: float = 60.0
    """How long a claimed job belongs to the worker that claimed it, in seconds (`TOWPATH_LEASE_SECONDS`)."""
    secure_cookies: bool = True
    """Whether cookies travel over HTTPS only (`TOWPATH_SECURE_COOKIES`); the demo on 127.0.0.1 turns it off."""

    def setting(self, name: str) -> str:
        """A setting that handlers may read. Raises KeyError, naming it, when unset or not theirs to read."""
        if name == "case_management_url":
            return self.case_management_url
        raise KeyError(f"this installation has no setting {name!r} for handlers")


def read_config(environ: Mapping[str, str] | None = None) -> Config:
    """The installation's settings from the environment. Raises ValueError naming the variable that is wrong."""
    values = os.environ if environ is None else environ
    data = Path(values.get("TOWPATH_DATA", "var")).absolute()
    defaults = Config(data_directory=data, database_url=f"sqlite:///{data / 'towpath.sqlite'}")
    return Config(
        data_directory=data,
        database_url=values.get("TOWPATH_DATABASE_URL") or defaults.database_url,
        secret_key=values.get("TOWPATH_SECRET_KEY") or None,
        handlers_package=values.get("TOWPATH_HANDLERS", defaults.handlers_package),
        identity_provider=values.get("TOWPATH_IDENTITY_PROVIDER") or None,
        case_management_url=values.get("TOWPATH_CASE_MANAGEMENT_URL", defaults.case_management_url).rstrip("/"),
        tick_seconds=_seconds(values, "TOWPATH_TICK_SECONDS", defaults.tick_seconds),
        sweep_seconds=_seconds(values, "TOWPATH_SWEEP_SECONDS", defaults.sweep_seconds),
        broker_url=values.get("TOWPATH_BROKER_URL") or None,
        lease_seconds=_seconds(values, "TOWPATH_LEASE_SECONDS", defaults.lease_seconds),
        secure_cookies=_switch(values, "TOWPATH_SECURE_COOKIES", defaults.secure_cookies),
    )


def _seconds(values: Mapping[str, str], name: str, default: float) -> float:
    text = values.get(name)
    if not text:
        return default
    try:
        seconds = float(text)
    except ValueError:
        raise ValueError(f"{name} must be a number of seconds, not {text!r}") from None
    if not 0 < seconds < float("inf"):
        raise ValueError(f"{name} must be more than 0 seconds, not {text!r}")
    return seconds


def _switch(values: Mapping[str, str], name: str, default: bool) -> bool:
    text = values.get(name, "").lower()
    if not text:
        return default
    if text not in {"yes", "no"}:
        raise ValueError(f"{name} must be yes or no, not {text!r}")
    return text == "yes"
