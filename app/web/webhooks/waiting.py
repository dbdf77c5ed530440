"""What a caller in the queue hears: the place, an honest estimate, rights and channels; never advertising (S4)."""

from __future__ import annotations

from datetime import timedelta

from flask import Blueprint, Response

from app.domain.business_hours import is_open
from app.ivr.manner import USUAL, Manner
from app.ivr.turn import Gather, Say
from app.models.call import Wait
from app.models.case import kind_of_wait
from app.models.found import find_by_id
from app.models.holds import renew
from app.models.staff import people
from app.services.estimate_wait import estimate_wait
from app.telephony.twilio.request import read_heard
from app.telephony.twilio.response import LEAVE_QUEUE, gather, looped
from app.telephony.twilio.voices import VOICES
from app.web.webhooks.gate import only_the_network, params, runtime, xml

bp = Blueprint("waiting", __name__, url_prefix="/voice/wait")
bp.before_request(only_the_network)

_URGENT_WAIT = timedelta(minutes=3)
_KEY = Gather(digits=1, speech=True, timeout_seconds=8)


@bp.post("/<key>")
def wait(key: str) -> Response:
    """One round of waiting; asked for again and again while the caller waits."""
    rt = runtime()
    with rt.database.sessions.begin() as session:
        row = find_by_id(session, Wait, key)
        if row is None or row.ended_at is not None:
            return xml(LEAVE_QUEUE)
        now = rt.clock.now()
        hotline = rt.board.hotline_named(row.hotline)
        longest = _URGENT_WAIT if row.urgent else hotline.queue.max_wait
        on_duty = people(session, row.language, kind_of_wait(session, row), on_duty=True)
        is_late = now - row.joined_at > longest or (not row.urgent and not is_open(hotline, now))
        if row.status == "waiting" and row.heard > 0 and (is_late or not on_duty):
            row.status, row.ended_at = "left", now
            return xml(LEAVE_QUEUE)
        outlook = estimate_wait(session, row, hotline.queue.recall, hotline.callback.handling)
        heard, row.heard = row.heard, row.heard + 1
        session.flush()  # the wait before the promise, as everybody takes them
        renew(session, key, wall_now=rt.wall.now())
        says = (
            *((Say("wait.joined"),) if heard == 0 else ()),
            *((Say("wait.recall"),) if heard == 0 and outlook.has_own_people else ()),
            Say("wait.place", {"place": str(outlook.place), "minutes": outlook.minutes}),
            *((Say("wait.rights"),) if heard % 3 == 1 else ()),
            Say("wait.trade"),
        )
        place_in_flow = rt.board.turns.newest(key)
        manner = Manner.of(place_in_flow.position.known) if place_in_flow is not None else USUAL
        spoken = rt.board.present.speaker.speak(says, row.language, now=now, zone=hotline.zone, manner=manner)
        listening = VOICES[row.language].listening
        return xml(looped(gather(spoken, manner.patient(_KEY), listening, f"/voice/wait/{key}/trade")))


@bp.post("/<key>/trade")
def trade(key: str) -> Response:
    """The caller pressed 1: the place in the queue is traded for a promise; nothing is lost by it."""
    rt = runtime()
    heard = read_heard(params())
    with rt.database.sessions.begin() as session:
        row = find_by_id(session, Wait, key)
        if row is None:
            return xml(LEAVE_QUEUE)
        wants = heard.keys == "1" or rt.board.present.words.choice(row.language, heard.speech) == "yes"
        if not wants:
            return xml(looped(f"<Redirect>/voice/wait/{key}</Redirect>"))
        row.status, row.ended_at = "traded", rt.clock.now()
    return xml(LEAVE_QUEUE)
