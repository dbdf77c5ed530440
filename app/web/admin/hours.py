"""When humans are there: hours and roster of one hotline, changed from a day on and tried out before they count."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, timedelta
from typing import Any, Final

import sqlalchemy as sa
from babel.dates import get_day_names
from flask import Blueprint, render_template, request, url_for
from sqlalchemy import orm
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.domain.business_hours import week_on
from app.domain.competence import CASE_KINDS
from app.domain.errors import Conflict, Invalid, NotFound
from app.domain.hotline import Hotline
from app.domain.role import Permission
from app.ivr.hotline_values import DAYS
from app.ivr.hotline_week import written_week
from app.models.case import Case
from app.models.hotline_change import DAY, WEEK, HotlineChange, version_of_changes
from app.models.promise import Promise
from app.models.staff import Staff
from app.services.change_hotline import Change, ChangedMeanwhile, Consequences, Unlawful, change_hours, withdraw_change
from app.web.access import needs
from app.web.auth import staff
from app.web.hours_form import read_day_form, read_week_form, written_day_form, written_week_form
from app.web.show import office_zone
from app.web.webhooks.gate import runtime
from app.web.words import desk_locale, say

_MOST_SHOWN: Final = 50


@dataclass(frozen=True, slots=True)
class Asked:
    """What came of a form: what would follow, or why it cannot be."""

    kind: str = ""  # week, day, withdraw; "" if nothing was sent
    consequences: Consequences | None = None
    problem: str = ""
    unlawful: Unlawful | None = None
    typed: Mapping[str, Any] = field(default_factory=dict)


def add_views(bp: Blueprint) -> None:
    """Add the page."""
    bp.add_url_rule("/hotlines/<name>/hours", view_func=hours, methods=["GET", "POST"])


@needs(Permission.ADMINISTER)
def hours(name: str) -> Response | str | tuple[str, int]:
    hotline = runtime().hotlines.named(name)
    if hotline is None:
        raise NotFound("hotline")
    if request.method == "GET":
        return _page(hotline, Asked())
    kind = request.form.get("kind", "")
    typed = written_week_form(request.form) if kind == WEEK else written_day_form(request.form)
    try:
        found = _carry_out(hotline, kind)
    except Unlawful as unlawful:
        return _page(hotline, Asked(kind, typed=typed, unlawful=unlawful)), 422
    except Invalid as invalid:
        return _page(hotline, Asked(kind, typed=typed, problem=_told(invalid))), 422
    except ChangedMeanwhile as other:
        problem = say("{name} changed these hours meanwhile. Look at them, then change them.", name=other.name)
        return _page(hotline, Asked(kind, typed=typed, problem=problem)), 409
    except Conflict as conflict:
        return _page(hotline, Asked(kind, typed=typed, problem=say(str(conflict)))), 409
    if found is not None:
        return _page(hotline, Asked(kind, found, typed=typed))
    runtime().hotlines.look()
    return redirect(url_for("admin.hours", name=name, saved="yes"), 303)


def _carry_out(hotline: Hotline, kind: str) -> Consequences | None:
    """Do what the form asks for, once what follows from it was shown.

    Raises:
        Invalid: if the form cannot be read.
    """
    rt, form = runtime(), request.form
    in_file = rt.hotlines.in_file.named(hotline.name)
    assert in_file is not None
    told: dict[str, Any] = {
        "by": staff().id,
        "seen": form.get("seen", "-"),
        "version": _version(form.get("version", "")),
        "now": rt.clock.now(),
        "wall_now": rt.wall.now(),
    }
    with rt.database.sessions.begin() as session:
        if kind == "withdraw":
            return withdraw_change(session, in_file, _number(form.get("change", "")), **told)
        if kind == WEEK:
            written = read_week_form(form, in_file.languages)
            return change_hours(session, in_file, Change(WEEK, _day("from"), None, written), **told)
        if kind == DAY:
            first = _day("from")
            last = _day("last") if form.get("last") else first
            return change_hours(session, in_file, Change(DAY, first, last, read_day_form(form)), **told)
    raise Invalid("kind", "is no choice")


def _version(typed: str) -> tuple[int, int]:
    newest, _, withdrawn = typed.partition("-")
    return _number(newest), _number(withdrawn)


def _number(typed: str) -> int:
    if not (typed.isascii() and typed.isdecimal() and len(typed) < 10):
        raise Invalid("version", "is no number")
    return int(typed)


def _day(name: str) -> date:
    try:
        return date.fromisoformat(request.form.get(name, ""))
    except ValueError:
        raise Invalid(name, "is no day; write it as 2026-03-02") from None


def _told(invalid: Invalid) -> str:
    names = {"from": say("From"), "last": say("Last day"), "hours": say("Hours"), "people": say("People")}
    return f"{names.get(invalid.field, invalid.field)}: {say(invalid.problem)}"


def _page(hotline: Hotline, asked: Asked) -> str:
    rt = runtime()
    today = rt.clock.now().astimezone(hotline.zone).date()
    latest = week_on(hotline, date.max)
    with rt.database.reads() as session:
        changes = _changes(session, hotline.name)
        version = version_of_changes(session, hotline.name)
        names = {row.id: row.name for row in session.execute(sa.select(Staff.id, Staff.name))}
        endangered = _promises(session, asked.consequences.endangered) if asked.consequences else []
    week = asked.typed if asked.kind == WEEK else written_week_form(written_week(latest))
    return render_template(
        "admin/hours.html",
        hotline=hotline,
        asked=asked,
        endangered=endangered,
        changes=changes,
        names=names,
        version="-".join(map(str, version)),
        today=today,
        tomorrow=today + timedelta(days=1),
        week=week,
        day_typed=asked.typed if asked.kind == DAY else {},
        days=list(zip(DAYS, (get_day_names("wide", locale=desk_locale())[n] for n in range(7)), strict=True)),
        kinds=CASE_KINDS,
        zone=office_zone(),
        saved=request.args.get("saved"),
    )


def _changes(session: orm.Session, name: str) -> Sequence[HotlineChange]:
    query = sa.select(HotlineChange).where(HotlineChange.hotline == name)
    return session.scalars(query.order_by(HotlineChange.from_on.desc(), HotlineChange.id.desc()).limit(50)).all()


def _promises(session: orm.Session, ids: Sequence[int]) -> list[dict[str, Any]]:
    query = (
        sa.select(Promise.id, Promise.due_at, Promise.urgent, Case.protocol)
        .join(Case, Case.id == Promise.case_id)
        .where(Promise.id.in_(ids[:_MOST_SHOWN]))
    )
    return [dict(row) for row in session.execute(query.order_by(Promise.due_at, Promise.id)).mappings()]
