"""Weekly and yearly reports as page, print and file, with what was learned from them."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any, Final

import flask
import sqlalchemy as sa
from flask import Blueprint, Response, render_template, request, url_for
from sqlalchemy import orm
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from app.domain.errors import NotFound
from app.domain.role import Permission
from app.models.measure import Report
from app.models.staff import Staff
from app.services.make_reports import add_lesson
from app.services.write_rows import FORMS, write_text
from app.web.access import needs
from app.web.auth import staff
from app.web.show import office_zone
from app.web.webhooks.gate import runtime

_SHOWN: Final = 60
_COLUMNS: Final = ("part", "what", "number", "before")


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/reports", view_func=reports)
    bp.add_url_rule("/reports/<int:report_id>", view_func=report)
    bp.add_url_rule("/reports/<int:report_id>.<form>", view_func=report_file)
    bp.add_url_rule("/reports/<int:report_id>/learned", view_func=learned, methods=["POST"])


@needs(Permission.CALL_LOG)
def reports() -> str:
    with runtime().database.reads() as session:
        rows = session.scalars(sa.select(Report).order_by(Report.after_on.desc(), Report.span).limit(_SHOWN)).all()
    return render_template("floor/reports.html", rows=rows, zone=office_zone())


@needs(Permission.CALL_LOG)
def report(report_id: int) -> str:
    flask.g.names_days = True  # it is printed, and read on other days
    with runtime().database.reads() as session:
        row = _report(session, report_id)
        writer = session.get(Staff, row.learned_by or 0)
    return render_template("floor/report.html", row=row, content=row.content, writer=writer, zone=office_zone())


@needs(Permission.CALL_LOG)
def report_file(report_id: int, form: str) -> Response:
    if form not in ("csv", "json"):
        raise NotFound("file")
    with runtime().database.reads() as session:
        row = _report(session, report_id)
    answer = Response(write_text(form, _COLUMNS, _lines(row.content)), mimetype=FORMS[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="report-{row.span}-{row.first_on}.{form}"'
    return answer


@needs(Permission.ASSIGN)
def learned(report_id: int) -> AnyResponse:
    with runtime().database.sessions.begin() as session:
        add_lesson(session, report_id, request.form.get("learned", ""), staff().id)
    return redirect(url_for("floor.report", report_id=report_id), 303)


def _report(session: orm.Session, report_id: int) -> Report:
    found = session.get(Report, report_id)
    if found is None:
        raise NotFound("report")
    return found


def _lines(content: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """A report as rows: part, what is counted, how many, and how many in the period before."""
    yield _line("calls", "calls", content["calls"]["calls"], content["calls"]["before"])
    for name, share in content["shares"].items():
        yield _line("shares", name, share["share"], share["before"])
    for column, counts in content["cases"].items():
        yield from (_line(f"cases by {column}", each["key"], each["cases"], each["before"]) for each in counts)
    for part in ("outcomes", "promises", "causes", "satisfaction"):  # the last not in old ones
        yield from (_line(part, each["key"], each["calls"], each["before"]) for each in content.get(part, ()))
    yield from (_line("recurring", each["what"], each["cases"], each["before"]) for each in content["recurring"])
    yield from (_line("measures", each["what"], each["since"], each["before"]) for each in content["measures"])


def _line(part: str, what: str, number: Any, before: Any) -> dict[str, Any]:
    return dict(zip(_COLUMNS, (part, what, number, before), strict=True))
