"""`<Record>`: a beep, what the caller says, and where it is reported."""

from __future__ import annotations

from datetime import timedelta

from app.simulator.document import Document, Verb
from app.simulator.execute import HANG_UP, Next, link, tell, verb
from app.simulator.leg import Goto, HungUp, Key, Leg
from app.simulator.loop import Steps
from app.simulator.recordings import Recording, report, transcribe
from app.simulator.transport import Params


@verb("Record")
def record(leg: Leg, one: Verb, document: Document) -> Steps[Next]:
    """Record until silence, a key, the limit or a hang-up.

    Silence alone leaves no recording and the next verb runs. Without an action the current URL is asked again.
    """
    leg.answer()
    leg.inbox.clear()
    if one.is_true("playBeep", True):
        leg.note("beep", "")
        yield from leg.rest(0.5)
    recording = leg.carrier.recordings.begin(leg, "RecordVerb")
    leg.said = []
    gone = False
    digits = ""
    leg.note("recording", "started")
    try:
        digits = yield from _listen(leg, one, recording)
    except HungUp:
        gone, digits = True, "hangup"
    finally:
        leg.waiting_for = None
        leg.inbox.clear()
    leg.note("recording", "ended", audio=f"/phone/api/recordings/{recording.sid}.wav" if recording.text else "")
    if not recording.text and digits in ("", "hangup"):
        leg.carrier.recordings.drop(recording)
        if gone:
            raise HungUp
        return None
    leg.carrier.recordings.finish(recording)
    if one.get("recordingStatusCallback"):
        report(leg.carrier, recording, one, document)
    if one.is_true("transcribe") and one.get("transcribeCallback"):
        transcribe(leg, recording, link(document, one.get("transcribeCallback")))
    action = link(document, one.get("action")) if one.get("action") else document.url
    extra: Params = [
        ("RecordingUrl", recording.url),
        ("RecordingSid", recording.sid),
        ("RecordingDuration", str(recording.billed_seconds)),
        ("Digits", digits),
    ]
    goto = Goto(action, one.get("method", "POST"), extra)
    if gone:
        leg.status = "completed"
        yield from tell(leg, goto)
        return HANG_UP
    return goto


def _listen(leg: Leg, one: Verb, recording: Recording) -> Steps[str]:
    """Take in what is said.

    Returns:
        The key that ended it, "" for silence or the limit.
    """
    finishing = one.get("finishOnKey", "1234567890*#")
    silence = one.number("timeout", 5) or 3600
    most = one.number("maxLength", 120 if one.is_true("transcribe") else 3600)
    ends = leg.carrier.now() + timedelta(seconds=most)
    while True:
        leg.expect("record")
        left = (ends - leg.carrier.now()).total_seconds()
        came = yield from leg.until(lambda: bool(leg.inbox), min(silence, left))
        if not came:
            return ""
        thing = leg.inbox.popleft()
        leg.waiting_for = None
        if isinstance(thing, Key):
            if thing.key in finishing:
                return thing.key
            continue
        recording.add(thing.text)
        leg.said.append(thing.text)
        left = (ends - leg.carrier.now()).total_seconds()
        yield from leg.until(lambda: bool(leg.inbox), min(thing.seconds, left))
