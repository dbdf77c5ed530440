"""The ledger's page of one promise: its whole life, to read and to print."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from flask import Blueprint, g, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.analytics.ledger import Ledger, ledger
from app.analytics.promise_queue import standing_of
from app.domain.role import Permission
from app.models.staff import Staff
from app.promising.proof import THIS, Planning
from app.services.remind import see_reminder
from app.web.access import needs
from app.web.auth import own_path, staff
from app.web.desk.sentences import sentence
from app.web.webhooks.gate import runtime

AROUND: Final = timedelta(hours=2)
MOST_LANES: Final = 8


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/promises/<int:promise_id>", view_func=promise)
    bp.add_url_rule("/reminders/<int:reminder_id>/seen", view_func=seen, methods=["POST"])


@needs(Permission.WORK)
def promise(promise_id: int) -> str:
    rt = runtime()
    now = rt.clock.now()
    g.names_days = True
    with rt.database.reads() as session:
        found = ledger(session, rt.vault, rt.board.hotline_named, promise_id)
        names = {person.id: person.name for person in session.scalars(sa.select(Staff))}
        return render_template(
            "desk/ledger.html",
            ledger=found,
            promise=found.promise,
            wish=found.promise.verdicts.get("wish"),
            zone=found.hotline.zone,
            now=now,
            stands=standing_of(found.promise, now) if found.promise.status == "open" else None,
            life=[(entry, sentence(entry, names, found.hotline.zone)) for entry in found.history],
            drawing=draw(found),
        )


@needs(Permission.WORK)
def seen(reminder_id: int) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        see_reminder(session, reminder_id, staff(), now=rt.clock.now())
    return redirect(own_path(request.form.get("next")) or url_for("desk.queue"), 303)


@dataclass(frozen=True, slots=True)
class Bar:
    """One slot, on a line of a thousand parts."""

    x: float
    width: float
    is_own: bool


@dataclass(frozen=True, slots=True)
class Lane:
    """One agent of a team, and what they were planned to do."""

    languages: tuple[str, ...]
    skills: tuple[str, ...]
    agent: int
    bars: tuple[Bar, ...]
    slots: tuple[Planning, ...]
    is_own: bool


@dataclass(frozen=True, slots=True)
class Drawing:
    """The part of a schedule around the promise's own slot."""

    since: datetime
    until: datetime
    lanes: tuple[Lane, ...]
    left_out: int  # agents that are not drawn


def draw(found: Ledger) -> Drawing | None:
    """The schedule that proved a promise, small: some hours around its slot; None if there is none."""
    own = found.own_slot
    if own is None:
        return None
    since = max(own.starts_at - AROUND, min(found.promise.made_at, own.starts_at))
    until = own.ends_at + AROUND
    lanes: dict[tuple[tuple[str, ...], tuple[str, ...], int], list[Planning]] = {}
    for each in found.schedule:
        if each.ends_at > since and each.starts_at < until:
            key = (tuple(each.team.languages), tuple(each.team.skills), each.agent)
            lanes.setdefault(key, []).append(each)
    drawn = [_lane(key, slots, since, until - since) for key, slots in sorted(lanes.items())]
    kept = sorted(drawn, key=lambda lane: not lane.is_own)[:MOST_LANES]
    return Drawing(since, until, tuple(lane for lane in drawn if lane in kept), len(drawn) - len(kept))


def _lane(
    key: tuple[tuple[str, ...], tuple[str, ...], int], slots: list[Planning], since: datetime, room: timedelta
) -> Lane:
    bars = tuple(
        Bar(
            round((each.starts_at - since) / room * 1000, 1),
            round((each.ends_at - each.starts_at) / room * 1000, 1),
            each.promise_id == THIS,
        )
        for each in slots
    )
    return Lane(*key, bars=bars, slots=tuple(slots), is_own=any(bar.is_own for bar in bars))
