"""The ticker: looks for due work again and again and does it. What is due is found in `operations/claiming.py`."""

from __future__ import annotations

import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import timedelta
from functools import partial

from flask import Flask

from service.domain.people import TOWPATH
from service.logs import get_logger
from service.operations.claiming import claim_due_work, number_feed, when_due
from service.operations.due import Piece, is_passing, pieces_of
from service.operations.environment import Environment
from service.operations.schedules import keep_schedules
from service.operations.workers import Heartbeat

log = get_logger(__name__)

PAUSE_AFTER_FAILURE = 5.0
"""Seconds before the next look when something failed in this one, as when the database is away."""

PAUSE_AFTER_NOTHING = 0.1
"""Seconds before the next look when there was due work and others have it."""

JOBS_AT_ONCE = 4
"""How many handlers run beside each other in one process: one waits for another system most of its time."""


class Ticker:
    """One process's look for due work, until it is told to stop. Jobs run beside, so that no timer waits for them."""

    def __init__(self, app: Flask, kind: str) -> None:
        self.app = app
        self.env: Environment = app.extensions["towpath"]
        self.heartbeat = Heartbeat(kind)
        self._stop = threading.Event()
        self._jobs: set[Future[bool]] = set()
        self._last_case = ""
        self._pause = 0.0
        self._thread = threading.Thread(target=self.run, name="ticker", daemon=True)

    def start(self) -> None:
        """Run beside. It may die with the process at any moment."""
        self._thread.start()

    def stop(self) -> None:
        """End after what is under way, and return then."""
        self._stop.set()
        self.env.wakeups.ring()
        self._thread.join()

    def run(self) -> None:
        """Do due work until stopped. Nothing that happens in one look ends the loop."""
        bell = self.env.wakeups
        bell.listen()
        with ThreadPoolExecutor(JOBS_AT_ONCE, thread_name_prefix="jobs") as pool:
            while not self._stop.is_set():
                self._pause = PAUSE_AFTER_FAILURE
                with self.app.app_context():
                    attempt(partial(self._look, pool))
                bell.wait(self._pause)
        with self.app.app_context():
            attempt(partial(self.heartbeat.stop, self.env))
        bell.close()

    def _look(self, pool: ThreadPoolExecutor) -> None:
        """Do what is due, if anything is; leave how many seconds may pass until the next look."""
        env = self.env
        self.heartbeat.beat(env)
        due = when_due(env)
        if due.unnumbered:
            number_feed(env, TOWPATH)
        if due.unscheduled:
            keep_schedules(env, TOWPATH)
        now = env.now()
        if due.first is None or due.first > now:
            longest = env.config.sweep_seconds if env.wakeups.hears_others else env.config.tick_seconds
            self._pause = min(longest, (due.first - now) / timedelta(seconds=1)) if due.first else longest
            return
        self._jobs = {job for job in self._jobs if not job.done()}
        done, failed = tick(self._claim(JOBS_AT_ONCE - len(self._jobs)), partial(self._beside, pool))
        if done:
            self._pause = 0.0
        elif not failed:
            self._pause = PAUSE_AFTER_NOTHING

    def _claim(self, jobs: int) -> list[Piece]:
        claimed = claim_due_work(self.env, TOWPATH, jobs=jobs, after_case=self._last_case)
        self._last_case = claimed.last_case
        return pieces_of(self.env, claimed)

    def _beside(self, pool: ThreadPoolExecutor, piece: Piece) -> None:
        job = pool.submit(self._in_context, piece)
        self._jobs.add(job)
        job.add_done_callback(lambda _: self.env.wakeups.ring())

    def _in_context(self, piece: Piece) -> bool:
        with self.app.app_context():
            return settle(piece)


def tick(pieces: list[Piece], beside: Callable[[Piece], None] | None = None) -> tuple[int, int]:
    """Do the pieces; give how many were done and how many failed. A piece that fails does not stop the others.

    Those that wait for another system are handed to `beside`, if there is one, and count as done.
    """
    done = failed = 0
    for piece in pieces:
        if piece.waits_outside and beside is not None:
            beside(piece)
            done += 1
        elif settle(piece):
            done += 1
        else:
            failed += 1
    return done, failed


def settle(piece: Piece) -> bool:
    """Do a piece, whole or else in its parts; tell whether that went well.

    What fails for good is put off until a person has looked, so that it is not tried for ever.
    """
    error = attempt(piece.do)
    if error is not None and piece.parts:
        return tick(list(piece.parts))[1] == 0
    if error is not None and not is_passing(error):
        attempt(lambda: piece.put_off(error))
    return error is None


def attempt(act: Callable[[], object]) -> Exception | None:
    """Do something; give the error that it ended in."""
    try:
        act()
    except Exception as error:  # whatever fails, the next look is tried: one bad piece must not stop the timers
        log.exception("tick_failed")
        return error
    return None


def start_ticker(app: Flask, kind: str) -> Ticker:
    """Run a ticker beside whatever else this process does; give it, to be stopped."""
    ticker = Ticker(app, kind)
    ticker.start()
    return ticker
