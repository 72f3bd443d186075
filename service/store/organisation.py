"""The authority, its teams, people and posts. Who may do what with them is not here but in `access/`."""

from __future__ import annotations

from sqlalchemy import Boolean, ForeignKey, String, select
from sqlalchemy.orm import Mapped, mapped_column

from service.domain.people import Post, Team
from service.store.tables import Base, db


class AuthorityRow(Base):
    """The one authority of this installation."""

    __tablename__ = "authority"

    name: Mapped[str] = mapped_column(String(200), primary_key=True)
    demo: Mapped[bool] = mapped_column(Boolean, default=False)
    scheduled_release: Mapped[int | None] = mapped_column()
    """The release whose timer starts have been seen to."""


class TeamRow(Base):
    """A team that can own a case."""

    __tablename__ = "teams"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))
    kind: Mapped[str] = mapped_column(String(80))
    area: Mapped[str | None] = mapped_column(String(80))
    service: Mapped[str | None] = mapped_column(String(80))


class PersonRow(Base):
    """Somebody who can act."""

    __tablename__ = "people"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    name: Mapped[str] = mapped_column(String(200))


class PostRow(Base):
    """A post and who holds it."""

    __tablename__ = "posts"

    id: Mapped[str] = mapped_column(String(80), primary_key=True)
    title: Mapped[str] = mapped_column(String(200))
    level: Mapped[str] = mapped_column(String(80))
    team_id: Mapped[str | None] = mapped_column(ForeignKey("teams.id"))
    area: Mapped[str | None] = mapped_column(String(80))
    service: Mapped[str | None] = mapped_column(String(80))
    line_manager_post_id: Mapped[str | None] = mapped_column(String(80))
    holder_id: Mapped[str | None] = mapped_column(ForeignKey("people.id"), index=True)

    def as_post(self) -> Post:
        """The post as a value."""
        return Post(
            id=self.id,
            title=self.title,
            level=self.level,
            team_id=self.team_id,
            area=self.area,
            service=self.service,
            line_manager_post_id=self.line_manager_post_id,
            holder_id=self.holder_id,
        )


class SurroundingsRow(Base):
    """One row that names what stands around every case: the organisation and the list of releases, as they are now.

    Triggers renew the name with every change of a team, person, post or release, in the same transaction. It is never
    counted upwards: a database put back from its copy would count the same numbers again.
    """

    __tablename__ = "surroundings"

    version: Mapped[str] = mapped_column(String(36), primary_key=True)


def find_authority() -> AuthorityRow | None:
    """The authority, once one was loaded."""
    return db.session.scalar(select(AuthorityRow).limit(1))


def find_person(person_id: str) -> PersonRow | None:
    """A person by id."""
    return db.session.get(PersonRow, person_id)


def all_people() -> dict[str, str]:
    """Person id to name."""
    return dict(iter(db.session.execute(select(PersonRow.id, PersonRow.name))))


def all_teams() -> dict[str, Team]:
    """Every team by id."""
    return {
        row.id: Team(id=row.id, name=row.name, kind=row.kind, area=row.area, service=row.service)
        for row in db.session.scalars(select(TeamRow).order_by(TeamRow.id))
    }


def all_posts() -> dict[str, Post]:
    """Every post by id."""
    return {row.id: row.as_post() for row in db.session.scalars(select(PostRow).order_by(PostRow.id))}
