"""A customer who wants no calls is not called: an agent puts it down, and takes it back."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.models.outbox import OutboxItem
from app.models.promise import Promise
from tests.web.make import make_case, make_promise


@pytest.fixture
def case(session, runtime):
    now = runtime.clock.now()
    case = make_case(session, runtime.vault, now)
    make_promise(session, runtime.vault, case, now)
    session.commit()
    return case


def test_every_promise_to_the_number_ends_and_the_customer_is_told(ada, case, session):
    assert ada.send(f"/desk/cases/{case.protocol}/do-not-call", refused="yes").status_code == 303

    session.expire_all()
    assert session.scalars(sa.select(Promise.status)).all() == ["withdrawn"]
    assert session.scalars(sa.select(Promise.cause)).all() == ["do not call"]
    assert session.scalar(sa.select(sa.func.count()).select_from(OutboxItem)) == 1
    page = ada.get(f"/desk/cases/{case.protocol}").text
    assert "Ada put down that the customer wants no calls." in page
    assert "Calls are welcome again" in page


def test_the_mark_can_be_taken_away(ada, case, session):
    ada.send(f"/desk/cases/{case.protocol}/do-not-call", refused="yes")
    ada.send(f"/desk/cases/{case.protocol}/do-not-call", refused="no")

    page = ada.get(f"/desk/cases/{case.protocol}").text
    assert "Do not call this number any more" in page
    assert "calls are welcome again." in page
