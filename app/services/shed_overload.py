"""Too many promises for the staff on duty: which of them are served after the others, and which nobody can keep."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import NamedTuple

from sqlalchemy import orm

from app.models.case import Case
from app.models.handling import measured_seconds
from app.models.promise import Promise
from app.promising.handling import handling_time
from app.promising.shedding import Job, shed
from app.services.choose_agent import Floor
from app.services.take_turn import Switchboard


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


@dataclass(slots=True)
class Lengths:
    """How many seconds a conversation takes, by hotline and kind of case: as measured, or as the hotline file says."""

    board: Switchboard
    session: orm.Session
    now: datetime
    _known: dict[tuple[str, str], float]

    @classmethod
    def at(cls, board: Switchboard, session: orm.Session, now: datetime) -> Lengths:
        """Those that hold now."""
        return cls(board, session, now, {})

    def of(self, owed: Owed) -> float:
        """From the dial to the end of the wrap-up."""
        key = (owed.hotline, owed.kind)
        if key not in self._known:
            rules = self.board.hotline_named(owed.hotline).callback
            measured = measured_seconds(self.session, owed.hotline, now=self.now).get(owed.kind, ())
            self._known[key] = rules.ring_seconds + handling_time(measured, rules.handling).total_seconds()
        return self._known[key]


def given_up(owed: Sequence[Owed], floor: Floor, lengths: Lengths, *, now: datetime) -> set[int]:
    """The promises that are late in the schedule that breaks the fewest, see `app.promising.shedding`.

    Everybody on duty counts as free from now on, and every promise as due to be tried now. Where not everybody can
    serve everything, the matters of each language and kind are weighed against those who can serve them, and all
    matters against all people; what is late in either is late.
    """
    jobs = {each.id: Job(each.id, now, each.due_at, lengths.of(each), each.urgent) for each in owed}
    late = set(shed(jobs.values(), len(floor.on_duty), now).late)
    by_matter: dict[tuple[str, str], list[Job]] = {}
    for each in owed:
        by_matter.setdefault((each.language, each.kind), []).append(jobs[each.id])
    for (language, kind), of_matter in by_matter.items():
        able = floor.able(language, kind, floor.on_duty)
        if len(able) < len(floor.on_duty):
            late.update(shed(of_matter, len(able), now).late)
    return late


def in_order(owed: Sequence[Owed], floor: Floor, lengths: Lengths, *, now: datetime) -> list[Owed]:
    """Who is served first: safety matters, then the least slack; in overload so that the fewest promises break."""
    if len(owed) <= len(floor.ready):
        return sorted(owed, key=_by_slack)
    late = given_up(owed, floor, lengths, now=now)
    if not late:
        return sorted(owed, key=_by_slack)
    return sorted(owed, key=lambda each: (not each.urgent, each.id in late, each.due_at, each.id))


def _by_slack(owed: Owed) -> tuple[bool, datetime, datetime, int]:
    return (not owed.urgent, owed.latest_start_at, owed.due_at, owed.id)
