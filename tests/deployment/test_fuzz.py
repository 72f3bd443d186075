"""The fuzz command: it runs, and what goes wrong in it is kept. What it has found is in `tests/feel`."""

from __future__ import annotations

import json
from random import Random

import pytest

from deployment.fuzz import __main__ as fuzz
from deployment.fuzz.findings import Findings
from deployment.fuzz.notebook import Notebook
from deployment.fuzz.targets import TARGETS, Wrong, in_time
from deployment.fuzz.worker import Attempt
from service.feel import FeelError


def test_a_second_of_it_finds_nothing(tmp_path, capsys):
    assert fuzz.main(["--minutes", "0.01", "--unguided", "--target", "expressions", "--place", str(tmp_path)]) == 0

    (told,) = json.loads(capsys.readouterr().out.splitlines()[-1])["targets"]
    assert told["attempts"] > 10
    assert told["findings"] == 0


def test_every_target_can_be_chosen():
    assert tuple(TARGETS) == fuzz.TARGETS


@pytest.mark.parametrize("target", TARGETS.values(), ids=list(TARGETS))
def test_a_few_random_inputs_do_nothing_wrong(target):
    random, seeds = Random(1), target.seeds()
    made = [target.renew(random.choice(seeds), random) for _ in range(30)]

    assert len(set(made)) > 15
    for content in [*seeds[:3], *made]:
        target.attempt(content)


def test_the_same_seed_makes_the_same_inputs():
    target = TARGETS["expressions"]
    first, again = ([target.renew(b"a + b", Random(seed)) for seed in range(20)] for _ in range(2))

    assert first == again


def test_what_is_raised_is_kept_once_with_the_shortest_input(tmp_path):
    def fail(content: bytes) -> None:
        if b"x" in content:
            raise KeyError(content)

    attempt = Attempt(fail, tmp_path)
    for content in (b"good", b"xxxx", b"x", b"xxx"):
        attempt(content)

    (kept,) = Findings(tmp_path / "findings").all()
    assert kept.read_bytes() == b"x"
    assert "KeyError" in kept.with_suffix(".txt").read_text()
    assert Notebook(tmp_path / "notebook").attempts == 4


def test_a_wrong_answer_is_kept_beside_another(tmp_path):
    findings = Findings(tmp_path)
    for words in ("written twice", "no FEEL value"):
        findings.keep_error(Wrong(words), words.encode())

    assert len(findings.all()) == 2


def test_what_takes_too_long_is_wrong():
    with pytest.raises(Wrong, match="slow"), in_time(-1.0):
        raise FeelError("refused, but late")


def test_an_input_during_which_the_process_dies_is_known(tmp_path):
    notebook = Notebook(tmp_path / "notebook")
    notebook.begin(b"deadly")

    assert Notebook(tmp_path / "notebook").running()[1] == b"deadly"
    notebook.end()
    assert Notebook(tmp_path / "notebook").running() is None
