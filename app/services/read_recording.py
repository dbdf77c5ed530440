"""Somebody of the office listens to a recording, or takes it along; each time stands in the case's history."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import NotFound
from app.models.call import Recording
from app.models.case import Case, CaseEvent
from app.models.journal import details_of, note
from app.models.staff import Staff
from app.models.vault import Vault

_ONE_LISTENING: Final = timedelta(minutes=30)  # office time; longer than any recording


def note_listening(
    session: orm.Session,
    vault: Vault,
    protocol: str,
    network_id: str,
    staff: Staff,
    *,
    now: datetime,
    is_beginning: bool,
    takes_along: bool = False,
) -> Recording:
    """Write down who listens, and give the recording that may be fetched then.

    Args:
        is_beginning: whether the sound is asked for from its start; players fetch the rest in parts, which is the same
            listening as long as it was noted a short while ago. Whoever asks for the rest alone is noted, too.
        takes_along: whether the sound is fetched as a file.

    Raises:
        NotFound: if this case has no such recording.
    """
    case = session.scalar(sa.select(Case).where(Case.protocol == protocol))
    recording = session.get(Recording, network_id)
    if case is None or recording is None or recording.call_key != case.call_key or recording.status != "completed":
        raise NotFound("recording")
    kind, actor = "downloaded" if takes_along else "listened", f"staff:{staff.id}"
    if is_beginning or takes_along or not _is_noted(session, vault, case, network_id, actor, now):
        note(session, vault, case, kind, actor, now, recording=network_id)
    return recording


def _is_noted(session: orm.Session, vault: Vault, case: Case, network_id: str, actor: str, now: datetime) -> bool:
    lately = sa.select(CaseEvent).where(
        CaseEvent.case_id == case.id,
        CaseEvent.kind == "listened",
        CaseEvent.actor == actor,
        CaseEvent.at > now - _ONE_LISTENING,
    )
    return any(details_of(vault, event).get("recording") == network_id for event in session.scalars(lately))
