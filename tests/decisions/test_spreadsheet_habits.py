"""What people do to sheets, and what Excel does to what they type: taken as it was meant where that is plain, refused
with the cell and the remedy where it is not."""

from __future__ import annotations

from datetime import date, datetime, time, timedelta

import pytest

from service.domain.errors import Invalid
from tests.decisions.tables import dmn, function, table
from tests.decisions.workbooks import LEGAL, Open, replaced

ANY = dmn(table(["1 => 1", "2 => 2"]), '<inputData id="n" name="n"/>')


class TestWhatExcelMakesOfTyping:
    @pytest.mark.parametrize(
        ("typed", "written"),
        [
            (18, "18"),
            (-7, "-7"),
            (0.1, "0.1"),
            (0.1 + 0.2, "0.3"),
            (1.1000000000000001, "1.1"),
            (1e3, "1000"),
            (1.5e-7, "0.00000015"),
            (True, "true"),
            (False, "false"),
            ("=TRUE()", "true"),
            (date(2027, 1, 4), 'date("2027-01-04")'),
            (datetime(2027, 1, 4), 'date("2027-01-04")'),
            (datetime(2027, 1, 4, 10, 30), 'date and time("2027-01-04T10:30:00")'),
            (time(10, 30), 'time("10:30:00")'),
            ('"_x0041_"', '"_x0041_"'),
            ('"_x005F_x0041_"', '"_x0041_"'),
            ("“CIN”", '"CIN"'),
            ("„CIN“, “CP”", '"CIN", "CP"'),
            ('"he said “no”"', '"he said “no”"'),
        ],
    )
    def test_becomes_feel(self, typed, written) -> None:
        book = Open(ANY)
        cell = book.cell(1, "n")
        formats = {True: "General", False: cell.number_format}
        cell.number_format = formats[not isinstance(typed, date | time)]
        cell.value = typed
        assert book.back().dmn == replaced(ANY, ("<inputEntry><text>1", f"<inputEntry><text>{written}"))

    def test_is_plain_words_in_a_description(self) -> None:
        book = Open()
        book.cell(1, "Description").value = date(2027, 1, 4)
        book.cell(2, "Description").value = 47
        book.cell(3, "Description").value = "“quoted”"
        dmn = book.back().dmn.decode()
        assert all(f"<dmn:description>{text}</dmn:description>" in dmn for text in ("2027-01-04", "47", "“quoted”"))

    @pytest.mark.parametrize(
        ("typed", "number_format", "complaint"),
        [
            (0.5, "0%", "It shows a percentage, and Excel keeps 0.5"),
            (1234567890123456, "0", "Excel keeps only 15 digits"),
            (timedelta(hours=2), "[h]:mm", 'Write it as text: duration("PT2H")'),
            ("=1+1", "General", "It holds a formula"),
            ("#REF!", "General", "It holds the error #REF!"),
            ("“CIN", "@", 'It has curly quotes. Write straight ones: "text"'),
            ("“he said ”no””", "@", "It has curly quotes"),
            ('"a", “b”', "@", "It has curly quotes"),
            ("_x0007_", "@", "a character that cannot be seen"),
        ],
    )
    def test_is_refused_where_it_is_not_plain(self, typed, number_format, complaint) -> None:
        book = Open(ANY)
        book.cell(1, "n").value = typed
        book.cell(1, "n").number_format = number_format
        assert complaint in book.complaints()
        assert book.complaints().startswith("choose, cell C10: ")


class TestACellThatMeansNothing:
    @pytest.mark.parametrize(
        ("label", "typed", "complaint"),
        [
            ("Legal status", "CIN", 'Nothing here is called “CIN”. If it is meant as text, write "CIN"'),
            ("Legal status", "CIN, CP", 'called “CIN”, “CP”. If it is meant as text, write "CIN", "CP"'),
            ("Legal status", "not(CIN)", "Nothing here is called “CIN”"),
            ("Legal status", '"CNI"', '"CNI" is not one of the allowed values of this column: "CIN","CP","CLA"'),
            ("Legal status", "18", "the number 18 is not of the type string, so the rule would never be right"),
            ("Legal status", "18", 'As text it is written "18"'),
            ("Legal status", "true", "the boolean true is not of the type string"),
            ("Age", '"18"', 'the text "18" is not of the type number'),
            ("Age", '< "18"', 'the text "18" is not of the type number'),
            ("Age", '["a".."b"]', 'the text "a" is not of the type number'),
            ("Age", "< 16 years", "of: < 16 years"),
            ("Age", "<", "of: <"),
            ("Age", "1,000", "A comma stands between two values"),
            ("Age", "0,5", "A comma stands between two values"),
            ("Age", "> 4/1/2027", "4/1/2027 is reckoned out as a sum"),
            ("Age", "2027-01-04", '2027-01-04 is reckoned out as a sum. A date is written date("2027-01-04")'),
            ("Age", datetime(2026, 5, 9), "a date is not of the type number"),
            ("Age", datetime(2026, 5, 9), "Excel makes a date of what looks like one, such as 5-9"),
            ("Age", '> date("2026-05-09")', "a date is not of the type number"),
            ("Age", "5-9", 'rule 1, column "Age": this is a difference of two numbers, -4; a range is written [5..9]'),
            ("Level", "4.1.27", "4.1.27"),
            ("Level", "head", 'Nothing here is called “head”. If it is meant as text, write "head"'),
            ("Level", "head of service", 'If it is meant as text, write "head of service"'),
            ("Level", 'the "head"', 'at character 5 of: the "head"'),
            ("Level", "3", "the number 3 is not of the type string"),
            ("Level", "1 + 2", "the number 3 is not of the type string"),
            ("Level", 'string(date("2027-13-45"))', "This comes to nothing (null)"),
            ("Level", None, "A rule needs a conclusion here. Write null if it should give nothing"),
        ],
    )  # fmt: skip
    def test_is_refused_with_the_remedy(self, label, typed, complaint) -> None:
        book = Open()
        book.cell(1, label).value = typed
        assert complaint in book.complaints()

    @pytest.mark.parametrize("typed", ["yes", "TRUE"])
    def test_is_told_of_the_two_truths(self, typed) -> None:
        book = Open()
        book.insert_column(4, label="Open", expression="case.open", type="boolean", rules=[typed])
        assert "cell D10: Nothing here is called" in (told := book.complaints())
        assert "Here stands true or false" in told

    def test_may_name_a_parameter_of_the_function_it_stands_in(self) -> None:
        inner = table(["1 => 1"]).partition(">")[2].partition("</decision>")[0]
        book = Open(dmn(function("", "n", "most children", logic=inner)))
        book.cell(1, "n").value = "<= most children"
        assert book.back().changes

    @pytest.mark.parametrize(
        ("label", "typed"),
        [
            ("Legal status", '"CIN", "CP"'),
            ("Legal status", 'not("CIN")'),
            ("Legal status", "case.legalStatus"),
            ("Legal status", 'starts with(?, "C")'),
            ("Legal status", "null"),
            ("Age", "-5"),
            ("Age", "[Age..30]"),
            ("Age", "1, 2, 3.5"),
            ("Age", "max(1,2)"),
            ("Level", '"4/1/2027, or 1,000"'),
            ("Level", 'string(date("2027-01-04"))'),
            ("Age", "count(case.people[role = kind]) > 1"),
            ("Level", "null"),
            ("Level", '"a" + Legal status'),
            ("Level", "for x in case.people return x"),
        ],
    )
    def test_is_told_from_one_that_does(self, label, typed) -> None:
        book = Open()
        book.cell(1, label).value = typed
        assert book.back().changes

    def test_is_looked_at_again_when_the_type_of_its_column_changes(self) -> None:
        book = Open()
        book.heading("type", "Age").value = "string"
        told = book.complaints()
        assert "Who signs, cell C10: Here the number 16 is not of the type string" in told
        assert "Who signs, cell C11: " in told

    def test_is_left_alone_when_it_was_so_before(self) -> None:
        strange = replaced(LEGAL, ('"manager"', "no such thing"), ("[16..18)", "CIN"))
        book = Open(strange)
        book.cell(1, "Age").value = "< 14"
        assert book.back().dmn == replaced(strange, ("&lt; 16", "&lt; 14"))

    def test_is_named_with_all_others_at_once(self) -> None:
        book = Open()
        book.cell(1, "Age").value = "< <"
        book.cell(2, "Level").value = "head"
        book.cell(3, "Legal status").value = "=A1"
        book.heading("type", "Level").value = "strnig"
        with pytest.raises(Invalid) as refused:
            book.back()
        places = ["Who signs, cell C10", "Who signs, cell D12", "Who signs, cell E11", "Who signs, cell E7"]
        assert sorted(refused.value.fields) == places


class TestASheet:
    @pytest.mark.parametrize(
        ("cell", "typed", "complaint"),
        [
            ("H10", "to be asked", "H10: This column has no heading, so it belongs to no rule"),
            ("G10", "to be asked", "G10: This column has no heading"),
            ("B2", "Who decides", "B2: The decision is called “Who signs”"),
            ("E3", "draft", "E3: This stands above the rules and belongs to nothing"),
            ("B3", "Hit policy: BEST", "B3: The hit policy must be one of UNIQUE, FIRST"),
            ("B3", None, "B3: The hit policy must be one of"),
            ("C9", "5", "C9: A column of this kind (condition) has nothing here"),
            ("F6", "note", "F6: A column of this kind (description) has nothing here"),
            ("F5", "Why", "F5: This column cannot have another label"),
            ("C4", "Conclusion", "C4: This column is a condition, and stays one"),
            ("C6", None, "C6: Say what this condition asks"),
            ("C6", "how old", "C6: Nothing here is called"),
            ("D8", '"CIN', "D8: "),
            ("E9", '"nobody', "E9: "),
            ("C7", "nubmer", "C7: There is no type “nubmer” here"),
            ("B11", 7, "B11: Rules count in the order of their rows. Move the row"),
        ],
    )
    def test_with_something_out_of_place_is_refused(self, cell, typed, complaint) -> None:
        book = Open()
        book.sheet[cell].value = typed
        assert f"Who signs, cell {complaint}" in book.complaints()

    def test_with_merged_cells_is_refused(self) -> None:
        book = Open()
        book.sheet.merge_cells("E10:E11")
        assert "Who signs, cells E10:E11: They are merged" in book.complaints()

    def test_without_its_headings_is_refused(self) -> None:
        book = Open()
        book.sheet.delete_rows(7)
        assert "These rows above the rules are missing: “Type”" in book.complaints()

    def test_with_a_rule_above_the_headings_is_refused(self) -> None:
        book = Open()
        book.sheet.insert_rows(3)
        for column, value in enumerate(["[rule 3]", 3, "-", "-", '"team"'], start=1):
            book.sheet.cell(3, column).value = value
        assert "cell C3: This stands above the rules" in book.complaints()

    def test_that_is_missing_is_asked_for(self) -> None:
        book = Open()
        book.book.create_sheet("Mine")
        del book.book["Who signs"]
        assert "Who signs, sheet: Its sheet is missing" in book.complaints()

    def test_that_is_copied_is_refused(self) -> None:
        book = Open()
        book.book.copy_worksheet(book.sheet)
        assert "It is a copy of the sheet “Who signs”" in book.complaints()

    def test_of_somebody_s_own_is_named_as_not_read(self) -> None:
        book = Open()
        book.book.create_sheet("Notes")["A1"].value = "to be asked"
        returned = book.back()
        assert (returned.dmn, returned.unread) == (LEGAL, ("Notes",))

    def test_without_a_description_column_is_refused_unless_it_was_empty(self) -> None:
        book = Open()
        book.sheet.delete_cols(6)
        assert "The column of descriptions is missing" in book.complaints()
        described = replaced(LEGAL, ("<dmn:description>Young &amp; looked after</dmn:description>", ""))
        book = Open(described)
        book.sheet.delete_cols(6)
        assert book.back().dmn == described

    def test_with_a_new_column_between_two_kinds_must_say_which_it_is(self) -> None:
        book = Open()
        book.insert_column(5, label="Open", expression="case.open")
        assert "cell E4: Say here what this column is: Condition, Conclusion or Annotation" in book.complaints()

    def test_with_a_new_conclusion_needs_it_in_every_rule(self) -> None:
        book = Open()
        book.insert_column(6, kind="Conclusion", expression="days", rules=[1, None, 3])
        assert "cell F11: A rule needs a conclusion here" in book.complaints()

    def test_with_two_conclusions_needs_their_names(self) -> None:
        book = Open()
        book.insert_column(6, kind="Conclusion", label="Days", rules=[1, 2, 3])
        assert "cell F6: Say under which name this conclusion is given" in book.complaints()

    def test_with_a_second_column_of_descriptions_is_refused(self) -> None:
        book = Open()
        book.insert_column(7, kind="Description", label="Description", rules=["a", "b", "c"])
        assert "cell G4: There is one column of descriptions" in book.complaints()


def test_what_would_be_wrong_for_the_whole_table_is_refused() -> None:
    book = Open()
    book.sheet["B3"].value = "Hit policy: PRIORITY"
    assert "PRIORITY needs output values to rank by" in book.complaints()


def test_a_table_cannot_lose_its_last_conclusion() -> None:
    book = Open()
    book.sheet.delete_cols(5)
    assert "The table has no output column" in book.complaints()
