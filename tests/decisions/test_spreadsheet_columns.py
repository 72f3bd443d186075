"""Headings that are changed on a sheet, and columns that come and go: the file follows."""

from __future__ import annotations

import re

import pytest

from service.decisions import load
from tests.decisions.workbooks import LEGAL, Open, replaced, without_new_ids


class TestAHeading:
    @pytest.mark.parametrize(
        ("heading", "label", "text", "pairs"),
        [
            ("label", "Age", 'Age & "more"', [('label="Age"', 'label="Age &amp; &quot;more&quot;"')]),
            ("label", "Age", None, [('<dmn:input id="in_1" label="Age">', '<dmn:input id="in_1">')]),
            ("label", "Level", "Who", [('label="Level"', 'label="Who"')]),
            ("expression", "Age", "Age + 1", [("<dmn:text>Age</dmn:text>", "<dmn:text>Age + 1</dmn:text>")]),
            ("expression", "Level", "who", [('name="level"', 'name="who"')]),
            ("type", "Level", "Any", [('name="level" typeRef="string"', 'name="level" typeRef="Any"')]),
            ("type", "Age", None, [('id="in_1_x" typeRef="number"', 'id="in_1_x"')]),
            ("allowed", "Legal status", '"CIN","CP","CLA","CE"', [('"CLA"</dmn', '"CLA","CE"</dmn')]),
            (
                "allowed",
                "Legal status",
                None,
                [
                    (
                        '\n        <dmn:inputValues id="in_2_v">\n          <dmn:text>"CIN","CP","CLA"</dmn:text>\n'
                        "        </dmn:inputValues>",
                        "",
                    )
                ],
            ),
            (
                "default",
                "Level",
                '"nobody"',
                [
                    (
                        'name="level" typeRef="string" />',
                        'name="level" typeRef="string">\n        <dmn:defaultOutputEntry id="NEW">\n'
                        '          <dmn:text>"nobody"</dmn:text>\n        </dmn:defaultOutputEntry>\n'
                        "      </dmn:output>",
                    )
                ],
            ),
        ],
    )  # fmt: skip
    def test_is_changed(self, heading, label, text, pairs) -> None:
        book = Open()
        book.heading(heading, label).value = text
        returned = book.back()
        assert without_new_ids(returned.dmn) == replaced(LEGAL, *pairs)
        assert len(returned.changes) == 1

    @pytest.mark.parametrize(
        ("policy", "pair"),
        [
            ("Hit policy: UNIQUE", ('hitPolicy="FIRST"', 'hitPolicy="UNIQUE"')),
            ("any", ('hitPolicy="FIRST"', 'hitPolicy="ANY"')),
            ("Hit policy: COLLECT COUNT", ('hitPolicy="FIRST"', 'hitPolicy="COLLECT" aggregation="COUNT"')),
        ],
    )
    def test_of_the_hit_policy_is_changed(self, policy, pair) -> None:
        book = Open()
        book.sheet["B3"].value = policy
        assert book.back().dmn == replaced(LEGAL, pair)

    def test_may_give_a_hit_policy_where_the_file_has_none(self) -> None:
        unsaid = replaced(LEGAL, (' hitPolicy="FIRST"', ""))
        book = Open(unsaid)
        assert book.sheet["B3"].value == "Hit policy: UNIQUE"
        book.sheet["B3"].value = "Hit policy: ANY"
        assert book.back().dmn == replaced(unsaid, ('id="who_table"', 'id="who_table" hitPolicy="ANY"'))


class TestAColumn:
    def test_of_conditions_is_added(self) -> None:
        book = Open()
        book.insert_column(4, label="Open", expression="case.open", type="boolean", rules=["true", None, "-"])
        returned = book.back()
        added = (
            '\n      <dmn:input id="NEW" label="Open">\n        <dmn:inputExpression id="NEW" typeRef="boolean">\n'
            "          <dmn:text>case.open</dmn:text>\n        </dmn:inputExpression>\n      </dmn:input>"
        )
        cell = '\n        <dmn:inputEntry id="NEW">\n          <dmn:text>{}</dmn:text>\n        </dmn:inputEntry>'
        assert without_new_ids(returned.dmn) == replaced(
            LEGAL,
            ('\n      <dmn:input id="in_2"', f'{added}\n      <dmn:input id="in_2"'),
            *(
                (
                    f'\n        <dmn:inputEntry id="{rule}_2">',
                    f'{cell.format(text)}\n        <dmn:inputEntry id="{rule}_2">',
                )
                for rule, text in (("young", "true"), ("older", "-"), ("rest", "-"))
            ),
        )
        assert returned.changes == ("Who signs, column Open: new",)

    def test_of_conclusions_is_added(self) -> None:
        book = Open()
        book.insert_column(6, kind="Conclusion", expression="days", type="number", allowed="[0..9]", rules=[1, 2, "3"])
        returned = book.back()
        decided = load({"a": returned.dmn}).decide("who", {"Age": 17, "Legal status": "CLA"})
        assert decided.result == {"level": "manager", "days": 2}
        assert without_new_ids(returned.dmn).count(b"NEW") == 5
        assert all(line in returned.dmn for line in LEGAL.splitlines())

    def test_of_annotations_is_added(self) -> None:
        book = Open()
        book.insert_column(7, kind="Annotation", label="Source", rules=["law", None, "ours"])
        returned = book.back()
        decided = load({"a": returned.dmn}).decide("who", {"Age": 20, "Legal status": "CP"})
        assert decided.matched[0].annotations == ("ours",)
        assert b'\n      <dmn:annotation name="Source" />\n' in returned.dmn

    def test_that_is_deleted_takes_its_cells_along(self) -> None:
        book = Open()
        book.sheet.delete_cols(3)
        returned = book.back()
        expected = re.sub(rb'\n      <dmn:input id="in_1".*?</dmn:input>', b"", LEGAL, flags=re.DOTALL)
        expected = re.sub(rb'\n        <dmn:inputEntry id="\w+_1".*?</dmn:inputEntry>', b"", expected, flags=re.DOTALL)
        assert returned.dmn == expected
        assert returned.changes == ("Who signs, column Age: gone",)

    def test_that_is_moved_takes_its_cells_along(self) -> None:
        book = Open()
        for row in book.sheet.iter_rows(min_col=3, max_col=4):
            row[0].value, row[1].value = row[1].value, row[0].value
        returned = book.back()
        assert returned.changes == ("Who signs, column Legal status: moved",)
        assert sorted(returned.dmn.splitlines()) == sorted(LEGAL.splitlines())
        columns = load({"a": returned.dmn}).decisions["who"].inputs
        assert [column.label for column in columns] == ["Legal status", "Age"]
        decided = load({"a": returned.dmn}).decide("who", {"Age": 15, "Legal status": "CLA"})
        assert decided.result == "head"
