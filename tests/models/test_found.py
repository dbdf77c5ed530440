"""Objects that are laid into the session directly are what the mapper would have loaded, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest
import sqlalchemy as sa

from app.models.call import Call, Wait
from app.models.case import Case
from app.models.everything import Base
from app.models.found import find, find_all, find_by_id, find_rows, get_by_id
from app.models.promise import Promise, promise_with_case
from app.models.staff import Staff

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)
BY_NAME = sa.select(Staff).where(Staff.name == sa.bindparam("name")).order_by(Staff.id)
WITH_CASE = sa.select(Promise, Case).join(Case, Case.id == Promise.case_id)


def ada(**but: object) -> Staff:
    values = {"email": "ada@example.org", "name": "Ada", "role": "agent", "phone": "+49301", "languages": ["de", "bs"]}
    return Staff(**{**values, "free_since": NINE, "created_at": NINE, **but})


def anew(session, *rows: Base) -> None:
    """Write rows, and forget them."""
    for row in rows:
        session.add(row)
        session.flush()
    session.commit()
    session.expunge_all()


def a_case(**but: object) -> Case:
    texts = dict.fromkeys(("key", "protocol", "kind", "status", "channel", "language", "hotline", "source"), "x")
    return Case(**{**texts, "source_id": "1", "record": b"r", "received_at": NINE, "changed_at": NINE, **but})


def a_promise(case: Case, **but: object) -> Promise:
    texts = {"key": "p", "made_by": "m", "hotline": "h", "language": "de", "phone": b"", "phone_index": "i"}
    times = dict.fromkeys(("made_at", "due_at", "not_before_at", "latest_start_at", "next_attempt_at"), NINE)
    return Promise(**{**texts, **times, "case_id": case.id, **but})


def test_what_is_found_has_the_values_types_and_identity_that_the_mapper_gives_it(session):
    anew(session, ada(), ada(email="b", free_since=None, skills=["recall"]))

    found = find_all(session, BY_NAME, name="Ada")
    state = {each.id: {column.key: getattr(each, column.key) for column in Staff.__table__.columns} for each in found}
    keys = [sa.inspect(each).key for each in found]
    session.expunge_all()

    loaded = session.scalars(BY_NAME, {"name": "Ada"}).all()
    assert state == {each.id: {name: getattr(each, name) for name in state[each.id]} for each in loaded}
    assert keys == [sa.inspect(each).key for each in loaded]
    assert state[found[0].id]["free_since"].tzinfo is UTC


def test_a_row_is_one_object_in_a_session_whichever_way_it_was_come_by(session):
    anew(session, ada())

    found = find(session, BY_NAME, name="Ada")

    assert found is session.scalar(BY_NAME, {"name": "Ada"})
    assert found is session.get(Staff, found.id)
    assert found is find_by_id(session, Staff, found.id)
    assert not session.dirty


def test_what_was_changed_and_not_written_yet_stands_above_the_row(session):
    anew(session, ada())
    found = find(session, BY_NAME, name="Ada")
    found.role = "admin"

    assert find(session, BY_NAME, name="Ada").role == "admin"

    session.commit()
    session.expunge_all()
    assert find(session, BY_NAME, name="Ada").role == "admin"


def test_what_was_expired_is_read_again(session):
    anew(session, ada())
    found = find(session, BY_NAME, name="Ada")
    session.execute(sa.update(Staff).values(role="admin").execution_options(synchronize_session=False))
    session.expire(found)

    assert find(session, BY_NAME, name="Ada").role == "admin"
    session.expire(found)
    assert find_by_id(session, Staff, found.id).role == "admin"


def test_nothing_is_found_where_nothing_is(session):
    assert find(session, BY_NAME, name="Eve") is None
    assert find_by_id(session, Staff, None) is None
    assert find_by_id(session, Wait, "nobody") is None
    with pytest.raises(sa.exc.NoResultFound):
        get_by_id(session, Call, "none")


def test_two_classes_of_one_row_are_two_objects_and_the_promise_holds_on_to_its_case(session):
    anew(session, case := a_case())
    anew(session, a_promise(case, due_at=NINE + timedelta(days=1)))

    ((promise, its_case),) = find_rows(session, WITH_CASE)

    assert (promise.due_at, promise.status, promise.verdicts) == (NINE + timedelta(days=1), "open", {})
    assert promise_with_case(session, promise.id).case is its_case
    assert its_case.record == b"r"
