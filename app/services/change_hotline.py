"""Other hours and rosters by page: held against the law and what is promised first, in force from a day on."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.compliance.rule import Citation
from app.domain.business_hours import opening_hours_on, week_on
from app.domain.errors import BadFile, Conflict, Invalid, NotFound
from app.domain.hotline import Hotline
from app.ivr.hotline_week import read_hours, read_week, written_hours, written_week
from app.models.hotline_change import DAY, WEEK, HotlineChange, Version, changes_that_count, version_of_changes
from app.models.one_at_a_time import one_at_a_time
from app.models.promise import Promise
from app.models.staff import Staff
from app.promising.endangered import without_a_place
from app.proving.human_hours import human_hours
from app.proving.profile import profile_of
from app.proving.rules import humans_daily
from app.services.hotlines_in_force import days_from, lay_over
from app.services.weigh_load import present_load

LOOK_AHEAD: Final = timedelta(days=92)  # in which days without anybody are looked for
FURTHEST: Final = timedelta(days=400)
_MOST_DAYS: Final = 92  # with hours of their own, in one change


class Unlawful(Invalid):
    """A change after which a rule of law would no longer hold."""

    def __init__(self, says: str, evidence: str, grounds: Sequence[Citation]) -> None:
        super().__init__("hours", f"{evidence}; {says}")
        self.says = says
        self.evidence = evidence
        self.grounds = grounds


class ChangedMeanwhile(Conflict):
    """Somebody else was faster."""

    def __init__(self, name: str) -> None:
        super().__init__("these hours were changed meanwhile")
        self.name = name


@dataclass(frozen=True, slots=True)
class Change:
    """What somebody wants to change."""

    kind: str  # week, day
    from_on: date
    last_on: date | None  # of kind day
    written: Mapping[str, Any]  # in the words of the hotline file


@dataclass(frozen=True, slots=True)
class Consequences:
    """What would be otherwise once a change is in force."""

    nobody_on: tuple[date, ...]  # days of the next three months on which somebody is there now
    endangered: tuple[int, ...]  # open promises for which no place would be left by their deadline

    @property
    def seen(self) -> str:
        """By which one tells whether the same was looked at before."""
        return "/".join((",".join(day.isoformat() for day in self.nobody_on), ",".join(map(str, self.endangered))))


def _try_out(session: orm.Session, before: Hotline, after: Hotline, now: datetime) -> Consequences:
    """What it would lead to if a hotline were as it is after a change.

    Raises:
        Unlawful: if a rule of its law would be broken.
    """
    today = now.astimezone(after.zone).date()
    profile = profile_of(after.jurisdiction)
    verdict = humans_daily.verdict_of(after, profile, on=today)
    if not verdict.proved and _is_worse(before, after, profile.human_hours, today):
        grounds = [ground.citation for ground in humans_daily.RULE.grounds_in(after.jurisdiction)]
        raise Unlawful(humans_daily.RULE.says, verdict.evidence, grounds)
    there, then = (human_hours(each, today, today + LOOK_AHEAD) for each in (before, after))
    lost = _lost(session, before, after, now)
    return Consequences(tuple(day for day in there if there[day] and not then[day]), lost)


def _is_worse(before: Hotline, after: Hotline, least: int, today: date) -> bool:
    """Whether a day from today on falls below what the law asks for that does not already, or falls further."""
    last = date(today.year + 1, 12, 31)
    was, will = human_hours(before, today, last), human_hours(after, today, last)
    return any(will[day] < min(was[day], timedelta(hours=least)) for day in will)


def _lost(session: orm.Session, before: Hotline, after: Hotline, now: datetime) -> tuple[int, ...]:
    late = without_a_place(present_load(session, after, now=now), after, now)
    if not late:
        return ()
    late -= without_a_place(present_load(session, before, now=now), before, now)
    theirs = sa.select(Promise.id).where(Promise.id.in_(late), Promise.hotline == before.name)
    return tuple(session.scalars(theirs.order_by(Promise.due_at, Promise.id)))


def preview(session: orm.Session, in_file: Hotline, change: Change, *, now: datetime) -> Consequences:
    """What a change would lead to; nothing is changed.

    Raises:
        Invalid: if it cannot be read, or lies in the past or too far ahead.
        Unlawful: if a rule of law would be broken.
    """
    return _prepare(session, in_file, change, now)[1]


def change_hours(
    session: orm.Session,
    in_file: Hotline,
    change: Change,
    *,
    by: int,
    seen: str,
    version: Version,
    now: datetime,
    wall_now: datetime,
) -> Consequences | None:
    """Put a change into force from its day on.

    Promises that it leaves without a place stay: their customers are told when it is foreseen that no call comes in
    time, and may agree to another, see `app.services.repromise`.

    Args:
        by: the id of who does it.
        seen: what they were shown, see `Consequences.seen`.
        version: of the changes of this hotline that they looked at.

    Returns:
        None if it is done; what it would lead to if that was not shown to them yet, and nothing is changed.

    Raises:
        ChangedMeanwhile: if somebody else changed this hotline meanwhile.
        Invalid: if it cannot be read, or lies in the past or too far ahead.
        Unlawful: if a rule of law would be broken.
    """
    _begin(session, in_file.name, version)
    row, found = _prepare(session, in_file, change, now)
    if found.seen != seen:
        return found
    row.made_by, row.made_at = by, wall_now
    session.add(row)
    session.flush()
    return None


def withdraw_change(
    session: orm.Session,
    in_file: Hotline,
    change_id: int,
    *,
    by: int,
    seen: str,
    version: Version,
    now: datetime,
    wall_now: datetime,
) -> Consequences | None:
    """Take back a change that has not begun; as `change_hours`.

    Raises:
        NotFound: if this hotline has no such change.
        Conflict: if it was withdrawn already or has begun, or somebody else changed this hotline meanwhile.
        Unlawful: if a rule of law would be broken without it.
    """
    _begin(session, in_file.name, version)
    row = session.get(HotlineChange, change_id)
    if row is None or row.hotline != in_file.name:
        raise NotFound("change of hours")
    if row.withdrawn_at is not None:
        raise Conflict("this change was withdrawn already")
    if row.from_on <= now.astimezone(in_file.zone).date():
        raise Conflict("this change has begun; put another one into force from today on")
    standing = changes_that_count(session, in_file.name)
    others = [each for each in standing if each is not row]
    found = _try_out(session, lay_over(in_file, standing), lay_over(in_file, others), now)
    if found.seen != seen:
        return found
    row.withdrawn_by, row.withdrawn_at = by, wall_now
    return None


def _begin(session: orm.Session, hotline: str, version: Version) -> None:
    """Let two who change the same hotline follow one another, and tell the second who was first."""
    one_at_a_time(session, f"hours:{hotline}")
    if version_of_changes(session, hotline) == version:
        return
    rows = session.scalars(sa.select(HotlineChange).where(HotlineChange.hotline == hotline))
    latest = max(rows, key=lambda row: row.withdrawn_at or row.made_at)
    name = session.scalar(sa.select(Staff.name).where(Staff.id == (latest.withdrawn_by or latest.made_by)))
    raise ChangedMeanwhile(name or "")


def _prepare(
    session: orm.Session, in_file: Hotline, change: Change, now: datetime
) -> tuple[HotlineChange, Consequences]:
    standing = changes_that_count(session, in_file.name)
    before, row = lay_over(in_file, standing), _row(in_file, change, now)
    row.replaced = (
        written_week(week_on(before, change.from_on))
        if change.kind == WEEK
        else {"hours": written_hours(opening_hours_on(before, change.from_on))}
    )
    return row, _try_out(session, before, lay_over(in_file, [*standing, row]), now)


def _row(in_file: Hotline, change: Change, now: datetime) -> HotlineChange:
    today = now.astimezone(in_file.zone).date()
    last = change.last_on if change.kind == DAY and change.last_on is not None else change.from_on
    if change.from_on < today:
        raise Invalid("from", "lies in the past")
    if last < change.from_on:
        raise Invalid("last", "lies before the first day")
    if last > today + FURTHEST or len(days_from(change.from_on, last)) > _MOST_DAYS:
        raise Invalid("last" if change.kind == DAY else "from", "is too far away")
    try:
        if change.kind == WEEK:
            read_week(change.written, in_file.languages, change.from_on)
        else:
            read_hours(change.written["hours"])
    except BadFile as bad:
        raise Invalid("hours", "; ".join(getattr(fault, "problem", str(fault)) for fault in bad.faults)) from bad
    return HotlineChange(
        hotline=in_file.name,
        kind=change.kind,
        from_on=change.from_on,
        last_on=last if change.kind == DAY else None,
        written=dict(change.written),
    )
