"""Delivering an oversight record over real HTTP. What the pretend system does by itself is in `test_pretend.py`."""

from __future__ import annotations

import dataclasses
import socket
import threading
from collections.abc import Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer

import httpx
import pytest

from handlers import case_record
from handlers.case_record import CaseRecordRefused, write_oversight
from service.contract import Job, RetryLater, call_handler, load_handlers
from tests.handlers.conftest import RECORD, FakeResources, Pretend


def test_the_record_arrives_and_the_receipt_comes_back(pretend: Pretend, resources: FakeResources, job: Job) -> None:
    receipt = write_oversight("OR-1", resources, job)["receipt"]
    assert (receipt["reference"], receipt["number"]) == ("OR-1", "CM-000001")
    assert [held["record"] for held in pretend.held()] == [RECORD]


def test_it_is_found_by_its_job_type(resources: FakeResources, job: Job) -> None:
    assert "case-record.write-oversight" in load_handlers("handlers")
    sent = call_handler(dataclasses.replace(job, variables={"reference": "OR-1"}), resources)
    assert sent["receipt"]["reference"] == "OR-1"


def test_a_second_attempt_is_not_a_second_record(pretend: Pretend, resources: FakeResources, job: Job) -> None:
    first = write_oversight("OR-1", resources, job)
    again = write_oversight("OR-1", resources, dataclasses.replace(job, attempt=2))
    assert again == first
    assert [held["deliveries"] for held in pretend.held()] == [2]


def test_an_answer_that_comes_too_late_is_fetched_by_the_next_attempt(
    pretend: Pretend, resources: FakeResources, job: Job, impatient: None
) -> None:
    pretend.be("slow", seconds=0.8)
    with pytest.raises(RetryLater, match="did not answer in time"):
        write_oversight("OR-1", resources, job)
    pretend.be("ok")
    assert write_oversight("OR-1", resources, job)["receipt"]["number"] == "CM-000001"


def test_while_it_is_down_the_job_waits(pretend: Pretend, resources: FakeResources, job: Job) -> None:
    pretend.be("down")
    with pytest.raises(RetryLater, match=r"busy or down \(503\)"):
        write_oversight("OR-1", resources, job)
    assert pretend.held() == []


def test_while_nothing_listens_the_job_waits(job: Job) -> None:
    with pytest.raises(RetryLater, match="cannot be reached"):
        write_oversight("OR-1", FakeResources(f"http://127.0.0.1:{_unused_port()}"), job)


def test_a_refusal_is_a_failure_that_says_why(pretend: Pretend, resources: FakeResources, job: Job) -> None:
    pretend.be("refuse")
    with pytest.raises(CaseRecordRefused, match=r"refused OR-1 \(422\): The case is locked"):
        write_oversight("OR-1", resources, job)


def test_no_message_repeats_what_the_record_says(pretend: Pretend, resources: FakeResources, job: Job) -> None:
    for mode, expected in (("down", RetryLater), ("refuse", CaseRecordRefused)):
        pretend.be(mode)
        with pytest.raises(expected) as raised:
            write_oversight("OR-1", resources, job)
        assert RECORD["by"] not in str(raised.value)


def test_an_address_that_is_no_address_is_a_failure(job: Job) -> None:
    with pytest.raises(httpx.UnsupportedProtocol):
        write_oversight("OR-1", FakeResources("case-management.example"), job)


@pytest.mark.parametrize(
    ("asked", "after"),
    [("120", timedelta(minutes=2)), ("86400", timedelta(hours=1)), ("tomorrow", None), ("", None)],
)
def test_a_wait_that_was_asked_for_is_kept_within_reason(
    scripted: Scripted, job: Job, asked: str, after: timedelta | None
) -> None:
    scripted.answers(429, {"Retry-After": asked}, b"")
    with pytest.raises(RetryLater) as raised:
        write_oversight("OR-1", FakeResources(scripted.url), job)
    assert raised.value.after == after


@pytest.mark.parametrize("body", [b"", b"<p>Fine</p>", b"[]", b"{}"])
def test_acceptance_without_a_receipt_is_a_failure(scripted: Scripted, job: Job, body: bytes) -> None:
    scripted.answers(200, {}, body)
    with pytest.raises(CaseRecordRefused, match="gave no receipt"):
        write_oversight("OR-1", FakeResources(scripted.url), job)


def test_an_error_page_is_not_quoted(scripted: Scripted, job: Job) -> None:
    scripted.answers(500, {}, b"<h1>Trace</h1>")
    with pytest.raises(CaseRecordRefused, match=r"\(500\): It gave no reason"):
        write_oversight("OR-1", FakeResources(scripted.url), job)


def test_a_reference_cannot_leave_its_place_in_the_address(scripted: Scripted, job: Job) -> None:
    scripted.answers(200, {}, b'{"number": 1}')
    odd = FakeResources(scripted.url, {"../control?x": RECORD})
    write_oversight("../control?x", odd, job)
    assert scripted.paths == ["/oversight-records/..%2Fcontrol%3Fx"]


class Scripted:
    """A server that gives one prepared answer and remembers what it was asked."""

    def __init__(self) -> None:
        self.paths: list[str] = []
        outer = self

        class Request(BaseHTTPRequestHandler):
            def do_PUT(self) -> None:
                outer.paths.append(self.path)
                self.rfile.read(int(self.headers["Content-Length"]))
                self.send_response(outer.status)
                for name, value in outer.headers.items():
                    self.send_header(name, value)
                self.end_headers()
                self.wfile.write(outer.body)

            def log_message(self, format: str, *args: object) -> None: ...

        self.server = HTTPServer(("127.0.0.1", 0), Request)
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"

    def answers(self, status: int, headers: dict[str, str], body: bytes) -> None:
        self.status, self.headers, self.body = status, headers, body


def _unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def impatient(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(case_record, "TIMEOUT", httpx.Timeout(0.2))


@pytest.fixture
def scripted() -> Iterator[Scripted]:
    running = Scripted()
    thread = threading.Thread(target=running.server.serve_forever, kwargs={"poll_interval": 0.01})
    thread.start()
    yield running
    running.server.shutdown()
    running.server.server_close()
    thread.join()
