"""States as earlier versions of Towpath wrote them, made into those of today. What today's mean is in `state.py`.

Version 1 gave every token an id and named parents by it, wrote the root too, and kept the workflows inside beside the
tokens:

    {"v": 1, "p": process id, "i": {"s": scope key, "d": variables, "t": tokens, "n": {id of a token: workflow}}}

A token was [id, id of its parent or null, name of its spec, state, internal data or absent].
"""

from __future__ import annotations

from typing import Any


def from_version_1(kept: dict[str, Any]) -> dict[str, Any]:
    """The state in the shape of version 2. Raises KeyError, TypeError or ValueError when it is damaged."""
    return {"v": 2, "p": kept["p"], "i": _workflow_from_version_1(kept["i"])}


def _workflow_from_version_1(json: dict[str, Any]) -> dict[str, Any]:
    inside = json.get("n", {})
    numbers: dict[str, int] = {}
    root: dict[str, Any] = {}
    rows: list[list[Any]] = []
    for token_id, parent_id, name, state, *internal in json["t"]:
        numbers[token_id] = len(numbers)
        if parent_id is None:
            root = internal[0] if internal else {}
            continue
        row = [name, state, numbers[parent_id]]
        if internal or token_id in inside or state < _ENDED:
            row += [token_id, internal[0] if internal else {}]
        if token_id in inside:
            row.append(_workflow_from_version_1(inside[token_id]))
        rows.append(row)
    return {"s": json["s"], "d": json["d"], "t": rows, "r": root}


_ENDED = 64
"""States from here on are those of a token that has ended."""
