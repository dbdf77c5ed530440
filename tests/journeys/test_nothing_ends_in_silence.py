"""Before a promise is broken the customer knows, and may agree to another time; whatever the end, they are told."""

from __future__ import annotations

from datetime import datetime, timedelta

import sqlalchemy as sa

from app.cli.virtual_office import utc
from app.models.promise import Promise
from app.models.reminder import Forewarning
from app.services.receive_text import Message, receive_text
from app.services.repromise import forewarn, own_up
from tests.journeys.cast import ADA, CEM, CORA, complain_and_hang_up, press_all
from tests.journeys.stage import Stage, is_in_order


def forewarnings(office: Stage) -> list[Forewarning]:
    """Every one, in order."""
    with office.runtime.database.reads() as session:
        return list(session.scalars(sa.select(Forewarning).order_by(Forewarning.id)))


def receive(office: Stage, number: str, body: str, message_id: str) -> str:
    """What we answer to a text message."""
    board, hotline = office.runtime.board, next(iter(office.runtime.hotlines))
    message, now = Message(message_id, number, office.number, body), office.clock.now()
    return receive_text(board, hotline, message, now=now, wall_now=now)


def until_foreseen(office: Stage) -> None:
    """Cora is promised a call, nobody comes to work, and it is foreseen."""
    complain_and_hang_up(office)
    office.wait_until(office.promise().due_at - timedelta(minutes=25))


def test_the_customer_learns_of_it_before_the_breach_with_a_new_time_to_agree_to(office: Stage) -> None:
    """Once, however often it is foreseen."""
    until_foreseen(office)
    due_at = office.promise().due_at
    office.wait_until(due_at + timedelta(hours=1))

    (forewarned,) = forewarnings(office)
    assert forewarned.foreseen_at < due_at
    assert forewarned.offered_due_at is not None
    assert forewarned.offered_due_at > due_at
    assert forewarned.cause == "no_agent"
    _receipt, told = office.texts_to(CORA)
    assert "vielleicht nicht bis Montag, 2. März, 14:15 Uhr anrufen" in told
    assert "Antworten Sie mit 1" in told
    assert office.history().count("foreseen") == 1


def test_who_agrees_by_text_has_a_new_promise_and_the_old_one_is_moved_to_it(office: Stage) -> None:
    """The answer gives the new promise; its words are kept."""
    until_foreseen(office)
    office.carrier.text(CORA, office.number, "1")

    old, new = office.promises()
    assert (old.status, old.successor_id, new.status) == ("moved", new.id, "open")
    assert old.ended_at is not None
    assert old.ended_at < old.due_at
    assert old.due_at < new.due_at <= (forewarnings(office)[0].offered_due_at or old.due_at)
    assert "Vielen Dank." in office.spoken(new)
    assert forewarnings(office)[0].agreed_at == old.ended_at
    office.hire("Ada", ADA)
    office.wait_until(new.due_at)
    assert [promise.status for promise in office.promises()] == ["moved", "kept"]


def test_the_text_offers_a_few_times_and_the_number_that_is_answered_chooses_one(office: Stage) -> None:
    """The next time, and parts of the day after it; the words tell each, and the promise is the one that was chosen."""
    until_foreseen(office)
    told = office.texts_to(CORA)[-1]
    offers = [due_at for _, due_at in forewarnings(office)[0].offers]
    assert len(offers) == 3
    assert is_in_order(["1: bis", "2: bis Dienstag, 3. März, 12:00 Uhr", "3: bis Dienstag, 3. März, 17:00 Uhr"], told)
    office.carrier.text(CORA, office.number, "2.")

    old, new = office.promises()
    assert (old.status, new.due_at.isoformat()) == ("moved", offers[1])
    assert new.not_before_at == utc("2026-03-03 07:00")
    assert not new.at_risk
    assert "frühestens Dienstag, 3. März, 8:00 Uhr, spätestens Dienstag, 3. März, 12:00 Uhr" in office.spoken(new)


def test_who_calls_hears_what_was_foreseen_and_agrees_to_the_other_time_by_one_key(office: Stage) -> None:
    """Not by text alone: the same word, heard, and kept like any other."""
    until_foreseen(office)
    call = office.call(CORA).press("4")
    assert is_in_order(["14 Uhr 15", "Vielleicht schaffen wir das nicht.", "18 Uhr", "die 1"], call.last_heard)
    call.press("1")

    old, new = office.promises()
    assert (old.status, new.status) == ("moved", "open")
    assert is_in_order([office.prompt("de", "moved_wished"), "18 Uhr"], call.last_heard)
    assert "14 Uhr 15" not in call.last_heard  # it may come sooner, if somebody is free
    assert forewarnings(office)[0].agreed_at == old.ended_at
    assert "18:00" in office.texts_to(CORA)[-1]


def test_who_calls_may_leave_it_as_it_is(office: Stage) -> None:
    """Then it is still tried; and nothing is offered to who asks about a matter of which nothing was foreseen."""
    until_foreseen(office)
    call = press_all(office.call(CORA), "4", "3")
    assert office.prompt("de", "matter_menu") in call.last_heard
    call.hang_up()
    complain_and_hang_up(office, CEM)

    assert "Vielleicht schaffen wir das nicht" not in office.call(CEM).press("4").last_heard
    assert office.promises()[0].status == "open"


def test_a_number_that_was_not_offered_agrees_to_nothing(office: Stage) -> None:
    """It joins the matter, as any text."""
    until_foreseen(office)
    answer = receive(office, CORA, "4", "SM4")

    assert office.promise().status == "open"
    assert "Ihre Ergänzung ist beim Vorgang" in answer


def test_a_time_that_others_took_meanwhile_is_kept_as_our_word_at_risk(office: Stage) -> None:
    """What was offered stands; a supervisor sees it at once."""
    until_foreseen(office)
    due_at = datetime.fromisoformat(forewarnings(office)[0].offers[0][1])
    for number in range(20):
        complain_and_hang_up(office, f"+4915112345{number:03d}")
    with office.runtime.database.sessions.begin() as session:
        theirs = sa.and_(Promise.status == "open", Promise.id > office.promises()[0].id)
        session.execute(sa.update(Promise).where(theirs).values(due_at=due_at))
    office.carrier.text(CORA, office.number, "1")

    new = office.promises()[-1]
    assert (new.due_at, new.at_risk, new.plan) == (due_at, True, None)


def test_at_the_deadline_whoever_heard_nothing_before_is_told_once_that_we_are_late(office: Stage) -> None:
    """What could not be foreseen is owned up to; the call comes as soon as it can."""
    complain_and_hang_up(office)
    due_at = office.promise().due_at
    office.clock.set(due_at)
    assert [own_up(office.runtime.board, now=due_at) for _ in range(2)] == [1, 0]
    office.hire("Ada", ADA)
    office.wait(minutes=5)

    assert office.promise().status == "kept_late"
    assert is_in_order(["promised", "late", "kept_late"], " ".join(office.history()))
    assert "nicht wie versprochen bis Montag, 2. März, 14:15 Uhr angerufen" in office.texts_to(CORA)[-1]


def test_the_same_yes_delivered_twice_moves_once_and_is_answered_alike(office: Stage) -> None:
    """The network repeats what it got no answer to."""
    until_foreseen(office)
    first, again = (receive(office, CORA, " Ja ", "SM1") for _ in range(2))

    assert first == again
    assert "Vielen Dank." in first
    assert [promise.status for promise in office.promises()] == ["moved", "open"]


def test_without_an_answer_it_is_still_tried_and_kept_if_somebody_comes(office: Stage) -> None:
    """A forewarning takes nothing back."""
    until_foreseen(office)
    office.hire("Ada", ADA)
    office.wait(minutes=5)

    assert office.promise().status == "kept"


def test_without_an_answer_and_without_anybody_it_is_broken_with_a_notice(office: Stage) -> None:
    """Told before, and told after."""
    until_foreseen(office)
    office.wait_until(office.promise().due_at + timedelta(days=2, minutes=10))

    assert office.promise().status == "broken"
    assert len(office.texts_to(CORA)) == 3


def test_a_yes_without_an_offer_joins_the_matter_as_any_text(office: Stage) -> None:
    """There is nothing to agree to."""
    complain_and_hang_up(office)
    answer = receive(office, CORA, "1", "SM2")

    assert office.promise().status == "open"
    assert "Ihre Ergänzung ist beim Vorgang" in answer


def test_nobody_else_can_agree_to_it(office: Stage) -> None:
    """Whose telephone was told may answer."""
    until_foreseen(office)
    receive(office, CEM, "1", "SM3")

    assert office.promises()[0].status == "open"


def test_in_overload_those_whom_nobody_can_call_in_time_are_told_and_the_others_are_not(office: Stage) -> None:
    """Four promises due at the same time, one agent in a long conversation."""
    numbers = [f"+4915112345{number:03d}" for number in range(4)]
    for number in numbers:
        complain_and_hang_up(office, number)
    due_at = office.promises()[0].due_at
    with office.runtime.database.sessions.begin() as session:
        session.execute(sa.update(Promise).values(due_at=due_at))
    office.clock.set(due_at - timedelta(minutes=8))  # a conversation takes five on average, with rings and rests 6:38
    office.hire("Ada", ADA)
    forewarn(office.runtime.board, now=office.clock.now(), wall_now=office.clock.now())

    assert [each.cause for each in forewarnings(office)] == ["overload"] * 2


def test_of_many_clock_processes_one_tells_the_customer(office: Stage) -> None:
    """However many foresee it."""
    complain_and_hang_up(office)
    office.clock.set(office.promise().due_at - timedelta(minutes=20))
    told = [forewarn(office.runtime.board, now=office.clock.now(), wall_now=office.clock.now()) for _ in range(4)]

    assert told == [1, 0, 0, 0]
