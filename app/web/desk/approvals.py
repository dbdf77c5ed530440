"""Asking for what is above one's own authority, from the form in which it would be granted (T12)."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.domain.disposition import Disposition
from app.domain.errors import Invalid
from app.domain.role import Permission
from app.models.approval import Approval
from app.services.ask_approval import ask_approval, see_answer, take_back_approval
from app.services.save_draft import read_draft, save_draft
from app.web.access import needs
from app.web.auth import own_path, staff
from app.web.desk.cases import find_case
from app.web.desk.wrap_up import cents_typed
from app.web.webhooks.gate import runtime
from app.web.words import say

_NOT_KEPT = ("csrf_token", "draft_version", "approval_reason")


def add_views(bp: Blueprint) -> None:
    """Add the actions."""
    bp.add_url_rule("/cases/<protocol>/approvals", view_func=ask, methods=["POST"])
    bp.add_url_rule("/approvals/<int:approval_id>/take-back", view_func=take_back, methods=["POST"])
    bp.add_url_rule("/approvals/<int:approval_id>/seen", view_func=see, methods=["POST"])


@needs(Permission.WORK)
def ask(protocol: str) -> Response:
    """Ask; what else stands in the form is kept as a draft, so that nothing is typed twice."""
    rt = runtime()
    form, now = request.form, rt.clock.now()
    chosen = form.get("disposition", "")
    if chosen not in set(Disposition):
        raise Invalid("disposition", say("choose how the conversation ended"))
    with rt.database.sessions.begin() as session:
        case = find_case(session, protocol)
        ask_approval(
            session,
            rt.vault,
            case,
            staff(),
            disposition=Disposition(chosen),
            cents=cents_typed(form.get("redress", "")),
            reason=form.get("approval_reason", ""),
            now=now,
        )
        typed = {name: value for name, value in form.items() if name not in _NOT_KEPT}
        standing = read_draft(session, rt.vault, case, staff(), "wrap_up")
        version = standing.version if standing else 0
        save_draft(session, rt.vault, case, staff(), "wrap_up", typed, version=version, now=now)
    attempt = request.args.get("attempt")
    return redirect(url_for("desk.document", protocol=protocol, attempt=attempt) + "#approval", 303)


@needs(Permission.WORK)
def take_back(approval_id: int) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        take_back_approval(session, rt.vault, approval_id, staff(), now=rt.clock.now())
        protocol = session.get_one(Approval, approval_id).case.protocol
    return redirect(url_for("desk.document", protocol=protocol), 303)


@needs(Permission.WORK)
def see(approval_id: int) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        see_answer(session, approval_id, staff(), now=rt.clock.now())
    return redirect(own_path(request.form.get("next")) or url_for("desk.queue"), 303)
