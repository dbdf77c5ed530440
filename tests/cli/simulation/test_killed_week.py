"""The week with real processes that are killed: the plan of deaths, the time that is told, and the same end states."""

from __future__ import annotations

import json
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from click.testing import CliRunner

from app.cli.simulate import simulate
from app.cli.simulation.killed.deaths import Death, Deaths
from app.cli.simulation.killed.ends import End, differences, wrong_on_record
from app.cli.simulation.killed.told_time import TellingClock, ToldClock
from app.cli.simulation.killed.week import compare
from app.cli.simulation.matters import SHIPPED
from app.cli.simulation.sites import Site

MONDAY = datetime.fromisoformat("2026-03-02T00:00+01:00")
MINUTE = timedelta(minutes=1)
CORA = ("+4915112345678", 0)
KEPT = End("kept", None, MONDAY, MONDAY + 600 * MINUTE, MONDAY + 90 * MINUTE, (MONDAY + 88 * MINUTE,))


def test_what_one_process_sets_the_others_read(tmp_path: Path) -> None:
    telling = TellingClock(tmp_path / "time", MONDAY)
    told = ToldClock(tmp_path / "time")

    assert told.now() == MONDAY
    telling.set(MONDAY + timedelta(days=3, microseconds=7))
    assert told.now() == MONDAY + timedelta(days=3, microseconds=7)
    telling.advance(hours=2)
    assert told.now() == telling.now() == MONDAY + timedelta(days=3, hours=2, microseconds=7)
    assert told.now().tzinfo is UTC


def plan(seed: str) -> list[tuple]:
    deaths, drawn = Deaths(20, 400, seed), []
    while fate := deaths.due(400, ("web", "clock 1", "clock 2", "both clocks", "everybody")):
        drawn.append(fate)
        deaths.happened(Death(MONDAY, fate.victim, "send", 1.0, fate.moment, in_the_middle=True))
    return drawn


def test_the_same_seed_plans_the_same_deaths_and_each_is_met_once() -> None:
    assert plan("1") == plan("1") != plan("2")
    assert len(plan("1")) == 20
    assert {fate.victim for fate in plan("1")} >= {"web", "clock 1", "clock 2"}


def test_a_death_waits_for_its_moment_and_its_victim() -> None:
    deaths, first = Deaths(20, 400, "1"), plan("1")[0]

    assert deaths.due(first.webhook - 1, (first.victim,)) is None
    assert deaths.due(first.webhook, ("nobody",)) is None
    assert deaths.due(first.webhook, (first.victim,)) == first


@pytest.mark.parametrize(
    "killed",
    [{}, {CORA: KEPT._replace(status="kept_late")}, {CORA: KEPT, (CORA[0], 1): KEPT}],
    ids=["lost", "ended in another way", "made twice"],
)
def test_a_promise_that_is_lost_ends_otherwise_or_is_made_twice_is_told(killed: dict) -> None:
    assert differences({CORA: KEPT}, {CORA: KEPT}) == []
    assert len(differences({CORA: KEPT}, killed)) == 1


@pytest.mark.parametrize(
    ("end", "sentence"),
    [
        (KEPT._replace(rings=(KEPT.rings[0], KEPT.rings[0] + MINUTE)), "was rung at"),
        (KEPT._replace(rings=(MONDAY + 95 * MINUTE,)), "after the promise had ended"),
        (KEPT._replace(status="open", ended_at=None), "has no end"),
    ],
    ids=["rung twice", "rung afterwards", "forgotten"],
)
def test_a_ring_too_many_and_a_promise_without_end_are_told(end: End, sentence: str) -> None:
    assert list(wrong_on_record({CORA: KEPT})) == []
    assert sentence in " ".join(wrong_on_record({CORA: end}))


@pytest.mark.crash
@pytest.mark.timeout(300)
def test_a_morning_whose_processes_are_killed_ends_as_if_nobody_had_been() -> None:
    site = Site("haushalt", MONDAY, days=1, calls=14, agents=2, absent=0, seed="4:haushalt", matters=SHIPPED)

    found = compare(site, 3)

    assert len(found.died) == 3
    assert found.wrong == []
    assert found.lost == 0
    assert found.different == []
    assert len(found.killed.ends) >= 4


@pytest.mark.crash
@pytest.mark.long
@pytest.mark.timeout(3600)
@pytest.mark.parametrize("database", [(), ("--postgres",)], ids=["sqlite", "postgres"])
def test_a_week_whose_processes_are_killed_a_hundred_times_ends_as_if_nobody_had_been(
    tmp_path: Path, database: tuple[str, ...]
) -> None:
    file = tmp_path / "week.json"
    start = ("--start", MONDAY.isoformat(), "--agents", "4", "--calls", "300", "--report", str(file))

    result = CliRunner().invoke(simulate, ["week", "--kill", "100", *start, *database], catch_exceptions=False)

    weeks = json.loads(file.read_text())
    assert result.exit_code == 0, result.output
    assert sum(len(week["deaths"]) for week in weeks) == 100
    assert sum(sum(week["promises"]["killed"].values()) for week in weeks) > 100
