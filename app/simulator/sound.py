"""Speech as WAV, made by espeak-ng if it is installed, else a silence of the right length."""

from __future__ import annotations

import ctypes
import importlib
import io
import struct
import threading
import wave
from collections.abc import Callable
from functools import cache, lru_cache
from typing import Any

from app.simulator.people import speaking_seconds

_SYNCHRONOUS = 2
_UTF8 = 1
_RATE = 22050
_VOICES = {"de": "de", "en": "en-gb", "pt": "pt-br", "bs": "bs", "hr": "hr", "sr": "sr"}
_Callback = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)
_lock = threading.Lock()


@lru_cache(maxsize=256)
def speech_wav(text: str, language: str) -> bytes:
    """A text as sound.

    Args:
        language: a tag such as `de-DE`; an unknown one is spoken as English.

    Returns:
        A WAV file, 16 bit mono. Never fails: without a synthesiser it is silent, as long as the text would take.
    """
    samples, rate = _speak(text, language) if text else (b"", _RATE)
    if not samples:
        samples = bytes(2 * int(rate * (speaking_seconds(text) if text else 1)))
    return _wav(samples, rate)


def _wav(samples: bytes, rate: int) -> bytes:
    buffer = io.BytesIO()
    with wave.open(buffer, "wb") as file:
        file.setnchannels(1)
        file.setsampwidth(2)
        file.setframerate(rate)
        file.writeframes(samples)
    return buffer.getvalue()


@cache
def _engine() -> tuple[Any, int] | None:
    """The library and its sample rate; None if it is not installed or does not start."""
    try:
        loader = importlib.import_module("espeakng_loader")
        library = ctypes.CDLL(str(loader.get_library_path()))
        rate = library.espeak_Initialize(_SYNCHRONOUS, 0, str(loader.get_data_path()).encode(), 0)
    except (ImportError, OSError, AttributeError):
        return None
    return (library, rate) if rate > 0 else None


def _speak(text: str, language: str) -> tuple[bytes, int]:
    with _lock:
        engine = _engine()
        if engine is None:
            return b"", _RATE
        library, rate = engine
        pieces: list[bytes] = []
        library.espeak_SetSynthCallback(callback := _collect(pieces))
        library.espeak_SetVoiceByName(_VOICES.get(language[:2].lower(), "en-gb").encode())
        data = text.encode()
        library.espeak_Synth(data, ctypes.c_size_t(len(data) + 1), 0, 1, 0, _UTF8, None, None)
        library.espeak_Synchronize()
        del callback
        return b"".join(pieces), rate


def _collect(pieces: list[bytes]) -> Callable[..., int]:
    def take(samples: Any, count: int, events: Any) -> int:
        if samples and count > 0:
            pieces.append(struct.pack(f"<{count}h", *samples[:count]))
        return 0

    return _Callback(take)
