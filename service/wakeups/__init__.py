"""How processes call each other to look for due work. A lost call loses no work: everybody also looks by themselves."""

from __future__ import annotations

from service.wakeups.bell import Bell
from service.wakeups.choosing import choose_wakeups

__all__ = ["Bell", "choose_wakeups"]
