"""Webhooks that come up to fifteen times, in any order, at the same time: the same records as once in order."""

from __future__ import annotations

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from random import Random
from threading import Barrier

import pytest
import sqlalchemy as sa
from hypothesis import given
from hypothesis import settings as limits
from hypothesis import strategies as st

from app.cli.virtual_office import VirtualOffice
from app.domain.call import LegStatus, is_over, next_status
from app.models.call import TurnRow
from app.models.promise import Attempt
from app.settings import Settings
from app.simulator.faults import Faults
from app.simulator.people import Person, machine
from app.simulator.signature import sign
from app.simulator.transport import WsgiTransport
from app.web.webhooks import gate
from tests.conftest import AUTH_TOKEN
from tests.trust.dumps import dump


@pytest.fixture(autouse=True)
def patient(monkeypatch: pytest.MonkeyPatch) -> None:
    """How long a caller waits for a slow database is told elsewhere; here a busy machine must not end in an apology."""
    monkeypatch.setattr(gate, "HURRIED", 60.0)


CORA, CEM, DORA = "+4915112345678", "+4915112345679", "+4915112345670"


def live_through_a_day(settings: Settings, faults: Faults) -> VirtualOffice:
    """A complaint, a wait in the queue that becomes a talk, a machine that takes the callback, a text."""
    office = VirtualOffice(settings, seed=3, faults=faults)
    office.hire("Ada", "+493012345671")
    office.carrier.introduce(CEM, machine())
    call = office.call(CORA)
    call.press("1").press("1").press("1").say("Ein Wasserkocher").press("1").say("Er brannte.").press("#")
    call.press("2").press("1").press("1").press("1").hang_up()
    office.call(CEM).press("1").press("2").hang_up()
    office.carrier.dial(DORA, office.number, person=Person(cues=((r"Beschwerde", None),), talk_seconds=30))
    office.run(minutes=30)
    office.carrier.text(DORA, office.number, "Und noch etwas")
    office.run(step_seconds=20, hours=3)
    return office


@pytest.mark.parametrize("times", [2, 15])
def test_every_webhook_delivered_many_times_at_once_leaves_the_same_records(settings: Settings, times: int, request):
    once = live_through_a_day(settings, Faults())
    wanted = dump(once)
    once.close()

    fresh = fresh_database(settings, request)
    repeated = live_through_a_day(fresh, Faults(repeat=times - 1, duplicate=2))
    found = dump(repeated)
    statuses = {sent.status for sent in repeated.carrier.webhooks}
    apologies = [sent.url for sent in repeated.carrier.webhooks if "/voice/fallback" in sent.document + sent.url]
    repeated.close()

    assert statuses <= {200, 204}
    assert apologies == []
    assert found == wanted


def fresh_database(settings: Settings, request: pytest.FixtureRequest) -> Settings:
    """The same settings on another empty database of the same kind."""
    if settings.database_url.startswith("sqlite"):
        from shutil import copy

        folder = request.getfixturevalue("tmp_path")
        file = copy(request.getfixturevalue("migrated_sqlite"), folder / "again.db")
        return settings.model_copy(update={"database_url": f"sqlite:///{file}"})
    server, name = request.getfixturevalue("postgres_server"), "again"
    server.drop(name)
    url = server.create(name, template=request.getfixturevalue("migrated_postgres"))
    return settings.model_copy(update={"database_url": url})


@pytest.fixture
def office(settings: Settings) -> Iterator[VirtualOffice]:
    opened = VirtualOffice(settings)
    yield opened
    opened.close()


def test_fifty_identical_turns_at_once_are_one_turn(office: VirtualOffice) -> None:
    call = office.call(CORA)
    call.press("1")
    asked = office.carrier.webhooks[-1]
    params = [(name, "1" if name == "Digits" else value) for name, value in asked.params.items()]
    key, number = asked.url.rsplit("/", 2)[1:]
    url = asked.url.rsplit("/", 1)[0] + f"/{int(number) + 1}"
    signature = sign(AUTH_TOKEN, url, params)
    barrier = Barrier(50)

    def deliver(_: int) -> tuple[int, bytes]:
        barrier.wait()
        headers = {"Content-Type": "application/x-www-form-urlencoded", "X-Twilio-Signature": signature}
        reply = WsgiTransport(office.app)("POST", url, params, headers)
        return reply.status, reply.body

    with ThreadPoolExecutor(50) as pool:
        answers = set(pool.map(deliver, range(50)))

    assert len(answers) == 1
    assert next(iter(answers))[0] == 200
    assert b"/voice/fallback" not in next(iter(answers))[1]
    with office.runtime.database.reads() as session:
        numbers = session.scalars(sa.select(TurnRow.number).where(TurnRow.call_key == key)).all()
    assert sorted(numbers) == list(range(int(number) + 2))


def test_two_clocks_at_once_start_one_attempt_for_each_promise(settings: Settings) -> None:
    office = VirtualOffice(settings)
    for place in range(8):
        office.hire(f"Agent{place}", f"+49301234567{place}")
    for place in range(6):
        office.call(f"+491511234560{place}").press("1").hang_up()
    office.carrier.run(30)
    barrier = Barrier(4)

    def tick(_: int) -> int:
        barrier.wait()
        from app.jobs.ticks import start_attempts

        return start_attempts(office.office)

    for _ in range(10):  # one dial each second, as the account's pace wants it
        office.clock.advance(seconds=1)
        with ThreadPoolExecutor(4) as pool:
            list(pool.map(tick, range(4)))

    with office.runtime.database.reads() as session:
        promises = session.scalars(sa.select(Attempt.promise_id)).all()
    office.close()
    assert len(promises) == len(set(promises)) == 6


STEPS = st.lists(st.sampled_from(list(LegStatus)), min_size=1, max_size=12)


@given(told=STEPS, seed=st.integers(0, 999))
@limits(max_examples=300)
def test_a_leg_ends_once_in_whatever_order_it_is_told(told: list[LegStatus], seed: int) -> None:
    shuffled = Random(seed).sample(told * 3, len(told) * 3)
    stands: LegStatus | None = None
    ends: set[LegStatus] = set()
    for status in shuffled:
        stands = next_status(stands, status)
        if is_over(stands):
            ends.add(stands)

    assert len(ends) == (1 if any(is_over(status) for status in told) else 0)
