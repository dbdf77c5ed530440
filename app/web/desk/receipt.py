"""The receipt of a cancellation as a page to print, in the customer's language."""

from __future__ import annotations

from flask import Blueprint, render_template

from app.domain.errors import NotFound
from app.domain.role import Permission
from app.models.cancellation import cancellation_of
from app.services.confirm_cancellation import written_receipt
from app.web.access import needs
from app.web.desk.cases import find_case
from app.web.webhooks.gate import runtime


def add_views(bp: Blueprint) -> None:
    """Add the page."""
    bp.add_url_rule("/cases/<protocol>/receipt", view_func=receipt)


@needs(Permission.WORK)
def receipt(protocol: str) -> str:
    rt = runtime()
    with rt.database.reads() as session:
        case = find_case(session, protocol)
        cancellation = cancellation_of(session, case.id)
        if cancellation is None:
            raise NotFound("receipt")
        hotline, words = rt.board.hotline_named(case.hotline), rt.board.present.words
        subject, body = written_receipt(rt.vault, words, case, cancellation, hotline, now=rt.clock.now())
        return render_template("desk/receipt.html", case=case, subject=subject, body=body)
