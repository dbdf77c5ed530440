"""Recalls: what supervisors add to them, with what the law does not let be said marked where it stands."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from flask import Blueprint, render_template, request, url_for
from pydantic import ValidationError
from sqlalchemy import orm
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.compliance.recall_text import lint_dossier, notice_parts
from app.domain.errors import Invalid, NotFound
from app.domain.recall_dossier import MOST, Dossier, Risk, Task
from app.domain.recall_remedies import CHOICES
from app.domain.role import Permission
from app.models.recall import RecallDossier, RecallRow
from app.models.recall_documents import dossier_of, latest_recalls, recall_of
from app.services.look_up_recall import look_up_recall
from app.services.save_dossier import save_dossier
from app.web.access import needs
from app.web.auth import staff
from app.web.show import office_zone
from app.web.webhooks.gate import runtime

_LATEST = 30
_EMPTY_ROWS = 2
_TEXTS = ("product", "hazard", "what_to_do")
_STEP = ("task", "what", "owner", "due_on", "done_on")


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/recalls", view_func=recalls)
    bp.add_url_rule("/recalls/<int:recall_id>", view_func=recall)
    bp.add_url_rule("/recalls/<int:recall_id>", view_func=write, methods=["POST"], endpoint="write_recall")


@needs(Permission.ASSIGN)
def recalls() -> str:
    typed = request.args.get("q", "").strip()
    with runtime().database.reads() as session:
        rows = look_up_recall(session, typed).recalls if typed else latest_recalls(session, _LATEST)
        faults = {row.id: len(_faults(session, row, dossier_of(session, row.id))) for row in rows}
    return render_template("floor/recalls.html", rows=rows, faults=faults, typed=typed)


@needs(Permission.ASSIGN)
def recall(recall_id: int) -> str:
    with runtime().database.reads() as session:
        row = _row(session, recall_id)
        kept = session.get(RecallDossier, row.id)
        return render_template("floor/recall.html", **_page(session, row, kept))


@needs(Permission.ASSIGN)
def write(recall_id: int) -> Response:
    rt = runtime()
    try:
        dossier = Dossier.model_validate(_typed())
        seen = datetime.fromisoformat(request.form["seen"]) if request.form.get("seen") else None
    except ValidationError as error:
        fault = error.errors()[0]
        raise Invalid(".".join(str(step) for step in fault["loc"]), fault["msg"].lower()) from error
    except ValueError as error:
        raise Invalid("seen", "is no instant") from error
    with rt.database.sessions.begin() as session:
        save_dossier(session, _row(session, recall_id), dossier, staff(), seen=seen, now=rt.clock.now())
    return redirect(url_for("floor.recall", recall_id=recall_id, saved="yes"), 303)


def _row(session: orm.Session, recall_id: int) -> RecallRow:
    row = session.get(RecallRow, recall_id) if recall_id < 2**31 else None
    if row is None:
        raise NotFound("recall")
    return row


def _faults(session: orm.Session, row: RecallRow, dossier: Dossier | None) -> list[tuple[str, str, Any]]:
    """What is wrong under the law of any hotline, each fault once."""
    found: dict[tuple[str, str, str, str], tuple[str, str, Any]] = {}
    for hotline in runtime().hotlines:
        for each in lint_dossier(recall_of(row), dossier or Dossier(), hotline.jurisdiction, hotline.languages):
            found.setdefault((each[0], each[1], each[2].rule, each[2].found), each)
    return list(found.values())


def _page(session: orm.Session, row: RecallRow, kept: RecallDossier | None) -> dict[str, Any]:
    rt = runtime()
    dossier = Dossier.model_validate(kept.document) if kept else Dossier()
    published, words = recall_of(row), rt.board.present.words
    heard = {}
    for language in _languages():
        parts = notice_parts(published, dossier, language)
        slots = {"hazard": parts.hazard, "recall_title": parts.product}
        heard[language] = words.text(language, "recall_exact", slots, now=rt.clock.now(), zone=office_zone())
    return {
        "row": row,
        "published": published,
        "dossier": dossier,
        "kept": kept,
        "faults": _faults(session, row, dossier),
        "heard": heard,
        "languages": _languages(),
        "remedies": CHOICES,
        "risks": list(Risk),
        "tasks": list(Task),
        "zone": office_zone(),
        "number_of_questions": min(len(dossier.questions) + _EMPTY_ROWS, MOST),
        "number_of_steps": min(len(dossier.plan) + _EMPTY_ROWS, MOST),
        "today": rt.clock.now().astimezone(office_zone()).date(),
    }


def _languages() -> list[str]:
    return list(dict.fromkeys(language for hotline in runtime().hotlines for language in hotline.languages))


def _typed() -> dict[str, Any]:
    """The form as a dossier is written; what was left empty is left out."""
    form = request.form
    texts = {
        language: {field: form.get(f"{language}-{field}", "") for field in _TEXTS}
        for language in _languages()
        if any(form.get(f"{language}-{field}", "").strip() for field in _TEXTS)
    }
    return {
        "risk": form.get("risk") or None,
        "remedies": [str(each) for each in CHOICES if str(each) in form.getlist("remedies")],
        "fetches": form.get("fetches") == "yes",
        **{name: form.get(name, "") for name in ("justification", "drop_off", "contact", "briefing")},
        "texts": texts,
        "questions": list(_rows("question", ("question", "answer"), "question")),
        "plan": list(_rows("step", _STEP, "what")),
    }


def _rows(prefix: str, fields: tuple[str, ...], needed: str) -> Iterator[dict[str, str | None]]:
    """The rows of a list in the form; one whose needed field is empty is gone."""
    for number in range(MOST):
        row = {field: request.form.get(f"{prefix}-{number}-{field}", "").strip() for field in fields}
        if row[needed]:
            yield {field: value or (None if field == "done_on" else "") for field, value in row.items()}
