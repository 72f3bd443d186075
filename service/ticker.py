"""The ticker: looks for due work again and again and does it. What is due is found in `operations/due.py`."""

from __future__ import annotations

import threading

from flask import Flask

from service.logs import get_logger
from service.operations.due import due_work
from service.operations.environment import Environment

log = get_logger(__name__)

PAUSE_AFTER_FAILURE = 5.0
"""Seconds before the next look when something failed in this one, as when the database is away."""


def tick_until(app: Flask, stop: threading.Event) -> None:
    """Do due work until told to stop. Nothing that happens in one round ends the loop."""
    env: Environment = app.extensions["towpath"]
    while not stop.is_set():
        with app.app_context():
            done, failed = tick(env)
        if failed:
            stop.wait(PAUSE_AFTER_FAILURE)
        elif done == 0:
            stop.wait(env.config.tick_seconds)


def tick(env: Environment) -> tuple[int, int]:
    """One round; give how many pieces were done and how many failed. A piece that fails does not stop the others."""
    pieces = due_work(env)
    done = failed = 0
    while True:
        try:
            piece = next(pieces, None)
            if piece is None:
                return done, failed
            piece()
            done += 1
        except Exception:  # whatever fails, the next round is tried: timers must not stop with one bad piece of work
            log.exception("tick_failed")
            failed += 1


def start_ticker(app: Flask) -> threading.Event:
    """Run the ticker beside the web server; give the event that stops it. It may die with the process at any moment."""
    stop = threading.Event()
    threading.Thread(target=tick_until, args=(app, stop), name="ticker", daemon=True).start()
    return stop
