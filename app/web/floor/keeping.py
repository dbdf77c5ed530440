"""What is kept and until when; holds, histories and erasures are asked for here, and their documents handed over."""

from __future__ import annotations

from datetime import datetime

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for
from sqlalchemy import orm
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.analytics.case_file import Entry
from app.analytics.what_is_kept import what_is_kept
from app.domain.errors import Invalid, NotFound, RueckrufError
from app.domain.phone_number import parse_phone
from app.domain.protocol import read_protocol
from app.domain.role import Permission
from app.models.case import Case
from app.models.keeping import DataRequest
from app.services.data_requests import ask_erasure, ask_history, document_of, hand_over
from app.services.hold_matter import hold_matter, lift_hold
from app.web.access import needs
from app.web.auth import staff
from app.web.desk.sentences import sentence
from app.web.show import office_zone
from app.web.webhooks.gate import runtime
from app.web.words import say


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/keeping", view_func=keeping)
    bp.add_url_rule("/keeping/histories", view_func=histories, methods=["POST"])
    bp.add_url_rule("/keeping/erasures", view_func=erasures, methods=["POST"])
    bp.add_url_rule("/keeping/holds", view_func=holds, methods=["POST"])
    bp.add_url_rule("/keeping/holds/<protocol>/lift", view_func=lift, methods=["POST"])
    bp.add_url_rule("/keeping/requests/<key>", view_func=document)
    bp.add_url_rule("/keeping/requests/<key>/hand-over", view_func=handed, methods=["POST"])


@needs(Permission.KEEPING)
def keeping() -> str:
    return _page(None)


def _page(problem: str | None) -> str:
    rt = runtime()
    with rt.database.reads() as session:
        kept = what_is_kept(session, rt.vault, now=rt.clock.now())
    return render_template("floor/keeping.html", kept=kept, zone=office_zone(), problem=problem, typed=request.form)


@needs(Permission.KEEPING)
def histories() -> Response | tuple[str, int]:
    rt = runtime()
    try:
        with rt.database.sessions.begin() as session:
            case = _case(session, request.form.get("protocol", ""))
            hotline = rt.board.hotline_named(case.hotline)
            medium = request.form.get("medium", "electronic")
            ask_history(session, rt.vault, case, hotline, medium, _actor(), now=rt.clock.now())
    except RueckrufError as problem:
        return _refused(problem)
    return _back()


@needs(Permission.KEEPING)
def erasures() -> Response | tuple[str, int]:
    rt = runtime()
    hotline = next(iter(rt.hotlines))
    try:
        number = parse_phone(request.form.get("phone", ""), hotline.country)
        if number is None:
            raise Invalid("phone", "is no telephone number")
        with rt.database.sessions.begin() as session:
            ask_erasure(session, rt.vault, number, hotline, _actor(), now=rt.clock.now())
    except RueckrufError as problem:
        return _refused(problem)
    return _back()


@needs(Permission.KEEPING)
def holds() -> Response | tuple[str, int]:
    rt = runtime()
    try:
        with rt.database.sessions.begin() as session:
            case = _case(session, request.form.get("protocol", ""))
            hold_matter(session, rt.vault, case, request.form.get("reason", ""), _actor(), now=rt.clock.now())
    except RueckrufError as problem:
        return _refused(problem)
    return _back()


@needs(Permission.KEEPING)
def lift(protocol: str) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        lift_hold(session, rt.vault, _case(session, protocol), _actor(), now=rt.clock.now())
    return _back()


@needs(Permission.KEEPING)
def document(key: str) -> str:
    rt = runtime()
    with rt.database.reads() as session:
        asked = _request(session, key)
        paper = document_of(rt.vault, asked)
    if paper is None:
        raise NotFound("document")
    lines = [_line(event) for event in paper.get("events", [])]
    return render_template("floor/document.html", asked=asked, paper=paper, lines=lines, zone=office_zone())


@needs(Permission.KEEPING)
def handed(key: str) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        hand_over(session, rt.vault, _request(session, key), _actor(), now=rt.clock.now())
    return _back()


def _line(event: dict[str, object]) -> tuple[datetime, str]:
    """An entry of a history as a sentence."""
    at = datetime.fromisoformat(str(event["at"]))
    actor, details = str(event["actor"]), event["details"]
    number = actor.partition(":")[2]
    names = {int(number): str(event["who"])} if number.isdigit() and event["who"] else {}
    assert isinstance(details, dict)
    return at, sentence(Entry(at, str(event["kind"]), actor, details), names, office_zone())


def _case(session: orm.Session, typed: str) -> Case:
    protocol = read_protocol(typed)
    case = session.scalar(sa.select(Case).where(Case.protocol == (protocol or "")))
    if case is None:
        raise NotFound("case")
    return case


def _request(session: orm.Session, key: str) -> DataRequest:
    found = session.scalar(sa.select(DataRequest).where(DataRequest.key == key.replace("\x00", "")))
    if found is None:
        raise NotFound("request")
    return found


def _actor() -> str:
    return f"staff:{staff().id}"


def _refused(problem: RueckrufError) -> tuple[str, int]:
    if isinstance(problem, Invalid):
        return _page(say("{field}: {problem}", field=problem.field, problem=problem.problem)), 422
    return _page(str(problem)), 404 if isinstance(problem, NotFound) else 409


def _back() -> Response:
    return redirect(url_for("floor.keeping"), 303)
