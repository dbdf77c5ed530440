"""Measures against recurring complaints, each with the complaints before it and since."""

from __future__ import annotations

from datetime import date

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.analytics.effects import effect_of
from app.domain.errors import Invalid
from app.domain.role import Permission
from app.models.measure import Measure
from app.models.staff import Staff
from app.services.take_measure import close_measure, take_measure
from app.web.access import needs
from app.web.show import office_zone
from app.web.webhooks.gate import runtime
from app.web.words import say

_SHOWN = 40


def add_views(bp: Blueprint) -> None:
    """Add the page and its actions."""
    bp.add_url_rule("/measures", view_func=measures)
    bp.add_url_rule("/measures", view_func=take, methods=["POST"])
    bp.add_url_rule("/measures/<int:measure_id>/close", view_func=close, methods=["POST"])


@needs(Permission.CALL_LOG)
def measures() -> str:
    return _page(None)


def _page(problem: str | None) -> str:
    rt, zone, now = runtime(), office_zone(), runtime().clock.now()
    with rt.database.reads() as session:
        newest = sa.select(Measure).order_by(Measure.closed_at.is_not(None), Measure.from_on.desc(), Measure.id.desc())
        found = session.scalars(newest.limit(_SHOWN)).all()
        effects = {each.id: effect_of(session, rt.vault, each, zone, now=now) for each in found}
        people = session.scalars(sa.select(Staff).where(Staff.disabled_at.is_(None)).order_by(Staff.name)).all()
    return render_template(
        "floor/measures.html",
        measures=found,
        effects=effects,
        people=people,
        names={person.id: person.name for person in people},
        hotlines={hotline.name: hotline for hotline in rt.hotlines},
        problem=problem,
        typed=request.form,
        today=now.astimezone(zone).date(),
        zone=zone,
    )


@needs(Permission.ASSIGN)
def take() -> Response | tuple[str, int]:
    rt, form = runtime(), request.form
    owner = form.get("owner", "")
    hotline = form.get("hotline", "")
    try:
        with rt.database.sessions.begin() as session:
            take_measure(
                session,
                int(owner) if owner.isascii() and owner.isdecimal() and len(owner) < 10 else 0,
                form.get("what", ""),
                kind=form.get("kind", ""),
                words=form.get("words", ""),
                hotline=hotline if any(each.name == hotline for each in rt.hotlines) else None,
                from_on=_day(form.get("from_on", "")),
                now=rt.clock.now(),
            )
    except Invalid as invalid:
        return _page(say("{field}: {problem}", field=invalid.field, problem=invalid.problem)), 422
    return redirect(url_for("floor.measures"), 303)


def _day(text: str) -> date:
    try:
        return date.fromisoformat(text)
    except ValueError as error:
        raise Invalid("from_on", "is no day; write it as 2026-03-02") from error


@needs(Permission.ASSIGN)
def close(measure_id: int) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        close_measure(session, measure_id, request.form.get("lesson", ""), now=rt.clock.now())
    return redirect(url_for("floor.measures"), 303)
