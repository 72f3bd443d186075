"""What `towpath serve` and its neighbours refuse before they begin, and the words for it. No server runs here."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests.cli.conftest import Installation

LOOPBACK = "127.0.0.1"


def test_a_taken_port_is_said_with_the_remedy(demo: Installation, taken: int) -> None:
    for program in ("serve", "pretend-case-management"):
        told = demo.complaint(program, "--port", str(taken))
        assert f"Port {taken} on {LOOPBACK} is taken." in told
        assert "choose another with --port" in told


def test_nothing_is_served_before_there_is_a_database(empty: Installation, free: int) -> None:
    assert "Run: towpath db upgrade" in empty.complaint("serve", "--port", str(free))
    assert "Run: towpath db upgrade" in empty.complaint("worker")


def test_nothing_is_served_before_there_is_a_rule_book(empty: Installation, free: int) -> None:
    empty.words("db", "upgrade")
    assert "No rule book has been published" in empty.complaint("serve", "--port", str(free))


def test_real_cases_are_not_served_without_an_identity_provider(
    empty: Installation, rule_book: Path, free: int
) -> None:
    """An authority that is no demo."""
    empty.words("db", "upgrade")
    empty.words("rulebook", "publish", str(rule_book), "--author", "a", "--approver", "b", "--note", "The first.")
    assert "No identity provider is configured" in empty.complaint("serve", "--port", str(free))


def test_an_identity_provider_that_is_not_understood_opens_no_door(demo: Installation, free: int) -> None:
    demo.settings["TOWPATH_IDENTITY_PROVIDER"] = "https://login.example"
    assert "cannot be used" in demo.complaint("serve", "--port", str(free))


def test_a_port_that_is_none_is_said(demo: Installation) -> None:
    assert demo.run("serve", "--port", "70000").exit_code == 2


@pytest.fixture
def taken() -> Iterator[int]:
    """A port that another program listens on."""
    with socket.create_server((LOOPBACK, 0)) as other:
        yield other.getsockname()[1]


@pytest.fixture
def free() -> int:
    """A port that nobody listens on now."""
    with socket.socket() as probe:
        probe.bind((LOOPBACK, 0))
        port: int = probe.getsockname()[1]
        return port
