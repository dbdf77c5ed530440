"""Suspended charges: what is to be decided, and orders that the billing system refused."""

from __future__ import annotations

from flask import Blueprint, render_template, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.analytics.charges import charge_rows
from app.domain.role import Permission
from app.services.order_billing import send_order_again
from app.web.access import needs
from app.web.show import office_zone
from app.web.webhooks.gate import runtime


def add_views(bp: Blueprint) -> None:
    """Add the page and its action."""
    bp.add_url_rule("/charges", view_func=charges)
    bp.add_url_rule("/charges/orders/<int:order_id>", view_func=send_again, methods=["POST"])


@needs(Permission.CALL_LOG)
def charges() -> str:
    rt = runtime()
    with rt.database.reads() as session:
        rows = charge_rows(session, rt.vault)
    return render_template(
        "floor/charges.html",
        rows=rows,
        now=rt.clock.now(),
        zone=office_zone(),
        is_connected=bool(rt.settings.billing_url),
    )


@needs(Permission.ASSIGN)
def send_again(order_id: int) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        order = send_order_again(session, order_id, now=rt.clock.now())
        page = "floor.cancellations" if order.charge_id is None else "floor.charges"
    return redirect(url_for(page), 303)
