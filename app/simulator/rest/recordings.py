"""The resource `Recordings`: look up, fetch the sound, delete, start and stop."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from app.simulator.recordings import Recording
from app.simulator.rest.asked import Asked, Given, page
from app.simulator.rest.problem import Problem, not_found
from app.simulator.sound import speech_wav

if TYPE_CHECKING:
    from app.simulator.carrier import Carrier


def _find(carrier: Carrier, asked: Asked, sid: str) -> Recording:
    recording = carrier.recordings.by_sid.get(sid)
    if recording is None or recording.deleted:
        raise not_found(asked.path)
    return recording


def fetch(carrier: Carrier, asked: Asked, sid: str) -> Given:
    """What is known about a recording."""
    return Given(200, shown(carrier, _find(carrier, asked, sid)))


def listing(carrier: Carrier, asked: Asked) -> Given:
    """Recordings, newest first, by CallSid."""
    wanted = asked.one("CallSid")
    rows = [one for one in reversed(carrier.recordings.by_sid.values()) if not one.deleted]
    return page(asked, "recordings", [shown(carrier, one) for one in rows if wanted in ("", one.call)])


def media(carrier: Carrier, asked: Asked, sid: str) -> Given:
    """The sound: speech made from what was said, as WAV, also where MP3 was asked for.

    It exists only once the recording is complete.
    """
    recording = _find(carrier, asked, sid)
    if recording.status != "completed":
        raise not_found(asked.path)
    if asked.one("RequestedChannels", "1") == "2" and recording.channels == 1:
        raise Problem(20001, "the recording has one channel")
    return Given(200, speech_wav(recording.text, recording.language), "audio/x-wav")


def delete(carrier: Carrier, asked: Asked, sid: str) -> Given:
    """Delete a recording."""
    _find(carrier, asked, sid).deleted = True
    return Given(204)


def start(carrier: Carrier, asked: Asked, call: str) -> Given:
    """Begin to record a call that is under way."""
    leg = next((one for one in carrier.calls if one.sid == call), None)
    if leg is None:
        raise not_found(asked.path)
    if leg.status != "in-progress":
        raise Problem(21220, "Requested resource is not eligible for recording")
    channels = 2 if asked.one("RecordingChannels") == "dual" else 1
    recording = carrier.recordings.begin(leg, "StartCallRecordingAPI", channels)
    recording.report_to = asked.url("RecordingStatusCallback")
    leg.recorders.append(recording)
    return Given(201, shown(carrier, recording))


def update(carrier: Carrier, asked: Asked, call: str, sid: str) -> Given:
    """Pause, resume or stop a recording under way."""
    leg = next((one for one in carrier.calls if one.sid == call), None)
    mine = [one for one in leg.recorders if sid in (one.sid, "Twilio.CURRENT")] if leg else []
    if leg is None or not mine:
        raise not_found(asked.path)
    status = asked.one("Status")
    if status not in ("paused", "in-progress", "stopped"):
        raise Problem(20001, f"Status {status!r} is none of paused, in-progress, stopped")
    recording = mine[-1]
    recording.status = status
    if status == "stopped":
        leg.recorders.remove(recording)
        carrier.recordings.finish(recording)
    return Given(200, shown(carrier, recording))


def shown(carrier: Carrier, recording: Recording) -> dict[str, Any]:
    """A recording as JSON values."""
    path = f"/2010-04-01/Accounts/{carrier.account_sid}/Recordings/{recording.sid}"
    begun = carrier.rfc2822(recording.started_at)
    return {
        "sid": recording.sid,
        "account_sid": carrier.account_sid,
        "call_sid": recording.call,
        "conference_sid": None,
        "api_version": "2010-04-01",
        "date_created": begun,
        "date_updated": begun,
        "start_time": begun,
        "duration": str(recording.billed_seconds) if recording.status == "completed" else None,
        "price": None,
        "price_unit": "USD",
        "status": recording.status,
        "channels": recording.channels,
        "source": recording.source,
        "error_code": None,
        "uri": path + ".json",
        "encryption_details": None,
        "subresource_uris": {"transcriptions": path + "/Transcriptions.json"},
        "media_url": recording.url,
    }
