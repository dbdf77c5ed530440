"""Is a product recalled? By model or bar code, exact, possible or nothing found; never an all-clear (P8, P9)."""

from __future__ import annotations

import io
import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from app.domain.phone_number import PhoneNumber
from app.domain.recall_draft import Draft, recall_from
from app.models.recall import OwnedIdentifier, OwnedProduct, RecallAnswer
from app.models.spool import Spool
from app.services.erase_person import erase_person
from app.services.import_owners import import_owners
from app.services.import_recalls import add_recall, import_recalls
from tests.journeys.cast import ADA, CORA, press_all
from tests.journeys.stage import Stage, heard_by, is_in_order

DATA = Path(__file__).parents[1] / "data"
ALL_CLEAR = re.compile(r"nicht zurückgerufen|kein Rückruf|ist sicher\.|nicht betroffen", re.IGNORECASE)


@pytest.fixture
def office(office: Stage) -> Stage:
    """The office with real recalls of the CPSC on its list."""
    with office.runtime.database.sessions.begin() as session:
        for name in ("cpsc_recalls_rest.json", "usa_gov_recalls.json"):
            with (DATA / name).open("rb") as file:
                import_recalls(session, file, name=name, now=office.clock.now())
    return office


def test_a_listed_product_is_told_at_once_with_danger_and_the_remedy_is_chosen_by_key(office: Stage) -> None:
    """P4, P9: the risk and the steps, first and undiminished; then what the customer wants, on record and by text."""
    call = office.call(CORA).press("3").press("1").say("HANS0002").press("1")

    said = ["rückruf", "ist betroffen", "nicht mehr", "collapse, tip-over", "Nordi", "Reparatur drücken Sie die 1"]
    assert is_in_order(said, call.last_heard)
    assert office.record().matter.recall_match.certainty == "exact"
    call.press("1").say("Hauptstraße 5, 10115 Berlin")
    assert "diese Anschrift verstanden: Hauptstraße 5, 1, 0, 1; 1, 5 Berlin" in call.last_heard
    call.press("1")
    assert "Ihre Wahl ist vermerkt: Reparatur" in call.last_heard
    call.press("2")
    office.wait(seconds=30)
    texts = office.texts_to(CORA)
    assert office.case().protocol in texts[0].replace(" ", "")
    assert "Ihre Wahl: Reparatur. Anschrift: Hauptstraße 5, 10115 Berlin" in texts[1]
    [answer] = answers(office)
    assert (answer.certainty, answer.remedy, answer.handover) == ("exact", "repair", "home")
    assert answer.acknowledged_at == answer.chosen_at
    assert answer.case_id == office.case().id


@pytest.mark.parametrize(
    ("typed", "certainty"),
    [
        ("035051120339#", "exact"),
        ("03505112033#", "possible"),
        ("35051120339#", "exact"),
        ("035051120333#", "possible"),
    ],
    ids=["whole", "a digit missing", "the leading zero missing", "a wrong digit"],
)
def test_a_real_bar_code_gets_the_right_answer_however_it_is_keyed(office: Stage, typed: str, certainty: str) -> None:
    """P8; recall 24281 of the CPSC."""
    press_all(office.call(CORA), "3", "1", typed, "1")

    found = office.record().matter.recall_match
    assert (found.certainty, found.recall_number) == (certainty, "24281")


def test_a_bar_code_said_with_blanks_gets_the_right_answer(office: Stage) -> None:
    """P8."""
    call = office.call(CORA).press("3").press("1").say("0 35051 12033 9").press("1")

    assert "ist betroffen" in call.last_heard


def test_the_owner_of_a_recalled_product_is_told_on_any_call_before_the_queue_once_and_that_is_on_record(
    office: Stage,
) -> None:
    """P8: the notice at the beginning, the question whether it is understood before the queue; never again after."""
    owns(office, CORA, "HANS0002")
    office.hire("Ada", ADA)

    call = office.call(CORA)
    assert is_in_order(["Willkommen", "Produktsicherheitsrückruf", "ab sofort nicht mehr", "Nordi"], call.last_heard)
    call.press("0")
    assert "Haben Sie das verstanden" in call.last_heard
    assert office.waits() == []
    call.press("1")
    assert len(office.waits()) == 1
    call.hang_up()
    [answer] = answers(office)
    assert answer.acknowledged_at is not None

    again = office.call(CORA)
    assert "rückruf:" not in again.last_heard
    again.press("0")
    assert len(office.waits()) == 2


def test_an_owner_who_does_not_answer_the_notice_is_put_through_all_the_same_and_told_the_next_time(
    office: Stage,
) -> None:
    """P8; nobody is kept from a human."""
    owns(office, CORA, "HANS0002")
    office.hire("Ada", ADA)

    office.call(CORA).press("0").stay_silent().hang_up()

    assert len(office.waits()) == 1
    assert answers(office)[0].acknowledged_at is None
    assert "Produktsicherheitsrückruf" in office.call(CORA).last_heard


def test_an_owner_whose_call_ends_without_a_queue_is_asked_at_its_end(office: Stage) -> None:
    """P8: on any call."""
    owns(office, CORA, "HANS0002")

    call = press_all(office.call(CORA), "2", "#", "1")
    assert "Haben Sie das verstanden" in call.last_heard
    call.press("1")

    assert answers(office)[0].acknowledged_at is not None
    assert "Auf Wiederhören" in call.last_heard


def test_who_is_erased_is_forgotten_as_an_owner_and_so_is_their_address(office: Stage) -> None:
    """What a person owns goes with them; that somebody chose a repair stays as a number."""
    owns(office, CORA, "HANS0002")
    press_all(office.call(CORA), "3", "1").say("Hauptstraße 5").hang_up()
    office.wait(seconds=30)
    rt = office.runtime
    spool = Spool(rt.settings.var_dir / "spool", rt.vault)

    erase_person(
        rt.database,
        rt.vault,
        office.office.phone,
        spool,
        rt.board.hotline_named,
        PhoneNumber(CORA),
        "request",
        now=office.clock.now(),
    )

    [answer] = answers(office)
    assert (answer.remedy, answer.address, answer.phone_index) == ("repair", None, None)
    with rt.database.reads() as session:
        assert session.scalars(sa.select(OwnedProduct.id)).all() == []
        assert session.scalars(sa.select(OwnedIdentifier.id)).all() == []


def test_what_a_caller_looked_up_is_remembered_and_a_recall_published_later_finds_them(office: Stage) -> None:
    """P8: the notice comes before the queue on the next call; looking up again adds nothing."""
    for _ in range(2):
        press_all(office.call(CORA), "3", "1").say("ZX 4711").press("1").hang_up()
        office.wait(seconds=30)
    with office.runtime.database.sessions.begin() as session:
        (source,) = session.scalars(sa.select(OwnedProduct.source)).all()
        draft = Draft(title="Toaster ZX", product="ZX", hazard="fire", models="ZX-4711")
        add_recall(session, recall_from(draft, "H1", office.clock.now().date()), office.clock.now())
    assert source == "hotline"

    assert is_in_order(["rückruf", "fire"], office.call(CORA).last_heard)


def test_the_latest_recalls_can_be_listened_to(office: Stage) -> None:
    """P8."""
    call = press_all(office.call(CORA), "3", "2")
    assert is_in_order(["Nordi", "die 1", "Predator", "die 2"], call.last_heard)

    call.press("2")
    assert is_in_order(["kann betroffen sein", "shock hazard", "Predator"], call.last_heard)


def owns(office: Stage, number: str, model: str) -> None:
    """The register of buyers says that this number owns this model."""
    with office.runtime.database.sessions.begin() as session:
        rows = io.BytesIO(f"phone,model\n{number},{model}\n".encode())
        import_owners(session, office.runtime.vault, rows, name="register", country="DE", now=office.clock.now())


def answers(office: Stage) -> list[RecallAnswer]:
    """What customers were told of recalls, and answered."""
    with office.runtime.database.reads() as session:
        return list(session.scalars(sa.select(RecallAnswer).order_by(RecallAnswer.id)))


def test_what_may_be_meant_is_told_as_possible(office: Stage) -> None:
    """P8: digits only, as a keypad gives them."""
    call = press_all(office.call(CORA), "3", "1", "16002#", "1")

    assert office.record().matter.recall_match.certainty == "possible"
    assert "Ihr Produkt kann betroffen sein" in call.last_heard
    assert not ALL_CLEAR.search(heard_by(call))


def test_what_is_not_found_is_no_all_clear_and_leads_to_a_human(office: Stage) -> None:
    """P8: never "not recalled"."""
    office.hire("Ada", ADA)
    call = press_all(office.call(CORA), "3", "1", "999999999#", "1")

    assert office.prompt("de", "recall_none") in heard_by(call)
    assert not ALL_CLEAR.search(heard_by(call))
    assert office.record().matter.recall_match.certainty == "none"
    assert len(office.waits()) == 1


def test_with_nobody_there_what_is_not_found_leads_to_a_promise(office: Stage) -> None:
    """P8, T9."""
    call = press_all(office.call(CORA), "3", "1", "999999999#", "1", "1")

    assert "14 Uhr" in call.last_heard
    assert office.promise().case_id == office.case().id


def test_without_any_list_nothing_is_claimed(office: Stage) -> None:
    """P8: too short to look up."""
    call = press_all(office.call(CORA), "3", "1", "1#", "1")

    assert not ALL_CLEAR.search(heard_by(call))
    assert office.case().kind == "recall"


def test_silence_about_the_model_leads_to_a_human_too(office: Stage) -> None:
    """P8."""
    call = office.call(CORA).press("3").press("1")
    for _ in range(4):
        call.stay_silent()

    assert office.prompt("de", "recall_unread") in heard_by(call)
    assert office.case().kind == "recall"
