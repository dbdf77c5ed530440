"""Speech made here, for languages that the network has no voice for: WAV files from eSpeak NG, kept by content."""

from __future__ import annotations

import hashlib
import io
import os
import subprocess
import sys
import tempfile
import wave
from array import array
from collections.abc import Mapping
from dataclasses import dataclass, replace
from pathlib import Path
from typing import Final

from app.domain.errors import RueckrufError
from app.telephony.resampling import TELEPHONE_RATE, to_telephone_rate


@dataclass(frozen=True, slots=True)
class SpokenVoice:
    """A voice of eSpeak NG; `rate` in words a minute, `pitch` from 0 to 99."""

    name: str
    rate: int = 150
    pitch: int = 48
    word_gap: int = 1  # tens of milliseconds between words, for a line that swallows endings


_SLOW: Final = "-slow"
_SLOW_SHARE: Final = 0.8
VOICES: Final[Mapping[str, SpokenVoice]] = {"bs": SpokenVoice("bs")}
"""The languages that are spoken here. The network's own voices are in `app.telephony.twilio.voices`."""

_ROOT: Final = Path(__file__).parents[2]

MAX_CACHE_BYTES: Final = 100_000_000  # about 100 minutes of speech
MAX_IDLE_SECONDS: Final = 7 * 86_400  # what callers were told does not lie about for longer
MAX_LETTERS: Final = 4_000  # of one text; the network's own voices stop about there too

MAX_SPEAKING_SECONDS: Final = 15  # the network waits as long for an address of `<Play>`


def slow(language: str) -> str:
    """The name under which a language is spoken slowly."""
    return language + _SLOW


def plainly(spoken: str) -> str:
    """The language that is spoken under a name."""
    return spoken.removesuffix(_SLOW)


class SpeechImpossible(RueckrufError):
    """Nothing can be spoken: the library is missing or broken, or it has no voice for the language."""


class Speech:
    """Texts as sound, made once and kept in a folder by what was said and by which voice."""

    def __init__(self, folder: Path, *, max_bytes: int = MAX_CACHE_BYTES) -> None:
        """Keep sounds in `folder`, which is made when the first one is; at most `max_bytes` of them."""
        self._folder = folder
        self._max_bytes = max_bytes

    def content_id(self, text: str, language: str) -> str:
        """The name under which a text is kept: 64 hexadecimal digits.

        Raises:
            SpeechImpossible: if the language is not spoken here.
        """
        voice = self._voice(language)
        content = f"{voice.name}|{voice.rate}|{voice.pitch}|{voice.word_gap}|{_speakable(text)}"
        return hashlib.sha256(content.encode()).hexdigest()

    def wav(self, text: str, language: str) -> bytes:
        """A text as a WAV file: 8,000 Hz, 16 bits, one channel.

        Safe in threads and between processes: whoever comes second at worst makes the same sound again.

        Raises:
            SpeechImpossible: if the language is not spoken here, or the library is missing.
        """
        path = self._folder / f"{self.content_id(text, language)}.wav"
        try:
            sound = path.read_bytes()
            os.utime(path)
        except FileNotFoundError:
            sound = _wav(_speak(_speakable(text), self._voice(language)))
            self._keep(path, sound)
        return sound

    @staticmethod
    def _voice(language: str) -> SpokenVoice:
        voice = VOICES.get(plainly(language))
        if voice is None:
            raise SpeechImpossible(f"the language {language!r} is not spoken here")
        if language == plainly(language):
            return voice
        return replace(voice, rate=round(voice.rate * _SLOW_SHARE), word_gap=voice.word_gap + 2)

    def _keep(self, path: Path, sound: bytes) -> None:
        self._folder.mkdir(parents=True, exist_ok=True, mode=0o700)
        with tempfile.NamedTemporaryFile(dir=self._folder, suffix=".part", delete=False) as part:
            part.write(sound)
        os.replace(part.name, path)
        self._tidy(newest=path)

    def _tidy(self, newest: Path) -> None:
        """Remove what was not asked for lately, then the longest unused until the rest fits."""
        kept = []
        for path in self._folder.glob("*.wav"):
            try:
                kept.append((path.stat(), path))
            except FileNotFoundError:  # another process tidied it away
                continue
        kept.sort(key=lambda each: each[0].st_mtime, reverse=True)
        now = max((stat.st_mtime for stat, _ in kept), default=0.0)
        total = 0
        for stat, path in kept:
            total += stat.st_size
            if path != newest and (total > self._max_bytes or now - stat.st_mtime > MAX_IDLE_SECONDS):
                path.unlink(missing_ok=True)


def _speak(text: str, voice: SpokenVoice) -> array[int]:
    """The samples of a text at the telephone's rate, made by a process of its own (`app.telephony.speaker`)."""
    order = [voice.name, str(voice.rate), str(voice.pitch), str(voice.word_gap)]
    try:
        made = subprocess.run(  # noqa: S603 -- our own program; the text goes through standard input
            [sys.executable, "-m", "app.telephony.speaker", *order],
            input=text.encode(), capture_output=True, timeout=MAX_SPEAKING_SECONDS, cwd=_ROOT, check=True,
        )  # fmt: skip
    except (OSError, subprocess.SubprocessError) as error:
        raise SpeechImpossible(f"nothing could be spoken with {voice.name!r}; is espeakng-loader installed?") from error
    samples = array("h", made.stdout[4:])
    return to_telephone_rate(samples, int.from_bytes(made.stdout[:4], sys.byteorder))


def _speakable(text: str) -> str:
    """A text without control characters and not too long, its spaces single."""
    shown = "".join(sign if sign.isprintable() else " " for sign in text)
    return " ".join(shown.split())[:MAX_LETTERS]


def _wav(samples: array[int]) -> bytes:
    sound = io.BytesIO()
    with wave.open(sound, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(TELEPHONE_RATE)
        file.writeframes(samples.tobytes())
    return sound.getvalue()
