"""The end of a call, when the network tells of it before the last turn, or twice at once."""

from __future__ import annotations

from collections.abc import Iterator
from threading import Barrier, Thread

import pytest
import sqlalchemy as sa

from app.ivr.turn import Heard, How
from app.models.call import Call, Wait, offer, take_back
from app.models.case import CaseEvent
from app.models.turns import TurnStore
from app.services.settle_call import note_leg_status
from app.services.take_turn import take_turn
from app.settings import Settings
from tests.journeys.cast import ADA, CORA, press_all
from tests.journeys.stage import Stage


@pytest.fixture
def office(settings: Settings) -> Iterator[Stage]:
    opened = Stage(settings)
    yield opened
    opened.close()


def press_late(office: Stage, keys: str) -> None:
    """The only call's next turn comes to be answered now."""
    (call,) = office.calls()
    board, now = office.runtime.board, office.clock.now()
    place = TurnStore(board.database, board.vault).newest(call.key)
    assert place is not None
    take_turn(board, call.key, place.number + 1, call.network_id, Heard(How.KEYS, keys=keys), now=now, wall_now=now)


def test_who_complains_in_a_turn_that_is_answered_after_the_end_of_the_call_gets_a_deadline_by_text(
    office: Stage,
) -> None:
    """T4, T9: the report of the end overtook the key."""
    office.call(CORA).hang_up()
    office.wait(seconds=20)
    assert office.cases() == []

    press_late(office, "1")
    office.wait(seconds=20)

    assert office.promise().status == "open"
    (text,) = office.texts_to(CORA)
    assert office.case().protocol in text.replace(" ", "")


def test_who_is_sent_to_the_queue_after_the_end_of_their_call_does_not_wait_there(office: Stage) -> None:
    """Agents would be rung for nobody, again and again."""
    office.hire("Ada", ADA)
    office.call(CORA).hang_up()
    office.wait(seconds=20)

    press_late(office, "0")
    office.wait(minutes=10)

    assert office.waits() == []
    assert office.attempts() == []
    assert office.calls()[0].settled_at is not None


def test_a_call_whose_end_is_told_twice_at_once_is_settled_once(office: Stage) -> None:
    call = press_all(office.call(CORA), "1", "2")
    start, failed = Barrier(2), []

    def tell(sequence: str) -> None:
        start.wait()
        try:
            note_leg_status(
                office.runtime.board,
                call.sid,
                "completed",
                sequence=sequence,
                seconds=9,
                now=office.clock.now(),
                wall_now=office.clock.now(),
            )
        except sa.exc.SQLAlchemyError as failure:
            failed.append(failure)

    threads = [Thread(target=tell, args=(sequence,)) for sequence in ("3", "clock")]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=20)

    assert failed == []
    assert office.promise().status == "open"
    with office.runtime.database.reads() as session:
        ends = session.scalars(sa.select(CaseEvent.id).where(CaseEvent.kind == "call_ended")).all()
    assert len(ends) == 1


@pytest.mark.parametrize("move", [offer, take_back])
def test_a_caller_who_has_left_is_neither_kept_for_an_agent_nor_made_to_wait_again(office: Stage, move) -> None:
    """Also when the row was read before they left."""
    with office.runtime.database.sessions.begin() as session:
        session.add(_call(office))
        session.flush()
        before = "waiting" if move is offer else "offered"
        wait = Wait(
            call_key="key", hotline="h", language="de", urgent=False, joined_at=office.clock.now(), status=before,
            queue="q",
        )  # fmt: skip
        session.add(wait)
        session.flush()
        session.connection().execute(sa.update(Wait.__table__).values(status="left", ended_at=office.clock.now()))

        assert wait.status == before  # as it was read
        assert not move(session, "key")
        session.refresh(wait)
        assert wait.status == "left"


def _call(office: Stage) -> Call:
    now = office.clock.now()
    return Call(
        key="key", network_id="CA1", hotline="h", called="+4930", caller=b"", flow_version="", language="de",
        started_at=now, seen_at=now,
    )  # fmt: skip
