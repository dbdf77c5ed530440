"""Cancellations: what each took, when the contract ends, and receipts that could not be delivered."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.analytics.cancellations import effort_of, newest_cancellations
from app.domain.role import Permission
from app.services.post_letters import post_letter_again
from app.web.access import needs
from app.web.show import office_zone
from app.web.webhooks.gate import runtime


def add_views(bp: Blueprint) -> None:
    """Add the page and its action."""
    bp.add_url_rule("/cancellations", view_func=cancellations)
    bp.add_url_rule("/cancellations/letters/<int:item_id>", view_func=post_again, methods=["POST"])


@needs(Permission.CALL_LOG)
def cancellations() -> str:
    rt = runtime()
    with rt.database.reads() as session:
        rows = newest_cancellations(session, rt.vault)
    return render_template(
        "floor/cancellations.html",
        rows=rows,
        effort=effort_of(rows),
        zone=office_zone(),
        is_connected=bool(rt.settings.smtp_url),
        is_billed=bool(rt.settings.billing_url),
        waits=any(letter.status == "waiting" for row in rows for letter in row.letters),
    )


@needs(Permission.ASSIGN)
def post_again(item_id: int) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        post_letter_again(session, item_id, now=rt.clock.now())
    return redirect(url_for("floor.cancellations"), 303)
