"""How often the test of hazards cries wolf, and how soon it sees one: on seeded streams."""

from __future__ import annotations

from random import Random
from statistics import median

import pytest

from app.domain.hazard_test import BOUNDARY, Heard, alarms, follow


def stream(dice: Random, share: float, baseline: float, complaints: int) -> list[Heard]:
    return [Heard(dice.random() < share, baseline) for _ in range(complaints)]


@pytest.mark.parametrize("share", [0.01, 0.065, 0.2])
def test_false_alarms_stay_below_the_stated_rate(share):
    """P1: at most one among `BOUNDARY` complaints of a stream, whatever the share."""
    complaints = 30_000

    false = len(alarms(stream(Random(7), share, share, complaints)))

    assert false <= complaints / BOUNDARY


def test_a_lower_share_than_the_baseline_raises_even_fewer():
    assert alarms(stream(Random(7), 0.02, 0.065, 30_000)) == []


@pytest.mark.parametrize(("share", "within"), [(1.0, 5), (0.5, 12), (0.3, 30)])
def test_a_hazard_is_seen_within_so_many_complaints(share, within):
    """The median over forty planted hazards, each after a hundred quiet complaints."""
    dice, delays = Random(7), []
    for _ in range(40):
        quiet = [Heard(points=False, baseline=0.065)] * 100
        crossed = follow(quiet + stream(dice, share, 0.065, 400)).crossed
        delays.append((crossed or 500) - 99)

    assert median(delays) <= within


def test_even_at_the_lowest_baseline_four_must_tell_of_it():
    assert follow([Heard(points=True, baseline=0.005)] * 10).crossed == 3


def test_the_evidence_begins_where_the_hazard_does():
    course = follow([Heard(points=False, baseline=0.02)] * 50 + [Heard(points=True, baseline=0.02)] * 10)

    assert course.began == 50
