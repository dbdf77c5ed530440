"""A company's billing system for local runs: takes signed orders, and can be slow, broken or away.

It believes a signature for five minutes, recognizes a repetition by its `Idempotency-Key`, and keeps what it was told
about each charge and cancellation; with a file also over its own death. When it is slow it carries an order out at
once, and answers too late. Nothing here is Twilio's.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
import time
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path
from typing import Any, Final

from flask import Blueprint, Response, abort, jsonify, request

from app.simulator.clock import Clock

FRESH: Final = timedelta(minutes=5)
SLOW_SECONDS: Final = 8
MOODS: Final = ("well", "slow", "broken", "refusing")
_SIGNATURE = re.compile(r"t=(\d{1,12}),v1=([0-9a-f]{64})")
_OF_A_CANCELLATION: Final = ("protocol", "contract", "requested_at", "ends", "ends_on", "withdrawal", "amount_cents")
_STATES: Final = {"suspend": "suspended", "reverse": "reversed", "reinstate": "collectable"}


@dataclass
class BillingSystem:
    """Charges and what was ordered about them; `mood` says how it behaves."""

    secret: str
    clock: Clock
    mood: str = "well"
    orders: dict[str, dict[str, Any]] = field(default_factory=dict)  # by idempotency key, in order of arrival
    charges: dict[str, dict[str, Any]] = field(default_factory=dict)  # by the charge's key
    cancellations: dict[str, dict[str, Any]] = field(default_factory=dict)  # by the cancellation's key; as last told
    asked: int = 0  # how often, repetitions and refusals too
    file: Path | None = None  # where orders are kept, one a line; None: nowhere

    def __post_init__(self) -> None:
        """Remember what was carried out before."""
        if self.file is not None and self.file.exists():
            for line in self.file.read_text("utf-8").splitlines():
                key, order = json.loads(line)
                self._carry_out(key, order)

    def take(self, body: bytes, key: str, signature: str) -> tuple[int, dict[str, Any]]:
        """Carry out an order; gives an HTTP status and the answer."""
        self.asked += 1
        if not self._is_genuine(body, signature):
            return 403, {"error": "the signature does not fit, or is too old"}
        if self.mood == "broken":
            return 500, {"error": "out of order"}
        if self.mood == "refusing":
            return 422, {"error": "no such customer"}
        if not key:
            return 400, {"error": "Idempotency-Key is missing"}
        order = json.loads(body)
        if key not in self.orders:
            if self.file is not None:
                with self.file.open("a", encoding="utf-8") as kept:
                    kept.write(json.dumps([key, order]) + "\n")
            self._carry_out(key, order)
        if order["order"] == "cancel":
            return 200, {"cancellation": order["cancellation"], "state": "cancelled"}
        return 200, {"charge": order["charge"], "state": self.charges[order["charge"]]["state"]}

    def _carry_out(self, key: str, order: dict[str, Any]) -> None:
        self.orders[key] = order
        if order["order"] == "cancel":
            self.cancellations[order["cancellation"]] = {name: order[name] for name in _OF_A_CANCELLATION}
            return
        charge = self.charges.setdefault(order["charge"], {"state": "unknown", "invoice": None})
        charge["state"] = _STATES.get(order["order"], charge["state"])
        charge["invoice"] = order["invoice"] or charge["invoice"]
        charge["protocol"] = order["protocol"]

    def _is_genuine(self, body: bytes, signature: str) -> bool:
        found = _SIGNATURE.fullmatch(signature)
        if found is None or abs(self.clock.now().timestamp() - int(found[1])) > FRESH.total_seconds():
            return False
        expected = hmac.new(self.secret.encode(), found[1].encode() + b"." + body, hashlib.sha256).hexdigest()
        return hmac.compare_digest(expected, found[2])


def billing_routes(system: BillingSystem) -> Blueprint:
    """`POST /billing/orders`, what it holds at `GET /billing`, and its mood at `POST /billing/mood`."""
    routes = Blueprint("billing", __name__, url_prefix="/billing")

    @routes.post("/orders")
    def orders() -> tuple[Response, int]:
        key, signature = (request.headers.get(name, "") for name in ("Idempotency-Key", "X-Rueckruf-Signature"))
        status, answer = system.take(request.get_data(), key, signature)
        if system.mood == "slow":
            time.sleep(SLOW_SECONDS)
        return jsonify(answer), status

    @routes.get("")
    def held() -> Response:
        held = {"charges": system.charges, "cancellations": system.cancellations}
        return jsonify({"mood": system.mood, **held, "orders": list(system.orders.values())})

    @routes.post("/mood")
    def mood() -> Response:
        wanted = (request.get_json(silent=True) or {}).get("mood")
        if wanted not in MOODS:
            abort(400, f"mood is none of: {', '.join(MOODS)}")
        system.mood = wanted
        return jsonify({"mood": system.mood})

    return routes
