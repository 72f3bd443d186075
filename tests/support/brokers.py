"""Message brokers for tests: a corner of a real RabbitMQ and of a real Redis, emptied before and after. No test."""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from kombu import Connection

VARIABLES = {"rabbitmq": "TOWPATH_TEST_RABBITMQ_URL", "redis": "TOWPATH_TEST_REDIS_URL"}
"""Where each broker's address is looked for, such as amqp://guest:guest@127.0.0.1:5672// and redis://127.0.0.1:6379/9."""

QUEUE = "towpath"


@contextmanager
def broker(kind: str) -> Iterator[str]:
    """The address of a broker whose queue is empty. Skips, by name, where it is not to be had."""
    address = os.environ.get(VARIABLES[kind])
    if not address:
        pytest.skip(f"{kind} is not configured: set {VARIABLES[kind]}")
    empty(address)
    yield address
    empty(address)


def empty(address: str) -> None:
    """Throw away every call that waits."""
    with Connection(address) as connection, connection.channel() as channel:
        channel.queue_declare(QUEUE, durable=True, auto_delete=False)
        channel.queue_purge(QUEUE)


def waiting(address: str) -> int:
    """How many calls wait."""
    with Connection(address) as connection, connection.channel() as channel:
        count: int = channel.queue_declare(QUEUE, durable=True, auto_delete=False).message_count
        return count
