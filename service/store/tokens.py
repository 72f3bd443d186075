"""Bearer tokens, kept only as digests. What a token allows is not here but in `access/`."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import JSON, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

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


def find_token(digest: str) -> TokenRow | None:
    """The token with this digest that has not been revoked."""
    return db.session.scalar(select(TokenRow).where(TokenRow.digest == digest, TokenRow.revoked_at.is_(None)))
