"""Too many promises for the staff on duty: which of them are served after the others, and which nobody can keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final, NamedTuple

from sqlalchemy import orm

from app.models.case import Case
from app.models.handling import measured_seconds
from app.models.promise import Promise
from app.promising.handling import handling_time, usual_time
from app.promising.shedding import Job, shed
from app.promising.spacing import until_both_speak
from app.services.choose_agent import Floor
from app.services.take_turn import Switchboard

_LAST_MOMENT: Final = timedelta(minutes=2)
"""Office time that is left beyond one more conversation."""


class Owed(NamedTuple):
    """An open promise, as far as dispatching looks at it."""

    id: int
    urgent: bool
    latest_start_at: datetime
    due_at: datetime
    next_attempt_at: datetime
    made_at: datetime
    hotline: str
    language: str
    kind: str
    phone_index: str
    owner_id: int | None
    case_owner_id: int | None


OWED = (
    Promise.id, Promise.urgent, Promise.latest_start_at, Promise.due_at, Promise.next_attempt_at, Promise.made_at,
    Promise.hotline, Promise.language, Case.kind, Promise.phone_index, Promise.owner_id, Case.owner_id,
)  # fmt: skip
"""The columns of `Owed`; the query joins promises with their cases."""


class Length(NamedTuple):
    """What one conversation takes, in seconds."""

    reach: float  # from the ring at the agent's until agent and customer speak
    usual: float  # from then to the end of the wrap-up, on average
    planned: float  # the same, of nine in ten


@dataclass(slots=True)
class Lengths:
    """How long conversations take, by hotline and kind of case: as measured, or as the hotline file says."""

    board: Switchboard
    session: orm.Session
    now: datetime
    _known: dict[tuple[str, str], Length]

    @classmethod
    def at(cls, board: Switchboard, session: orm.Session, now: datetime) -> Lengths:
        """Those that hold now."""
        return cls(board, session, now, {})

    def of(self, hotline: str, kind: str) -> Length:
        """Of a matter of this hotline and kind."""
        key = (hotline, kind)
        if key not in self._known:
            rules = self.board.hotline_named(hotline).callback
            measured = measured_seconds(self.session, hotline, now=self.now).get(kind, ())
            self._known[key] = Length(
                until_both_speak(rules).total_seconds(),
                usual_time(measured, rules.handling).total_seconds(),
                handling_time(measured, rules.handling).total_seconds(),
            )
        return self._known[key]


def _job(owed: Owed, length: Length, now: datetime) -> Job:
    """A promise is kept once both speak, so it may be over that much later than the deadline."""
    over_by = owed.due_at + timedelta(seconds=length.usual)
    return Job(owed.id, now, over_by, length.reach + length.usual, owed.urgent)


def given_up(owed: Sequence[Owed], floor: Floor, lengths: Lengths, *, now: datetime) -> set[int]:
    """The promises that are late in the schedule that breaks the fewest, see `app.promising.shedding`.

    Everybody on duty counts as free from now on, every promise as due to be tried now, and every conversation as taking
    the usual time. Where not everybody can
    serve everything, the matters of each language and kind are weighed against those who can serve them, and all
    matters against all people; what is late in either is late.
    """
    jobs = {each.id: _job(each, lengths.of(each.hotline, each.kind), now) for each in owed}
    late = set(shed(jobs.values(), len(floor.on_duty), now).late)
    by_matter: dict[tuple[str, str], list[Job]] = {}
    for each in owed:
        by_matter.setdefault((each.language, each.kind), []).append(jobs[each.id])
    for (language, kind), of_matter in by_matter.items():
        able = floor.able(language, kind, floor.on_duty)
        if len(able) < len(floor.on_duty):
            late.update(shed(of_matter, len(able), now).late)
    return late


def is_pressing(owed: Owed, length: Length, now: datetime) -> bool:
    """Whether it can still be kept, but perhaps no more once whoever is free has held one more conversation."""
    left = (owed.due_at - now).total_seconds() - length.reach
    return 0 <= left <= length.planned + _LAST_MOMENT.total_seconds()


def in_order(owed: Sequence[Owed], floor: Floor, lengths: Lengths, *, now: datetime) -> list[Owed]:
    """Who is served first: safety matters, then the least slack; in overload so that the fewest promises break.

    Slack is what is left before the attempts no longer all fit. What breaks unless it is tried now goes before what
    would only lose one of several attempts.
    """

    def by_slack(each: Owed) -> tuple[bool, bool, datetime, datetime, int]:
        pressing = is_pressing(each, lengths.of(each.hotline, each.kind), now)
        return not each.urgent, not pressing, each.latest_start_at, each.due_at, each.id

    if len(owed) <= len(floor.ready):
        return sorted(owed, key=by_slack)
    late = given_up(owed, floor, lengths, now=now)
    if not late:
        return sorted(owed, key=by_slack)
    return sorted(owed, key=lambda each: (not each.urgent, each.id in late, each.due_at, each.id))
