"""Speech for offices in which nobody listens: as long as the words would take, and cheap to make."""

from __future__ import annotations

import io
import wave

from app.telephony.speech import Speech

_CHARACTERS_A_SECOND = 14  # of a voice
_RATE = 100  # samples a second; nothing is heard anyway


class Silence(Speech):
    """Nothing is said, but it takes its time."""

    def wav(self, text: str, language: str) -> bytes:
        """Silence as long as the text would take.

        Raises:
            SpeechImpossible: if the language is not spoken here.
        """
        self._voice(language)
        sound = io.BytesIO()
        with wave.open(sound, "wb") as file:
            file.setnchannels(1)
            file.setsampwidth(1)
            file.setframerate(_RATE)
            file.writeframes(b"\x80" * max(1, len(text) * _RATE // _CHARACTERS_A_SECOND))
        return sound.getvalue()
