"""The pretend system on a real port, and what a handler is given. No test stands here."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
import pytest

from handlers.pretend.server import PretendServer
from service.contract import Job

RECORD = {"decision": "Agreed", "by": "Team manager", "level": 1}


@dataclass
class FakeResources:
    """What the worker would look up: one oversight record and the address of the case-management system."""

    case_management_url: str
    records: Mapping[str, Mapping[str, Any]] = field(default_factory=lambda: {"OR-1": RECORD})

    def oversight_record(self, reference: str) -> Mapping[str, Any]:
        return self.records[reference]

    def setting(self, name: str) -> str:
        return {"case_management_url": self.case_management_url}[name]


class Pretend:
    """A running pretend system and a client to talk to it with."""

    def __init__(self, server: PretendServer) -> None:
        self.url = f"http://127.0.0.1:{server.server_address[1]}"
        self.client = httpx.Client(base_url=self.url, trust_env=False, timeout=5)

    def be(self, mode: str, seconds: float = 1) -> None:
        assert self.client.post("/control", json={"mode": mode, "seconds": seconds}).status_code == 200

    def put(self, reference: str, record: Mapping[str, Any] = RECORD, key: str = "job-1") -> httpx.Response:
        return self.client.put(f"/oversight-records/{reference}", json=record, headers={"Idempotency-Key": key})

    def held(self) -> list[dict[str, Any]]:
        return self.client.get("/oversight-records").json()["records"]


@pytest.fixture
def job() -> Job:
    return Job(id="job-1", type="case-record.write-oversight", attempt=1, business_key="K-101", instance_id="i-1")


@pytest.fixture
def data_path(tmp_path: Path) -> Path:
    return tmp_path / "var" / "pretend.sqlite"


@pytest.fixture
def server(data_path: Path) -> Iterator[PretendServer]:
    with PretendServer("127.0.0.1", 0, data_path) as running:
        thread = threading.Thread(target=running.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        yield running
        running.shutdown()
        thread.join()


@pytest.fixture
def pretend(server: PretendServer) -> Iterator[Pretend]:
    talking = Pretend(server)
    with talking.client:
        yield talking


@pytest.fixture
def resources(pretend: Pretend) -> FakeResources:
    return FakeResources(pretend.url)
