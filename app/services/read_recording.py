"""Somebody of the office listens to a recording; every listening stands in the case's history."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import NotFound
from app.models.call import Recording
from app.models.case import Case
from app.models.journal import note
from app.models.staff import Staff
from app.models.vault import Vault


def note_listening(
    session: orm.Session,
    vault: Vault,
    protocol: str,
    network_id: str,
    staff: Staff,
    *,
    now: datetime,
    is_beginning: bool,
) -> Recording:
    """Write down who listens, and give the recording that may be fetched then.

    Args:
        is_beginning: whether the sound is asked for from its start; players fetch the rest in parts, which is the same
            listening.

    Raises:
        NotFound: if this case has no such recording.
    """
    case = session.scalar(sa.select(Case).where(Case.protocol == protocol))
    recording = session.get(Recording, network_id)
    if case is None or recording is None or recording.call_key != case.call_key or recording.status != "completed":
        raise NotFound("recording")
    if is_beginning:
        note(session, vault, case, "listened", f"staff:{staff.id}", now, recording=network_id)
    return recording
