"""Whatever becomes of a promise, the customer learns of its end, and once: by the conversation or by a text (T15)."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
import sqlalchemy as sa

from app.domain.promise import PromiseStatus
from app.models.outbox import OutboxItem
from app.models.promise import Promise
from app.models.reminder import Forewarning
from app.models.staff import Staff
from app.simulator.people import machine
from tests.journeys.cast import ADA, BEN, CORA, complain, complain_and_hang_up, press_all
from tests.journeys.stage import Stage, absent, engaged

TEXT_OF = {
    "unreachable": "text.unreachable",
    "broken": "text.broken",
    "withdrawn": "text.withdrawn",
    "discharged": "text.discharged",
}
CUSTOMERS = 14


def notices(office: Stage, promise: Promise) -> list[str]:
    """All by which the customer learnt how this promise ended."""
    found = ["conversation" for attempt in office.attempts() if attempt.promise_id == promise.id and attempt.bridged_at]
    with office.runtime.database.reads() as session:
        keys = session.scalars(sa.select(OutboxItem.key)).all()
        successor = session.get(Promise, promise.successor_id) if promise.successor_id else None
    found += [text for text in TEXT_OF.values() if any(key.startswith(f"{promise.key}:{text}:") for key in keys)]
    if successor is not None:
        is_texted = any(key.startswith(f"{successor.key}:text.promise_moved:") for key in keys)
        is_answered = successor.made_by.startswith("agreed:") and successor.spoken_text is not None
        found += ["text.promise_moved"] * is_texted + ["text.agreed"] * is_answered
    return found


def expected(promise: Promise) -> set[str]:
    """What may tell of such an end."""
    if promise.status in ("kept", "kept_late"):
        return {"conversation"}
    if promise.status == "moved":
        return {"text.promise_moved", "text.agreed"}
    return {TEXT_OF[promise.status]}


def live(office: Stage, dice: Random, number: str) -> None:
    """One customer: complains, and then does what they like."""
    person = dice.choice([None, None, absent(), engaged(), machine()])
    if person is not None:
        office.carrier.introduce(number, person)
    what = dice.choice(["nothing", "nothing", "move", "withdraw"])
    if what == "move":
        press_all(complain(office, number), "3", "2", "3").hang_up()
    else:
        complain_and_hang_up(office, number)
    if what == "withdraw":
        press_all(office.call(number), "4", "2", "1").hang_up()


@pytest.mark.parametrize("seed", range(3))
def test_each_end_has_exactly_one_notice_and_it_is_the_right_one(office: Stage, seed: int) -> None:
    """Three days drawn by lot: people who answer, who do not, who move, withdraw and agree; agents come and go."""
    dice = Random(seed)
    office.hire("Ada", ADA, available=False)
    office.hire("Ben", BEN, available=False)
    numbers = [f"+4915112345{number:03d}" for number in range(CUSTOMERS)]
    for number in numbers:
        live(office, dice, number)
        office.wait(minutes=dice.randrange(25))
        with office.runtime.database.sessions.begin() as session:
            is_there = dice.random() < 0.3
            session.execute(sa.update(Staff).values(available=is_there))
    with office.runtime.database.sessions.begin() as session:
        session.execute(sa.update(Staff).values(available=False))
    office.wait(hours=3)
    with office.runtime.database.reads() as session:
        offered = session.scalars(sa.select(Forewarning.phone_index)).all()
    for number in numbers:
        if office.runtime.vault.index(number) in offered and dice.random() < 0.5:
            office.carrier.text(number, office.number, "1")
    with office.runtime.database.sessions.begin() as session:
        session.execute(sa.update(Staff).values(available=dice.random() < 0.5))
    office.wait(days=1)
    with office.runtime.database.sessions.begin() as session:
        session.execute(sa.update(Staff).values(available=False))
    office.wait(days=4)

    ends = Counter(promise.status for promise in office.promises())
    silent = {
        promise.id: (promise.status, promise.cause, notices(office, promise))
        for promise in office.promises()
        if len(found := notices(office, promise)) != 1 or not expected(promise).issuperset(found)
    }
    with office.runtime.database.reads() as session:
        told = {each.promise_id: each.foreseen_at for each in session.scalars(sa.select(Forewarning))}
    unprepared = [
        promise.id
        for promise in office.promises()
        if promise.status == "broken"
        and not promise.attempts_made
        and told.get(promise.id, promise.due_at) >= promise.due_at
    ]
    assert silent == {}
    assert unprepared == []
    assert PromiseStatus.OPEN not in ends
    assert len(ends) >= 3, ends


def test_who_is_served_by_another_call_is_told_that_nobody_calls_any_more(office: Stage) -> None:
    """A conversation in the queue ends the promise, and a text says so."""
    complain_and_hang_up(office)
    office.carrier.manned.add(ADA)
    office.hire("Ada", ADA)
    press_all(office.call(CORA), "4", "4")
    office.wait(seconds=5)
    (agent,) = office.carrier.ringing(ADA)
    agent.answer()
    agent.press("1")
    office.wait(seconds=10)

    assert office.promise().status == "discharged"
    assert notices(office, office.promise()) == ["text.discharged"]
