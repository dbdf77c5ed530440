"""A customer wants the promised call at another time, or now, or not at all, and hears of each change (T9, T15)."""

from __future__ import annotations

import pytest

from app.cli.virtual_office import utc
from app.models.call import Caller
from app.simulator.people import machine
from tests.journeys.cast import (
    ADA,
    CEM,
    CORA,
    ELLA,
    SAC,
    WITHHELD,
    call_in_a_hurry,
    complain,
    complain_and_hang_up,
    press_all,
)
from tests.journeys.stage import Stage, absent, heard_by, is_in_order

FIVE, SIX = utc("2026-03-03 16:00"), utc("2026-03-03 17:00")  # in Berlin one hour later
TOMORROW_AFTER_FIVE = ("3", "2", "3")


def test_after_the_deadline_the_caller_may_ask_for_tomorrow_after_five(office: Stage) -> None:
    """By keys; the first deadline was offered, so nobody has to."""
    call = press_all(complain(office), *TOMORROW_AFTER_FIVE)

    old, new = office.promises()
    assert "frühestens morgen um 17 Uhr an und spätestens morgen um 18 Uhr" in call.last_heard
    assert (old.status, old.successor_id, old.cause) == ("moved", new.id, "the customer chose another time")
    assert (new.status, new.not_before_at, new.due_at) == ("open", FIVE, SIX)
    assert new.plan is not None
    assert new.verdicts["wish"] == {
        "day": "tomorrow",
        "part": "evening",
        "zone": "Europe/Berlin",
        "granted": True,
    }
    assert "frühestens morgen um 17 Uhr" in office.spoken(new)


def test_the_same_in_one_sentence_and_the_call_comes_then(office: Stage) -> None:
    """By speech alone; before the time nobody rings, then somebody does."""
    office.hire("Ada", ADA)
    call = complain(office).say("Anruf verschieben").say("Morgen nach fünf, bitte.")
    assert "frühestens morgen um 17 Uhr" in call.last_heard
    call.hang_up()

    office.wait_until(FIVE)
    assert office.rings_at(CORA) == []
    office.wait(minutes=5)

    assert [promise.status for promise in office.promises()] == ["moved", "kept"]
    assert len(office.rings_at(CORA)) == 1


def test_each_change_is_confirmed_by_text_once(office: Stage) -> None:
    """Made, moved, withdrawn; in the customer's language."""
    call = press_all(complain(office), *TOMORROW_AFTER_FIVE)
    call.hang_up()
    press_all(office.call(CORA), "4", "2", "1").hang_up()
    office.wait(minutes=5)

    made, moved, withdrawn = office.texts_to(CORA)
    assert "spätestens Montag, 2. März, 14:15 Uhr" in made
    assert "verschoben" in moved
    assert "frühestens Dienstag, 3. März, 17:00 Uhr, spätestens Dienstag, 3. März, 18:00 Uhr" in moved
    assert "nicht mehr an" in withdrawn
    assert [promise.status for promise in office.promises()] == ["moved", "withdrawn"]


def test_from_any_telephone_with_the_protocol_number_on_another_day(office: Stage) -> None:
    """The days offered are those on which we can call; each has its key and its name."""
    complain_and_hang_up(office)
    call = press_all(office.call(WITHHELD), "4", f"{office.case().protocol}#", "3", "3")
    assert is_in_order(["Mittwoch, den 4. März", "die 1", "Donnerstag, den 5. März", "die 2"], call.last_heard)
    press_all(call, "2", "1")

    assert "Donnerstag, den 5. März, um 8 Uhr" in call.last_heard
    assert office.promises()[-1].due_at == utc("2026-03-05 11:00")


def test_what_cannot_be_had_is_answered_with_the_nearest_time_and_said_as_such(office: Stage) -> None:
    """Saturday closes at one; its morning is nearest to its evening."""
    call = complain(office).press("3").say("Samstag abends")

    assert is_in_order([office.prompt("de", "moved_nearest"), "Samstag, den 7. März, um 13 Uhr"], call.last_heard)
    moved = office.promises()[-1]
    assert moved.due_at == utc("2026-03-07 12:00")
    assert moved.verdicts["wish"]["granted"] is False


def test_as_soon_as_possible_keeps_what_cannot_be_sooner(office: Stage) -> None:
    """Nothing is moved for nothing."""
    call = press_all(complain(office), "3", "4")

    assert is_in_order([office.prompt("de", "moved_not"), "heute um 14 Uhr 15"], call.last_heard)
    assert office.promise().status == "open"


def test_who_moved_it_away_may_have_it_sooner_again(office: Stage) -> None:
    """As soon as possible, later on."""
    press_all(complain(office), *TOMORROW_AFTER_FIVE).hang_up()
    press_all(office.call(CORA), "4", "3", "4").hang_up()

    assert [promise.status for promise in office.promises()] == ["moved", "moved", "open"]
    assert office.promises()[-1].due_at < utc("2026-03-02 14:00")


def test_who_says_nothing_keeps_the_promise(office: Stage) -> None:
    """Silence moves nothing."""
    call = complain(office).press("3").stay_silent().stay_silent()

    assert office.prompt("de", "not_moved") in call.last_heard
    assert office.promise().status == "open"


def test_no_wish_leads_past_the_legal_limit(office: Stage) -> None:
    """Decreto 11.034/2022 art. 13: seven days; the days that can be chosen end with them."""
    call = office.call("+5511987654321", SAC)
    press_all(call, "1", "1", "#", "1", "#", "2", "1", "1", "1", "3", "3")
    press_all(call, "5", "4")

    moved = office.promises()[-1]
    assert moved.legal_due_at is not None
    assert moved.due_at <= moved.legal_due_at


def test_a_wish_is_meant_on_the_customers_own_clock_and_said_so(office: Stage) -> None:
    """A British number: the afternoon is London's, up to five there and six in Berlin, and the city is named."""
    call = complain(office, ELLA)
    press_all(call, "3", "2", "2")

    moved = office.promises()[-1]
    assert (moved.not_before_at, moved.due_at) == (utc("2026-03-03 12:00"), utc("2026-03-03 17:00"))
    assert "London" in call.last_heard
    office.wait(minutes=1)
    assert "London" in office.texts_to(ELLA)[-1]


def test_who_is_served_at_once_is_not_called_any_more(office: Stage) -> None:
    """Discharged with its cause, and a text says so; the case is at hand for the agent."""
    complain_and_hang_up(office)
    office.carrier.manned.add(ADA)
    office.hire("Ada", ADA)
    call = press_all(office.call(CORA), "4", "4")
    office.wait(seconds=5)
    (agent,) = office.carrier.ringing(ADA)
    agent.answer()
    assert "Beschwerde" in heard_by(agent)
    agent.press("1")
    office.wait(seconds=10)

    assert call.waiting_for == "talk"
    promise = office.promise()
    assert (promise.status, promise.cause, promise.attempts_made) == ("discharged", "called us", 0)
    assert is_in_order(["talked", "owned", "discharged"], " ".join(office.history()))
    call.hang_up()
    office.wait(hours=6)
    assert office.rings_at(CORA) == []
    assert sum("entfällt" in text for text in office.texts_to(CORA)) == 1


def test_who_waits_at_another_telephone_is_not_rung_at_their_own(office: Stage) -> None:
    """With the protocol number, from anywhere: the promise is held while they wait, and stands when they give up."""
    complain_and_hang_up(office)
    office.hire("Ben", ADA, person=absent())
    call = press_all(office.call(WITHHELD), "4", f"{office.case().protocol}#", "4")
    office.wait(minutes=4)
    assert [wait.ended_at for wait in office.waits()] == [None]
    assert office.promise().claimed_by is not None
    assert office.rings_at(CORA) == []
    assert all(attempt.promise_id is None for attempt in office.attempts())

    call.hang_up()
    office.wait(minutes=6)

    assert office.promise().status == "open"
    assert any(attempt.promise_id is not None for attempt in office.attempts())


def test_the_agent_who_was_about_to_ring_them_takes_them_out_of_the_queue(office: Stage) -> None:
    """While the agent's own telephone rings for the promise, the customer calls from somewhere else."""
    office.carrier.manned.add(ADA)
    office.hire("Ada", ADA)
    complain_and_hang_up(office)
    office.wait(seconds=25)
    (agent,) = office.carrier.ringing(ADA)

    call = call_in_a_hurry(office, WITHHELD, "4", f"{office.case().protocol}#", "4")
    agent.answer().press("1")
    office.wait(seconds=10)

    assert call.waiting_for == "talk"
    assert (office.promise().status, office.promise().attempts_made) == ("discharged", 0)
    assert office.rings_at(CORA) == []


def test_whoever_waited_longer_is_taken_first(office: Stage) -> None:
    """The agent was to ring Cora, who waits behind Cem: Cem is served, and Cora's promise stands."""
    office.carrier.manned.add(ADA)
    office.hire("Ada", ADA)
    complain_and_hang_up(office)
    office.wait(seconds=25)
    (agent,) = office.carrier.ringing(ADA)

    longer = call_in_a_hurry(office, CEM, "0")
    call_in_a_hurry(office, WITHHELD, "4", f"{office.case().protocol}#", "4")
    agent.answer().press("1")
    office.wait(seconds=10)

    assert longer.waiting_for == "talk"
    assert (office.promise().status, office.promise().claimed_by is None) == ("open", False)
    (attempt,) = office.attempts()
    assert (attempt.promise_id, attempt.wait_key) == (None, office.waits()[0].call_key)
    assert office.rings_at(CORA) == []


@pytest.mark.parametrize(
    ("language", "key", "kind"), [("de", "", "Beschwerde"), ("en", "6", "omplaint"), ("pt-BR", "7", "eclama")]
)
def test_a_voicemail_says_company_case_number_and_our_number_and_nothing_else(
    office: Stage, language: str, key: str, kind: str
) -> None:
    """In the customer's language; whoever hears the machine learns nothing of the matter."""
    office.hire("Ada", ADA)
    office.carrier.introduce(CORA, machine())
    call = office.call(CORA)
    press_all(call, *key, "1", "2", "1").say("Wasserkocher")
    press_all(call, "1", "#", "2", "1", "1", "1").hang_up()
    office.wait(minutes=4)

    left = heard_by(office.rings_at(CORA)[0])
    words = [
        office.prompt(language, "customer.callback", company=_COMPANY, protocol=office.case().protocol),
        office.prompt(language, "customer.voicemail", company=_COMPANY, protocol=office.case().protocol),
        office.prompt(language, "customer.voicemail_number", phone=office.number),
    ]
    assert is_in_order(words, left)
    for part in words:
        left = left.replace(part, "")
    assert left.strip() == ""
    assert all(kind not in part and "Wasserkocher" not in part for part in words)


_COMPANY = "Muster Haushaltsgeräte GmbH"


def test_who_asked_not_to_be_called_is_promised_nothing_and_hears_a_way_on(office: Stage) -> None:
    """No promise, no call; the case number, its day, and a human at any key."""
    with office.runtime.database.sessions.begin() as session:
        index = office.runtime.vault.index(CORA)
        session.add(Caller(number_index=index, language="de", seen_at=office.clock.now(), do_not_call=True))
    call = complain(office)

    assert is_in_order(["nicht zusagen", "spätestens Montag, den 9. März", "Ihre Vorgangsnummer"], call.last_heard)
    assert office.promises() == []
    call.hang_up()
    office.wait(minutes=5)
    assert office.promises() == []
