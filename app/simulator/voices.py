"""Which voices speak which language at Twilio, and how much they say at once."""

from __future__ import annotations

# Twilio's text-to-speech page; languages that are not listed here are only checked for form.
_POLLY = {
    "de-DE": "Hans Marlene Vicki Vicki-Neural Daniel-Neural Vicki-Generative Daniel-Generative",
    "pt-BR": "Camila Vitoria Ricardo Camila-Neural Vitoria-Neural Thiago-Neural",
    "en-US": "Joanna Matthew Joey Salli Kendra Kimberly Ivy Justin Kevin Joanna-Neural Matthew-Neural Joey-Neural "
    "Salli-Neural Kendra-Neural Kimberly-Neural Ivy-Neural Justin-Neural Kevin-Neural Ruth-Neural Stephen-Neural "
    "Danielle-Neural Gregory-Neural Joanna-Generative Matthew-Generative Ruth-Generative Stephen-Generative "
    "Danielle-Generative",
    "en-GB": "Amy Emma Brian Amy-Neural Emma-Neural Brian-Neural Arthur-Neural Amy-Generative",
}
_SPEAKERS = {name: language for language, names in _POLLY.items() for name in names.split()}
_VOICELESS = ("bs", "hr", "sr", "sh", "cnr", "me")
BASIC = ("man", "woman", "alice")


def check_voice(voice: str, language: str) -> tuple[int, str] | None:
    """The error code and reason why Twilio would skip this, or None if it speaks."""
    if language.split("-")[0] in _VOICELESS:
        return 13512, f"Twilio has no voice for {language}"
    if voice in BASIC:
        return None
    maker, _, name = voice.partition(".")
    if maker == "Google" and name:
        spoken = "-".join(name.split("-")[:2])
        if spoken.split("-")[0] in _VOICELESS:
            return 13511, f"the voice {voice} is gone"
        return _mismatch(voice, spoken, language)
    if maker == "Polly" and name:
        known = _SPEAKERS.get(name)
        if known is not None:
            return _mismatch(voice, known, language)
        return (13511, f"{voice} does not speak {language}") if language in _POLLY else None
    return 13511, f"unknown voice {voice!r}"


def _mismatch(voice: str, spoken: str, language: str) -> tuple[int, str] | None:
    if language and language != spoken:
        return 13512, f"{voice} speaks {spoken}, not {language}"
    return None


def longest_say(voice: str) -> tuple[int, int]:
    """How many characters one `<Say>` may have with this voice, and the error code beyond."""
    if voice.startswith("Polly."):
        return 3000, 13521
    if voice.startswith("Google."):
        return 5000, 13521
    return 4000, 13521
