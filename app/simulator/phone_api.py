"""What the browser telephone asks and orders, as JSON under `/phone/api`."""

from __future__ import annotations

import dataclasses
import json
from typing import Any
from urllib.parse import quote, urlsplit

from flask import Blueprint, Response, abort, jsonify, request

from app.simulator.carrier import Carrier
from app.simulator.faults import Faults
from app.simulator.leg import Item
from app.simulator.line import Line
from app.simulator.sound import speech_wav
from app.simulator.webhook import Request, Webhook


class Telephones:
    """The views of one carrier, and the sounds that its texts were given names for."""

    def __init__(self, carrier: Carrier) -> None:
        """Show and move the lines of `carrier`."""
        self.carrier = carrier

    def line(self, sid: str) -> Line:
        """A call by its sid, or 404."""
        try:
            return self.carrier.line(sid)
        except KeyError:
            abort(404)

    def office(self) -> dict[str, Any]:
        """The office's clock, its numbers and the people around it."""
        carrier = self.carrier
        clock = self.ask_clock("GET", [])
        people = {number: person.name for number, person in carrier.people.items()}
        return {
            "now": clock.get("now", carrier.now().isoformat()),
            "speed": clock.get("speed", 1),
            "numbers": [{"number": one.number, "label": one.label} for one in carrier.numbers.values()],
            "people": [
                {"number": number, "label": label or number, "manned": number in carrier.manned}
                for number, label in people.items()
            ],
            "desk": carrier.public_url.rstrip("/") + "/desk/",
        }

    def ask_clock(self, method: str, fields: list[tuple[str, str]]) -> dict[str, Any]:
        """Ask or set the office's clock, signed as a webhook is; {} if the office does not answer."""
        carrier = self.carrier
        url = carrier.public_url.rstrip("/") + "/local/clock"
        if method == "POST":
            fields = [("AccountSid", carrier.account_sid), *fields]
        answer = carrier.postman.send(Request(method, url, fields, carrier.token(), kind="local"))
        try:
            values = json.loads(answer.body) if not answer.error else {}
        except ValueError:
            values = {}
        return values if isinstance(values, dict) else {}


def phone_api(carrier: Carrier) -> Blueprint:
    """The routes of the telephones of one carrier."""
    api = Blueprint("phone_api", __name__, url_prefix="/phone/api")
    phones = Telephones(carrier)
    _add_office(api, phones)
    _add_calls(api, phones)
    _add_lines(api, phones)
    _add_wire(api, phones)
    return api


def _fields() -> dict[str, Any]:
    values = request.get_json(silent=True)
    return values if isinstance(values, dict) else {}


def _text(name: str) -> str:
    value = _fields().get(name)
    if not isinstance(value, str) or not value:
        abort(400, f"{name} is missing")
    return value


def _after() -> int:
    value = request.args.get("after", "0")
    return int(value) if value.isdigit() else 0


def _add_office(api: Blueprint, phones: Telephones) -> None:
    @api.get("/office")
    def office() -> Response:
        return jsonify(phones.office())

    @api.post("/clock")
    def clock() -> Response:
        speed = str(_fields().get("speed", 1))
        return jsonify(phones.ask_clock("POST", [("speed", speed)]))


def _add_calls(api: Blueprint, phones: Telephones) -> None:
    @api.post("/calls")
    def dial() -> Response:
        return jsonify({"id": phones.carrier.dial(_text("from"), _text("to"), settle=False).sid})

    @api.get("/calls/<sid>")
    def call(sid: str) -> Response:
        line, after = phones.line(sid), _after()
        items = [item_shown(item) for item in list(line.items) if item.seq > after]
        return jsonify(summary_of(line) | {"items": items})

    @api.post("/calls/<sid>/<move>")
    def move(sid: str, move: str) -> Response:
        line = phones.line(sid)
        match move:
            case "press":
                line.press("".join(key for key in _text("keys") if key in "0123456789*#"), settle=False)
            case "say":
                line.say(_text("text"), float(_fields().get("confidence", 0.9)), settle=False)
            case "hang-up":
                line.hang_up(settle=False)
            case "answer":
                line.answer(settle=False)
            case "reject":
                line.reject(settle=False)
            case _:
                abort(404)
        return jsonify(summary_of(line))

    @api.get("/recordings/<sid>.wav")
    def recording(sid: str) -> Response:
        kept = phones.carrier.recordings.by_sid.get(sid)
        if kept is None or kept.deleted:
            abort(404)
        return Response(speech_wav(kept.text, kept.language), content_type="audio/wav")

    @api.get("/audio/speech.wav")
    def audio() -> Response:
        sound = speech_wav(request.args.get("text", "")[:4000], request.args.get("language", "en-US"))
        return Response(sound, content_type="audio/wav", headers={"Cache-Control": "max-age=3600"})


def _add_lines(api: Blueprint, phones: Telephones) -> None:
    carrier = phones.carrier

    @api.get("/lines/<number>")
    def lines(number: str) -> Response:
        ringing = carrier.ringing(number)
        rings = {line.sid for line in ringing}
        active = [line for line in carrier.lines_at(number) if line.sid not in rings and line.status != "queued"]
        return jsonify(
            {
                "ringing": [{"id": line.sid, "from": line.leg.from_} for line in ringing if number in carrier.manned],
                "active": [summary_of(line) for line in active],
            }
        )

    @api.post("/lines/<number>")
    def man(number: str) -> Response:
        carrier.man(number, bool(_fields().get("manned", True)))
        return jsonify({"number": number, "manned": number in carrier.manned})


def _add_wire(api: Blueprint, phones: Telephones) -> None:
    carrier = phones.carrier

    @api.get("/webhooks")
    def webhooks() -> Response:
        after = _after()
        return jsonify({"items": [_webhook(one) for one in carrier.webhooks[after:]]})

    @api.get("/texts")
    def texts() -> Response:
        number = request.args.get("number", "")
        return jsonify(
            {
                "items": [
                    {"at": one.at.isoformat(), "from": one.from_, "to": one.to, "body": one.body}
                    for one in list(carrier.texts)
                    if number in ("", one.from_, one.to)
                ]
            }
        )

    @api.post("/texts")
    def text() -> Response:
        sent = carrier.text(_text("from"), _text("to"), _text("body"))
        return jsonify({"id": sent.sid})

    @api.post("/faults")
    def faults() -> Response:
        try:
            carrier.faults = Faults.of(_fields())
        except (TypeError, ValueError) as error:
            abort(400, str(error))
        return jsonify(dataclasses.asdict(carrier.faults))


def summary_of(line: Line) -> dict[str, Any]:
    return {
        "id": line.sid,
        "status": line.status,
        "from": line.leg.from_,
        "to": line.leg.to,
        "waiting_for": line.waiting_for,
    }


def item_shown(item: Item) -> dict[str, Any]:
    audio = item.audio
    if item.kind == "heard" and not audio:
        audio = f"/phone/api/audio/speech.wav?language={quote(item.language)}&text={quote(item.text)}"
    return {
        "seq": item.seq,
        "at": item.at.isoformat(),
        "kind": item.kind,
        "text": item.text,
        "language": item.language,
        "audio": audio,
    }


def _webhook(one: Webhook) -> dict[str, Any]:
    parts = urlsplit(one.url)
    return {
        "seq": one.seq,
        "at": one.at.isoformat(),
        "method": one.method,
        "path": parts.path + ("?" + parts.query if parts.query else ""),
        "status": one.status,
        "ms": round(one.ms, 1),
        "params": one.params,
        "document": one.document,
    }
