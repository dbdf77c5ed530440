"""Who writes when they wish to be called is called then, or learns at once what can be had (T15, S7)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa

from app.cli.virtual_office import utc
from app.models.promise import Promise
from app.models.staff import Staff
from tests.journeys.cast import ADA, CORA, complain_and_hang_up
from tests.journeys.stage import Stage
from tests.journeys.test_nothing_ends_in_silence import forewarnings, receive, until_foreseen
from tests.web.make import make_attempt


def test_who_is_offered_times_by_text_writes_one_of_their_own_and_is_called_then(office: Stage) -> None:
    """In words; the offer counts as agreed to, and nobody is told of it twice."""
    until_foreseen(office)
    assert "etwa: morgen nach 17 Uhr" in office.texts_to(CORA)[-1]
    office.carrier.text(CORA, office.number, "Ja, lieber morgen nach 17 Uhr.")

    old, new = office.promises()
    assert (old.status, old.successor_id, old.cause) == (
        "moved",
        new.id,
        "the customer wished for another time by text",
    )
    assert (new.not_before_at, new.due_at) == (utc("2026-03-03 16:00"), utc("2026-03-03 17:00"))
    assert new.verdicts["wish"]["granted"] is True
    assert "frühestens Dienstag, 3. März, 17:00 Uhr, spätestens Dienstag, 3. März, 18:00 Uhr" in office.spoken(new)
    assert forewarnings(office)[0].agreed_at == old.ended_at
    office.hire("Ada", ADA)
    office.wait_until(new.due_at)
    assert [promise.status for promise in office.promises()] == ["moved", "kept"]


def test_a_time_at_which_nobody_may_call_gets_the_nearest_and_the_answer_says_so(office: Stage) -> None:
    """Nobody is at work on Sunday; the same message again changes nothing."""
    complain_and_hang_up(office)
    answer = receive(office, CORA, "Sonntag um 10 Uhr", "SMsunday")

    old, new = office.promises()
    assert (old.status, new.status) == ("moved", "open")
    assert "Zu dieser Zeit können wir leider nicht anrufen." in answer
    assert office.spoken(new) in answer
    assert new.verdicts["wish"]["granted"] is False
    assert receive(office, CORA, "Sonntag um 10 Uhr", "SMsunday") == answer
    assert len(office.promises()) == 2


@pytest.mark.parametrize(
    ("body", "answered"),
    [
        ("Morgen kommt der Techniker", "Ihre Ergänzung ist beim Vorgang"),  # no wish: it tells something
        ("morgen oder übermorgen oder freitag", "Ihre Ergänzung ist beim Vorgang"),
    ],
)
def test_what_tells_something_moves_nothing(office: Stage, body: str, answered: str) -> None:
    complain_and_hang_up(office)

    assert answered in receive(office, CORA, body, "SM1")
    assert office.promise().status == "open"


def test_an_answer_to_an_offer_that_names_two_times_is_asked_back(office: Stage) -> None:
    """And a time that has passed cannot be had."""
    until_foreseen(office)

    assert "Schreiben Sie uns einen Tag und eine Tageszeit" in receive(office, CORA, "morgen oder freitag", "SM1")
    assert "Zu einer anderen Zeit können wir leider nicht anrufen" in receive(office, CORA, "heute vor 9 Uhr", "SM2")
    assert office.promise().status == "open"


def test_who_is_just_being_rung_is_told_so(office: Stage) -> None:
    """The call that rings is not taken away from who wished for another time."""
    complain_and_hang_up(office)
    office.hire("Ada", ADA)
    now = office.clock.now()
    with office.runtime.database.sessions.begin() as session:
        ada = session.scalars(sa.select(Staff)).one()
        make_attempt(session, ada, session.scalars(sa.select(Promise)).one(), now, stage="dialled", ended_at=None)

    assert "in diesem Augenblick schon" in receive(office, CORA, "morgen nach 17 Uhr", "SM1")
    assert [promise.status for promise in office.promises()] == ["open"]
