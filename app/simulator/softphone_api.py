"""What a telephone in a browser asks and orders, as JSON under `/softphone`, with its token as `Bearer`.

Twilio's own page speaks over a WebSocket and WebRTC; here it asks a few times a second, and words stand for sound.
"""

from __future__ import annotations

import time
from typing import Any, Final
from urllib.parse import urlsplit

from flask import Blueprint, Response, abort, jsonify, make_response, request

from app.simulator.carrier import Carrier
from app.simulator.line import Line
from app.simulator.phone_api import item_shown, summary_of
from app.simulator.softphones import CLIENT, Unbelieved

_LOOKS: Final = 20
_BETWEEN_LOOKS: Final = 0.2  # seconds; all of them are less than a page may say nothing
_THIS_MACHINE: Final = ("127.0.0.1", "localhost", "::1")


def softphone_api(carrier: Carrier) -> Blueprint:
    """The routes of the softphones of one carrier; only pages of this machine may ask."""
    api = Blueprint("softphone_api", __name__, url_prefix="/softphone")
    api.after_request(_share)

    @api.get("/line")
    def line() -> Response:
        """What rings and what is on the line; asking is what keeps the page registered.

        With `wait` the answer comes when there is something, since browsers let timers of hidden pages sleep.
        """
        name = _name(carrier)
        carrier.softphones.register(name)
        for _ in range(_LOOKS if request.args.get("wait") else 0):
            if carrier.lines_at(CLIENT + name):
                break
            time.sleep(_BETWEEN_LOOKS)
        shown = {"ringing": carrier.ringing(CLIENT + name), "active": _talking(carrier, name)}
        return jsonify({what: [summary_of(each) for each in lines] for what, lines in shown.items()})

    @api.delete("/line")
    def unregister() -> Response:
        """The page is left, which ends what is on the line."""
        name = _name(carrier)
        carrier.softphones.unregister(name)
        for line in _talking(carrier, name):
            line.hang_up(settle=False)
        return jsonify({})

    @api.get("/calls/<sid>")
    def call(sid: str) -> Response:
        found, after = _own(carrier, sid), request.args.get("after", "0")
        latest = int(after) if after.isdigit() else 0
        items = [item_shown(item) for item in list(found.items) if item.seq > latest]
        return jsonify(summary_of(found) | {"items": items})

    @api.post("/calls/<sid>/<move>")
    def move(sid: str, move: str) -> Response:
        found = _own(carrier, sid)
        given: Any = request.get_json(silent=True)
        _move(found, move, str(given.get("text", ""))[:900] if isinstance(given, dict) else "")
        return jsonify(summary_of(found))

    return api


def _share(response: Response) -> Response:
    """Let pages of this machine read the answers; the product listens on another port."""
    origin = request.headers.get("Origin", "")
    if urlsplit(origin).hostname in _THIS_MACHINE:
        response.headers["Access-Control-Allow-Origin"] = origin
        response.headers["Access-Control-Allow-Headers"] = "Authorization, Content-Type"
        response.headers["Access-Control-Allow-Methods"] = "GET, POST, DELETE"
        response.headers["Access-Control-Max-Age"] = "600"
    response.headers["Vary"] = "Origin"
    return response


def _name(carrier: Carrier) -> str:
    token = request.headers.get("Authorization", "").removeprefix("Bearer ")
    try:
        return carrier.softphones.believe(token, carrier.account_sid)
    except Unbelieved as unbelieved:
        abort(make_response(jsonify({"error": str(unbelieved)}), 401))


def _talking(carrier: Carrier, name: str) -> list[Line]:
    return [line for line in carrier.lines_at(CLIENT + name) if line.leg.picked_up]


def _own(carrier: Carrier, sid: str) -> Line:
    name = _name(carrier)
    try:
        line = carrier.line(sid)
    except KeyError:
        abort(404)
    if line.leg.to != CLIENT + name:
        abort(404)
    return line


def _move(line: Line, move: str, text: str) -> None:
    match move:
        case "answer":
            line.answer(settle=False)
        case "reject":
            line.reject(settle=False)
        case "hang-up":
            line.hang_up(settle=False)
        case "press":
            line.press("".join(key for key in text if key in "0123456789*#"), settle=False)
        case "say" if text:
            line.say(text, settle=False)
        case _:
            abort(404)
