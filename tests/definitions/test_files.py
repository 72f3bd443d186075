"""Reading a rule book from disk, and its content address."""

from __future__ import annotations

from pathlib import Path

import pytest

from service.definitions import files
from service.definitions.problem import BrokenRuleBook
from service.domain.errors import ModelError

BOOK = {"a/form.form": b"{}", "a/README.md": b"read me", "sign.bpmn": b"<x/>"}


def test_a_folder_is_read_with_relative_paths_in_order(folder: Path) -> None:
    (folder / "a-b").mkdir()
    (folder / "a-b" / "x.json").write_bytes(b"{}")
    assert list(files.read_directory(folder)) == ["a-b/x.json", "a/README.md", "a/form.form", "sign.bpmn"]


def test_pictures_and_hidden_files_are_no_part_of_it(folder: Path) -> None:
    (folder / "closure.png").write_bytes(b"png")
    (folder / ".git").mkdir()
    (folder / ".git" / "x.json").write_bytes(b"{}")
    assert files.read_directory(folder) == BOOK


def test_a_missing_folder_is_said(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=r"no rule book at .*nowhere"):
        files.read_directory(tmp_path / "nowhere")


def test_a_link_that_leads_out_is_refused(folder: Path, tmp_path: Path) -> None:
    (tmp_path / "outside.json").write_bytes(b"{}")
    (folder / "inside.json").symlink_to(tmp_path / "outside.json")
    with pytest.raises(BrokenRuleBook, match=r"inside\.json: It is not an ordinary file"):
        files.read_directory(folder)


def test_a_huge_file_is_refused_unread(folder: Path) -> None:
    (folder / "huge.dmn").write_bytes(b" " * (files.MAX_FILE_BYTES + 1))
    with pytest.raises(BrokenRuleBook, match=r"huge\.dmn: It is larger than 2,000,000 bytes"):
        files.read_directory(folder)


def test_a_file_of_the_largest_size_is_read() -> None:
    assert files.file_problems({"big.dmn": b" " * files.MAX_FILE_BYTES}) == []
    assert len(files.file_problems({"big.dmn": b" " * (files.MAX_FILE_BYTES + 1)})) == 1


def test_too_many_and_too_much_are_refused() -> None:
    assert len(files.file_problems({f"{n}.json": b"" for n in range(files.MAX_FILES + 1)})) == 1
    much = {f"{n}.json": b" " * files.MAX_FILE_BYTES for n in range(21)}
    assert ["40,000,000 bytes" in problem.message for problem in files.file_problems(much)] == [True]


@pytest.mark.parametrize("name", ["../up.json", "/etc/x.json", "a//b.json", "a\\b.json", "run.py"])
def test_a_page_cannot_smuggle_in_a_path(name: str) -> None:
    assert [problem.file for problem in files.file_problems({name: b"{}"})] == [name]


def test_the_address_changes_with_a_rule_and_not_with_prose() -> None:
    assert files.digest({**BOOK, "a/README.md": b"reworded"}) == files.digest(BOOK)
    assert files.digest({**BOOK, "sign.bpmn": b"<y/>"}) != files.digest(BOOK)


def test_the_address_does_not_hang_on_the_order_and_knows_the_name() -> None:
    assert files.digest(dict(reversed(BOOK.items()))) == files.digest(BOOK)
    assert files.digest({"a.bpmn": b"1", "b.bpmn": b"2"}) != files.digest({"a.bpmn": b"2", "b.bpmn": b"1"})


def test_every_file_has_its_own_address() -> None:
    assert files.file_digests(BOOK)["a/form.form"].startswith("44136fa355b3678a1146ad16f7e8649e")


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (b'{"a": 1, "a": 2}', 'the key "a" stands twice'),
        (b'{"a": NaN}', "NaN is not a number"),
        (b"{", "not good JSON"),
        (b"\xff", "not UTF-8"),
        (b"[" * 100_000, "nested too deeply"),
    ],
)
def test_bad_json_is_explained(content: bytes, says: str) -> None:
    with pytest.raises(ModelError, match=says) as caught:
        files.read_json("organisation.json", content)
    assert caught.value.file == "organisation.json"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    root = tmp_path / "book"
    for name, content in BOOK.items():
        (root / name).parent.mkdir(parents=True, exist_ok=True)
        (root / name).write_bytes(content)
    return root
