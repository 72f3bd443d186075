"""Servers to break: a PostgreSQL and a RabbitMQ of our own, in a directory of their own. Nobody else's are touched."""

from __future__ import annotations

import os
import pwd
import shutil
import socket
import subprocess
import time
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

import psycopg

from tests.support.server import free_port

STARTING = 60.0
"""Seconds that a server may take to start."""


class Missing(Exception):
    """A program that this fault needs is not on this machine."""


@dataclass
class Postgres:
    """One PostgreSQL cluster. It runs as the user `postgres` when we are root, who may not run it."""

    directory: Path
    port: int
    connections: int

    @property
    def url(self) -> str:
        """Where it is, as SQLAlchemy writes it."""
        return f"postgresql+psycopg://postgres@127.0.0.1:{self.port}/postgres"

    @property
    def plain(self) -> str:
        """Where it is, as its own library writes it."""
        return self.url.replace("+psycopg", "")

    def create(self) -> None:
        """Make the cluster and start it."""
        self.directory.mkdir(parents=True)
        _give_to(self.directory, "postgres")
        self._run("initdb", "-D", str(self.directory / "data"), "-U", "postgres", "--auth", "trust")
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        options = (
            f"-p {self.port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= "
            f"-c max_connections={self.connections} -c superuser_reserved_connections=3"
        )
        self._run("pg_ctl", "-D", str(self.directory / "data"), "-w", "-l", str(self.directory / "log"),
                  "-o", options, "start")  # fmt: skip

    def stop(self, how: str) -> None:
        """Stop it: `fast` as an administrator would, `immediate` as a power cut would."""
        self._run("pg_ctl", "-D", str(self.directory / "data"), "-w", "-m", how, "stop")

    def fill(self, seconds: float) -> int:
        """Take every connection there is for a while; give how many were taken."""
        taken: list[psycopg.Connection] = []
        until = time.monotonic() + seconds
        try:
            while time.monotonic() < until:
                try:
                    taken.append(psycopg.connect(self.plain, connect_timeout=2))
                except psycopg.OperationalError:
                    time.sleep(0.05)
        finally:
            for connection in taken:
                connection.close()
        return len(taken)

    def _run(self, program: str, *arguments: str) -> None:
        directories = sorted(Path("/usr/lib/postgresql").glob("*/bin"), reverse=True)
        path = next((str(each / program) for each in directories if (each / program).exists()), None)
        path = path or shutil.which(program)
        if path is None:
            raise Missing(f"PostgreSQL's {program}")
        _run_as("postgres", [path, *arguments], {})


@dataclass
class Rabbit:
    """One RabbitMQ node of our own name and ports."""

    directory: Path
    port: int
    running: bool = False

    @property
    def url(self) -> str:
        """Where it is, as Celery writes it."""
        return f"amqp://guest:guest@127.0.0.1:{self.port}//"

    def create(self) -> None:
        """Start it for the first time."""
        _rabbit("rabbitmq-server")
        self.directory.mkdir(parents=True)
        # A file of its own, because the machine's may name the port that the machine's own node has.
        (self.directory / "rabbitmq.conf").write_text(f"listeners.tcp.local = 127.0.0.1:{self.port}\n")
        (self.directory / "environment").touch()
        _give_to(self.directory, "rabbitmq")
        self.start()

    def start(self) -> None:
        """Start it and wait until it answers."""
        _run_as("rabbitmq", [_rabbit("rabbitmq-server"), "-detached"], self._variables())
        _wait_for(self.port)
        self.running = True

    def stop(self) -> None:
        """Stop it."""
        if self.running:
            _run_as("rabbitmq", [_rabbit("rabbitmqctl"), "stop"], self._variables())
        self.running = False

    def _variables(self) -> Mapping[str, str]:
        return {
            "RABBITMQ_NODENAME": f"towpath{self.port}@localhost",
            "RABBITMQ_CONFIG_FILE": str(self.directory / "rabbitmq.conf"),
            "RABBITMQ_CONF_ENV_FILE": str(self.directory / "environment"),
            "RABBITMQ_DIST_PORT": str(self.port + 20_000 if self.port < 45_000 else self.port - 20_000),
            "ERL_EPMD_ADDRESS": "127.0.0.1",
            "RABBITMQ_MNESIA_BASE": str(self.directory / "data"),
            "RABBITMQ_LOG_BASE": str(self.directory / "log"),
            "RABBITMQ_PID_FILE": str(self.directory / "pid"),
            "RABBITMQ_ENABLED_PLUGINS_FILE": str(self.directory / "plugins"),
        }


def new_postgres(directory: Path, connections: int) -> Postgres:
    """A cluster on a free port, not yet made."""
    return Postgres(directory, free_port(), connections)


def new_rabbit(directory: Path) -> Rabbit:
    """A node on a free port, not yet made."""
    return Rabbit(directory, free_port())


def _rabbit(program: str) -> str:
    """Where RabbitMQ's own program is: Debian's command of the same name writes to the machine's own node's logs."""
    path = shutil.which(program, path="/usr/lib/rabbitmq/bin") or shutil.which(program)
    if path is None:
        raise Missing(program)
    return path


def _wait_for(port: int) -> None:
    until = time.monotonic() + STARTING
    while True:
        try:
            socket.create_connection(("127.0.0.1", port), timeout=1.0).close()
            return
        except OSError:
            if time.monotonic() > until:
                raise
            time.sleep(0.1)


def _give_to(directory: Path, user: str) -> None:
    if os.geteuid() == 0:
        shutil.chown(directory, user, user)


def _run_as(user: str, command: list[str], variables: Mapping[str, str]) -> None:
    """Run a server's own command as the user it wants. Raises CalledProcessError with what it said."""
    other = pwd.getpwnam(user).pw_name if os.geteuid() == 0 else None
    subprocess.run(
        command, check=True, user=other, group=other, extra_groups=[] if other else None,
        env={**os.environ, **({"HOME": pwd.getpwnam(user).pw_dir} if other else {}), **variables},
        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd="/", timeout=STARTING * 2,
    )  # fmt: skip
