"""How long it takes to find a deadline, by the number of open promises, in processor time of one core.

`full`: nineteen of twenty places up to the last promise are taken and every promise can be kept, so the new one is
found a place between the others. `overloaded`: deadlines at random, and more of them than can be kept, so that most of
the time is spent on searching. Both have four languages, seven places in the world and shifts that overlap.
"""

from __future__ import annotations

import math
import time
from collections.abc import Callable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from datetime import time as clock_time
from random import Random
from statistics import median
from typing import Final
from zoneinfo import ZoneInfo

from app.compliance.whereabouts import Whereabouts
from app.domain.hotline import Company, Hotline, Hours, Shift
from app.promising.load import Load, OpenPromise, open_promise
from app.promising.solver import Wanted, first_deadline
from app.promising.timetable import Timetable, timetable

SIZES: Final = (500, 1_000, 2_000, 5_000, 10_000, 20_000)
AGENTS: Final = 50
NOW: Final = datetime(2026, 3, 2, 9, tzinfo=UTC)  # a Monday
_BERLIN: Final = Whereabouts(("Europe/Berlin",), ("de",))
_ELSEWHERE: Final = tuple(
    Whereabouts((zone,), laws)
    for zone, laws in {
        "Europe/London": ("de",),
        "Europe/Sarajevo": ("de",),
        "Europe/Lisbon": ("de",),
        "America/New_York": ("de", "us"),
        "America/Sao_Paulo": ("de", "br-sac"),
        "Africa/Cairo": ("de",),
    }.items()
)
_QUARTER: Final = timedelta(minutes=15)
_SLOT: Final = timedelta(minutes=11)  # one conversation by the rules, in whole minutes


def _from_to(opens: int, closes: int) -> dict[int, Hours]:
    return dict.fromkeys(range(6), ((clock_time(opens), clock_time(closes)),))


OFFICE: Final = Hotline(
    name="bench",
    numbers=("+493012345600",),
    flow="main",
    languages=("de", "en", "pt-BR", "bs"),
    zone=ZoneInfo("Europe/Berlin"),
    jurisdiction="de",
    country="DE",
    subdivision="BE",
    opening=_from_to(8, 18),
    company=Company("", "", "", "", ""),
)
SHIFTS: Final = (
    Shift(10, ("de",)),
    Shift(10, ("de", "en")),
    Shift(10, ("en", "pt-BR"), _from_to(8, 14)),
    Shift(10, ("bs", "de"), _from_to(12, 18)),
    Shift(10, OFFICE.languages),
)


def measure_solver(runs: int, tell: Callable[[str], None]) -> None:
    """Measure, and tell a table line by line.

    Args:
        runs: per size; the median is told.
    """
    tell(f"{AGENTS} agents, {runs} runs each, processor milliseconds of one core (median)")
    tell("")
    tell("| open promises | full | per n log n | overloaded | per n log n |")
    tell("|--:|--:|--:|--:|--:|")
    found: dict[str, list[float]] = {"full": [], "overloaded": []}
    for size in SIZES:
        cells = [f"{size:,}"]
        for name, load in (("full", full(size)), ("overloaded", overloaded(size))):
            spent = median(_milliseconds(load) for _ in range(runs))
            found[name].append(spent)
            cells += [f"{spent:.1f} ms", f"{spent * 1e6 / (size * math.log2(size)):.0f} ns"]
        tell("| " + " | ".join(cells) + " |")
    tell("")
    for name, times in found.items():
        tell(f"{name}: grows like n to the {_exponent(times):.2f}")


def full(size: int, office: Hotline = OFFICE, shifts: Sequence[Shift] = SHIFTS) -> Load:
    """Promises that can all be kept, with a place each, and hardly one place left."""
    dice = Random(size)  # noqa: S311 - figures must come out alike again
    table = timetable(office, shifts, NOW, _SLOT, until=NOW + timedelta(days=21))
    places = []
    for place, seats in enumerate(table.seats):
        places += [place] * seats
        if len(places) >= size / 0.95:
            break
    dice.shuffle(places)
    return Load(list(_in_places(places[:size], table, dice)), shifts, _SLOT)


def _in_places(places: list[int], table: Timetable, dice: Random) -> Iterator[OpenPromise]:
    for number, place in enumerate(places, 1):
        slot, team = divmod(place, len(table.teams))
        start, end = (datetime.fromtimestamp(at[slot], UTC) for at in (table.starts, table.ends))
        ahead = end + dice.choice([0, 1, 4, 8, 96]) * _QUARTER
        not_before = start - dice.choice([0, 1, 4]) * _QUARTER if dice.random() < 0.2 else NOW
        language = dice.choice(table.teams[team].languages)
        noon = start.replace(hour=14, minute=30)  # from then until five all of them may be called
        where = dice.choice(_ELSEWHERE) if dice.random() < 0.5 and noon <= start < noon.replace(hour=16) else _BERLIN
        yield open_promise(number, ahead, not_before, language, where, str(number))


def overloaded(size: int) -> Load:
    """Promises with deadlines at random in the time in which the agents could hold half of the conversations."""
    dice = Random(size)  # noqa: S311 - figures must come out alike again
    minutes = size / AGENTS * 11 * 24 / 10 / 2  # of eleven in an office open ten hours of the day
    promises = []
    for number in range(1, size + 1):
        not_before = NOW + dice.random() * timedelta(minutes=minutes / 2 if dice.random() < 0.2 else 0)
        language = dice.choices(OFFICE.languages, (6, 3, 1, 1))[0]
        where = dice.choice(_ELSEWHERE) if dice.random() < 0.2 else _BERLIN
        due_at = not_before + dice.random() * timedelta(minutes=minutes)
        promises.append(open_promise(number, due_at, not_before, language, where, str(number)))
    return Load(promises, SHIFTS, _SLOT)


def _milliseconds(load: Load) -> float:
    before = time.process_time()
    first_deadline(Wanted(NOW, OFFICE, _BERLIN, number="new", load=load))
    return (time.process_time() - before) * 1000


def _exponent(times: list[float]) -> float:
    """The slope of the times over the sizes, both as logarithms, by least squares."""
    points = [(math.log(size), math.log(spent)) for size, spent in zip(SIZES, times, strict=True)]
    middle_x = sum(x for x, _ in points) / len(points)
    middle_y = sum(y for _, y in points) / len(points)
    return sum((x - middle_x) * (y - middle_y) for x, y in points) / sum((x - middle_x) ** 2 for x, _ in points)
