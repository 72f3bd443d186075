"""Calls over RabbitMQ or Redis, carried by Celery; only this module knows it. A call says nothing but: look."""

from __future__ import annotations

from celery import Celery
from kombu.exceptions import KombuError

from service.wakeups.bell import Bell
from service.wakeups.sending import Sender

QUEUE = "towpath"
TASK = "towpath.look_for_due_work"

ENOUGH = 100
"""With so many calls waiting, one more would tell nobody anything: a broker without workers must not fill up."""

EXPIRES = 60
"""Seconds after which a call is told to nobody: everybody has looked by themselves since."""

CONNECT_SECONDS = 2
"""How long the broker has to answer. Only the thread that sends calls waits for it."""

WORKER = ("worker", "--pool=solo", "--without-gossip", "--without-mingle", "--loglevel=WARNING")
"""Celery in this one process, which hears the calls; the ticker beside does what is due."""


class BrokerBell(Bell):
    """Calls one of the Celery workers. The broker holds no work, so that losing it, whole, loses none."""

    def __init__(self, broker_url: str) -> None:
        super().__init__()
        self._celery = _make_celery(broker_url)
        self._connection = self._celery.connection_for_write()
        failures = (KombuError, *self._connection.connection_errors, *self._connection.channel_errors)
        self._failures: tuple[type[Exception], ...] = failures
        self._sender = Sender(self._send, self._failures)
        self._serving = False

    @property
    def hears_others(self) -> bool:
        """Whether this process is a Celery worker; in any other no call arrives."""
        return self._serving

    def call(self) -> None:
        """Wake this process at once and a Celery worker soon."""
        self.ring()
        self._sender.ask()

    def serve_calls(self) -> None:
        """Be a Celery worker until told to stop, also while the broker is away."""

        def look_for_due_work() -> None:
            self.ring()

        self._celery.task(name=TASK)(look_for_due_work)
        self._serving = True
        self._celery.worker_main(list(WORKER))

    def reaches(self) -> bool | None:
        """Whether the broker answers."""
        try:
            with self._celery.connection_for_write() as connection:
                connection.ensure_connection(max_retries=1, timeout=CONNECT_SECONDS)
        except self._failures:
            return False
        return True

    def _send(self) -> None:
        try:
            channel = self._connection.default_channel
            waiting = self._celery.amqp.queues[QUEUE].bind(channel).queue_declare().message_count
            if waiting < ENOUGH:
                self._celery.send_task(TASK, connection=self._connection, retry=False, expires=EXPIRES)
        except self._failures:
            # What is left of a broken connection would fail again once the broker is back.
            self._connection.collect(socket_timeout=CONNECT_SECONDS)
            self._connection = self._celery.connection_for_write()
            raise


def _make_celery(broker_url: str) -> Celery:
    app = Celery("towpath", broker=broker_url)
    app.conf.update(
        task_default_queue=QUEUE,
        task_ignore_result=True,
        broker_connection_timeout=CONNECT_SECONDS,
        broker_connection_retry_on_startup=True,
        broker_connection_max_retries=None,
        broker_transport_options={
            "socket_connect_timeout": CONNECT_SECONDS,
            "socket_timeout": CONNECT_SECONDS,
            "max_retries": 1,
            "connect_retries_timeout": CONNECT_SECONDS,
        },
        worker_hijack_root_logger=False,
        worker_redirect_stdouts=False,
    )
    return app
