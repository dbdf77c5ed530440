"""Many cases changed at once: what it would do, the exact count, what was not done, and ten seconds to take it back."""

from __future__ import annotations

import secrets
from collections.abc import Sequence
from dataclasses import replace
from typing import Final
from urllib.parse import parse_qsl

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for
from sqlalchemy import orm
from werkzeug.datastructures import MultiDict
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.analytics import listings
from app.domain.errors import Invalid, NotFound
from app.domain.role import Permission
from app.models.case import Case
from app.models.deed import Deed
from app.models.staff import Staff
from app.services.change_many import (
    HAND_OVER,
    MOST,
    RECODED,
    Change,
    Foreseen,
    can_undo,
    change_many,
    foresee,
    undo,
)
from app.web.access import needs
from app.web.asked import wanted
from app.web.auth import own_path, staff
from app.web.desk.cases import FILTERS, person_named
from app.web.show import office_zone
from app.web.webhooks.gate import runtime

_LONGEST_KEY: Final = 40


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/cases/many", view_func=many, methods=["POST"])
    bp.add_url_rule("/changes/<key>", view_func=changed)
    bp.add_url_rule("/changes/<key>/undo", view_func=undo_change, methods=["POST"])


@needs(Permission.ASSIGN)
def many() -> Response | str | tuple[str, int]:
    rt, form = runtime(), request.form
    with rt.database.reads() as session:
        cases = _chosen(session)
        change = Change(form.get("kind", ""), form.get("text", ""), person_named(session, form.get("to", "")))
        if not cases or len(cases) > MOST:
            return _page(
                session, cases[:MOST], (), Invalid("cases", f"are none, or more than {MOST}; choose fewer")
            ), 422
        if "do" not in form:
            return _page(session, cases, (), None)
        try:
            foreseen = foresee(session, rt.vault, cases, change)
        except Invalid as invalid:
            return _page(session, cases, (), invalid), 422
        if form["do"] != "change" or form.get("foreseen") != _said(change):
            return _page(session, cases, foreseen, None)
    key = form.get("key", "")[:_LONGEST_KEY]
    change_many(
        rt.database,
        rt.vault,
        [case.protocol for case in cases],
        change,
        staff(),
        key=key,
        now=rt.clock.now(),
        wall_now=rt.wall.now(),
    )
    return redirect(url_for("desk.changed", key=key), 303)


@needs(Permission.ASSIGN)
def changed(key: str) -> str:
    """What came of it: how many, and which were not changed and why."""
    rt = runtime()
    with rt.database.reads() as session:
        deed = session.get(Deed, key)
        if deed is None or deed.staff_id != staff().id:
            raise NotFound("deed")
        protocols = sa.select(Case.id, Case.protocol).where(Case.id.in_([each["case"] for each in deed.done]))
        return render_template(
            "desk/changed_many.html",
            deed=deed,
            done=[protocol for _, protocol in session.execute(protocols.order_by(Case.id))],
            undo_key=key if can_undo(deed, staff().id, rt.wall.now()) else None,
            undo_next=request.path,
        )


@needs(Permission.WORK)
def undo_change(key: str) -> Response:
    rt = runtime()
    undo(rt.database, rt.vault, key, staff(), now=rt.clock.now(), wall_now=rt.wall.now())
    return redirect(own_path(request.form.get("next")) or url_for("desk.queue"), 303)


def _chosen(session: orm.Session) -> list[Case]:
    """The cases that were ticked, or all that the list finds; one more than the most tells of too many."""
    form = request.form
    if "all" not in form:
        ticked = form.getlist("case")[: MOST + 1]
        return list(session.scalars(sa.select(Case).where(Case.protocol.in_(ticked)).order_by(Case.id.desc())))
    typed = {name: value for name, value in parse_qsl(form.get("query", ""))[:20] if value.strip()}
    if typed.get("q"):
        typed["phone"] = typed["q"]
    args = MultiDict({name: value for name, value in typed.items() if name in FILTERS and name != "cursor"})
    return list(listings.cases(session, replace(wanted(runtime(), args, FILTERS), limit=MOST + 1)).rows)


def _said(change: Change) -> str:
    """The change in one word, to see whether it is still the one that was foreseen."""
    return f"{change.kind}|{change.to.id if change.to else ''}|{change.text.strip()}"


def _page(session: orm.Session, cases: Sequence[Case], foreseen: Sequence[Foreseen], invalid: Invalid | None) -> str:
    people = session.scalars(sa.select(Staff).where(Staff.disabled_at.is_(None)).order_by(Staff.name)).all()
    change = Change(
        request.form.get("kind", ""), request.form.get("text", ""), person_named(session, request.form.get("to", ""))
    )
    return render_template(
        "desk/many.html",
        cases=cases,
        foreseen=foreseen,
        ready=sum(each.problem is None for each in foreseen),
        said=_said(change),
        change=change,
        invalid=invalid,
        kinds=(HAND_OVER, *RECODED),
        hand_over=HAND_OVER,
        people=people,
        key=request.form.get("key") or secrets.token_urlsafe(12),
        zone=office_zone(),
    )
