"""What a supervisor sees of promises in danger, and how one click has somebody save them."""

from __future__ import annotations

from datetime import timedelta

import pytest

from app.models.case import CaseEvent
from app.models.journal import details_of
from app.models.promise import Promise
from app.models.reminder import Reminder
from app.models.staff import Staff
from tests.web.make import PROTOCOLS, make_attempt, make_case, make_promise

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def escalated(session, runtime, staff):
    """A promise of which a quarter of the slack is left, said to Sue."""
    now = runtime.clock.now()
    case = make_case(session, runtime.vault, now)
    promise = make_promise(
        session, runtime.vault, case, now - timedelta(hours=3), next_attempt_at=now + timedelta(hours=1)
    )
    session.add(Reminder(promise_id=promise.id, level="supervisor", due_at=now, said_at=now, told=[staff["Sue"].id]))
    make_promise(
        session, runtime.vault, make_case(session, runtime.vault, now, protocol=PROTOCOLS[1]), now, key="calm",
        phone="+4930231250011",
    )  # fmt: skip
    session.commit()
    return promise


def danger(page: str) -> str:
    return page[page.index('id="h-danger"') : page.index('id="h-all"')]


def test_only_what_is_in_danger_stands_there_with_who_can_save_it(sue, escalated):
    shown = danger(sue.get("/floor/promises").text)

    assert f"/desk/promises/{escalated.id}" in shown
    assert shown.count("<li class") == 1
    assert "Have Ada call now" in shown
    assert "Ben" not in shown


def test_one_click_gives_it_to_ada_and_has_it_tried_at_once(sue, escalated, session, staff, runtime):
    answer = sue.send(f"/floor/promises/{escalated.id}/rescue", staff=str(staff["Ada"].id))

    session.expire_all()
    saved = session.get(Promise, escalated.id)
    assert answer.status_code == 303
    assert (saved.owner_id, saved.next_attempt_at) == (staff["Ada"].id, runtime.clock.now())
    event = session.query(CaseEvent).filter_by(kind="rescued").one()
    assert details_of(runtime.vault, event)["to"] == "Ada"


def test_who_has_no_telephone_cannot_save_it(sue, escalated, staff):
    assert sue.send(f"/floor/promises/{escalated.id}/rescue", staff=str(staff["Max"].id)).status_code == 422
    assert sue.send(f"/floor/promises/{escalated.id}/rescue", staff="nobody").status_code == 422


def test_what_has_ended_meanwhile_is_not_given_to_anybody(sue, escalated, session, staff):
    session.get(Promise, escalated.id).status = "kept"
    session.commit()
    answer = sue.send(f"/floor/promises/{escalated.id}/rescue", staff=str(staff["Ada"].id))

    assert answer.status_code == 409
    assert "has ended meanwhile" in answer.text


def test_while_somebody_is_being_rung_for_it_there_is_no_button(sue, escalated, session, staff, runtime):
    ben = session.get(Staff, staff["Ben"].id)
    make_attempt(session, ben, escalated, runtime.clock.now(), stage="placed", ended_at=None, result=None)
    session.commit()
    shown = danger(sue.get("/floor/promises").text)

    assert "Ben being rung" in shown
    assert "call now</button>" not in shown
    assert "Have Ada call now" not in shown


def test_agents_do_not_assign(ada, escalated, staff):
    assert ada.get("/floor/promises").status_code == 403
    assert ada.send(f"/floor/promises/{escalated.id}/rescue", staff=str(staff["Ada"].id)).status_code == 403


def test_every_promise_is_listed_and_filtered(sue, escalated):
    everything = sue.get("/floor/promises").text
    broken = sue.get("/floor/promises?status=broken").text

    assert everything.count('data-name="Promised until"') == 2
    assert "No promise matches." in broken
    assert sue.get("/floor/promises?phone=nonsense").status_code == 422


def test_a_reminder_stands_at_the_desk_until_somebody_has_seen_it(sue, escalated, session):
    reminder = session.query(Reminder).one()
    before = sue.get("/desk/").text
    seen = sue.send(f"/desk/reminders/{reminder.id}/seen")
    again = sue.send(f"/desk/reminders/{reminder.id}/seen")

    assert "A quarter of its slack is left" in before
    assert (seen.status_code, again.status_code) == (303, 409)
    assert "A quarter of its slack is left" not in sue.get("/desk/").text


def test_nobody_sees_away_what_was_said_to_others(ada, escalated, session):
    reminder = session.query(Reminder).one()

    assert "A quarter of its slack" not in ada.get("/desk/").text
    assert ada.send(f"/desk/reminders/{reminder.id}/seen").status_code == 404
