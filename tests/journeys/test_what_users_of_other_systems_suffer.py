"""What users of other callback systems complain of, one story each; the numbers are those of lessons.md, section 3."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest

from app.cli.virtual_office import utc
from app.compliance.calling_hours import may_call_at
from app.compliance.whereabouts import read_whereabouts
from app.models.staff import Staff
from app.services.claim_promise import claim_promise
from app.settings import Settings
from app.simulator.faults import Faults
from app.simulator.people import Person, Pickup, machine
from tests.journeys.cast import ADA, BEN, BIA, CEM, CORA, SAC, complain, complain_and_hang_up, press_all
from tests.journeys.stage import Stage, absent, engaged, heard_by, is_in_order, unwilling


def test_complaint_1_callbacks_do_not_overtake_people_who_waited(office: Stage) -> None:
    """twilio-labs/plugin-queued-callbacks-and-voicemail#9, flex-project-template#441, FreePBX/issue-tracker#621."""
    for number in range(3):
        complain_and_hang_up(office, f"+4915112345{number:03d}")
    office.wait(minutes=1)
    office.hire("Ada", ADA)
    caller = office.call(CEM).press("0")
    office.wait(minutes=12)

    served = [attempt for attempt in office.attempts() if attempt.bridged_at is not None]
    assert served[0].wait_key is not None
    assert len(served) == 4
    assert caller.over
    assert {promise.status for promise in office.promises()} == {"kept"}


def test_complaint_2_the_same_person_is_not_dialled_several_times_at_once(office: Stage) -> None:
    """FreePBX/issue-tracker#525: while the first dial still rang, two or three more went out to the same number."""
    for name, phone in (("Ada", ADA), ("Ben", BEN)):
        office.hire(name, phone)
    office.carrier.introduce(CORA, absent())
    complain_and_hang_up(office)
    office.call(CORA).press("1").hang_up()  # a second matter of the same person, with a promise of its own
    office.wait(hours=30)  # the law grants three rings a day to a number, whatever for

    rings = sorted((a.dialled_at, a.ended_at) for a in office.attempts() if a.dialled_at and a.ended_at)
    assert len(office.promises()) == 2
    assert len(rings) == len(office.rings_at(CORA)) > 3
    assert all(ended <= begun for (_, ended), (begun, _) in pairwise(rings))


def test_complaint_3_no_more_callbacks_are_released_than_agents_are_free(office: Stage) -> None:
    """FreePBX/issue-tracker#621: more were released than there were agents."""
    office.carrier.manned.add(ADA)
    office.hire("Ada", ADA)
    for number in range(5):
        complain_and_hang_up(office, f"+4915112345{number:03d}")
    office.wait(seconds=25)
    (agent,) = office.carrier.ringing(ADA)
    agent.answer().press("1")
    office.wait(seconds=15)

    under_way = [attempt for attempt in office.attempts() if attempt.ended_at is None]
    assert len(under_way) == 1
    assert len([leg for leg in office.carrier.calls if leg.direction != "inbound" and not leg.over]) == 2


def test_complaint_4_who_got_through_is_not_called_back(office: Stage) -> None:
    """Genesys FAQ "If a customer calls back before the agent does…"; AWS blog "Manage cancelled callback"."""
    complain_and_hang_up(office)
    office.hire("Ada", ADA)
    office.call(CORA).press("0")
    office.wait(hours=8)
    assert office.waits()[0].answered_at is not None

    promise = office.promise()
    assert (promise.status, promise.cause, promise.attempts_made) == ("discharged", "called us", 0)
    assert office.rings_at(CORA) == []


def test_complaint_5_a_second_request_is_the_same_promise(office: Stage) -> None:
    """AWS blog "Manage cancelled callback": no duplicate check."""
    first = press_all(office.call(CORA), "0", "1")
    first.press("0").press("1")
    first.hang_up()
    again = press_all(office.call(CORA), "0", "1")

    assert is_in_order(["heute um 14 Uhr", "Ihre Vorgangsnummer ist"], again.last_heard)
    again.hang_up()
    assert len(office.promises()) == len(office.cases()) == 1


def test_complaint_5_the_caller_can_cancel(office: Stage) -> None:
    """AWS blog "Manage cancelled callback": no cancel by the caller."""
    complain_and_hang_up(office)
    call = press_all(office.call(CORA), "4", "2", "1")
    assert office.prompt("de", "withdrawn") in call.last_heard
    call.hang_up()
    office.hire("Ada", ADA)
    office.wait(hours=6)

    assert office.promise().status == "withdrawn"
    assert office.rings_at(CORA) == []
    assert sum("nicht mehr an" in text for text in office.texts_to(CORA)) == 1


def test_complaint_6_a_callback_does_not_die_because_its_owner_is_not_there(office: Stage) -> None:
    """Genesys help 167137: on expiry it is removed from the queue. Here somebody else keeps it, in time."""
    complain_and_hang_up(office)
    ada = office.hire("Ada", ADA, available=False)
    with office.runtime.database.sessions.begin() as session:
        claim_promise(
            session, office.runtime.vault, office.promises()[0].id, session.get_one(Staff, ada), now=office.clock.now()
        )
    ben = office.hire("Ben", BEN)
    office.wait_until(utc("2026-03-02 12:15"))  # a quarter of an hour before it would be too late
    office.wait(minutes=30)

    assert office.promise().status == "kept"
    assert office.attempts()[-1].staff_id == ben


def test_complaint_6_a_callback_does_not_vanish(office: Stage) -> None:
    """CrisisCleanup/crisiscleanup-3-web#751 "Callback Disappears": it ends once, and is told."""
    complain_and_hang_up(office)
    office.wait(days=3)

    promise = office.promise()
    assert (promise.status, promise.cause) == ("broken", "no_agent")
    assert sum("unser Versprechen nicht gehalten" in text for text in office.texts_to(CORA)) == 1
    assert office.case().closed_at is None


def test_complaint_11_the_customer_chooses_the_time(office: Stage) -> None:
    """AWS blog "Caller Scheduled Callback"; Genesys: only agents may set a time."""
    office.hire("Ada", ADA)
    press_all(complain(office), "3", "2", "3").hang_up()
    office.wait_until(utc("2026-03-03 17:00"))

    (attempt,) = office.attempts()
    assert attempt.dialled_at is not None
    assert utc("2026-03-03 16:00") <= attempt.dialled_at < utc("2026-03-03 17:00")
    assert [promise.status for promise in office.promises()] == ["moved", "kept"]


def test_complaint_12_nobody_is_called_in_quiet_hours(office: Stage) -> None:
    """rapidpro#977, #1570, nyaruka/rapidpro#5492: no call windows."""
    office.hire("Ada", ADA)
    office.wait_until(utc("2026-03-07 11:40"))  # Saturday, twenty minutes before closing; on Sunday nobody calls
    office.carrier.introduce(CORA, absent())
    complain_and_hang_up(office)
    office.wait(days=3)

    rung = [attempt.dialled_at for attempt in office.attempts() if attempt.dialled_at]
    where = read_whereabouts(office.promise().whereabouts or "")
    assert len(rung) == 3
    assert all(may_call_at(where, at).allowed for at in rung)
    assert {at.astimezone(ZoneInfo("Europe/Berlin")).strftime("%A") for at in rung} <= {"Saturday", "Monday"}


@pytest.mark.parametrize(
    ("person", "minutes"),
    [(engaged, 5), (absent, 20), (machine, 45), (lambda: Person(pickup=Pickup.UNREACHABLE), 10)],
    ids=["busy", "no answer", "a machine", "a technical error"],
)
def test_complaint_13_each_cause_has_its_own_pause(office: Stage, person: Callable[[], Person], minutes: int) -> None:
    """rapidpro#599, #386, #859, nyaruka/rapidpro PR #3437: no answer is retried like a technical error."""
    office.hire("Ada", ADA)
    office.carrier.introduce(CORA, person())
    complain_and_hang_up(office)
    office.wait(minutes=4)

    (attempt,) = office.attempts()
    assert attempt.ended_at is not None
    assert office.promise().next_attempt_at - attempt.ended_at >= timedelta(minutes=minutes - 1)
    assert office.promise().next_attempt_at - attempt.ended_at <= timedelta(minutes=minutes + 1)


def test_complaint_14_attempts_are_counted_by_rings_at_the_customers(office: Stage) -> None:
    """instedd/surveda#1619: all attempts can be used up without one ring."""
    office.hire("Ada", ADA, person=unwilling())
    complain_and_hang_up(office)
    office.wait(minutes=30)
    assert len(office.attempts()) >= 3
    assert office.rings_at(CORA) == []
    assert (office.promise().status, office.promise().attempts_made) == ("open", 0)

    office.hire("Ben", BEN)
    office.wait(minutes=10)

    assert (office.promise().status, office.promise().attempts_made) == ("kept", 1)


def test_complaint_15_late_reports_stop_no_retries(settings: Settings) -> None:
    """mailroom PR #482, #481, surveda#636: a late status, or what a machine answered, ended the retries."""
    office = Stage(settings, faults=Faults(duplicate=2, reorder=True), seed=3)
    office.hire("Ada", ADA)
    office.carrier.introduce(CORA, machine())
    complain_and_hang_up(office)
    office.wait(minutes=30)
    assert (office.promise().status, office.promise().attempts_made) == ("open", 1)

    office.carrier.introduce(CORA, Person("Cora"))
    office.wait(minutes=60)

    assert (office.promise().status, office.promise().attempts_made) == ("kept", 2)
    assert len(office.rings_at(CORA)) == 2
    office.close()


def test_complaint_16_a_silent_caller_is_asked_again_and_not_dropped(office: Stage) -> None:
    """surveda#324, #636: silence ended the call."""
    call = office.call(CORA).stay_silent()
    assert is_in_order([office.prompt("de", "noinput"), office.prompt("de", "to_complaint")], call.last_heard)
    call.stay_silent().stay_silent()
    assert office.prompt("de", "human_closed") in call.last_heard

    press_all(call, "1")

    assert office.promise().status == "open"


@pytest.mark.parametrize(("key", "language"), [("6", "en"), ("7", "pt-BR"), ("8", "bs")])
def test_complaint_17_the_callback_speaks_the_customers_language(office: Stage, key: str, language: str) -> None:
    """FreePBX/issue-tracker#535: the language is not set on the callback."""
    office.hire("Ada", ADA)
    call = press_all(office.call(CORA), key, "1", "2", "1", "#", "1", "#", "2", "1", "1", "1")
    call.hang_up()
    office.wait(minutes=5)

    company, protocol = "Muster Haushaltsgeräte GmbH", office.case().protocol
    greeting = office.prompt(language, "customer.callback", company=company, protocol=protocol)
    assert greeting in heard_by(office.rings_at(CORA)[0])
    assert office.promise().status == "kept"


def test_complaint_25_a_scheduled_call_comes_at_the_customers_local_time_and_does_not_hang_up(office: Stage) -> None:
    """OpenVBX#177: wrong time zone; a scheduled call that hangs up. After five in São Paulo is eight in UTC."""
    office.hire("Ada", ADA, "pt-BR")
    call = press_all(office.call(BIA, SAC), "1", "1", "#", "1", "#", "2", "1", "1", "1", "3", "2", "3")
    assert "17 horas" in call.last_heard
    call.hang_up()
    office.wait_until(utc("2026-03-03 19:59"))
    assert office.rings_at(BIA) == []
    office.wait(minutes=10)

    (attempt,) = office.attempts()
    assert attempt.dialled_at is not None
    assert attempt.dialled_at.astimezone(ZoneInfo("America/Sao_Paulo")).hour == 17
    assert attempt.result == "connected"
    assert office.promises()[-1].status == "kept"
