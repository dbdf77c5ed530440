"""The figures of the page, in its order."""

from __future__ import annotations

from datetime import datetime
from zoneinfo import ZoneInfo

from sqlalchemy import orm

from app.analytics.figures import (
    Compared,
    Figure,
    abandonment,
    by_column,
    repetitions,
    satisfaction,
    service_level,
    volumes,
)
from app.analytics.promise_figures import lateness, promises, rings


def all_figures(session: orm.Session, compared: Compared, zone: ZoneInfo, *, now: datetime) -> list[Figure]:
    """Every figure of the page, in its order."""
    return [
        volumes(session, compared.now, zone, now=now),
        by_column(session, compared, "outcomes", "outcome", "outcome", now=now),
        service_level(session, compared, now=now),
        promises(session, compared, now=now),
        lateness(session, compared, now=now),
        rings(session, compared, now=now),
        by_column(session, compared, "causes", "promise_cause", "cause", now=now),
        by_column(session, compared, "kinds", "kind", "kind", now=now),
        satisfaction(session, compared, now=now),
        repetitions(session, compared, now=now),
        abandonment(session, compared, now=now),
        by_column(session, compared, "languages", "language", "language", now=now),
    ]
