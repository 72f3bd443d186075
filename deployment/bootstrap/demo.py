"""The demo in a browser until Ctrl-C: data, service, address. Setting up is not here, nor what the service starts."""

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
from collections.abc import Mapping, Sequence
from types import FrameType

from deployment.bootstrap.environment import with_environment_first
from deployment.bootstrap.steps import ROOT, VENV, Stopped, run

HOST = "127.0.0.1"
TOWPATH = VENV / "bin" / "towpath"
LIBC = ctypes.CDLL(None) if sys.platform == "linux" else None
SET_PARENT_DEATH_SIGNAL = 1
PATIENCE = 15.0
"""Seconds the service is given to stop in order."""


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
    """Bring the database and the demo authority up to date, start the service, and stay until told to stop."""
    env = with_environment_first()
    run("Loading the demo authority", (TOWPATH, "demo"), env=env)
    announcer = threading.Thread(target=_announce, args=(f"http://{HOST}:{port}",), daemon=True)
    return supervise((str(TOWPATH), "serve", "--host", HOST, "--port", str(port)), env, announcer)


def supervise(command: Sequence[str], env: Mapping[str, str], announcer: threading.Thread) -> int:
    """Start a program and wait. Returns 0 when told to stop, else the code with which it stopped by itself."""
    told_to_stop = threading.Event()

    def stop(_signal: int, _frame: FrameType | None) -> None:
        told_to_stop.set()

    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, stop)
    # A session of its own: Ctrl-C in the terminal reaches this process only, which then stops the program in order.
    program = subprocess.Popen(command, cwd=ROOT, env=env, start_new_session=True, preexec_fn=_end_with_parent)
    announcer.start()
    while not told_to_stop.wait(0.2):
        if program.poll() is not None:
            print(f"Towpath stopped by itself (code {program.returncode}). Its own words are above.", flush=True)
            return program.returncode or 1
    print("\nStopping …", flush=True)
    program.terminate()
    try:
        program.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        os.killpg(program.pid, signal.SIGKILL)
        program.wait()
    return 0


def _end_with_parent() -> None:
    """In the child: be told to stop when this process is killed outright, so that no port stays taken (Linux only)."""
    if LIBC is not None:
        LIBC.prctl(SET_PARENT_DEATH_SIGNAL, signal.SIGTERM)


def _announce(address: str) -> None:
    """Print where to go once somebody answers there."""
    for _ in range(300):
        if _answers(f"{address}/api/v1/health"):
            print(
                f"\nTowpath is running: {address}\n"
                "To sign in, open it and choose a post-holder from the list (demo only; nobody in it is real).\n"
                "Ctrl-C stops it. Nothing is lost by that.\n",
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
