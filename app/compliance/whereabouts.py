"""Where a customer may be: which clocks and whose law count when we call."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from app.compliance.statute_book import jurisdictions_for
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber, country_of, zones_of


class Whereabouts(NamedTuple):
    """Every time zone the customer may be in, and every jurisdiction that may apply; all of them count at once."""

    zones: tuple[str, ...]
    jurisdictions: tuple[str, ...]
    is_zone_known: bool = True  # False: the zones are a guess, and the hours are kept narrower


def whereabouts(number: PhoneNumber | None, hotline: Hotline) -> Whereabouts:
    """Where the owner of a number may be.

    Args:
        number: None if the number is not known.
        hotline: its zone is the guess if the number tells none, its jurisdiction always applies.
    """
    if number is None:
        return Whereabouts((hotline.zone.key,), (hotline.jurisdiction,), is_zone_known=False)
    jurisdictions = jurisdictions_for(country_of(number), hotline.jurisdiction)
    zones = zones_of(number)
    if not zones:
        return Whereabouts((hotline.zone.key,), jurisdictions, is_zone_known=False)
    return Whereabouts(zones, jurisdictions)


def written(where: Whereabouts) -> str:
    """The whereabouts as one short text: zones, laws, and a question mark if the zones are a guess."""
    return "|".join((",".join(where.zones), ",".join(where.jurisdictions), "" if where.is_zone_known else "?"))


@lru_cache(maxsize=1024)
def read_whereabouts(text: str) -> Whereabouts:
    """The whereabouts that `written` gave as a text.

    Example:
        >>> read_whereabouts("Europe/Berlin|de|?")
        Whereabouts(zones=('Europe/Berlin',), jurisdictions=('de',), is_zone_known=False)
    """
    zones, jurisdictions, guess = text.split("|")
    return Whereabouts(tuple(zones.split(",")), tuple(jurisdictions.split(",")), is_zone_known=not guess)
