"""One text spoken by eSpeak NG, as a process of its own: text on standard input, sound on standard output.

The library keeps its settings and its callback in globals of the process and is written in C: apart from the web
process, it can neither hang nor end a call.
"""

from __future__ import annotations

import ctypes
import sys
from array import array
from typing import Any, Final

import espeakng_loader

SYNCHRONOUS, DONT_EXIT, UTF8 = 2, 0x8000, 1
RATE, PITCH, WORD_GAP = 1, 3, 7
CALLBACK: Final = ctypes.CFUNCTYPE(ctypes.c_int, ctypes.POINTER(ctypes.c_short), ctypes.c_int, ctypes.c_void_p)


def speak(text: str, voice: str, rate: int, pitch: int, word_gap: int) -> tuple[int, array[int]]:
    """The sample rate in hertz and the samples of a text.

    Raises:
        ImportError, OSError: if the library is missing or broken.
        ValueError: if it has no such voice, or does not speak.
    """
    library = _library()
    samples = array("h")

    def take(piece: Any, count: int, events: Any) -> int:
        if piece and count > 0:
            samples.frombytes(ctypes.string_at(piece, count * 2))
        return 0

    callback = CALLBACK(take)  # named, or the library would call freed memory
    hertz = library.espeak_Initialize(SYNCHRONOUS, 0, espeakng_loader.get_data_path().encode(), DONT_EXIT)
    if hertz <= 0:
        raise OSError("eSpeak NG did not start")
    library.espeak_SetSynthCallback(callback)
    if library.espeak_SetVoiceByName(voice.encode()) != 0:
        raise ValueError(f"no voice {voice!r}")
    for parameter, value in ((RATE, rate), (PITCH, pitch), (WORD_GAP, word_gap)):
        library.espeak_SetParameter(parameter, value, 0)
    raw = text.encode() + b"\0"
    if library.espeak_Synth(raw, len(raw), 0, 0, 0, UTF8, None, None) != 0:
        raise ValueError("the text could not be spoken")
    return hertz, samples


def _library() -> Any:
    library = ctypes.CDLL(espeakng_loader.get_library_path())
    library.espeak_Initialize.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_char_p, ctypes.c_int]
    library.espeak_SetVoiceByName.argtypes = [ctypes.c_char_p]
    library.espeak_SetParameter.argtypes = [ctypes.c_int, ctypes.c_int, ctypes.c_int]
    library.espeak_SetSynthCallback.argtypes = [CALLBACK]
    library.espeak_SetSynthCallback.restype = None
    library.espeak_Synth.argtypes = [
        ctypes.c_char_p, ctypes.c_size_t, ctypes.c_uint, ctypes.c_int, ctypes.c_uint, ctypes.c_uint,
        ctypes.c_void_p, ctypes.c_void_p,
    ]  # fmt: skip
    return library


if __name__ == "__main__":
    name, *numbers = sys.argv[1:]
    hertz, samples = speak(sys.stdin.buffer.read().decode(), name, *map(int, numbers))
    sys.stdout.buffer.write(hertz.to_bytes(4, sys.byteorder) + samples.tobytes())
