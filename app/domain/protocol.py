"""Protocol numbers: ten digits that can be spoken, typed and checked for a slip."""

from __future__ import annotations

from datetime import datetime

from stdnum.iso7064 import mod_11_10

LENGTH = 10
RANDOM_DIGITS = 7


def new_protocol(now: datetime, random_digits: str) -> str:
    """The number of a new case: two digits of the year (UTC), seven random ones, one check digit.

    Args:
        random_digits: seven decimal digits, drawn by who calls; the database refuses a number taken before.

    Raises:
        ValueError: if these are not seven digits.

    Source:
        ISO 7064, MOD 11,10: finds every single wrong digit and nearly every swap of neighbours.

    Example:
        >>> from datetime import UTC
        >>> new_protocol(datetime(2026, 3, 2, tzinfo=UTC), "1234567")
        '2612345679'
    """
    if len(random_digits) != RANDOM_DIGITS or not (random_digits.isascii() and random_digits.isdecimal()):
        raise ValueError(f"expected {RANDOM_DIGITS} random digits")
    body = f"{now.year % 100:02d}{random_digits}"
    return body + str(mod_11_10.calc_check_digit(body))


def is_protocol(text: str) -> bool:
    """Whether these are ten digits whose check digit is right."""
    return len(text) == LENGTH and text.isascii() and text.isdecimal() and bool(mod_11_10.is_valid(text))


def read_protocol(text: str) -> str | None:
    """The protocol number somebody typed, with spaces, dots or dashes between; None if it is none."""
    digits = text.translate({ord(sign): None for sign in " .-/#"})
    return digits if is_protocol(digits) else None


def grouped(protocol: str) -> str:
    """The number as it is printed.

    Example:
        >>> grouped("2612345679")
        '26 1234 5679'
    """
    return f"{protocol[:2]} {protocol[2:6]} {protocol[6:]}"
