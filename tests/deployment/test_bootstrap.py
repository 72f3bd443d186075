"""Setting up and starting: what is said when it cannot be done, and that nothing is done twice."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

from deployment.bootstrap import __main__ as start
from deployment.bootstrap import assets, commands, demo, environment, steps
from deployment.bootstrap.steps import Stopped

SLEEP = "import time; print('up', flush=True); time.sleep(60)"


def test_an_old_python_is_told_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(start.sys, "version_info", (3, 9, 2))
    monkeypatch.setattr(start.shutil, "which", lambda _: None)
    assert start.hand_over(["run"]) == (
        "Towpath needs Python 3.11 or later, and this is Python 3.9. "
        "Install a newer one and name it: make run PYTHON=python3.12"
    )


def test_a_taken_port_is_named_with_a_free_one(taken: int) -> None:
    with pytest.raises(Stopped, match=rf"Port {taken} is taken\. Stop the other .*: make run PORT=(\d+)") as stopped:
        demo.require_free(taken)
    assert demo.is_free(int(str(stopped.value).rpartition("=")[2]))


def test_a_taken_port_stops_the_run_before_anything_is_made(taken: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(environment, "ensure", lambda *_: pytest.fail("it began to install"))
    assert str(taken) in str(commands.main(["run", "--port", str(taken)]))


@pytest.mark.parametrize("port", [0, -1, 65536])
def test_what_is_no_port_is_refused(port: int) -> None:
    with pytest.raises(Stopped, match="is not a port"):
        demo.require_free(port)


@pytest.mark.parametrize(
    ("output", "remedy"),
    [
        ("Temporary failure in name resolution", "Check the network"),
        ("npm error code EAI_AGAIN", "Check the network"),
        ("No module named ensurepip", "apt-get install python3-venv"),
        ("OSError: [Errno 28] No space left on device", "Make room"),
        ("THESE PACKAGES DO NOT MATCH THE HASHES", "not the one that was locked"),
        ("a surprise", "The lines above say why"),
    ],
)
def test_a_failed_step_says_what_to_do(output: str, remedy: str) -> None:
    excuse = steps.excuse("Installing", f"first\n{output}\n")
    assert remedy in excuse
    assert f"    {output}" in excuse


def test_a_step_that_fails_ends_the_command_with_its_words() -> None:
    with pytest.raises(Stopped, match="it broke"):
        steps.run("Trying", (sys.executable, "-c", "import sys; sys.exit('it broke')"))


def test_a_step_says_how_long_it_took(capsys: pytest.CaptureFixture[str]) -> None:
    steps.run("Trying", (sys.executable, "-c", ""))
    assert capsys.readouterr().out == "Trying … 0 s\n"


def test_a_fingerprint_follows_names_and_contents(root: Path) -> None:
    (root / "a").write_text("1")
    seen = {steps.fingerprint([root])}
    (root / "a").write_text("2")
    seen.add(steps.fingerprint([root]))
    (root / "a").rename(root / "b")
    seen.add(steps.fingerprint([root]))
    assert len(seen) == 3


@pytest.mark.parametrize("damage", [None, "not json", "[]"])
def test_a_step_is_done_again_when_its_inputs_or_the_stamps_change(root: Path, damage: str | None) -> None:
    steps.stamp("step", "inputs")
    assert steps.is_stamped("step", "inputs")
    assert not steps.is_stamped("step", "other inputs")
    if damage:
        steps.STAMPS.write_text(damage)
        assert not steps.is_stamped("step", "inputs")


def test_assets_are_built_once_and_again_after_a_change(tree: list[str]) -> None:
    assets.ensure()
    assets.ensure()
    assert tree == ["Installing the Node packages", "Building the page assets"]
    (assets.SOURCE / "page.js").write_text("changed")
    assets.ensure()
    assert tree[2:] == ["Building the page assets"]


def test_assets_are_built_again_when_the_built_files_were_touched(tree: list[str]) -> None:
    assets.ensure()
    (assets.BUILT / "page.js").unlink()
    assets.ensure()
    assert tree[2:] == ["Building the page assets"]


def test_the_larger_set_of_packages_serves_for_the_smaller(root: Path, installed: list[str]) -> None:
    environment.ensure("development")
    environment.ensure("run", "development")
    assert installed == ["Installing 2 Python packages", "Installing Towpath itself"]


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGHUP])
def test_the_program_stops_when_told_to(number: signal.Signals) -> None:
    supervisor = _supervise(SLEEP)
    assert supervisor.stdout is not None
    assert supervisor.stdout.readline() == "up\n"
    supervisor.send_signal(number)
    assert supervisor.communicate(timeout=10) == ("\nStopping …\n", None)
    assert supervisor.returncode == 0


@pytest.mark.skipif(sys.platform != "linux", reason="only Linux can tell a program that its parent is gone")
def test_the_program_stops_when_what_started_it_is_killed() -> None:
    supervisor = _supervise(SLEEP)
    assert supervisor.stdout is not None
    assert supervisor.stdout.readline() == "up\n"
    supervisor.kill()
    supervisor.communicate(timeout=10)


def test_a_program_that_stops_by_itself_is_reported() -> None:
    supervisor = _supervise("raise SystemExit(3)")
    output, _ = supervisor.communicate(timeout=10)
    assert "stopped by itself (code 3)" in output
    assert supervisor.returncode == 3


def _supervise(program: str) -> subprocess.Popen[str]:
    """The supervisor in a process of its own, because it takes over the signals. Its output ends when both have."""
    code = (
        "import os, sys, threading; from deployment.bootstrap.demo import supervise;"
        f"sys.exit(supervise({(sys.executable, '-c', program)!r}, dict(os.environ), threading.Thread()))"
    )
    return subprocess.Popen([sys.executable, "-c", code], cwd=steps.ROOT, stdout=subprocess.PIPE, text=True)


@pytest.fixture
def taken() -> Iterator[int]:
    with socket.socket() as listening:
        listening.bind(("127.0.0.1", 0))
        listening.listen()
        yield listening.getsockname()[1]


@pytest.fixture
def root(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with two packages to install; nothing outside it is read or written."""
    (tmp_path / "pyproject.toml").write_text("")
    (tmp_path / "development.txt").write_text(
        "one==1 \\\n    --hash\ntwo==2 \\\nthree==3 ; sys_platform == 'win32' \\\n"
    )
    (tmp_path / "run.txt").write_text("one==1")
    for module in (steps, environment, assets):
        monkeypatch.setattr(module, "ROOT", tmp_path)
    monkeypatch.setattr(steps, "STAMPS", tmp_path / "stamps.json")
    monkeypatch.setattr(environment, "REQUIREMENTS", tmp_path)
    return tmp_path


@pytest.fixture
def installed(monkeypatch: pytest.MonkeyPatch) -> list[str]:
    done: list[str] = []
    monkeypatch.setattr(environment, "PYTHON", Path(sys.executable))
    monkeypatch.setattr(environment, "run", lambda what, *_, **__: done.append(what))
    return done


@pytest.fixture
def tree(root: Path, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    """Sources of assets, and an npm that writes what npm would and remembers that it was asked."""
    done: list[str] = []
    monkeypatch.setattr(assets, "SOURCE", root / "assets")
    monkeypatch.setattr(assets, "BUILT", root / "static")
    (root / "assets" / "node_modules").mkdir(parents=True)
    (root / "assets" / "package-lock.json").write_text("{}")

    def npm(what: str, *_: object, **__: object) -> None:
        done.append(what)
        (root / "assets" / "node_modules" / ".package-lock.json").touch()
        (root / "static").mkdir(exist_ok=True)
        (root / "static" / "page.js").write_text("built")

    monkeypatch.setattr(assets, "run", npm)
    return done
