"""When leased work is free to be claimed. Claiming each kind is beside its table."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_


def free(leased_until: Any, now: datetime, lease: timedelta) -> ColumnElement[bool]:
    """Nobody holds it. `lease` is the longest that anybody may: one that ends later was given under a clock that has
    been put back since, and would otherwise hold the work up for as long as the clock was wrong.
    """
    return or_(leased_until.is_(None), leased_until <= now, leased_until > now + lease)
