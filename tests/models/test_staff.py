"""Whose telephone may ring: language and competence are asked of the whole office, then who is free."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from app.models.engines import Database
from app.models.staff import Staff, free_agents, people

NOW = datetime(2026, 3, 2, 9, tzinfo=UTC)


@pytest.fixture
def session(database_url):
    database = Database(database_url, pool_size=2)
    with database.sessions.begin() as session:
        yield session
    database.dispose()


def _hire(session, name, languages, *skills, **but):
    person = Staff(
        **{
            "email": f"{name}@office.example", "name": name, "role": "agent", "phone": "+493023125001",
            "languages": languages.split(), "skills": list(skills), "available": True, "free_since": NOW,
            "created_at": NOW,
        }
        | but
    )  # fmt: skip
    session.add(person)
    session.flush()
    return person


def _names(agents):
    return [agent.name for agent in agents]


def test_those_who_can_serve_a_matter_are_rung_whoever_was_free_longest_first(session):
    _hire(session, "ada", "de", "complaint")
    _hire(session, "ben", "de", free_since=NOW - timedelta(hours=1))
    _hire(session, "cem", "de", free_since=None)
    _hire(session, "dora", "de", "recall")
    _hire(session, "eva", "en")

    assert _names(free_agents(session, "de", "complaint")) == ["cem", "ben", "ada"]
    assert _names(free_agents(session, "de", "recall")) == ["cem", "ben", "dora"]
    assert _names(free_agents(session, "en", "")) == ["eva"]


def test_while_the_competent_talk_the_matter_waits_for_them(session):
    _hire(session, "ada", "de", "complaint", engaged_with="somebody")
    _hire(session, "ben", "de", "recall")

    assert free_agents(session, "de", "complaint") == []
    assert people(session, "de", "complaint", on_duty=True) == 1


def test_if_nobody_of_the_office_has_the_skill_anybody_with_the_language_serves(session):
    _hire(session, "ada", "de", "complaint")
    _hire(session, "ben", "en")
    gone = _hire(session, "cem", "de", "recall", disabled_at=NOW)
    _hire(session, "dora", "de", "recall", phone=None)

    assert _names(free_agents(session, "de", "recall")) == ["ada"]
    assert people(session, "de", "recall") == 1
    gone.disabled_at = None
    session.flush()
    assert _names(free_agents(session, "de", "recall")) == ["cem"]


def test_who_is_away_counts_as_somebody_of_the_office_but_not_on_duty(session):
    _hire(session, "ada", "de", "complaint", available=False)

    assert (people(session, "de", "complaint"), people(session, "de", "complaint", on_duty=True)) == (1, 0)
