"""`towpath serve`, `towpath worker` and the pretend case-management system: the programs that stay running."""

from __future__ import annotations

import gc
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace

import click
from flask import Flask
from gunicorn.app.base import BaseApplication

from service.access.identity import check_sign_in_possible
from service.cli.opening import installation
from service.config import DEFAULT_CASE_MANAGEMENT_PORT, DEFAULT_PORT, Config, read_config
from service.domain.people import TOWPATH
from service.operations.identity import check_ready, read_authority
from service.operations.rulebook import open_release_in_force
from service.operations.unresumable import report_unresumable
from service.store.tables import db
from service.ticker import start_ticker

THREADS = 8
"""Requests that one process works on at once; `store/tables.py` keeps as many connections."""
KEEP_ALIVE = 30
"""Seconds that a connection may be idle until it is closed: a proxy or a client that asks again need not connect."""
MOST_PROCESSES = 8
STOPPING = (signal.SIGINT, signal.SIGTERM)
LOOPBACK = "127.0.0.1"


class Server(BaseApplication):  # type: ignore[misc]  # gunicorn has no types
    """Gunicorn with processes of several threads each, and in each of them a ticker beside the threads."""

    def __init__(self, app: Flask, address: str, *, ticker: bool, processes: int) -> None:
        self.application = app
        self.address = address
        self.ticker = ticker
        self.processes = processes
        super().__init__()

    def load_config(self) -> None:
        """The settings gunicorn is started with."""
        self.cfg.set("bind", self.address)
        self.cfg.set("workers", self.processes)
        self.cfg.set("threads", THREADS)
        self.cfg.set("preload_app", True)
        self.cfg.set("keepalive", KEEP_ALIVE)
        # What was read before is shared by all processes as long as nobody writes to it: the collector leaves it.
        self.cfg.set("pre_fork", lambda _server, _worker: gc.freeze())
        self.cfg.set("worker_class", "gthread")
        self.cfg.set("graceful_timeout", 10)
        self.cfg.set("control_socket_disable", True)
        self.cfg.set("post_worker_init", lambda _: start_ticker(self.application, "web") if self.ticker else None)

    def load(self) -> Flask:
        """The application, already made."""
        return self.application


@click.command()
@click.option("--host", default=LOOPBACK, show_default=True)
@click.option("--port", default=DEFAULT_PORT, show_default=True, type=click.IntRange(1, 65535))
@click.option(
    "--processes",
    type=click.IntRange(1, 64),
    help="How many processes serve.  [default: one; on PostgreSQL one for each processor, 8 at most]",
)
@click.option("--ticker/--no-ticker", default=True, help="Also do due work here; turn off where workers run.")
@click.pass_context
def serve(context: click.Context, host: str, port: int, processes: int | None, ticker: bool) -> None:
    """Serve the pages and the API."""
    config = read_config()
    require_free(host, port)
    with installation(context, config) as (_, env):
        check_ready(env)
        report_unresumable(env, TOWPATH)
        demo = read_authority(env).demo
        check_sign_in_possible(demo=demo, identity_provider=config.identity_provider)
    with pretend_system(config, wanted=demo, taken=port) as served_config:
        app = context.obj(replace(served_config, secure_cookies=served_config.secure_cookies and not demo))
        read_ahead(app)
        count = processes or default_processes(config.database_url)
        Server(app, f"{host}:{port}", ticker=ticker, processes=count).run()


def default_processes(database_url: str) -> int:
    """SQLite has one writer at a time, whom other processes would only wait for."""
    return 1 if database_url.startswith("sqlite") else min(os.cpu_count() or 1, MOST_PROCESSES)


def read_ahead(app: Flask) -> None:
    """Read the release in force before the processes part, so that they share it; then let go of the connections."""
    with app.app_context():
        open_release_in_force(app.extensions["towpath"])
        db.engine.dispose()


@click.command()
@click.pass_context
def worker(context: click.Context) -> None:
    """Do due work: timers, jobs, deliveries. Any number of workers may run beside the web server."""
    with installation(context) as (app, env):
        check_ready(env)
        report_unresumable(env, TOWPATH)
        signal.pthread_sigmask(signal.SIG_BLOCK, STOPPING)
        ticker = start_ticker(app, "worker")
        click.echo("Looking for due work. Ctrl-C stops.")
        signal.sigwait(STOPPING)
        ticker.stop()


@click.command()
@click.pass_context
def celery(context: click.Context) -> None:
    """Do due work as a Celery worker, which is called over the broker and looks by itself too. Run any number."""
    with installation(context) as (app, env):
        check_ready(env)
        report_unresumable(env, TOWPATH)
        ticker = start_ticker(app, "celery")
        try:
            env.wakeups.serve_calls()
        finally:
            ticker.stop()


@click.command()
@click.option("--port", default=DEFAULT_CASE_MANAGEMENT_PORT, show_default=True, type=click.IntRange(1, 65535))
def pretend_case_management(port: int) -> None:
    """Run the pretend case-management system of the demo."""
    require_free(LOOPBACK, port)
    os.execv(sys.executable, pretend_command(read_config(), port))  # noqa: S606 - our own module, fixed arguments


def pretend_command(config: Config, port: int) -> list[str]:
    """How the pretend case-management system is started."""
    data = config.data_directory / "pretend-case-management.sqlite"
    return [sys.executable, "-m", "handlers.pretend", "--port", str(port), "--data", str(data)]


@contextmanager
def pretend_system(config: Config, *, wanted: bool, taken: int) -> Iterator[Config]:
    """In the demo, run the pretend system too, on a port other than the one taken, unless an address is configured."""
    if not wanted or "TOWPATH_CASE_MANAGEMENT_URL" in os.environ:
        yield config
        return
    ports = (port for port in range(DEFAULT_CASE_MANAGEMENT_PORT, 65536) if port != taken)
    port = next(port for port in ports if is_free(LOOPBACK, port))
    pretend = subprocess.Popen([*pretend_command(config, port), "--end-with-parent"])
    starter = os.getpid()
    click.echo(f"The pretend case-management system is at http://{LOOPBACK}:{port}")
    try:
        yield replace(config, case_management_url=f"http://{LOOPBACK}:{port}")
    finally:
        # The web server forks; only the process that started the pretend system ends it.
        if os.getpid() == starter:
            pretend.terminate()
            pretend.wait()


def require_free(host: str, port: int) -> None:
    """End the command with a clear message when the port is taken."""
    if not is_free(host, port):
        raise click.ClickException(
            f"Port {port} on {host} is taken. Stop the other program or choose another with --port."
        )


def is_free(host: str, port: int) -> bool:
    """Whether a program could listen there now."""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((host, port))
        except OSError:
            return False
    return True
