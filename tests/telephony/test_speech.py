"""Speech made here: a real sound, made once, by many at a time."""

from __future__ import annotations

import io
import os
import wave
from array import array
from concurrent.futures import ThreadPoolExecutor
from math import pi, sin
from pathlib import Path

import pytest

from app.ivr.words import Words
from app.telephony.resampling import TELEPHONE_RATE, to_telephone_rate
from app.telephony.speech import MAX_IDLE_SECONDS, VOICES, Speech, SpeechImpossible
from app.telephony.twilio import voices

SENTENCE = "Vaša žalba je prihvaćena i žao nam je zbog onoga što se dogodilo."


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "speech"


def read(sound: bytes) -> tuple[int, int, int, array[int]]:
    with wave.open(io.BytesIO(sound)) as file:
        samples = array("h", file.readframes(file.getnframes()))
        return file.getframerate(), file.getsampwidth(), file.getnchannels(), samples


def test_a_sentence_becomes_a_telephone_sound_of_plausible_length(folder: Path) -> None:
    rate, width, channels, samples = read(Speech(folder).wav(SENTENCE, "bs"))

    assert (rate, width, channels) == (8_000, 2, 1)
    assert 3 < len(samples) / rate < 8
    assert 3_000 < max(samples) <= 32_767


def test_more_words_take_longer(folder: Path) -> None:
    voice = Speech(folder)
    assert len(voice.wav(SENTENCE * 2, "bs")) > 1.8 * len(voice.wav(SENTENCE, "bs"))


def test_the_second_time_comes_from_the_folder(folder: Path) -> None:
    voice = Speech(folder)
    first = voice.wav(SENTENCE, "bs")
    kept = folder / f"{voice.content_id(SENTENCE, 'bs')}.wav"
    assert kept.read_bytes() == first

    kept.write_bytes(b"kept")

    assert voice.wav(SENTENCE, "bs") == b"kept"


def test_asking_for_a_sound_keeps_it_from_being_the_longest_unused(folder: Path) -> None:
    voice = Speech(folder)
    voice.wav(SENTENCE, "bs")
    kept = folder / f"{voice.content_id(SENTENCE, 'bs')}.wav"
    made = kept.stat().st_mtime
    os.utime(kept, (made - 3_600, made - 3_600))

    voice.wav(SENTENCE, "bs")

    assert kept.stat().st_mtime >= made


def test_the_name_depends_on_what_is_said_and_on_nothing_else(folder: Path) -> None:
    one, other = Speech(folder), Speech(folder / "elsewhere")
    assert one.content_id("Dobar dan.", "bs") == other.content_id(" Dobar\n dan. ", "bs")
    assert one.content_id("Dobar dan.", "bs") != one.content_id("Dobar dan!", "bs")
    assert len(one.content_id("Dobar dan.", "bs")) == 64


def test_twenty_threads_at_once_hear_what_each_asked_for(folder: Path) -> None:
    voice = Speech(folder)
    texts = ["Hvala. " * times for times in range(1, 6)] * 4
    alone = {text: Speech(folder / "alone").wav(text, "bs") for text in set(texts)}

    with ThreadPoolExecutor(20) as threads:
        together = list(threads.map(lambda text: voice.wav(text, "bs"), texts))

    # eSpeak varies a sound by a few milliseconds from one time to the next.
    assert [len(sound) for sound in together] == pytest.approx([len(alone[text]) for text in texts], rel=0.05)
    assert not list(folder.glob("*.part"))


def test_the_folder_keeps_to_its_size_and_the_longest_unused_goes_first(folder: Path) -> None:
    voice = Speech(folder, max_bytes=60_000)
    old, used = folder / f"{'0' * 64}.wav", folder / f"{'1' * 64}.wav"
    folder.mkdir()
    for path, age in ((old, 3_000), (used, 2_000)):
        path.write_bytes(b"x" * 25_000)
        now = path.stat().st_mtime
        os.utime(path, (now - age, now - age))

    voice.wav("Da.", "bs")

    assert used.exists()
    assert sum(path.stat().st_size for path in folder.glob("*.wav")) <= 60_000
    voice.wav("Hvala Vam na pozivu.", "bs")
    assert not old.exists()


def test_what_nobody_asked_for_in_a_week_is_removed(folder: Path) -> None:
    folder.mkdir()
    stale = folder / f"{'0' * 64}.wav"
    stale.write_bytes(b"x")
    then = stale.stat().st_mtime - MAX_IDLE_SECONDS - 60
    os.utime(stale, (then, then))

    Speech(folder).wav("Da.", "bs")

    assert not stale.exists()


def test_a_language_that_the_network_speaks_is_not_spoken_here(folder: Path) -> None:
    with pytest.raises(SpeechImpossible, match="'de' is not spoken here"):
        Speech(folder).wav("Guten Tag.", "de")


def test_a_missing_library_is_told(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (folder / "espeakng_loader.py").parent.mkdir()
    (folder / "espeakng_loader.py").write_text("raise ImportError")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    with pytest.raises(SpeechImpossible, match="is espeakng-loader installed"):
        Speech(folder).wav("Dobar dan.", "bs")


def test_a_library_that_ends_its_process_ends_no_call(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder.mkdir()
    (folder / "espeakng_loader.py").write_text("import os, signal; os.kill(os.getpid(), signal.SIGSEGV)")
    monkeypatch.setenv("PYTHONPATH", str(folder))
    with pytest.raises(SpeechImpossible):
        Speech(folder).wav("Dobar dan.", "bs")


def test_what_a_caller_said_cannot_give_the_voice_orders(folder: Path) -> None:
    voice = Speech(folder)
    for hostile in ("", "\x00\x01", "[[hɛloʊ]]", '<break time="9000s"/>', "č" * 100_000):
        rate, _, _, samples = read(voice.wav(hostile, "bs"))
        assert len(samples) < 900 * rate


def test_every_language_without_a_voice_at_the_network_is_spoken_here() -> None:
    prompts = Path(__file__).parents[2] / "ivr_flows" / "prompts"
    needed = {language for language, voice in voices.VOICES.items() if voice.name is None}
    assert needed & set(Words.load(prompts).languages) == set(VOICES)


@pytest.mark.parametrize(("hertz", "loudest"), [(500, 10_000), (3_000, 8_800), (5_000, 0), (9_000, 0)])
def test_what_a_line_cannot_carry_is_taken_out_and_the_rest_stays(hertz: int, loudest: int) -> None:
    tone = array("h", [round(10_000 * sin(2 * pi * hertz * at / 22_050)) for at in range(22_050)])

    heard = to_telephone_rate(tone, 22_050)

    assert len(heard) == TELEPHONE_RATE
    assert max(heard[100:-100]) == pytest.approx(loudest, abs=200)


def test_a_telephone_sound_stays_as_it_is_and_a_poorer_one_is_refused() -> None:
    tone = array("h", [1, 2, 3])
    assert to_telephone_rate(tone, 8_000) == tone
    with pytest.raises(ValueError, match="at least 8000"):
        to_telephone_rate(tone, 4_000)
