"""When our first answer failed: an apology and a way to leave a message. Nothing here needs a database."""

from __future__ import annotations

import structlog
from flask import Blueprint, Response

from app.domain.phone_number import is_withheld, parse_phone
from app.ivr.languages import language_for
from app.ivr.turn import Say
from app.models.spool import Spool
from app.runtime import Runtime
from app.telephony.twilio.request import one, read_heard
from app.telephony.twilio.response import looped, record_message
from app.telephony.twilio.shape import Params
from app.web.webhooks.gate import only_the_network, params, runtime, xml

_log = structlog.get_logger()
bp = Blueprint("fallback", __name__, url_prefix="/voice/fallback")
bp.before_request(only_the_network)


@bp.post("")
def fallback() -> Response:
    """Apologize and take a message."""
    return xml(apologize(runtime(), params()))


@bp.post("/recorded")
def recorded() -> Response:
    """The message was taken; it is on disk before the caller is thanked."""
    rt, given = runtime(), params()
    keep(rt, given, "message", recording=read_heard(given).recording)
    return xml(looped(speak(rt, given, "fallback.thanks"), "<Hangup/>"))


def apologize(rt: Runtime, given: Params) -> str:
    """What is heard when something failed on our side.

    Who called us can leave a message, and that they met a failure is kept. Whom we called, an agent or a customer, has
    nothing to leave: their attempt ends with their leg, and what it was for is tried again.
    """
    if one(given, "Direction").startswith("outbound"):
        return looped(speak(rt, given, "apology.ours") + speak(rt, given, "goodbye"), "<Hangup/>")
    try:
        keep(rt, given, "failed")
    except OSError:
        _log.exception("the spool could not be written")
    return _apology(rt, given)


def _apology(rt: Runtime, given: Params) -> str:
    spoken = speak(rt, given, "apology") + speak(rt, given, "fallback.record")
    return record_message(spoken, "/voice/fallback/recorded", speak(rt, given, "goodbye"))


def speak(rt: Runtime, given: Params, prompt: str) -> str:
    """One prompt in the language the caller's number suggests, since nothing else is known here."""
    hotline = rt.hotlines.of(one(given, "To"))
    number = one(given, "From")
    caller = None if is_withheld(number) else parse_phone(number, hotline.country)
    language = language_for(hotline, caller.e164 if caller else "", None)
    slots = {"company": hotline.company.name}
    now = rt.wall.now()
    return rt.board.present.speaker.speak((Say(prompt, slots),), language, now=now, zone=hotline.zone)


def keep(rt: Runtime, given: Params, what: str, *, recording: str = "") -> None:
    """Write down, on this machine's disk, that a caller met a failure; the clock brings it into the database."""
    entry = {
        "what": what,
        "at": rt.wall.now().isoformat(),
        "network_id": one(given, "CallSid"),
        "from": one(given, "From"),
        "to": one(given, "To"),
        "recording": recording,
        "error": one(given, "ErrorCode"),
    }
    Spool(rt.settings.var_dir / "spool", rt.vault).add(entry)


def keep_text(rt: Runtime, given: Params) -> None:
    """Write down a text message that could not be taken in; it is answered when the clock has brought it in."""
    entry = {
        "what": "text",
        "at": rt.wall.now().isoformat(),
        "network_id": one(given, "MessageSid"),
        "from": one(given, "From"),
        "to": one(given, "To"),
        "body": one(given, "Body"),
    }
    Spool(rt.settings.var_dir / "spool", rt.vault).add(entry)
