"""Removes content and leaves behind why: without such a row the journal takes what is gone for tampering."""

from __future__ import annotations

import contextlib
import secrets
from collections.abc import Iterator
from datetime import datetime

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.chain import Removal, RemovalPermit
from app.models.upsert import insert_absent
from app.models.vault import Vault


@contextlib.contextmanager
def permitted(session: orm.Session) -> Iterator[None]:
    """Let this transaction change and remove rows that are otherwise only added; no other one sees the permit."""
    session.flush()
    key = secrets.token_urlsafe(12)
    session.execute(sa.insert(RemovalPermit).values(key=key))
    yield
    session.flush()
    session.execute(sa.delete(RemovalPermit).where(RemovalPermit.key == key))


def note_removal(session: orm.Session, vault: Vault, subject: str, kind: str, basis: str, *, at: datetime) -> bool:
    """Write down what is removed and why; a second time changes nothing, and gives False."""
    values = {
        "subject": subject,
        "kind": kind,
        "at": at,
        "basis": basis,
        "mark": removal_mark(vault, subject, kind, at, basis),
    }
    return insert_absent(session, Removal, values, ("subject", "kind"))


def removal_mark(vault: Vault, subject: str, kind: str, at: datetime, basis: str) -> bytes:
    """What vouches for a removal."""
    return vault.mark("removal", subject, kind, at.isoformat(), basis)
