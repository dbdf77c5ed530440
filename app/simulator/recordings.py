"""Recordings: what was said while one ran, and the reports about it."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING

from app.simulator.document import Document, Verb
from app.simulator.execute import link
from app.simulator.leg import Leg
from app.simulator.transport import Params

if TYPE_CHECKING:
    from app.simulator.carrier import Carrier


@dataclass
class Recording:
    """One recording; its sound is made from `text` when somebody fetches it."""

    sid: str
    call: str
    url: str
    source: str  # RecordVerb, DialVerb, OutboundAPI, StartCallRecordingAPI, StartCallRecordingTwiML
    started_at: datetime
    channels: int = 1
    text: str = ""
    language: str = "en-US"
    seconds: float = 0
    status: str = "in-progress"  # then completed, or absent
    deleted: bool = False
    report_to: str = ""  # where its end is reported, unless a verb says so

    @property
    def billed_seconds(self) -> int:
        """Its length in whole seconds, at least one."""
        return max(1, round(self.seconds))

    def add(self, text: str) -> None:
        """Take in what was said, unless it is paused."""
        if self.status == "in-progress":
            self.text = f"{self.text} {text}".strip()


class Recordings:
    """All recordings of the network, by sid."""

    def __init__(self, carrier: Carrier) -> None:
        """Start empty."""
        self._carrier = carrier
        self.by_sid: dict[str, Recording] = {}
        self._of_call: dict[str, list[str]] = {}

    def begin(self, leg: Leg, source: str, channels: int = 1) -> Recording:
        """Start to record a leg."""
        carrier = self._carrier
        sid = carrier.sid("RE")
        url = f"{carrier.api_url}/2010-04-01/Accounts/{carrier.account_sid}/Recordings/{sid}"
        recording = Recording(sid, leg.sid, url, source, carrier.now(), channels)
        recording.language = leg.heard[-1].language if leg.heard else "en-US"
        self.by_sid[sid] = recording
        self._of_call.setdefault(leg.sid, []).append(sid)
        return recording

    def finish(self, recording: Recording) -> None:
        """The recording is complete."""
        carrier = self._carrier
        recording.seconds = (carrier.now() - recording.started_at).total_seconds()
        recording.status = "completed"
        if recording.report_to:
            params = status_params(carrier, recording)
            carrier.notify(recording.report_to, "POST", params, recording.call, "recording", after=1)

    def drop_of(self, call: str) -> None:
        """Forget the recordings of a call."""
        for sid in self._of_call.pop(call, ()):
            self.by_sid.pop(sid, None)

    def drop(self, recording: Recording) -> None:
        """Nothing was said: there is no recording."""
        del self.by_sid[recording.sid]


def report(carrier: Carrier, recording: Recording, one: Verb, document: Document) -> None:
    """Send the recording status webhooks a verb asks for, one second after the recording's end.

    They carry no From, To or CallStatus, and `ErrorCode=0` for success.
    """
    events = one.get("recordingStatusCallbackEvent", "completed").split()
    if recording.status in events:
        url = link(document, one.get("recordingStatusCallback"))
        method = one.get("recordingStatusCallbackMethod", "POST")
        carrier.notify(url, method, status_params(carrier, recording), recording.call, "recording", after=1)


def status_params(carrier: Carrier, recording: Recording) -> Params:
    """The parameters of a recording status webhook."""
    return [
        ("AccountSid", carrier.account_sid),
        ("CallSid", recording.call),
        ("RecordingSid", recording.sid),
        ("RecordingUrl", recording.url),
        ("RecordingStatus", recording.status),
        ("RecordingDuration", str(recording.billed_seconds)),
        ("RecordingChannels", str(recording.channels)),
        ("RecordingStartTime", carrier.rfc2822(recording.started_at)),
        ("RecordingSource", recording.source),
        ("RecordingTrack", "both"),
        ("ErrorCode", "0"),
    ]


def transcribe(leg: Leg, recording: Recording, url: str) -> None:
    """Send the transcription webhook; Twilio understands English only, 2 to 120 seconds."""
    carrier = leg.carrier
    good = 2 <= recording.seconds <= 120 and recording.language.startswith("en")
    params = [
        *leg.params(geo=False),
        ("TranscriptionSid", carrier.sid("TR")),
        ("TranscriptionText", recording.text if good else ""),
        ("TranscriptionStatus", "completed" if good else "failed"),
        ("TranscriptionUrl", recording.url + "/Transcriptions"),
        ("TranscriptionType", "fast"),
        ("RecordingSid", recording.sid),
        ("RecordingUrl", recording.url),
        ("url", url),
    ]
    carrier.notify(url, "POST", params, leg.sid, "transcription", after=10)
