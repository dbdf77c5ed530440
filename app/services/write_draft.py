"""A recall of our own is written and published; until then nobody outside hears of it."""

from __future__ import annotations

from datetime import date, datetime

from sqlalchemy import orm

from app.domain.errors import Conflict
from app.domain.recall_draft import Draft, recall_from
from app.models.hazard import RecallDraft
from app.models.one_at_a_time import one_at_a_time
from app.models.recall import RecallRow
from app.models.staff import Staff
from app.models.vault import Vault
from app.services.import_recalls import add_recall
from app.services.raise_signals import note_signal


def open_draft(session: orm.Session, by: Staff, *, now: datetime) -> RecallDraft:
    """Begin a recall that no signal asks for."""
    row = RecallDraft(signal_id=None, document=Draft().model_dump(mode="json"), changed_at=now, changed_by=by.id)
    session.add(row)
    session.flush()
    return row


def write_draft(
    session: orm.Session, row: RecallDraft, draft: Draft, by: Staff, *, seen: datetime, now: datetime
) -> None:
    """Keep the draft in the place of the one before.

    Raises:
        Conflict: if somebody else has written another one since, or it is published.
    """
    _take(session, row, seen)
    row.document, row.changed_at, row.changed_by = draft.model_dump(mode="json"), now, by.id


def publish_draft(
    session: orm.Session, vault: Vault, row: RecallDraft, by: Staff, *, seen: datetime, today: date, now: datetime
) -> RecallRow:
    """Make a recall of it, from now on looked up, spoken and shown; a second time is refused.

    Args:
        today: the office's day, on which it is published.

    Raises:
        Conflict: if it has changed since, or is published.
        Invalid: if the product, the danger or every number is missing.
    """
    _take(session, row, seen)
    recall = add_recall(
        session, recall_from(Draft.model_validate(row.document), f"H{today:%y}{row.id:04d}", today), now
    )
    row.recall_id, row.changed_at, row.changed_by = recall.id, now, by.id
    if row.signal_id is not None:
        note_signal(session, vault, row.signal_id, "published", f"staff:{by.id}", now, recall=recall.number)
    return recall


def _take(session: orm.Session, row: RecallDraft, seen: datetime) -> None:
    one_at_a_time(session, f"draft:{row.id}")
    session.flush()
    session.refresh(row)
    if row.recall_id is not None:
        raise Conflict("the recall is published already")
    if row.changed_at != seen:
        raise Conflict("somebody else has changed this draft since; reload the page, nothing was saved")
