"""How long conversations lasted is kept up to date by what has ended since, on both databases."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

from app.models.case import Case
from app.models.handling import measured_seconds
from app.models.promise import Attempt, Promise
from app.models.staff import Staff

NINE = datetime(2026, 3, 2, 9, tzinfo=UTC)


def a_promise(session) -> tuple[Promise, Staff]:
    """A complaint at the hotline "h", a promise about it and an agent."""
    session.add(ada := Staff(email="a", name="Ada", role="agent", languages=["de"], created_at=NINE))
    session.flush()
    texts = dict.fromkeys(("key", "protocol", "status", "channel", "language", "source", "source_id"), "x")
    case = Case(**texts, hotline="h", kind="complaint", record=b"", received_at=NINE, changed_at=NINE)
    session.add(case)
    session.flush()
    times = dict.fromkeys(("made_at", "due_at", "not_before_at", "latest_start_at", "next_attempt_at"), NINE)
    names = {"key": "p", "made_by": "m", "hotline": "h", "language": "de", "phone": b"", "phone_index": "i"}
    promise = Promise(**names, **times, case_id=case.id)
    session.add(promise)
    session.flush()
    return promise, ada


def talk(session, promise: Promise, ada: Staff, key: str, begun: datetime, seconds: int) -> Attempt:
    """A conversation for a promise that has ended."""
    attempt = Attempt(key=key, promise_id=promise.id, staff_id=ada.id, stage="ended", started_at=begun, wall_at=begun)
    attempt.bridged_at, attempt.ended_at = begun, begun + timedelta(seconds=seconds)
    session.add(attempt)
    session.flush()
    return attempt


def test_what_has_ended_or_was_documented_since_is_added_to_what_is_known(session):
    promise, ada = a_promise(session)
    first = talk(session, promise, ada, "1", NINE, 100)
    assert measured_seconds(session, "h", now=NINE + timedelta(minutes=5))["complaint"] == [100]

    talk(session, promise, ada, "2", NINE + timedelta(minutes=5), 200)
    assert measured_seconds(session, "h", now=NINE + timedelta(minutes=5, seconds=30))["complaint"] == [100]
    assert measured_seconds(session, "h", now=NINE + timedelta(minutes=9))["complaint"] == [200, 100]

    first.wrapped_up_at = first.ended_at + timedelta(minutes=10)
    session.flush()
    assert measured_seconds(session, "h", now=NINE + timedelta(minutes=12))["complaint"] == [200, 700]


def test_what_was_erased_counts_no_longer_than_some_hours_and_other_hotlines_never(session):
    promise, ada = a_promise(session)
    talk(session, promise, ada, "1", NINE, 100)
    now = NINE + timedelta(minutes=5)
    assert measured_seconds(session, "other", now=now)["complaint"] == []
    assert measured_seconds(session, "h", now=now)["complaint"] == [100]

    session.query(Attempt).delete()
    assert measured_seconds(session, "h", now=now + timedelta(hours=7))["complaint"] == []
