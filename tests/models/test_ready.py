"""Statements past the object mapper do what they would through it, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.models.ready import ask, ask_all, ask_one, note_written, table_of, write
from app.models.staff import Staff

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
STAFF = table_of(Staff)
BY_NAME = sa.select(Staff.id, Staff.languages, Staff.free_since, Staff.available).where(
    Staff.name == sa.bindparam("name")
)
RENAME = sa.update(STAFF).where(STAFF.c.id == sa.bindparam("of_id")).returning(STAFF.c.id, STAFF.c.free_since)


def ada(**but: object) -> Staff:
    values = {"email": "ada@example.org", "name": "Ada", "role": "agent", "phone": "+49301", "languages": ["de", "bs"]}
    return Staff(**{**values, "free_since": NINE, "created_at": NINE, **but})


def test_what_the_session_has_not_written_yet_is_found_with_its_types(session):
    session.add(ada(available=True))

    ((staff_id, languages, free_since, available),) = ask(session, BY_NAME, name="Ada")

    assert staff_id > 0
    assert languages == ["de", "bs"]
    assert available is True
    assert free_since == NINE
    assert free_since.tzinfo is UTC


def test_an_update_sets_the_columns_that_are_named_and_gives_back_what_is_asked_for(session):
    session.add(person := ada())
    session.flush()

    rows = ask(session, RENAME, of_id=person.id, name="Ben", free_since=NINE + timedelta(hours=1))

    assert rows == [(person.id, NINE + timedelta(hours=1))]
    assert ask_all(session, BY_NAME, name="Ben") == [person.id]
    assert ask_one(session, BY_NAME, name="Ada") is None
    assert ask(session, sa.update(STAFF).where(STAFF.c.id == sa.bindparam("of_id")), of_id=0, name="Eve") == []


def test_a_loaded_object_learns_what_was_written_and_writes_nothing_else_back(session):
    session.add(person := ada())
    session.flush()
    ask(session, RENAME, of_id=person.id, name="Ben")
    assert person.name == "Ada"

    note_written(session, Staff, person.id, name="Ben")
    person.phone = "+49302"
    session.commit()

    assert (person.name, person.phone) == ("Ben", "+49302")
    assert ask_all(session, BY_NAME, name="Ben") == [person.id]


def test_a_row_that_must_not_be_is_refused_with_the_same_error(session):
    session.add(person := ada())
    session.add(other := ada(email="ben@example.org"))
    session.flush()

    with pytest.raises(sa.exc.IntegrityError):
        ask(session, RENAME, of_id=other.id, email=person.email)


def test_lists_of_any_length_can_be_asked_for(session):
    session.add(person := ada())
    named = sa.select(Staff.id).where(Staff.name.in_(sa.bindparam("names", expanding=True)))

    assert ask_all(session, named, names=["Ada", "Ben"]) == [ask_one(session, BY_NAME, name="Ada")]
    assert ask_all(session, named, names=[]) == []
    assert person.id


def test_a_naive_instant_is_refused(session):
    with pytest.raises((ValueError, sa.exc.StatementError), match="naive instant"):
        ask(session, RENAME, of_id=1, free_since=datetime(2026, 3, 2))  # noqa: DTZ001 - that is the point


def test_a_list_among_the_values_may_be_of_any_length(session):
    session.add_all([ada(), ada(email="b", name="Ben"), ada(email="c", name="Cid")])
    named = sa.select(Staff.name).where(Staff.name.in_(sa.bindparam("names", expanding=True))).order_by(Staff.name)

    assert ask_all(session, named, names=["Ada", "Cid"]) == ["Ada", "Cid"]
    assert ask_all(session, named, names=["Ben"]) == ["Ben"]
    assert ask_all(session, named, names=[]) == []
    assert ask_all(session, sa.select(Staff.name).where(Staff.name.in_(("Ada", "O'Neill?")))) == ["Ada"]


def test_what_is_always_the_same_stands_in_the_words_with_its_quotes(session):
    session.add_all([ada(name="O'Neill"), ada(email="b", name="O'Neill", available=True)])
    there = sa.select(Staff.email).where(Staff.name == "O'Neill", Staff.available == sa.bindparam("there"))

    assert ask_all(session, there.where(Staff.role == "agent").limit(1), there=True) == ["b"]
    assert ask_all(session, there, there=False) == ["ada@example.org"]


def test_a_row_that_is_inserted_past_the_mapper_has_the_defaults_of_its_class(session):
    values = {"email": "a", "name": "Ada", "role": "agent", "languages": [], "skills": [], "created_at": NINE}
    ask(session, sa.insert(STAFF), **values)

    assert ask(session, sa.select(Staff.available, Staff.disabled_at)) == [(False, None)]


def test_a_row_is_changed_at_once_and_nothing_that_waits_to_be_written_is_lost(session):
    new = ada()
    write(new, name="Ben")
    session.add(new)
    session.flush()

    write(new, name="Cora", free_since=NINE + timedelta(hours=1))
    at_once = ask(session, sa.select(STAFF.c.name, STAFF.c.free_since))
    was_written = not session.dirty
    new.phone = "+49302"
    write(new, name="Dora")
    session.commit()
    session.refresh(new)

    assert at_once == [("Cora", NINE + timedelta(hours=1))]
    assert was_written
    assert (new.name, new.phone) == ("Dora", "+49302")
