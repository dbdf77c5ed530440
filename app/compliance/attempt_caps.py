"""How often a customer may be rung about one promise."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from app.compliance.rule import Verdict
from app.compliance.statute_book import law_of
from app.compliance.whereabouts import Whereabouts
from app.domain.errors import LawUnknown

_WEEK = timedelta(days=7)


def may_ring_again(where: Whereabouts, rung_at: Sequence[datetime], at: datetime) -> Verdict:
    """Whether one more ring at this moment stays within every cap.

    Fails closed: without a rule in force the answer is no.

    Args:
        rung_at: when the customer's line was dialled before.
    """
    verdict = Verdict(False, "no zone or no jurisdiction is known", None)
    for name in where.jurisdictions:
        for zone in where.zones:
            try:
                verdict = _verdict(name, ZoneInfo(zone), rung_at, at)
            except LawUnknown as unknown:
                return Verdict(False, str(unknown), None)
            if not verdict.allowed:
                return verdict
    return verdict


def _verdict(name: str, zone: ZoneInfo, rung_at: Sequence[datetime], at: datetime) -> Verdict:
    law = law_of(name)
    local_day = at.astimezone(zone).date()
    rule = law.in_force(law.attempts, local_day, "attempts")
    today = sum(rung.astimezone(zone).date() == local_day for rung in rung_at)
    this_week = sum(timedelta(0) <= at - rung < _WEEK for rung in rung_at)
    return Verdict(
        today < rule.value.per_day and this_week < rule.value.per_week,
        f"{name}: {today} of {rule.value.per_day} rings on this day, {this_week} of {rule.value.per_week} in 7 days",
        rule.citation,
    )
