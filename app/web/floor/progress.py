"""How far a recall has come: monthly figures, final evaluation, and what supervisors put on record of it (P3–P6)."""

from __future__ import annotations

import json
import secrets
from datetime import UTC, date, datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, Response, g, render_template, request, url_for
from sqlalchemy import orm
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as Redirect

from app.analytics.recall_document import COLUMNS, document_of, rows_of
from app.analytics.recall_progress import recall_progress
from app.domain.errors import Invalid, NotFound
from app.domain.recall_progress import Addressee, Correction, Level, NoticeMedium, Span, month_of
from app.domain.role import Permission
from app.models.case import Case
from app.models.recall import RecallRow
from app.models.recall_progress import RecallCorrection, RecallFeedback, RecallNotice
from app.services import note_progress
from app.services.write_rows import write_text
from app.web.access import needs
from app.web.auth import staff
from app.web.show import office_zone
from app.web.webhooks.gate import runtime

_BIGGEST_ID = 2**31
_MOST = 100
_LONGEST = 10_000


def add_views(bp: Blueprint) -> None:
    """Add the pages and their forms."""
    place = "/recalls/<int:recall_id>/progress"
    bp.add_url_rule(place, view_func=progress, endpoint="progress")
    bp.add_url_rule(f"{place}.<any(json,csv):form>", view_func=progress_file)
    bp.add_url_rule(place, view_func=put_down, methods=["POST"], endpoint="put_down")


@needs(Permission.ASSIGN)
def progress(recall_id: int) -> str:
    g.names_days = True
    with runtime().database.reads() as session:
        row = _row(session, recall_id)
        span = _span(row)
        noted = sa.select(RecallCorrection).where(RecallCorrection.recall_id == row.id)
        noted = noted.order_by(RecallCorrection.id.desc()).limit(_MOST)
        sent = sa.select(RecallNotice).where(RecallNotice.recall_id == row.id)
        sent = sent.order_by(RecallNotice.sent_at.desc(), RecallNotice.id.desc()).limit(_MOST)
        return render_template(
            "floor/progress.html",
            row=row,
            progress=recall_progress(session, row, span),
            span=span,
            is_final=request.args.get("month") == "all",
            month=f"{span.first:%Y-%m}",
            corrections=session.scalars(noted).all(),
            notices=session.scalars(sent).all(),
            unsolved=_unsolved(session, row.id),
            levels=list(Level), ways=list(Correction), addressees=list(Addressee), media=list(NoticeMedium),
            key=secrets.token_urlsafe(12),
            today=_today(),
            zone=office_zone(),
        )  # fmt: skip


@needs(Permission.ASSIGN)
def progress_file(recall_id: int, form: str) -> Response:
    with runtime().database.reads() as session:
        row = _row(session, recall_id)
        document = document_of(recall_progress(session, row, _span(row)))
    kind = "application/json" if form == "json" else "text/csv; charset=utf-8"
    name = f"recall-{recall_id}-{request.args.get('month') or 'month'}.{form}"
    body = (
        [json.dumps(document, ensure_ascii=False, indent=1).encode()]
        if form == "json"
        else write_text("csv", COLUMNS, rows_of(document))
    )
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return Response(b"".join(body), mimetype=None, content_type=kind, headers=headers)


@needs(Permission.ASSIGN)
def put_down(recall_id: int) -> Redirect:
    rt = runtime()
    what = request.form.get("what", "")
    if what not in _FORMS:
        raise Invalid("what", "is none of the forms")
    with rt.database.sessions.begin() as session:
        row = _row(session, recall_id)
        _FORMS[what](session, row.id, rt.clock.now())
    month = request.form.get("month") or None
    return redirect(url_for("floor.progress", recall_id=recall_id, month=month, saved="yes"), 303)


def _units(session: orm.Session, recall_id: int, now: datetime) -> None:
    units = {level: _number(str(level)) if request.form.get(str(level), "").strip() else None for level in Level}
    note_progress.set_units(session, recall_id, units, staff(), now=now)


def _correction(session: orm.Session, recall_id: int, now: datetime) -> None:
    note_progress.note_correction(
        session, recall_id, _key(), _one_of(Level, "level"), _one_of(Correction, "correction"), _number("units"),
        _day("done_on"), staff(), today=_today(), now=now,
    )  # fmt: skip


def _taken_back(session: orm.Session, recall_id: int, now: datetime) -> None:
    note_progress.take_back(session, recall_id, _number("correction_id"), staff(), now=now)


def _notice(session: orm.Session, recall_id: int, now: datetime) -> None:
    try:
        local = datetime.fromisoformat(request.form.get("sent_at", "")).replace(tzinfo=office_zone())
    except ValueError as error:
        raise Invalid("sent_at", "is no local time") from error
    note_progress.note_notice(
        session, recall_id, _key(), _one_of(Addressee, "addressee"), _words("name"), _one_of(NoticeMedium, "medium"),
        _number("number"), local.astimezone(UTC), _words("words"), staff(), now=now,
    )  # fmt: skip


def _incident(session: orm.Session, recall_id: int, now: datetime) -> None:
    note_progress.note_incident(
        session, recall_id, _key(), _day("occurred_on"), _number("incidents"), _number("injuries"), _number("deaths"),
        _words("words"), staff(), today=_today(), now=now,
    )  # fmt: skip


def _conclusion(session: orm.Session, recall_id: int, now: datetime) -> None:
    note_progress.conclude(session, recall_id, _words("words"), staff(), now=now)


_FORMS = {
    "units": _units,
    "correction": _correction,
    "taken_back": _taken_back,
    "notice": _notice,
    "incident": _incident,
    "conclusion": _conclusion,
}


def _row(session: orm.Session, recall_id: int) -> RecallRow:
    row = session.get(RecallRow, recall_id) if recall_id < _BIGGEST_ID else None
    if row is None:
        raise NotFound("recall")
    return row


def _span(row: RecallRow) -> Span:
    """The month asked for, this one if none is; `all` for everything until today."""
    zone, wanted = office_zone(), request.args.get("month", "")
    if wanted == "all":
        return Span(min(row.published_on or _today(), _today()), _today(), zone)
    return month_of(wanted or f"{_today():%Y-%m}", zone)


def _today() -> date:
    return runtime().clock.now().astimezone(office_zone()).date()


def _unsolved(session: orm.Session, recall_id: int) -> list[tuple[RecallFeedback, Case]]:
    rows = session.execute(
        sa.select(RecallFeedback, Case)
        .join(Case, Case.id == RecallFeedback.case_id)
        .where(RecallFeedback.recall_id == recall_id, RecallFeedback.solved.in_(("no", "partly")))
        .order_by(RecallFeedback.answered_at.desc())
        .limit(_MOST)
    )
    return [(feedback, case) for feedback, case in rows]


def _key() -> str:
    key = request.form.get("key", "")
    if not 8 <= len(key) <= 64:
        raise Invalid("key", "is missing")
    return key


def _number(field: str) -> int:
    text = request.form.get(field, "").strip().replace(" ", "")
    if not (text.isdecimal() and text.isascii() and len(text) <= 12):
        raise Invalid(field, "is no whole number")
    return int(text)


def _day(field: str) -> date:
    try:
        return date.fromisoformat(request.form.get(field, ""))
    except ValueError as error:
        raise Invalid(field, "is no day") from error


def _words(field: str) -> str:
    text = request.form.get(field, "").strip()
    if len(text) > _LONGEST:
        raise Invalid(field, f"is longer than {_LONGEST} signs")
    return text


def _one_of(words: Any, field: str) -> Any:
    try:
        return words(request.form.get(field, ""))
    except ValueError as error:
        raise Invalid(field, "is none of those offered") from error
