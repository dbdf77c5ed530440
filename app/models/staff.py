"""The people of the office, their logins and the tokens of other systems."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm
from sqlalchemy.orm import Mapped, mapped_column

from app.domain.competence import best_for, listing
from app.models.base import Base
from app.models.found import find_all
from app.models.ready import ask, ask_one, note_written, table_of

_LONG_AGO: Final = datetime.min.replace(tzinfo=UTC)


class Staff(Base):
    """An agent, supervisor or administrator."""

    __tablename__ = "staff"

    id: Mapped[int] = mapped_column(primary_key=True)
    email: Mapped[str] = mapped_column(unique=True)  # lower case
    name: Mapped[str]
    role: Mapped[str]  # agent, supervisor, admin
    phone: Mapped[str | None]  # E.164 of the agent's telephone; None: can be rung in the browser at most
    rings_softphone: Mapped[bool] = mapped_column(default=False, server_default=sa.false())  # chose to be rung there
    softphone_name: Mapped[str | None]  # by which the network knows their page; None until they first chose it
    softphone_until: Mapped[datetime | None]  # wall time until which the page is taken to be open; None: closed
    languages: Mapped[list[str]]
    skills: Mapped[list[str]] = mapped_column(default=list)  # kinds of case they handle; none: every kind
    password_hash: Mapped[str | None]  # None until set by the one-time link
    link_hash: Mapped[str | None]  # of the one-time link; None when used
    link_until: Mapped[datetime | None]
    available: Mapped[bool] = mapped_column(default=False)
    engaged_with: Mapped[str | None]  # the attempt key the agent is busy with; None: free
    engaged_at: Mapped[datetime | None]  # wall time
    free_since: Mapped[datetime | None]  # whoever has been free longest is rung first
    away_reason: Mapped[str | None]  # break, training …; None: no reason told, or not away
    presence_since: Mapped[datetime | None]  # office time of the last change between available and away
    authority_cents: Mapped[int | None]  # most money they may grant; None: what is usual for their role
    desk: Mapped[dict[str, Any]] = mapped_column(default=dict)  # how they set up their desk: columns, keys, sound
    disabled_at: Mapped[datetime | None]  # None while employed
    created_at: Mapped[datetime]


class LoginSession(Base):
    """One login of one person; ends at once when ended here."""

    __tablename__ = "login_sessions"

    token_hash: Mapped[str] = mapped_column(primary_key=True)
    staff_id: Mapped[int] = mapped_column(sa.ForeignKey("staff.id"), index=True)
    created_at: Mapped[datetime]
    seen_at: Mapped[datetime]
    ended_at: Mapped[datetime | None]  # None while it lasts
    awaits: Mapped[str | None]  # code: of the authenticator; factor: one must be set up; None: who it is has been shown
    origin: Mapped[bytes | None]  # sealed: the browser and the address it came from; None if it was not told


class LoginFailure(Base):
    """One failed login; too many in a row slow down the next."""

    __tablename__ = "login_failures"

    id: Mapped[int] = mapped_column(primary_key=True)
    email_index: Mapped[str] = mapped_column(index=True)  # keyed: of the address, or of whose code was tried
    at: Mapped[datetime]


class ApiToken(Base):
    """A token by which another system uses the API."""

    __tablename__ = "api_tokens"

    id: Mapped[int] = mapped_column(primary_key=True)
    name: Mapped[str] = mapped_column(unique=True)
    token_hash: Mapped[str] = mapped_column(unique=True)
    scopes: Mapped[list[str]]  # what it opens
    acts_for: Mapped[int | None] = mapped_column(sa.ForeignKey("staff.id"))  # in whose name it writes; None: reads only
    created_at: Mapped[datetime]
    expires_at: Mapped[datetime | None]  # wall time; None: when it is revoked
    revoked_at: Mapped[datetime | None]  # None while it is good


_STAFF: Final = table_of(Staff)
_TAKE: Final = (
    sa.update(_STAFF)
    .where(
        _STAFF.c.id == sa.bindparam("of_id"),
        _STAFF.c.engaged_with.is_(None),
        _STAFF.c.disabled_at.is_(None),
    )
    .returning(_STAFF.c.id)
)
_ENGAGE: Final = _TAKE.where(_STAFF.c.available.is_(True))
_DISENGAGE: Final = sa.update(_STAFF).where(_STAFF.c.engaged_with == sa.bindparam("attempt_key")).returning(_STAFF.c.id)


def engage(
    session: orm.Session, staff_id: int, attempt_key: str, *, wall_now: datetime, even_if_away: bool = False
) -> bool:
    """Take a free agent for an attempt, if nobody else has; one conditional UPDATE."""
    if (
        ask_one(
            session, _TAKE if even_if_away else _ENGAGE, of_id=staff_id, engaged_with=attempt_key, engaged_at=wall_now
        )
        is None
    ):
        return False
    note_written(session, Staff, staff_id, engaged_with=attempt_key, engaged_at=wall_now)
    return True


def disengage(session: orm.Session, attempt_key: str, *, free_since: datetime) -> None:
    """The agent of an attempt is free again, from an instant of office time on."""
    values = {"engaged_with": None, "engaged_at": None, "free_since": free_since}
    for (staff_id,) in ask(session, _DISENGAGE, attempt_key=attempt_key, **values):
        note_written(session, Staff, staff_id, **values)


def can_be_rung() -> sa.ColumnElement[bool]:
    """For a query: who works here and has a telephone, be it only a softphone."""
    return sa.and_(Staff.disabled_at.is_(None), has_a_telephone())


def has_a_telephone() -> sa.ColumnElement[bool]:
    """For a query: who has a telephone, whether they still work here or not."""
    return sa.or_(Staff.phone.is_not(None), Staff.rings_softphone)


_WITH_A_TELEPHONE: Final = sa.select(Staff).where(can_be_rung())


def free_agents(session: orm.Session, language: str, kind: str) -> list[Staff]:
    """Agents who could be rung now for a kind of case ("": not known yet), whoever has been free longest first.

    Who of the office can serve it is decided among all people, not among those who happen to be free: a complaint in
    German does not go to somebody who has not learned complaints while its own people talk.
    """
    free = [each for each in serving(session, language, kind, on_duty=True) if each.engaged_with is None]
    return sorted(free, key=lambda each: (each.free_since or _LONG_AGO, each.id))


def people(session: orm.Session, language: str, kind: str, *, on_duty: bool = False) -> int:
    """How many people with a telephone can serve this language and kind of case ("": not known yet).

    Args:
        on_duty: count only those available now, busy or not.
    """
    return len(serving(session, language, kind, on_duty=on_duty))


def serving(session: orm.Session, language: str, kind: str, *, on_duty: bool = False) -> list[Staff]:
    """The people whom `people` counts."""
    able = best_for(find_all(session, _WITH_A_TELEPHONE), language, kind)
    return [each for each in able if each.available or not on_duty]


def own_people(session: orm.Session, language: str, kind: str) -> list[Staff]:
    """The people on duty, busy or not, of the queue of its own that a kind of case has (P11)."""
    return [each for each in listing(find_all(session, _WITH_A_TELEPHONE), language, kind) if each.available]
