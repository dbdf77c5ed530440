"""Turning the office's clock, for demonstrations on this machine only; asked by the local phone network, signed."""

from __future__ import annotations

from flask import Blueprint, Response, jsonify

from app.domain.errors import Invalid, NotFound
from app.models.office_clock import OfficeClock
from app.telephony.twilio.request import one
from app.web.webhooks.gate import only_the_network, params, runtime

bp = Blueprint("local_clock", __name__, url_prefix="/local")
bp.before_request(only_the_network)
_FASTEST = 600.0


@bp.get("/clock")
def look() -> Response:
    """The office's time and how fast it runs."""
    clock = runtime().clock
    speed = clock.speed if isinstance(clock, OfficeClock) else 1.0
    return jsonify({"now": clock.now().isoformat(), "speed": speed})


@bp.post("/clock")
def turn() -> Response:
    """Run the office's clock faster or slower from now on."""
    clock = runtime().clock
    if not runtime().is_local or not isinstance(clock, OfficeClock):
        raise NotFound("clock to turn")
    try:
        speed = float(one(params(), "speed"))
    except ValueError as error:
        raise Invalid("speed", "expected a number") from error
    if not 0 < speed <= _FASTEST:
        raise Invalid("speed", f"expected more than 0 and at most {_FASTEST:g}")
    clock.set_speed(speed)
    return look()
