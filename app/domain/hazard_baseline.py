"""The share of complaints about a product that points to a hazard without anything having changed. Pure.

The share among the complaints received `LAG` (30 days) or longer before the one at hand, so that it depends on the past
alone and a hazard does not hide in its own baseline. A product of which little is known is drawn towards the share of
the whole house (as if by `PRIOR` complaints), and of the result the upper limit is taken (Wilson, one-sided 90 %): it
errs on the quiet side where little is known.

Source:
    Wilson, "Probable inference", Journal of the American Statistical Association 22 (1927).
"""

from __future__ import annotations

import itertools
from bisect import bisect_left
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta
from math import sqrt
from typing import Final, TypeAlias

LAG: Final = timedelta(days=30)
PRIOR: Final = 50
"""Complaints that the share of the house counts as, beside the product's own."""

HOUSE_PRIOR: Final = (1, 50)
"""Before anything is known: one complaint of fifty points to a hazard."""

_Z: Final = 1.2816
_LOWEST, _HIGHEST = 0.005, 0.5


@dataclass(frozen=True, slots=True)
class Tally:
    """Complaints, and how many of them point to a hazard."""

    points: int = 0
    complaints: int = 0


Totals: TypeAlias = "list[tuple[date, Tally]]"
"""By day, in order, all that was received up to its end."""


def baseline_of(own: Tally, house: Tally) -> float:
    """The share of complaints that may point to a hazard without anything having changed, from 0.005 to 0.5.

    Args:
        own: of the product, `LAG` before and earlier.
        house: of all products, `LAG` before and earlier.

    Example:
        >>> round(baseline_of(Tally(0, 0), Tally(0, 0)), 3)
        0.065
        >>> round(baseline_of(Tally(10, 1000), Tally(20, 2000)), 3)
        0.015
    """
    share = (house.points + HOUSE_PRIOR[0]) / (house.complaints + HOUSE_PRIOR[1])
    complaints = own.complaints + PRIOR
    return min(_HIGHEST, max(_LOWEST, _upper_limit((own.points + PRIOR * share) / complaints, complaints)))


def _upper_limit(share: float, complaints: int) -> float:
    square = _Z * _Z / complaints
    spread = _Z * sqrt(share * (1 - share) / complaints + square / complaints / 4)
    return (share + square / 2 + spread) / (1 + square)


def running_totals(days: Iterable[tuple[date, Tally]]) -> Totals:
    """What was received on each day, summed up; the days may come in any order, each once."""
    ordered = sorted(days, key=lambda each: each[0])
    sums = itertools.accumulate(
        (tally for _, tally in ordered),
        lambda before, more: Tally(before.points + more.points, before.complaints + more.complaints),
    )
    return [(day, total) for (day, _), total in zip(ordered, sums, strict=True)]


def until(totals: Totals, day: date) -> Tally:
    """What was received before a day."""
    place = bisect_left(totals, day, key=lambda each: each[0])
    return totals[place - 1][1] if place else Tally()
