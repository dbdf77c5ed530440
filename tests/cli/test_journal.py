"""`scripts/hotline journal …`, as operators use it."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from click.testing import CliRunner

from app.cli.__main__ import hotline
from app.runtime import Runtime
from tests.web.make import PROTOCOLS, make_call, make_case


@pytest.fixture
def operator(environ, runtime, settings, monkeypatch):
    """Runs a command as scripts/hotline does, in an office with two cases."""
    for name, value in {**environ, "DATABASE_URL": settings.database_url}.items():
        monkeypatch.setenv(name, value)
    with runtime.database.sessions.begin() as session:
        make_call(session, runtime.vault, runtime.clock.now())
        for protocol in PROTOCOLS[:2]:
            make_case(session, runtime.vault, runtime.clock.now(), protocol=protocol)
    return lambda *words: CliRunner().invoke(hotline, ["journal", *words])


def alter(runtime: Runtime) -> None:
    with runtime.database.sessions.begin() as session:
        session.execute(sa.text("INSERT INTO removal_permits (key) VALUES ('stolen')"))
        session.execute(sa.text("UPDATE case_events SET kind = 'closed' WHERE id = 2"))


def test_an_intact_journal_is_said_to_be_so_and_tells_where_it_ends(operator):
    assert operator("seal").stdout == "3 rows entered\n"  # two cases, and that the operator sealed
    head = operator("head").stdout.strip()

    result = operator("verify", "--head", head)

    assert result.exit_code == 0
    assert result.stdout == f"3 entries, nothing was altered; the journal ends at {head}\n"


def test_the_first_altered_row_is_named(operator, runtime):
    operator("seal")
    alter(runtime)

    result = operator("verify")

    assert result.exit_code == 1
    assert result.stdout.startswith("case_events 2 (entry 2, entered ")
    assert result.stdout.endswith(" UTC): the row was altered\n")
    assert '"intact": false' in operator("verify", "--json", "--all").stdout


def test_a_position_that_is_none_is_refused(operator):
    assert "is no position" in operator("verify", "--head", "yesterday").stderr
