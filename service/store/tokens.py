"""Bearer tokens, kept only as digests. What a token allows is not here but in `access/`."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, bindparam, select
from sqlalchemy.orm import Mapped, mapped_column

from service.store.surroundings import note_version, version_now
from service.store.tables import Base, UtcDateTime, db


class TokenRow(Base):
    """One bearer token of another system, or of a person who uses the API."""

    __tablename__ = "tokens"

    id: Mapped[str] = mapped_column(String(36), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    digest: Mapped[str] = mapped_column(String(64), unique=True)
    scopes: Mapped[list[str]] = mapped_column(JSON, default=list)
    person_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"))
    """When set, whoever bears it acts as this person."""
    created_at: Mapped[datetime] = mapped_column(UtcDateTime)
    revoked_at: Mapped[datetime | None] = mapped_column(UtcDateTime)


@dataclass(frozen=True, slots=True)
class Token:
    """What a token says of whoever bears it."""

    id: str
    name: str
    scopes: tuple[str, ...]
    person_id: str | None


_QUERY = select(TokenRow.id, TokenRow.name, TokenRow.scopes, TokenRow.person_id, version_now()).where(
    TokenRow.digest == bindparam("digest"), TokenRow.revoked_at.is_(None)
)
"""Made once: every request asks it."""


def find_token(digest: str) -> Token | None:
    """The token with this digest that has not been revoked; with it is read which version surrounds it."""
    row = db.session.connection().execute(_QUERY, {"digest": digest}).one_or_none()
    if row is None:
        return None
    token_id, name, scopes, person_id, version = row
    note_version(version)
    return Token(token_id, name, tuple(scopes), person_id)
