"""Measures against complaints that recur: taken, watched, and closed with what was learned (T18)."""

from __future__ import annotations

from datetime import date, datetime
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.errors import Conflict, Invalid, NotFound
from app.models.measure import Measure
from app.models.staff import Staff

_KINDS: Final = ("complaint", "cancellation", "recall", "information")
_LONGEST: Final = 2_000


def take_measure(
    session: orm.Session,
    owner_id: int,
    what: str,
    *,
    kind: str,
    words: str = "",
    hotline: str | None = None,
    from_on: date,
    now: datetime,
) -> Measure:
    """Put down what the office does against a group of complaints, and who answers for it.

    Args:
        words: that a case of the group has in its product, model or kind of problem; "" for all of the kind.
        hotline: None for every hotline.
        from_on: the local day from which it should show.

    Raises:
        Invalid: if something is missing or is no such thing.
    """
    what = " ".join(what.split())
    if not what or len(what) > _LONGEST:
        raise Invalid("what", f"needs 1 to {_LONGEST} letters")
    if kind not in _KINDS:
        raise Invalid("kind", f"is none of: {', '.join(_KINDS)}")
    owner = session.get(Staff, owner_id)
    if owner is None or owner.disabled_at is not None:
        raise Invalid("owner", "is nobody of the office")
    measure = Measure(
        what=what,
        owner_id=owner.id,
        hotline=hotline or None,
        kind=kind,
        words=" ".join(words.lower().split())[:200],
        from_on=from_on,
        created_at=now,
    )
    session.add(measure)
    session.flush()
    return measure


def close_measure(session: orm.Session, measure_id: int, lesson: str, *, now: datetime) -> None:
    """Stop watching a measure, and say what was learned from it.

    Raises:
        NotFound: if there is none.
        Invalid: if nothing was learned.
        Conflict: if somebody closed it before.
    """
    lesson = " ".join(lesson.split())
    if not lesson or len(lesson) > _LONGEST:
        raise Invalid("lesson", f"needs 1 to {_LONGEST} letters")
    if session.get(Measure, measure_id) is None:
        raise NotFound("measure")
    closed = session.scalar(
        sa.update(Measure)
        .where(Measure.id == measure_id, Measure.closed_at.is_(None))
        .values(closed_at=now, lesson=lesson)
        .returning(Measure.id)
    )
    if closed is None:
        raise Conflict("this measure is closed already; what the other one wrote stands")
