"""A suspended charge on the page of its case: suspend it, decide about it."""

from __future__ import annotations

from flask import Blueprint, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.domain.errors import Invalid
from app.domain.role import Permission
from app.services.decide_charge import decide_charge
from app.services.suspend_charge import suspend_charge
from app.web.access import needs
from app.web.auth import staff
from app.web.desk.cases import find_case
from app.web.webhooks.gate import runtime

_LONGEST_INVOICE = 100


def add_views(bp: Blueprint) -> None:
    """Add the actions."""
    bp.add_url_rule("/cases/<protocol>/charge", view_func=suspend, methods=["POST"])
    bp.add_url_rule("/cases/<protocol>/charge/decision", view_func=decide, methods=["POST"])


@needs(Permission.WORK)
def suspend(protocol: str) -> Response:
    rt = runtime()
    invoice = request.form.get("invoice", "").strip()
    if len(invoice) > _LONGEST_INVOICE:
        raise Invalid("invoice", f"is longer than {_LONGEST_INVOICE} signs")
    with rt.database.sessions.begin() as session:
        case = find_case(session, protocol)
        hotline = rt.board.hotline_named(case.hotline)
        suspend_charge(session, rt.vault, case, hotline, invoice, actor=f"staff:{staff().id}", now=rt.clock.now())
    return redirect(url_for("desk.case", protocol=protocol) + "#charge", 303)


@needs(Permission.WORK)
def decide(protocol: str) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        case = find_case(session, protocol)
        decide_charge(
            session,
            rt.vault,
            rt.board.present.words,
            case,
            rt.board.hotline_named(case.hotline),
            staff(),
            decision=request.form.get("decision", ""),
            reason=request.form.get("reason", ""),
            now=rt.clock.now(),
        )
    return redirect(url_for("desk.case", protocol=protocol) + "#charge", 303)
