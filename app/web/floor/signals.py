"""Signals: products whose complaints have begun to point to a hazard, and what a supervisor decides (P1)."""

from __future__ import annotations

from datetime import datetime

from flask import Blueprint, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.analytics.hazard_signals import drawing_of, nearest_streams, newest_signals, signal_file
from app.domain import hazard_test
from app.domain.errors import Invalid, NotFound
from app.domain.hazard_baseline import LAG
from app.domain.role import Permission
from app.models.hazard import HazardSignal
from app.services.decide_signal import Decision, decide_signal
from app.web.access import needs
from app.web.auth import staff
from app.web.show import office_zone
from app.web.webhooks.gate import runtime

_BIGGEST_ID = 2**31


def add_views(bp: Blueprint) -> None:
    """Add the pages."""
    bp.add_url_rule("/signals", view_func=signals)
    bp.add_url_rule("/signals/<int:signal_id>", view_func=signal)
    bp.add_url_rule("/signals/<int:signal_id>", view_func=decide, methods=["POST"], endpoint="decide_signal")


@needs(Permission.ASSIGN)
def signals() -> str:
    with runtime().database.reads() as session:
        return render_template(
            "floor/signals.html",
            rows=newest_signals(session),
            nearest=nearest_streams(session),
            test=hazard_test,
            lag=LAG,
            zone=office_zone(),
        )


@needs(Permission.ASSIGN)
def signal(signal_id: int) -> str:
    rt = runtime()
    with rt.database.reads() as session:
        file = signal_file(session, rt.vault, signal_id) if signal_id < _BIGGEST_ID else None
        if file is None:
            raise NotFound("signal")
        return render_template(
            "floor/signal.html",
            file=file,
            drawing=drawing_of(file.signal),
            test=hazard_test,
            lag=LAG,
            decisions=list(Decision),
            zone=office_zone(),
        )


@needs(Permission.ASSIGN)
def decide(signal_id: int) -> Response:
    rt = runtime()
    try:
        decision = Decision(request.form.get("decision", ""))
        seen = datetime.fromisoformat(request.form.get("seen", ""))
    except ValueError as error:
        raise Invalid("decision", "is none of confirmed, watched, dismissed") from error
    with rt.database.sessions.begin() as session:
        row = session.get(HazardSignal, signal_id) if signal_id < _BIGGEST_ID else None
        if row is None:
            raise NotFound("signal")
        reason = request.form.get("reason", "")
        draft = decide_signal(session, rt.vault, row, decision, reason, staff(), seen=seen, now=rt.clock.now())
        draft_id = draft.id if draft is not None else None
    if draft_id is not None:
        return redirect(url_for("floor.draft", draft_id=draft_id), 303)
    return redirect(url_for("floor.signal", signal_id=signal_id), 303)
