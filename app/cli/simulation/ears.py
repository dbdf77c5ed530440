"""How a simulated caller understands the hotline: by the words that are heard, never by what the product knows.

The words come from the prompts files, so that people go on understanding when a sentence is changed there.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from datetime import UTC, datetime
from typing import Final
from zoneinfo import ZoneInfo

from app.ivr.words import Words

KEYS: Final = "12345678"
_GAP: Final = ".{0,200}?"  # what a slot may be filled with
_SOME_TIME: Final = datetime(2026, 3, 2, tzinfo=UTC)  # nothing that is understood here has a time in it


class Ears:
    """Understands one language of the hotline."""

    def __init__(self, words: Words, language: str, questions: Iterable[str]) -> None:
        """Know the sound of some prompts.

        Args:
            questions: names of prompts that a caller can answer.
        """
        self._words = words
        self.language = language
        self._questions = {name: self._sound(name) for name in questions}

    def question(self, heard: str) -> str | None:
        """The question that was heard last; of two that end alike the longer one. None if none was understood."""
        found = [(name, match) for name, sound in self._questions.items() for match in sound.finditer(heard)]
        if not found:
            return None
        return max(found, key=lambda each: (each[1].end(), -each[1].start()))[0]

    def hears(self, prompt: str, heard: str) -> bool:
        """Whether a prompt was among what was heard."""
        return self._sound(prompt).search(heard) is not None

    def key(self, purpose: str, heard: str) -> str | None:
        """The key that was offered for a purpose, e.g. `to_complaint`; None if it was not offered."""
        offers = {key: self._say("press", {"purpose": purpose, "key": key}) for key in KEYS}
        return _last(offers, heard)

    def own_language_key(self, heard: str) -> str | None:
        """The key that was offered for this language."""
        return _last({key: self._say("press_language", {"key": key}) for key in KEYS}, heard)

    def phrases(self, choice: str) -> list[str]:
        """What may be said for a choice, in alphabetical order."""
        return sorted(phrase for phrase, meant in self._words.choices(self.language).items() if meant == choice)

    def _sound(self, prompt: str) -> re.Pattern[str]:
        """The constant parts of a prompt in their order, and anything in between."""
        parts = (part.strip(" .,:") for part in self._words.fragments(self.language, prompt) if isinstance(part, str))
        return re.compile(_GAP.join(re.escape(part) for part in parts if part), re.DOTALL)

    def _say(self, prompt: str, slots: dict[str, str]) -> str:
        return self._words.text(self.language, prompt, slots, now=_SOME_TIME, zone=ZoneInfo("UTC")).rstrip(".")


def _last(offers: dict[str, str], heard: str) -> str | None:
    places = {key: heard.rfind(offer) for key, offer in offers.items()}
    last = max(places, key=lambda key: places[key])
    return last if places[last] >= 0 else None
