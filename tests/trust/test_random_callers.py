"""Seeded callers who do anything at all, and agents who accept, decline and stay silent."""

from __future__ import annotations

from collections import Counter
from random import Random

import pytest
import sqlalchemy as sa

from app.cli.virtual_office import VirtualOffice
from app.models.case import Case
from app.settings import Settings
from app.simulator.people import Pickup
from tests.trust.lock_order import LockOrder
from tests.trust.oracle import complaints_about
from tests.trust.passing_time import run_until_quiet, tick
from tests.trust.people import Agent, Wanderer, caller_number, customer

GROUP = 50  # callers on one morning
SMALL_GROUP = 20
NUMBERS = ("+493012345600", "+551130001234")


def hire_everybody(office: VirtualOffice, dice: Random) -> None:
    for place in range(6):
        pickup = (Pickup.ANSWER, Pickup.ANSWER, Pickup.ANSWER, Pickup.ANSWER, Pickup.IGNORE, Pickup.BUSY)[place]
        office.hire(f"Agent{place}", f"+49301234567{place}", person=Agent(Random(dice.random()), pickup=pickup))


def let_everybody_call(office: VirtualOffice, seed: int, count: int) -> None:
    dice = Random(seed)
    hire_everybody(office, dice)
    for _ in range(count):
        number = caller_number(dice)
        caller = Wanderer(
            Random(dice.random()), patience=dice.choice((0.8, 0.95, 0.99, 1.0)), purposeful=dice.choice((0.1, 0.6, 0.9))
        )
        office.carrier.introduce(number, customer(Random(dice.random())))
        office.carrier.dial(number, dice.choice(NUMBERS), person=caller)
        office.carrier.run(dice.expovariate(1 / 15))
        tick(office)
    run_until_quiet(office)


def check_morning(settings: Settings, seed: int, callers: int = GROUP) -> None:
    office = VirtualOffice(settings, seed=seed)
    order = LockOrder(office.runtime.database.engine)
    let_everybody_call(office, seed=seed, count=callers)

    assert complaints_about(office) == []
    assert list(order.contradictions()) == []
    with office.runtime.database.reads() as session:
        kinds = Counter(session.scalars(sa.select(Case.kind)))
    ends = Counter(promise.status for promise in office.promises())
    office.close()
    assert kinds["complaint"] > callers / 10, kinds
    assert ends["kept"] + ends["unreachable"] > 0, ends


@pytest.mark.parametrize("seed", [11])
def test_nobody_is_lost_whatever_callers_and_agents_do(settings: Settings, seed: int) -> None:
    check_morning(settings, seed, SMALL_GROUP)


@pytest.mark.long
@pytest.mark.parametrize("seed", range(100, 110))
def test_nobody_of_a_thousand_is_lost(settings: Settings, seed: int) -> None:
    check_morning(settings, seed)
