"""Values, tests and findings in FEEL and in words, for process owners. What is found is decided elsewhere."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import groupby

from service.decisions.coverage.dimensions import Line
from service.decisions.coverage.findings import Coverage, Region, RuleRef
from service.decisions.coverage.scales import Segment
from service.feel import YearsMonthsDuration
from service.feel.writing import write_literal

_OTHER_TEXT = "any text that the column does not name"


def sentences(coverage: Coverage) -> list[str]:
    """One sentence for each finding, with the file, the decision, the rules and the example."""
    found: list[str] = [
        *(finding.words for finding in coverage.overlaps),
        *(finding.words for finding in coverage.gaps),
        *(finding.words for finding in coverage.unreachable),
        *(finding.words for finding in coverage.unanswered),
        *(finding.words for finding in coverage.unanalysed),
        *coverage.unfinished,
    ]
    if coverage.more_gaps:
        found.append("There are more gaps than are listed here.")
    certain = sum(overlap.certain for overlap in coverage.overlaps)
    if coverage.overlap_count > certain:
        found.append(f"{coverage.overlap_count - certain} more pairs of rules overlap.")
    return [f"{coverage.place}: {words}" for words in found]


def rules_in_words(rules: Sequence[RuleRef]) -> str:
    """`rule 3`, `rules 1, 4 and 5`."""
    numbers = [str(rule.number) for rule in rules]
    return f"rule {numbers[0]}" if len(numbers) == 1 else f"rules {', '.join(numbers[:-1])} and {numbers[-1]}"


def sentence_about(region: Region, what: str) -> str:
    """`Age 15, Legal status "CIN": no rule matches.`"""
    others = ", whatever the other inputs" if region.others else ""
    where = f"{region.words}{others}" if region.words else "Whatever the inputs"
    doubt = " and ".join(f"“{label}”" for label in region.correlated)
    return f"{where}: {what}." + (f" It may not occur, as {doubt} read the same facts." if doubt else "")


def test_of(line: Line, numbers: Sequence[int]) -> str:
    """The test that the segments of these numbers pass, in order, and none of the others."""
    if line.scale is not None:
        return ", ".join(_interval(first, last) for first, last in _stretches(line, numbers))
    chosen = [line.segments[number] for number in numbers]
    if all(segment.point for segment in chosen):
        return ", ".join(write_literal(segment.example) for segment in chosen)
    left_out = [write_literal(s.example) for number, s in enumerate(line.segments) if s.point and number not in numbers]
    return f"not({', '.join(left_out)})" if left_out else "-"


def _stretches(line: Line, numbers: Sequence[int]) -> Iterator[tuple[Segment, Segment]]:
    """The first and last segment of each stretch without a hole."""
    for _, group in groupby(enumerate(numbers), key=lambda pair: pair[1] - pair[0]):
        stretch = [number for _, number in group]
        yield line.segments[stretch[0]], line.segments[stretch[-1]]


def _interval(first: Segment, last: Segment) -> str:
    if first.low is None and last.high is None:
        return "-"
    if first.low is None:
        return f"{'<=' if last.closed else '<'} {write_literal(last.high)}"
    if last.high is None:
        return f"{'>=' if first.closed else '>'} {write_literal(first.low)}"
    if first.low == last.high:
        return write_literal(first.low)
    opening, closing = "[" if first.closed else "(", "]" if last.closed else ")"
    return f"{opening}{write_literal(first.low)}..{write_literal(last.high)}{closing}"


def value_in_words(segment: Segment, *, exactly: bool) -> str:
    """The example of a segment as a person would say it; `exactly` when it does not stand for the others."""
    value = segment.example
    if isinstance(value, str) and not segment.point and not exactly:
        return _OTHER_TEXT
    if isinstance(value, datetime):
        return f"{_day(value)} at {_clock(value)}" + (" UTC" if value.tzinfo else "")
    if isinstance(value, date):
        return _day(value)
    if isinstance(value, time):
        return _clock(value)
    if isinstance(value, timedelta):
        return _counted(_parts_of(value))
    if isinstance(value, YearsMonthsDuration):
        years, months = divmod(abs(value.months), 12)
        return ("minus " if value.months < 0 else "") + _counted([(years, "year"), (months, "month")])
    return write_literal(value)


def _day(value: date) -> str:
    return f"{value.day} {value:%B} {value.year}"


def _clock(value: time | datetime) -> str:
    return f"{value:%H:%M:%S}" if value.second else f"{value:%H:%M}"


def _parts_of(length: timedelta) -> list[tuple[float, str]]:
    if length < timedelta(0):
        return [(-number, unit) if number else (number, unit) for number, unit in _parts_of(-length)]
    minutes, seconds = divmod(length.seconds, 60)
    exact = seconds + length.microseconds / 10**6 if length.microseconds else seconds
    return [(length.days, "day"), (minutes // 60, "hour"), (minutes % 60, "minute"), (exact, "second")]


def _counted(parts: Sequence[tuple[float, str]]) -> str:
    said = [f"{number} {unit}" if abs(number) == 1 else f"{number} {unit}s" for number, unit in parts if number]
    return " ".join(said) or f"0 {parts[-1][1]}s"
