"""Built-in functions that make or search lists. Sums and averages are in `statistics.py`."""

from __future__ import annotations

from decimal import Decimal
from functools import cmp_to_key
from typing import Any

from service.feel.absent import Absent
from service.feel.builtins.positions import length_of, place_of
from service.feel.calling import invoke
from service.feel.compare import equal, order
from service.feel.registry import builtin
from service.feel.runtime import Evaluation, is_function
from service.feel.values import in_words


@builtin("list contains(list: list, element: any)", with_evaluation=True)
def list_contains(evaluation: Evaluation, items: list[Any], element: Any) -> bool:
    """Whether the element is in the list; null can be."""
    evaluation.step(len(items))
    return any(equal(item, element, evaluation.step) is True for item in items)


@builtin("count(list: list)")
def count(items: list[Any]) -> int:
    """How many items, nulls too."""
    return len(items)


@builtin("sublist(list: list, start position: number, length: number?)")
def sublist(items: list[Any], start_position: Decimal, length: Decimal | None = None) -> list[Any]:
    """Items from a position, counted from 1 or, when negative, from the end."""
    first = place_of(start_position, len(items), "list")
    return items[first:] if length is None else items[first : first + length_of(length, len(items) - first)]


@builtin("append(list: list, item: any...)")
def append(items: list[Any], more: list[Any]) -> list[Any]:
    """The list with items after it."""
    return [*items, *more]


@builtin("concatenate(list: list...)")
def concatenate(lists: list[list[Any]]) -> list[Any]:
    """The items of several lists in one."""
    return [item for part in lists for item in part]


@builtin("insert before(list: list, position: number, newItem: any)")
def insert_before(items: list[Any], position: Decimal, new_item: Any) -> list[Any]:
    """The list with an item put in at a position."""
    index = place_of(position, len(items), "list")
    return [*items[:index], new_item, *items[index:]]


@builtin("remove(list: list, position: number)")
def remove(items: list[Any], position: Decimal) -> list[Any]:
    """The list without the item at a position."""
    index = place_of(position, len(items), "list")
    return [*items[:index], *items[index + 1 :]]


@builtin("list replace(list: list, position: number, newItem: any)")
def list_replace(items: list[Any], position: Decimal, new_item: Any) -> list[Any]:
    """The list with another item at a position."""
    index = place_of(position, len(items), "list")
    return [*items[:index], new_item, *items[index + 1 :]]


@builtin("list replace(list: list, match: function, newItem: any)", with_evaluation=True)
def list_replace_matching(evaluation: Evaluation, items: list[Any], match: Any, new_item: Any) -> list[Any]:
    """The list with another item wherever `match(item, newItem)` is true."""
    return [new_item if _agreed(evaluation, match, item, new_item) else item for item in items]


def _agreed(evaluation: Evaluation, function: Any, left: Any, right: Any) -> bool:
    answer = invoke(evaluation, function, [left, right])
    if not isinstance(answer, bool):
        raise Absent(f"the function answered {in_words(answer)}, not true or false")
    return answer


@builtin("reverse(list: list)")
def reverse(items: list[Any]) -> list[Any]:
    """The list backwards."""
    return items[::-1]


@builtin("index of(list: list, match: any)", with_evaluation=True)
def index_of(evaluation: Evaluation, items: list[Any], match: Any) -> list[Any]:
    """The positions, from 1, of every item equal to the match."""
    evaluation.step(len(items))
    return [Decimal(place) for place, item in enumerate(items, start=1) if equal(item, match, evaluation.step) is True]


@builtin("union(list: list...)", with_evaluation=True)
def union(evaluation: Evaluation, lists: list[list[Any]]) -> list[Any]:
    """The items of several lists, each once."""
    return distinct_values(evaluation, concatenate(lists))


@builtin("distinct values(list: list)", with_evaluation=True)
def distinct_values(evaluation: Evaluation, items: list[Any]) -> list[Any]:
    """Each item once, in order of first appearance."""
    kept: list[Any] = []
    for item in items:
        evaluation.step(len(kept))
        if not any(equal(item, other, evaluation.step) is True for other in kept):
            kept.append(item)
    return kept


@builtin("duplicate values(list: list)", with_evaluation=True)
def duplicate_values(evaluation: Evaluation, items: list[Any]) -> list[Any]:
    """Each item that appears more than once, once."""
    evaluation.step(len(items) * len(items))
    repeated = [item for item in items if sum(equal(item, other, evaluation.step) is True for other in items) > 1]
    return distinct_values(evaluation, repeated)


@builtin("flatten(list: list)", with_evaluation=True)
def flatten(evaluation: Evaluation, items: list[Any]) -> list[Any]:
    """The list with no list inside it: items of items stand in their place."""
    flat: list[Any] = []
    rest = items[::-1]
    while rest:
        evaluation.step()
        item = rest.pop()
        if isinstance(item, list):
            rest.extend(reversed(item))
        else:
            flat.append(item)
    return flat


@builtin("sort(list: list, precedes: function?)", with_evaluation=True)
def sort(evaluation: Evaluation, items: list[Any], precedes: Any = None) -> list[Any]:
    """The list in order; `precedes(a, b)` says whether a comes first. Equal items keep their order."""

    def compared(left: Any, right: Any) -> int:
        evaluation.step()
        if is_function(precedes):
            return -_agreed(evaluation, precedes, left, right) or int(_agreed(evaluation, precedes, right, left))
        difference = order(left, right)
        if difference is None:
            raise Absent(f"{in_words(left)} and {in_words(right)} have no order")
        return difference

    return sorted(items, key=cmp_to_key(compared))


@builtin("is empty(list: list)")
def is_empty(items: list[Any]) -> bool:
    """Whether the list has no item."""
    return not items


@builtin("partition(list: list, size: number)")
def partition(items: list[Any], size: Decimal) -> list[Any]:
    """The list cut into lists of a size; the last may be shorter."""
    if size < 1:
        raise Absent("the size must be at least 1")
    step = int(min(size, Decimal(len(items) or 1)))
    return [items[start : start + step] for start in range(0, len(items), step)]
