"""The pretend system over HTTP: PUT /oversight-records/<reference> and a few more. What is held is in `records.py`."""

from __future__ import annotations

import json
import os
import time
from collections.abc import Callable, Mapping
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any
from urllib.parse import parse_qsl, unquote, urlsplit

from handlers.pretend.page import render
from handlers.pretend.records import MODES, Clash, Held, Mode, Records

LARGEST_BODY = 1_000_000
DEFAULT_SLOWNESS = 15.0
"""Seconds; longer than a sensible caller waits."""
LONGEST_SLOWNESS = 120.0
SECURITY_HEADERS = {
    "Content-Security-Policy": "default-src 'none'; style-src 'unsafe-inline'; form-action 'self'; base-uri 'none'",
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cache-Control": "no-store",
}


class Unacceptable(Exception):
    """The request cannot be answered as asked."""

    def __init__(self, status: int, reason: str) -> None:
        self.status = status
        self.reason = reason
        super().__init__(reason)


class ParentGone(Exception):
    """The program that started this one has ended."""


class PretendServer(ThreadingHTTPServer):
    """One thread a request, because being slow to one caller must not make it slow to all."""

    daemon_threads = True

    def __init__(self, host: str, port: int, data_path: Path, parent: int | None = None) -> None:
        self.records = Records(data_path)
        self.parent = parent
        """The process to end with, when it was killed too suddenly to say so; None to stay alone."""
        super().__init__((host, port), PretendRequest)

    def service_actions(self) -> None:
        """Between requests, and twice a second. Raises ParentGone."""
        if self.parent is not None and os.getppid() != self.parent:
            raise ParentGone


class PretendRequest(BaseHTTPRequestHandler):
    """One request."""

    server: PretendServer

    def do_GET(self) -> None:
        records, path = self.server.records, urlsplit(self.path).path
        if path == "/":
            self._send(200, "text/html; charset=utf-8", render(records.all(), records.mode()))
        elif path == "/health":
            mode = records.mode()
            self._send_json(503 if mode.name == "down" else 200, {"mode": mode.name, "seconds": mode.seconds})
        elif path == "/oversight-records":
            self._send_json(200, {"records": [_as_json(held) for held in records.all()]})
        else:
            self._send_json(404, {"reason": "There is nothing at this address."})

    def do_PUT(self) -> None:
        self._answer(self._keep)

    def do_POST(self) -> None:
        self._answer(self._control)

    def _answer(self, act: Callable[[], None]) -> None:
        try:
            act()
        except Unacceptable as problem:
            self._send_json(problem.status, {"reason": problem.reason})

    def _keep(self) -> None:
        folder, _, reference = urlsplit(self.path).path.rpartition("/")
        if folder != "/oversight-records" or not reference:
            raise Unacceptable(404, "There is nothing at this address. Records go to /oversight-records/<reference>.")
        key, body, mode = self.headers.get("Idempotency-Key", ""), self._json_body(), self.server.records.mode()
        if not key:
            raise Unacceptable(400, "The header Idempotency-Key is missing.")
        if mode.name == "down":
            raise Unacceptable(503, "The case-management system is down for maintenance.")
        if mode.name == "refuse":
            raise Unacceptable(422, "The case is locked in the case-management system.")
        try:
            held, is_new = self.server.records.keep(unquote(reference), key, body)
        except Clash as clash:
            raise Unacceptable(409, str(clash)) from clash
        if mode.name == "slow":
            # After keeping it: the caller has given up by then and must not make a second record when it tries again.
            time.sleep(mode.seconds)
        self._send_json(201 if is_new else 200, held.receipt())

    def _control(self) -> None:
        if urlsplit(self.path).path != "/control":
            raise Unacceptable(404, "There is nothing to post to at this address.")
        is_form = self.headers.get_content_type() == "application/x-www-form-urlencoded"
        asked = dict(parse_qsl(self._body().decode("utf-8", "replace"))) if is_form else self._json_body()
        mode = _mode_from(asked)
        self.server.records.set_mode(mode)
        if is_form:
            self._send(303, "text/plain; charset=utf-8", "", {"Location": "/"})
        else:
            self._send_json(200, {"mode": mode.name, "seconds": mode.seconds})

    def _body(self) -> bytes:
        length = self.headers.get("Content-Length", "")
        if not length.isdecimal():
            raise Unacceptable(411, "The header Content-Length is missing.")
        if int(length) > LARGEST_BODY:
            raise Unacceptable(413, f"A body may have {LARGEST_BODY} bytes.")
        return self.rfile.read(int(length))

    def _json_body(self) -> dict[str, Any]:
        try:
            body = json.loads(self._body())
        except ValueError as error:
            raise Unacceptable(400, "The body is not JSON.") from error
        if not isinstance(body, dict):
            raise Unacceptable(400, "The body is not a JSON object.")
        return body

    def _send_json(self, status: int, body: Mapping[str, Any]) -> None:
        self._send(status, "application/json", json.dumps(body, ensure_ascii=False))

    def _send(self, status: int, kind: str, body: str, headers: Mapping[str, str] | None = None) -> None:
        content = body.encode()
        try:
            self.send_response(status)
            fixed = {"Content-Type": kind, "Content-Length": str(len(content))}
            for name, value in {**fixed, **SECURITY_HEADERS, **(headers or {})}.items():
                self.send_header(name, value)
            self.end_headers()
            self.wfile.write(content)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True  # the caller gave up while we were slow, which is what slow is for

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: the page shows what happened, and the terminal belongs to Towpath."""


def serve(port: int, data_path: Path, parent: int | None = None) -> None:
    """Answer on 127.0.0.1 until interrupted, or until the process `parent` ends. Raises OSError on a taken port."""
    with PretendServer("127.0.0.1", port, data_path, parent) as server:
        try:
            server.serve_forever()
        except (KeyboardInterrupt, ParentGone):
            return


def _mode_from(asked: Mapping[str, Any]) -> Mode:
    name, seconds = asked.get("mode"), asked.get("seconds", DEFAULT_SLOWNESS)
    if name not in MODES:
        raise Unacceptable(400, f"The mode is one of {', '.join(MODES)}.")
    try:
        slowness = float(seconds)
    except (TypeError, ValueError) as error:
        raise Unacceptable(400, "The seconds are a number.") from error
    if not 0 <= slowness <= LONGEST_SLOWNESS:
        raise Unacceptable(400, f"The seconds are between 0 and {LONGEST_SLOWNESS:g}.")
    return Mode(name, slowness if name == "slow" else 0.0)


def _as_json(held: Held) -> dict[str, Any]:
    return {
        **held.receipt(),
        "idempotencyKey": held.idempotency_key,
        "deliveries": held.deliveries,
        "record": held.record,
    }
