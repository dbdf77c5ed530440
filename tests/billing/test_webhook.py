"""Orders over HTTP: signed, answered in time, and told apart by what is worth another try."""

from __future__ import annotations

import json
import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
import requests
from flask import Flask
from werkzeug.serving import make_server

from app.billing.port import OrderNotTaken
from app.billing.webhook import BillingWebhook, sign
from app.domain.clock import FakeClock
from app.simulator.billing import BillingSystem, billing_routes

SECRET = "a secret that both sides know, and nobody else"
ORDER = {"order": "suspend", "charge": "c1", "protocol": "2612345679", "invoice": None, "company": "Müller"}


@pytest.fixture
def clock() -> FakeClock:
    return FakeClock()


@pytest.fixture
def system(clock: FakeClock) -> BillingSystem:
    return BillingSystem(SECRET, clock)


@pytest.fixture
def url(system: BillingSystem) -> Iterator[str]:
    app = Flask("billing")
    app.register_blueprint(billing_routes(system))
    server = make_server("127.0.0.1", 0, app, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}/billing/orders"
    server.shutdown()
    thread.join()


def test_a_signed_order_is_carried_out_and_its_repetition_recognized(
    url: str, system: BillingSystem, clock: FakeClock
) -> None:
    office = BillingWebhook(url, SECRET, clock)

    assert office.send("c1:suspend", ORDER).startswith("200 ")
    assert office.send("c1:suspend", ORDER).startswith("200 ")

    assert system.asked == 2
    assert list(system.orders.values()) == [ORDER]
    assert system.charges["c1"]["state"] == "suspended"


def test_another_secret_or_an_old_signature_is_refused_for_good(url: str, clock: FakeClock) -> None:
    with pytest.raises(OrderNotTaken, match="403") as refusal:
        BillingWebhook(url, "another secret, of sufficient length", clock).send("c1:suspend", ORDER)
    assert refusal.value.hopeless

    old = FakeClock(clock.now() - timedelta(minutes=6))
    with pytest.raises(OrderNotTaken, match="403"):
        BillingWebhook(url, SECRET, old).send("c1:suspend", ORDER)


def test_an_altered_order_is_refused(url: str, clock: FakeClock) -> None:
    body = json.dumps(ORDER).encode()
    signature = sign(SECRET, round(clock.now().timestamp()), body)
    headers = {"Idempotency-Key": "c1:suspend", "X-Rueckruf-Signature": signature}
    assert requests.post(url, data=body.replace(b"suspend", b"reverse"), headers=headers, timeout=5).status_code == 403
    assert requests.post(url, data=body, headers=headers, timeout=5).status_code == 200


def test_what_passes_by_itself_is_worth_another_try(url: str, system: BillingSystem, clock: FakeClock) -> None:
    system.mood = "broken"
    with pytest.raises(OrderNotTaken, match="500") as refusal:
        BillingWebhook(url, SECRET, clock).send("c1:suspend", ORDER)
    assert not refusal.value.hopeless

    with pytest.raises(OrderNotTaken) as away:
        BillingWebhook("http://127.0.0.1:9/billing", SECRET, clock).send("c1:suspend", ORDER)
    assert not away.value.hopeless


def test_who_answers_too_late_is_asked_again(
    url: str, system: BillingSystem, clock: FakeClock, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("app.billing.webhook.SECONDS", 0.2)
    monkeypatch.setattr("app.simulator.billing.SLOW_SECONDS", 1)
    system.mood = "slow"
    with pytest.raises(OrderNotTaken, match="ReadTimeout") as late:
        BillingWebhook(url, SECRET, clock).send("c1:suspend", ORDER)
    assert not late.value.hopeless


def test_an_order_that_cannot_be_carried_out_needs_a_person(url: str, system: BillingSystem, clock: FakeClock) -> None:
    system.mood = "refusing"
    with pytest.raises(OrderNotTaken, match="422") as refusal:
        BillingWebhook(url, SECRET, clock).send("c1:suspend", ORDER)
    assert refusal.value.hopeless
