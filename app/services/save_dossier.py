"""A supervisor writes what the office adds to a recall; a draft is kept, and its faults keep it from being said."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import orm

from app.domain.errors import Conflict
from app.domain.recall_dossier import Dossier
from app.models.one_at_a_time import one_at_a_time
from app.models.recall import RecallDossier, RecallRow
from app.models.staff import Staff


def save_dossier(
    session: orm.Session, row: RecallRow, dossier: Dossier, by: Staff, *, seen: datetime | None, now: datetime
) -> None:
    """Keep it in the place of the one before.

    Args:
        seen: when the dossier that was changed here had been written; None if there was none.

    Raises:
        Conflict: if somebody else has written another one since.
    """
    one_at_a_time(session, f"dossier:{row.id}")
    found = session.get(RecallDossier, row.id)
    if (found.changed_at if found else None) != seen:
        raise Conflict("somebody else has changed this recall since; reload the page, nothing was saved")
    if found is None:
        found = RecallDossier(recall_id=row.id)
        session.add(found)
    found.document, found.changed_at, found.changed_by = dossier.model_dump(mode="json"), now, by.id
