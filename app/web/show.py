"""How instants, spans, numbers and words of the office look on a page."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import date, datetime, timedelta
from http import HTTPStatus
from typing import Any, Final
from zoneinfo import ZoneInfo

import flask
import phonenumbers
import sqlalchemy as sa
from babel.dates import format_date, format_datetime
from babel.lists import format_list
from babel.numbers import format_decimal
from flask import Flask, url_for
from flask_wtf.csrf import generate_csrf

from app.analytics.presence import presence_of
from app.domain.complaint import ComplaintRecord
from app.domain.protocol import grouped
from app.domain.role import Permission
from app.domain.telephone import has_telephone, is_open
from app.models.hazard import HazardSignal
from app.models.promise import Promise
from app.models.staff import Staff
from app.services.logins import Visitor
from app.services.set_desk import keys_of, zone_of
from app.services.set_presence import AWAY_REASONS
from app.web.auth import here, may
from app.web.terms import term
from app.web.webhooks.gate import runtime
from app.web.words import desk_language, desk_locale, say

_MINUTE: Final = timedelta(minutes=1)
_DAYS: Final = {"de": "EEE d. MMM", "bs": "EEE d. MMM", "pt-BR": "EEE, d 'de' MMM"}
# In this order, since each says that it is those behind it, too.
_BROWSERS: Final = (
    ("Edg/", "Edge"), ("OPR/", "Opera"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"),
)  # fmt: skip
_SYSTEMS: Final = (
    ("iPhone", "iPhone"), ("iPad", "iPad"), ("Android", "Android"), ("Windows", "Windows"), ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def install(app: Flask) -> None:
    """Give the templates their words and forms."""
    app.jinja_env.trim_blocks = app.jinja_env.lstrip_blocks = True
    app.jinja_env.globals.update(
        _=say, csrf_token=generate_csrf, error_heading=error_heading, term=term, may=may, Permission=Permission,
        office_zone=office_zone, has_telephone=has_telephone, kinds_in_words=kinds_in_words, facts_of=facts_of,
        field_name=field_name, law_limit=law_limit,
    )  # fmt: skip
    app.jinja_env.filters.update(
        left=left,
        span=span,
        phone=phone,
        browser=browser,
        protocol=protocol,
        seconds=seconds,
        number=number,
        money=money,
        zoned=zoned,
        when=when,
        day=day,
        clock=clock,
        moment=moment,
        hour=hour,
        instant=datetime.fromisoformat,
    )
    app.context_processor(_page)


def _page() -> dict[str, Any]:
    visitor = here()
    return {
        "desk_language": desk_language(),
        "me": visitor.staff if visitor else None,
        "login_seconds": seconds_left(visitor, runtime().wall.now()) if visitor else 0,
        "presence": presence_of(visitor.staff, runtime().clock.now()) if visitor else None,
        "away_reasons": AWAY_REASONS,
        "softphone": _softphone(visitor.staff) if visitor else None,
        "open_signals": open_signals,
        "keys_work": visitor is not None and keys_of(visitor.staff),
        "icons": url_for("static", filename="icons.svg"),
    }


def open_signals() -> int:
    """How many signals of a hazard wait for a supervisor's decision (P1)."""
    with runtime().database.reads() as session:
        open_ones = sa.select(sa.func.count()).select_from(HazardSignal).where(HazardSignal.status == "open")
        return int(session.scalar(open_ones) or 0)


def _softphone(staff: Staff) -> str | None:
    """How the telephone in the browser stands: open, closed, or off; None if the office has none."""
    rt = runtime()
    if not rt.settings.twilio_api_key_sid:
        return None
    if not staff.rings_softphone:
        return "off"
    return "open" if is_open(staff, rt.wall.now()) else "closed"


def seconds_left(visitor: Visitor, wall_now: datetime) -> int:
    """How long a login still lasts if nothing more is heard of it."""
    return max(0, int((visitor.ends_at - wall_now).total_seconds()))


def left(due_at: datetime, now: datetime) -> str:
    """What is left until a deadline: "2 h 14 min", or "12 min late"."""
    if due_at < now:
        return say("{span} late", span=span(now - due_at))
    return span(due_at - now)


def span(length: timedelta) -> str:
    """A length of time in its two largest units: "1 d 3 h", "2 h 14 min", "45 min"."""
    minutes = int(length / _MINUTE)
    days, hours, rest = minutes // 1440, minutes % 1440 // 60, minutes % 60
    if days:
        return say("{days} d {hours} h", days=days, hours=hours)
    if hours:
        return say("{hours} h {minutes} min", hours=hours, minutes=rest)
    return say("{minutes} min", minutes=rest)


def when(instant: datetime, zone: ZoneInfo | str) -> str:
    """An instant as people say it, in a zone: "today 15:00", "Tue 3 Mar, 09:15".

    To a reader who lives by another clock it is said by theirs, with the zone's beside: "today 16:00 (15:00 Berlin)".
    A page that is read on another day and by others, since it is printed, sets `g.names_days`.
    """
    place = ZoneInfo(zone) if isinstance(zone, str) else zone
    own = _own_zone(instant, place)
    if own is place:
        return _said(instant, place)
    there = _said(instant, place)
    if instant.astimezone(own).date() == instant.astimezone(place).date():
        there = f"{instant.astimezone(place):%H:%M}"
    return f"{_said(instant, own)} ({there} {place.key.rpartition('/')[2].replace('_', ' ')})"


def _own_zone(instant: datetime, zone: ZoneInfo) -> ZoneInfo:
    """The zone of the reader if their clock shows another time at that instant; else the one given."""
    visitor = here()
    own = zone_of(visitor.staff) if visitor is not None and not flask.g.get("names_days") else None
    is_other = own is not None and instant.astimezone(own).utcoffset() != instant.astimezone(zone).utcoffset()
    return own if own is not None and is_other else zone


def _said(instant: datetime, zone: ZoneInfo) -> str:
    local, today = instant.astimezone(zone), runtime().clock.now().astimezone(zone).date()
    time = f"{local:%H:%M}"
    days = (local.date() - today).days
    if days in (-1, 0, 1) and not flask.g.get("names_days"):
        word = (say("today"), say("tomorrow"), say("yesterday"))[days]
        return f"{word} {time}"
    is_this_year = local.year == today.year and not flask.g.get("names_days")
    day = _DAYS.get(desk_language(), "EEE d MMM")
    pattern = day if is_this_year else f"{day} y"
    return f"{format_datetime(local, pattern, locale=desk_locale())}, {time}"


def zoned(instant: datetime, office: ZoneInfo, zones: Sequence[str]) -> str | None:
    """The customer's local time where it differs from the office's: "11:00", or "09:00 to 11:00" if not sure."""
    ours = instant.astimezone(office)
    theirs = sorted({instant.astimezone(ZoneInfo(zone)).strftime("%Y-%m-%d %H:%M") for zone in zones})
    if not theirs or theirs == [ours.strftime("%Y-%m-%d %H:%M")]:
        return None
    first, last = theirs[0][-5:], theirs[-1][-5:]
    return first if first == last else say("{first} to {last}", first=first, last=last)


def clock(instant: datetime, zone: ZoneInfo) -> str:
    """The time of the day with its seconds, by the reader's clock."""
    return f"{instant.astimezone(_own_zone(instant, zone)):%H:%M:%S}"


def hour(instant: datetime, zone: ZoneInfo) -> str:
    """The time of the day, by the reader's clock: "15:00"."""
    return f"{instant.astimezone(_own_zone(instant, zone)):%H:%M}"


def moment(instant: datetime, zone: ZoneInfo) -> str:
    """An instant with its seconds, by the reader's clock: "today 15:00:07"."""
    own = _own_zone(instant, zone)
    return f"{_said(instant, own)}:{instant.astimezone(own):%S}"


def day(on: date) -> str:
    """A day with its year: "30 June 2026"."""
    return str(format_date(on, "long", locale=desk_locale()))


def law_limit(promise: Promise, zone: ZoneInfo) -> str:
    """By when an answer is due, and who says so; a house rule is called one."""
    if promise.legal_due_at is None:
        return ""
    time, law = when(promise.legal_due_at, zone), promise.legal_ref or "–"
    if law.startswith("house rule"):
        return say("Our own rule wants an answer by {time}; no law sets a limit.", time=time)
    return say("The law wants an answer by {time} ({law}).", time=time, law=law)


def seconds(count: int | None) -> str:
    """A length in seconds as minutes and seconds: "1:05"."""
    return "–" if count is None else f"{count // 60}:{count % 60:02d}"


def number(count: int) -> str:
    """A count with its thousands apart, as the reader's language has it: "1,234,567"."""
    return str(format_decimal(count, locale=desk_locale()))


def money(cents: int) -> str:
    """An amount without its currency, as the reader's language writes it: "12.50", "12,50"."""
    return str(format_decimal(cents / 100, format="0.00", locale=desk_locale()))


def phone(e164: str | None) -> str:
    """A telephone number as it is written internationally, with blanks that do not break."""
    if not e164:
        return say("withheld")
    try:
        parsed = phonenumbers.parse(e164)
    except phonenumbers.NumberParseException:
        return e164
    written = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.INTERNATIONAL)
    return str(written).replace(" ", "\u00a0")


def browser(told: str) -> str:
    """What a browser says about itself, in two words: "Firefox, Windows"."""
    known = (next((name for sign, name in signs if sign in told), None) for signs in (_BROWSERS, _SYSTEMS))
    return ", ".join(filter(None, known)) or told[:60] or say("not told")


def protocol(number: str) -> str:
    """A protocol number in groups, with blanks that do not break."""
    return grouped(number).replace(" ", "\u00a0")


def office_zone() -> ZoneInfo:
    """The zone of the first hotline, for pages about no hotline in particular."""
    return next(iter(runtime().hotlines)).zone


def kinds_in_words(kinds: Sequence[str]) -> str:
    """The kinds of a complaint in a row: "dissatisfaction and a demand for compensation"."""
    return str(format_list([term("complaint", kind) for kind in kinds], locale=desk_locale()))


def facts_of(record: ComplaintRecord) -> list[tuple[str, str]]:
    """Every fact of a record that is known, by its dotted name, as text."""
    return list(_facts("", record.to_stored()))


def _facts(name: str, value: Any) -> Iterator[tuple[str, str]]:
    if isinstance(value, Mapping):
        for key, part in value.items():
            yield from _facts(f"{name}.{key}" if name else key, part)
    elif isinstance(value, list) and value and isinstance(value[0], Mapping):
        for number, part in enumerate(value, 1):
            yield from _facts(f"{name}[{number}]", part)
    elif isinstance(value, list):
        yield name, ", ".join(str(each) for each in value)
    else:
        yield name, str(value)


_FIELDS: Final = {
    "disposition": "How it ended",
    "response": "What the customer was told",
    "escalation_offered": "Where else they can turn",
    "redress": "Money granted",
    "call_at": "Call again not before",
    "phone": "Another number to call",
    "wish": "Call not before",
    "cases": "Cases",
    "to": "To",
    "reason": "Reason",
    "channel": "How it came in",
    "kind": "Kind of case",
    "language": "Language",
    "points": "The points of the complaint",
    "matter.product": "Product",
    "matter.model": "Model",
    "matter.issue": "The problem",
    "matter.narrative": "What happened, in their words",
    "matter.contract_or_order_no": "Order or contract",
    "matter.remedy_requested": "What they wish for",
    "complainant.name": "Name",
    "complainant.contact_time": "When they can be reached",
    "complainant.accessibility_need": "What makes talking with them possible",
}


def field_name(field: str) -> str:
    """What a field of a form is called on the page."""
    return say(_FIELDS.get(field, field))


_HEADINGS: Final = {
    400: "This form could not be used",
    403: "You may not do this",
    404: "There is nothing here",
    409: "Somebody was faster",
    422: "Something is missing",
    502: "The phone network does not answer",
}


def error_heading(status: int) -> str:
    """What an error page says first."""
    if status in _HEADINGS:
        return say(_HEADINGS[status])
    return say("Something went wrong on our side") if status >= 500 else HTTPStatus(status).phrase
