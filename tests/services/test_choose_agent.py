"""Whom the office rings: the owner while there is time, else who is competent; the query and the choice agree."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.models.case import Case
from app.models.engines import Database
from app.models.promise import Promise
from app.models.staff import Staff
from app.models.vault import Vault
from app.services.choose_agent import MAY_BE_TRIED, WAIT_FOR_OWNER, choose_agent, look_around, values_of_floor
from tests.web.make import make_attempt, make_case, make_promise, make_staff

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
VAULT = Vault((("k1", bytes(range(32))),))
HOUR = timedelta(hours=1)
NO_TIME = {"latest_start_at": NINE + WAIT_FOR_OWNER}


@pytest.fixture
def session(database_url):
    database = Database(database_url)
    with database.sessions() as session:
        yield session
    database.dispose()


def hire(session, name: str, *, minutes_free: int = 0, **but):
    number = 70 + len(name) * 10 + minutes_free
    since = NINE - timedelta(minutes=minutes_free)
    return make_staff(
        session, name, "agent", NINE, phone=f"+4930123400{number}", available=True, free_since=since, **but
    )


def promise(session, kind: str = "complaint", **but) -> Promise:
    return make_promise(session, VAULT, make_case(session, VAULT, NINE, kind=kind), NINE, next_attempt_at=NINE, **but)


def chosen(session, given: Promise, now: datetime = NINE) -> str | None:
    """Whom `choose_agent` names, after making sure that the query over all promises comes to the same."""
    agent = choose_agent(session, given, now=now, wall_now=now)
    found = session.scalar(
        sa.select(Promise.id).join(Case, Case.id == Promise.case_id).where(MAY_BE_TRIED),
        values_of_floor(look_around(session, now=now, wall_now=now), now),
    )
    assert (agent is None) == (found is None)
    return session.get_one(Staff, agent.id).name if agent else None


def test_whoever_has_been_free_longest_is_rung(session):
    hire(session, "Ada", minutes_free=1)
    hire(session, "Ben", minutes_free=9)

    assert chosen(session, promise(session)) == "Ben"


def test_the_owner_goes_first(session):
    ada = hire(session, "Ada", minutes_free=1)
    hire(session, "Ben", minutes_free=9)

    assert chosen(session, promise(session, owner_id=ada.id)) == "Ada"


@pytest.mark.parametrize("state", [{"engaged_with": "another attempt"}, {"available": False}], ids=["talks", "away"])
def test_an_owner_who_is_not_free_is_waited_for_while_there_is_time(session, state):
    ada = hire(session, "Ada")
    hire(session, "Ben")
    given = promise(session, owner_id=ada.id)
    for name, value in state.items():
        setattr(ada, name, value)
    session.flush()

    assert chosen(session, given) is None
    assert chosen(session, given, given.latest_start_at - WAIT_FOR_OWNER) == "Ben"


def test_an_owner_who_has_let_the_promise_down_is_not_waited_for(session):
    ada = hire(session, "Ada", minutes_free=-2)
    hire(session, "Ben")
    given = promise(session, owner_id=ada.id)
    make_attempt(session, ada, given, NINE, result="agent_silent", bridged_at=None, dialled_at=None)

    assert chosen(session, given) == "Ben"


def test_an_owner_who_has_left_is_not_waited_for(session):
    ada = hire(session, "Ada", disabled_at=NINE)
    hire(session, "Ben")

    assert chosen(session, promise(session, owner_id=ada.id)) == "Ben"


def test_who_speaks_the_language_is_rung_and_waited_for(session):
    ada = hire(session, "Ada", languages=["bs"])
    hire(session, "Ben", languages=["de"])
    given = promise(session, language="bs")

    assert chosen(session, given) == "Ada"
    ada.engaged_with = "another attempt"
    session.flush()
    assert chosen(session, given) is None


def test_who_knows_the_kind_of_case_is_rung_and_waited_for(session):
    ada = hire(session, "Ada", skills=["recall"])
    hire(session, "Ben", minutes_free=9, skills=["complaint"])
    given = promise(session, kind="recall")

    assert chosen(session, given) == "Ada"
    ada.engaged_with = "another attempt"
    session.flush()
    assert chosen(session, given) is None


def test_a_language_that_nobody_of_the_office_speaks_is_served_by_anybody(session):
    hire(session, "Ada", languages=["de"])

    assert chosen(session, promise(session, language="pt-BR")) == "Ada"


def test_with_nobody_free_nobody_is_chosen(session):
    hire(session, "Ada", minutes_free=-1)

    assert chosen(session, promise(session)) is None
