"""The words by which cases and kinds of user task are found. Which tasks have them is asked in `waiting.py`.

The words of a user task are those of its kind (its name and its pathway's: a rule book has some hundreds) and those of
its case (reference and label). So opening a task writes no words at all: a case's are written once, when it comes into
the register, and a kind is a column of the queue. That is why there is neither a tsvector with its GIN index on
PostgreSQL nor an FTS5 table on SQLite: each would be written with every task, for every key it waits for or not in its
queue's order, and they would be two solutions. This is one, a table of prefixes in a B-tree, on both.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from typing import Any

from sqlalchemy import Connection, ForeignKey, Index, Select, String, delete, event, func, insert, inspect, select, true
from sqlalchemy.orm import Mapped, Mapper, mapped_column

from service.store.cases import CaseRow
from service.store.tables import Base, db

LONGEST = 60
"""Characters of a word that are kept and looked for."""
KIND = 400
"""Characters of a kind that are kept: an index of PostgreSQL takes no row of more than 2,700 bytes."""
LAST = "\U0010ffff"
"""Sorts behind every character that a word can hold."""

Word = String(LONGEST).with_variant(String(LONGEST, collation="C"), "postgresql")
"""Sorted by code points on both databases, so that everything that begins alike stands together."""


class CaseWordRow(Base):
    """One word of a case's reference or label."""

    __tablename__ = "case_words"
    __table_args__ = (Index("ix_case_words_word", "word", "case_reference"),)

    case_reference: Mapped[str] = mapped_column(ForeignKey("cases.reference"), primary_key=True)
    word: Mapped[str] = mapped_column(Word, primary_key=True)


def words_asked(text: str) -> tuple[str, ...]:
    """What somebody typed as words to look for: without capitals and accents, each once, in order."""
    bare = "".join(char for char in unicodedata.normalize("NFKD", text.casefold()) if not unicodedata.combining(char))
    words = (re.sub(r"^\W+|\W+$", "", word)[:LONGEST] for word in bare.replace("\x00", " ").split())
    return tuple(dict.fromkeys(word for word in words if word))


def words_kept(text: str) -> tuple[str, ...]:
    """The words under which a text is found: as typed, and the parts of those with a hyphen or the like in them."""
    return tuple(dict.fromkeys(_with_parts(text)))


def kind_of(*names: str) -> str:
    """A kind of user task: the words of its names, to be kept beside each of its entries in the queue."""
    return " ".join(words_kept(" ".join(names)))[:KIND]


def begins_with(kind: str, word: str) -> bool:
    """Whether any word of a kind begins so."""
    return any(kept.startswith(word) for kept in kind.split(" "))


def cases_with(word: str, most: int) -> frozenset[str] | None:
    """The references of the cases that have a word beginning so; None when they may be more than `most`."""
    found = list(db.session.scalars(_having(word).limit(most + 1)))
    return frozenset(found) if len(found) <= most else None


def at_most_with(word: str, most: int) -> bool:
    """Whether no more cases than this have a word beginning so."""
    found = select(func.count()).select_from(_having(word).limit(most + 1).subquery())
    return (db.session.scalar(found) or 0) <= most


def is_gathered(reference: Any, word: str) -> Any:
    """The condition that the case of a row is one of all that have a word beginning so, which are gathered once."""
    # As a truth value and not as a mere condition: so it is no join, whose order would be a planner's to choose.
    return reference.in_(_having(word)).is_(true())


def has_word(reference: Any, word: str) -> Any:
    """The condition that the case of a row has a word beginning so; `reference` is the row's column."""
    # Not EXISTS: a planner may answer that by gathering all cases that have the word, and they are many.
    one = select(CaseWordRow.word).where(
        CaseWordRow.case_reference == reference, CaseWordRow.word >= word, CaseWordRow.word < word + LAST
    )
    return one.limit(1).scalar_subquery().is_not(None)


def _having(word: str) -> Select[str]:
    return select(CaseWordRow.case_reference).where(CaseWordRow.word >= word, CaseWordRow.word < word + LAST)


def _with_parts(text: str) -> Iterator[str]:
    for word in words_asked(text):
        yield word
        yield from (part for part in re.split(r"[\W_]+", word) if part)


@event.listens_for(CaseRow, "after_insert")
def _keep_words(_mapper: Mapper[CaseRow], connection: Connection, case: CaseRow) -> None:
    """The words follow the case, whoever writes it."""
    words = words_kept(f"{case.reference} {case.label}")
    if words:
        connection.execute(insert(CaseWordRow), [{"case_reference": case.reference, "word": word} for word in words])


@event.listens_for(CaseRow, "after_update")
def _keep_words_again(mapper: Mapper[CaseRow], connection: Connection, case: CaseRow) -> None:
    if inspect(case).attrs.label.history.has_changes():
        connection.execute(delete(CaseWordRow).where(CaseWordRow.case_reference == case.reference))
        _keep_words(mapper, connection, case)
