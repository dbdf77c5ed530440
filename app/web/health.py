"""What the platform asks: is the process alive, can it serve, how does it go."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa
from flask import Blueprint, Response, jsonify

from app.models.office import Heartbeat
from app.models.promise import Promise
from app.web.webhooks.gate import runtime

bp = Blueprint("health", __name__)
_SILENT = timedelta(seconds=4)  # a clock gives a sign of life every second, unless one of its ticks hangs


@bp.get("/healthz")
def healthz() -> Response:
    """The process answers."""
    return jsonify({"status": "ok"})


@bp.get("/readyz")
def readyz() -> tuple[Response, int]:
    """Whether this process can serve: the database answers. Whether a clock is alive is told beside it."""
    rt = runtime()
    try:
        with rt.database.reads() as session:
            beat = session.scalar(sa.select(sa.func.max(Heartbeat.at)))
    except sa.exc.SQLAlchemyError:
        return jsonify({"status": "no database"}), 503
    alive = beat is not None and rt.wall.now() - beat < _SILENT
    return jsonify({"status": "ready", "clock": "alive" if alive else "silent"}), 200


@bp.get("/readyz/clock")
def clock_readyz() -> tuple[Response, int]:
    """Whether a clock process ticks, for an alarm; /readyz only tells, since calls are answered without one, too."""
    answer, status = readyz()
    is_alive = status == 200 and answer.get_json()["clock"] == "alive"
    return answer, 200 if is_alive else 503


@bp.get("/metrics")
def metrics() -> Response:
    """Figures for Prometheus, asked of the database at this moment, so that every process tells the same."""
    from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Gauge, generate_latest

    rt = runtime()
    now = rt.clock.now()
    registry = CollectorRegistry()
    with rt.database.reads() as session:
        by_status = session.execute(sa.select(Promise.status, sa.func.count()).group_by(Promise.status)).all()
        oldest = session.scalar(sa.select(sa.func.min(Promise.due_at)).where(Promise.status == "open"))
    promises = Gauge("rueckruf_promises", "Promises by status", ["status"], registry=registry)
    for status, count in by_status:
        promises.labels(status).set(count)
    overdue = Gauge("rueckruf_oldest_overdue_seconds", "How late the most overdue open promise is", registry=registry)
    overdue.set(max(0.0, (now - oldest).total_seconds()) if oldest else 0)
    return Response(generate_latest(registry), content_type=CONTENT_TYPE_LATEST)
