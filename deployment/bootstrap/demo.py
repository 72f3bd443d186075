"""The demo: the service and the pretend case-management system, side by side, until Ctrl-C. Setting up is not here."""

from __future__ import annotations

import ctypes
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Mapping
from types import FrameType

from deployment.bootstrap.environment import with_environment_first
from deployment.bootstrap.steps import ROOT, VENV, Stopped, run

HOST = "127.0.0.1"
TOWPATH = VENV / "bin" / "towpath"
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
SET_PARENT_DEATH_SIGNAL = 1
PATIENCE = 15.0
"""Seconds a program is given to stop by itself."""


def is_free(port: int) -> bool:
    """Could a program listen on this port now?"""
    with socket.socket(socket.AF_INET, socket.SOCK_STREAM) as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((HOST, port))
        except OSError:
            return False
    return True


def free_port_after(port: int) -> int:
    """The nearest free port above this one. Raises Stopped when a hundred in a row are taken."""
    for candidate in range(port + 1, min(port + 101, 65536)):
        if is_free(candidate):
            return candidate
    raise Stopped(f"No port between {port + 1} and {port + 100} is free.")


def require_free(port: int) -> None:
    """Raises Stopped, naming a port that is free, before anything is started on one that is not."""
    if not 1 <= port <= 65535:
        raise Stopped(f"{port} is not a port. Choose one between 1024 and 65535: make run PORT=8080")
    if not is_free(port):
        remedy = f"Stop the other program or choose another: make run PORT={free_port_after(port)}"
        raise Stopped(f"Port {port} is taken. {remedy}")


def run_demo(port: int) -> int:
    """Bring the database and the demo authority up to date, start both programs, and stay until told to stop."""
    case_management_port = free_port_after(port)
    case_management_url = f"http://{HOST}:{case_management_port}"
    env = {**with_environment_first(), "TOWPATH_CASE_MANAGEMENT_URL": case_management_url}
    run("Bringing the database up to date", (TOWPATH, "db", "upgrade"), env=env)
    run("Loading the demo authority", (TOWPATH, "demo"), env=env)
    pretend = [str(TOWPATH), "pretend-case-management", "--port", str(case_management_port)]
    serve = [str(TOWPATH), "serve", "--host", HOST, "--port", str(port)]
    address = f"http://{HOST}:{port}"
    announcer = threading.Thread(target=_announce, args=(address, case_management_url), daemon=True)
    return supervise({"The pretend case-management system": pretend, "Towpath": serve}, env, announcer)


def supervise(programs: Mapping[str, list[str]], env: Mapping[str, str], announcer: threading.Thread) -> int:
    """Start the programs and wait. Returns 0 when told to stop, 1 when one of them stopped by itself."""
    told_to_stop = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        told_to_stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    running: dict[str, subprocess.Popen[bytes]] = {}
    try:
        for name, command in programs.items():
            # A session of its own: Ctrl-C in the terminal reaches this process only, which then stops each in turn.
            running[name] = subprocess.Popen(
                command, cwd=ROOT, env=env, start_new_session=True, preexec_fn=_end_with_parent
            )
        announcer.start()
        while not told_to_stop.wait(0.2):
            ended = [(name, process.returncode) for name, process in running.items() if process.poll() is not None]
            if ended:
                print(f"{ended[0][0]} stopped by itself (code {ended[0][1]}). Its own words are above.", flush=True)
                return 1
        print("\nStopping …", flush=True)
        return 0
    finally:
        _stop_all(list(running.values()))


def _end_with_parent() -> None:
    """In the child: be told to stop when this process is killed outright, so that no port stays taken (Linux only)."""
    if LIBC is not None:
        LIBC.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _stop_all(processes: list[subprocess.Popen[bytes]]) -> None:
    for process in reversed(processes):
        if process.poll() is None:
            process.terminate()
    until = time.monotonic() + PATIENCE
    for process in processes:
        try:
            process.wait(max(0.0, until - time.monotonic()))
        except subprocess.TimeoutExpired:
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()


def _announce(address: str, case_management_url: str) -> None:
    """Print where to go once somebody answers there."""
    for _ in range(300):
        if _answers(address):
            print(
                f"\nTowpath is running:       {address}\n"
                "To sign in, open it and choose a post-holder from the list (demo only; nobody in it is real).\n"
                f"Pretend case-management:  {case_management_url}\n"
                "Ctrl-C stops both. Nothing is lost: the data are in var/.\n",
                flush=True,
            )
            return
        time.sleep(0.2)


def _answers(address: str) -> bool:
    try:
        # Never through a proxy: the address is this machine's own.
        with urllib.request.build_opener(urllib.request.ProxyHandler({})).open(address, timeout=5):
            return True
    except urllib.error.HTTPError:
        return True
    except OSError:
        return False
