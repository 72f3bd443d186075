"""`towpath rulebook`: what must be put right is listed; what is right is published once, by two people."""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.cli.conftest import Installation

PUBLISH = ("--author", "gm-east", "--approver", "gm-west", "--note", "One level is enough.")


def test_a_rule_book_that_is_right_is_said_to_be(demo: Installation, rule_book: Path) -> None:
    assert "The rule book is in order" in demo.words("rulebook", "check", str(rule_book))


def test_it_is_checked_without_any_database(empty: Installation, rule_book: Path) -> None:
    assert "The rule book is in order" in empty.words("rulebook", "check", str(rule_book))


def test_everything_that_is_wrong_is_listed_with_its_place(demo: Installation, rule_book: Path) -> None:
    edit(rule_book / "sign-off.bpmn", 'formId="sign-off"', 'formId="sing-off"')
    edit(rule_book / "closure/closure.bpmn", 'value="closure-start-guards"', 'value="no-such-guard"')
    told = demo.complaint("rulebook", "check", str(rule_book))
    assert "2 things to put right in the rule book" in told
    assert "sign-off.bpmn, sign: There is no form “sing-off”." in told
    assert "no-such-guard" in told


def test_a_file_that_cannot_be_read_is_named(demo: Installation, rule_book: Path) -> None:
    (rule_book / "closure/closure.bpmn").write_text("<bpmn:definitions>")
    assert "closure/closure.bpmn" in demo.complaint("rulebook", "check", str(rule_book))


def test_a_scenario_that_goes_otherwise_is_a_thing_to_put_right(demo: Installation, rule_book: Path) -> None:
    scenarios = rule_book / "closure/scenarios"
    scenarios.mkdir()
    (scenarios / "wrong.json").write_text(
        '{"name": "Wrong", "authority": "demo", "case": "K-107", "starts": "2027-01-04T09:30:00+00:00",'
        ' "steps": [{"event": {"type": "closure-proposed"}, "expect": {"caseStatus": "closed"}}]}'
    )
    assert "closure/scenarios/wrong.json, step 1" in demo.complaint("rulebook", "check", str(rule_book))
    assert "in order" in demo.words("rulebook", "check", "--no-scenarios", str(rule_book))


def test_a_change_is_published_once(demo: Installation, rule_book: Path) -> None:
    edit(rule_book / "settings.json", '"value": 2', '"value": 1')
    told = demo.words("rulebook", "publish", str(rule_book), *PUBLISH, "--effective-from", "2027-03-01")
    assert "Published as release 2, in force from 01 March 2027." in told
    assert "is release 2 already" in demo.complaint("rulebook", "publish", str(rule_book), *PUBLISH)


@pytest.mark.parametrize("approver", ["gm-east", " GM-EAST "])
def test_the_author_does_not_approve(demo: Installation, rule_book: Path, approver: str) -> None:
    told = demo.complaint(
        "rulebook", "publish", str(rule_book), "--author", "gm-east", "--approver", approver, "--note", "Mine."
    )
    assert "must not be the person who wrote it" in told
    assert "Cleared by: Somebody other than the author" in told


def test_what_is_wrong_is_not_published(demo: Installation, rule_book: Path) -> None:
    edit(rule_book / "sign-off.bpmn", 'formId="sign-off"', 'formId="sing-off"')
    assert "sing-off" in demo.complaint("rulebook", "publish", str(rule_book), *PUBLISH)


def edit(file: Path, old: str, new: str) -> None:
    """Change one place in a file."""
    text = file.read_text()
    assert old in text
    file.write_text(text.replace(old, new, 1))
