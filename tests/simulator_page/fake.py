"""A small phone network behind the browser telephone's API: one hotline that plays a fixed, short conversation."""

from __future__ import annotations

import threading
from dataclasses import dataclass, field
from typing import Any

from flask import Flask, Response, jsonify, request
from werkzeug.serving import BaseWSGIServer, WSGIRequestHandler, make_server

from app.simulator.page import bp

HOTLINE = "+493012345600"
ADA = "+493012345671"
AT = "2026-03-02T09:00:00Z"
WELCOME = "Guten Tag, hier ist Haushalt Nord. Für eine Beschwerde drücken Sie die 1."
REGRET = "Das tut uns leid. Erzählen Sie nach dem Ton, was geschehen ist."
PROMISE = "Wir rufen Sie heute bis 15 Uhr zurück. Ihre Nummer ist 4 7 1 1."
TWIML = '<?xml version="1.0"?><Response><Gather numDigits="1"><Say language="de-DE">Guten Tag</Say></Gather></Response>'


@dataclass
class Talk:
    """One call as the fake keeps it."""

    id: str
    caller: str
    to: str
    status: str = "in-progress"
    waiting_for: str | None = None
    items: list[dict[str, Any]] = field(default_factory=list)

    def add(self, kind: str, text: str, language: str | None = None) -> None:
        """Let something happen on the line."""
        seq = len(self.items) + 1
        self.items.append({"seq": seq, "at": AT, "kind": kind, "text": text, "language": language, "audio": None})


class FakeNetwork:
    """Numbers, calls, texts and webhooks, and what the page asked for."""

    def __init__(self) -> None:
        self.talks: dict[str, Talk] = {}
        self.ringing: dict[str, list[Talk]] = {}
        self.manned: dict[str, bool] = {}
        self.texts: list[dict[str, str]] = []
        self.webhooks: list[dict[str, Any]] = []
        self.faults: dict[str, Any] = {}
        self.speed = 1
        self.seen_press: list[str] = []
        self.answers = threading.Event()  # cleared: what is asked of the webhooks waits for its answer
        self.answers.set()
        self.lock = threading.Lock()

    def begin(self, caller: str, to: str) -> Talk:
        """A call the customer makes."""
        talk = Talk(f"CA{len(self.talks) + 1}", caller, to)
        self.talks[talk.id] = talk
        talk.add("heard", WELCOME, "de-DE")
        talk.waiting_for = "keys"
        self.deliver("/voice/incoming", TWIML)
        return talk

    def ring(self, caller: str, to: str) -> Talk:
        """A call that rings at a telephone of the page."""
        talk = Talk(f"CA{len(self.talks) + 1}", caller, to, "ringing")
        self.talks[talk.id] = talk
        self.ringing.setdefault(to, []).append(talk)
        return talk

    def deliver(self, path: str, document: str, status: int = 200) -> None:
        """Log a webhook."""
        seq = len(self.webhooks) + 1
        params = {"CallSid": "CA1", "From": "+493023125042", "To": HOTLINE}
        self.webhooks.append(
            {"seq": seq, "at": AT, "method": "POST", "path": path, "status": status, "ms": 12.4, "params": params}
            | {"document": document}
        )

    def press(self, talk: Talk, keys: str) -> None:
        """Go on with the fixed conversation."""
        self.seen_press.append(keys)
        talk.add("pressed", keys)
        if keys == "1" and talk.waiting_for == "keys":
            talk.add("heard", REGRET, "de-DE")
            talk.add("beep", "")
            talk.waiting_for = "record"
            self.deliver(f"/voice/turn/{talk.id}/1", TWIML)

    def say(self, talk: Talk, text: str) -> None:
        """Hear words; a recording ends with them."""
        talk.add("said", text)
        if talk.waiting_for == "record":
            talk.add("recording", "6 seconds recorded")
            talk.add("heard", PROMISE, "de-DE")
            talk.waiting_for = None
            self.texts.append({"at": AT, "from": HOTLINE, "to": talk.caller, "body": "Beschwerde 4711 ist notiert."})

    def answer(self, talk: Talk) -> None:
        """Somebody lifts the handset."""
        self.ringing[talk.to].remove(talk)
        talk.status = "in-progress"
        talk.add("heard", "Hier ist Haushalt Nord, wir hatten es versprochen.", "de-DE")
        talk.waiting_for = "keys"

    def end(self, talk: Talk, status: str) -> None:
        """The call is over."""
        if talk in self.ringing.get(talk.to, []):
            self.ringing[talk.to].remove(talk)
        talk.status, talk.waiting_for = status, None


def make_app(network: FakeNetwork) -> Flask:
    """The API of the browser telephone over the fake."""
    app = Flask(__name__)
    app.register_blueprint(bp)
    add_calls(app, network)
    add_office(app, network)
    return app


def add_calls(app: Flask, network: FakeNetwork) -> None:
    """Calls and the telephones they ring at."""

    @app.post("/phone/api/calls")
    def calls() -> tuple[Response, int]:
        wanted = request.get_json()
        if wanted["to"] != HOTLINE:
            return jsonify(error="This number is not in service."), 404
        return jsonify(id=network.begin(wanted["from"], wanted["to"]).id), 201

    @app.post("/phone/api/calls/<call>/<what>")
    def act(call: str, what: str) -> Response:
        talk, sent = network.talks[call], request.get_json()
        actions = {
            "press": lambda: network.press(talk, sent["keys"]),
            "say": lambda: network.say(talk, sent["text"]),
            "answer": lambda: network.answer(talk),
            "reject": lambda: network.end(talk, "busy"),
            "hang-up": lambda: network.end(talk, "completed"),
        }
        with network.lock:
            actions[what]()
        return jsonify(ok=True)

    @app.get("/phone/api/calls/<call>")
    def call(call: str) -> Response:
        talk, after = network.talks[call], request.args.get("after", 0, int)
        fresh = [item for item in talk.items if item["seq"] > after]
        head = {"id": talk.id, "status": talk.status, "from": talk.caller, "to": talk.to}
        return jsonify(head | {"waiting_for": talk.waiting_for, "items": fresh})

    @app.get("/phone/api/lines/<number>")
    def line(number: str) -> Response:
        ringing = [{"id": talk.id, "from": talk.caller} for talk in network.ringing.get(number, [])]
        return jsonify(ringing=ringing, active=[])

    @app.post("/phone/api/lines/<number>")
    def man(number: str) -> Response:
        network.manned[number] = request.get_json()["manned"]
        return jsonify(ok=True)


def add_office(app: Flask, network: FakeNetwork) -> None:
    """The clock, the webhooks, the texts and the faults."""

    @app.get("/phone/api/office")
    def office() -> Response:
        people = [{"number": ADA, "label": "Ada Sommer", "manned": network.manned.get(ADA, False)}]
        numbers = [{"number": HOTLINE, "label": "Haushalt Nord"}]
        return jsonify(now=AT, speed=network.speed, numbers=numbers, people=people, zone="Europe/Berlin", desk="/desk/")

    @app.post("/phone/api/clock")
    def clock() -> Response:
        network.speed = request.get_json()["speed"]
        return jsonify(now=AT, speed=network.speed)

    @app.get("/phone/api/webhooks")
    def webhooks() -> Response:
        after = request.args.get("after", 0, int)
        network.answers.wait(10)
        return jsonify(items=[item for item in network.webhooks if item["seq"] > after])

    @app.get("/phone/api/texts")
    def texts() -> Response:
        number = request.args["number"]
        return jsonify(items=[text for text in network.texts if number in (text["from"], text["to"])])

    @app.post("/phone/api/texts")
    def text() -> Response:
        network.texts.append({"at": AT, **request.get_json()})
        return jsonify(ok=True)

    @app.post("/phone/api/faults")
    def faults() -> Response:
        network.faults = request.get_json()
        return jsonify(ok=True)


class Silent(WSGIRequestHandler):
    """Writes no log line per request."""

    def log_request(self, code: int | str = "-", size: int | str = "-") -> None:
        """Say nothing."""


class RunningFake:
    """The fake on a free port of this machine, in a thread of its own."""

    def __init__(self) -> None:
        self.network = FakeNetwork()
        self.server: BaseWSGIServer = make_server(
            "127.0.0.1", 0, make_app(self.network), threaded=True, request_handler=Silent
        )
        self.url = f"http://127.0.0.1:{self.server.server_port}/phone"
        self.thread = threading.Thread(target=self.server.serve_forever, daemon=True)
        self.thread.start()

    def stop(self) -> None:
        """End the server and its thread."""
        self.server.shutdown()
        self.thread.join()
        self.server.server_close()
