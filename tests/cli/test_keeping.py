"""`scripts/hotline keeping …`, as operators use it."""

from __future__ import annotations

import pytest
from click.testing import CliRunner

from app.cli.__main__ import hotline
from tests.web.make import PROTOCOLS, make_case

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def operator(environ, runtime, settings, monkeypatch):
    """Runs a command as scripts/hotline does, in an office with one case."""
    for name, value in {**environ, "DATABASE_URL": settings.database_url}.items():
        monkeypatch.setenv(name, value)
    with runtime.database.sessions.begin() as session:
        make_case(session, runtime.vault, runtime.clock.now())
    return lambda *words: CliRunner().invoke(hotline, ["keeping", *words])


def test_what_was_asked_for_stands_there_with_its_deadline(operator):
    key = operator("history", PROTOCOLS[0], "--medium", "post").stdout.strip()
    erasure = operator("erase", "+4915112345678", "--yes").stdout.strip()
    due = operator("due").stdout

    assert f"history {PROTOCOLS[0]} {key}: open, due " in due
    assert f"erasure {erasure}: open, due " in due
    assert "5112345678" not in due
    assert operator("document", key).stderr == "Error: no such document\n"


def test_a_hold_is_placed_once_and_lifted(operator):
    placed = operator("hold", PROTOCOLS[0], "--reason", "court order")
    again = operator("hold", PROTOCOLS[0], "--reason", "court order")

    assert (placed.exit_code, again.exit_code) == (0, 1)
    assert again.stderr == "Error: a hold stands on this case already\n"
    assert operator("due").stdout == f"hold {PROTOCOLS[0]}: court order\n"
    assert operator("lift", PROTOCOLS[0]).exit_code == 0
    assert operator("due").stdout == ""


def test_a_case_that_is_not_there_is_said_to_be_so(operator):
    assert operator("hold", "2600000000", "--reason", "x").stderr == "Error: no such case\n"
    assert operator("erase", "teapot", "--yes").exit_code == 1
