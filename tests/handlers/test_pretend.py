"""The pretend case-management system by itself, over HTTP. How Towpath talks to it is in `test_case_record.py`."""

from __future__ import annotations

import contextlib
import http.client
import re
import signal
import socket
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import httpx
import pytest

from handlers.pretend.records import MODES, Records
from tests.handlers.conftest import RECORD, Pretend


def test_a_first_delivery_is_kept_and_receipted(pretend: Pretend) -> None:
    answer = pretend.put("OR-1")
    assert answer.status_code == 201
    assert answer.json().keys() == {"reference", "receivedAt", "number"}


def test_a_repetition_gets_the_same_receipt(pretend: Pretend) -> None:
    first, again = pretend.put("OR-1"), pretend.put("OR-1")
    assert (again.status_code, again.json()) == (200, first.json())
    assert [held["deliveries"] for held in pretend.held()] == [2]


def test_twenty_at_once_are_one_record(pretend: Pretend) -> None:
    with ThreadPoolExecutor(20) as pool:
        numbers = {answer.json()["number"] for answer in pool.map(lambda _: pretend.put("OR-1"), range(20))}
    assert len(numbers) == 1
    assert [held["deliveries"] for held in pretend.held()] == [20]


@pytest.mark.parametrize(
    ("reference", "record", "key"), [("OR-1", {"other": True}, "job-1"), ("OR-2", RECORD, "job-1")]
)
def test_the_same_name_for_something_else_is_a_conflict(
    pretend: Pretend, reference: str, record: dict[str, object], key: str
) -> None:
    pretend.put("OR-1")
    assert pretend.put(reference, record, key).status_code == 409
    assert len(pretend.held()) == 1


def test_slow_keeps_at_once_and_answers_late(pretend: Pretend) -> None:
    pretend.be("slow", seconds=0.3)
    began = time.monotonic()
    assert pretend.put("OR-1").status_code == 201
    assert time.monotonic() - began >= 0.3


@pytest.mark.parametrize(("mode", "status"), [("down", 503), ("refuse", 422)])
def test_down_and_refuse_keep_nothing_and_say_why(pretend: Pretend, mode: str, status: int) -> None:
    pretend.be(mode)
    answer = pretend.put("OR-1")
    assert (answer.status_code, pretend.held()) == (status, [])
    assert answer.json()["reason"]


@pytest.mark.parametrize(("mode", "status"), [("ok", 200), ("slow", 200), ("down", 503), ("refuse", 200)])
def test_health_follows_the_mode(pretend: Pretend, mode: str, status: int) -> None:
    pretend.be(mode)
    assert pretend.client.get("/health").status_code == status


@pytest.mark.parametrize(
    "asked", [{"mode": "asleep"}, {}, {"mode": "slow", "seconds": "long"}, {"mode": "slow", "seconds": -1}, []]
)
def test_a_mode_it_does_not_know_is_refused_and_changes_nothing(pretend: Pretend, asked: object) -> None:
    assert pretend.client.post("/control", json=asked).status_code == 400
    assert pretend.client.get("/health").json()["mode"] == "ok"


@pytest.mark.parametrize(
    ("method", "path", "headers", "content", "status"),
    [
        ("PUT", "/oversight-records/OR-1", {}, b"{}", 400),
        ("PUT", "/oversight-records/OR-1", {"Idempotency-Key": "k"}, b"not json", 400),
        ("PUT", "/oversight-records/OR-1", {"Idempotency-Key": "k"}, b"[]", 400),
        ("PUT", "/elsewhere/OR-1", {"Idempotency-Key": "k"}, b"{}", 404),
        ("POST", "/elsewhere", {}, b"{}", 404),
        ("GET", "/elsewhere", {}, b"", 404),
    ],
)
def test_what_makes_no_sense_is_refused_in_words(
    pretend: Pretend, method: str, path: str, headers: dict[str, str], content: bytes, status: int
) -> None:
    answer = pretend.client.request(method, path, headers=headers, content=content)
    assert answer.status_code == status
    assert answer.json()["reason"]


def test_a_body_that_is_too_long_is_refused_before_it_is_read(pretend: Pretend) -> None:
    connection = http.client.HTTPConnection(pretend.client.base_url.netloc.decode())
    with contextlib.closing(connection):
        connection.putrequest("PUT", "/oversight-records/OR-1")
        connection.putheader("Content-Length", "2000000")
        connection.endheaders()
        assert connection.getresponse().status == 413


def test_a_button_on_the_page_changes_the_mode(pretend: Pretend) -> None:
    answer = pretend.client.post("/control", data={"mode": "down"}, follow_redirects=True)
    assert "It is down" in answer.text


def test_the_page_offers_every_mode_and_shows_what_came(pretend: Pretend) -> None:
    pretend.put("OR-1")
    page = pretend.client.get("/").text
    assert set(re.findall(r'<button name="mode" value="(\w+)">', page)) == set(MODES)
    assert "1 oversight record," in page
    assert "OR-1" in page


def test_what_was_sent_cannot_write_on_the_page(pretend: Pretend) -> None:
    pretend.put("%3Cb%3E", {"said": "<script>alert(1)</script>"})
    page = pretend.client.get("/").text
    assert "<script>" not in page
    assert "&lt;b&gt;" in page


def test_records_and_mode_survive_being_killed(tmp_path: Path) -> None:
    port, data = _unused_port(), tmp_path / "pretend.sqlite"
    for expected_before in ([], ["OR-1"]):
        process = _start(port, data)
        with httpx.Client(base_url=f"http://127.0.0.1:{port}", trust_env=False) as client:
            assert [held["reference"] for held in client.get("/oversight-records").json()["records"]] == expected_before
            client.put("/oversight-records/OR-1", json=RECORD, headers={"Idempotency-Key": "job-1"})
            client.post("/control", json={"mode": "refuse"})
        process.send_signal(signal.SIGKILL)
        process.wait()
    assert Records(data).mode().name == "refuse"


def test_it_ends_with_the_program_that_started_it(tmp_path: Path) -> None:
    port, data = _unused_port(), tmp_path / "pretend.sqlite"
    command = [sys.executable, *_arguments(port, data), "--end-with-parent"]
    starter = f"import subprocess, sys; subprocess.Popen({command!r}); sys.stdin.read()"
    parent = subprocess.Popen([sys.executable, "-c", starter], stdin=subprocess.PIPE, stdout=subprocess.PIPE)
    _wait_for(port)
    parent.kill()
    parent.communicate(timeout=10)  # its output ends only when the pretend system, which inherited it, has ended


def _arguments(port: int, data: Path) -> list[str]:
    return ["-m", "handlers.pretend", "--port", str(port), "--data", str(data)]


def _start(port: int, data: Path) -> subprocess.Popen[bytes]:
    process = subprocess.Popen([sys.executable, *_arguments(port, data)])
    _wait_for(port)
    return process


def _wait_for(port: int) -> None:
    for _ in range(200):
        try:
            httpx.get(f"http://127.0.0.1:{port}/health", trust_env=False)
        except httpx.TransportError:
            time.sleep(0.05)
        else:
            return
    raise AssertionError("the pretend system did not start")


def _unused_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
