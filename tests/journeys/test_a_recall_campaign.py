"""A recall campaign rings owners: each once, the danger first, within the law, pace and money."""

from __future__ import annotations

from dataclasses import replace
from datetime import timedelta

import pytest
import sqlalchemy as sa

from app.models.campaign import Campaign
from app.services.lead_campaign import order_test_call, pause, resume, stop
from app.simulator.people import Person, Pickup, machine
from tests.journeys.cast import ADA, CORA, complain_and_hang_up
from tests.journeys.owners import OWNERS, begin, contacts, members, status, with_owners
from tests.journeys.stage import Stage, heard_by, is_in_order


@pytest.fixture
def office(office: Stage) -> Stage:
    """With owners of a recalled product."""
    return with_owners(office)


def test_each_owner_is_rung_once_and_told_of_the_danger_before_anything_is_asked(office: Stage) -> None:
    """P8, P9, P10; Regulation (EU) 2023/988 art. 35, 36: two rows of a register with one number are one person."""
    begin(office)
    office.wait(minutes=5)

    assert [len(office.rings_at(number)) for number in OWNERS] == [1, 1, 1, 1]
    said = ["hier ist Muster", "Produktsicherheitsrückruf", "nicht mehr", "Fire", "Kettle K100", "Wie möchten Sie"]
    assert is_in_order(said, heard_by(office.rings_at(CORA)[0]))
    assert {member.answer for member in members(office).values()} == {"acknowledged"}
    assert status(office) == "done"


def test_where_no_law_of_notices_is_known_nobody_is_rung(office: Stage) -> None:
    """P9: the linter is asked before each wave, and fails closed."""
    hotlines = [replace(each, jurisdiction="nowhere") for each in office.runtime.hotlines]
    office.office.runtime = replace(
        office.runtime, board=replace(office.runtime.board, hotline_named=lambda _name: hotlines[0])
    )

    begin(office)
    office.wait(minutes=2)

    assert sum(len(office.rings_at(each)) for each in OWNERS) == 0


def test_a_machine_is_told_only_who_rang_where_the_law_knows_no_more(office: Stage) -> None:
    """GDPR art. 5: a message is heard by others in the household."""
    office.carrier.introduce(CORA, machine())

    begin(office)
    office.wait(minutes=5)

    heard = heard_by(office.rings_at(CORA)[0])
    assert "Muster" in heard
    assert "Unsere Nummer" in heard
    assert "rückruf:" not in heard
    assert "Kettle" not in heard
    assert members(office)[CORA].reached_at is None


def test_who_is_busy_is_tried_again_and_given_up_after_the_tries_of_the_wave(office: Stage) -> None:
    """Of the three rings of a day that the law allows one is left for a promise, so the last try is on the next day."""
    office.carrier.introduce(CORA, Person(pickup=Pickup.BUSY))

    begin(office)
    office.wait(hours=2)
    on_the_first_day = len(office.rings_at(CORA))
    office.wait(days=1)

    (contact,) = [each for each in contacts(office) if each.status == "missed"]
    assert (contact.tries, contact.result, len(office.rings_at(CORA))) == (3, "busy", 3)
    assert on_the_first_day == 2
    assert status(office) == "done"


def test_a_promise_to_the_same_number_goes_first(office: Stage) -> None:
    """A customer who was promised a call is not rung for a campaign before."""
    complain_and_hang_up(office)
    office.wait(seconds=30)

    begin(office)
    office.wait(minutes=5)

    assert office.rings_at(CORA) == []
    assert office.promise().status == "open"


def test_a_pause_lets_nobody_else_be_rung_and_nobody_is_rung_twice_after_it(office: Stage) -> None:
    number = begin(office, lines=1)
    office.wait(seconds=10)
    with office.runtime.database.sessions.begin() as session:
        pause(session, session.get_one(Campaign, number))

    office.wait(minutes=10)
    before = sum(len(office.rings_at(each)) for each in OWNERS)
    with office.runtime.database.sessions.begin() as session:
        resume(session, session.get_one(Campaign, number))
    office.wait(minutes=10)

    assert before == 1
    assert [len(office.rings_at(each)) for each in OWNERS] == [1, 1, 1, 1]


def test_a_stop_silences_telephones_that_still_ring(office: Stage) -> None:
    office.carrier.introduce(CORA, Person(pickup=Pickup.IGNORE))
    number = begin(office, lines=1)
    office.wait(seconds=5)
    assert len(office.rings_at(CORA)) == 1
    with office.runtime.database.sessions.begin() as session:
        stop(session, office.runtime.vault, session.get_one(Campaign, number), now=office.clock.now())

    asked_at = office.clock.now()
    office.wait(seconds=30)

    (leg,) = [leg for leg in office.carrier.calls if leg.to == CORA]
    assert leg.status == "canceled"
    assert leg.ended_at is not None
    assert leg.ended_at - asked_at <= timedelta(seconds=2)
    office.wait(hours=5)
    assert sum(len(office.rings_at(each)) for each in OWNERS) == 1


def test_a_campaign_pauses_itself_before_its_ceiling_is_passed(office: Stage) -> None:
    begin(office, lines=1, ceiling_cents=40)
    office.wait(minutes=10)

    with office.runtime.database.reads() as session:
        campaign = session.scalars(sa.select(Campaign)).one()
        spent = sum(each.cents for each in contacts(office))
    assert (campaign.status, campaign.cause) == ("paused", "spending")
    assert 10 <= spent <= 40


def test_a_test_call_lets_somebody_of_the_office_hear_it_all_and_counts_nowhere(office: Stage) -> None:
    """Before a campaign runs: what people hear, then what a machine hears; nobody else is rung."""
    number = begin(office, starts=False)
    office.carrier.introduce(ADA, Person())
    runtime, hotline = office.runtime, next(iter(office.runtime.hotlines))
    with runtime.database.sessions.begin() as session:
        campaign, now = session.get_one(Campaign, number), office.clock.now()
        order_test_call(session, runtime.vault, campaign, hotline, ADA, runtime.board.public_url, now=now)

    office.wait(minutes=5)

    said = ["ein Probeanruf", "hier ist Muster", "Produktsicherheitsrückruf", "Anrufbeantworter", "Unsere Nummer"]
    (line,) = office.rings_at(ADA)
    assert is_in_order(said, heard_by(line))
    assert [len(office.rings_at(each)) for each in OWNERS] == [0, 0, 0, 0]
    assert (status(office), contacts(office), office.calls()) == ("draft", [], [])
