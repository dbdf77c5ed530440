"""Which voice speaks a language at the network, and in which language it listens."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Voice:
    """One language at the network; `name` is None where it has no voice and our own speech is played."""

    name: str | None
    language: str  # BCP 47, for speaking
    listening: str  # BCP 47, for speech recognition


# Source: Twilio, text-to-speech and speech recognition language tables, read 2026-11-22. Bosnian, Croatian and Serbian
# have no voice; hr-HR is the nearest language that is understood.
VOICES = {
    "de": Voice("Polly.Vicki-Neural", "de-DE", "de-DE"),
    "en": Voice("Polly.Joanna-Neural", "en-US", "en-US"),
    "pt-BR": Voice("Polly.Camila-Neural", "pt-BR", "pt-BR"),
    "bs": Voice(None, "bs-BA", "hr-HR"),
}
