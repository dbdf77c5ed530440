"""A complaint is closed: the customer learns the outcome, and is asked once how satisfied they are (B5, T16)."""

from __future__ import annotations

from datetime import UTC, timedelta

import pytest
import sqlalchemy as sa

from app.cli.virtual_office import VirtualOffice
from app.domain.disposition import CONSEQUENCES
from app.domain.phone_number import PhoneNumber
from app.models.anonymous import forget_cases
from app.models.call import Caller
from app.models.call_log import LogChange
from app.models.outbox import OutboxItem
from app.models.records import open_record
from app.models.reminder import Forewarning
from app.models.satisfaction import Satisfaction
from app.services.ask_satisfaction import tell_closing
from app.services.satisfaction_by_reply import take_satisfaction
from tests.web.make import CUSTOMER, make_case, make_promise

pytestmark = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


def close(runtime, *, may_ask=True, phone=CUSTOMER):
    now = runtime.clock.now()
    with runtime.database.sessions.begin() as session:
        case = make_case(session, runtime.vault, now, {"complainant.phone": phone})
        case.closed_at, case.outcome, case.status = now, "rejected", "closed"
        hotline = runtime.board.hotline_named(case.hotline)
        for _ in range(2):  # again, it changes nothing
            tell_closing(session, runtime.vault, runtime.board.present.words, case, hotline, may_ask=may_ask, now=now)
    runtime.clock.advance(hours=1)
    return case


def texts(runtime):
    with runtime.database.reads() as session:
        items = session.scalars(sa.select(OutboxItem).where(OutboxItem.kind == "text")).all()
        return [runtime.vault.open(each.payload, f"outbox:{each.key}")["body"] for each in items]


def reply(runtime, body, **options):
    with runtime.database.sessions.begin() as session:
        return take_satisfaction(runtime.board, session, PhoneNumber(CUSTOMER), body, runtime.clock.now(), **options)


def kept(runtime):
    with runtime.database.reads() as session:
        return session.scalars(sa.select(Satisfaction)).one()


def test_a_satisfied_customer_is_asked_for_a_recommendation_and_nothing_twice(runtime):
    case = close(runtime)
    (text,) = texts(runtime)
    with runtime.database.sessions.begin() as session:
        session.execute(sa.delete(LogChange))

    assert "abgelehnt; Sie können sich an eine Schlichtungsstelle" in text
    assert "Wie zufrieden sind Sie?" in text
    assert "weiterempfehlen" in reply(runtime, "5 - die Dame war sehr freundlich")
    assert "Vielen Dank" in reply(runtime, "Ja")
    assert [reply(runtime, body) for body in ("1", "nein", "5")] == [None] * 3
    assert (kept(runtime).score, kept(runtime).recommends) == (5, "yes")
    with runtime.database.reads() as session:
        assert open_record(runtime.vault, session.get_one(type(case), case.id)).outcome.satisfaction == 5
        assert session.scalar(sa.select(LogChange.case_id)) == case.id


def test_who_is_not_satisfied_learns_where_to_turn_and_is_not_asked_to_recommend(runtime):
    close(runtime)

    assert [reply(runtime, body) for body in ("2 weeks ago it broke", "6", "55", "")] == [None] * 4
    assert "rufen Sie uns mit der Vorgangsnummer" in reply(runtime, "1.")
    assert reply(runtime, "ja") is None
    assert (kept(runtime).score, kept(runtime).recommends) == (1, None)


def test_a_figure_answers_what_was_asked_last(runtime):
    case = close(runtime)
    now = runtime.clock.now()
    assert reply(runtime, "1", asked_at=now - timedelta(minutes=5)) is None
    with runtime.database.sessions.begin() as session:
        promise = make_promise(session, runtime.vault, case, now)
        warned = {"phone_index": case.phone_index, "foreseen_at": now, "cause": "overload", "offered_due_at": now}
        session.add(Forewarning(promise_id=promise.id, **warned))

    assert reply(runtime, "1") is None
    runtime.clock.advance(days=31)
    assert reply(runtime, "1") is None


def test_who_did_not_agree_hears_the_outcome_and_no_question(runtime):
    close(runtime, may_ask=False)

    (text,) = texts(runtime)
    assert "Das Ergebnis: abgelehnt" in text
    assert "zufrieden" not in text
    assert reply(runtime, "5") is None


def test_who_wants_no_texts_gets_none_and_what_was_counted_stays_without_them(runtime):
    with runtime.database.sessions.begin() as session:
        index = runtime.vault.index(CUSTOMER)
        session.add(Caller(number_index=index, language="de", seen_at=runtime.clock.now(), no_texts=True))
    case = close(runtime)

    assert texts(runtime) == []
    assert kept(runtime).medium == "call"
    with runtime.database.sessions.begin() as session:
        forget_cases(session, [case.id])
    assert (kept(runtime).case_id, kept(runtime).phone_index) == (None, None)


def test_every_end_that_closes_a_complaint_has_its_words_in_every_language(runtime):
    words, now = runtime.board.present.words, runtime.clock.now()
    closing = {each.outcome for each in CONSEQUENCES.values() if each.closes_case and each.outcome}

    for code in ("de", "en", "pt-BR", "bs"):
        assert all(words.text(code, f"closed.{outcome}", {}, now=now, zone=UTC) for outcome in closing)


def test_who_calls_about_a_closed_matter_is_asked_by_keys_once(runtime, settings):
    close(runtime, may_ask=False)
    office = VirtualOffice(settings, clock=runtime.clock)
    try:
        line = office.call(CUSTOMER).press("4")
        asked = line.last_heard
        line.press("5").press("1").hang_up()
        heard_again = office.call(CUSTOMER).press("4").hang_up().last_heard
    finally:
        office.close()

    assert "Wie zufrieden sind Sie" in asked
    assert "Wie zufrieden" not in heard_again
    assert (kept(runtime).score, kept(runtime).recommends) == (5, "yes")
