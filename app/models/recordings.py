"""Recordings at the network: whoever learns of one first writes it down, so that none stays there for ever."""

from __future__ import annotations

from datetime import datetime
from typing import Literal

from sqlalchemy import orm

from app.models.call import Recording
from app.models.upsert import insert_absent


def note_recording(
    session: orm.Session,
    network_id: str,
    call_key: str,
    purpose: Literal["story", "fallback"],
    *,
    status: str = "completed",
    seconds: int | None = None,
    consent: str,
    at: datetime,
) -> bool:
    """Write a recording down; False if it is known, and nothing is changed then.

    Only what is written down can be listened to, and is deleted at the network when its time has come.

    Args:
        status: as the network tells it: in-progress, completed, absent.
        seconds: its length; None if that is not known.
        consent: granted, announced; "" if that is not known.
        at: office time of its start, or of the moment we learned of it.
    """
    values = {
        "network_id": network_id,
        "call_key": call_key,
        "purpose": purpose,
        "status": status,
        "seconds": seconds,
        "started_at": at,
        "consent": consent,
    }
    return insert_absent(session, Recording, values, ("network_id",))
