"""Promises in danger, with who can save them; and every promise there was."""

from __future__ import annotations

from dataclasses import dataclass

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import orm
from werkzeug.datastructures import MultiDict
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.analytics import listings
from app.analytics.promise_queue import QueueRow, Standing, promise_queue
from app.domain.errors import Invalid
from app.domain.promise import PromiseStatus
from app.domain.role import Permission
from app.models.reminder import endangered
from app.models.staff import Staff
from app.services.rescue import Rescue, assign_and_ring, rescue
from app.web.access import needs
from app.web.asked import wanted, write_cursor
from app.web.auth import own_path, staff
from app.web.show import office_zone
from app.web.webhooks.gate import runtime
from app.web.words import say

_FILTERS = ("phone", "status", "language", "hotline", "cursor")


@dataclass(frozen=True, slots=True)
class Danger:
    """A promise that may be missed."""

    row: QueueRow
    rescue: Rescue
    can_be_saved: bool


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/promises", view_func=promises)
    bp.add_url_rule("/promises/<int:promise_id>/rescue", view_func=save, methods=["POST"])


@needs(Permission.ASSIGN)
def promises() -> str | tuple[str, int]:
    rt = runtime()
    typed = {name: value.strip() for name, value in request.args.items() if value.strip() and name in _FILTERS}
    problem = None
    with rt.database.reads() as session:
        try:
            page = listings.promises(session, wanted(rt, MultiDict(typed), _FILTERS))
        except Invalid as invalid:
            problem = say("{field}: {problem}", field=invalid.field, problem=invalid.problem)
            page = listings.Page((), None)
        dangers = dangers_now(session)
    shown = {name: value for name, value in typed.items() if name != "cursor"}
    onward = url_for("floor.promises", **shown, cursor=write_cursor(page.next)) if page.next else None  # type: ignore[arg-type]
    answer = render_template(
        "floor/promises.html",
        dangers=dangers,
        promises=page.rows,
        onward=onward,
        problem=problem,
        typed=typed,
        statuses=list(PromiseStatus),
        now=rt.clock.now(),
        zone=office_zone(),
        zone_of=lambda promise: rt.board.hotline_named(promise.hotline).zone,
    )
    return (answer, 422) if problem else answer


@needs(Permission.ASSIGN)
def save(promise_id: int) -> Response:
    rt = runtime()
    number = request.form.get("staff", "")
    with rt.database.sessions.begin() as session:
        is_number = number.isascii() and number.isdecimal() and len(number) < 10
        agent = session.get(Staff, int(number)) if is_number else None
        assign_and_ring(session, rt.vault, promise_id, agent, staff(), now=rt.clock.now())
    return redirect(own_path(request.form.get("next")) or url_for("floor.promises"), 303)


def dangers_now(session: orm.Session) -> list[Danger]:
    """What a supervisor was told of, what was foreseen, and what is late or at risk anyway."""
    rt = runtime()
    now = rt.clock.now()
    told = endangered(session)
    found = []
    for row in promise_queue(session, rt.vault, rt.board.hotline_named, now=now):
        if row.promise.id not in told and row.standing is Standing.ON_TIME:
            continue
        who = rescue(session, rt.vault, row.promise, row.hotline, now=now)
        found.append(Danger(row, who, bool(who.agents) and who.from_at is not None and row.stage is None))
    return found
