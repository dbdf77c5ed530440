"""Complaints for the tests of signals: many, on days of their own, by people of their own."""

from __future__ import annotations

from datetime import datetime, timedelta

from app.models.case import Case
from app.models.journal import note
from app.models.records import open_record, seal_record
from app.runtime import Runtime
from app.services.raise_signals import raise_signals
from app.services.read_hazards import read_hazards
from tests.web.make import make_case

HAZARD = "Der Kocher hat gebrannt."
HARMLESS = "Er pfeift, aber er kocht nicht."
START = datetime.fromisoformat("2026-03-02T09:00:00+00:00")


def complain(
    runtime: Runtime, number: int, story: str = HARMLESS, *, after: timedelta | None = None, **facts: object
) -> int:
    """One complaint, an hour after the one before; gives the case's id."""
    at = START + (after if after is not None else timedelta(hours=number))
    told = {
        "matter.narrative": story,
        "complainant.phone": f"+4930231{number:05}",
        **{f"matter.{name}": value for name, value in facts.items()},
    }
    with runtime.database.sessions.begin() as session:
        case = make_case(session, runtime.vault, at, told, protocol=f"26{number:08}")
        return case.id


def watch(runtime: Runtime, now: datetime | None = None) -> int:
    """What the clock does at a tick."""
    read_hazards(runtime.database, runtime.vault)
    return raise_signals(runtime.database, runtime.vault, now=now or runtime.clock.now())


def learn(runtime: Runtime, case_id: int, **facts: object) -> None:
    """More becomes known of a complaint."""
    with runtime.database.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        record = open_record(runtime.vault, case).with_facts({f"matter.{name}": value for name, value in facts.items()})
        seal_record(runtime.vault, case, record)
        note(session, runtime.vault, case, "note", "ivr", case.received_at)
