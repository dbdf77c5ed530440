"""A customer who cannot be reached is tried again by cause, in lawful hours, and told; then it ends, with proof."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest

from app.simulator.people import HangUp, Person, Pickup, machine, silent
from tests.journeys.cast import ADA, CORA, complain_and_hang_up
from tests.journeys.stage import Stage, absent, engaged, heard_by

NOT_REACHED = {
    "busy": (engaged, "busy", 5),
    "no answer": (absent, "no_answer", 20),
    "a machine": (machine, "machine", 45),
    "cannot be connected": (lambda: Person(pickup=Pickup.UNREACHABLE), "failed", 10),
    "picks up and says nothing": (silent, "machine", 45),
    "hangs up while being greeted": (lambda: Person(cues=((r"", HangUp(1)),)), "machine", 45),
}


@pytest.mark.parametrize(("person", "result", "minutes"), NOT_REACHED.values(), ids=NOT_REACHED)
def test_each_cause_has_its_own_next_try(
    office: Stage, person: Callable[[], Person], result: str, minutes: int
) -> None:
    """Lessons 13 and 16: tried again after a time that fits the cause, and then kept."""
    office.hire("Ada", ADA)
    office.carrier.introduce(CORA, person())
    complain_and_hang_up(office)
    office.wait(minutes=4)
    (first,) = office.attempts()
    assert (first.result, office.promise().status) == (result, "open")

    office.carrier.introduce(CORA, Person("Cora"))
    office.wait(minutes=minutes + 4)

    first, second = office.attempts()
    assert first.dialled_at is not None
    assert second.dialled_at is not None
    assert timedelta(minutes=minutes) <= second.dialled_at - first.dialled_at < timedelta(minutes=minutes + 3)
    assert (office.promise().status, office.promise().attempts_made) == ("kept", 2)


def test_a_voicemail_names_company_and_number_and_never_the_matter(office: Stage) -> None:
    """Whoever else hears the machine learns nothing about the complaint."""
    office.hire("Ada", ADA)
    office.carrier.introduce(CORA, machine())
    complain_and_hang_up(office)
    office.wait(minutes=4)

    left = heard_by(office.rings_at(CORA)[0])
    assert "Muster Haushaltsgeräte GmbH" in left
    assert ", ".join(office.case().protocol[:3]) in left
    for matter in ("Beschwerde", "Geld zurück", "Produkt"):
        assert matter not in left


def test_after_each_attempt_the_customer_is_told_when_the_next_comes(office: Stage) -> None:
    """B4: nothing happens in silence."""
    office.hire("Ada", ADA)
    office.carrier.introduce(CORA, absent())
    complain_and_hang_up(office)
    office.wait(minutes=4)

    _receipt, missed = office.texts_to(CORA)
    assert office.case().protocol in missed.replace(" ", "")
    assert "10:2" in missed  # 20 minutes after the attempt


def test_when_all_attempts_were_made_it_ends_as_unreachable_with_proof_and_notice(office: Stage) -> None:
    """Exactly one end state; the case stays open."""
    office.hire("Ada", ADA)
    office.carrier.introduce(CORA, absent())
    complain_and_hang_up(office)
    office.wait(hours=2)

    promise = office.promise()
    assert (promise.status, promise.cause, promise.attempts_made) == ("unreachable", "no_answer", 3)
    assert [attempt.result for attempt in office.attempts()] == ["no_answer"] * 3
    assert len(office.rings_at(CORA)) == 3
    assert all(attempt.verdict for attempt in office.attempts())
    assert office.texts_to(CORA)[-1].startswith("Muster Haushaltsgeräte GmbH: Wir haben Sie mehrmals")
    assert office.case().closed_at is None
    assert office.history().count("unreachable") == 1


def test_nobody_is_rung_after_the_end(office: Stage) -> None:
    """An end is an end."""
    office.hire("Ada", ADA)
    office.carrier.introduce(CORA, absent())
    complain_and_hang_up(office)
    office.wait(hours=2)
    rings = len(office.rings_at(CORA))

    office.wait(hours=6)

    assert len(office.rings_at(CORA)) == rings == 3


def test_an_agent_who_hangs_up_while_it_rings_spends_an_attempt_and_the_customer_is_tried_again(office: Stage) -> None:
    """The customer's line rang, so it counts; the promise stands."""
    office.hire("Ada", ADA, person=Person("Ada", hangs_up_after=20))
    office.carrier.introduce(CORA, Person("Cora", answers_after=60))
    complain_and_hang_up(office)
    office.wait(minutes=4)

    assert office.promise().status == "open"
    assert office.promise().attempts_made == 1
    assert office.attempts()[0].dialled_at is not None
