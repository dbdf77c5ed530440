"""A schedule is checked and searched for in the plainest way, sharing nothing with the solver but the law itself."""

from __future__ import annotations

from collections import Counter
from datetime import datetime, timedelta

from app.compliance.calling_hours import may_call_at
from app.domain.business_hours import is_open, opening_spans
from app.domain.hotline import Hotline, Shift
from app.domain.spans import spans_from
from app.promising.load import OpenPromise
from app.promising.proof import Planning
from app.promising.timetable import Team

INSTANT = timedelta(microseconds=1)


def faults(
    schedule: list[Planning], promises: dict[int, OpenPromise], hotline: Hotline, shifts: list[Shift], now: datetime
) -> list[str]:
    """What is wrong with a schedule; nothing if every promise is kept by it."""
    found = [f"{each} is missing" for each in set(promises) - {row.promise_id for row in schedule}]
    found += [
        f"{each} stands twice" for each, times in Counter(row.promise_id for row in schedule).items() if times > 1
    ]
    taken = Counter((row.starts_at, row.team, row.agent) for row in schedule)
    found += [f"two at once at {each}" for each, times in taken.items() if times > 1]
    for row in schedule:
        promise = promises[row.promise_id]
        last = row.ends_at - INSTANT
        found += [
            f"{row.promise_id} {problem}"
            for problem, wrong in {
                "begins in the past": row.starts_at < now,
                "begins too early": row.starts_at < promise.not_before_at,
                "ends too late": row.ends_at > promise.due_at,
                "is not lawful": not all(may_call_at(promise.where, at).allowed for at in (row.starts_at, last)),
                "is out of hours": not (is_open(hotline, row.starts_at) and is_open(hotline, last)),
                "has nobody": row.agent > on_duty(hotline, shifts, row.team, row.starts_at, row.ends_at),
                "is in a foreign language": promise.language not in row.team.languages,
                "is at somebody without the skill": not _has_skill(row.team.skills, promise.kind),
            }.items()
            if wrong
        ]
    return found


def on_duty(hotline: Hotline, shifts: list[Shift], team: Team, start: datetime, end: datetime) -> int:
    """How many of a team are there all the time from `start` to `end`."""
    return sum(
        shift.people
        for shift in shifts
        if (set(shift.languages), set(shift.skills)) == (set(team.languages), set(team.skills))
        and (
            shift.hours is None
            or any(span.start <= start and end <= span.end for span in _spans(shift, hotline, start))
        )
    )


def first_deadline_of_all(
    new: OpenPromise,
    promises: list[OpenPromise],
    hotline: Hotline,
    shifts: list[Shift],
    now: datetime,
    slot: timedelta,
    quarters: list[datetime],
) -> datetime | None:
    """The first of these deadlines by which the new promise and all the others can be kept, by trying everything."""
    seats = []
    for span in opening_spans(hotline, now - timedelta(days=1), days=4):
        start = span.start
        while start + slot <= span.end:
            for shift in shifts:
                free = on_duty(hotline, [shift], Team(shift.languages, shift.skills), start, start + slot)
                seats += [(start, shift)] * (free if start >= now else 0)
            start += slot
    wishes = [[number for number, seat in enumerate(seats) if _suits(each, *seat, slot)] for each in promises]
    for due_at in quarters:
        mine = new._replace(due=int(due_at.timestamp()))
        own = [number for number, seat in enumerate(seats) if _suits(mine, *seat, slot)]
        if own and _all_can_sit([own, *wishes]):
            return due_at
    return None


def _suits(promise: OpenPromise, start: datetime, shift: Shift, slot: timedelta) -> bool:
    end = start + slot
    return (
        promise.language in shift.languages
        and _has_skill(shift.skills, promise.kind)
        and promise.not_before_at <= start
        and end <= promise.due_at
        and may_call_at(promise.where, start).allowed
        and may_call_at(promise.where, end - INSTANT).allowed
    )


def _has_skill(skills: tuple[str, ...], kind: str) -> bool:
    return not kind or not skills or kind in skills


def _all_can_sit(wishes: list[list[int]], taken: frozenset[int] = frozenset()) -> bool:
    if not wishes:
        return True
    fewest = min(wishes, key=lambda wish: len(set(wish) - taken))
    others = list(wishes)
    others.remove(fewest)
    return any(_all_can_sit(others, taken | {seat}) for seat in fewest if seat not in taken)


def _spans(shift: Shift, hotline: Hotline, at: datetime) -> list:
    hours = shift.hours or {}
    return list(spans_from(lambda day: hours.get(day.weekday(), ()), hotline.zone, at - timedelta(days=2), 4))
