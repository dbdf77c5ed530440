"""Which open promises no plan holds any more."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from app.domain.business_hours import at_urgent_hours, has_urgent_hours
from app.domain.hotline import Hotline
from app.promising.load import Load, Planned


def without_a_place(load: Load, hotline: Hotline, now: datetime) -> frozenset[int]:
    """The open promises for which there is no place by their deadline, as the solver lays them out.

    Urgent ones have one as well in the hours at which somebody is there for urgent matters only.
    """
    late = frozenset(Planned(load, hotline, now).late_ids)
    if not late or not has_urgent_hours(hotline):
        return late
    apart = Planned(replace(load, open=load.urgent), at_urgent_hours(hotline), now)
    return late - ({each.id for each in load.urgent} - set(apart.late_ids))
