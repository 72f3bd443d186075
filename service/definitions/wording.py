"""The words of a wrong answer, in the style of GOV.UK error messages. Finding it wrong is in `schemas.py`."""

from __future__ import annotations

from datetime import date

from service.definitions.fields import CHOSEN, Field

UNKNOWN = "This form has no such question"


def name_of(field: Field) -> str:
    """What a sentence calls the field: its property `errorName`, else its label, else its key."""
    return (field.properties.get("errorName") or field.label or field.key).strip().rstrip(":")


def inside(name: str) -> str:
    """The name as it stands inside a sentence: `Child's views` -> `child's views`, but `CIN code` stays."""
    return name[:1].lower() + name[1:] if name[1:2].islower() or name[1:2] == " " else name


def sentence(field: Field, rest: str) -> str:
    """`Child's views must be 2000 characters or fewer`, from the name and the rest of the sentence."""
    name = name_of(field)
    if name.endswith("?"):
        return f"The answer to “{name}” {rest}"
    return f"{name[:1].upper()}{name[1:]} {rest}"


def missing(field: Field) -> str:
    """What to do about a required field that was left blank; the form's own words win."""
    own = field.properties.get("errorRequired") or field.required_message
    if own:
        return own
    name = name_of(field)
    if field.kind == "checkbox":
        return f"Confirm: {name}"
    verb = "Select" if field.kind in CHOSEN else "Enter"
    return f"{verb} an answer to “{name}”" if name.endswith("?") else f"{verb} {with_article(inside(name))}"


def with_article(name: str) -> str:
    """`the child's views` from `child's views`; a name that brings its own determiner keeps it."""
    first = name.split(" ", 1)[0].lower().strip("“\"'(")
    return name if first in _DETERMINERS else f"the {name}"


def not_an_option(field: Field) -> str:
    """What to do about an answer that is not among the options."""
    own = field.properties.get("errorOption")
    return own or f"Select one of the options given for “{field.label or field.key}”"


def wrong_format(field: Field) -> str:
    """What to do about text that does not fit the pattern; the form's own words win: a pattern explains nothing."""
    return field.properties.get("errorPattern") or sentence(field, "is not in the right format")


def day(iso: str) -> str:
    """`4 January 2027` from ISO text; a time of day stays as it is."""
    try:
        read = date.fromisoformat(iso[:10])
    except ValueError:
        return iso
    return f"{read.day} {read:%B} {read.year}"


def in_row(message: str, number: int) -> str:
    """The message, saying in which row of a list, counted from 1."""
    return f"{message} (row {number})"


_DETERMINERS = frozenset(
    [
        "a",
        "an",
        "the",
        "this",
        "that",
        "these",
        "those",
        "your",
        "his",
        "her",
        "their",
        "its",
        "our",
        "who",
        "what",
        "when",
        "where",
        "why",
        "how",
        "which",
        "whether",
        "any",
        "all",
        "each",
        "every",
        "no",
        "one",
    ]
)
"""A name that begins so takes no further article."""
