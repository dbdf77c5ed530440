"""Text messages, both ways, with their reports and the word STOP."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING
from urllib.parse import urljoin

from app.simulator.countries import geography
from app.simulator.document import Verb, check_type, read
from app.simulator.limits import Refused
from app.simulator.loop import Fetch, Steps
from app.simulator.transport import Params
from app.simulator.webhook import Answer, Request

if TYPE_CHECKING:
    from app.simulator.carrier import Carrier

STOP_WORDS = frozenset({"STOP", "STOPALL", "UNSUBSCRIBE", "CANCEL", "END", "QUIT"})
START_WORDS = frozenset({"START", "YES", "UNSTOP"})
MOST_DOCUMENTS = 50


@dataclass
class Text:
    """One text message."""

    sid: str
    at: datetime
    from_: str
    to: str
    body: str
    direction: str  # inbound, outbound-api, outbound-reply
    status: str = "queued"
    report_to: str = ""
    error: int | None = None  # None unless it could not be delivered

    @property
    def segments(self) -> int:
        """How many messages the network makes of it (GSM counted as if all were plain)."""
        return max(1, -(-len(self.body) // 153)) if len(self.body) > 160 else 1


def send(carrier: Carrier, from_: str, to: str, body: str, *, report_to: str = "", reply: bool = False) -> Text:
    """Take a text from the product; it is sent and delivered a little later."""
    direction = "outbound-reply" if reply else "outbound-api"
    text = Text(carrier.sid("SM"), carrier.now(), from_, to, body, direction, report_to=report_to)
    carrier.texts.append(text)
    steps = (("sent", 1.0), ("delivered" if takes_texts(carrier, to) else "undelivered", 3.0))
    for status, after in steps:
        carrier.loop.soon(lambda status=status: _move(carrier, text, status), after)  # type: ignore[misc]
    return text


def takes_texts(carrier: Carrier, number: str) -> bool:
    """Whether texts reach a number."""
    person = carrier.people.get(number)
    return person is None or person.takes_texts


def _move(carrier: Carrier, text: Text, status: str) -> None:
    text.status = status
    if status == "undelivered":
        text.error = 30006
    if status == "delivered":
        _let_answer(carrier, text)
    if not text.report_to:
        return
    params = [
        ("AccountSid", carrier.account_sid),
        ("ApiVersion", "2010-04-01"),
        ("From", text.from_),
        ("MessageSid", text.sid),
        ("MessageStatus", status),
        ("SmsSid", text.sid),
        ("SmsStatus", status),
        ("To", text.to),
    ]
    if text.error is not None:
        params.append(("ErrorCode", str(text.error)))
    carrier.notify(text.report_to, "POST", params, text.sid, "text")


def _let_answer(carrier: Carrier, text: Text) -> None:
    person = carrier.people.get(text.to)
    answer = person.texted(text.body) if person is not None else None
    if answer is not None:
        body, after = answer

        def write() -> None:
            receive(carrier, text.to, text.from_, body)

        carrier.loop.soon(write, after)


def receive(carrier: Carrier, from_: str, to: str, body: str) -> Text:
    """Somebody texts one of the product's numbers."""
    text = Text(carrier.sid("SM"), carrier.now(), from_, to, body, "inbound", "received")
    carrier.texts.append(text)
    office = carrier.numbers.get(to) or carrier.own(to)
    word = body.strip().upper()
    if word in STOP_WORDS:
        carrier.opted_out.add((to, from_))
        carrier.texts.append(
            Text(carrier.sid("SM"), carrier.now(), to, from_, "You have been unsubscribed.", "outbound-reply", "sent")
        )
    elif word in START_WORDS:
        carrier.opted_out.discard((to, from_))
    params: Params = [
        ("AccountSid", carrier.account_sid),
        ("ApiVersion", "2010-04-01"),
        ("Body", body),
        ("From", from_),
        ("MessageSid", text.sid),
        ("NumMedia", "0"),
        ("NumSegments", str(text.segments)),
        ("SmsMessageSid", text.sid),
        ("SmsSid", text.sid),
        ("SmsStatus", "received"),
        ("To", to),
        *geography("From", from_),
        *geography("To", to),
    ]
    carrier.loop.spawn(_converse(carrier, text, office.text_url, params))
    return text


def _converse(carrier: Carrier, text: Text, url: str, params: Params) -> Steps[None]:
    method = "POST"
    for _ in range(MOST_DOCUMENTS):
        request = Request(method, url, params, carrier.token(), text.sid, "document")
        answer: Answer = yield Fetch(lambda request=request: carrier.request(request))  # type: ignore[misc]
        if answer.error:
            carrier.refuse(Refused(answer.error, f"the answer was {answer.status}"), answer.url, text.sid)
            return
        if not answer.body:
            return
        try:
            check_type(answer.content_type)
            document = read(answer.body, answer.url, messaging=True)
        except Refused as refused:
            carrier.refuse(refused, answer.url, text.sid)
            return
        redirect = _carry_out(carrier, text, document.verbs, answer.url)
        if redirect is None:
            return
        method, url = redirect.get("method", "POST"), urljoin(answer.url, redirect.text)
    carrier.refuse(Refused(14106, "too many documents for one text"), url, text.sid)


def _carry_out(carrier: Carrier, text: Text, verbs: tuple[Verb, ...], url: str) -> Verb | None:
    """Send what a document says; the redirect that ends it, if one does."""
    for one in verbs:
        if one.name == "Redirect":
            return one
        bodies = [child.text for child in one.children if child.name == "Body"]
        report_to = one.get("statusCallback") or one.get("action")
        send(
            carrier,
            one.get("from", text.to),
            one.get("to", text.from_),
            bodies[0] if bodies else one.text,
            report_to=urljoin(url, report_to) if report_to else "",
            reply=True,
        )
    return None
