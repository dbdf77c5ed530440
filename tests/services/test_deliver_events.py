"""Events reach whoever subscribed: at least once, signed, in order for each case, and without a word about a person."""

from __future__ import annotations

import base64
import hashlib
import hmac
from collections.abc import Callable, Iterator
from datetime import timedelta
from threading import Barrier, Thread
from typing import Any

import pytest
import sqlalchemy as sa

from app.domain.clock import FakeClock
from app.domain.told_event import EVENTS, TEST
from app.models.case import Case
from app.models.journal import IMPORT, end_promise, note
from app.models.promise import Promise
from app.models.subscriber import Delivery, Subscriber
from app.runtime import Runtime
from app.services.deliver_events import KEPT, PAUSES, deliver_events, forget_deliveries
from app.services.subscribe import deliver_again, rotate, send_test, subscribe, switch
from tests.outgoing.receiver import Receiver
from tests.web.make import CUSTOMER, make_case, make_promise

one_database = pytest.mark.parametrize("database_url", ["sqlite"], indirect=True)


@pytest.fixture
def receiver() -> Iterator[Receiver]:
    other = Receiver()
    yield other
    other.close()


@pytest.fixture
def secret(runtime: Runtime, receiver: Receiver) -> str:
    """That of the one system that is told of everything."""
    return told(runtime, "shop", receiver.url)


def told(runtime: Runtime, name: str, url: str, **but: Any) -> str:
    terms = {"events": EVENTS, "with_phone": False, "may_be_private": True, "wall_now": runtime.wall.now(), **but}
    with runtime.database.sessions.begin() as session:
        return subscribe(session, runtime.vault, name=name, url=url, **terms)


def complain(runtime: Runtime, protocol: str = "2612345679") -> int:
    """A complaint with a promise that is kept, and a message to the customer, of which nobody is told."""
    now, vault = runtime.clock.now(), runtime.vault
    with runtime.database.sessions.begin() as session:
        case = make_case(session, vault, now, protocol=protocol)
        promise = make_promise(session, vault, case, now)
        note(session, vault, case, "promised", "ivr", now, due_at=promise.due_at.isoformat(), promise=promise.id)
        note(session, vault, case, "text_queued", "clock", now, body="Guten Tag, Frau Meier")
        end_promise(session, vault, promise, "kept", "staff:1", now)
        note(session, vault, case, "note", "staff:1", now, text="Frau Meier ist krank")
        return case.id


def send(runtime: Runtime, **but: Any) -> int:
    clocks = {"clock": runtime.clock, "wall": runtime.wall}
    return deliver_events(runtime.database, runtime.vault, **{"may_be_private": True, **clocks, **but})


def send_all(runtime: Runtime) -> None:
    while send(runtime):
        pass


def rows(runtime: Runtime) -> list[tuple[str, str, int]]:
    with runtime.database.reads() as session:
        query = sa.select(Delivery.event, Delivery.status, Delivery.tries).order_by(Delivery.id)
        return [tuple(row) for row in session.execute(query)]


def change(runtime: Runtime, do: Callable[..., object]) -> None:
    with runtime.database.sessions.begin() as session:
        do(session, session.scalars(sa.select(Subscriber).order_by(Subscriber.id)).first())


def is_signed(secret: str, headers: dict[str, str], body: bytes) -> list[bool]:
    """As Standard Webhooks says, without a line of ours."""
    content = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    key = base64.b64decode(secret.removeprefix("whsec_"))
    mark = base64.b64encode(hmac.new(key, content, hashlib.sha256).digest()).decode()
    return [mark == each.removeprefix("v1,") for each in headers["webhook-signature"].split()]


def test_what_happens_is_told_once_in_order_signed_and_names_nobody(
    runtime: Runtime, receiver: Receiver, secret: str
) -> None:
    complain(runtime)
    assert send(runtime) == 1  # the others wait until the first was taken
    send_all(runtime)

    assert receiver.types == ["case.opened", "promise.made", "promise.kept", "case.changed"]
    assert all(is_signed(secret, headers, body) == [True] for headers, body in receiver.got)
    assert len({headers["webhook-id"] for headers, _ in receiver.got}) == 4
    made = receiver.told[1]["data"]
    assert made["case"] == {
        "protocol": "2612345679", "kind": "complaint", "hotline": "haushalt", "channel": "phone", "version": 2,
    }  # fmt: skip
    assert (made["promise"], made["due_at"][:10]) == (1, "2026-03-02")
    assert not any(word in body for _, body in receiver.got for word in (b"Meier", CUSTOMER.encode(), b"kocht"))
    assert send(runtime) == 0


def test_two_clocks_send_each_event_once_and_one_that_died_is_followed_by_another(
    runtime: Runtime, receiver: Receiver, secret: str, clock: FakeClock
) -> None:
    for number in range(4):
        complain(runtime, f"260000000{number}")
    gate = Barrier(2)

    def tick() -> None:
        gate.wait()
        send_all(runtime)

    threads = [Thread(target=tick) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    send_all(runtime)
    assert len(receiver.got) == len({headers["webhook-id"] for headers, _ in receiver.got}) == 16

    with runtime.database.sessions.begin() as session:  # it was sent, and the sender died before it could say so
        late = runtime.wall.now() + timedelta(seconds=60)
        session.execute(sa.update(Delivery).where(Delivery.id == 1).values(status="sending", claimed_until=late))
    assert send(runtime) == 0
    clock.advance(seconds=61)
    assert send(runtime) == 1
    again, sent_as = receiver.got[-1], receiver.got[-1][0]["webhook-id"]
    assert [body for headers, body in receiver.got if headers["webhook-id"] == sent_as] == [again[1]] * 2


def test_an_event_is_there_if_what_it_tells_of_is_and_only_then(runtime: Runtime, secret: str) -> None:
    with runtime.database.sessions() as session:
        make_case(session, runtime.vault, runtime.clock.now())
        assert session.scalar(sa.select(sa.func.count()).select_from(Delivery)) == 1
        session.rollback()
    assert rows(runtime) == []
    complain(runtime)
    assert [event for event, _, _ in rows(runtime)][:2] == ["case.opened", "promise.made"]


@one_database
def test_who_does_not_answer_is_tried_for_three_days_then_a_person_sends_it_again(
    runtime: Runtime, receiver: Receiver, secret: str, clock: FakeClock
) -> None:
    receiver.status = 500
    complain(runtime)
    for pause in PAUSES:
        assert send(runtime) == 0
        assert send(runtime) == 0  # it rests meanwhile
        clock.advance(seconds=max(pause.total_seconds(), 300))
    assert send(runtime) == 0
    assert rows(runtime)[:2] == [("case.opened", "dead", len(PAUSES) + 1), ("promise.made", "waiting", 0)]

    receiver.status = 200
    clock.advance(minutes=6)
    send_all(runtime)
    assert receiver.types[-3:] == ["promise.made", "promise.kept", "case.changed"]  # what follows is told all the same
    change(runtime, lambda session, shop: deliver_again(session, shop, None, now=clock.now()))
    assert send(runtime) == 1
    assert {status for _, status, _ in rows(runtime)} == {"accepted"}
    assert forget_deliveries(runtime.database, now=clock.now() + KEPT) == 3
    assert forget_deliveries(runtime.database, now=clock.now() + KEPT + timedelta(seconds=1)) == 1


@one_database
def test_one_that_fails_is_not_in_the_way_of_another(runtime: Runtime, receiver: Receiver, secret: str) -> None:
    away = told(runtime, "away", "http://127.0.0.1:9/")
    assert away != secret
    for number in range(3):
        complain(runtime, f"260000000{number}")
    send_all(runtime)

    assert len(receiver.got) == 12
    with runtime.database.reads() as session:
        tried = sa.select(sa.func.sum(Delivery.tries)).join(Subscriber).where(Subscriber.name == "away")
        assert session.scalar(tried) == 1


@one_database
def test_a_subscriber_says_what_it_wants_and_that_it_is_gone(
    runtime: Runtime, receiver: Receiver, clock: FakeClock
) -> None:
    told(runtime, "kept only", receiver.url, events=["promise.kept"], with_phone=True)
    complain(runtime)
    send_all(runtime)
    assert receiver.types == ["promise.kept"]
    assert receiver.told[0]["data"]["customer"] == {"phone": CUSTOMER}

    receiver.status = 410
    change(runtime, lambda session, it: send_test(session, it, now=clock.now()))
    assert send(runtime) == 0
    clock.advance(days=1)
    complain(runtime, "2600000001")
    assert (send(runtime), rows(runtime)[-1][:2]) == (0, (TEST, "dead"))

    receiver.status = 200
    change(runtime, lambda _, it: switch(it, on=True, wall_now=clock.now()))
    change(runtime, lambda session, it: send_test(session, it, now=clock.now()))
    assert send(runtime) == 1
    assert receiver.types[-1] == TEST


@one_database
def test_a_new_secret_and_the_old_one_sign_for_a_day(
    runtime: Runtime, receiver: Receiver, secret: str, clock: FakeClock
) -> None:
    new: list[str] = []
    change(runtime, lambda _, it: new.append(rotate(runtime.vault, it, wall_now=clock.now())))
    for _ in range(2):
        change(runtime, lambda session, it: send_test(session, it, now=clock.now()))
        send(runtime)
        clock.advance(hours=25)

    both, later = receiver.got
    assert (is_signed(new[0], *both), is_signed(secret, *both)) == ([True, False], [False, True])
    assert (is_signed(new[0], *later), is_signed(secret, *later)) == ([True], [False])


@one_database
def test_neighbours_imports_and_erased_histories(runtime: Runtime, receiver: Receiver, secret: str) -> None:
    case_id = complain(runtime)
    assert send(runtime, may_be_private=False) == 0
    assert receiver.got == []  # whoever entered the address could not have us ask a neighbour
    with runtime.database.sessions.begin() as session:
        case = session.get_one(Case, case_id)
        note(session, runtime.vault, case, "received", IMPORT, runtime.clock.now())
        assert session.scalar(sa.select(sa.func.count()).select_from(Promise)) == 1
    assert len(rows(runtime)) == 4
    with runtime.database.reads() as session:
        shop = session.scalars(sa.select(Subscriber)).one()
        assert not any(secret.encode() in bytes(value) for value in (shop.secret, shop.url))
