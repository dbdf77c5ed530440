"""What became of a simulated day, counted from its database and compared with what the callers themselves did."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from statistics import median
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from app.cli.simulation.day import Day
from app.domain.business_hours import opening_spans
from app.domain.promise import ENDED, PromiseStatus
from app.models.call import Call, Wait
from app.models.case import Case
from app.models.outbox import OutboxItem
from app.models.promise import Attempt, Promise
from app.models.records import open_record
from app.models.staff import Staff

_GOOD = (200, 204)


@dataclass
class Outcome:
    """Counts, and in `wrong` every sentence that must not be there."""

    begins_at: datetime
    ends_at: datetime
    webhooks: int = 0
    calls: Counter[str] = field(default_factory=Counter)  # by errand
    chose_complaint: int = 0
    complaints: int = 0
    completeness: list[int] = field(default_factory=list)  # percent, of each complaint
    stories: Counter[str] = field(default_factory=Counter)  # recorded, in words, none
    promises: Counter[str] = field(default_factory=Counter)  # by end state
    causes: Counter[str] = field(default_factory=Counter)  # of what was not simply kept
    without_promise: Counter[str] = field(default_factory=Counter)  # complaints, by why
    rings: Counter[int] = field(default_factory=Counter)  # promises, by how often the customer was rung
    results: Counter[str] = field(default_factory=Counter)  # attempts, by how they ended
    slack_minutes: list[float] = field(default_factory=list)  # left to the deadline when a promise was kept
    lead_minutes: list[float] = field(default_factory=list)  # from the promise to its deadline
    waits: Counter[str] = field(default_factory=Counter)
    waited_seconds: list[float] = field(default_factory=list)  # of callers an agent answered
    agents: list[dict[str, Any]] = field(default_factory=list)
    texts: Counter[str] = field(default_factory=Counter)
    wrong: list[str] = field(default_factory=list)

    @classmethod
    def together(cls, parts: list[Outcome]) -> Outcome:
        """What several offices count together."""
        whole = cls(min(part.begins_at for part in parts), max(part.ends_at for part in parts))
        for part in parts:
            for each in fields(cls)[2:]:
                mine, theirs = getattr(whole, each.name), getattr(part, each.name)
                if isinstance(mine, Counter):
                    mine.update(theirs)
                else:
                    setattr(whole, each.name, mine + theirs)
        return whole

    def to_json(self) -> dict[str, Any]:
        """As JSON values, in a fixed order."""
        lists = {
            "completeness_percent": _spread(self.completeness),
            "slack_at_keeping_minutes": _spread(self.slack_minutes),
            "lead_minutes": _spread(self.lead_minutes),
            "waited_seconds": _spread(self.waited_seconds),
        }
        counts = {
            name: {str(key): value for key, value in sorted(getattr(self, name).items())}
            for name in (
                "calls",
                "stories",
                "promises",
                "causes",
                "without_promise",
                "rings",
                "results",
                "waits",
                "texts",
            )
        }
        return {
            "begins_at": self.begins_at.isoformat(),
            "ends_at": self.ends_at.isoformat(),
            "webhooks": self.webhooks,
            "chose_complaint": self.chose_complaint,
            "complaints": self.complaints,
            **counts,
            **lists,
            "agents": self.agents,
            "wrong": self.wrong,
        }


def _spread(values: list[Any]) -> dict[str, float] | None:
    if not values:
        return None
    return {"min": round(min(values), 1), "median": round(median(values), 1), "max": round(max(values), 1)}


def outcome_of(day: Day) -> Outcome:
    """Count what a day left behind."""
    office = day.office
    found = Outcome(day.begins_at, office.clock.now(), webhooks=office.carrier.postman.number_sent)
    found.calls.update(each.errand for each in day.conversations)
    with office.runtime.database.reads() as session:
        found.wrong += _count_complaints(session, day, found)
        found.wrong += _count_promises(session, found)
        found.wrong += [f"a call that began at {call.started_at} was never settled" for call in _unsettled(session)]
        _count_waits(session, found)
        _count_agents(session, day, found)
        found.texts.update(session.scalars(sa.select(OutboxItem.status).where(OutboxItem.kind == "text")))
    found.wrong += [f"refused by the network: {one.code} {one.message}" for one in office.carrier.faults_seen]
    found.wrong += [
        f"{number} {kind} webhooks answered with {status}"
        for (kind, status), number in sorted(office.carrier.postman.sent.items())
        if status not in _GOOD
    ]
    return found


def _count_complaints(session: orm.Session, day: Day, found: Outcome) -> Iterator[str]:
    keys = {row.network_id: row.key for row in session.execute(sa.select(Call.network_id, Call.key))}
    promised = set(session.scalars(sa.select(Promise.case_id)))
    talked = set(session.scalars(sa.select(Wait.call_key).where(Wait.answered_at.is_not(None))))
    by_call: dict[str | None, list[Case]] = {}
    for case in session.scalars(sa.select(Case).where(Case.kind == "complaint").order_by(Case.id)):
        by_call.setdefault(case.call_key, []).append(case)
    found.complaints = sum(len(cases) for cases in by_call.values())
    for each in day.conversations:
        cases = by_call.pop(keys.get(each.network_id), [])
        found.chose_complaint += each.chose_complaint
        if each.errand == "complaint" and not each.chose_complaint:
            yield f"the caller with complaint {each.source_id} found no way to complain"
        if len(cases) != each.chose_complaint:
            yield f"the caller with complaint {each.source_id} has {len(cases)} on record"
        for case in cases:
            record = open_record(day.office.runtime.vault, case)
            found.completeness.append(case.completeness)
            recorded, words = record.receipt.recording_ref, record.matter.narrative
            found.stories["recorded" if recorded else "in words" if words else "none"] += 1
            if case.id not in promised:
                found.without_promise["spoke to a person" if case.call_key in talked else "no number to call"] += 1
    if by_call:
        yield f"{len(by_call)} complaints belong to nobody who called"


def _count_promises(session: orm.Session, found: Outcome) -> Iterator[str]:
    for promise in session.scalars(sa.select(Promise).order_by(Promise.id)):
        found.promises[promise.status] += 1
        found.lead_minutes.append(_minutes(promise.due_at - promise.made_at))
        if promise.cause:
            found.causes[f"{promise.status}: {promise.cause}"] += 1
        if promise.status == PromiseStatus.KEPT and promise.ended_at:
            found.slack_minutes.append(_minutes(promise.due_at - promise.ended_at))
        if promise.status not in ENDED:
            yield f"the promise due at {promise.due_at} has no end"
        if promise.status == PromiseStatus.BROKEN:
            yield f"the promise due at {promise.due_at} was broken: {promise.cause}"
        found.rings[sum(attempt.dialled_at is not None for attempt in promise.attempts)] += 1
    found.results.update(str(result) for result in session.scalars(sa.select(Attempt.result)))


def _unsettled(session: orm.Session) -> list[Call]:
    return list(session.scalars(sa.select(Call).where(Call.settled_at.is_(None)).order_by(Call.started_at)))


def _count_waits(session: orm.Session, found: Outcome) -> None:
    for wait in session.scalars(sa.select(Wait).order_by(Wait.joined_at)):
        found.waits[wait.status] += 1
        if wait.answered_at is not None:
            found.waited_seconds.append((wait.answered_at - wait.joined_at).total_seconds())


def _count_agents(session: orm.Session, day: Day, found: Outcome) -> None:
    open_seconds = _seconds_open(day, found)
    for agent in session.scalars(sa.select(Staff).where(Staff.phone.is_not(None)).order_by(Staff.id)):
        attempts = session.scalars(sa.select(Attempt).where(Attempt.staff_id == agent.id)).all()
        busy = sum((each.ended_at - each.started_at).total_seconds() for each in attempts if each.ended_at)
        found.agents.append(
            {
                "name": agent.name,
                "languages": agent.languages,
                "rung": len(attempts),
                "conversations": sum(each.bridged_at is not None for each in attempts),
                "busy_minutes": round(busy / 60, 1),
                "occupancy_percent": round(100 * busy / open_seconds, 1) if open_seconds else None,
            }
        )


def _seconds_open(day: Day, found: Outcome) -> float:
    """How long any hotline was open while the day was lived; an agent is there for all of that."""
    spans = sorted(
        (span.start, span.end)
        for hotline in day.office.runtime.hotlines
        for span in opening_spans(hotline, found.begins_at, days=5)
    )
    seconds, until = 0.0, found.begins_at
    for start, end in spans:
        start, end = max(start, until), min(end, found.ends_at)
        if end > start:
            seconds, until = seconds + (end - start).total_seconds(), end
    return seconds


def _minutes(span: timedelta) -> float:
    return span.total_seconds() / 60
