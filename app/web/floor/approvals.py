"""What agents may not grant by themselves, and the answers (T12)."""

from __future__ import annotations

from dataclasses import dataclass

import sqlalchemy as sa
from flask import Blueprint, render_template, request, url_for
from sqlalchemy import orm
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.domain.authority import limit_of, may_grant
from app.domain.role import Permission
from app.models.approval import Approval, open_approvals
from app.models.records import open_record
from app.models.staff import Staff
from app.services.ask_approval import decide_approval
from app.web.access import needs
from app.web.auth import staff
from app.web.show import office_zone
from app.web.webhooks.gate import runtime


@dataclass(frozen=True, slots=True)
class Asked:
    """A question as it is shown."""

    approval: Approval
    by: str  # whose question it is
    product: str | None
    reason: str
    may_decide: bool  # somebody else's, and within their authority


def add_views(bp: Blueprint) -> None:
    """Add the page."""
    bp.add_url_rule("/approvals", view_func=approvals)
    bp.add_url_rule("/approvals/<int:approval_id>", view_func=decide_grant, methods=["POST"])


@needs(Permission.ASSIGN)
def approvals() -> str:
    rt = runtime()
    with rt.database.reads() as session:
        return render_template(
            "floor/approvals.html",
            asked=[_shown(session, approval) for approval in open_approvals(session)],
            limit=limit_of(staff().role, staff().authority_cents),
            zone=office_zone(),
            now=rt.clock.now(),
        )


@needs(Permission.ASSIGN)
def decide_grant(approval_id: int) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        decide_approval(
            session,
            rt.vault,
            approval_id,
            staff(),
            is_approved=request.form.get("decision") == "approve",
            reason=request.form.get("reason", ""),
            now=rt.clock.now(),
        )
    return redirect(url_for("floor.approvals"), 303)


def _shown(session: orm.Session, approval: Approval) -> Asked:
    vault = runtime().vault
    person = session.scalar(sa.select(Staff.name).where(Staff.id == approval.asked_by))
    reason = str(vault.open(approval.reason, f"approvals:reason:{approval.key}")) if approval.reason else ""
    is_mine = approval.asked_by == staff().id
    may = not is_mine and may_grant(staff().role, staff().authority_cents, approval.cents)
    return Asked(approval, person or "–", open_record(vault, approval.case).matter.product, reason, may)
