"""Rules that are added, deleted, moved and copied on a sheet: the file has them so, and nothing else changes."""

from __future__ import annotations

import re

import pytest

from service.decisions import load
from service.decisions.spreadsheet.elements import Elements
from service.decisions.spreadsheet.parts import Document
from tests.decisions.tables import dmn, table
from tests.decisions.workbooks import LEGAL, Open, replaced, without_new_ids

NEW_RULE = """
      <dmn:rule id="NEW">
        <dmn:description>Ours</dmn:description>
        <dmn:inputEntry id="NEW">
          <dmn:text>&lt; 12</dmn:text>
        </dmn:inputEntry>
        <dmn:inputEntry id="NEW">
          <dmn:text>-</dmn:text>
        </dmn:inputEntry>
        <dmn:outputEntry id="NEW">
          <dmn:text>"head"</dmn:text>
        </dmn:outputEntry>
      </dmn:rule>"""
RULES = re.findall(rb"\n(?: *<!-- the[^\n]*\n)? *<dmn:rule.*?</dmn:rule>", LEGAL, re.DOTALL)


class TestARule:
    @pytest.mark.parametrize("place", [1, 2, 3, 4])
    def test_that_is_added_is_written_like_its_neighbours(self, place) -> None:
        book = Open()
        book.sheet.insert_rows(9 + place)
        book.write(place, [None, None, "< 12", "", '"head"', "Ours"])
        returned = book.back()
        expected = LEGAL.replace(
            b"".join(RULES), b"".join([*RULES[: place - 1], NEW_RULE.encode(), *RULES[place - 1 :]])
        )
        assert without_new_ids(returned.dmn) == expected
        assert returned.changes == (f'Who signs, rule {place}: new (< 12 | "head" | Ours)',)

    def test_that_is_added_has_ids_of_its_own(self) -> None:
        book = Open()
        for place in (4, 5):
            book.write(place, [None, None, "< 12", "-", '"head"'])
        ids = re.findall(rb' id="([^"]*)"', book.back().dmn)
        assert len(ids) == len(set(ids)) == len(re.findall(rb' id="', LEGAL)) + 8

    def test_that_is_added_never_has_an_id_that_is_there(self) -> None:
        first = Elements(Document(LEGAL, "a.dmn"), "seed").fresh_id("rule")
        taken = Elements(Document(replaced(LEGAL, ('"rest"', f'"{first}"')), "a.dmn"), "seed")
        assert taken.fresh_id("rule") != first

    def test_that_is_added_below_an_empty_line_is_a_rule(self) -> None:
        book = Open()
        book.write(6, [None, None, "< 12", "-", '"head"', "Ours"])
        assert without_new_ids(book.back().dmn) == LEGAL.replace(RULES[2], RULES[2] + NEW_RULE.encode())

    def test_that_is_deleted_goes_alone(self) -> None:
        book = Open()
        book.sheet.delete_rows(11)
        returned = book.back()
        assert returned.dmn == LEGAL.replace(RULES[1].partition(b"-->")[2], b"")
        assert returned.changes == ('Who signs, rule 2: gone ([16..18) | "manager")',)

    def test_that_is_wiped_is_deleted(self) -> None:
        book = Open()
        book.write(3, ["[rule 3]", 3, None, None, None, None])
        assert book.back().dmn == LEGAL.replace(RULES[2], b"")

    def test_that_is_moved_takes_its_comment_along(self) -> None:
        book = Open()
        rows = [book.row(rule) for rule in (2, 3, 1)]
        for rule, row in enumerate(rows, start=1):
            book.write(rule, row)
        returned = book.back()
        assert returned.dmn == LEGAL.replace(b"".join(RULES), RULES[1] + RULES[2] + RULES[0])
        assert returned.changes == ("Who signs, rule 1: moved, now rule 3",)

    def test_that_is_copied_is_a_new_one_and_the_original_keeps_its_id(self) -> None:
        book = Open()
        book.write(4, book.row(3))
        book.write(3, [*book.row(1)[:2], "< 12", "-", '"head"', "Ours"])
        returned = book.back()
        expected = LEGAL.replace(RULES[1] + RULES[2], RULES[1] + NEW_RULE.encode() + RULES[2])
        assert without_new_ids(returned.dmn) == expected

    def test_that_is_found_without_its_mark_by_what_it_says(self) -> None:
        book = Open()
        for rule in (1, 2, 3):
            book.sheet.cell(9 + rule, 1).value = None
        book.cell(2, "Age").value = "[16..17]"
        returned = book.back()
        assert [words.partition(" (")[0] for words in returned.changes] == [
            "Who signs, rule 2: gone",
            "Who signs, rule 2: new",
        ]
        assert RULES[0] in returned.dmn
        assert RULES[2] in returned.dmn

    def test_is_known_again_when_only_the_visible_cells_were_sorted(self) -> None:
        book = Open()
        rows = [book.row(rule)[2:] for rule in (2, 3, 1)]
        for rule, row in enumerate(rows, start=1):
            book.write(rule, [f"[rule {rule}]", rule, *row])
        assert book.back().dmn == LEGAL.replace(b"".join(RULES), RULES[1] + RULES[2] + RULES[0])

    def test_is_changed_and_moved_at_once(self) -> None:
        book = Open()
        first, second = book.row(1), book.row(2)
        book.write(1, [*second[:2], "[17..18)", *second[3:]])
        book.write(2, first)
        returned = book.back()
        assert returned.dmn == replaced(
            LEGAL.replace(RULES[0] + RULES[1], RULES[1] + RULES[0]), ("[16..18)", "[17..18)")
        )
        assert load({"a": returned.dmn}).decide("who", {"Age": 17, "Legal status": "CLA"}).result == "manager"

    def test_may_be_the_first_of_its_table(self) -> None:
        book = Open(dmn(table([], outputs=("x",))))
        book.write(1, [None, None, "> 1", "2", "why"])
        assert b'<output id="out1" name="x"></output>' + (
            b'<rule id="NEW"><description>why</description><inputEntry id="NEW"><text>&gt; 1</text></inputEntry>'
            b'<outputEntry id="NEW"><text>2</text></outputEntry></rule></decisionTable>'
        ) in without_new_ids(book.back().dmn)

    def test_may_be_the_first_in_a_table_of_several_lines(self) -> None:
        empty = LEGAL.replace(b"".join(RULES), b"")
        book = Open(empty)
        book.write(1, [None, None, "< 12", "", '"head"', "Ours"])
        assert without_new_ids(book.back().dmn) == LEGAL.replace(b"".join(RULES), NEW_RULE.encode())

    def test_may_all_be_gone(self) -> None:
        book = Open()
        book.sheet.delete_rows(10, 3)
        kept = b"\n      <!-- the youngest first --><!-- then the others -->"
        assert re.sub(rb"\s+<!-- then", b"<!-- then", book.back().dmn) == LEGAL.replace(b"".join(RULES), kept)


def test_a_sheet_without_its_hidden_column_is_read_by_its_words() -> None:
    book = Open()
    for row in range(1, 13):
        book.sheet.cell(row, 1).value = None
    book.cell(1, "Age").value = "< 14"
    returned = book.back()
    assert [words.partition(" (")[0] for words in returned.changes] == [
        "Who signs, rule 1: gone",
        "Who signs, rule 1: new",
    ]
    assert RULES[1] + RULES[2] in returned.dmn
