"""Clock processes that are killed at random, and at each step of a dial: nobody is forgotten, nobody is rung twice."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Sequence
from datetime import timedelta
from pathlib import Path

import pytest

from app.cli.virtual_office import VirtualOffice
from app.jobs.ticks import Office
from app.settings import Settings
from app.simulator.faults import Faults
from app.simulator.people import Person
from app.telephony.port import Phone
from tests.trust.clock_rig import Processes, make_promises, office_processes, open_office, rings_and_ends
from tests.trust.fates import Fates
from tests.trust.oracle import double_rings, promise_complaints
from tests.trust.passing_time import run_until_quiet


class Killed(BaseException):
    """The process has ended at this point, without a last word."""


class FatalPhone:
    """Ends the process once at a named step of a dial."""

    def __init__(self, phone: Phone, step: str) -> None:
        self._phone, self._step = phone, step

    def dial(self, *given: str, **how: object) -> str:
        if self._step == "before the request":
            raise Killed
        network_id = self._phone.dial(*given, **how)  # type: ignore[arg-type]
        if self._step == "before the result is written":
            raise Killed
        return network_id

    def __getattr__(self, name: str) -> object:
        return getattr(self._phone, name)


@pytest.mark.parametrize("lose", [0.0, 1.0], ids=["told by webhooks", "told nothing"])
@pytest.mark.parametrize("step", ["before the request", "before the result is written"])
def test_who_takes_over_from_a_killed_clock_dials_exactly_once(settings: Settings, step: str, lose: float) -> None:
    office = VirtualOffice(settings, seed=8, faults=Faults(lose=lose))
    customers = [f"+49151123456{place:02d}" for place in range(6)]
    for place, number in enumerate(customers):
        office.hire(f"Agent{place}", f"+49301234567{place}")
        office.carrier.introduce(number, Person())
        office.call(number).press("1").hang_up()
    phone = office.office.phone
    office.office = Office(office.runtime, FatalPhone(phone, step))  # type: ignore[arg-type]

    deaths = 0
    for _ in customers:
        try:
            office.run(seconds=400)
        except Killed:
            deaths += 1
    office.office = Office(office.runtime, phone)
    run_until_quiet(office)

    rings = Counter(leg.to for leg in office.carrier.calls if leg.direction == "outbound-dial")
    left = [*promise_complaints(office), *double_rings(office)]
    ends = [promise.status for promise in office.promises()]
    office.close()
    assert deaths >= 4
    assert left == []
    assert rings == dict.fromkeys(customers, 1)
    assert ends == ["kept"] * len(customers)


@pytest.fixture
def processes(settings: Settings, environ: dict[str, str], tmp_path: Path) -> Iterator[Processes]:
    with office_processes(settings, environ, tmp_path) as started:
        yield started


STEPS = (
    "claimed",
    "intent written",
    "before the request",
    "after the request",
    "before the result",
    "after the result",
)
SLEEPS = ("sleep at intent written", "sleep at before the request", "sleep at after the request")
DEATHS = tuple(f"die at {step}" for step in STEPS)
KILLS = ("kill", "die while dialling")
"""At any moment of a life, mostly of rest; and at any moment of a dial."""


def check_fates(
    settings: Settings,
    processes: Processes,
    fates: Sequence[str],
    *,
    callbacks: int,
    seconds: float,
    pace: float = 20,
    web_workers: int = 1,
    **how: int,
) -> Fates:
    """Every fate is met, every promise is kept, and every customer is rung exactly once."""
    processes.environ["CALLS_PER_SECOND"] = str(pace)
    customers = make_promises(settings, callbacks)
    open_office(processes, customers, web_workers=web_workers)

    lived = Fates(processes, settings, fates, **how)
    lived.run(seconds=seconds)

    rings, ends = rings_and_ends(processes, settings)
    told = f"{lived.in_the_middle} in the middle of a dial, {lived.by_themselves} ended by themselves"
    print(f"{lived.lives} lives, {sum(lived.met.values())} fates, {told}")
    assert lived.met == Counter(fates)
    assert ends == {"kept": callbacks}
    assert rings == dict.fromkeys(customers, 1)
    return lived


@pytest.mark.crash
@pytest.mark.timeout(300)
def test_no_callback_is_lost_or_doubled_when_clocks_die_sleep_or_end_at_any_step(
    settings: Settings, processes: Processes
) -> None:
    fates = [SLEEPS[1], *DEATHS, *KILLS, "end"]
    lived = check_fates(settings, processes, fates, callbacks=24, seconds=150, clocks=3)

    assert [status for _, status in lived.ends] == [0]
    assert lived.left_unknown == 0


@pytest.mark.crash
@pytest.mark.long
@pytest.mark.parametrize("fate", DEATHS)
def test_no_callback_is_lost_or_doubled_at_one_step_twenty_times(
    settings: Settings, processes: Processes, fate: str
) -> None:
    check_fates(settings, processes, [fate] * 20, callbacks=60, seconds=600, pace=2, clocks=3)


@pytest.mark.crash
@pytest.mark.long
@pytest.mark.parametrize("fate", SLEEPS)
def test_who_slept_past_their_lease_fifty_times_rings_no_customer_again(
    settings: Settings, processes: Processes, fate: str
) -> None:
    check_fates(settings, processes, [fate] * 50, callbacks=75, seconds=900, pace=2, clocks=8, steady=2)


@pytest.mark.crash
@pytest.mark.long
def test_no_callback_of_a_thousand_is_lost_or_doubled_by_two_hundred_kills(
    settings: Settings, processes: Processes
) -> None:
    check_fates(settings, processes, KILLS * 100, callbacks=1000, seconds=1500, pace=6, clocks=3)


BATCHES = 10


@pytest.mark.crash
@pytest.mark.long
@pytest.mark.parametrize("batch", range(BATCHES))
def test_no_callback_is_lost_or_doubled_by_five_thousand_kills(
    settings: Settings, processes: Processes, batch: int
) -> None:
    """In batches that can be run one by one: `pytest -k "five_thousand and 3"`."""
    fates = KILLS * (5000 // BATCHES // len(KILLS))
    check_fates(settings, processes, fates, callbacks=500, seconds=1700, pace=6, clocks=3, seed=batch)


@pytest.mark.crash
@pytest.mark.parametrize(
    ("kills", "callbacks"), [pytest.param(50, 300, marks=pytest.mark.long)], ids=["50 kills, 300 callbacks"]
)
def test_two_clocks_and_two_web_processes_lose_and_double_nothing(
    settings: Settings, processes: Processes, kills: int, callbacks: int
) -> None:
    fates = KILLS * (kills // len(KILLS))
    check_fates(settings, processes, fates, callbacks=callbacks, seconds=600, pace=6, web_workers=2, clocks=2)


@pytest.mark.crash
@pytest.mark.long
def test_who_is_told_to_end_under_load_ends_in_time_and_leaves_nothing_unknown(
    settings: Settings, processes: Processes
) -> None:
    lived = check_fates(settings, processes, ["end"] * 100, callbacks=200, seconds=900, pace=2, clocks=3)

    assert {status for _, status in lived.ends} == {0}
    assert max(seconds for seconds, _ in lived.ends) <= 10
    assert lived.left_unknown == 0


def test_an_outage_of_all_clocks_is_made_up_for_without_a_second_ring(settings: Settings) -> None:
    office = VirtualOffice(settings, seed=8)
    customers = [f"+49151123456{place:02d}" for place in range(6)]
    office.hire("Ada", "+493012345671")
    for number in customers:
        office.carrier.introduce(number, Person())
        office.call(number).press("1").hang_up()
    office.carrier.run(timedelta(hours=2).total_seconds())
    run_until_quiet(office)

    rings = Counter(leg.to for leg in office.carrier.calls if leg.direction == "outbound-dial")
    ends = [promise.status for promise in office.promises()]
    office.close()
    assert rings == dict.fromkeys(customers, 1)
    assert ends == ["kept"] * len(customers)
