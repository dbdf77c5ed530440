"""`<Start>` and `<Stop>`: transcription and recording that run beside the call."""

from __future__ import annotations

from app.simulator.document import Document, Verb
from app.simulator.execute import Next, link, verb
from app.simulator.leg import Leg
from app.simulator.limits import Refused
from app.simulator.loop import Steps
from app.simulator.transcriptions import Transcription


@verb("Start")
def start(leg: Leg, one: Verb, document: Document) -> Steps[Next]:
    """Begin what the children name and go on at once."""
    leg.answer()
    yield from ()
    for child in one.children:
        if child.name == "Transcription":
            _transcribe(leg, child, document)
        elif child.name == "Recording":
            _record(leg, child, document)
        else:
            leg.carrier.refuse(Refused(12200, f"this network does not start <{child.name}>"), document.url, leg.sid)
    return None


@verb("Stop")
def stop(leg: Leg, one: Verb, document: Document) -> Steps[Next]:
    """End the transcriptions that the children name, or all of them."""
    yield from ()
    for child in one.children:
        for transcription in leg.transcriptions:
            if transcription.name == child.get("name", transcription.name):
                transcription.stop()
    return None


def _transcribe(leg: Leg, child: Verb, document: Document) -> None:
    address = child.get("statusCallbackUrl")
    if address and "://" not in address:
        # Only a warning at Twilio: the transcription runs and nobody hears of it.
        leg.carrier.refuse(Refused(17585, "statusCallbackUrl must be absolute"), document.url, leg.sid)
        address = ""
    leg.transcriptions.append(
        Transcription(
            leg,
            address,
            name=child.get("name"),
            track=child.get("track", "both_tracks"),
            language=child.get("languageCode", "en-US"),
        )
    )


def _record(leg: Leg, child: Verb, document: Document) -> None:
    channels = 2 if child.get("recordingChannels", "dual") == "dual" else 1
    recording = leg.carrier.recordings.begin(leg, "StartCallRecordingTwiML", channels)
    if child.get("recordingStatusCallback"):
        recording.report_to = link(document, child.get("recordingStatusCallback"))
    leg.recorders.append(recording)
