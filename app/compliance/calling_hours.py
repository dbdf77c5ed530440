"""At what times a customer may be called: inside the hours of every law and every zone that may apply."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import date, datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.compliance.law import Law, Week
from app.compliance.rule import InForce, Verdict
from app.compliance.statute_book import law_of
from app.compliance.whereabouts import Whereabouts
from app.domain.errors import LawUnknown
from app.domain.hotline import Hours
from app.domain.spans import Span, common, first_instant, spans_from

PROMISED_CALLBACK: Final = "promised_callback"
SAFETY: Final = "safety"  # a warning of danger

HORIZON_DAYS: Final = 60


def may_call_at(where: Whereabouts, at: datetime, kind: str = PROMISED_CALLBACK) -> Verdict:
    """Whether the customer may be called at this moment.

    Every zone and every jurisdiction must allow it. Fails closed: without a rule in force the answer is no.

    Args:
        kind: of call, as the files of law name it.
    """
    verdict = Verdict(False, "no zone or no jurisdiction is known", None)
    for name in where.jurisdictions:
        for zone in where.zones:
            try:
                verdict = _verdict(law_of(name), ZoneInfo(zone), at, kind, is_zone_known=where.is_zone_known)
            except LawUnknown as unknown:
                return Verdict(False, str(unknown), None)
            if not verdict.allowed:
                return verdict
    return verdict


def lawful_spans(
    where: Whereabouts, since: datetime, kind: str = PROMISED_CALLBACK, days: int = HORIZON_DAYS
) -> Iterator[Span]:
    """The times from `since` on at which the customer may be called, in order, in UTC.

    Raises:
        LawUnknown: if no rule is in force.
    """
    if not where.jurisdictions or not where.zones:
        raise LawUnknown("nowhere", "calling_hours")
    spans: Iterator[Span] | None = None
    for name in where.jurisdictions:
        for zone in where.zones:
            more = _spans(law_of(name), ZoneInfo(zone), since, kind, days)
            spans = more if spans is None else common(spans, more)
            if not where.is_zone_known:
                narrow = _spans(law_of(name), ZoneInfo(zone), since, kind, days, is_guess=True)
                spans = common(spans, narrow)
    assert spans is not None
    return spans


def next_lawful(where: Whereabouts, since: datetime, kind: str = PROMISED_CALLBACK) -> datetime | None:
    """The first moment from `since` on at which the customer may be called, in UTC.

    Returns:
        None if there is none within `HORIZON_DAYS`.

    Raises:
        LawUnknown: if no rule is in force.
    """
    return first_instant(lawful_spans(where, since, kind), since)


def _rule(law: Law, day: date, kind: str) -> InForce[Week]:
    return law.in_force(law.calling_hours.get(kind), day, f"calling_hours of a {kind}")


def _hours(law: Law, day: date, kind: str, *, is_guess: bool) -> Hours:
    week = _rule(law, day, kind).value
    return week.unknown_zone if is_guess else week.hours_on(day, law.holidays)


def _spans(
    law: Law, zone: ZoneInfo, since: datetime, kind: str, days: int, *, is_guess: bool = False
) -> Iterator[Span]:
    return spans_from(lambda day: _hours(law, day, kind, is_guess=is_guess), zone, since, days)


def _verdict(law: Law, zone: ZoneInfo, at: datetime, kind: str, *, is_zone_known: bool) -> Verdict:
    local = at.astimezone(zone)
    rule = _rule(law, local.date(), kind)
    hours = rule.value.hours_on(local.date(), law.holidays)
    allowed = any(at in span for span in _spans(law, zone, at, kind, days=1))
    if allowed and not is_zone_known:
        hours = rule.value.unknown_zone
        allowed = any(at in span for span in _spans(law, zone, at, kind, days=1, is_guess=True))
    window = " and ".join(f"{opens:%H:%M} to {closes:%H:%M}" for opens, closes in hours) or "no calls on this day"
    return Verdict(allowed, f"{local:%A %H:%M} in {zone.key}, {law.jurisdiction}: {window}", rule.citation)
