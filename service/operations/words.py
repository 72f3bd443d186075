"""Moments in words, in the time of the place where the children live. What is said about them is elsewhere."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

LOCAL = ZoneInfo("Europe/London")
"""Ages and dates are the child's, not the server's."""


def moment_words(at: datetime) -> str:
    """Such as "4 January 2027 at 9:30am", as the pages write it too."""
    local = at.astimezone(LOCAL)
    return f"{local.day} {local:%B %Y} at {local.hour % 12 or 12}:{local:%M}{'am' if local.hour < 12 else 'pm'}"
