"""Keeps what somebody types about a case, every few seconds, so that a reload, a logout or a crash takes nothing."""

from __future__ import annotations

import secrets
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Invalid
from app.models.case import Case
from app.models.draft import Draft, draft_of, drop_draft
from app.models.staff import Staff
from app.models.upsert import insert_absent
from app.models.vault import Vault

PLACES: Final = ("note", "wrap_up")
_MOST_FIELDS: Final = 60
_LONGEST: Final = 20_000  # signs of all fields together


@dataclass(frozen=True, slots=True)
class Typed:
    """A draft, opened."""

    values: dict[str, str]
    version: int
    saved_at: datetime  # office time


class Elsewhere(Exception):
    """The same person has typed something else in another window since; nothing was saved."""

    def __init__(self, typed: Typed) -> None:
        super().__init__("typed in another window")
        self.typed = typed


def save_draft(
    session: orm.Session,
    vault: Vault,
    case: Case,
    staff: Staff,
    place: str,
    values: Mapping[str, str],
    *,
    version: int,
    now: datetime,
) -> int:
    """Keep what is typed so far; gives the version to name the next time. Nothing typed means no draft.

    Args:
        version: which one the window began with; 0 if it knew of none.

    Raises:
        Invalid: if the place is unknown, or it is too much.
        Elsewhere: if another window saved in between.
    """
    if place not in PLACES:
        raise Invalid("place", "holds no drafts")
    kept = {name: value for name, value in values.items() if value.strip()}
    if len(kept) > _MOST_FIELDS or sum(map(len, kept.values())) > _LONGEST:
        raise Invalid("draft", f"is longer than {_LONGEST} signs")
    if version == 0:
        key = secrets.token_urlsafe(12)
        row = {
            "key": key,
            "case_id": case.id,
            "staff_id": staff.id,
            "place": place,
            "version": 1,
            "saved_at": now,
            "typed": vault.seal(kept, f"drafts:{key}"),
        }
        if not kept or insert_absent(session, Draft, row, ("case_id", "staff_id", "place")):
            return 1 if kept else 0
    standing = draft_of(session, case.id, staff.id, place)
    if standing is None:
        # It was sent or thrown away in another window: what is typed here is a new one.
        return save_draft(session, vault, case, staff, place, values, version=0, now=now) if version else 0
    sealed = vault.seal(kept, f"drafts:{standing.key}")
    moved = session.scalar(
        sa.update(Draft)
        .where(Draft.id == standing.id, Draft.version == version)
        .values(version=version + 1, saved_at=now, typed=sealed)
        .returning(Draft.version)
    )
    if moved is None:
        session.refresh(standing)
        other = _opened(vault, standing)
        if other.values == kept:
            return other.version
        raise Elsewhere(other)
    return int(moved)


def read_draft(session: orm.Session, vault: Vault, case: Case, staff: Staff, place: str) -> Typed | None:
    """What somebody has typed about a case and not sent; None if nothing."""
    found = draft_of(session, case.id, staff.id, place)
    return _opened(vault, found) if found is not None else None


def throw_away_draft(session: orm.Session, case: Case, staff: Staff, place: str) -> None:
    """Forget what was typed: it was sent, or is not wanted any more."""
    drop_draft(session, case.id, staff.id, place)


def _opened(vault: Vault, draft: Draft) -> Typed:
    values: dict[str, str] = vault.open(draft.typed, f"drafts:{draft.key}")
    return Typed(values, draft.version, draft.saved_at)
