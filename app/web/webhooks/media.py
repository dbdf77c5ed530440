"""Recordings, live transcription, and the speech we make ourselves."""

from __future__ import annotations

import json
from urllib.parse import quote

from flask import Blueprint, Response, abort, request

from app.models.call import Recording, Transcript
from app.models.recordings import note_recording
from app.models.upsert import insert_absent
from app.models.vault import SealBroken
from app.telephony.speech import plainly
from app.telephony.twilio.request import number, one
from app.telephony.twilio.response import EMPTY
from app.web.webhooks.gate import only_the_network, params, runtime, xml

bp = Blueprint("media", __name__, url_prefix="/voice")
speech_bp = Blueprint("speech", __name__, url_prefix="/voice/speech")
bp.before_request(only_the_network)


@bp.post("/recording/<key>")
def recording(key: str) -> Response:
    """A recording is ready, or nothing was recorded."""
    rt, given = runtime(), params()
    network_id = one(given, "RecordingSid")
    if not network_id:
        return xml(EMPTY)
    place = rt.board.turns.newest(key)
    consent = str(place.position.known.get("consent", "")) if place else ""
    status, seconds = one(given, "RecordingStatus"), number(given, "RecordingDuration") or None
    with rt.database.sessions.begin() as session:
        is_new = note_recording(
            session, network_id, key, "story", status=status, seconds=seconds, consent=consent, at=rt.clock.now()
        )
        if not is_new:
            row = session.get_one(Recording, network_id)
            if row.status == "in-progress":
                row.status, row.seconds = status, seconds
    return xml(EMPTY)


@bp.post("/transcript/<key>")
def transcript(key: str) -> Response:
    """A piece of what was understood while the caller told their story."""
    rt, given = runtime(), params()
    if one(given, "TranscriptionEvent") != "transcription-content" or one(given, "Final") == "false":
        return xml(EMPTY)
    try:
        text = str(json.loads(one(given, "TranscriptionData")).get("transcript", ""))
    except (ValueError, AttributeError):
        return xml(EMPTY)
    sequence = one(given, "SequenceId") or one(given, "SequenceNumber")
    if text and rt.board.turns.newest(key) is not None:
        values = {
            "call_key": key,
            "sequence": sequence,
            "at": rt.clock.now(),
            "text": rt.vault.seal(text, f"transcripts:{key}:{sequence}"),
        }
        with rt.database.sessions.begin() as session:
            insert_absent(session, Transcript, values, ("call_key", "sequence"))
    return xml(EMPTY)


@speech_bp.get("/<address>.wav")
def speech(address: str) -> Response:
    """A prompt in a language for which the network has no voice. The address is sealed, so nobody can make us speak."""
    rt = runtime()
    try:
        language, text = rt.vault.read_address(address).split("|", 1)
    except (SealBroken, ValueError):
        abort(404)
    answer = Response(rt.speech.wav(text, language), mimetype="audio/wav")
    answer.headers["Cache-Control"] = "private, max-age=86400"
    # For those who read along: the local phone network, and whoever looks for what was played.
    answer.headers["Content-Language"] = plainly(language)
    answer.headers["X-Transcript"] = quote(text)
    answer.set_etag(address[-32:])
    answer.make_conditional(request)
    return answer
