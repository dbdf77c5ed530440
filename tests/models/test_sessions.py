"""What a session writes itself is what SQLAlchemy's own unit of work would have written, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
import sqlalchemy as sa
from sqlalchemy import orm

from app.models.call import Wait
from app.models.outbox import OutboxItem
from app.models.staff import Staff

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def ada(**but: object) -> Staff:
    values = {"email": "ada@example.org", "name": "Ada", "role": "agent", "phone": "+49301", "languages": ["de", "bs"]}
    return Staff(**{**values, "created_at": NINE, **but})


@pytest.fixture
def sent(session):
    """The statements that were sent, without their values."""
    sent: list[str] = []
    if session.get_bind().dialect.name == "sqlite":
        session.connection().connection.driver_connection.set_trace_callback(sent.append)
    return sent


def values_of(session, staff_id: int) -> sa.Row:
    table = Staff.__table__
    return session.connection().execute(sa.select(table).where(table.c.id == staff_id)).one()


def test_a_new_row_has_its_key_its_defaults_and_nothing_where_nothing_was_said(session):
    session.add(person := ada())
    session.flush()

    row = values_of(session, person.id)
    assert (row.name, row.languages, row.skills, row.available, row.disabled_at) == (
        "Ada",
        ["de", "bs"],
        [],
        False,
        None,
    )
    assert (person.skills, person.available, person.disabled_at) == ([], False, None)
    assert session.get(Staff, person.id) is person
    assert not session.new
    assert not session.dirty


def test_two_new_rows_share_no_default(session):
    session.add(one := ada())
    session.flush()
    session.add(other := ada(email="b"))
    session.flush()

    one.skills.append("recall")

    assert other.skills == []


def test_only_what_has_changed_is_written(session, sent):
    session.add(person := ada())
    session.flush()
    sent.clear()

    person.name, person.role, person.languages = "Ben", "agent", ["de", "bs"]
    session.flush()

    assert values_of(session, person.id).name == "Ben"
    assert not session.dirty
    assert all("role" not in each.partition("WHERE")[0] for each in sent if each.startswith("UPDATE"))


def test_setting_what_is_there_already_sends_nothing(session, sent):
    session.add(person := ada())
    session.flush()
    sent.clear()

    person.name, person.languages = "Ada", ["de", "bs"]
    session.flush()

    assert not session.dirty
    assert not sent


def test_what_is_rolled_back_is_read_again_and_a_new_row_is_gone(session):
    session.add(person := ada())
    session.commit()
    person.name = "Ben"
    session.flush()
    session.add(other := ada(email="b"))
    session.flush()

    session.rollback()

    assert person.name == "Ada"
    assert sa.inspect(other).transient
    assert session.scalar(sa.select(sa.func.count()).select_from(Staff)) == 1


def test_a_savepoint_takes_back_what_was_changed_since(session):
    session.add(person := ada())
    session.commit()
    savepoint = session.begin_nested()
    person.name = "Ben"
    session.flush()

    savepoint.rollback()

    assert person.name == "Ada"


def test_a_row_that_is_gone_is_not_changed_in_silence(session):
    session.add(person := ada())
    session.flush()
    session.execute(sa.delete(Staff.__table__))

    person.name = "Ben"
    with pytest.raises(orm.exc.StaleDataError):
        session.flush()


def test_what_the_database_refuses_is_an_error_of_the_same_kind(session):
    session.add(ada())
    session.flush()
    session.add(ada())

    with pytest.raises(sa.exc.IntegrityError):
        session.flush()
    session.rollback()


def test_an_expression_or_several_rows_at_once_are_left_to_sqlalchemy(session):
    session.add_all([one := ada(), other := ada(email="b")])
    session.flush()
    one.name, other.name = "Cid", "Dan"
    one.id, one.email = one.id, sa.func.lower("C@EXAMPLE.ORG")
    session.flush()

    assert [values_of(session, each.id).name for each in (one, other)] == ["Cid", "Dan"]
    assert values_of(session, one.id).email == "c@example.org"


def test_a_key_that_is_no_number_is_kept(session):
    session.add(Wait(call_key="k", hotline="h", language="de", urgent=False, joined_at=NINE, status="x", queue="q"))
    with pytest.raises(sa.exc.IntegrityError):  # there is no such call, else the row would have been written
        session.flush()
    session.rollback()
    session.add(item := OutboxItem(key="k", kind="text", payload=b"", created_at=NINE, next_at=NINE))
    session.flush()
    assert (item.id > 0, item.tries, item.details) == (True, 0, {})
