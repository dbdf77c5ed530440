"""The operator draws a recall campaign up, leads it and sees how far it is, without a browser."""

from __future__ import annotations

import json
from datetime import date

import pytest
from click.testing import CliRunner

from app.cli.__main__ import hotline
from app.domain.recall_draft import Draft, recall_from
from app.services.import_recalls import add_recall

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def operator(runtime, environ, database_url, monkeypatch):
    """Runs a command as scripts/hotline does; a recall is on the list."""
    for name, value in {**environ, "DATABASE_URL": database_url}.items():
        monkeypatch.setenv(name, value)
    with runtime.database.sessions.begin() as session:
        draft = Draft(title="Stool", product="Stool", hazard="fall", models="ZX 11")
        add_recall(session, recall_from(draft, "H1", date(2026, 3, 1)), runtime.clock.now())
    return lambda *words, **options: CliRunner().invoke(hotline, [str(word) for word in words], **options)


def test_a_campaign_is_drawn_up_led_and_reported_from_the_command_line(operator, tmp_path):
    register = tmp_path / "owners.csv"
    register.write_text("phone;model\n+4915112345678;ZX 11\n+4917612345679;ZX-11\n", "utf-8")
    assert operator("recalls", "owners", register).exit_code == 0

    drawn = operator("campaigns", "draw-up", "H1", "--wave", "call", "--wave", "text", "--ceiling", 500)
    steps = [operator("campaigns", action, 1).stdout for action in ("start", "pause", "resume", "stop")]
    again = operator("campaigns", "resume", 1)
    report = json.loads(operator("campaigns", "report", 1, "--json").stdout)

    assert drawn.stdout.splitlines()[:2] == [
        "campaign 1, H1: draft",
        "  2 people with 2 units; nobody left out",
    ]
    assert steps == [f"campaign 1 is {status}\n" for status in ("running", "paused", "running", "stopped")]
    assert (again.exit_code, "stopped" in again.output) == (1, True)
    assert (report["status"], report["members"], [each["medium"] for each in report["waves"]]) == (
        "stopped", 2, ["call", "text"],
    )  # fmt: skip
    assert operator("campaigns", "list").stdout == "1  stopped  recall H1  H1: 2 to be told\n"
    assert operator("campaigns", "report", 1).stdout.startswith("campaign 1, H1: stopped")


def test_what_there_is_not_is_said(operator):
    answers = [operator("campaigns", "draw-up", "H2"), operator("campaigns", "start", 7)]

    assert [each.exit_code for each in answers] == [1, 1]
    assert operator("campaigns", "list").stdout == "no campaigns\n"
