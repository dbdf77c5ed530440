"""Complaints that point to a hazard become a signal, counted once whatever happens between, on both databases (P1)."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DatabaseError, IntegrityError

from app.models.anonymous import forget_cases
from app.models.case import Case
from app.models.hazard import HazardCount, HazardMark, HazardReport, HazardSignal, HazardSubject, SignalEvent
from app.models.journal import note
from app.services.raise_signals import raise_signals
from app.services.read_hazards import read_hazards
from tests.services.hazards import HARMLESS, HAZARD, complain, learn, watch


def signals(runtime):
    with runtime.database.reads() as session:
        return list(session.scalars(sa.select(HazardSignal).order_by(HazardSignal.id)))


def number_of(runtime, model):
    with runtime.database.reads() as session:
        return session.scalar(sa.select(sa.func.count()).select_from(model))


def test_five_fires_in_a_row_raise_one_signal_with_its_evidence(runtime):
    cases = [complain(runtime, number, HAZARD) for number in range(6)]

    assert watch(runtime) == 1

    (signal,) = signals(runtime)
    with runtime.database.reads() as session:
        evidence = session.scalars(sa.select(HazardReport.case_id).where(HazardReport.id.in_(signal.evidence))).all()
        event = session.scalars(sa.select(SignalEvent)).one()
    assert (signal.status, signal.complaints, signal.points) == ("open", 5, 5)
    assert sorted(evidence) == cases[:5]
    assert event.kind == "raised"


def test_complaints_without_a_hazard_raise_nothing(runtime):
    for number in range(30):
        complain(runtime, number)

    assert watch(runtime) == 0
    assert number_of(runtime, HazardReport) == 30


def test_the_tick_again_counts_nothing_twice(runtime):
    for number in range(5):
        complain(runtime, number, HAZARD)
    watch(runtime)

    assert watch(runtime) == watch(runtime) == 0

    with runtime.database.sessions.begin() as session:  # as after a restart from an older mark
        session.get_one(HazardMark, 1).through = 0
        session.execute(sa.update(HazardSubject).values(is_due=True))
    assert watch(runtime) == 0
    assert (number_of(runtime, HazardReport), len(signals(runtime))) == (5, 1)


def test_a_process_that_dies_between_counting_and_testing_loses_no_signal(runtime):
    for number in range(5):
        complain(runtime, number, HAZARD)
    read_hazards(runtime.database, runtime.vault)

    assert raise_signals(runtime.database, runtime.vault, now=runtime.clock.now()) == 1


def test_one_caller_who_complains_five_times_is_one(runtime):
    for number in range(5):
        case = complain(runtime, number, HAZARD)
        with runtime.database.sessions.begin() as session:
            session.execute(sa.text("UPDATE cases SET phone_index = 'the same' WHERE id = :id"), {"id": case})

    assert watch(runtime) == 0


def test_what_becomes_known_later_is_counted_anew(runtime):
    cases = [complain(runtime, number) for number in range(6)]
    assert watch(runtime) == 0

    for case in cases:
        learn(runtime, case, injury=True)

    assert watch(runtime) == 1


def test_what_the_customer_writes_later_counts_too(runtime):
    for number in range(5):
        case_id = complain(runtime, number)
        with runtime.database.sessions.begin() as session:
            case = session.get_one(Case, case_id)
            note(session, runtime.vault, case, "text_received", "customer", case.received_at, body="Es hat geraucht!")

    assert watch(runtime) == 1


def test_a_lot_is_tested_by_itself_and_one_matter_is_one_signal(runtime):
    """Name, number and lot are three streams; the same complaints in all of them raise one signal that grows."""
    for number in range(5):
        complain(runtime, number, HAZARD, model="HANS 0002", batch="L-77")

    assert watch(runtime) == 3

    (signal,) = signals(runtime)
    assert signal.grew == 2
    with runtime.database.reads() as session:
        kinds = session.scalars(sa.select(HazardSubject.kind).order_by(HazardSubject.id)).all()
        (product_id,) = session.scalars(sa.select(HazardSubject.product_id).where(HazardSubject.kind == "lot"))
    assert kinds == ["name", "number", "lot"]
    assert product_id is not None


def test_what_the_customer_denies_is_no_hazard(runtime):
    for number in range(5):
        complain(runtime, number, "Niemand wurde verletzt, es hat nicht gebrannt. " + HARMLESS)

    assert watch(runtime) == 0
    with runtime.database.reads() as session:
        assert not any(session.scalars(sa.select(HazardCount.points)))


def test_the_history_of_a_signal_cannot_be_changed(runtime):
    for number in range(5):
        complain(runtime, number, HAZARD)
    watch(runtime)

    with (
        pytest.raises((DatabaseError, IntegrityError), match="append-only"),
        runtime.database.sessions.begin() as session,
    ):
        session.execute(sa.update(SignalEvent).values(kind="dismissed"))


def test_a_complaint_that_goes_leaves_its_number_and_no_name(runtime):
    cases = [complain(runtime, number, HAZARD, product="the kettle of Aunt Emma") for number in range(5)]
    watch(runtime)

    with runtime.database.sessions.begin() as session:
        forget_cases(session, cases)

    with runtime.database.reads() as session:
        assert session.scalars(sa.select(HazardSubject.shown)).all() == ["gone 1"]
        assert set(session.execute(sa.select(HazardReport.case_id, HazardReport.phone_index))) == {(None, None)}
        assert number_of(runtime, HazardReport) == 5


def test_a_name_that_others_use_stays(runtime):
    cases = [complain(runtime, number, HAZARD) for number in range(5)]
    watch(runtime)

    with runtime.database.sessions.begin() as session:
        forget_cases(session, cases[:4])

    with runtime.database.reads() as session:
        assert session.scalars(sa.select(HazardSubject.shown)).all() == ["kettle"]
