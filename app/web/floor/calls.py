"""The call log: filtered by its address, a page at a time, with views that people keep; and one call turn by turn."""

from __future__ import annotations

from urllib.parse import parse_qsl, urlencode

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.analytics.call_log import LogFilter, LogPage, log_page, not_entered_yet
from app.analytics.call_story import call_story
from app.domain.errors import Invalid, NotFound
from app.domain.periods import NAMED
from app.domain.promise import BreakCause, PromiseStatus
from app.domain.role import Permission
from app.models.call import Call
from app.models.call_log import CallOutcome
from app.models.case import Case
from app.models.staff import Staff, has_a_telephone
from app.models.units import Units
from app.services.call_evidence import call_evidence
from app.services.keep_view import begin_with, keep_view, remove_view, views_for
from app.services.take_turn import heard_values
from app.web.access import needs
from app.web.asked import read_cursor, write_cursor
from app.web.auth import staff
from app.web.desk.played import played
from app.web.desk.sentences import heard_sentence
from app.web.floor.log_filter import FIELDS, Typed, read_filter, typed_words
from app.web.show import office_zone
from app.web.webhooks.gate import runtime
from app.web.words import say

_A_PAGE = 50


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/calls", view_func=calls)
    bp.add_url_rule("/calls/<network_id>", view_func=call)
    bp.add_url_rule("/views", view_func=keep, methods=["POST"])
    bp.add_url_rule("/views/<int:view_id>/begin", view_func=begin, methods=["POST"])
    bp.add_url_rule("/views/<int:view_id>/remove", view_func=remove, methods=["POST"])


@needs(Permission.CALL_LOG)
def calls() -> str | Response | tuple[str, int]:
    rt, zone, now = runtime(), office_zone(), runtime().clock.now()
    problem, typed = None, Typed(typed_words(request.args), LogFilter())
    page = LogPage((), {}, {}, 0, None)
    with rt.database.reads() as session:
        views, first = views_for(session, staff())
        if first is not None and not request.args:
            return redirect(f"{url_for('floor.calls')}?{first.query}&view={first.id}", 303)
        try:
            typed = read_filter(rt, request.args, zone)
            cursor = request.args.get("cursor")
            after = read_cursor(cursor) if cursor else None
            page = log_page(session, typed.filter, after, _A_PAGE, now=now, total=_counted() if after else None)
        except Invalid as invalid:
            problem = say("{field}: {problem}", field=invalid.field, problem=invalid.problem)
        people = session.scalars(sa.select(Staff).where(has_a_telephone()).order_by(Staff.name)).all()
        waiting = not_entered_yet(session)
    answer = render_template(
        "floor/calls.html",
        page=page,
        callers={key: rt.vault.open(sealed, f"calls:caller:{key}") for key, sealed in page.callers.items()},
        names=_names(rt.database.reads, page),
        onward=typed.address("floor.calls", cursor=write_cursor(page.next), total=page.total) if page.next else None,
        problem=problem,
        typed=typed.words,
        query=urlencode(typed.words),
        views=views,
        first=first,
        chosen=request.args.get("view", ""),
        hotlines={hotline.name: hotline for hotline in rt.hotlines},
        people=people,
        nodes=sorted(rt.board.present.flows.nodes),
        ranges=list(NAMED),
        outcomes=list(CallOutcome),
        promises=list(PromiseStatus),
        causes=list(BreakCause),
        waiting=waiting,
        is_further=bool(request.args.get("cursor")),
        now=now,
        zone=zone,
    )
    return (answer, 422) if problem else answer


def _counted() -> int | None:
    """What the first page counted; the ones behind it need not count again."""
    text = request.args.get("total", "")
    return int(text) if text.isascii() and text.isdecimal() and len(text) < 12 else None


def _names(reads: Units, page: LogPage) -> dict[int, str]:
    wanted = {row.staff_id for row in page.rows if row.staff_id is not None}
    if not wanted:
        return {}
    with reads() as session:
        return {each.id: each.name for each in session.scalars(sa.select(Staff).where(Staff.id.in_(wanted)))}


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


@needs(Permission.CALL_LOG)
def keep() -> Response:
    rt = runtime()
    pairs = [(name, value) for name, value in parse_qsl(request.form.get("query", "")) if name in FIELDS]
    query = urlencode([(name, value) for name, value in typed_words(MultiDict(pairs)).items() if name != "phone"])
    with rt.database.sessions.begin() as session:
        view = keep_view(
            session,
            staff(),
            request.form.get("name", ""),
            query,
            is_shared=request.form.get("shared") == "yes",
            begins=request.form.get("begins") == "yes",
            now=rt.clock.now(),
        )
        view_id = view.id
    return redirect(f"{url_for('floor.calls')}?{query}&view={view_id}", 303)


@needs(Permission.CALL_LOG)
def begin(view_id: int) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        begin_with(session, staff(), view_id if request.form.get("begins") == "yes" else None)
    return redirect(url_for("floor.calls", view=view_id), 303)


@needs(Permission.CALL_LOG)
def remove(view_id: int) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        remove_view(session, staff(), view_id)
    return redirect(url_for("floor.calls", all="1"), 303)
