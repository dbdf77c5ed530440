"""The resource `Messages`: send texts, look them up."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.simulator.rest.asked import E164, Asked, Given, page
from app.simulator.rest.problem import Problem, not_found
from app.simulator.texts import Text, send, takes_texts

if TYPE_CHECKING:
    from app.simulator.carrier import Carrier

LONGEST = 1600


def create(carrier: Carrier, asked: Asked) -> Given:
    """Send a text."""
    to, from_, body = asked.one("To"), asked.one("From"), asked.one("Body")
    if not to:
        raise Problem(21604, "A 'To' phone number is required.")
    if not from_ and not asked.one("MessagingServiceSid"):
        raise Problem(21603, "A 'From' phone number is required.")
    from_ = from_ or next(iter(carrier.numbers), "")
    if not E164.fullmatch(to):
        raise Problem(21211, f"Invalid 'To' Phone Number: {to}")
    if from_ not in carrier.numbers:
        code = 21606 if E164.fullmatch(from_) else 21212
        raise Problem(code, f"The 'From' phone number {from_} is not a valid, message-capable number of this account.")
    if not body and not asked.one("MediaUrl"):
        raise Problem(21602, "Message body is required.")
    if len(body) > LONGEST:
        raise Problem(21617, f"The concatenated message body exceeds the {LONGEST} character limit")
    if (from_, to) in carrier.opted_out:
        raise Problem(21610, "Attempt to send to unsubscribed recipient")
    if not takes_texts(carrier, to):
        raise Problem(21614, f"'To' number is not a valid mobile number: {to}")
    return Given(201, shown(carrier, send(carrier, from_, to, body, report_to=asked.url("StatusCallback"))))


def fetch(carrier: Carrier, asked: Asked, sid: str) -> Given:
    """One text."""
    text = next((one for one in carrier.texts if one.sid == sid), None)
    if text is None:
        raise not_found(asked.path)
    return Given(200, shown(carrier, text))


def listing(carrier: Carrier, asked: Asked) -> Given:
    """Texts, newest first, by To and From."""
    rows = [
        text
        for text in reversed(carrier.texts)
        if asked.one("To") in ("", text.to) and asked.one("From") in ("", text.from_)
    ]
    return page(asked, "messages", [shown(carrier, text) for text in rows])


def shown(carrier: Carrier, text: Text) -> dict[str, Any]:
    """A text as JSON values."""
    path = f"/2010-04-01/Accounts/{carrier.account_sid}/Messages/{text.sid}"
    at = carrier.rfc2822(text.at)
    return {
        "sid": text.sid,
        "account_sid": carrier.account_sid,
        "api_version": "2010-04-01",
        "messaging_service_sid": None,
        "from": text.from_,
        "to": text.to,
        "body": text.body,
        "num_segments": str(text.segments),
        "num_media": "0",
        "direction": text.direction,
        "status": text.status,
        "error_code": text.error,
        "error_message": None,
        "date_created": at,
        "date_updated": at,
        "date_sent": at if text.status in ("sent", "delivered", "undelivered") else None,
        "price": None,
        "price_unit": "USD",
        "uri": path + ".json",
        "subresource_uris": {"media": path + "/Media.json"},
    }
