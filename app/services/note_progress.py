"""A supervisor puts the progress of a recall on record: units, corrections, notices, incidents, the conclusion.

Each form carries a random key, so that sending it twice counts once.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date, datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Conflict, Invalid
from app.domain.recall_progress import MOST_UNITS, Addressee, Correction, Level, NoticeMedium
from app.models.one_at_a_time import one_at_a_time
from app.models.recall_progress import RecallCorrection, RecallEvaluation, RecallIncident, RecallNotice, RecallUnits
from app.models.staff import Staff
from app.models.upsert import insert_absent


def set_units(
    session: orm.Session, recall_id: int, units: Mapping[Level, int | None], by: Staff, *, now: datetime
) -> None:
    """Say how many units were affected at each level when the recall began; None for what is not known."""
    one_at_a_time(session, f"units:{recall_id}")
    for level, number in units.items():
        _check_number("units", number or 0)
        row = session.get(RecallUnits, (recall_id, str(level)))
        if number is None:
            if row is not None:
                session.delete(row)
            continue
        if row is None:
            row = RecallUnits(recall_id=recall_id, level=str(level), units=number)
            session.add(row)
        row.units, row.changed_at, row.changed_by = number, now, by.id


def note_correction(
    session: orm.Session,
    recall_id: int,
    key: str,
    level: Level,
    correction: Correction,
    units: int,
    done_on: date,
    by: Staff,
    *,
    today: date,
    now: datetime,
) -> bool:
    """Count units that were made safe; False if this form was counted before."""
    _check_number("units", units, least=1)
    _check_day("done_on", done_on, today)
    values = {
        "key": key, "recall_id": recall_id, "level": str(level), "correction": str(correction), "units": units,
        "done_on": done_on, "noted_at": now, "noted_by": by.id,
    }  # fmt: skip
    return insert_absent(session, RecallCorrection, values, ("key",))


def take_back(session: orm.Session, recall_id: int, correction_id: int, by: Staff, *, now: datetime) -> None:
    """Count a correction no more that was noted by mistake; it stays on record as taken back.

    Raises:
        Conflict: if there is none of this recall, or it is taken back already.
    """
    taken = session.execute(
        sa.update(RecallCorrection)
        .where(
            RecallCorrection.id == correction_id,
            RecallCorrection.recall_id == recall_id,
            RecallCorrection.taken_back_at.is_(None),
        )
        .values(taken_back_at=now, taken_back_by=by.id)
        .returning(RecallCorrection.id)
    ).first()
    if taken is None:
        raise Conflict("this correction is taken back already")


def note_notice(
    session: orm.Session,
    recall_id: int,
    key: str,
    addressee: Addressee,
    name: str,
    medium: NoticeMedium,
    number: int,
    sent_at: datetime,
    words: str,
    by: Staff,
    *,
    now: datetime,
) -> bool:
    """Put a notice that was sent on record, with its words (P3); False if this form was put down before."""
    _check_number("number", number, least=1)
    if not words.strip():
        raise Invalid("words", "is missing")
    if sent_at > now:
        raise Invalid("sent_at", "lies in the future")
    values = {
        "key": key, "recall_id": recall_id, "addressee": str(addressee), "name": name.strip(), "medium": str(medium),
        "number": number, "sent_at": sent_at, "words": words.strip(), "written_at": now, "written_by": by.id,
    }  # fmt: skip
    return insert_absent(session, RecallNotice, values, ("key",))


def note_incident(
    session: orm.Session,
    recall_id: int,
    key: str,
    occurred_on: date,
    incidents: int,
    injuries: int,
    deaths: int,
    words: str,
    by: Staff,
    *,
    today: date,
    now: datetime,
) -> bool:
    """Put down incidents that did not come by the hotline; False if this form was put down before."""
    _check_number("incidents", incidents)
    _check_number("injuries", injuries)
    _check_number("deaths", deaths)
    _check_day("occurred_on", occurred_on, today)
    if not incidents + injuries + deaths:
        raise Invalid("incidents", "is missing")
    values = {
        "key": key, "recall_id": recall_id, "occurred_on": occurred_on, "reported_on": today, "incidents": incidents,
        "injuries": injuries, "deaths": deaths, "words": words.strip(), "written_at": now, "written_by": by.id,
    }  # fmt: skip
    return insert_absent(session, RecallIncident, values, ("key",))


def conclude(session: orm.Session, recall_id: int, words: str, by: Staff, *, now: datetime) -> None:
    """Write what the office concludes from the recall, in the place of what was written before (P5)."""
    one_at_a_time(session, f"evaluation:{recall_id}")
    row = session.get(RecallEvaluation, recall_id)
    if row is None:
        row = RecallEvaluation(recall_id=recall_id)
        session.add(row)
    row.words, row.written_at, row.written_by = words.strip(), now, by.id


def _check_number(field: str, number: int, least: int = 0) -> None:
    if not least <= number <= MOST_UNITS:
        raise Invalid(field, f"must be from {least} to {MOST_UNITS}")


def _check_day(field: str, day: date, today: date) -> None:
    if day > today:
        raise Invalid(field, "lies in the future")
