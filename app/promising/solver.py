"""Finds the deadline that a customer is promised, before it is spoken."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from itertools import takewhile

from app.compliance.calling_hours import may_call_at
from app.compliance.legal_limit import Limit, latest_answer
from app.compliance.rule import Citation, Verdict
from app.compliance.whereabouts import Whereabouts
from app.domain.business_hours import add_open_time, at_urgent_hours, has_roster, has_urgent_hours, opening_spans
from app.domain.hotline import Hotline
from app.domain.spans import Span, after_spending, first_instant
from app.promising.grid import LOOK_AHEAD_DAYS, Need
from app.promising.load import Load, Planned
from app.promising.proof import Proof, proof_of
from app.promising.slack import latest_start_at
from app.promising.spacing import one_conversation, time_needed
from app.promising.timetable import pairs, whole_seconds
from app.promising.workable import QUARTER, round_down, round_up, within_caps, workable_spans


@dataclass(frozen=True, slots=True)
class Wanted:
    """A call that a customer is to be promised."""

    now: datetime
    hotline: Hotline
    where: Whereabouts
    language: str = ""  # the one the customer is called in; "": the hotline's main one
    kind: str = ""  # of the case, for who can handle it; "": anybody
    urgent: bool = False
    wish_not_before: datetime | None = None  # None: the sooner the better
    wish_until: datetime | None = None  # the call is wished before this instant; None: whenever after the wish
    registered_at: datetime | None = None  # when the matter was registered, for the law; None: now
    number: str = ""  # the same for the same number, see `OpenPromise`
    rung_at: Sequence[datetime] = ()  # when this number was rung in the last days
    load: Load = field(default_factory=Load)


@dataclass(frozen=True, slots=True)
class Offer:
    """A deadline and all that belongs to it; instants in UTC.

    `at_risk` tells that no deadline was found that can surely be kept: a supervisor must see it at once.
    `wish_granted` is False if the customer's wish lies beyond what law, opening hours and staff leave us.
    """

    due_at: datetime
    not_before_at: datetime
    latest_start_at: datetime
    legal_due_at: datetime
    legal_ref: Citation
    at_risk: bool
    wish_granted: bool
    verdicts: tuple[Verdict, ...]
    proof: Proof | None  # the plan that keeps it and all the others; None: there is none


def first_deadline(wanted: Wanted) -> Offer:
    """The earliest deadline that can be kept.

    It is a quarter of an hour, in opening and lawful hours (or at their end), at least the hotline's lead away in
    opening time, never later than the legal limit, and there is a plan by which an agent calls in time while every
    other open promise is kept as well. Who wishes for a span of time is promised its last quarter: they wait for all
    of it, and there is room for a second attempt. If there is no plan, it is the last quarter within the limit, at
    risk. If the limit has passed already it is the first that can be worked at all, at risk as well.

    An urgent call is promised for the hours at which somebody is there for urgent matters only, if that is sooner: in
    a plan of their own, since nobody else is called then.

    Raises:
        LawUnknown: if no rule is in force where the customer may be; then nothing may be promised.
    """
    offer = _first(wanted)
    if not wanted.urgent or not has_urgent_hours(wanted.hotline):
        return offer
    hotline = at_urgent_hours(wanted.hotline)
    shifts = wanted.load.shifts
    if has_roster(wanted.hotline):
        shifts = [shift for shift in shifts if shift.hours is not None]
    load = replace(wanted.load, open=wanted.load.urgent, shifts=shifts)
    apart = _first(replace(wanted, hotline=hotline, load=load))
    return min(offer, apart, key=lambda each: (each.at_risk, each.due_at))


def _first(wanted: Wanted) -> Offer:
    hotline, where = wanted.hotline, wanted.where
    limit = latest_answer(where.jurisdictions, wanted.registered_at or wanted.now, hotline.zone)
    planned = Planned(wanted.load, hotline, wanted.now, wanted.number, latest=limit.at)
    spans = _spans(wanted, planned)
    since = _since(wanted, spans, limit)
    due_at, proof = _with_room(wanted, planned, spans, since, limit)
    at_risk = due_at is None
    if due_at is None:
        due_at = _last_resort(wanted, spans, since, limit)
    not_before_at = first_instant(spans, since) or since
    if not_before_at >= due_at:
        not_before_at = since
    return Offer(
        due_at=due_at,
        not_before_at=not_before_at,
        latest_start_at=max(latest_start_at(due_at, time_needed(hotline.callback), _from(spans, since)), since),
        legal_due_at=limit.at,
        legal_ref=limit.citation,
        at_risk=at_risk,
        wish_granted=_is_granted(wanted, since, due_at, at_risk=at_risk),
        verdicts=(may_call_at(where, not_before_at), _limit_verdict(due_at, limit)),
        proof=proof,
    )


def _spans(wanted: Wanted, planned: Planned) -> tuple[Span, ...]:
    """When this customer can be called: office and law allow it, and their number is not rung too often."""
    spans = workable_spans(wanted.hotline, wanted.where, wanted.now, LOOK_AHEAD_DAYS)
    rung_at = (*wanted.rung_at, *planned.rings_of(wanted.number))
    return tuple(within_caps(spans, wanted.where, rung_at))


def _since(wanted: Wanted, spans: Sequence[Span], limit: Limit) -> datetime:
    """From when on the customer may be called: the wish if a lawful deadline is left after it, else now."""
    wish = wanted.wish_not_before
    if wish is None or wish <= wanted.now:
        return wanted.now
    first = next(_candidates(wanted, spans, wish, _rooms(wanted)[0]), None)
    last = min(limit.at, wanted.wish_until) if wanted.wish_until else limit.at
    return wish if first is not None and first <= last else wanted.now


def _latest(wanted: Wanted, since: datetime, limit: Limit) -> datetime:
    """The last instant that may become the deadline: of the limit, or of the span of time that is wished for."""
    starts = wanted.wish_not_before or wanted.now
    return min(limit.at, wanted.wish_until) if wanted.wish_until and starts <= since else limit.at


def _is_granted(wanted: Wanted, since: datetime, due_at: datetime, *, at_risk: bool) -> bool:
    if wanted.wish_not_before is not None and wanted.wish_not_before > since:
        return False
    return wanted.wish_until is None or (due_at <= wanted.wish_until and not at_risk)


def _rooms(wanted: Wanted) -> Sequence[timedelta]:
    """How much time to call is left before the deadline: for every attempt, or if that is not to be had, for one.

    However long the lead is, the law may leave us its last minutes only. A short lead has no room for every attempt;
    a span that was wished for is all there is.
    """
    rules = wanted.hotline.callback
    one = one_conversation(rules)
    if wanted.wish_until:
        return (one,)
    has_lead = wanted.wish_not_before is None or wanted.wish_not_before <= wanted.now
    lead = rules.urgent_lead if wanted.urgent else rules.lead
    return max(min(time_needed(rules), lead) if has_lead else time_needed(rules), one), one


def _candidates(wanted: Wanted, spans: Sequence[Span], since: datetime, room: timedelta) -> Iterator[datetime]:
    """Every deadline that leaves the lead and this much time to call, earliest first, whatever the load and limit."""
    rules = wanted.hotline.callback
    lead_over = add_open_time(wanted.hotline, wanted.now, rules.urgent_lead if wanted.urgent else rules.lead)
    room_over = after_spending(spans, since, room)
    if lead_over is None or room_over is None:
        return
    earliest = max(lead_over, room_over)
    for span in spans:
        at = round_up(max(span.start, earliest))
        while at <= span.end:
            if at > span.start:
                yield at
            at += QUARTER


def _with_room(
    wanted: Wanted, planned: Planned, spans: Sequence[Span], since: datetime, limit: Limit
) -> tuple[datetime | None, Proof | None]:
    """The first deadline by which a conversation can be planned, and the plan."""
    need = Need(wanted.language or wanted.hotline.main_language, wanted.kind)
    latest = _latest(wanted, since, limit)
    ends_at = planned.put_earliest(need, pairs(_from(spans, since)), whole_seconds(latest), wanted.number)
    if ends_at is None:
        return None, None
    for room in _rooms(wanted):
        candidates = _candidates(wanted, spans, since, room)
        fitting = takewhile(lambda at: at <= latest, (at for at in candidates if at >= ends_at))
        due_at = next(fitting, None)
        if due_at is not None:
            return max((due_at, *fitting)) if wanted.wish_until else due_at, proof_of(planned)
    return None, None


def _last_resort(wanted: Wanted, spans: Sequence[Span], since: datetime, limit: Limit) -> datetime:
    """The last quarter within the limit: in workable, else in opening hours, else at all; soon, if it has passed."""
    opening = opening_spans(wanted.hotline, wanted.now, LOOK_AHEAD_DAYS)
    for row in (spans, tuple(opening)):
        ends = [round_down(min(span.end, limit.at)) for span in row if span.start < limit.at]
        if ends and ends[-1] > since:
            return ends[-1]
    if round_down(limit.at) > since:
        return round_down(limit.at)
    soon = round_up(wanted.now + wanted.hotline.callback.urgent_lead)
    return next(_candidates(wanted, spans, wanted.now, _rooms(wanted)[-1]), soon)


def _from(spans: Sequence[Span], since: datetime) -> list[Span]:
    return [Span(max(span.start, since), span.end) for span in spans if span.end > since]


def _limit_verdict(due_at: datetime, limit: Limit) -> Verdict:
    moved = "" if limit.is_working_day else ", which is no working day"
    return Verdict(due_at <= limit.at, f"due by {limit.on}{moved}", limit.citation)
