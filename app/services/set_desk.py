"""How somebody sets up their own desk: what each line of the queue tells, and whether keys work."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.staff import Staff

COLUMNS: Final = ("protocol", "caller", "language", "tries", "next_try", "owner")
"""What a line of the queue may tell beside deadline, subject and standing, which it always tells."""

_USUAL: Final = ("protocol", "language", "tries", "owner")


def columns_of(staff: Staff) -> list[str]:
    """What somebody's lines tell, in their order."""
    chosen = (staff.desk or {}).get("columns")
    return [name for name in chosen if name in COLUMNS] if isinstance(chosen, list) else list(_USUAL)


def keys_of(staff: Staff) -> bool:
    """Whether single keys do something on somebody's pages (WCAG 2.1.4: they can be turned off)."""
    return bool((staff.desk or {}).get("keys", True))


def set_desk(session: orm.Session, staff: Staff, *, columns: Sequence[str], keys: bool) -> None:
    """Remember how somebody wants their desk."""
    kept: dict[str, Any] = {
        **(staff.desk or {}),
        "columns": [name for name in columns if name in COLUMNS],
        "keys": keys,
    }
    session.execute(sa.update(Staff).where(Staff.id == staff.id).values(desk=kept))
