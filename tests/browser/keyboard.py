"""A person without a mouse: Tab, Space, arrows, Enter and typing. Wherever the focus goes, it must be to be seen."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from playwright.sync_api import Page

WHERE = """() => {
  const active = document.activeElement;
  const label = active.matches("input[type=radio], input[type=checkbox]") ? active.labels[0] : null;
  const drawn = label ? getComputedStyle(label, "::before") : getComputedStyle(active);
  const marks = [drawn.backgroundColor, drawn.boxShadow, drawn.borderColor];
  if (drawn.outlineStyle !== "none") marks.push(drawn.outlineColor);
  const uncovered = (box) => {
    const there = document.elementFromPoint(
      (box.left + box.right) / 2, (Math.max(box.top, 0) + Math.min(box.bottom, innerHeight)) / 2);
    return active.contains(there) || Boolean(label?.contains(there));
  };
  return {
    id: active.id,
    type: active.type ?? "",
    value: active.value ?? "",
    somewhere: active !== document.body,
    words: active.textContent.replace(/\\s+/g, " ").trim(),
    marked: marks.some((mark) => mark.includes("rgb(255, 221, 0)")),
    uncovered: [...active.getClientRects()].some(uncovered),
  };
}"""
"""What has the focus; whether it is marked in the focus colour, and in the window with nothing over it."""


@dataclass
class Keyboard:
    """The keys of one window. Nothing here knows where a control is: it is reached or it is not."""

    page: Page

    def tab_to(self, wanted: str) -> dict[str, Any]:
        """Press Tab until the control with this id or these words has the focus, unless it has it already."""
        passed: list[str] = []
        focus = self.focus()
        while wanted not in (focus["id"], focus["words"]):
            self.press("Tab")
            focus = self.focus()
            assert focus["somewhere"], f"Tab does not lead to {wanted}, only to {passed}"
            assert focus["marked"], f"nobody sees that this has the focus: {focus}"
            assert focus["uncovered"], f"this has the focus out of sight: {focus}"
            passed.append(focus["id"] or focus["words"])
        return focus

    def focus(self) -> dict[str, Any]:
        """What has the focus now."""
        found: dict[str, Any] = self.page.evaluate(WHERE)
        return found

    def press(self, key: str) -> None:
        """One key."""
        self.page.keyboard.press(key)

    def type(self, text: str) -> None:
        """Into what has the focus."""
        self.page.keyboard.type(text)

    def follow(self, wanted: str) -> None:
        """Go to a link or button and press Enter; the next page is there afterwards."""
        self.tab_to(wanted)
        with self.page.expect_navigation():
            self.press("Enter")

    def write(self, answers: Mapping[str, Any], prefix: str = "") -> None:
        """Answer questions, in the order in which they stand on the page."""
        for key, value in answers.items():
            name = f"{prefix}{key}"
            if isinstance(value, list) and isinstance(value[0], Mapping):
                for index, row in enumerate(value):
                    self.write(row, f"{name}-{index}-")
            elif isinstance(value, list):
                self._tick(name, value)
            elif key in DATES:
                self._type_date(name, date.fromisoformat(value))
            else:
                self._answer(name, value)

    def _answer(self, name: str, value: str) -> None:
        kind = self.tab_to(name)["type"]
        if kind not in ("radio", "select-one"):
            self.type(value)
            return
        if kind == "radio":
            self.press("Space")
        while self.focus()["value"] != value:
            before = self.focus()["value"]
            self.press("ArrowDown")
            assert self.focus()["value"] != before, f"the arrows do not lead to {value!r}"

    def _tick(self, name: str, values: list[str]) -> None:
        for index, value in enumerate(values):
            box = self.tab_to(name if index == 0 else f"{name}-{index + 1}")
            assert box["value"] == value
            self.press("Space")

    def _type_date(self, name: str, day: date) -> None:
        for part in ("day", "month", "year"):
            self.tab_to(f"{name}-{part}")
            self.type(str(getattr(day, part)))


DATES = frozenset({"raisedOn", "meetingOn", "due"})
"""The questions of the walk that are answered with a date."""
