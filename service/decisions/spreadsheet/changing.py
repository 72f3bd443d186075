"""A plan carried out on the elements of a file. What should change, and whether it may, was decided before."""

from __future__ import annotations

from collections.abc import Sequence

from service.decisions.spreadsheet.elements import Elements
from service.decisions.spreadsheet.parts import Part
from service.decisions.spreadsheet.planning import Plan
from service.decisions.spreadsheet.tables import Column, Kind, Row, entries_of

_CLAUSES: dict[Kind, str] = {"condition": "input", "conclusion": "output", "annotation": "annotation"}
_ENTRIES: dict[Kind, str] = {"condition": "inputEntry", "conclusion": "outputEntry", "annotation": "annotationEntry"}
_BEFORE: dict[str, tuple[str, ...]] = {
    "input": ("description", "extensionElements"),
    "output": ("description", "extensionElements", "input"),
    "annotation": ("input", "output"),
    "rule": ("input", "output", "annotation"),
    "inputEntry": ("description", "extensionElements"),
    "outputEntry": ("description", "extensionElements", "inputEntry"),
    "annotationEntry": ("inputEntry", "outputEntry"),
    "inputExpression": ("description", "extensionElements"),
    "inputValues": ("description", "extensionElements", "inputExpression"),
    "outputValues": ("description", "extensionElements"),
    "defaultOutputEntry": ("description", "extensionElements", "outputValues"),
}
"""What stands before an element of each kind, by DMN's schema."""


class Changing:
    """One table being changed."""

    def __init__(self, table: Part, plan: Plan, elements: Elements) -> None:
        self._table = table
        self._plan = plan
        self._elements = elements
        self._annotations = len(table.parts("annotation"))
        self._clauses: list[Part | None] = [*table.parts("input"), *table.parts("output"), None]
        self._clauses += table.parts("annotation")

    def carry_out(self) -> None:
        """Change the table. What stands last is changed first, so that every new element finds its place."""
        if self._plan.before == self._plan.after and self._is_in_order():
            return
        self._change_rules()
        for kind in ("annotation", "conclusion", "condition"):
            self._change_columns(kind)
        if self._plan.before.hit_policy != self._plan.after.hit_policy:
            before, after = (_policy(table.hit_policy) for table in (self._plan.before, self._plan.after))
            for name, old, new in zip(("hitPolicy", "aggregation"), before, after, strict=True):
                if old != new:
                    self._table.set_attribute(name, new or None)

    def _is_in_order(self) -> bool:
        return all(
            list(origins) == list(range(len(things)))
            for origins, things in (
                (self._plan.columns, self._plan.before.columns),
                (self._plan.rows, self._plan.before.rows),
            )
        )

    def _change_rules(self) -> None:
        rules = self._table.parts("rule")
        # All that is looked at in neighbours is looked at before anything is changed.
        new: list[Part | str] = [
            rules[origin] if origin is not None else self._new_rule(row, self._neighbour(place, rules))
            for place, (origin, row) in enumerate(zip(self._plan.rows, self._plan.after.rows, strict=True))
        ]
        for origin, row in zip(self._plan.rows, self._plan.after.rows, strict=True):
            if origin is not None:
                self._change_rule(rules[origin], self._plan.before.rows[origin], row)
        self._table.resequence(rules, new, self._last(self._table, "rule"))

    def _neighbour(self, place: int, rules: Sequence[Part]) -> Part | None:
        """The rule that a new one is written like: the one above, else the one below, else any there was."""
        above = [origin for origin in self._plan.rows[:place] if origin is not None]
        below = [origin for origin in self._plan.rows[place:] if origin is not None]
        if above or below:
            return rules[above[-1] if above else below[0]]
        return rules[0] if rules else None

    def _change_rule(self, rule: Part, before: Row, after: Row) -> None:
        entries = entries_of(rule, self._annotations)
        for kind in ("annotation", "conclusion", "condition"):
            new: list[Part | str] = []
            missing: list[Part | str] = []
            for place in self._places(kind):
                origin, text = self._plan.columns[place], after[place]
                entry = None if origin is None else entries[origin]
                if entry is None:
                    lead = self._elements.lead_inside(rule, _ENTRIES[kind])
                    like = next(iter(rule.parts(_ENTRIES[kind])), None)
                    missing.append(self._elements.holder(rule, _ENTRIES[kind], text, lead, like))
                    # A rule may have fewer annotations than there are columns.
                    if kind == "annotation" and not text:
                        continue
                else:
                    if origin is not None and text != before[origin]:
                        self._set_held(entry, text)
                    missing.append(entry)
                new += missing
                missing = []
            if kind == "annotation":
                # More notes than there are columns for: no sheet shows them, so they stay.
                new += rule.parts("annotationEntry")[self._annotations :]
            rule.resequence(rule.parts(_ENTRIES[kind]), new, self._last(rule, _ENTRIES[kind]))
        (place,) = self._places("description")
        origin = self._plan.columns[place]
        if origin is not None and after[place] != before[origin]:
            self._describe(rule, after[place])

    def _describe(self, rule: Part, text: str) -> None:
        description = rule.part("description")
        if description is not None and text:
            description.set_text(text)
        elif description is not None:
            rule.resequence([description], [], None)
        else:
            rule.add(self._description(rule, text, self._elements.lead_inside(rule)), None)

    def _new_rule(self, row: Row, like: Part | None) -> str:
        table = self._table
        lead = like.lead() if like else self._elements.lead_inside(table)
        inner, close = self._elements.spaces(lead, like)
        written: list[str] = []
        for kind in ("condition", "conclusion", "description", "annotation"):
            texts = [row[place] for place in self._places(kind)]
            if kind == "description":
                if texts[0]:
                    written.insert(0, self._description(table, texts[0], inner))
                continue
            while kind == "annotation" and texts and not texts[-1]:
                texts.pop()
            beside = next(iter(like.parts(_ENTRIES[kind])), None) if like else None
            written += [
                self._elements.holder(like or table, _ENTRIES[kind], text, beside.lead() if beside else inner, beside)
                for text in texts
            ]
        return self._elements.element(table, "rule", "".join(written) + close, lead, like, {})

    def _description(self, parent: Part, text: str, lead: str) -> str:
        return f"{lead}<{parent.prefix}description>{self._elements.text(parent, text)}</{parent.prefix}description>"

    def _change_columns(self, kind: Kind) -> None:
        tag = _CLAUSES[kind]
        old = self._table.parts(tag)
        new: list[Part | str] = []
        for place in self._places(kind):
            origin, column = self._plan.columns[place], self._plan.after.columns[place]
            clause = None if origin is None else self._clauses[origin]
            if clause is None or origin is None:
                new.append(self._new_clause(tag, column, old[-1] if old else None))
            else:
                self._change_clause(clause, self._plan.before.columns[origin], column)
                new.append(clause)
        self._table.resequence(old, new, self._last(self._table, tag))

    def _change_clause(self, clause: Part, before: Column, after: Column) -> None:
        if after.label != before.label:
            clause.set_attribute("name" if after.kind == "annotation" else "label", after.label or None)
        if after.kind == "conclusion":
            if after.expression != before.expression:
                clause.set_attribute("name", after.expression or None)
            if after.type != before.type:
                clause.set_attribute("typeRef", after.type or None)
            self._hold(clause, "outputValues", before.allowed, after.allowed)
            self._hold(clause, "defaultOutputEntry", before.default, after.default)
        if after.kind == "condition":
            self._hold(clause, "inputExpression", before.expression, after.expression)
            expression = clause.part("inputExpression")
            if after.type != before.type and expression is not None:
                expression.set_attribute("typeRef", after.type or None)
            self._hold(clause, "inputValues", before.allowed, after.allowed)

    def _hold(self, clause: Part, tag: str, before: str, after: str) -> None:
        """Let a child hold another text; without text there is no such child."""
        if after == before:
            return
        held = clause.part(tag)
        if held is not None and after:
            self._set_held(held, after)
        elif held is not None:
            clause.resequence([held], [], None)
        else:
            after_part = self._last(clause, tag)
            like = clause.part("inputExpression")
            clause.add(self._elements.holder(clause, tag, after, self._elements.lead_inside(clause), like), after_part)

    def _set_held(self, holder: Part, text: str) -> None:
        inner = holder.part("text")
        if inner is not None:
            inner.set_text(text)
            return
        lead = self._elements.lead_inside(holder)
        holder.add(f"{lead}<{holder.prefix}text>{self._elements.text(holder, text)}</{holder.prefix}text>", None)

    def _new_clause(self, tag: str, column: Column, like: Part | None) -> str:
        table, elements = self._table, self._elements
        lead = like.lead() if like else self._elements.lead_inside(table, tag)
        label = {"label": column.label} if column.label else {}
        if tag == "annotation":
            return elements.element(table, tag, "", lead, like, {"name": column.label} if label else {})
        inner, close = elements.spaces(lead, like)
        typed = {"typeRef": column.type} if column.type else {}
        beside = like.part("inputExpression") if like else None
        held = [("outputValues", column.allowed), ("defaultOutputEntry", column.default)]
        named = {"name": column.expression} if column.expression else {}
        attributes = {**label, **named, **typed}
        written = ""
        if tag == "input":
            held, attributes = [("inputValues", column.allowed)], label
            around = like or table
            written = elements.holder(around, "inputExpression", column.expression, inner, beside, **typed)
        written += "".join(elements.holder(like or table, name, text, inner, beside) for name, text in held if text)
        return elements.element(table, tag, written + (close if written else ""), lead, like, attributes)

    def _places(self, kind: Kind) -> list[int]:
        return [place for place, column in enumerate(self._plan.after.columns) if column.kind == kind]

    @staticmethod
    def _last(parent: Part, tag: str) -> Part | None:
        """The last element inside that stands before elements of this kind."""
        found = parent.parts(*_BEFORE[tag])
        return found[-1] if found else None


def _policy(hit_policy: str) -> tuple[str, str]:
    """Hit policy and aggregation, which a sheet shows as one."""
    policy, _, aggregation = hit_policy.rpartition(" ")
    return (policy, aggregation) if aggregation in ("SUM", "MIN", "MAX", "COUNT") else (hit_policy, "")
