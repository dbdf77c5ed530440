"""How well signals tell a hazard from chance, on real complaints: false alarms if shuffled, delay if one is planted.

A year is made of complaints drawn from a file with their products and stories. Complaints on money have no hazards of
their own, so a share of them is given a story of one (`BACKGROUND`). Shuffled: that share is spread over all by chance.
Planted: from the middle of the year on, one product's share is raised. Everything between is the product's: words,
streams, baseline and test; only the database is left out.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random
from statistics import median
from typing import BinaryIO, Final

from app.domain.cfpb import check_columns, read_complaint
from app.domain.complaint import ComplaintRecord
from app.domain.errors import Invalid
from app.domain.hazard_baseline import LAG, Tally, Totals, baseline_of, running_totals, until
from app.domain.hazard_report import dangers_of, subjects_of
from app.domain.hazard_test import BOUNDARY, Heard, alarms
from app.domain.row_file import read_rows
from app.domain.rows import Row

STORIES: Final = (
    "It caught fire while it was plugged in.",
    "My daughter got an electric shock from it.",
    "The leg broke off and he fell over; we went to the hospital.",
    "It burned my hand.",
)
SHARES: Final = (0.1, 0.2, 0.3, 0.5, 1.0)
BACKGROUND: Final = 0.02
_START: Final = datetime.fromisoformat("2026-01-01T00:00:00+00:00")
_YEAR: Final = timedelta(days=365)
_COMMON: Final = 0.04
"""A hazard is planted in a product that so large a part of the complaints is about."""


@dataclass(frozen=True, slots=True)
class Told:
    """One complaint of a made-up year."""

    at: datetime
    products: tuple[str, ...]
    points: bool


@dataclass(frozen=True, slots=True)
class Planted:
    """What became of the hazards planted with one share."""

    share: float
    planted: int
    delays: Sequence[tuple[int, int, float]]  # of those found: complaints, of them pointing to it, days


def read_complaints(file: BinaryIO, name: str) -> list[ComplaintRecord]:
    """The complaints of a CFPB export that can be read."""
    found = []
    for row in read_rows(file, name, check_columns):
        if isinstance(row, Row):
            try:
                found.append(read_complaint(row.cells))
            except Invalid:
                continue
    return found


def a_year(
    records: Sequence[ComplaintRecord], complaints: int, dice: Random, *, hazard: str = "", share: float = 0.0
) -> list[Told]:
    """Complaints over a year in order, drawn from real ones.

    Args:
        hazard: the product in which one is planted from the middle of the year on; "" for none.
        share: of that product's complaints that tell of it from then on.
    """
    known = [(tuple(each.key for each in subjects_of(record)), record) for record in records]
    found = []
    for number in range(complaints):
        at = _START + _YEAR * number / complaints
        products, record = dice.choice(known)
        is_planted = hazard in products and number >= complaints // 2
        if dice.random() < (share if is_planted else BACKGROUND):
            story = f"{record.matter.narrative or ''} {dice.choice(STORIES)}"
            record = record.with_facts({"matter.narrative": story})
        found.append(Told(at, products, bool(dangers_of(record, "en"))))
    return found


def signals_in(year: Sequence[Told]) -> dict[str, list[int]]:
    """By product, the complaints (by their place in the product's stream) at which a signal is raised."""
    streams: defaultdict[str, list[Told]] = defaultdict(list)
    for told in year:
        for product in told.products:
            streams[product].append(told)
    house = _totals(year)
    found = {}
    for product, stream in streams.items():
        own = _totals(stream)
        heard = [Heard(told.points, _baseline(own, house, told.at)) for told in stream]
        found[product] = alarms(heard)
    return found


def _baseline(own: Totals, house: Totals, at: datetime) -> float:
    day = (at - LAG).date()
    return baseline_of(until(own, day), until(house, day))


def _totals(told: Sequence[Told]) -> Totals:
    days: defaultdict[object, list[bool]] = defaultdict(list)
    for each in told:
        days[each.at.date()].append(each.points)
    return running_totals((day, Tally(sum(points), len(points))) for day, points in days.items())  # type: ignore[misc]


def count_false_alarms(records: Sequence[ComplaintRecord], years: int, complaints: int, dice: Random) -> int:
    """Signals in years in which nothing has changed."""
    return sum(len(each) for _ in range(years) for each in signals_in(a_year(records, complaints, dice)).values())


def measure_planted(
    records: Sequence[ComplaintRecord], years: int, complaints: int, share: float, dice: Random
) -> Planted:
    """How soon planted hazards are found."""
    common = list(_common(records))
    delays = []
    for _ in range(years):
        hazard = dice.choice(common)
        year = a_year(records, complaints, dice, hazard=hazard, share=share)
        began = _START + _YEAR * (complaints // 2) / complaints
        stream = [told for told in year if hazard in told.products]
        first = next(place for place, told in enumerate(stream) if told.at >= began)
        after = next((place for place in signals_in(year)[hazard] if place >= first), None)
        if after is not None:
            points = sum(told.points for told in stream[first : after + 1])
            delays.append((after - first + 1, points, (stream[after].at - began) / timedelta(days=1)))
    return Planted(share, years, delays)


def _common(records: Sequence[ComplaintRecord]) -> Iterator[str]:
    numbers: defaultdict[str, int] = defaultdict(int)
    for record in records:
        for subject in subjects_of(record):
            numbers[subject.key] += 1
    for key, number in numbers.items():
        if number >= _COMMON * len(records):
            yield key


def measure_signals(
    file: BinaryIO, name: str, years: int, complaints: int, seed: int, echo: Callable[[str], None]
) -> None:
    """Print what is found."""
    records = read_complaints(file, name)
    dice = Random(seed)  # noqa: S311 - made-up years
    own = sum(bool(dangers_of(record, "en")) for record in records)
    products = len({each.key for record in records for each in subjects_of(record)})
    echo(f"{len(records)} complaints on {products} products; {own} have words of danger of their own")
    false = count_false_alarms(records, years, complaints, dice)
    total = years * complaints
    echo(
        f"shuffled: {false} false signals among {total:,} complaints, {1000 * false / total:.2f} per 1,000 "
        f"(stated for one stream each: at most {1000 / BOUNDARY:.2f})"
    )
    echo("planted: share | found | complaints until the signal: median, 9 of 10 | telling of it, median | days, median")
    for share in SHARES:
        planted = measure_planted(records, years, complaints, share, dice)
        echo(f"{share:14.0%} | {_row(planted)}")


def _row(planted: Planted) -> str:
    if not planted.delays:
        return f"0 of {planted.planted}"
    complaints = sorted(each[0] for each in planted.delays)
    within = complaints[int(0.9 * (len(complaints) - 1))]
    points, days = (median(each[place] for each in planted.delays) for place in (1, 2))
    return f"{len(planted.delays)} of {planted.planted} | {median(complaints):g}, {within} | {points:g} | {days:.1f}"
