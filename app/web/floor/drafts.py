"""Recalls of our own while they are written: opened by a confirmed signal or by hand, published by a person (P1)."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for
from pydantic import ValidationError
from sqlalchemy import orm
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.compliance.recall_text import lint_dossier
from app.domain.errors import Invalid, NotFound
from app.domain.recall_dossier import Dossier
from app.domain.recall_draft import Draft, recall_from
from app.domain.role import Permission
from app.models.hazard import RecallDraft
from app.services.write_draft import open_draft, publish_draft, write_draft
from app.web.access import needs
from app.web.auth import staff
from app.web.show import office_zone
from app.web.webhooks.gate import runtime

_BIGGEST_ID = 2**31


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/recalls/drafts", view_func=drafts)
    bp.add_url_rule("/recalls/drafts", view_func=begin, methods=["POST"], endpoint="begin_draft")
    bp.add_url_rule("/recalls/drafts/<int:draft_id>", view_func=draft)
    bp.add_url_rule("/recalls/drafts/<int:draft_id>", view_func=write, methods=["POST"], endpoint="write_draft")


@needs(Permission.ASSIGN)
def drafts() -> str:
    with runtime().database.reads() as session:
        rows = session.scalars(sa.select(RecallDraft).order_by(RecallDraft.id.desc()).limit(200)).all()
        return render_template("floor/drafts.html", rows=rows, zone=office_zone())


@needs(Permission.ASSIGN)
def begin() -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        draft_id = open_draft(session, staff(), now=rt.clock.now()).id
    return redirect(url_for("floor.draft", draft_id=draft_id), 303)


@needs(Permission.ASSIGN)
def draft(draft_id: int) -> str:
    with runtime().database.reads() as session:
        row = _row(session, draft_id)
        written = Draft.model_validate(row.document)
        return render_template(
            "floor/draft.html", row=row, draft=written, faults=_faults(written), zone=office_zone(),
            numbers=written.identifiers(),
        )  # fmt: skip


@needs(Permission.ASSIGN)
def write(draft_id: int) -> Response:
    rt = runtime()
    now = rt.clock.now()
    try:
        written = Draft.model_validate({name: request.form.get(name, "") for name in Draft.model_fields})
        seen = datetime.fromisoformat(request.form.get("seen", ""))
    except ValidationError as error:
        fault = error.errors()[0]
        raise Invalid(".".join(str(step) for step in fault["loc"]), fault["msg"].lower()) from error
    except ValueError as error:
        raise Invalid("seen", "is no instant") from error
    recall_id = None
    with rt.database.sessions.begin() as session:
        row = _row(session, draft_id)
        write_draft(session, row, written, staff(), seen=seen, now=now)
        if request.form.get("publish") == "yes":
            today = now.astimezone(office_zone()).date()
            recall_id = publish_draft(session, rt.vault, row, staff(), seen=now, today=today, now=now).id
    if recall_id is not None:
        return redirect(url_for("floor.recall", recall_id=recall_id, saved="yes"), 303)
    return redirect(url_for("floor.draft", draft_id=draft_id, saved="yes"), 303)


def _row(session: orm.Session, draft_id: int) -> RecallDraft:
    row = session.get(RecallDraft, draft_id) if draft_id < _BIGGEST_ID else None
    if row is None:
        raise NotFound("draft")
    return row


def _faults(written: Draft) -> list[tuple[str, Any]]:
    """What the law of any hotline does not let be said, by field, each once; nothing while it is incomplete."""
    try:
        recall = recall_from(written, "draft", runtime().clock.now().date())
    except Invalid:
        return []
    found: dict[tuple[str, str, str], tuple[str, Any]] = {}
    for hotline in runtime().hotlines:
        for _, field, fault in lint_dossier(recall, Dossier(), hotline.jurisdiction, hotline.languages):
            found.setdefault((field, fault.rule, fault.found), (field, fault))
    return list(found.values())
