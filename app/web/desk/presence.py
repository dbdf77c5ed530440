"""Available, writing up, or away; how the desk is set up."""

from __future__ import annotations

from typing import Final

from flask import Blueprint, render_template, request, url_for
from werkzeug.utils import redirect
from werkzeug.wrappers import Response

from app.domain.role import Permission
from app.services.set_desk import COLUMNS, WAYS, Alerts, alerts_of, columns_of, set_desk, ways_of, zone_of, zones
from app.services.set_presence import keep_for_wrap_up, set_presence
from app.web.access import needs
from app.web.auth import own_path, staff
from app.web.webhooks.gate import runtime

_STATES: Final = ("available", "wrap_up", "away")


def add_views(bp: Blueprint) -> None:
    """Add the addresses."""
    bp.add_url_rule("/presence", view_func=presence, methods=["POST"])
    bp.add_url_rule("/settings", view_func=settings, methods=["GET", "POST"])


@needs(Permission.WORK)
def presence() -> Response:
    rt = runtime()
    now, available = rt.clock.now(), request.form.get("available")
    with rt.database.sessions.begin() as session:
        if available == "later":
            keep_for_wrap_up(session, staff(), now=now)
        else:
            reason = request.form.get("reason") or None
            set_presence(session, staff(), available=available == "yes", now=now, reason=reason)
    return redirect(own_path(request.form.get("next")) or url_for("desk.queue"), 303)


@needs(Permission.WORK)
def settings() -> Response | str:
    if request.method == "GET":
        chosen = columns_of(staff())
        return render_template(
            "desk/settings.html",
            columns=[*chosen, *(c for c in COLUMNS if c not in chosen)],
            chosen=chosen,
            ways=ways_of(staff()),
            alerts=alerts_of(staff()),
            zones=zones(),
            own_zone=zone_of(staff()),
            has_mail=bool(runtime().settings.smtp_url),
        )
    rt = runtime()
    places = {
        name: request.form.get(f"place-{name}", "") for name in COLUMNS if request.form.get(f"show-{name}") == "yes"
    }
    ordered = sorted(
        places, key=lambda name: (int(places[name]) if places[name].isdecimal() else 99, COLUMNS.index(name))
    )
    with rt.database.sessions.begin() as session:
        keys, ways = request.form.get("keys") == "yes", [way for way in WAYS if request.form.get(f"by-{way}") == "yes"]
        volume = request.form.get("volume", "")
        sound = min(100, int(volume)) if volume.isascii() and volume.isdecimal() and len(volume) < 4 else 0
        alerts = Alerts(sound, request.form.get("note") == "yes")
        set_desk(session, staff(), columns=ordered, keys=keys, ways=ways, alerts=alerts, zone=request.form.get("zone"))
    return redirect(url_for("desk.settings", saved="yes"), 303)
