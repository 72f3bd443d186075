"""The functions that the standard names. `now` and `today` are not among them: the caller knows the time."""

from service.feel.builtins import contexts, conversion, dates, lists, numbers, range_text, ranges, statistics, strings
from service.feel.registry import BUILTINS

__all__ = [
    "BUILTINS",
    "contexts",
    "conversion",
    "dates",
    "lists",
    "numbers",
    "range_text",
    "ranges",
    "statistics",
    "strings",
]
