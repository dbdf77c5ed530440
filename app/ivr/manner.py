"""How a caller wants to be spoken to: slowly and with time to answer, in plain language, or as usual (S5).

It changes no way through the flows, only how each answer is spoken and how long it waits.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any, Final, TypeVar

from app.ivr.turn import Gather, Known, Record, Wait

W = TypeVar("W", bound=Wait)

KEY: Final = "*"
"""Counts anywhere: slow and plain; pressed again, as usual."""

RATE: Final = 0.8
"""How fast slow speech is, as a share of the usual rate."""

LONGER: Final = 2
"""How many times as long a slow caller is waited for. Also what a relay service needs, whose operator types."""

SPEECH_PAUSE_SECONDS: Final = 4
"""How long a slow caller may stop in the middle of a sentence."""

CHOICES: Final[Mapping[str, Mapping[str, str]]] = {
    "slower": {"pace": "slow"},
    "plain_language": {"style": "plain"},
    "as_usual": {"pace": "", "style": ""},
}
"""What a caller may say → the answers it gives."""


@dataclass(frozen=True, slots=True)
class Manner:
    """How one caller is spoken to."""

    is_slow: bool = False
    is_plain: bool = False

    @classmethod
    def of(cls, known: Mapping[str, Any]) -> Manner:
        """From what a call knows."""
        return cls(known.get("pace") == "slow", known.get("style") == "plain")

    @property
    def known(self) -> Known:
        """As a call knows it; nothing if it is as usual."""
        return {**({"pace": "slow"} if self.is_slow else {}), **({"style": "plain"} if self.is_plain else {})}

    @property
    def style(self) -> str:
        """In which words prompts are spoken, see `app.ivr.words.STYLES`."""
        return "plain" if self.is_plain else ""

    @property
    def prompt(self) -> str:
        """What tells that it is so from now on."""
        if self.is_slow:
            return "manner_both" if self.is_plain else "manner_slow"
        return "manner_plain" if self.is_plain else "manner_usual"

    def after(self, key_or_choice: str) -> Manner | None:
        """What the key, or a choice in words, makes of it; None for anything else."""
        if key_or_choice == KEY:
            return USUAL if self.is_slow and self.is_plain else Manner(True, True)
        if key_or_choice not in CHOICES:
            return None
        return Manner.of({**self.known, **CHOICES[key_or_choice]})

    def patient(self, wait: W) -> W:
        """A wait that leaves as much time as is needed."""
        if self.is_slow and isinstance(wait, Gather):
            seconds = wait.timeout_seconds * LONGER
            return replace(wait, timeout_seconds=seconds, speech_pause_seconds=SPEECH_PAUSE_SECONDS)
        if self.is_slow and isinstance(wait, Record):
            return replace(wait, silence_seconds=wait.silence_seconds * LONGER)
        return wait


USUAL: Final = Manner()
