"""No text of a diagram or table is ever Python: SpiffWorkflow's interpreter and DMN engine are out of reach."""

from __future__ import annotations

import json
import subprocess
import sys

import pytest

from service.domain.errors import ModelError
from service.engine.instance import NoScripts
from tests.house.source import ROOT


@pytest.fixture(scope="module")
def watched():
    command = [sys.executable, "-m", "tests.engine.watched"]
    return json.loads(subprocess.run(command, cwd=ROOT, check=True, capture_output=True, text=True).stdout)


def test_scripts_rules_and_conditions_run_without_compiling_any_python(watched):
    assert watched["ended"]["=amount + 1"] == "begin, compute, decide, done"
    assert watched["ran"] == []


def test_python_in_a_script_is_an_unknown_function_or_does_not_read(watched):
    assert "is not valid FEEL" in watched["ended"]["=().__class__.__bases__"]
    assert "is not valid FEEL" in watched["ended"]["=[x for x in range(3)]"]
    assert watched["computed"]['=__import__("os").system("true")'] is None
    assert watched["computed"]['=open("/etc/passwd").read()'] is None


def test_the_dmn_engine_of_spiffworkflow_is_never_loaded(watched):
    assert watched["dmn"] == []


@pytest.mark.parametrize("way", ["evaluate", "execute", "call_service"])
def test_where_spiffworkflow_keeps_its_interpreter_everything_is_refused(way):
    with pytest.raises(ModelError, match="Towpath runs none"):
        getattr(NoScripts(), way)(None, "1 + 1")
