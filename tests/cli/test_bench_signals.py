"""Signals on real complaints: shuffled ones raise hardly any, planted hazards are found (P1)."""

from __future__ import annotations

from pathlib import Path
from random import Random
from statistics import median

import pytest

from app.cli.bench.signals import count_false_alarms, measure_planted, read_complaints
from app.domain.hazard_test import BOUNDARY

DATA = Path(__file__).parents[1] / "data" / "cfpb_complaints.jsonl"


@pytest.fixture(scope="module")
def records():
    with DATA.open("rb") as file:
        return read_complaints(file, DATA.name)


def test_shuffled_complaints_raise_no_more_than_the_stated_rate(records):
    years, complaints = 6, 1000

    assert count_false_alarms(records, years, complaints, Random(1)) <= years * complaints / BOUNDARY


def test_a_planted_hazard_is_found_within_a_few_complaints(records):
    planted = measure_planted(records, 8, 400, 0.5, Random(1))

    assert len(planted.delays) == planted.planted == 8
    assert median(complaints for complaints, _, _ in planted.delays) <= 15
    assert median(points for _, points, _ in planted.delays) <= 7
