"""What a plan reads of the open promises, in the driver's own words, is what stands in their rows."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.compliance.whereabouts import Whereabouts, written
from app.models.engines import Database
from app.models.open_promises import SQLITE, open_promises
from app.models.vault import Vault
from app.promising.load import open_promise
from tests.web.make import make_case, make_promise

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)
VAULT = Vault((("k1", bytes(range(32))),))
LISBON = Whereabouts(("Europe/Lisbon",), ("de", "eu"))
UNKNOWN = Whereabouts(("Europe/Berlin",), ("de",), is_zone_known=False)
A_BIT = timedelta(microseconds=250_000)


@pytest.fixture
def session(database_url):
    database = Database(database_url, pool_size=2)
    with database.sessions.begin() as session:
        yield session
    database.dispose()


def _promise(session, number, **but):
    case = make_case(session, VAULT, NOW, protocol=f"260000000{number}")
    return make_promise(session, VAULT, case, NOW, **but)


def test_instants_are_rounded_so_that_nothing_is_called_early_or_late(session):
    due_at, at = NOW + timedelta(hours=3) + A_BIT, NOW + timedelta(hours=1) + A_BIT
    row = _promise(
        session, 1, due_at=due_at, next_attempt_at=at, language="en", kind="recall", whereabouts=written(LISBON)
    )

    (found,) = open_promises(session, None, now=NOW, unknown=UNKNOWN)

    assert found == open_promise(row.id, due_at, at, "en", LISBON, row.phone_index, "recall")
    assert found.due_at == due_at - A_BIT
    assert found.not_before_at == at - A_BIT + timedelta(seconds=1)


def test_who_may_be_tried_already_has_no_first_moment(session):
    _promise(session, 1, next_attempt_at=NOW)
    _promise(session, 2, next_attempt_at=NOW + A_BIT, whereabouts=None)

    first, second = sorted(open_promises(session, None, now=NOW, unknown=UNKNOWN), key=lambda each: each.id)

    assert first.not_before == 0
    assert second.not_before_at == NOW + timedelta(seconds=1)
    assert second.where == UNKNOWN


def test_only_open_promises_and_of_one_hotline_if_told(session):
    ours = _promise(session, 1)
    theirs = _promise(session, 2, hotline="sac")
    _promise(session, 3, status="kept")

    every = {each.id for each in open_promises(session, None, now=NOW, unknown=UNKNOWN)}

    assert every == {ours.id, theirs.id}
    assert [each.id for each in open_promises(session, "sac", now=NOW, unknown=UNKNOWN)] == [theirs.id]


@pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)
def test_the_long_plans_beside_them_are_not_read(session):
    (step,) = session.execute(sa.text("EXPLAIN QUERY PLAN " + SQLITE.replace("?", "''"))).all()

    assert "USING COVERING INDEX ix_promises_planned" in step[3]
