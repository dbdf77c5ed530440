"""The queue of promises: what must be done by when, and whose it is."""

from __future__ import annotations

from typing import Any

from flask import Blueprint, render_template, request, url_for
from sqlalchemy import orm
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.analytics.promise_queue import QueueRow, Standing, beside_their_like, conversations, promise_queue
from app.domain.role import Permission
from app.models.approval import answers_unseen, open_approvals
from app.models.reminder import reminders_for
from app.services.claim_promise import claim_next, claim_promise, release_promise
from app.services.set_desk import alerts_of, columns_of
from app.web.access import needs
from app.web.auth import may, own_path, staff
from app.web.webhooks.gate import runtime


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/", view_func=queue)
    bp.add_url_rule("/next", view_func=take_next, methods=["POST"])
    bp.add_url_rule("/promises/<int:promise_id>/claim", view_func=claim, methods=["POST"])
    bp.add_url_rule("/promises/<int:promise_id>/release", view_func=release, methods=["POST"])


@needs(Permission.WORK)
def queue() -> str:
    rt = runtime()
    with rt.database.reads() as session:
        return render_template("desk/queue.html", **listed(session), alerts=alerts_of(staff()))


@needs(Permission.WORK)
def claim(promise_id: int) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        protocol = claim_promise(session, rt.vault, promise_id, staff(), now=rt.clock.now())
    return _back_to(protocol)


@needs(Permission.WORK)
def take_next() -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        protocol = claim_next(session, rt.vault, staff(), now=rt.clock.now())
    return redirect(url_for("desk.case", protocol=protocol), 303)


@needs(Permission.WORK)
def release(promise_id: int) -> Response:
    rt = runtime()
    with rt.database.sessions.begin() as session:
        protocol = release_promise(session, rt.vault, promise_id, staff(), now=rt.clock.now())
    return _back_to(protocol)


def listed(session: orm.Session) -> dict[str, Any]:
    """What every page with the list of promises beside it shows."""
    rt = runtime()
    now = rt.clock.now()
    mine = request.args.get("show") == "mine"
    rows: list[QueueRow] = promise_queue(
        session, rt.vault, rt.board.hotline_named, now=now, owner_id=staff().id if mine else None
    )
    return {
        "rows": beside_their_like(rows),
        "columns": columns_of(staff()),
        "answers": answers_unseen(session, staff().id),
        "asked_count": len(open_approvals(session)) if may(Permission.ASSIGN) else 0,
        "due_count": sum(row.standing in (Standing.LATE, Standing.DUE) for row in rows),
        "now": now,
        "mine": mine,
        "talks": conversations(session, staff().id),
        "reminders": reminders_for(session, staff().id),
    }


def _back_to(protocol: str) -> Response:
    onward = own_path(request.form.get("next"))
    return redirect(onward or url_for("desk.case", protocol=protocol), 303)
