"""Who of the office is rung: the owner of the case first, else who is competent and has been free longest.

T11: who takes a case on follows it through. T12: whoever answers must be able to help: the language, the kind of case.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.competence import CASE_KINDS, best_for
from app.models.case import Case
from app.models.promise import Attempt, Promise
from app.models.staff import Staff

WAIT_FOR_OWNER: Final = timedelta(minutes=15)
"""Office time before the latest start from which on a busy or absent owner is no longer waited for."""

_LET_DOWN: Final = ("agent_silent", "agent_declined")


@dataclass(frozen=True, slots=True)
class Floor:
    """The people of the office with a telephone, at one moment."""

    ready: tuple[Staff, ...]  # who could be rung now, whoever has been free longest first
    on_duty: tuple[Staff, ...]  # available, whether they speak with somebody or not
    employed: tuple[Staff, ...]

    def able(self, language: str, kind: str, among: Collection[Staff] | None = None) -> list[Staff]:
        """Who can serve such a matter, of those who are ready or of `among`, in their order.

        Who can is decided among all people of the office, see `best_for`: nobody gets what they have not learned while
        those who have talk.

        Args:
            kind: of the case; "" if it is not known yet.
        """
        able = {person.id for person in best_for(self.employed, language, kind)}
        return [person for person in (self.ready if among is None else among) if person.id in able]


def look_around(session: orm.Session, *, now: datetime) -> Floor:
    """The floor as it is now; who has just not answered rests a little.

    Args:
        now: office time.
    """
    employed = session.scalars(
        sa.select(Staff)
        .where(Staff.disabled_at.is_(None), Staff.phone.is_not(None))
        .order_by(Staff.free_since.asc().nulls_first(), Staff.id)
    ).all()
    on_duty = tuple(person for person in employed if person.available)
    ready = tuple(
        person
        for person in on_duty
        if person.engaged_with is None and (person.free_since is None or person.free_since <= now)
    )
    return Floor(ready, on_duty, tuple(employed))


def choose_agent(session: orm.Session, promise: Promise, *, now: datetime) -> Staff | None:
    """Whom to ring for a promise; None if nobody is free, or if there is time to wait for the owner.

    The owner of the promise goes before the owner of the case. One who let this promise down already, or has left, is
    not waited for, and nobody is once waiting would take a needed attempt away.

    Args:
        now: office time.
    """
    floor = look_around(session, now=now)
    owners = [owner for owner in (promise.owner_id, promise.case.owner_id) if owner is not None]
    for owner in owners:
        if found := next((person for person in floor.ready if person.id == owner), None):
            return found
    awaited = {person.id for person in floor.employed}.intersection(owners[:1])
    if awaited and now < promise.latest_start_at - WAIT_FOR_OWNER and not _let_down(session, promise, owners[0]):
        return None
    return next(iter(floor.able(promise.language, promise.case.kind)), None)


def may_be_tried(floor: Floor, now: datetime) -> sa.ColumnElement[bool]:
    """For a query over promises and their cases: whether `choose_agent` would find somebody on this floor.

    So that those for whom nobody is free never stand in the way of those for whom somebody is.
    """
    owner = sa.func.coalesce(Promise.owner_id, Case.owner_id)
    ready = [person.id for person in floor.ready]
    has_owner_here = sa.or_(Promise.owner_id.in_(ready), Case.owner_id.in_(ready))
    let_down = sa.exists().where(
        Attempt.promise_id == Promise.id, Attempt.staff_id == owner, Attempt.result.in_(_LET_DOWN)
    )
    waits_for_nobody = sa.or_(
        owner.is_(None),
        owner.not_in([person.id for person in floor.employed]),
        Promise.latest_start_at <= now + WAIT_FOR_OWNER,
        let_down,
    )
    return sa.or_(has_owner_here, sa.and_(waits_for_nobody, _somebody_is_able(floor)))


def _somebody_is_able(floor: Floor) -> sa.ColumnElement[bool]:
    """Whether one of those who are ready can serve the promise's matter, by language and kind of case."""
    spoken = sorted({language for person in floor.employed for language in person.languages})
    able: list[sa.ColumnElement[bool]] = []
    for kind in CASE_KINDS:
        at_hand = [language for language in spoken if floor.able(language, kind)]
        foreign = Promise.language.not_in(spoken) if floor.able("", kind) else sa.false()
        able.append(sa.and_(Case.kind == kind, sa.or_(Promise.language.in_(at_hand), foreign)))
    return sa.or_(*able)


def _let_down(session: orm.Session, promise: Promise, owner: int) -> bool:
    declined = sa.select(Attempt.id).where(
        Attempt.promise_id == promise.id, Attempt.staff_id == owner, Attempt.result.in_(_LET_DOWN)
    )
    return session.scalar(declined.limit(1)) is not None
