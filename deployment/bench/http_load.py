"""The clients of `http.py`, in a process of their own: they complete what standard input lists and tell the times.

Each client keeps one connection and sends its next completion when the last was answered.
"""

from __future__ import annotations

import http.client
import json
import statistics
import sys
import threading
import time
from collections.abc import Sequence
from itertools import count
from typing import Any


def main() -> None:
    """Read the work, do it, and write the times of each completion in seconds."""
    load = json.load(sys.stdin)
    tasks, times, turn = load["tasks"], [0.0] * len(load["tasks"]), count()
    ready = threading.Barrier(load["clients"] + 1)

    def client() -> None:
        connection = http.client.HTTPConnection("127.0.0.1", load["port"])
        connection.connect()
        ready.wait()
        while (place := next(turn)) < len(tasks):
            times[place] = completed(connection, load["token"], *tasks[place])

    threads = [threading.Thread(target=client) for _ in range(load["clients"])]
    for thread in threads:
        thread.start()
    ready.wait()
    began = time.perf_counter()
    for thread in threads:
        thread.join()
    json.dump({"times": times, "took": time.perf_counter() - began}, sys.stdout)


def completed(connection: http.client.HTTPConnection, token: str, task: str, body: str) -> float:
    """Complete one user task; give the seconds until its answer was read. Raises RuntimeError for any other answer."""
    headers = {"Authorization": f"Bearer {token}", "Content-Type": "application/json"}
    began = time.perf_counter()
    connection.request("POST", f"/api/v1/user-tasks/{task}/completion", body, headers)
    answer = connection.getresponse()
    content = answer.read()
    took = time.perf_counter() - began
    if answer.status != http.client.OK:
        raise RuntimeError(f"{answer.status} {content[:500]!r}")
    return took


def told(times: Sequence[float], took: float) -> dict[str, Any]:
    """Completions a second, and the middle and the slow end of how long one took."""
    cut = statistics.quantiles(times, n=20)
    return {
        "completions": len(times),
        "per_second": round(len(times) / took, 1),
        "p50_ms": round(statistics.median(times) * 1000, 1),
        "p95_ms": round(cut[18] * 1000, 1),
    }


if __name__ == "__main__":
    main()
