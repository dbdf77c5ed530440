"""Who of the office is rung: the owner of the case first, else who is competent and has been free longest.

T11: who takes a case on follows it through. T12: whoever answers must be able to help: the language, the kind of case.
"""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import lru_cache
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.competence import CASE_KINDS, best_for, listing
from app.domain.telephone import address_of
from app.models.case import Case
from app.models.promise import Attempt, Promise
from app.models.ready import ask, ask_one
from app.models.staff import Staff, can_be_rung

WAIT_FOR_OWNER: Final = timedelta(minutes=15)
"""Office time before the latest start from which on a busy or absent owner is no longer waited for."""

_LET_DOWN: Final = ("agent_silent", "agent_declined")


class Person(NamedTuple):
    """Somebody of the office with a telephone, at one moment."""

    id: int
    phone: str | None  # E.164
    rings_softphone: bool
    softphone_name: str | None
    softphone_until: datetime | None  # the machine's time
    languages: list[str]
    skills: list[str]
    available: bool
    engaged_with: str | None
    free_since: datetime | None

    @classmethod
    def of(cls, staff: Staff) -> Person:
        """Somebody as their row tells."""
        return cls._make(getattr(staff, name) for name in cls._fields)

    def is_ready(self, now: datetime, wall_now: datetime) -> bool:
        """Whether they could be rung now; one whose page is closed and who has no number cannot."""
        is_free = self.available and self.engaged_with is None and (self.free_since is None or self.free_since <= now)
        return is_free and address_of(self, wall_now) != ""


_EMPLOYED: Final = (
    sa.select(*(getattr(Staff, name) for name in Person._fields))
    .where(can_be_rung())
    .order_by(Staff.free_since.asc().nulls_first(), Staff.id)
)


@dataclass(frozen=True, slots=True)
class Floor:
    """The people of the office with a telephone, at one moment."""

    ready: tuple[Person, ...]  # who could be rung now, whoever has been free longest first
    on_duty: tuple[Person, ...]  # available, whether they speak with somebody or not
    employed: tuple[Person, ...]

    def able(self, language: str, kind: str, among: Collection[Person] | None = None) -> list[Person]:
        """Who can serve such a matter, of those who are ready or of `among`, in their order.

        Who can is decided among all people of the office, see `best_for`: nobody gets what they have not learned while
        those who have talk.

        Args:
            kind: of the case; "" if it is not known yet.
        """
        able = {person.id for person in best_for(self.employed, language, kind)}
        return [person for person in (self.ready if among is None else among) if person.id in able]

    def own(self, language: str, kind: str, among: Collection[Person] | None = None) -> list[Person]:
        """The people of the queue of its own that a kind of case has (P11), of those who are ready or of `among`."""
        return listing(self.ready if among is None else tuple(among), language, kind)


def look_around(session: orm.Session, *, now: datetime, wall_now: datetime) -> Floor:
    """The floor as it is now; who has just not answered rests a little.

    Args:
        now: office time.
        wall_now: the machine's time, on which softphones are open.
    """
    employed = tuple(Person._make(row) for row in ask(session, _EMPLOYED))
    on_duty = tuple(person for person in employed if person.available)
    return Floor(tuple(person for person in on_duty if person.is_ready(now, wall_now)), on_duty, employed)


def choose_agent(session: orm.Session, promise: Promise, *, now: datetime, wall_now: datetime) -> Person | None:
    """Whom to ring for a promise; None if nobody is free, or if there is time to wait for the owner.

    The owner of the promise goes before the owner of the case. One who let this promise down already, or has left, is
    not waited for, and nobody is once waiting would take a needed attempt away.

    Args:
        now: office time.
        wall_now: the machine's time, on which softphones are open.
    """
    floor = look_around(session, now=now, wall_now=wall_now)
    owners = [owner for owner in (promise.owner_id, promise.case.owner_id) if owner is not None]
    for owner in owners:
        if found := next((person for person in floor.ready if person.id == owner), None):
            return found
    awaited = {person.id for person in floor.employed}.intersection(owners[:1])
    if awaited and now < promise.latest_start_at - WAIT_FOR_OWNER and not _let_down(session, promise, owners[0]):
        return None
    return next(iter(floor.able(promise.language, promise.case.kind)), None)


def _listed(name: str) -> sa.BindParameter[Any]:
    return sa.bindparam(name, expanding=True)


_OWNER: Final = sa.func.coalesce(Promise.owner_id, Case.owner_id)
_OWNER_IS_HERE: Final = sa.or_(Promise.owner_id.in_(_listed("ready")), Case.owner_id.in_(_listed("ready")))
_OWNER_LET_DOWN: Final = sa.exists().where(
    Attempt.promise_id == Promise.id,
    Attempt.staff_id == _OWNER,
    sa.or_(*(Attempt.result == each for each in _LET_DOWN)),
)
_WAITS_FOR_NOBODY: Final = sa.or_(
    _OWNER.is_(None),
    _OWNER.not_in(_listed("employed")),
    Promise.latest_start_at <= sa.bindparam("hurried"),
    _OWNER_LET_DOWN,
)
_SOMEBODY_IS_ABLE: Final = sa.or_(
    (Case.kind + ":" + Promise.language).in_(_listed("served")),
    sa.and_(Promise.language.not_in(_listed("spoken")), Case.kind.in_(_listed("served_abroad"))),
)
MAY_BE_TRIED: Final = sa.or_(_OWNER_IS_HERE, sa.and_(_WAITS_FOR_NOBODY, _SOMEBODY_IS_ABLE))
"""For a query over promises and their cases: whether `choose_agent` would find somebody, see `values_of_floor`.

So that those for whom nobody is free never stand in the way of those for whom somebody is.
"""


def values_of_floor(floor: Floor, now: datetime) -> dict[str, Any]:
    """The values of `MAY_BE_TRIED` for this floor at this moment."""
    able = tuple((person.id, tuple(person.languages), tuple(person.skills)) for person in floor.employed)
    ready = tuple(person.id for person in floor.ready)
    return {
        "ready": ready,
        "employed": [person.id for person in floor.employed],
        "hurried": now + WAIT_FOR_OWNER,
        **_matters_served(able, frozenset(ready)),
    }


class _Able(NamedTuple):
    id: int
    languages: tuple[str, ...]
    skills: tuple[str, ...]


@lru_cache(maxsize=512)
def _matters_served(
    employed: tuple[tuple[int, tuple[str, ...], tuple[str, ...]], ...], ready: frozenset[int]
) -> dict[str, list[str]]:
    """The kinds and languages that one of those who are ready can serve; the same people are asked again and again."""
    people = [_Able._make(each) for each in employed]
    spoken = sorted({language for person in people for language in person.languages})

    def is_served(language: str, kind: str) -> bool:
        return any(person.id in ready for person in best_for(people, language, kind))

    return {
        "spoken": spoken,
        "served": [f"{kind}:{each}" for kind in CASE_KINDS for each in spoken if is_served(each, kind)],
        "served_abroad": [kind for kind in CASE_KINDS if is_served("", kind)],
    }


_OWNER_DECLINED: Final = (
    sa.select(Attempt.id)
    .where(
        Attempt.promise_id == sa.bindparam("promise_id"),
        Attempt.staff_id == sa.bindparam("owner"),
        sa.or_(*(Attempt.result == each for each in _LET_DOWN)),
    )
    .limit(1)
)


def _let_down(session: orm.Session, promise: Promise, owner: int) -> bool:
    return ask_one(session, _OWNER_DECLINED, promise_id=promise.id, owner=owner) is not None
