"""The remedy of a recall on the page of its case: that it is carried out, and what the customer says of it (P4, P6)."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from sqlalchemy import orm
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.domain.errors import Invalid, NotFound
from app.domain.recall_progress import Correction
from app.domain.role import Permission
from app.models.case import Case
from app.models.recall import RecallAnswer
from app.services.carry_out_remedy import carry_out_remedy, put_down_feedback
from app.web.access import needs
from app.web.auth import staff
from app.web.desk.cases import find_case
from app.web.show import office_zone
from app.web.webhooks.gate import runtime

_BIGGEST_ID = 2**31


def add_views(bp: Blueprint) -> None:
    """Add the actions."""
    place = "/cases/<protocol>/recalls/<int:answer_id>"
    bp.add_url_rule(f"{place}/remedy", view_func=remedy_done, methods=["POST"])
    bp.add_url_rule(f"{place}/feedback", view_func=recall_feedback, methods=["POST"])


@needs(Permission.WORK)
def remedy_done(protocol: str, answer_id: int) -> Response:
    rt = runtime()
    now = rt.clock.now()
    try:
        correction = Correction(request.form.get("correction", ""))
    except ValueError as error:
        raise Invalid("correction", "is none of those offered") from error
    with rt.database.sessions.begin() as session:
        case, answer = _found(session, protocol, answer_id)
        hotline = rt.board.hotline_named(case.hotline)
        carry_out_remedy(
            session, rt.vault, rt.board.present.words, case, answer, hotline, correction, staff(),
            today=now.astimezone(office_zone()).date(), now=now,
        )  # fmt: skip
    return redirect(url_for("desk.case", protocol=protocol), 303)


@needs(Permission.WORK)
def recall_feedback(protocol: str, answer_id: int) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        case, answer = _found(session, protocol, answer_id)
        solved = request.form.get("solved", "")
        put_down_feedback(session, rt.vault, case, answer, solved, staff(), now=rt.clock.now())
    return redirect(url_for("desk.case", protocol=protocol), 303)


def _found(session: orm.Session, protocol: str, answer_id: int) -> tuple[Case, RecallAnswer]:
    """The case, and one of the answers to recalls that belong to it."""
    case = find_case(session, protocol)
    answer = session.get(RecallAnswer, answer_id) if answer_id < _BIGGEST_ID else None
    if answer is None or not (
        answer.case_id == case.id or (case.call_key is not None and answer.call_key == case.call_key)
    ):
        raise NotFound("recall")
    return case, answer
