"""Somebody writes down what they know about a case."""

from __future__ import annotations

from datetime import datetime

from sqlalchemy import orm

from app.domain.errors import Invalid
from app.models.case import Case
from app.models.draft import drop_draft
from app.models.journal import note
from app.models.staff import Staff
from app.models.vault import Vault

_LONGEST = 5_000


def add_note(session: orm.Session, vault: Vault, case: Case, staff: Staff, text: str, *, now: datetime) -> None:
    """Add a note to the history of a case; its draft is needed no more.

    Raises:
        Invalid: if it is empty or too long.
    """
    write_note(session, vault, case, staff, text, now=now)
    drop_draft(session, case.id, staff.id, "note")


def write_note(session: orm.Session, vault: Vault, case: Case, staff: Staff, text: str, *, now: datetime) -> None:
    """The same from elsewhere than their desk, where a draft may lie that has nothing to do with it."""
    words = text.strip()
    if not words or len(words) > _LONGEST:
        raise Invalid("note", f"is empty, or longer than {_LONGEST} signs")
    note(session, vault, case, "note", f"staff:{staff.id}", now, text=words)


def finish_step(session: orm.Session, vault: Vault, case: Case, staff: Staff, step: str, *, now: datetime) -> None:
    """Write down that a step that was still to do is done."""
    note(session, vault, case, "step_done", f"staff:{staff.id}", now, step=step)
