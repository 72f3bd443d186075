"""Built-in functions on contexts, and those that work on a value of any kind. Paths are not here."""

from __future__ import annotations

from typing import Any

from service.feel.absent import Absent
from service.feel.compare import identical
from service.feel.registry import builtin
from service.feel.runtime import Evaluation
from service.feel.values import in_words


@builtin("not(negand: boolean|null)")
def negated(negand: bool | None) -> bool | None:
    """True for false and false for true."""
    return None if negand is None else not negand


@builtin("is(value1: any, value2: any)", with_evaluation=True)
def is_same(evaluation: Evaluation, value1: Any, value2: Any) -> bool:
    """Whether both are the same in kind, value, offset and zone."""
    return identical(value1, value2, evaluation.step)


@builtin("get or else(value: any, default: any)")
def get_or_else(value: Any, default: Any) -> Any:
    """The value, or the default when it is null."""
    return default if value is None else value


@builtin("get value(m: context, key: string)")
def get_value(m: dict[str, Any], key: str) -> Any:
    """The entry of that name, or null."""
    if key not in m:
        raise Absent(f"the context has no entry “{key}”")
    return m[key]


@builtin("get value(context: context, keys: list)")
def get_nested_value(context: dict[str, Any], keys: list[Any]) -> Any:
    """The entry at the end of a path of names, or null."""
    value: Any = context
    if not keys:
        raise Absent("the list of keys is empty")
    for key in keys:
        if not isinstance(key, str):
            raise Absent(f"“keys” must hold texts, not {in_words(key)}")
        if not isinstance(value, dict) or key not in value:
            raise Absent(f"there is no entry “{key}”")
        value = value[key]
    return value


@builtin("get entries(m: context)")
def get_entries(m: dict[str, Any]) -> list[Any]:
    """A list of contexts with `key` and `value`."""
    return [{"key": key, "value": value} for key, value in m.items()]


@builtin("context(entries: list)")
def context(entries: list[Any]) -> dict[str, Any]:
    """A context made of a list of contexts with `key` and `value`."""
    made: dict[str, Any] = {}
    for entry in entries:
        if not isinstance(entry, dict) or not isinstance(entry.get("key"), str) or "value" not in entry:
            raise Absent("every entry needs a text as “key” and a “value”")
        if entry["key"] in made:
            raise Absent(f"the key “{entry['key']}” stands there twice")
        made[entry["key"]] = entry["value"]
    return made


@builtin("context put(context: context, key: string, value: any)")
def context_put(context: dict[str, Any], key: str, value: Any) -> dict[str, Any]:
    """The context with one entry added or replaced."""
    return {**context, key: value}


@builtin("context put(context: context, keys: list, value: any)")
def context_put_nested(context: dict[str, Any], keys: list[Any], value: Any) -> dict[str, Any]:
    """The context with the entry at the end of a path of names added or replaced."""
    if not keys:
        raise Absent("the list of keys is empty")
    if not isinstance(keys[0], str):
        raise Absent(f"“keys” must hold texts, not {in_words(keys[0])}")
    if len(keys) == 1:
        return {**context, keys[0]: value}
    inner = context.get(keys[0])
    if not isinstance(inner, dict):
        raise Absent(f"the entry “{keys[0]}” is no context")
    return {**context, keys[0]: context_put_nested(inner, keys[1:], value)}


@builtin("context merge(contexts: list)")
def context_merge(contexts: list[Any]) -> dict[str, Any]:
    """One context of all entries; the last of a name wins."""
    merged: dict[str, Any] = {}
    for part in contexts:
        if not isinstance(part, dict):
            raise Absent(f"the list holds {in_words(part)}, which is no context")
        merged.update(part)
    return merged
