"""Is a product recalled? By model or bar code, exact, possible or nothing found; never an all-clear (P8, P9)."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from app.services.import_recalls import import_recalls
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


def test_a_listed_product_is_told_at_once_with_danger_and_remedy(office: Stage) -> None:
    """P9: the problem, the risk and the steps, first and undiminished."""
    call = office.call(CORA).press("3").say("HANS0002").press("1")

    said = ["rückruf", "ist betroffen", "Nordi", "collapse, tip-over", "epair"]
    assert is_in_order(said, call.last_heard)
    assert office.record().matter.recall_match.certainty == "exact"
    call.press("1").hang_up()
    office.wait(seconds=30)
    assert office.case().protocol in office.texts_to(CORA)[0].replace(" ", "")


def test_what_may_be_meant_is_told_as_possible(office: Stage) -> None:
    """P8: digits only, as a keypad gives them."""
    call = press_all(office.call(CORA), "3", "16002#", "1")

    assert office.record().matter.recall_match.certainty == "possible"
    assert "Ihr Produkt kann betroffen sein" in call.last_heard
    assert not ALL_CLEAR.search(heard_by(call))


def test_what_is_not_found_is_no_all_clear_and_leads_to_a_human(office: Stage) -> None:
    """P8: never "not recalled"."""
    office.hire("Ada", ADA)
    call = press_all(office.call(CORA), "3", "999999999#", "1")

    assert office.prompt("de", "recall_none") in heard_by(call)
    assert not ALL_CLEAR.search(heard_by(call))
    assert office.record().matter.recall_match.certainty == "none"
    assert len(office.waits()) == 1


def test_with_nobody_there_what_is_not_found_leads_to_a_promise(office: Stage) -> None:
    """P8, T9."""
    call = press_all(office.call(CORA), "3", "999999999#", "1", "1")

    assert "14 Uhr" in call.last_heard
    assert office.promise().case_id == office.case().id


def test_without_any_list_nothing_is_claimed(office: Stage) -> None:
    """P8: too short to look up."""
    call = press_all(office.call(CORA), "3", "1#", "1")

    assert not ALL_CLEAR.search(heard_by(call))
    assert office.case().kind == "recall"


def test_silence_about_the_model_leads_to_a_human_too(office: Stage) -> None:
    """P8."""
    call = office.call(CORA).press("3")
    for _ in range(4):
        call.stay_silent()

    assert office.prompt("de", "recall_unread") in heard_by(call)
    assert office.case().kind == "recall"
