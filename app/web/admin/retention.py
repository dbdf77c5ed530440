"""How long each kind of thing is kept, why, where that is written, what goes next, and what went last."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
from flask import Blueprint, render_template
from sqlalchemy import orm

from app.analytics.what_is_kept import deletions, last_removals
from app.compliance.audit_kept import audit_place, audit_term
from app.compliance.law import KeptDays, KeptYears
from app.compliance.rule import Citation
from app.compliance.statute_book import law_of, place_of
from app.domain.role import Permission
from app.models.api_request import ApiRequest
from app.models.audit import AuditEntry
from app.models.call import ReceivedText
from app.models.export import KEPT_FOR, Export
from app.models.login_pace import FAILURES_KEPT
from app.models.office import Heartbeat
from app.models.staff import LoginFailure
from app.models.subscriber import Delivery
from app.services.answer_once import KEPT as ANSWERS_KEPT
from app.services.deliver_events import KEPT as DELIVERIES_KEPT
from app.services.known_device import KEPT as BROWSERS_KEPT
from app.services.receive_text import FORGET_AFTER
from app.web.access import needs
from app.web.show import office_zone
from app.web.webhooks.gate import runtime
from app.web.words import say


@dataclass(frozen=True, slots=True)
class ByLaw:
    """What the law of a hotline says about one kind of thing."""

    what: str  # recordings, cases
    term: KeptDays | KeptYears
    since: date
    citation: Citation
    place: str  # file and line


@dataclass(frozen=True, slots=True)
class ByHouse:
    """What the office keeps for its own needs."""

    what: str
    days: int
    number: int | None  # how many there are; None: they are not kept here
    next_at: datetime | None  # when the first of them goes


def add_views(bp: Blueprint) -> None:
    """Add the page."""
    bp.add_url_rule("/retention", view_func=retention)


@needs(Permission.ADMINISTER)
def retention() -> str:
    rt = runtime()
    today = rt.clock.now().astimezone(office_zone()).date()
    laws = {
        name: [each.company.name for each in rt.hotlines if each.jurisdiction == name]
        for name in dict.fromkeys(each.jurisdiction for each in rt.hotlines)
    }
    with rt.database.reads() as session:
        first_entry = session.scalar(sa.select(AuditEntry.at).order_by(AuditEntry.id).limit(1))
        return render_template(
            "admin/retention.html",
            laws={name: (companies, list(_by_law(name, today))) for name, companies in laws.items()},
            house=list(_by_house(session)),
            audit=(audit_term(), audit_place(), _audit_goes(first_entry)),
            deletions=deletions(session),
            last=last_removals(session),
            seen_at=session.scalar(sa.select(sa.func.max(Heartbeat.at))),
            zone=office_zone(),
            span_of=_span,
        )


def _by_law(jurisdiction: str, today: date) -> Iterator[ByLaw]:
    law = law_of(jurisdiction)
    recordings = law.in_force(law.recording_kept, today, "recording_kept")
    cases = law.in_force(law.case_kept, today, "case_kept")
    for what, rule, name in (("recordings", recordings, "recording_kept"), ("cases", cases, "case_kept")):
        yield ByLaw(what, rule.value, rule.since, rule.citation, place_of(jurisdiction, name, rule.since))


_OWN: Final[tuple[tuple[str, Any, timedelta], ...]] = (
    ("received texts", ReceivedText.at, FORGET_AFTER),
    ("deliveries", Delivery.next_at, DELIVERIES_KEPT),
    ("api answers", ApiRequest.at, ANSWERS_KEPT),
    ("exports", Export.expires_at, KEPT_FOR),
    ("login failures", LoginFailure.at, FAILURES_KEPT),
)


def _by_house(session: orm.Session) -> Iterator[ByHouse]:
    for what, column, term in _OWN:
        number, first = session.execute(sa.select(sa.func.count(), sa.func.min(column)).where(_stays(what))).one()
        ends = first if what == "exports" or first is None else first + term
        yield ByHouse(what, term.days, number, ends)
    yield ByHouse("browsers", BROWSERS_KEPT.days, None, None)


def _stays(what: str) -> sa.ColumnElement[bool]:
    """Which of them will go by themselves: no file that is gone, and no event that is still to be told."""
    if what == "exports":
        return Export.status == "ready"
    return Delivery.status.in_(("accepted", "dead")) if what == "deliveries" else sa.true()


def _audit_goes(first: datetime | None) -> datetime | None:
    return datetime(first.astimezone(UTC).year + audit_term().years + 1, 1, 1, tzinfo=UTC) if first else None


def _span(term: KeptDays | KeptYears) -> str:
    """A term in words."""
    if isinstance(term, KeptYears):
        return say("{count} years from the day it was closed, then it goes", count=term.at_least)
    if not term.at_least:
        return say("at most {most} days from the call", most=term.at_most)
    return say("at least {least}, at most {most} days from the call", least=term.at_least, most=term.at_most)
