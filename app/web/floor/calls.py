"""The call log, and one call turn by turn."""

from __future__ import annotations

from collections import defaultdict

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for
from werkzeug.datastructures import MultiDict

from app.analytics import listings
from app.analytics.call_story import call_story
from app.domain.errors import Invalid, NotFound
from app.domain.role import Permission
from app.models.call import Call
from app.models.case import Case
from app.services.call_evidence import call_evidence
from app.services.take_turn import heard_values
from app.web.access import needs
from app.web.asked import wanted, write_cursor
from app.web.desk.played import played
from app.web.desk.sentences import heard_sentence
from app.web.webhooks.gate import runtime
from app.web.words import say

_FILTERS = ("phone", "status", "language", "hotline", "since", "until", "cursor")


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/", view_func=calls)
    bp.add_url_rule("/calls/<network_id>", view_func=call)


@needs(Permission.CALL_LOG)
def calls() -> str | tuple[str, int]:
    rt = runtime()
    typed = {name: value.strip() for name, value in request.args.items() if value.strip() and name in _FILTERS}
    asked = MultiDict({name: _instant(value) if name in ("since", "until") else value for name, value in typed.items()})
    problem = None
    opened: defaultdict[str, list[Case]] = defaultdict(list)
    with rt.database.reads() as session:
        try:
            page = listings.calls(session, wanted(rt, asked, _FILTERS))
        except Invalid as invalid:
            problem, page = (
                say("{field}: {problem}", field=invalid.field, problem=invalid.problem),
                listings.Page((), None),
            )
        keys = [one.key for one in page.rows]
        for case in session.scalars(sa.select(Case).where(Case.call_key.in_(keys)).order_by(Case.id)):
            opened[case.call_key or ""].append(case)
    callers = {one.key: rt.vault.open(one.caller, f"calls:caller:{one.key}") for one in page.rows}
    shown = {name: value for name, value in typed.items() if name != "cursor"}
    onward = url_for("floor.calls", **shown, cursor=write_cursor(page.next)) if page.next else None  # type: ignore[arg-type]
    answer = render_template(
        "floor/calls.html",
        calls=page.rows,
        callers=callers,
        opened=opened,
        onward=onward,
        problem=problem,
        typed=typed,
        hotlines=list(rt.hotlines),
        zone=next(iter(rt.hotlines)).zone,
    )
    return (answer, 422) if problem else answer


@needs(Permission.CALL_LOG)
def call(network_id: str) -> str:
    rt = runtime()
    with rt.database.reads() as session:
        found = session.scalar(sa.select(Call).where(Call.network_id == network_id.replace("\x00", "")))
        if found is None:
            raise NotFound("call")
        story = call_story(session, rt.vault, found, played)
        moments = call_evidence(rt.board, session, found, played)
        opened = session.scalars(sa.select(Case).where(Case.call_key == found.key).order_by(Case.id)).all()
    zone = rt.board.hotline_named(found.hotline).zone
    return render_template(
        "floor/call.html",
        story=story,
        moments=moments,
        same=sum(moment.same for moment in moments),
        opened=opened,
        zone=zone,
        heard=lambda moment: heard_sentence(heard_values(moment.heard)),
    )


def _instant(text: str) -> str:
    """What a date field of a browser sends ("2026-03-02") as an instant."""
    return f"{text}T00:00:00Z" if len(text) == 10 else text
