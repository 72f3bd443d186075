"""What holds for every test of operations: no transaction locks out of order, whatever a test happens to do."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from tests.operations.locking import watched, wrong


@pytest.fixture(autouse=True)
def locks_in_order(request: pytest.FixtureRequest) -> Iterator[None]:
    """Fail a test in which two transactions could have waited for each other."""
    with watched() as locked:
        yield
    if request.node.get_closest_marker("locks_out_of_order") is None:
        assert wrong(locked) == []
