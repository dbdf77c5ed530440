"""Whether complaints about one product have begun to point to a hazard more often than they used to: the test. Pure.

Method: the Shiryaev–Roberts procedure on a stream of complaints, each of which points to a hazard or does not. For
every complaint the likelihood ratio is taken of "its chance is higher than the baseline" to "its chance is the
baseline"; the statistic after each complaint is (statistic before + 1) × ratio. Since nobody knows how much higher, it
is the mean of three such statistics, for odds 3, 8 and 20 times those of the baseline.

Boundary: a signal is raised when the statistic reaches `BOUNDARY` (3,000); then the stream begins anew. Even at the
lowest baseline that takes four complaints that point to a hazard.

False alarms: while the chance is at most the baseline, the statistic less the number of complaints is a
supermartingale, also across a stream that begins anew. So among n complaints at most n / `BOUNDARY` false signals are
to be expected, whatever the number of products. A complaint is in at most `STREAMS` (3) streams (what the product is
called, its number, its lot): at most one false signal among `BOUNDARY` / `STREAMS` = 1,000 complaints on the average.
It is a bound for complaints whose chance is truly no higher than the baseline, which is itself an estimate.

Baseline: the share among the complaints received `LAG` (30 days) or longer before the one at hand, so that it depends
on the past alone and a hazard does not hide in its own baseline. A product of which little is known is drawn towards
the share of the whole house (as if by `PRIOR` complaints), and of the result the upper limit is taken (Wilson,
one-sided 90 %): it errs on the quiet side where little is known.

Exposure is the number of complaints, not of units sold, which the hotline does not know: a busy month with the same
share of hazards is no signal.

Source:
    Shiryaev 1963, Roberts 1966; for composite baselines Shin, Ramdas, Rinaldo, "E-detectors", New England Journal
    of Statistics in Data Science 2023 (SR e-detectors, average run length without asymptotics). Wilson, JASA 22 (1927).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import timedelta
from math import sqrt
from typing import Final

BOUNDARY: Final = 3000.0
STREAMS: Final = 3
ODDS: Final = (3.0, 8.0, 20.0)
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


@dataclass(frozen=True, slots=True)
class Heard:
    """One complaint in its stream."""

    points: bool  # to a hazard
    baseline: float  # the share expected of it


@dataclass(frozen=True, slots=True)
class Course:
    """The statistic after each complaint of a stream, and where it first reached the boundary."""

    values: tuple[float, ...]
    crossed: int | None  # index of the complaint; None while it has not
    began: int  # index of the complaint from which on the evidence is strongest

    @property
    def value(self) -> float:
        """The statistic now."""
        return self.values[-1] if self.values else 0.0


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


def ratios(heard: Heard) -> tuple[float, ...]:
    """How much likelier one complaint is under each of the raised odds than under the baseline."""
    share = heard.baseline
    found = []
    for odds in ODDS:
        raised = odds * share / (1 - share + odds * share)
        found.append(raised / share if heard.points else (1 - raised) / (1 - share))
    return tuple(found)


def follow(stream: Sequence[Heard]) -> Course:
    """The course of the statistic along a stream, up to the complaint at which it reaches the boundary.

    Example:
        >>> follow([Heard(points=True, baseline=0.02)] * 5).crossed
        3
    """
    parts = [0.0] * len(ODDS)
    values: list[float] = []
    for index, heard in enumerate(stream):
        parts = [(part + 1) * ratio for part, ratio in zip(parts, ratios(heard), strict=True)]
        values.append(sum(parts) / len(parts))
        if values[-1] >= BOUNDARY:
            return Course(tuple(values), index, _begin(stream[: index + 1]))
    return Course(tuple(values), None, _begin(stream))


def _begin(stream: Sequence[Heard]) -> int:
    """From which complaint on the mean likelihood ratio of all that follows is greatest."""
    parts, best, begin = [1.0] * len(ODDS), 0.0, max(0, len(stream) - 1)
    for index in range(len(stream) - 1, -1, -1):
        parts = [part * ratio for part, ratio in zip(parts, ratios(stream[index]), strict=True)]
        if sum(parts) > best:
            best, begin = sum(parts), index
    return begin


def alarms(stream: Iterable[Heard]) -> list[int]:
    """The indexes at which signals are raised when the stream begins anew after each."""
    rest = list(stream)
    found: list[int] = []
    passed = 0
    while True:
        crossed = follow(rest[passed:]).crossed
        if crossed is None:
            return found
        passed += crossed + 1
        found.append(passed - 1)
