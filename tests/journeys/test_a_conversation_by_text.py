"""The same flows by text messages: the same records, each message answered once (S3, S5, S7; issue 4, 6)."""

from __future__ import annotations

from datetime import timedelta

import sqlalchemy as sa

from app.models.call import Call, Caller, ReceivedText
from app.models.outbox import OutboxItem
from app.models.turns import heard_of
from app.services.replay_call import KeptTurn, replay_call
from tests.journeys.cast import ADA, CORA, ELLA, complain_and_hang_up
from tests.journeys.stage import Stage


def write(office: Stage, *bodies: str, number: str = CORA) -> str:
    """Somebody texts, message after message; gives the answer to the last one."""
    for body in bodies:
        office.carrier.text(number, office.number, body)
    return office.texts_to(number)[-1]


def conversations(office: Stage) -> list[Call]:
    """All of them, in order."""
    with office.runtime.database.reads() as session:
        return list(session.scalars(sa.select(Call).where(Call.channel == "text").order_by(Call.started_at)))


def test_whoever_greets_gets_the_menu_of_subjects_as_text(office: Stage) -> None:
    """S3: complaint and cancellation are in it, as on the telephone; S5: the other languages too."""
    answer = write(office, "Hallo")

    assert answer.splitlines()[0] == "Willkommen beim Kundendienst von Muster Haushaltsgeräte GmbH."
    assert "1: Für eine Beschwerde\n2: Für eine Kündigung\n" in answer
    assert "6: English" in answer
    assert office.cases() == []


def test_a_complaint_by_digits_and_words_ends_in_a_promise(office: Stage) -> None:
    """T1, T4, T6 to T9, T20: asked like a caller, on record from the first answer on, and read back."""
    office.hire("Ada", ADA)
    write(office, "Hallo", "1")
    assert office.case().channel == "sms"
    assert office.record().receipt.channel == "sms"

    back = write(office, "1", "Wasserkocher", "1", "Er ist beim Einschalten explodiert.", "2", "Geld zurück", "1")
    answer = write(office, "ja")

    assert "Sie schrieben: Er ist beim Einschalten explodiert." in back
    assert "Ihre Beschwerde ist angenommen, und wir bedauern" in answer
    assert "Wir rufen Sie spätestens" in answer
    assert office.record().matter.narrative == "Er ist beim Einschalten explodiert."
    assert office.record().matter.remedy_requested == "refund"
    office.wait(hours=5)
    assert office.promise().status == "kept"


def test_a_cancellation_is_on_record_with_the_first_message_that_says_so(office: Stage) -> None:
    """S3; Decreto 11.034/2022 art. 14: whatever else is open, effective from the first request."""
    complain_and_hang_up(office)
    answer = write(office, "Ich möchte meinen Vertrag kündigen")

    assert "Ihre Kündigung ist aufgenommen und gilt ab sofort: Montag, 2. März" in answer
    assert "1: Für eine Beschwerde" not in answer
    assert sorted(case.kind for case in office.cases()) == ["cancellation", "complaint"]


def test_nobody_can_be_put_through_but_everybody_is_offered_a_call(office: Stage) -> None:
    """A human by text is a promise, also while people are at work."""
    office.hire("Ada", ADA)
    offered = write(office, "Hallo", "0")
    answer = write(office, "1")

    assert offered.startswith("Per Nachricht können wir Sie nicht verbinden, aber zurückrufen.")
    assert "Wir rufen Sie spätestens" in answer
    assert office.promise().status == "open"


def test_what_was_said_by_then_is_kept_when_nobody_answers_for_an_hour(office: Stage) -> None:
    """T4, T9: as after a call that broke off, a deadline follows."""
    write(office, "Beschwerde", "1", "Toaster")
    (talk,) = conversations(office)
    assert talk.settled_at is None
    office.wait(minutes=62)

    (talk,) = conversations(office)
    assert talk.status == "completed"
    assert office.record().matter.product == "Toaster"
    assert office.promise().status == "open"
    assert "Ihre Beschwerde ist angenommen" in office.texts_to(CORA)[-1]


def test_the_same_message_again_gets_the_same_answer_and_is_no_further_turn(office: Stage) -> None:
    """Whatever the network repeats, in whatever order, also after the conversation has ended."""
    write(office, "Hallo", "1", "1", "Toaster", "Menü")
    delivered = [webhook for webhook in office.carrier.webhooks if webhook.url.endswith("/messages/incoming")]

    again = [office.carrier.replay(webhook) for webhook in reversed(delivered)]

    assert [answer.body.decode() for answer in again] == [webhook.document for webhook in reversed(delivered)]
    assert len(office.cases()) == 1
    assert len(conversations(office)) == 2


def test_a_word_starts_again_from_the_menu(office: Stage) -> None:
    """No dead end: MENU leads out of every question, and what was said is kept."""
    answer = write(office, "Beschwerde", "1", "Menü")

    assert answer.startswith("Willkommen")
    assert [talk.settled_at is None for talk in conversations(office)] == [False, True]
    assert office.case().kind == "complaint"


def test_help_says_who_writes_and_how_to_be_left_alone(office: Stage) -> None:
    """The customary word for text messages; the conversation goes on where it was."""
    told = write(office, "Beschwerde", "Hilfe")
    answer = write(office, "1")

    assert told.startswith("Muster Haushaltsgeräte GmbH: Schreiben Sie uns")
    assert "STOPP" in told
    assert answer.startswith("Um welches Produkt")


def test_who_writes_stop_in_their_own_language_gets_no_texts_until_start(office: Stage) -> None:
    """The network knows English words only; a receipt that is due is not sent then, and the reason is kept."""
    told = write(office, "Stopp")
    complain_and_hang_up(office)
    office.wait(minutes=5)

    assert "keine Nachrichten mehr" in told
    assert office.texts_to(CORA) == [told]
    with office.runtime.database.reads() as session:
        (item,) = session.scalars(sa.select(OutboxItem))
        assert (item.status, item.cause) == ("failed", "the number wants no texts")
    office.carrier.text(CORA, office.number, "START")
    with office.runtime.database.reads() as session:
        assert not session.scalar(sa.select(Caller.no_texts))


def test_cancel_is_a_cancellation_although_the_network_takes_it_for_stop(office: Stage) -> None:
    """Twilio opts out who writes CANCEL; the contract ends all the same."""
    office.carrier.text(ELLA, office.number, "Cancel")

    assert [case.kind for case in office.cases()] == ["cancellation"]


def test_an_answer_in_a_conversation_is_no_yes_to_an_older_offer(office: Stage) -> None:
    """“1” belongs to what was asked last."""
    complain_and_hang_up(office)
    office.wait_until(office.promise().due_at - timedelta(minutes=20))
    assert "Antworten Sie mit 1" in office.texts_to(CORA)[-1]
    answer = write(office, "Menü", "1")

    assert answer.startswith("Es tut uns leid")
    assert [promise.status for promise in office.promises()] == ["open"]


def test_a_conversation_is_evidence_like_a_call(office: Stage) -> None:
    """S7: its answers are computed again, byte for byte, from the flows they were given in."""
    write(office, "Hallo", "1", "2", "Reparatur", "6")
    (talk,) = conversations(office)
    with office.runtime.database.reads() as session:
        kept = heard_of(session, office.runtime.vault, talk.key)
    turns = [KeptTurn.of(row.number, row.at, body) for row, body in kept]

    assert replay_call(office.runtime.board, talk, turns) == [True] * 5


def test_somebody_who_texts_is_not_on_the_line(office: Stage) -> None:
    """A promise is kept while its customer writes: a telephone that texts can ring."""
    office.hire("Ada", ADA)
    write(office, "Mein Toaster brennt.", "Menü")
    office.wait(minutes=10)

    assert office.promise().status == "kept"


def test_received_texts_hold_their_answers_sealed(office: Stage) -> None:
    """S12."""
    write(office, "Hallo")
    with office.runtime.database.reads() as session:
        (row,) = session.scalars(sa.select(ReceivedText))

    assert row.answer is not None
    assert b"Willkommen" not in row.answer
