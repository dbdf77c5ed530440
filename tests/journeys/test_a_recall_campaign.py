"""A recall campaign reaches owners by telephone and message; answers stop it, machines are told only what is lawful."""

from __future__ import annotations

import io
from dataclasses import replace
from datetime import date, timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain.campaign import CampaignPlan, Medium, Origin, WavePlan
from app.domain.phone_number import PhoneNumber
from app.domain.recall import Recall
from app.domain.recall_identifiers import Identifier, IdentifierKind
from app.models.campaign import Campaign, CampaignContact, CampaignMember
from app.models.recall import RecallAnswer, RecallIdentifier, RecallRow
from app.models.spool import Spool
from app.services.draw_up_campaign import draw_up_campaign
from app.services.erase_person import erase_person
from app.services.import_owners import import_owners
from app.services.lead_campaign import pause, resume, start, stop
from app.simulator.people import HangUp, Person, Pickup, Press, machine
from tests.journeys.cast import ADA, BEN, CEM, CORA, complain_and_hang_up, press_all
from tests.journeys.stage import Stage, heard_by, is_in_order

OWNERS = (CORA, CEM, "+4915112345680", "+4915112345681")


def presses(*keys: str, stays: bool = False) -> Person:
    """Somebody who presses these keys, one at each question, and then hangs up or stays on the line."""
    left = list(keys)

    class Presser(Person):
        def reply(self, leg: object) -> Press | HangUp | None:
            return Press(left.pop(0)) if left else None if stays else HangUp()

    return Presser()


@pytest.fixture
def office(office: Stage) -> Stage:
    """The office with one recall on its list, and four owners of the product, who say that they understood."""
    for number in OWNERS:
        office.carrier.introduce(number, presses("2"))
    with office.runtime.database.sessions.begin() as session:
        recall = Recall(
            source="csv",
            number="R-1",
            published_on=date(2026, 3, 1),
            title="Kettle K100",
            hazards=("Fire",),
            remedies=("Refund", "Replace"),
            identifiers=(Identifier(kind=IdentifierKind.MODEL, written="K100", normal="K100"),),
        )
        session.add(
            RecallRow(
                source=recall.source,
                number=recall.number,
                published_on=recall.published_on,
                title=recall.title,
                hazards=list(recall.hazards),
                remedies=list(recall.remedies),
                document=recall.model_dump(mode="json"),
                changed_at=office.clock.now(),
                identifiers=[
                    RecallIdentifier(
                        kind="model", written="K100", normal="K100", digits="100", is_listed=True, is_doubtful=False
                    )
                ],
            )
        )
        register = "phone;model\n" + "".join(f"{phone};K100\n" for phone in (*OWNERS, CORA))
        import_owners(
            session,
            office.runtime.vault,
            io.BytesIO(register.encode()),
            name="register",
            country="DE",
            now=office.clock.now(),
        )
    return office


def begin(office: Stage, *waves: WavePlan, lines: int = 10, ceiling_cents: int | None = None) -> int:
    """Draw a campaign up and start it; gives its number."""
    plan = CampaignPlan(
        name="K100",
        audience=(Origin.OWNER,),
        waves=waves or (WavePlan(medium=Medium.CALL),),
        lines=lines,
        per_second=5,
        ceiling_cents=ceiling_cents,
    )
    with office.runtime.database.sessions.begin() as session:
        recall = session.scalars(sa.select(RecallRow)).one()
        hotline = next(iter(office.runtime.hotlines))
        campaign = draw_up_campaign(session, office.runtime.vault, hotline, recall, plan, None, now=office.clock.now())
        start(session, campaign, above=100, now=office.clock.now())
        return campaign.id


def members(office: Stage) -> dict[str, CampaignMember]:
    """Everybody whom campaigns concern, by number."""
    with office.runtime.database.reads() as session:
        rows = session.scalars(sa.select(CampaignMember)).all()
        return {str(office.runtime.vault.open(row.phone, f"campaign_members:phone:{row.key}")): row for row in rows}


def contacts(office: Stage) -> list[CampaignContact]:
    """Every contact, in order."""
    with office.runtime.database.reads() as session:
        return list(session.scalars(sa.select(CampaignContact).order_by(CampaignContact.id)))


def status(office: Stage) -> str:
    """Where the only campaign stands."""
    with office.runtime.database.reads() as session:
        return session.scalars(sa.select(Campaign.status)).one()


def test_each_owner_is_rung_once_and_told_of_the_danger_before_anything_is_asked(office: Stage) -> None:
    """P8, P9, P10; Regulation (EU) 2023/988 art. 35, 36: two rows of a register with one number are one person."""
    begin(office)
    office.wait(minutes=5)

    assert [len(office.rings_at(number)) for number in OWNERS] == [1, 1, 1, 1]
    said = ["hier ist Muster", "Produktsicherheitsrückruf", "nicht mehr", "Fire", "Kettle K100", "Wie möchten Sie"]
    assert is_in_order(said, heard_by(office.rings_at(CORA)[0]))
    assert {member.answer for member in members(office).values()} == {"acknowledged"}
    assert status(office) == "done"


def test_the_remedy_is_chosen_by_key_and_put_on_record(office: Stage) -> None:
    """P4, P8."""
    office.carrier.introduce(CORA, presses("1", "2", "#"))

    begin(office)
    office.wait(minutes=5)

    with office.runtime.database.reads() as session:
        index = office.runtime.vault.index(CORA)
        (answer,) = session.scalars(sa.select(RecallAnswer).where(RecallAnswer.phone_index == index))
    assert (answer.remedy, answer.handover) == ("refund", "home")
    assert members(office)[CORA].answer == "remedied"
    assert any("Erstattung" in text for text in office.texts_to(CORA))


def test_an_answer_that_stops_keeps_all_further_waves_away(office: Stage) -> None:
    """law-and-standards 4.6: disposed, refused, wrong person and remedied end it; silence does not."""
    for number, key in zip(OWNERS[:3], ("2", "3", "5"), strict=True):
        office.carrier.introduce(number, presses("5", key))
    office.carrier.introduce(OWNERS[3], Person(hangs_up_at_turn=1))

    begin(office, WavePlan(medium=Medium.CALL), WavePlan(medium=Medium.TEXT))
    office.wait(minutes=10)

    found = [members(office)[number].answer for number in OWNERS]
    assert found == ["wrong_person", "disposed", "refused", None]
    assert [len(office.texts_to(number)) for number in OWNERS] == [0, 0, 0, 1]
    assert "Produktsicherheitsrückruf" in office.texts_to(OWNERS[3])[0]


def test_who_calls_us_and_chooses_is_not_called_any_more(office: Stage) -> None:
    """law-and-standards 4.6: an answer counts wherever it was given."""
    office.carrier.introduce(CORA, Person(pickup=Pickup.BUSY))
    begin(office)
    office.wait(minutes=2)

    call = office.call(CORA)
    press_all(call, "3", "2", "#")
    call.hang_up()
    office.wait(hours=1)

    member = members(office)[CORA]
    assert (member.answer, member.answered_by) == ("remedied", "inbound")
    assert len(office.rings_at(CORA)) == 1
    assert status(office) == "done"


def test_who_is_erased_is_called_no_more_and_leaves_only_a_number(office: Stage, tmp_path: Path) -> None:
    """GDPR art. 17."""
    office.carrier.introduce(CORA, Person(pickup=Pickup.BUSY))
    begin(office)
    office.wait(minutes=2)

    runtime = office.runtime
    erase_person(
        runtime.database,
        runtime.vault,
        office.office.phone,
        Spool(tmp_path, runtime.vault),
        runtime.board.hotline_named,
        PhoneNumber(CORA),
        "asked for",
        now=office.clock.now(),
    )
    office.wait(hours=2)

    assert CORA not in members(office)
    assert len(office.rings_at(CORA)) == 1
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


def test_who_wants_to_be_called_later_is_promised_a_call(office: Stage) -> None:
    """T9: it is a promise like any other, with a deadline that is spoken."""
    office.hire("Ada", ADA)
    office.carrier.introduce(CORA, presses("5", "1"))

    begin(office)
    office.wait(minutes=3)

    promise = office.promise()
    assert members(office)[CORA].answer == "later"
    assert promise.due_at > office.clock.now()
    assert "Wir rufen Sie spätestens" in heard_by(office.rings_at(CORA)[0])


def test_who_wants_a_human_meets_one_of_the_people_for_recalls(office: Stage) -> None:
    """P11, S1: in the queue of its own, past who has been free longer; the case is there when they pick up."""
    office.hire("Ada", ADA)
    office.hire("Ben", BEN, skills=("recall",))
    office.carrier.introduce(CORA, presses("4", "1", stays=True))

    begin(office)
    office.wait(minutes=5)

    (wait,) = office.waits()
    assert members(office)[CORA].answer == "human"
    assert (wait.status, wait.own_queue, wait.queue) == ("bridged", "recall", "haushalt-de-recall")
    assert [len(office.rings_at(number)) for number in (ADA, BEN)] == [0, 1]
    assert office.prompt("de", "wait.recall") in heard_by(office.rings_at(CORA)[0])
    assert "Produktrückruf" in heard_by(office.rings_at(BEN)[0])
    assert office.case().kind == "recall"


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
