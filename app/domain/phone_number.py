"""Telephone numbers: read from keys and from the network, shown without giving them away."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Final

import phonenumbers
from phonenumbers import PhoneNumberType, timezone

_E164 = re.compile(r"\+[1-9][0-9]{1,14}", re.ASCII)
_KEYED = re.compile(r"\+?[0-9 ()./-]{3,30}", re.ASCII)

WITHHELD: Final = frozenset(
    {
        "+266696687",  # ANONYMOUS
        "+7378742833",  # RESTRICTED
        "+2562533",  # BLOCKED
        "+8656696",  # UNKNOWN
        "+86282452253",  # UNAVAILABLE
    }
)
"""What the network sends in place of a number that it does not tell: words typed on a keypad."""

_COSTLY: Final = {
    PhoneNumberType.PREMIUM_RATE: "premium rate",
    PhoneNumberType.SHARED_COST: "shared cost",
    PhoneNumberType.PERSONAL_NUMBER: "personal number",
    PhoneNumberType.PAGER: "pager",
    PhoneNumberType.VOICEMAIL: "voicemail",
    PhoneNumberType.UNKNOWN: "unknown kind",
}


@dataclass(frozen=True, slots=True, order=True)
class PhoneNumber:
    """A number in E.164 form, e.g. ``+493012345678``.

    Its `repr` and its format in log lines show only the last three digits.

    Raises:
        ValueError: if `e164` is not an E.164 number.

    Source:
        ITU-T E.164: at most 15 digits.
    """

    e164: str

    def __post_init__(self) -> None:
        if not _E164.fullmatch(self.e164):
            raise ValueError("not an E.164 number, expected + and at most 15 digits")

    def __repr__(self) -> str:
        return f"PhoneNumber(…{self.e164[-3:]})"

    __str__ = __repr__


def is_withheld(raw: str) -> bool:
    """Whether the network did not tell who calls.

    Args:
        raw: the caller as the network sent it. An address such as ``client:ada`` or ``sip:ada@example.org`` tells
            who calls, yet it is no number: `parse_phone` gives None for it.
    """
    return raw.strip().lower() in WITHHELD | {"", "anonymous", "restricted", "unavailable", "unknown", "blocked"}


def parse_phone(text: str, country: str) -> PhoneNumber | None:
    """The number somebody typed or the network sent.

    Args:
        text: ``+49 30 …``, ``0049 30 …`` or the national form ``030 …``; spaces, dots, dashes, slashes and
            parentheses are passed over.
        country: ISO 3166 code of the country whose national form is meant.

    Returns:
        None if it is no valid number, is withheld, or is an address that cannot be dialled.
    """
    typed = text.strip()
    if not _KEYED.fullmatch(typed) or is_withheld(typed):
        return None
    # Callers type 00 from everywhere, also where the national plan has another way to dial abroad.
    if typed.startswith("00"):
        return _valid("+" + typed[2:], country) or _valid(typed, country)
    # They also leave the plus out; a German number read nationally would then still be valid, and wrong.
    if typed.startswith(str(phonenumbers.country_code_for_region(country))):
        return _valid("+" + typed, country) or _valid(typed, country)
    return _valid(typed, country)


def why_not_callable(number: PhoneNumber) -> str | None:
    """Why this number must not be promised a call; None if it may.

    Costly, pointless and unplaceable numbers are refused: somebody else's money, or nobody to speak to.
    """
    if is_withheld(number.e164):
        return "withheld"
    parsed = _parsed(number)
    if not phonenumbers.is_valid_number(parsed):
        return "not a valid number"
    if country_of(number) is None:
        return "no country"  # satellite and international shared numbers
    return _COSTLY.get(phonenumbers.number_type(parsed))


def may_be_promised_a_call(number: PhoneNumber) -> bool:
    """Whether we give our word to call this number."""
    return why_not_callable(number) is None


def zones_of(number: PhoneNumber) -> tuple[str, ...]:
    """Every time zone the number may lie in, sorted; none if it cannot be told.

    A mobile number of a country with several zones may be in any of them.
    """
    zones = timezone.time_zones_for_number(_parsed(number))
    return tuple(sorted(zone for zone in zones if zone != "Etc/Unknown"))


def country_of(number: PhoneNumber) -> str | None:
    """The ISO 3166 code of the number's country; None if it belongs to none."""
    region = phonenumbers.region_code_for_number(_parsed(number))
    return None if region in (None, "001") else str(region)


def _parsed(number: PhoneNumber) -> phonenumbers.PhoneNumber:
    parsed = phonenumbers.PhoneNumber()
    try:
        phonenumbers.parse(number.e164, numobj=parsed)
    except phonenumbers.NumberParseException:
        return phonenumbers.PhoneNumber()
    return parsed


def _valid(text: str, country: str) -> PhoneNumber | None:
    try:
        parsed = phonenumbers.parse(text, country)
    except phonenumbers.NumberParseException:
        return None
    if not phonenumbers.is_valid_number(parsed):
        return None
    e164 = phonenumbers.format_number(parsed, phonenumbers.PhoneNumberFormat.E164)
    # Some national plans hold numbers that are longer than E.164 allows.
    return None if is_withheld(e164) or not _E164.fullmatch(e164) else PhoneNumber(e164)
