"""Delivery: retries, redirects, cookies, fallback; over real HTTP and on the machine's clock."""

from __future__ import annotations

import threading
import time

import pytest
from werkzeug.serving import make_server

from app.simulator.carrier import Carrier
from app.simulator.clock import RealClock
from app.simulator.transport import ConnectionFailed, HttpTransport, Reply, TimedOut, WsgiTransport
from tests.simulator.conftest import ACCOUNT, CUSTOMER, OFFICE, TOKEN, Script

BYE = b"<Response><Say>Bye.</Say></Response>"


class Scripted:
    """A transport that answers from a list; an exception in it is raised."""

    def __init__(self, *replies: Reply | Exception) -> None:
        self.replies = list(replies)
        self.asked: list[tuple[str, str, dict[str, str]]] = []

    def __call__(self, method, url, params, headers):
        self.asked.append((method, url, dict(headers)))
        reply = self.replies.pop(0) if self.replies else Reply(204, {}, b"")
        if isinstance(reply, Exception):
            raise reply
        return reply


def twiml(**headers: str) -> Reply:
    return Reply(200, {"content-type": "text/xml"} | headers, BYE)


def call_over(*replies: Reply | Exception) -> tuple[Scripted, list[str]]:
    transport = Scripted(*replies)
    carrier = Carrier(ACCOUNT, TOKEN, "https://office.example", transport)
    return transport, list(carrier.dial(CUSTOMER, OFFICE).heard)


def test_a_failed_connection_is_tried_once_more_with_the_same_token():
    transport, heard = call_over(ConnectionFailed(), twiml())

    tokens = [headers["I-Twilio-Idempotency-Token"] for _, _, headers in transport.asked[:2]]
    assert tokens[0] == tokens[1]
    assert heard == ["Bye."]


def test_two_failed_connections_lead_to_the_fallback():
    transport, heard = call_over(ConnectionFailed(), ConnectionFailed(), twiml())

    assert [url for _, url, _ in transport.asked][2] == "https://office.example/voice/fallback"
    assert heard == ["Bye."]


def test_a_slow_answer_is_not_tried_again():
    transport, _ = call_over(TimedOut(), twiml())

    assert [url.rsplit("/", 1)[1] for _, url, _ in transport.asked[:2]] == ["incoming", "fallback"]


def test_an_error_page_leads_to_the_fallback():
    transport, _ = call_over(Reply(500, {"content-type": "text/html"}, b"oops"), twiml())

    assert transport.asked[1][1].endswith("/voice/fallback")


def test_redirects_are_followed_and_signed_anew():
    transport, heard = call_over(Reply(302, {"location": "/elsewhere?x=1"}, b""), twiml())

    methods = [(method, url) for method, url, _ in transport.asked[:2]]
    assert methods[1] == ("GET", "https://office.example/elsewhere?x=1")
    assert transport.asked[0][2]["X-Twilio-Signature"] != transport.asked[1][2]["X-Twilio-Signature"]
    assert heard == ["Bye."]


def test_redirects_without_end_are_given_up():
    transport, heard = call_over(*[Reply(307, {"location": "/again"}, b"")] * 22)

    assert len(transport.asked) == 23
    assert "application error" in heard[-1]


def test_cookies_are_kept_for_the_call():
    again = Reply(
        200,
        {"content-type": "text/xml", "set-cookie": "k=v; Path=/"},
        b"<Response><Redirect>/next</Redirect></Response>",
    )
    transport, _ = call_over(again, twiml())

    assert "Cookie" not in transport.asked[0][2]
    assert transport.asked[1][2]["Cookie"] == "k=v"


def test_plain_text_is_read_aloud_and_sound_is_played():
    _, read = call_over(Reply(200, {"content-type": "text/plain"}, b"Good day"))
    _, played = call_over(
        Reply(200, {"content-type": "audio/mpeg"}, b"x"), Reply(200, {"content-type": "audio/mpeg"}, b"x")
    )

    assert read == ["Good day"]
    assert played == ["https://office.example/voice/incoming"]


def test_a_played_file_tells_its_words_in_a_header():
    play = Reply(200, {"content-type": "text/xml"}, b"<Response><Play>/hello.wav</Play></Response>")
    sound = Reply(200, {"content-type": "audio/wav", "x-transcript": "Dobar%20dan", "content-language": "bs"}, b"")

    transport, heard = call_over(play, sound)

    assert transport.asked[1][:2] == ("GET", "https://office.example/hello.wav")
    assert heard == ["Dobar dan"]


def test_what_is_no_sound_is_noted():
    play = Reply(200, {"content-type": "text/xml"}, b"<Response><Play>/hello.wav</Play></Response>")
    carrier = Carrier(ACCOUNT, TOKEN, "https://office.example", Scripted(play, twiml()))

    carrier.dial(CUSTOMER, OFFICE)

    assert [fault.code for fault in carrier.faults_seen] == [13420]


@pytest.fixture
def served(office: Script):
    server = make_server("127.0.0.1", 0, office, threaded=True)
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    server.shutdown()
    thread.join()
    server.server_close()


def wait_for(ready, seconds=10.0):
    end = time.monotonic() + seconds
    while not ready() and time.monotonic() < end:
        time.sleep(0.02)
    assert ready()


def test_a_call_lives_on_the_machines_clock_over_http(office, served):
    office["/voice/incoming"] = '<Response><Gather numDigits="1" action="/menu"><Say>Hi.</Say></Gather></Response>'
    office["/menu"] = "<Response><Say>Bye.</Say></Response>"
    transport = HttpTransport()
    carrier = Carrier(ACCOUNT, TOKEN, served, transport, clock=RealClock(), live=True)
    carrier.start()
    try:
        call = carrier.dial(CUSTOMER, OFFICE)
        wait_for(lambda: call.waiting_for == "keys")
        call.press("1")
        wait_for(lambda: bool(office.all("/voice/status")))
    finally:
        carrier.stop()
        transport.close()

    assert office.params("/menu")["Digits"] == "1"
    assert call.heard == ["Hi.", "Bye."]
    assert call.status == "completed"


def test_a_thousand_calls_pass_in_seconds(office):
    office["/voice/incoming"] = '<Response><Gather numDigits="1" action="/menu"><Say>Press 1.</Say></Gather></Response>'
    office["/menu"] = "<Response><Say>Bye.</Say></Response>"
    carrier = Carrier(ACCOUNT, TOKEN, "https://office.example", WsgiTransport(office))
    begun = time.monotonic()

    for number in range(1000):
        carrier.dial(f"+4915100{number:05d}", OFFICE).press("1")

    assert {leg.status for leg in carrier.calls} == {"completed"}
    assert time.monotonic() - begun < 20
