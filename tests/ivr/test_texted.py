"""What is written in a conversation by text messages asks for nothing that only a telephone can do (S7)."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Final

import pytest

from app.ivr.prompt_text import Fragments, Maybe, Slot
from app.ivr.words import WRITTEN_PROMPTS, Words

PROMPTS: Final = Path(__file__).parents[2] / "ivr_flows" / "prompts"
ONLY_SPOKEN: Final = (*WRITTEN_PROMPTS, "letter", "agent.", "customer.", "wait.", "fallback.")
NEVER_IN_A_TEXT: Final = {"story_record"}  # nothing is recorded there
KEYS_AND_SOUNDS: Final = {
    "de": "drücken|Raute|auflegen|Stern",
    "en": r"\bpress\b|hash key|star key|hang up",
    "pt-BR": "tecle|jogo da velha|asterisco|desligar",
    "bs": "pritisnite|tarab|zvjezdic",
}


@pytest.mark.parametrize("language", KEYS_AND_SOUNDS)
def test_no_text_asks_for_a_key(language: str) -> None:
    words = Words.load(PROMPTS)
    texted = words._languages[language].styles["texted"]
    asked = {
        name
        for name, fragments in texted.items()
        if not name.startswith(ONLY_SPOKEN) and re.search(KEYS_AND_SOUNDS[language], _constant(fragments))
    }

    assert asked - NEVER_IN_A_TEXT == set()


def _constant(fragments: Fragments) -> str:
    return "".join(
        part if isinstance(part, str) else "" if isinstance(part, Slot) else _constant(part.parts)
        for part in fragments
        if isinstance(part, str | Slot | Maybe)
    )
