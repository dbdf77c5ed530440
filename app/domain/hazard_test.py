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

Baseline: see `app.domain.hazard_baseline`.

Exposure is the number of complaints, not of units sold, which the hotline does not know: a busy month with the same
share of hazards is no signal.

Source:
    Shiryaev 1963, Roberts 1966; for composite baselines Shin, Ramdas, Rinaldo, "E-detectors", New England Journal
    of Statistics in Data Science 2023 (SR e-detectors, average run length without asymptotics).
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Final

BOUNDARY: Final = 3000.0
STREAMS: Final = 3
ODDS: Final = (3.0, 8.0, 20.0)


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
