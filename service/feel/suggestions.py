"""What an unknown name may have meant. Whether a name is known is asked elsewhere."""

from __future__ import annotations

import re
from difflib import get_close_matches
from functools import lru_cache

from service.feel.tokens import KEYWORDS

_SMALL = KEYWORDS | {"not", "of"}
_CONSTANTS = frozenset({"true", "false", "null"})
_NOTHING = frozenset({"none", "nil", "undefined", "nothing"})
_DURATION = re.compile(r"-?P(?:\d+[YMWD])*(?:T(?:\d+[HMS])+)?")
_LONGEST = 60


def about_name(name: str) -> str:
    """What the name may have meant; empty when it looks like any other."""
    words = name.split()
    for word in words:
        small = word.lower()
        if small in _SMALL and word != small and (len(words) > 1 or small in _CONSTANTS):
            return f"“{small}” is written in small letters"
    if name.lower() in _NOTHING:
        return "what is not there is written null"
    if words[1:] and words[-1] == "not":
        return "“not in” is written not(x in …)"
    if "instanceof" in words[1:]:
        return "it is written in two words: instance of"
    if "mod" in words[1:-1]:
        return "what a division leaves is modulo(a, b)"
    if _DURATION.fullmatch(name) and len(name) > 1:
        return f'a duration is written @"{name}"'
    return ""


@lru_cache(maxsize=1024)
def about_function(name: str, known: frozenset[str]) -> str:
    """Which known function may be meant; empty when none is like it."""
    if len(name) > _LONGEST:
        return ""
    by_small = {function.lower(): function for function in known}
    close = get_close_matches(name.lower(), by_small, n=1, cutoff=0.8)
    return f"perhaps “{by_small[close[0]]}” is meant" if close else ""
