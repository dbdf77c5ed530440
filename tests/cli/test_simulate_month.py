"""`scripts/hotline simulate month`, `replay` and `compare`: small ones of each."""

from __future__ import annotations

import json
import sqlite3
from datetime import datetime
from pathlib import Path

import pytest
from click.testing import CliRunner, Result

from app.cli.simulate import simulate
from app.cli.simulation.day import Day
from app.cli.simulation.matters import SHIPPED, read_matters
from app.cli.throwaway import throwaway_office
from app.services.export_calls import export_calls

MONDAY = "2026-03-02T00:00+01:00"
SMALL = ("--calls", "24", "--days", "1", "--start", MONDAY, "--agents", "2")


def run(*arguments: str) -> Result:
    return CliRunner().invoke(simulate, list(arguments), catch_exceptions=False)


@pytest.mark.timeout(400)
def test_with_lost_doubled_and_late_webhooks_the_software_breaks_no_promise_whatever_the_workers(
    tmp_path: Path,
) -> None:
    reports = [tmp_path / "two.json", tmp_path / "one.json"]

    two = run("month", *SMALL, "--workers", "2", "--report", str(reports[0]), "--plots", str(tmp_path / "plots"))
    one = run("month", *SMALL, "--workers", "1", "--report", str(reports[1]))

    assert two.exit_code == 0, two.output
    assert two.stdout == one.stdout
    assert reports[0].read_bytes() == reports[1].read_bytes()
    report = json.loads(reports[0].read_text())
    assert report["calls_in"] == 24
    assert report["broken_by_software"] == report["learnt_by_silence"] == 0
    assert sum(day["due"] for day in report["by_day"].values()) == sum(report["promises"].values()) > 0
    assert sorted(file.name for file in (tmp_path / "plots").iterdir()) == [
        "lateness.svg", "occupancy-by-hour.svg", "promises-by-day.svg",
    ]  # fmt: skip


@pytest.mark.long
@pytest.mark.timeout(3_000)
def test_with_a_third_of_the_staff_missing_no_more_is_broken_than_must_be_and_nobody_learns_it_by_silence(
    tmp_path: Path,
) -> None:
    file = tmp_path / "cut.json"

    result = run("month", "--calls", "400", "--days", "1", "--start", MONDAY, "--agents", "3", "--cut", "1/3",
                 "--report", str(file))  # fmt: skip

    report = json.loads(file.read_text())
    best = sum(each["live_callers_first"] for each in report["optimum"].values())
    assert result.exit_code == 0, result.output
    assert report["learnt_by_silence"] == 0
    assert report["promises"].get("broken", 0) <= 1.05 * best
    assert report["late_or_broken"] <= 0.05 * sum(report["promises"].values())


@pytest.fixture(scope="module")
def lived(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Path]:
    """A day's database and its exported call log."""
    folder = tmp_path_factory.mktemp("lived")
    database, log = folder / "office.db", folder / "calls.csv"
    with SHIPPED.open("rb") as rows:
        matters = read_matters(rows, SHIPPED.name, print)
    with throwaway_office(datetime.fromisoformat(MONDAY), 3, proved=True, silent=True) as office:
        Day(office, matters, calls=5, agents=2, seed=3).live()
        copy = sqlite3.connect(office.runtime.settings.database_url.removeprefix("sqlite:///"))
        copy.execute("VACUUM INTO ?", (str(database),))
        copy.close()
        with office.runtime.database.reads() as session, log.open("w", encoding="utf-8", newline="") as out:
            export_calls(session, office.runtime.vault, out)
    return database, log


@pytest.mark.timeout(300)
def test_a_real_day_is_lived_again_under_another_roster(lived: tuple[Path, Path], tmp_path: Path) -> None:
    report = tmp_path / "replayed.json"

    result = run("replay", str(lived[0]), "--agents", "1", "--report", str(report))

    assert result.exit_code == 0, result.output
    found = json.loads(report.read_text())
    with sqlite3.connect(lived[0]) as database:
        calls, promises = (
            database.execute(f"SELECT count(*) FROM {table}").fetchone()[0] for table in ("calls", "promises")
        )
    assert found["calls_in_life"] == sum(found["replayed"]["calls"].values()) == calls
    assert sum(found["promises_in_life"].values()) == promises
    assert sum(found["replayed"]["promises"].values()) > 0
    assert [agent["name"] for agent in found["replayed"]["agents"]] == ["Agent 1"]


@pytest.mark.timeout(300)
def test_an_exported_log_is_lived_under_the_shifts_of_a_hotline_file(lived: tuple[Path, Path], tmp_path: Path) -> None:
    shipped = (Path(__file__).parents[2] / "ivr_flows/hotline.yaml").read_text()
    roster = tmp_path / "hotline.yaml"
    shifts = "  staffing:\n    - {people: 2, languages: [de, en, pt-BR, bs], hours: {mon-sat: 08:00-18:00}}\n"
    roster.write_text(shipped.replace("\nsac:\n", f"\n{shifts}\nsac:\n", 1))

    result = run("replay", str(lived[1]), "--staffing", str(roster))

    assert result.exit_code == 0, result.output
    assert "the export does not tell what became of promises" in result.output
    assert result.output.count("conversations, busy") == 2


def test_a_file_that_is_no_call_log_is_refused(tmp_path: Path) -> None:
    file = tmp_path / "notes.txt"
    file.write_text("nothing of the kind\n")

    assert "neither an office's database nor an export of calls" in run("replay", str(file), "--agents", "1").output
    assert "either --agents or --staffing" in run("replay", str(file)).output


@pytest.mark.timeout(300)
def test_the_three_ways_serve_the_same_callbacks(tmp_path: Path) -> None:
    report, plot = tmp_path / "compared.json", tmp_path / "compared.svg"

    result = run("compare", "--calls", "20", "--agents", "2", "--report", str(report), "--plot", str(plot))

    assert result.exit_code == 0, result.output
    found = json.loads(report.read_text())
    for ways in found["agents"].values():
        assert {each["kept"] + each["late"] + each["lost"] for each in ways.values()} == {found["callbacks"]}
        assert ways["least slack"]["kept"] >= ways["first come"]["kept"] > ways["a timer each"]["kept"]
    assert "agents at work" in plot.read_text()
