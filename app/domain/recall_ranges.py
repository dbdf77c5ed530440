"""Ranges of lots and serial numbers, written down so that a number in them is found by equality.

A range becomes blocks of numbers that begin alike: 1000 to 1234 is 10__, 11__, 120_, 121_, 122_, 1230 … 1234. A number
is looked up by itself and by the blocks it would be in, at most one more for each of its digits, however many ranges
there are and whether or not they overlap. Pure.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import Final

ANY_DIGIT: Final = "_"
"""Stands for any digit; no normalised number has it, since those are letters and digits only."""

_LONGEST: Final = 20  # digits; a range of more is no range of numbers on products
_TAIL: Final = re.compile(r"(.*?)([0-9]+)", re.ASCII | re.DOTALL)


def range_blocks(first: str, last: str) -> tuple[str, ...]:
    """The blocks of a range, both ends in it; none if these are not the ends of one.

    Ends are alike up to the digits at their end, and have as many of these: A100 to A250, but not A9 to B20.

    Args:
        first: letters and digits only, in capitals.
        last: the same.

    Example:
        >>> range_blocks("A98", "A120")
        ()
        >>> range_blocks("A098", "A120")
        ('A098', 'A099', 'A10_', 'A11_', 'A120')
    """
    begin, end = _TAIL.fullmatch(first), _TAIL.fullmatch(last)
    if begin is None or end is None or begin[1] != end[1]:
        return ()
    low, high = begin[2], end[2]
    if len(low) != len(high) or low > high or len(low) > _LONGEST:
        return ()
    return tuple(begin[1] + block for block in _blocks(int(low), int(high), len(low)))


def blocks_around(normal: str) -> tuple[str, ...]:
    """A number and every block that it would be in.

    Example:
        >>> blocks_around("A12")
        ('A12', 'A1_', 'A__')
    """
    found = _TAIL.fullmatch(normal)
    if found is None:
        return (normal,)
    head, digits = found[1], found[2]
    kept = range(len(digits), max(len(digits) - _LONGEST, 0) - 1, -1)
    return tuple(head + digits[:end] + ANY_DIGIT * (len(digits) - end) for end in kept)


def _blocks(low: int, high: int, width: int) -> Iterator[str]:
    """The largest blocks first fit into what is left, from the low end."""
    while low <= high:
        size = 0
        while size < width and low % 10 ** (size + 1) == 0 and low + 10 ** (size + 1) - 1 <= high:
            size += 1
        yield f"{low // 10**size:0{width - size}d}{ANY_DIGIT * size}" if size < width else ANY_DIGIT * size
        low += 10**size
