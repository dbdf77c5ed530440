"""How long a conversation lasts and may last: measured for each kind of case, once enough of them were held."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from typing import Final

ENOUGH: Final = 50
"""Conversations of one kind from which on they are believed."""

QUANTILE: Final = 0.9
"""The share of conversations that is not longer; the rest is made up for by those that are shorter."""


def handling_time(seconds: Sequence[int], default: timedelta) -> timedelta:
    """The time in which nine of ten conversations with their wrap-up are over, in whole minutes rounded up.

    Args:
        seconds: of each conversation that was measured, in any order.
        default: what the hotline file says; it counts until `ENOUGH` were measured.

    Example:
        >>> handling_time([120] * 45 + [600] * 5, timedelta(minutes=10))
        datetime.timedelta(seconds=120)
    """
    if len(seconds) < ENOUGH:
        return default
    in_order = sorted(seconds)
    longest = in_order[max(-int(-QUANTILE * len(in_order) // 1) - 1, 0)]
    return timedelta(minutes=max(-(-longest // 60), 1))


def usual_time(seconds: Sequence[int], default: timedelta) -> timedelta:
    """What a conversation with its wrap-up takes on average: many of them together take that much each.

    `handling_time` is what one may take; whoever reckons with it for every one of many thinks of twice the work there
    is, and gives up what could still be kept.

    Args:
        seconds: of each conversation that was measured, in any order.
        default: what the hotline file says of nine of ten; until `ENOUGH` were measured the half of it counts.

    Example:
        >>> usual_time([120] * 45 + [600] * 5, timedelta(minutes=10))
        datetime.timedelta(seconds=168)
    """
    if len(seconds) < ENOUGH:
        return default / 2
    return timedelta(seconds=round(sum(seconds) / len(seconds)))
