"""Versions of what two people can change, as HTTP carries them: `ETag` out, `If-Match` in. Keeping them is not here."""

from __future__ import annotations

import re

from werkzeug.exceptions import PreconditionFailed, PreconditionRequired

_TAG = re.compile(r'"(\d{1,18})"', re.ASCII)

IF_MATCH = {
    "name": "If-Match",
    "in": "header",
    "required": True,
    "description": 'The `ETag` of the draft you read, in its quotation marks; `"0"` when there is none yet. `*` saves '
    "over whatever is there.",
    "schema": {"type": "string"},
}
IF_MATCH_OPTIONAL = {
    **IF_MATCH,
    "required": False,
    "description": "The `ETag` of the draft you read, to be sure that nobody has saved a newer one meanwhile.",
}


def etag_of(version: int) -> str:
    """Version 3 is `"3"`, quotation marks included."""
    return f'"{version}"'


def version_asked(if_match: str | None) -> int | None:
    """The version that `If-Match` asks for; None for `*` and for no header. Raises PreconditionFailed for any other."""
    if if_match is None or if_match.strip() == "*":
        return None
    found = _TAG.fullmatch(if_match.strip())
    if found is None:
        raise PreconditionFailed("`If-Match` is not the `ETag` of any version of this draft.")
    return int(found[1])


def version_required(if_match: str | None) -> int | None:
    """As `version_asked`. Raises PreconditionRequired when there is no header."""
    if if_match is None:
        raise PreconditionRequired("Send the header `If-Match` with the `ETag` of the draft you read.")
    return version_asked(if_match)
