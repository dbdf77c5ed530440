"""The language a caller is greeted in."""

from __future__ import annotations

from typing import Final

from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber, country_of

LANGUAGE_OF: Final = {
    "de": ("DE", "AT", "CH", "LI", "LU"),
    "en": ("GB", "IE", "US", "CA", "AU", "NZ", "ZA", "IN", "NG", "GH", "KE", "JM", "MT", "SG"),
    "pt-BR": ("BR", "PT", "AO", "MZ", "CV", "GW", "ST", "TL"),
    "bs": ("BA", "HR", "RS", "ME"),
}
"""In which of our languages most callers from a country (ISO 3166) are understood. A guess for the greeting only:
the keys 6 to 8 change it, and then it is remembered. Countries that are not listed hear the hotline's main language."""


def language_for(hotline: Hotline, caller_number: str, remembered: str | None) -> str:
    """The language of the first words: the remembered one, else that of the caller's country, else the main one.

    Args:
        caller_number: E.164, or "" when withheld.
        remembered: what was used or chosen in an earlier call; None if there was none.
    """
    if remembered in hotline.languages:
        return remembered
    country = country_of(PhoneNumber(caller_number)) if caller_number else None
    spoken = next((language for language, countries in LANGUAGE_OF.items() if country in countries), None)
    return spoken if spoken in hotline.languages else hotline.main_language
