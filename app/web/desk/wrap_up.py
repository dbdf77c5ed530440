"""Documenting a conversation."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Final
from zoneinfo import ZoneInfo

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import orm
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.analytics.case_file import case_files
from app.analytics.promise_queue import case_of_attempt
from app.domain.authority import limit_of
from app.domain.disposition import CONSEQUENCES, Disposition
from app.domain.errors import Invalid, NotFound
from app.domain.money import read_cents
from app.domain.points import Answer
from app.domain.role import Permission
from app.models.approval import approvals_of
from app.models.case import Case
from app.models.promise import Attempt
from app.services.bridge_call import find_attempt
from app.services.open_matter import KINDS, open_matter
from app.services.save_draft import read_draft
from app.services.tell_customer import confirm_move
from app.services.wrap_up import Documented, check_may_document, wrap_up
from app.web.access import needs
from app.web.auth import may, staff
from app.web.desk.cases import find_case, matter
from app.web.desk.queue import listed
from app.web.webhooks.gate import runtime
from app.web.words import say

_POINT: Final = "answer:"  # before the text of a point, in the names of a form


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/cases/<protocol>/wrap-up", view_func=document, methods=["GET", "POST"])
    bp.add_url_rule("/attempts/<key>/wrap-up", view_func=begin, methods=["GET", "POST"])


@needs(Permission.WORK)
def begin(key: str) -> Response | str:
    """From a conversation to its case; who was put through before a case was opened gets one here."""
    rt = runtime()
    is_looking = request.method == "GET"
    with rt.database.reads() if is_looking else rt.database.sessions.begin() as session:
        attempt = _attempt(session, key)
        case = case_of_attempt(session, attempt)
        if case is None and is_looking:
            return render_template("desk/open_matter.html", **listed(session), kinds=KINDS, attempt=attempt)
        if case is None:
            case = open_matter(
                rt.board,
                session,
                attempt,
                request.form.get("kind", ""),
                now=rt.clock.now(),
                wall_now=rt.wall.now(),
            )
        return redirect(url_for("desk.document", protocol=case.protocol, attempt=key), 303)


@needs(Permission.WORK)
def document(protocol: str) -> Response | str | tuple[str, int]:
    rt = runtime()
    key = request.args.get("attempt")
    if request.method == "GET":
        with rt.database.reads() as session:
            return _form(session, *_matter(session, protocol, key), None)
    try:
        with rt.database.sessions.begin() as session:
            case, attempt = _matter(session, protocol, key)
            hotline = rt.board.hotline_named(case.hotline)
            successor = wrap_up(
                session,
                rt.vault,
                rt.board.present.words,
                case,
                hotline,
                staff(),
                _entered(hotline.zone),
                attempt=attempt,
                now=rt.clock.now(),
            )
            if successor is not None:
                confirm_move(session, rt.vault, rt.board.present.words, successor, hotline, rt.clock.now())
            place = "#promise" if successor is not None else "#history"
    except Invalid as invalid:
        with rt.database.reads() as session:
            return _form(session, *_matter(session, protocol, key), invalid), 422
    return redirect(url_for("desk.case", protocol=protocol) + place, 303)


def _matter(session: orm.Session, protocol: str, key: str | None) -> tuple[Case, Attempt | None]:
    """The case, and the conversation about it, if one is named."""
    case = find_case(session, protocol)
    attempt = _attempt(session, key) if key else None
    if attempt is not None and case_of_attempt(session, attempt) != case:
        raise NotFound("conversation")
    return case, attempt


def _form(session: orm.Session, case: Case, attempt: Attempt | None, invalid: Invalid | None) -> str:
    rt = runtime()
    draft = read_draft(session, rt.vault, case, staff(), "wrap_up")
    file = case_files(session, rt.vault, rt.board.turns, [case], now=rt.clock.now())[0]
    values: dict[str, Any] = {**listed(session), **matter(session, file)}
    return render_template(
        "desk/wrap_up.html",
        **values,
        attempt=attempt,
        invalid=invalid,
        entered=request.form if invalid is not None or draft is None else draft.values,
        draft=draft,
        point_answers=list(Answer),
        limit=limit_of(staff().role, staff().authority_cents),
        approvals=[
            (
                approval,
                _opened(approval.reason, "reason", approval.key),
                _opened(approval.answer, "answer", approval.key),
            )
            for approval in approvals_of(session, case.id)
        ],
        dispositions=[(each, CONSEQUENCES[each]) for each in Disposition],
    )


def _opened(sealed: bytes | None, what: str, key: str) -> str:
    return str(runtime().vault.open(sealed, f"approvals:{what}:{key}")) if sealed is not None else ""


def _attempt(session: orm.Session, key: str) -> Attempt:
    attempt = find_attempt(session, key)
    if attempt is None:
        raise NotFound("conversation")
    check_may_document(staff(), attempt, may_for_others=may(Permission.ASSIGN))
    return attempt


def _entered(zone: ZoneInfo) -> Documented:
    form = request.form
    chosen = form.get("disposition", "")
    if chosen not in set(Disposition):
        raise Invalid("disposition", say("choose how the conversation ended"))
    return Documented(
        disposition=Disposition(chosen),
        response=form.get("response", "").strip(),
        note=form.get("note", "").strip(),
        redress_cents=cents_typed(form.get("redress", "")),
        escalation_offered=form.get("escalation_offered") == "yes",
        call_at=_local(form.get("call_at", ""), zone),
        phone=form.get("phone", "").strip(),
        may_ask=form.get("may_ask") == "yes",
        answers={name.removeprefix(_POINT): value for name, value in form.items() if name.startswith(_POINT) and value},
    )


def cents_typed(text: str) -> int | None:
    """An amount of money as somebody typed it, in cents; None if nothing was typed.

    Raises:
        Invalid: if it is no amount.
    """
    try:
        return read_cents("redress", text)
    except Invalid:
        raise Invalid("redress", say("is no amount; write it as 12.50")) from None


def _local(text: str, zone: ZoneInfo) -> datetime | None:
    if not text.strip():
        return None
    try:
        return datetime.fromisoformat(text.strip()).replace(tzinfo=zone)
    except ValueError as error:
        raise Invalid("call_at", say("is no day and time")) from error
