"""Trade item numbers (bar codes): read from dirty text, padded to 14 digits, check digit judged, never refused."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum
from typing import Final

LENGTH: Final = 14
_LENGTHS: Final = frozenset({8, 12, 13, 14})
_LIST: Final = re.compile(r"[,;|\n\t]+|\s+(?:and|or|und|oder|&)\s+", re.IGNORECASE)
_CODE: Final = re.compile(r"[0-9](?:[0-9 .\-]*[0-9])?", re.ASCII)


class GtinCheck(StrEnum):
    """What the check digit says about a number."""

    VALID = "valid"
    WRONG = "wrong"  # a full number whose check digit does not fit: misread or misprinted
    PARTIAL = "partial"  # too few or too many digits to have a check digit


@dataclass(frozen=True, slots=True)
class Gtin:
    """A bar code's number as it was understood.

    `digits` has 14 digits if `check` is not PARTIAL, else the digits as they were written.
    """

    digits: str
    check: GtinCheck

    @property
    def is_doubtful(self) -> bool:
        """Whether a match on this number may be no more than possible."""
        return self.check is not GtinCheck.VALID


def check_digit(body: str) -> str:
    """The digit that follows `body`, the number without its last digit.

    Source:
        GS1 General Specifications, modulo 10: weights 3 and 1 in turn, beginning with 3 at the right.

    Example:
        >>> check_digit("400638133393")
        '1'
    """
    total = sum(int(digit) * (3 if place % 2 == 0 else 1) for place, digit in enumerate(reversed(body)))
    return str(-total % 10)


def is_valid_gtin(digits: str) -> bool:
    """Whether these are at least two digits whose last one fits."""
    return len(digits) > 1 and digits.isascii() and digits.isdecimal() and check_digit(digits[:-1]) == digits[-1]


def read_gtin(text: str) -> Gtin | None:
    """The number in one piece of text, with blanks, dots or hyphens between its digits.

    Eleven digits whose check digit fits are a number that lost its leading zero, as spreadsheets do.

    Returns:
        None if the text holds anything else than one number.

    Example:
        >>> read_gtin("0 36000-29145 2")
        Gtin(digits='00036000291452', check=<GtinCheck.VALID: 'valid'>)
    """
    if not _CODE.fullmatch(text.strip()):
        return None
    digits = re.sub(r"[ .\-]", "", text.strip())
    fits = is_valid_gtin(digits)
    if len(digits) in _LENGTHS or (len(digits) == 11 and fits):
        return Gtin(digits.zfill(LENGTH), GtinCheck.VALID if fits else GtinCheck.WRONG)
    return Gtin(digits, GtinCheck.PARTIAL)


def split_gtins(text: str) -> tuple[Gtin, ...]:
    """Every number in a text that holds one or a list of them.

    Blanks separate numbers only where each piece could be one; ``0 7789028735 4`` is one number with blanks in it.
    """
    pieces: list[str] = []
    for part in _LIST.split(text):
        words = part.split()
        if len(words) > 1 and all(len(re.sub(r"\D", "", word)) >= 8 for word in words):
            pieces += words
        else:
            pieces.append(part)
    return tuple(found for piece in pieces if (found := read_gtin(piece)) is not None)


def near_gtins(digits: str) -> tuple[str, ...]:
    """The valid 14-digit numbers one slip away: a digit left out, one too many, or one mistaken.

    Args:
        digits: what was heard or keyed, digits only.
    """
    places = range(len(digits))
    near = {digits[:i] + d + digits[i:] for i in range(len(digits) + 1) for d in "0123456789"}
    near |= {digits[:i] + digits[i + 1 :] for i in places}
    near |= {digits[:i] + d + digits[i + 1 :] for i in places for d in "0123456789"}
    near |= {digits[:i] + digits[i + 1] + digits[i] + digits[i + 2 :] for i in places[:-1]}
    full = {number.zfill(LENGTH) for number in near if len(number) in _LENGTHS and is_valid_gtin(number)}
    return tuple(sorted(full))
