"""One click rings the agent, then the customer; the page of the call tells how it stands and ends it."""

from __future__ import annotations

import re

import pytest
import sqlalchemy as sa

from app.cli.virtual_office import VirtualOffice
from app.models.call import Call, Wait
from app.models.promise import Attempt, Promise
from app.models.staff import Staff
from app.simulator.people import Person, Pickup
from tests.web.busy_office import KLARA, token_of
from tests.web.conftest import Visitor

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def office(settings):
    """Klara has complained and is promised a call; Ada and Ben are there, but away from the telephone."""
    opened = VirtualOffice(settings)
    opened.hire("Ada", "+493023125001", "en", "de", available=False)
    opened.hire("Ben", "+493023125002", "en", "de", available=False)
    call = opened.call(KLARA)
    call.press("1").press("1").press("1").say("Ein Wasserkocher").press("1").say("Er pfeift.").press("#")
    for key in ("2", "1", "1", "1"):
        if not call.leg.over:
            call.press(key)
    call.hang_up()
    opened.run(minutes=5)
    yield opened
    opened.close()


def at_desk(office, name):
    browser = office.app.test_client()
    with browser.session_transaction() as kept:
        kept["login"] = token_of(office, name)
    return Visitor(browser)


def call_of(office):
    with office.runtime.database.reads() as session:
        return session.scalar(sa.select(Promise.id)), session.scalars(sa.select(Attempt)).all()


def test_a_double_click_is_one_call_and_the_page_follows_it_to_its_end(office):
    for number in ("+493023125001", KLARA):
        office.carrier.introduce(number, Person(talk_seconds=600))
    ada, (promise_id, _) = at_desk(office, "Ada"), call_of(office)

    first = ada.send(f"/desk/promises/{promise_id}/call")
    second = ada.send(f"/desk/promises/{promise_id}/call")
    page = first.headers["Location"]
    rings = ada.get(page).text
    office.run(seconds=30)
    talks = ada.get(page).text
    ada.send(f"{page}/hang-up")
    office.run(seconds=30)
    ended = ada.get(page).text

    (attempt,) = call_of(office)[1]
    assert (first.status_code, second.headers["Location"]) == (303, page)
    assert "Your telephone rings" in rings
    assert "You are talking with the customer" in talks
    assert "Hang up" in talks
    assert "Er pfeift." in talks  # what was told is before the agent's eyes
    assert "The call has ended" in ended
    assert "Document the conversation" in ended
    assert (attempt.result, attempt.bridged_at is not None) == ("connected", True)
    with office.runtime.database.reads() as session:
        assert session.scalars(sa.select(Promise.status)).one() == "kept"
        assert session.scalar(sa.select(Staff.available).where(Staff.name == "Ada")) is False


def test_a_call_that_is_given_up_before_it_rings_frees_the_agent_at_once(office):
    """The network reports nothing of a leg that is taken back while it waits for its turn."""
    promise_id, _ = call_of(office)
    ada = at_desk(office, "Ada")
    page = ada.send(f"/desk/promises/{promise_id}/call").headers["Location"]
    ada.send(f"{page}/hang-up")
    again = ada.send(f"{page}/hang-up")
    office.run(seconds=1)

    (attempt,) = call_of(office)[1]
    assert (attempt.stage, attempt.result) == ("ended", "canceled")
    assert again.status_code == 409
    with office.runtime.database.reads() as session:
        assert session.scalars(sa.select(Staff.engaged_with)).all() == [None, None]
        assert session.scalars(sa.select(Promise.status)).one() == "open"


def test_who_clicks_later_learns_who_was_faster_and_nobody_is_rung_twice(office):
    promise_id, _ = call_of(office)
    at_desk(office, "Ada").send(f"/desk/promises/{promise_id}/call")
    lost = at_desk(office, "Ben").send(f"/desk/promises/{promise_id}/call")

    assert lost.status_code == 409
    assert "Ada was faster" in lost.text
    assert len(call_of(office)[1]) == 1


def test_outside_lawful_hours_nobody_is_rung(office):
    promise_id, _ = call_of(office)
    office.clock.advance(hours=13)  # late in the evening
    refused = at_desk(office, "Ada").send(f"/desk/promises/{promise_id}/call")

    assert refused.status_code == 409
    assert "must not be rung at this moment" in refused.text
    assert call_of(office)[1] == []


def test_somebody_elses_call_is_not_ended_by_guessing_its_address(office):
    promise_id, _ = call_of(office)
    page = at_desk(office, "Ada").send(f"/desk/promises/{promise_id}/call").headers["Location"]

    assert at_desk(office, "Ben").send(f"{page}/hang-up").status_code == 403
    assert at_desk(office, "Ben").get(page).status_code == 403


def test_the_case_offers_the_call_by_its_number(office):
    ada = at_desk(office, "Ada")
    place = re.search(r'href="(/desk/cases/\d+)"', ada.get("/desk/").text)
    assert place

    assert "Call +49\u00a030\u00a023125042 now" in ada.get(place[1]).text


def talking(office):
    """Ada talks with Klara, for long."""
    for number in ("+493023125001", "+493023125002", KLARA):
        office.carrier.introduce(number, Person(talk_seconds=3600))
    promise_id, _ = call_of(office)
    ada = at_desk(office, "Ada")
    page = ada.send(f"/desk/promises/{promise_id}/call").headers["Location"]
    office.run(seconds=30)
    return ada, page


def leg_of(office, number):
    return [leg for leg in office.carrier.calls if leg.to == number][-1]


def test_klara_waits_on_hold_and_is_taken_back(office):
    ada, page = talking(office)
    ada.send(f"{page}/hold")
    office.run(seconds=20)
    klara, waiting = leg_of(office, KLARA), ada.get(page).text
    apart = klara.partner
    ada.send(f"{page}/resume")
    office.run(seconds=20)
    again = ada.get(page).text
    ada.send(f"{page}/hang-up")
    office.run(seconds=20)

    assert "is on hold" in waiting
    assert apart is None
    assert "Einen Moment bitte." in " ".join(klara.heard)
    assert "You are talking with the customer" in again
    (attempt,) = call_of(office)[1]
    assert (attempt.stage, attempt.result) == ("ended", "connected")
    assert klara.over


def test_ben_takes_over_who_is_on_hold_and_owns_the_case_from_then_on(office):
    """T11: a hand-over names the new owner and the reason."""
    ada, page = talking(office)
    ada.send(f"{page}/hold")
    office.run(seconds=20)
    with office.runtime.database.reads() as session:
        ben_id = session.scalar(sa.select(Staff.id).where(Staff.name == "Ben"))
    ada.send(f"{page}/transfer", to=str(ben_id))
    office.run(seconds=40)
    ben = at_desk(office, "Ben")
    his, hers = ben.get(page), ada.get(page)
    klara, bens = leg_of(office, KLARA), leg_of(office, "+493023125002")
    together = klara.partner is bens
    ben.send(f"{page}/hang-up")
    office.run(seconds=20)

    (attempt,) = call_of(office)[1]
    assert "You are talking with the customer" in his.text
    assert hers.status_code == 403
    assert together
    assert leg_of(office, "+493023125001").over
    assert (attempt.staff_id, attempt.stage, attempt.result) == (ben_id, "ended", "connected")
    with office.runtime.database.reads() as session:
        assert session.scalars(sa.select(Staff.engaged_with)).all() == [None, None]
        assert session.scalars(sa.select(Promise.status)).one() == "kept"


def test_who_is_on_hold_while_the_agents_line_breaks_hears_that_and_how_to_reach_us(office):
    ada, page = talking(office)
    ada.send(f"{page}/hold")
    office.run(seconds=20)
    leg_of(office, "+493023125001").hang_up()
    office.run(seconds=60)

    klara = leg_of(office, KLARA)
    assert "die Verbindung ist abgebrochen" in " ".join(klara.heard)
    assert klara.over
    assert "Document the conversation" in ada.get(page).text


def test_who_hangs_up_on_hold_ends_the_call_for_the_agent_too(office):
    ada, page = talking(office)
    ada.send(f"{page}/hold")
    office.run(seconds=20)
    leg_of(office, KLARA).hang_up()
    office.run(seconds=20)

    assert "The call has ended" in ada.get(page).text
    assert leg_of(office, "+493023125001").over


def test_a_colleague_who_does_not_answer_leaves_the_customer_with_who_asked(office):
    ada, page = talking(office)
    office.carrier.introduce("+493023125002", Person(pickup=Pickup.BUSY))
    ada.send(f"{page}/hold")
    office.run(seconds=20)
    with office.runtime.database.reads() as session:
        ben_id = session.scalar(sa.select(Staff.id).where(Staff.name == "Ben"))
    ada.send(f"{page}/transfer", to=str(ben_id))
    office.run(seconds=20)
    ada.send(f"{page}/resume")
    office.run(seconds=20)

    assert leg_of(office, KLARA).partner is leg_of(office, "+493023125001")


def fetched(office):
    """Klara wanted a human, waited, and was fetched by Ada; they talk for long."""
    with office.runtime.database.sessions.begin() as session:
        session.execute(sa.update(Staff).where(Staff.name == "Ada").values(available=True))
    office.carrier.introduce("+493023125001", Person(talk_seconds=3600))
    klara = office.call("+493023125077")
    klara.press("0")
    office.run(seconds=40)
    attempt = call_of(office)[1][-1]
    return at_desk(office, "Ada"), f"/desk/calls/{attempt.key}", klara.leg


def test_who_was_fetched_from_the_queue_waits_on_hold_is_taken_back_and_hangs_up_on_hold(office):
    """Taken out of the queue by the network's redirect, the caller's own call goes on, and no wait begins anew."""
    ada, page, klara = fetched(office)
    assert klara.partner is leg_of(office, "+493023125001")
    ada.send(f"{page}/hold")
    office.run(seconds=20)
    waiting, apart = ada.get(page).text, klara.partner
    with office.runtime.database.reads() as session:
        standing = session.scalars(sa.select(Wait.status)).one()
    ada.send(f"{page}/resume")
    office.run(seconds=20)
    again, together = ada.get(page).text, klara.partner is leg_of(office, "+493023125001")
    ada.send(f"{page}/hold")
    office.run(seconds=20)
    adas = leg_of(office, "+493023125001")
    klara.hang_up()
    office.run(seconds=10)  # before Ada is rung for the next promise

    assert "is on hold" in waiting
    assert (apart, standing) == (None, "bridged")
    assert "Einen Moment bitte." in " ".join(klara.heard)
    assert "You are talking with the customer" in again
    assert together
    assert adas.over
    assert "Document the conversation" in ada.get(page).text
    (attempt,) = call_of(office)[1]
    assert (attempt.stage, attempt.result) == ("ended", "connected")
    with office.runtime.database.reads() as session:
        assert session.scalars(sa.select(Staff.engaged_with)).all() == [None, None]
        wait = session.scalars(sa.select(Wait)).one()
        call = session.get_one(Call, wait.call_key)
        assert (wait.status, wait.answered_at is not None, wait.ended_at is not None) == ("bridged", True, True)
        assert call.settled_at is not None
    assert office.carrier.faults_seen == []
