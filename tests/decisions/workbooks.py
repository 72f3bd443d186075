"""Workbooks as a process owner has them open: cells found by what people see. No tests are here."""

from __future__ import annotations

import re
from io import BytesIO

import pytest
from openpyxl import load_workbook

from service.decisions.spreadsheet import from_workbook, to_workbook
from service.domain.errors import Invalid
from tests.decisions.tables import DMN_13

HEADINGS = {"kind": 4, "label": 5, "expression": 6, "type": 7, "allowed": 8, "default": 9}
FIRST_RULE = 10
SEEN = ("case",)

LEGAL = f"""<?xml version="1.0" encoding="UTF-8"?>
<!-- kept by the service -->
<dmn:definitions xmlns:dmn="{DMN_13}" xmlns:own="http://example.org/own" id="d" name="D" namespace="http://example.org/d">
  <dmn:inputData id="i1" name="Age"><dmn:variable name="Age" typeRef="number" /></dmn:inputData>
  <dmn:inputData id="i2" name="Legal status"><dmn:variable name="Legal status" typeRef="string"/></dmn:inputData>
  <dmn:decision id="who" name="Who signs" own:colour="blue">
    <dmn:decisionTable id="who_table" hitPolicy="FIRST">
      <dmn:input id="in_1" label="Age">
        <dmn:inputExpression id="in_1_x" typeRef="number">
          <dmn:text>Age</dmn:text>
        </dmn:inputExpression>
      </dmn:input>
      <dmn:input id="in_2" label="Legal status">
        <dmn:inputExpression id="in_2_x" typeRef="string">
          <dmn:text>Legal status</dmn:text>
        </dmn:inputExpression>
        <dmn:inputValues id="in_2_v">
          <dmn:text>"CIN","CP","CLA"</dmn:text>
        </dmn:inputValues>
      </dmn:input>
      <dmn:output id="out_1" label="Level" name="level" typeRef="string" />
      <!-- the youngest first -->
      <dmn:rule id="young" own:weight="7">
        <dmn:description>Young &amp; looked after</dmn:description>
        <dmn:inputEntry id="young_1" own:seen='a>b'>
          <dmn:text>&lt; 16</dmn:text>
        </dmn:inputEntry>
        <dmn:inputEntry id="young_2">
          <dmn:text><![CDATA["CLA"]]></dmn:text>
        </dmn:inputEntry>
        <dmn:outputEntry id="young_3">
          <dmn:text>"head"</dmn:text>
        </dmn:outputEntry>
      </dmn:rule>
      <!-- then the others -->
      <dmn:rule id="older">
        <dmn:inputEntry id="older_1">
          <dmn:text>[16..18)</dmn:text>
        </dmn:inputEntry>
        <dmn:inputEntry id="older_2">
          <dmn:text>-</dmn:text>
        </dmn:inputEntry>
        <dmn:outputEntry id="older_3">
          <dmn:text>"manager"</dmn:text>
        </dmn:outputEntry>
      </dmn:rule>
      <dmn:rule id="rest">
        <dmn:inputEntry id="rest_1">
          <dmn:text></dmn:text>
        </dmn:inputEntry>
        <dmn:inputEntry id="rest_2">
          <dmn:text/>
        </dmn:inputEntry>
        <dmn:outputEntry id="rest_3">
          <dmn:text>"team"</dmn:text>
        </dmn:outputEntry>
      </dmn:rule>
    </dmn:decisionTable>
  </dmn:decision>
  <own:diagram><own:box x='1'   y="2"/></own:diagram>
</dmn:definitions>
<!-- the end -->
""".encode()
"""One table, with all that a sheet does not show."""


class Open:
    """A workbook somebody works in."""

    def __init__(self, dmn=LEGAL, name="legal.dmn"):
        self.dmn = dmn
        self.book = load_workbook(BytesIO(to_workbook(name, dmn)))
        self.sheet = self.book.worksheets[0]

    def column(self, label):
        """The number of the column with that label."""
        labels = [self.sheet.cell(HEADINGS["label"], number).value for number in range(1, self.sheet.max_column + 1)]
        return labels.index(label) + 1

    def heading(self, heading, label):
        """A cell above the rules."""
        return self.sheet.cell(HEADINGS[heading], self.column(label))

    def cell(self, rule, label):
        """The cell of a rule, the first being 1."""
        return self.sheet.cell(FIRST_RULE - 1 + rule, self.column(label))

    def row(self, rule):
        """All values of a rule's row, its mark among them."""
        return [cell.value for cell in self.sheet[FIRST_RULE - 1 + rule]]

    def write(self, rule, values):
        """Write a whole row."""
        for number, value in enumerate(values, start=1):
            self.sheet.cell(FIRST_RULE - 1 + rule, number).value = value

    def insert_column(self, at, **texts):
        """A new column before column `at`, with these headings and, as `rules`, these cells."""
        self.sheet.insert_cols(at)
        for rule, value in enumerate(texts.pop("rules", ()), start=1):
            self.sheet.cell(FIRST_RULE - 1 + rule, at).value = value
        for heading, text in texts.items():
            self.sheet.cell(HEADINGS[heading], at).value = text

    def saved(self):
        """The file, as another program would save it."""
        written = BytesIO()
        self.book.save(written)
        return written.getvalue()

    def back(self, **options):
        """What comes back of it."""
        return from_workbook(self.saved(), names=SEEN, **options)

    def complaints(self):
        """What is wrong with it, by place, as one text."""
        with pytest.raises(Invalid) as refused:
            self.back()
        return "\n".join(
            f"{place}: {message}" for place, messages in refused.value.fields.items() for message in messages
        )


def replaced(dmn, *pairs):
    """A file with exactly these places changed, each of which it has once."""
    for old, new in pairs:
        assert dmn.count(old.encode()) == 1, (dmn.count(old.encode()), old)
        dmn = dmn.replace(old.encode(), new.encode())
    return dmn


def without_new_ids(dmn):
    """A file in which the ids that were made up are `NEW`."""
    pattern = rb'"(?:DecisionRule|UnaryTests|LiteralExpression|InputClause|OutputClause)_[0-9a-f]{7}"'
    return re.sub(pattern, b'"NEW"', dmn)
