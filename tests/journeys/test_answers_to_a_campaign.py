"""What owners answer to a campaign, in its call, by text or by calling us: on record, and no wave comes after it."""

from __future__ import annotations

import re
from datetime import timedelta
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain.campaign import Medium, WavePlan
from app.domain.phone_number import PhoneNumber
from app.models.recall import RecallAnswer
from app.models.spool import Spool
from app.services.erase_person import erase_person
from app.simulator.people import Person, Pickup
from tests.journeys.cast import ADA, BEN, CORA, press_all
from tests.journeys.owners import OWNERS, begin, members, presses, status, with_owners
from tests.journeys.stage import Stage, heard_by


@pytest.fixture
def office(office: Stage) -> Stage:
    """With owners of a recalled product."""
    return with_owners(office)


def write(office: Stage, number: str, *bodies: str) -> list[str]:
    """Somebody texts, message after message; gives all that came back."""
    before = len(office.texts_to(number))
    for body in bodies:
        office.carrier.text(number, office.number, body)
    return office.texts_to(number)[before:]


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


def test_who_answers_the_text_message_is_heard_and_told_no_more(office: Stage) -> None:
    """P8, P10, law-and-standards 4.6: by figure or words; whatever else is written goes the usual way (T4)."""
    office.hire("Ada", ADA)
    chooses, never_had, asks_for_a_call, wants_no_more = OWNERS
    in_two_hours = office.clock.now() + timedelta(hours=2)
    begin(office, WavePlan(medium=Medium.TEXT, tries=1), WavePlan(medium=Medium.CALL, begins_at=in_two_hours))
    office.wait(minutes=5)
    assert "Antworten Sie: 1 auswählen" in office.texts_to(chooses)[0]

    write(office, never_had, "Mein Toaster ist gestern Abend in der Küche verbrannt")
    asked = write(office, chooses, "1")
    confirmed = write(office, chooses, "2", "#")
    sorry = write(office, never_had, "Das hatte ich nie gehabt")
    promised = write(office, asks_for_a_call, "3")
    write(office, wants_no_more, "STOPP")
    office.wait(hours=6)

    assert "2: Wenn Sie Ihr Geld zurück möchten" in asked[-1]
    assert any("Erstattung" in text for text in confirmed)
    assert "wegen dieses Rückrufs nicht mehr" in sorry[-1]
    assert any("Wir rufen Sie spätestens" in text for text in promised)
    found = [members(office)[number] for number in OWNERS]
    assert [each.answer for each in found] == ["remedied", "wrong_person", "later", "refused"]
    assert {(each.answered_by, each.answered_wave) for each in found} == {("text", 1)}
    assert sorted(case.kind for case in office.cases()) == ["complaint", "recall", "recall"]
    rings = [heard_by(line) for number in OWNERS for line in office.rings_at(number)]
    assert not any("Produktsicherheitsrückruf" in heard for heard in rings)
    assert status(office) == "done"


def test_the_text_message_names_every_figure_by_which_it_is_answered(office: Stage) -> None:
    """P10: in every language."""
    edition = office.runtime.board.present
    menu = edition.flows.nodes[edition.flows.entries["outreach_text"]]
    told = {
        language: re.findall(r"(?<![0-9+/-])([1-9])(?= \D)", office.prompt(language, "text.outreach"))
        for language in edition.words.languages
    }

    assert told == {language: list(menu.options) for language in told}
