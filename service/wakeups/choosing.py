"""Which way calls go in this installation: the broker if there is one, else the database if it can, else nowhere."""

from __future__ import annotations

import importlib

from service.config import Config
from service.wakeups.bell import Bell
from service.wakeups.postgres import PostgresBell


def choose_wakeups(config: Config) -> Bell:
    """The bell for these settings. Raises ValueError when there is to be a broker and Celery is not installed."""
    if config.broker_url is not None:
        try:
            broker = importlib.import_module("service.wakeups.broker")
        except ModuleNotFoundError as error:
            raise ValueError("TOWPATH_BROKER_URL needs Celery. Install it: pip install 'towpath[celery]'") from error
        bell: Bell = broker.BrokerBell(config.broker_url)
        return bell
    if config.database_url.startswith("postgresql"):
        return PostgresBell(config.database_url)
    return Bell()
