"""What is promised already and who is there to keep it, read for the solver by one transaction at a time."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.compliance.whereabouts import Whereabouts
from app.domain.business_hours import has_own_people, has_urgent_hours, shifts_of
from app.domain.hotline import Hotline, Shift
from app.models.handling import measured_seconds
from app.models.one_at_a_time import queue_for
from app.models.open_promises import open_promises
from app.models.ready import ask
from app.models.staff import Staff, can_be_rung
from app.promising.handling import handling_time
from app.promising.load import Load
from app.promising.spacing import one_conversation


def wait_to_promise(session: orm.Session, hotline: Hotline, *, now: datetime) -> None:
    """Wait until nobody else promises anything on these agents; it lasts until this transaction ends.

    Raises:
        Busy: if our turn did not come within seconds.
    """
    queue_for(session, f"promising:{_whose_people(hotline, now) or ''}")


def weigh_load(session: orm.Session, hotline: Hotline, *, now: datetime, at_work: bool = False) -> Load:
    """The load a new promise comes upon; nobody else makes a promise on these agents until the transaction ends.

    A hotline without a `staffing` section shares the people of the office with every other; then all that is promised
    anywhere takes their time.

    Args:
        at_work: count on those alone who are at work now, if anybody is; not with a `staffing` section.

    Raises:
        Busy: if our turn did not come within seconds.
    """
    wait_to_promise(session, hotline, now=now)
    return present_load(session, hotline, now=now, at_work=at_work)


def present_load(session: orm.Session, hotline: Hotline, *, now: datetime, at_work: bool = False) -> Load:
    """The load as it is at this moment, see `weigh_load`; others may promise something meanwhile."""
    unknown = Whereabouts((hotline.zone.key,), (hotline.jurisdiction,), is_zone_known=False)
    of = _whose_people(hotline, now)
    return Load(
        open=open_promises(session, of, now=now, unknown=unknown),
        urgent=open_promises(session, of, now=now, unknown=unknown, urgent=True) if has_urgent_hours(hotline) else (),
        shifts=shifts_of(hotline, () if of else _people(session, hotline, at_work=at_work)),
        slot=_longest(session, hotline, now),
    )


def _whose_people(hotline: Hotline, now: datetime) -> str | None:
    """The hotline whose people they are; None if they are the office's."""
    return hotline.name if has_own_people(hotline, now.astimezone(hotline.zone).date()) else None


def with_measured_handling(session: orm.Session, hotline: Hotline, kind: str, *, now: datetime) -> Hotline:
    """The hotline with the handling time that was measured for this kind of case, in place of the file's."""
    seconds = measured_seconds(session, hotline.name, now=now).get(kind, ())
    handling = handling_time(seconds, hotline.callback.handling)
    return replace(hotline, callback=replace(hotline.callback, handling=handling))


_RUNG: Final = sa.select(Staff.languages, Staff.skills, Staff.available).where(can_be_rung())


def _people(session: orm.Session, hotline: Hotline, *, at_work: bool) -> tuple[Shift, ...]:
    """Everybody with a telephone, whenever the hotline is open; an office without staff yet counts as one person."""
    people = ask(session, _RUNG)
    there = [row for row in people if row[2]] if at_work else []
    teams = Counter((tuple(sorted(languages)), tuple(sorted(skills))) for languages, skills, _ in there or people)
    shifts = (Shift(people, languages, skills=skills) for (languages, skills), people in teams.items())
    return tuple(shifts) or (Shift(1, hotline.languages),)


def _longest(session: orm.Session, hotline: Hotline, now: datetime) -> timedelta:
    """A conversation of any kind: every agent may then take every promise, and plans can be changed."""
    measured = measured_seconds(session, hotline.name, now=now)
    times = [handling_time(seconds, hotline.callback.handling) for seconds in measured.values()]
    return max(one_conversation(replace(hotline.callback, handling=time)) for time in times)
