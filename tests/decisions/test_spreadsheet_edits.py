"""What somebody changes in a cell is changed in the decision file where it stands, and nothing else is. Rules and
columns that come and go are elsewhere."""

from __future__ import annotations

import codecs

import pytest

from service.decisions import load
from service.decisions.spreadsheet import from_workbook, to_workbook
from service.domain.errors import Conflict
from tests.decisions.tables import dmn, table
from tests.decisions.workbooks import HEADINGS, LEGAL, Open, replaced


class TestACell:
    def test_that_is_changed_is_changed_alone(self) -> None:
        book = Open()
        book.cell(1, "Age").value = "< 14"
        returned = book.back()
        assert returned.dmn == replaced(LEGAL, ("&lt; 16", "&lt; 14"))
        assert returned.changes == ("Who signs, rule 1, Age: `< 16` became `< 14`",)

    def test_keeps_its_character_data(self) -> None:
        book = Open()
        book.cell(1, "Legal status").value = '"CP", "CIN"'
        assert book.back().dmn == replaced(LEGAL, ('["CLA"]', '["CP", "CIN"]'))

    def test_that_was_empty_is_filled(self) -> None:
        book = Open()
        book.cell(3, "Age").value = "> 30"
        book.cell(3, "Legal status").value = '"CP"'
        assert book.back().dmn == replaced(
            LEGAL,
            ('"rest_1">\n          <dmn:text></dmn:text>', '"rest_1">\n          <dmn:text>&gt; 30</dmn:text>'),
            ("<dmn:text/>", '<dmn:text>"CP"</dmn:text>'),
        )

    @pytest.mark.parametrize("empty", ["", None, "   "])
    def test_that_is_emptied_lets_everything_pass(self, empty) -> None:
        book = Open()
        book.cell(1, "Age").value = empty
        assert book.back().dmn == replaced(LEGAL, ("&lt; 16", "-"))

    def test_that_let_everything_pass_stays_when_it_is_emptied(self) -> None:
        book = Open()
        book.cell(2, "Legal status").value = None
        assert book.back().dmn == LEGAL

    def test_keeps_the_space_around_its_text(self) -> None:
        spaced = replaced(LEGAL, ("&lt; 16", "\n\t&lt; 16 "))
        book = Open(spaced)
        book.cell(1, "Age").value = "< 14"
        assert book.back().dmn == replaced(spaced, ("&lt; 16", "&lt; 14"))

    def test_keeps_the_comments_in_it(self) -> None:
        noted = replaced(LEGAL, ("&lt; 16", "&lt; 16<!-- <why> -->"))
        book = Open(noted)
        book.cell(1, "Age").value = "< 14"
        assert book.back().dmn == replaced(noted, ("&lt; 16", "&lt; 14"))

    def test_of_several_lines_has_the_line_ends_of_its_file(self) -> None:
        windows = LEGAL.replace(b"\n", b"\r\n")
        book = Open(windows)
        book.cell(1, "Description").value = "One\r\ntwo & three"
        assert book.back().dmn == replaced(windows, ("Young &amp; looked after", "One\r\ntwo &amp; three"))

    def test_is_written_in_the_encoding_of_its_file(self) -> None:
        latin = LEGAL.decode().replace("UTF-8", "ISO-8859-1").encode("latin-1")
        book = Open(latin)
        book.cell(1, "Description").value = "Jünger “ja”"
        expected = latin.decode("latin-1").replace("Young &amp; looked after", "Jünger &#8220;ja&#8221;")
        assert book.back().dmn == expected.encode("latin-1")

    def test_is_changed_in_a_file_of_sixteen_bits(self) -> None:
        wide = codecs.BOM_UTF16_BE + LEGAL.decode().replace("UTF-8", "UTF-16").encode("utf-16-be")
        book = Open(wide)
        book.cell(1, "Age").value = "< 14"
        assert book.back().dmn == wide.replace("&lt; 16".encode("utf-16-be"), "&lt; 14".encode("utf-16-be"))

    def test_may_hold_what_looks_like_a_formula(self) -> None:
        book = Open(dmn(table(["1 => 1"])))
        cell = book.cell(1, "n")
        cell.value, cell.data_type = "= 2", "s"
        assert b"<text>= 2</text>" in book.back().dmn

    def test_may_hold_what_looks_like_an_escape(self) -> None:
        book = Open()
        book.cell(1, "Description").value = "_x005F_x0041_ B_x000D_"
        assert book.back().dmn == replaced(LEGAL, ("Young &amp; looked after", "_x0041_ B"))


class TestADescription:
    def test_is_added_to_a_rule(self) -> None:
        book = Open()
        book.cell(2, "Description").value = "S1 §6a"
        assert book.back().dmn == replaced(
            LEGAL,
            ('<dmn:rule id="older">', '<dmn:rule id="older">\n        <dmn:description>S1 §6a</dmn:description>'),
        )

    def test_is_taken_away(self) -> None:
        book = Open()
        book.cell(1, "Description").value = None
        assert book.back().dmn == replaced(
            LEGAL, ("\n        <dmn:description>Young &amp; looked after</dmn:description>", "")
        )

    def test_may_stand_beside_annotations(self) -> None:
        noted = dmn(
            table(["1 => 1", "2 => 2"]).replace("<rule", '<annotation name="Source"/><annotation name="By"/><rule', 1)
        )
        book = Open(noted)
        book.cell(2, "By").value = "us"
        book.cell(1, "Source").value = "law"
        old = "<outputEntry><text>{}</text></outputEntry>"
        note = "<annotationEntry><text>{}</text></annotationEntry>"
        notes = (note.format("law"), note.format("") + note.format("us"))
        returned = book.back()
        assert returned.dmn == replaced(noted, *((old.format(n), old.format(n) + notes[n - 1]) for n in (1, 2)))
        assert load({"a": returned.dmn}).decide("choose", {"n": 2}).matched[0].annotations == ("us",)


class TestTheFileAsItIsNow:
    def test_is_changed_in_place_when_its_tables_are_the_same(self) -> None:
        book = Open()
        book.cell(1, "Age").value = "< 14"
        drawn = replaced(LEGAL, ("x='1'", "x='99'"), ("<!-- the end -->", ""))
        assert book.back(onto=drawn).dmn == replaced(drawn, ("&lt; 16", "&lt; 14"))

    def test_is_refused_when_a_table_in_it_has_changed(self) -> None:
        book = Open()
        book.cell(1, "Age").value = "< 14"
        with pytest.raises(Conflict, match=r"The tables of legal\.dmn were changed since"):
            book.back(onto=replaced(LEGAL, ("[16..18)", "[16..19)")))

    def test_is_given_back_as_it_is_when_nothing_was_changed(self) -> None:
        drawn = replaced(LEGAL, ("x='1'", "x='99'"))
        assert from_workbook(to_workbook("legal.dmn", LEGAL), onto=drawn).dmn == drawn


def test_notes_that_no_column_is_for_stay() -> None:
    note = "<annotationEntry><text>{}</text></annotationEntry>"
    noted = dmn(
        table(["1 => 1"])
        .replace("<rule", '<annotation name="Source"/><rule', 1)
        .replace("</rule>", f"{note.format('a')}{note.format('b')}</rule>")
    )
    book = Open(noted)
    book.cell(1, "Source").value = "c"
    assert book.back().dmn == replaced(noted, (note.format("a"), note.format("c")))


def test_several_sheets_are_changed_at_once() -> None:
    content = dmn(table(["1 => 1"], decision_id="one"), table(["2 => 2"], decision_id="two"))
    book = Open(content)
    book.book.move_sheet("two", -1)
    book.book["two"]["C10"].value = 22
    book.book["one"]["D10"].value = 11
    book.book["one"].title = "Renamed"
    returned = book.back()
    assert returned.dmn == replaced(
        content,
        ("<inputEntry><text>2", "<inputEntry><text>22"),
        ("<outputEntry><text>1", "<outputEntry><text>11"),
    )
    assert returned.changes == ("one, rule 1, result: `1` became `11`", "two, rule 1, n: `2` became `22`")


def test_hidden_and_filtered_rows_are_rules_like_others() -> None:
    book = Open()
    book.sheet.row_dimensions[11].hidden = True
    book.sheet.auto_filter.ref = "B9:F12"
    assert book.back().dmn == LEGAL


def test_rows_above_may_be_inserted_and_the_name_of_a_heading_retyped() -> None:
    book = Open()
    book.sheet.insert_rows(2, 2)
    book.sheet.cell(HEADINGS["label"] + 2, 2).value = "Names"
    assert book.back().dmn == LEGAL


def test_the_same_workbook_gives_the_same_file() -> None:
    book = Open()
    book.write(4, [None, None, "< 12", "-", '"head"', "Ours"])
    assert book.back().dmn == book.back().dmn
