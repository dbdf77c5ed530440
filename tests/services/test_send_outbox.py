"""What waits to go out: once, or looked at by a person, and never in the way of what waits behind it."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from app.domain.clock import FakeClock
from app.domain.errors import NetworkUnknown
from app.models.journal import queue_out
from app.models.outbox import OutboxItem
from app.runtime import Runtime
from app.services.hear_of_text import hear_of_text
from app.services.send_outbox import recover_outbox, send_outbox

TEXT = {"to": "+4915112345678", "from": "+493012345600", "body": "Guten Tag"}


class Network:
    """Takes what it is given; while it is silent, nobody learns what became of it."""

    def __init__(self) -> None:
        self.is_silent = False
        self.asked: list[str] = []
        self.tells: Callable[[int, str], object] | None = None  # of a text, before it is answered that it was taken

    def hang_up(self, network_id: str) -> None:
        self._answer(network_id)

    def send_text(self, to: str, *, from_number: str, body: str, status_url: str) -> str:
        if self.tells is not None:
            self.tells(int(status_url.rsplit("/", 1)[1]), f"SM{len(self.asked) + 1}")
        self._answer(to)
        return f"SM{len(self.asked)}"

    def _answer(self, what: str) -> None:
        self.asked.append(what)
        if self.is_silent:
            raise NetworkUnknown("no answer")


@pytest.fixture
def network() -> Network:
    return Network()


def put(runtime: Runtime, key: str, kind: str = "text") -> bool:
    payload = TEXT if kind == "text" else {"network_id": "CA1"}
    with runtime.database.sessions.begin() as session:
        return queue_out(session, runtime.vault, key=key, kind=kind, at=runtime.clock.now(), payload=payload)


def statuses(runtime: Runtime) -> dict[str, str]:
    with runtime.database.reads() as session:
        return {item.key: item.status for item in session.scalars(sa.select(OutboxItem))}


def test_two_that_put_the_same_thing_in_at_once_put_it_in_once(runtime: Runtime) -> None:
    start, came = Barrier(2), []

    def send() -> None:
        start.wait()
        came.append(put(runtime, "the same"))

    threads = [Thread(target=send) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert sorted(came) == [False, True]
    assert statuses(runtime) == {"the same": "waiting"}


def test_what_cannot_be_opened_fails_and_what_waits_behind_it_goes_out(runtime: Runtime, network: Network) -> None:
    """A key was taken out of the settings too early."""
    put(runtime, "old")
    with runtime.database.sessions.begin() as session:
        session.execute(sa.update(OutboxItem).values(payload=b"\x02k0" + bytes(40)))
    put(runtime, "new")

    send_outbox(runtime.board, network, clock=runtime.clock, wall=runtime.wall)

    assert statuses(runtime) == {"old": "failed", "new": "sent"}


def test_a_text_without_an_answer_is_left_to_a_person_and_a_leg_is_ended_again(
    runtime: Runtime, network: Network, clock: FakeClock
) -> None:
    """To end what has ended harms nobody; a text sent twice does."""
    put(runtime, "text")
    put(runtime, "leg", "hang_up")
    network.is_silent = True
    send_outbox(runtime.board, network, clock=clock, wall=clock)
    assert statuses(runtime) == {"text": "unsure", "leg": "waiting"}

    network.is_silent = False
    clock.advance(minutes=2)
    send_outbox(runtime.board, network, clock=clock, wall=clock)

    assert statuses(runtime) == {"text": "unsure", "leg": "sent"}
    assert network.asked == [TEXT["to"], "CA1", "CA1"]


def test_what_a_dead_sender_left_is_found_when_its_claim_has_lapsed(runtime: Runtime, clock: FakeClock) -> None:
    put(runtime, "text")
    put(runtime, "leg", "hang_up")
    with runtime.database.sessions.begin() as session:
        until = clock.now() + timedelta(seconds=30)
        session.execute(sa.update(OutboxItem).values(status="sending", claimed_until=until))

    assert recover_outbox(runtime.board, now=clock.now(), wall_now=clock.now()) == 0
    clock.advance(seconds=31)
    assert recover_outbox(runtime.board, now=clock.now(), wall_now=clock.now()) == 2

    assert statuses(runtime) == {"text": "unsure", "leg": "waiting"}


@pytest.mark.parametrize("is_silent", [False, True], ids=["then answers", "then does not answer"])
def test_what_is_told_of_a_text_before_we_have_written_down_that_it_was_taken_is_kept(
    runtime: Runtime, network: Network, clock: FakeClock, is_silent: bool
) -> None:
    put(runtime, "text")
    network.is_silent = is_silent
    network.tells = lambda item_id, network_id: hear_of_text(
        runtime.board, item_id, network_id, "delivered", "", now=clock.now()
    )

    send_outbox(runtime.board, network, clock=clock, wall=clock)

    with runtime.database.reads() as session:
        item = session.scalars(sa.select(OutboxItem)).one()
    assert (item.status, item.network_id, list(item.details)) == ("sent", "SM1", ["delivered"])


def test_what_is_told_of_another_message_changes_nothing(runtime: Runtime, network: Network, clock: FakeClock) -> None:
    put(runtime, "text")
    send_outbox(runtime.board, network, clock=clock, wall=clock)

    assert not hear_of_text(runtime.board, 1, "SM9", "failed", "30006", now=clock.now())
    assert not hear_of_text(runtime.board, 2, "SM1", "failed", "30006", now=clock.now())
    assert hear_of_text(runtime.board, 1, "SM1", "delivered", "", now=clock.now())
