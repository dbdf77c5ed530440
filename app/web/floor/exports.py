"""Files of the call log: small ones at once, large ones written by the clock and fetched here until they expire."""

from __future__ import annotations

import tempfile
from collections.abc import Iterator
from datetime import datetime
from typing import IO, Final
from urllib.parse import parse_qsl

import sqlalchemy as sa
from flask import Blueprint, Response, current_app, render_template, request, url_for
from werkzeug.datastructures import MultiDict
from werkzeug.utils import redirect
from werkzeug.wrappers import Response as AnyResponse

from app.analytics.call_log import count_calls
from app.analytics.log_rows import COLUMNS, filter_to_json, log_rows
from app.domain.errors import Invalid, NotFound
from app.domain.role import Permission
from app.models.export import Export, note_export, parts_of
from app.services.write_rows import FORMS, write_sheet, write_text
from app.web.access import needs
from app.web.auth import staff
from app.web.floor.log_filter import FIELDS, read_filter
from app.web.show import office_zone
from app.web.webhooks.gate import runtime

MOST_AT_ONCE: Final = 50_000
"""Calls that are written while whoever asks for them waits; more are written by the clock."""

_SHOWN: Final = 30
_PIECE: Final = 64 * 1024


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/exports", view_func=exports)
    bp.add_url_rule("/exports", view_func=ask, methods=["POST"])
    bp.add_url_rule("/exports/<key>/file", view_func=fetch)


@needs(Permission.EXPORT)
def exports() -> str:
    rt = runtime()
    with rt.database.reads() as session:
        mine = sa.select(Export).where(Export.staff_id == staff().id).order_by(Export.id.desc()).limit(_SHOWN)
        rows = session.scalars(mine).all()
    return render_template("floor/exports.html", rows=rows, zone=office_zone(), columns=COLUMNS)


@needs(Permission.EXPORT)
def ask() -> AnyResponse:
    rt, now = runtime(), runtime().clock.now()
    form = request.form.get("format", "")
    if form not in FORMS:
        raise Invalid("format", f"is none of: {', '.join(FORMS)}")
    most = int(current_app.config.get("EXPORT_AT_ONCE", MOST_AT_ONCE))
    pairs = [(name, value) for name, value in parse_qsl(request.form.get("query", "")) if name in FIELDS]
    wanted = read_filter(rt, MultiDict(pairs), office_zone()).filter
    with rt.database.sessions.begin() as session:
        number = count_calls(session, wanted, now=now)
        export = note_export(session, rt.vault, staff().id, form, filter_to_json(wanted), number, now=now)
        if number <= most:
            export.status = "handed_over"
    if number > most:
        return redirect(url_for("floor.exports"), 303)
    rows = log_rows(rt.database, rt.vault, rt.board.hotline_named, wanted, now=now)
    if form != "xlsx":
        return _file(write_text(form, COLUMNS, rows), form, now)
    book = tempfile.TemporaryFile()  # noqa: SIM115 - closed by whoever sends it
    write_sheet(book, COLUMNS, rows)
    book.seek(0)
    return _file(_pieces(book), form, now)


@needs(Permission.EXPORT)
def fetch(key: str) -> Response:
    """The file, for whoever asked for it; a link that somebody else opens leads nowhere."""
    rt, now = runtime(), runtime().clock.now()
    with rt.database.sessions.begin() as session:
        mine = sa.select(Export).where(Export.key == key.replace("\x00", ""), Export.staff_id == staff().id)
        export = session.scalar(mine)
        if export is None or export.status != "ready" or export.expires_at is None or export.expires_at <= now:
            raise NotFound("file")
        export.fetched_at = now
    return _file(parts_of(rt.database, rt.vault, export), export.form, export.created_at)


def _pieces(book: IO[bytes]) -> Iterator[bytes]:
    with book:
        while piece := book.read(_PIECE):
            yield piece


def _file(content: Iterator[bytes], form: str, at: datetime) -> Response:
    name = f"calls-{at.astimezone(office_zone()):%Y-%m-%d-%H%M}.{form}"
    answer = Response(content, mimetype=FORMS[form])
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    answer.headers["Cache-Control"] = "private, no-store"
    return answer
