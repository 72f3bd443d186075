"""The demo authority as `towpath demo` makes it, with tokens, copied for each server that a test drives."""

from __future__ import annotations

import shutil
import subprocess
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import orjson

from service.app import create_app
from service.config import read_config
from service.data_files import demo_directory
from service.domain.people import TOWPATH
from service.operations.identity import create_token, list_post_holders
from service.store.tables import db
from tests.support.server import RunningPretend, RunningServer
from tests.support.world import EXEMPLAR, SIGNATURE

FILE = "towpath.sqlite"
ONE_TRY = """
CREATE TRIGGER IF NOT EXISTS one_try AFTER INSERT ON jobs BEGIN UPDATE jobs SET retries = 1 WHERE id = NEW.id; END;
"""


@dataclass(frozen=True)
class Installation:
    """A running Towpath and the case-management system beside it."""

    server: RunningServer
    pretend: RunningPretend

    def let_a_delivery_get_stuck(self, case: str, worker: str, manager: str) -> None:
        """The case-management system refuses the manager's record, and from here on every job has one try only."""
        self.server.tell(ONE_TRY)
        self.pretend.be("refuse")
        self.server.propose(case).raise_for_status()
        self.server.answer(case, worker, exemplar_of(case))
        self.server.answer(case, manager, SIGNATURE)
        self.server.wait_for("SELECT count(*) FROM incidents", 1)


class Demo:
    """The database of the demo, made once."""

    def __init__(self, directory: Path) -> None:
        self.directory = directory
        unstarted = RunningServer(directory, directory / FILE, "http://127.0.0.1:9", {})
        command = [sys.executable, "-m", "service", "demo"]
        subprocess.run(command, env=unstarted.variables, check=True, stdout=subprocess.DEVNULL)
        self.tokens = _tokens_for_everybody(unstarted.variables)

    @contextmanager
    def served(self, directory: Path) -> Iterator[Installation]:
        """A server on a copy of it, until the end of the `with`."""
        shutil.copyfile(self.directory / FILE, directory / FILE)
        with RunningPretend(directory) as pretend:
            server = RunningServer(directory, directory / FILE, pretend.address, self.tokens)
            server.start()
            try:
                yield Installation(server, pretend)
            finally:
                server.kill()


def exemplar_of(case: str, **changes: Any) -> dict[str, Any]:
    """A closure exemplar for a case of the demo that is in order today. A change to None leaves the answer out."""
    cases = orjson.loads((demo_directory() / "northmere.json").read_bytes())["cases"]
    [involvements] = [each["involvements"] for each in cases if each["reference"] == case]
    answers = {
        **EXEMPLAR,
        "raisedOn": (date.today() - timedelta(days=42)).isoformat(),
        "meetingOn": (date.today() - timedelta(days=14)).isoformat(),
        "involvementsEnding": [each["id"] for each in involvements if "endedOn" not in each],
        **changes,
    }
    return {key: value for key, value in answers.items() if value is not None}


def _tokens_for_everybody(variables: Mapping[str, str]) -> dict[str, str]:
    """Tokens by person id, and the case-management system's under `integrator`."""
    app = create_app(read_config(variables))
    env = app.extensions["towpath"]
    with app.app_context():
        people = {holder.person_id for holder in list_post_holders(env)}
        tokens = {who: create_token(env, TOWPATH, name=who, scopes=frozenset(), person_id=who) for who in people}
        scopes = frozenset({"events:write"})
        tokens["integrator"] = create_token(env, TOWPATH, name="Case-management system", scopes=scopes)
        db.session.remove()
        db.engine.dispose()
    return tokens
