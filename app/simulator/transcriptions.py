"""Real-time transcription of what is said on a leg, reported event by event."""

from __future__ import annotations

import json
from typing import TYPE_CHECKING

from app.simulator.transport import Params

if TYPE_CHECKING:
    from app.simulator.leg import Leg


class Transcription:
    """One `<Start><Transcription>` under way."""

    def __init__(self, leg: Leg, url: str, *, name: str, track: str, language: str) -> None:
        """Report to `url`; `track` is inbound_track, outbound_track or both_tracks."""
        self.name = name
        self._leg = leg
        self._url = url
        self._track = track
        self._language = language
        self._sid = leg.carrier.sid("GT")
        self._sequence = 0
        self._running = True
        self._report("transcription-started", [])

    def content(self, text: str, confidence: float, track: str = "inbound_track") -> None:
        """Something was said on a track."""
        if self._running and self._track in (track, "both_tracks"):
            data = json.dumps({"transcript": text, "confidence": confidence}, ensure_ascii=False)
            extra = [("TranscriptionData", data), ("Track", track), ("Final", "true")]
            self._report("transcription-content", extra, after=1)

    def stop(self) -> None:
        """End it; the second time nothing happens."""
        if self._running:
            self._running = False
            self._report("transcription-stopped", [], after=1)

    def _report(self, event: str, extra: Params, after: float = 0) -> None:
        carrier = self._leg.carrier
        self._sequence += 1
        if not self._url:
            return
        params = [
            ("AccountSid", carrier.account_sid),
            ("CallSid", self._leg.sid),
            ("TranscriptionSid", self._sid),
            ("TranscriptionEvent", event),
            ("Timestamp", carrier.now().isoformat()),
            ("SequenceId", str(self._sequence)),
            ("LanguageCode", self._language),
            *extra,
        ]
        carrier.notify(self._url, "POST", params, self._leg.sid, "transcription", after=after)
