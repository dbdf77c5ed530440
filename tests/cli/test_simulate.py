"""`scripts/hotline simulate day`: real complaints call in, and every promise has its end."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest
from click.testing import CliRunner, Result

from app.cli.simulate import day
from tests.guards.tree import ROOT

COMPLAINTS = ROOT / "tests/data/cfpb_complaints.jsonl"
ALL_COMPLAINTS = ROOT.parent / "shared/data/cfpb_complaints.jsonl"
ROWS = 8


def simulate(*arguments: str) -> Result:
    return CliRunner().invoke(day, list(arguments), catch_exceptions=False)


@pytest.fixture(scope="module")
def report_of_a_day(tmp_path_factory: pytest.TempPathFactory) -> tuple[Result, dict[str, Any]]:
    file = tmp_path_factory.mktemp("day") / "report.json"
    result = simulate(str(COMPLAINTS), "--seed", "5", "--report", str(file))
    return result, json.loads(file.read_text())


def test_whoever_chose_complaint_is_on_record_and_every_promise_ends(
    report_of_a_day: tuple[Result, dict[str, Any]],
) -> None:
    result, report = report_of_a_day

    assert result.exit_code == 0, result.output
    assert report["complaints"] == report["chose_complaint"] == ROWS
    assert sum(report["promises"].values()) > ROWS / 2
    assert report["promises"].get("broken", 0) == report["promises"].get("open", 0) == 0
    assert report["wrong"] == []


def test_the_report_tells_what_the_callers_told(report_of_a_day: tuple[Result, dict[str, Any]]) -> None:
    result, report = report_of_a_day

    assert report["stories"]["recorded"] > 0
    assert report["stories"]["in words"] > 0
    assert report["slack_at_keeping_minutes"]["min"] > 0
    assert f"complaints     {report['complaints']} on record" in result.stdout


def test_the_same_seed_gives_the_same_bytes(report_of_a_day: tuple[Result, dict[str, Any]], tmp_path: Path) -> None:
    first, report = report_of_a_day
    file = tmp_path / "again.json"

    again = simulate(str(COMPLAINTS), "--seed", "5", "--report", str(file))

    assert again.stdout == first.stdout
    assert json.loads(file.read_text()) == report


def test_another_seed_gives_another_day(report_of_a_day: tuple[Result, dict[str, Any]]) -> None:
    other = simulate(str(COMPLAINTS), "--seed", "6")

    assert other.exit_code == 0, other.output
    assert other.stdout != report_of_a_day[0].stdout


def test_a_network_that_loses_doubles_and_delays_webhooks_costs_no_complaint_and_no_promise() -> None:
    result = simulate(str(COMPLAINTS), "--faults", "lose=0.05,duplicate=0.2,delay=20,reorder=yes")

    assert result.exit_code == 0, result.output
    assert f"{ROWS} on record, {ROWS} callers chose complaint" in result.output


def test_with_nobody_to_call_back_promises_are_broken_and_the_status_says_so() -> None:
    result = simulate(str(COMPLAINTS), "--calls", "2", "--agents", "0")

    assert result.exit_code == 1
    assert "was broken: no_agent" in result.output
    assert "2 on record, 2 callers chose complaint" in result.output


@pytest.mark.parametrize(
    ("arguments", "problem"),
    [
        (("--start", "yesterday"), "write it like 2026-03-02T00:00+01:00"),
        (("--start", "2026-03-02T00:00"), "needs its offset"),
        (("--faults", "lose=often"), "write for example lose=0.01"),
        (("--faults", "explode=1"), "unknown faults: explode"),
        ((str(ROOT / "README.md"),), "README.md:1"),
    ],
)
def test_what_cannot_be_done_is_said_before_anybody_calls(arguments: tuple[str, ...], problem: str) -> None:
    result = simulate(*arguments)

    assert result.exit_code != 0
    assert problem in result.output


@pytest.mark.timeout(400)
@pytest.mark.skipif(not ALL_COMPLAINTS.exists(), reason="the larger folder of real complaints is not here")
def test_all_real_complaints_call_in_and_none_is_lost() -> None:
    result = simulate(str(ALL_COMPLAINTS))

    assert result.exit_code == 0, result.output
    assert "64 on record, 64 callers chose complaint" in result.output
