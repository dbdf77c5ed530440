"""Events go to whoever subscribed: at least once, those about one case in their order, until they were taken.

The id of an event is that of the entry of the history and stays the same, so whoever died while sending sends again. An
event about a case waits until the earlier ones about it were accepted by the same subscriber, or given up.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
import structlog
from sqlalchemy import orm

from app.domain.charge import OrderStatus
from app.domain.clock import Clock
from app.domain.told_event import TEST, told_event
from app.models.case import Case, CaseEvent
from app.models.engines import Database
from app.models.journal import details_of
from app.models.ready import look
from app.models.records import phone_of
from app.models.subscriber import Delivery, Subscriber, place_of
from app.models.vault import SealBroken, Vault
from app.outgoing.post import NoAnswer, post
from app.outgoing.signature import signed_headers
from app.services.at_least_once import claim, finish, is_free

PAUSES: Final = tuple(
    timedelta(seconds=seconds)
    for seconds in (5, 300, 1_800, 7_200, 18_000, 36_000, 50_400, 72_000, 86_400)
)  # fmt: skip
"""Office time between tries, as Standard Webhooks proposes; after the last one, about three days, it is given up."""

KEPT: Final = timedelta(days=30)
"""Office time for which it is kept that an event was told, or given up."""

_REST: Final = tuple(timedelta(seconds=seconds) for seconds in (5, 15, 60, 300))
"""Office time for which a subscriber that fails gets nothing, by failures in a row; the last one repeats."""

_AT_ONCE: Final = 20  # in one tick, which must not last so long that the clock takes itself for hung
_GONE: Final = 410
_log = structlog.get_logger()
_Earlier: Final = orm.aliased(Delivery)
_DUE: Final = (
    sa.select(Delivery.id, Delivery.subscriber_id)
    .join(Subscriber, Subscriber.id == Delivery.subscriber_id)
    .where(
        is_free(Delivery, sa.bindparam("wall_now", type_=Delivery.next_at.type)),
        Delivery.next_at <= sa.bindparam("now"),
        Subscriber.disabled_at.is_(None),
        sa.or_(Subscriber.resume_at.is_(None), Subscriber.resume_at <= sa.bindparam("now")),
        ~sa.exists().where(
            _Earlier.subscriber_id == Delivery.subscriber_id,
            _Earlier.case_id == Delivery.case_id,
            _Earlier.id < Delivery.id,
            _Earlier.status.in_((OrderStatus.WAITING.value, OrderStatus.SENDING.value)),
        ),
    )
    .order_by(Delivery.next_at, Delivery.id)
    .limit(_AT_ONCE)
)


def deliver_events(
    database: Database,
    vault: Vault,
    *,
    may_be_private: bool,
    clock: Clock,
    wall: Clock,
    go_on: Callable[[], bool] = lambda: True,
) -> int:
    """Send what is due; gives how many events were accepted. One statement if there is nothing."""
    failing: set[int] = set()
    accepted = 0
    for delivery_id, subscriber_id in look(database, _DUE, now=clock.now(), wall_now=wall.now()):
        if subscriber_id in failing:
            continue
        taken = _deliver(database, vault, delivery_id, may_be_private, clock, wall)
        accepted += taken is True
        if taken is False:
            failing.add(subscriber_id)
        if not go_on():
            break
    return accepted


def _deliver(
    database: Database, vault: Vault, delivery_id: int, may_be_private: bool, clock: Clock, wall: Clock
) -> bool | None:
    """Whether it was accepted; None if another sender has it."""
    with database.sessions.begin() as session:
        tries = claim(session, Delivery, delivery_id, wall.now())
        if tries is None:
            return None
    with database.reads() as session:
        delivery = session.get_one(Delivery, delivery_id)
        subscriber = delivery.subscriber
        name = subscriber.name
        try:
            url, shared = _opened(vault, subscriber, wall.now())
            body = _body(session, vault, delivery)
        except SealBroken:
            url, shared, body = "", [], b""
    try:
        if not url:
            raise NoAnswer("what is to be sent cannot be opened")
        headers = signed_headers(f"msg_{delivery.event_key}", round(wall.now().timestamp()), body, shared)
        headers |= {"Content-Type": "application/json", "User-Agent": "Rueckruf"}
        status = post(url, body, headers, may_be_private=may_be_private)
        answer = f"HTTP {status}"
    except NoAnswer as cause:
        status, answer = 0, str(cause)
    is_taken = 200 <= status < 300
    if not is_taken:
        _log.warning("an event was not taken", subscriber=name, delivery=delivery_id, cause=answer)
    with database.sessions.begin() as session:
        _finish(session, delivery_id, subscriber.id, tries, status, answer, clock.now(), wall.now())
    return is_taken


def _opened(vault: Vault, subscriber: Subscriber, wall_now: datetime) -> tuple[str, list[str]]:
    """Where to, and what to sign with."""
    shared = [str(vault.open(subscriber.secret, place_of(subscriber, "secret")))]
    is_old_good = subscriber.old_until is not None and wall_now < subscriber.old_until
    if subscriber.old_secret is not None and is_old_good:
        shared.append(str(vault.open(subscriber.old_secret, place_of(subscriber, "secret"))))
    return str(vault.open(subscriber.url, place_of(subscriber, "url"))), shared


def _body(session: orm.Session, vault: Vault, delivery: Delivery) -> bytes:
    """What is sent: always the same for the same event, but that what was erased meanwhile is gone."""
    event = session.scalar(sa.select(CaseEvent).where(CaseEvent.key == delivery.event_key))
    if event is None or delivery.case is None:
        at = delivery.created_at.isoformat(timespec="microseconds").replace("+00:00", "Z")
        return _as_json({"type": TEST, "timestamp": at, "data": {}})
    case = delivery.case
    phone = phone_of(vault, case) if delivery.subscriber.with_phone else None
    named = _named(session, case, event)
    return _as_json(told_event(event.kind, event.at, named, details_of(vault, event), phone))


def _named(session: orm.Session, case: Case, event: CaseEvent) -> dict[str, Any]:
    up_to = sa.select(sa.func.count()).where(CaseEvent.case_id == case.id, CaseEvent.id <= event.id)
    return {
        "protocol": case.protocol,
        "kind": case.kind,
        "hotline": case.hotline,
        "channel": case.channel,
        "version": session.scalar(up_to),
    }


def _as_json(body: Mapping[str, Any]) -> bytes:
    return json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode()


def _finish(
    session: orm.Session,
    delivery_id: int,
    subscriber_id: int,
    tries: int,
    status: int,
    answer: str,
    now: datetime,
    wall_now: datetime,
) -> None:
    values: dict[str, Any] = {"answer": answer}
    if 200 <= status < 300:
        values |= {"status": OrderStatus.ACCEPTED.value, "accepted_at": now}
    elif tries > len(PAUSES) or status == _GONE:
        values |= {"status": OrderStatus.DEAD.value}
    else:
        values |= {"status": OrderStatus.WAITING.value, "next_at": now + PAUSES[tries - 1]}
    if finish(session, Delivery, delivery_id, tries, values):
        _note_health(session, subscriber_id, status, now, wall_now)


def _note_health(session: orm.Session, subscriber_id: int, status: int, now: datetime, wall_now: datetime) -> None:
    """Leave one that fails alone for a while, and one that says it is gone for good."""
    subscriber = session.get_one(Subscriber, subscriber_id)
    if 200 <= status < 300:
        if subscriber.failures:
            subscriber.failures, subscriber.resume_at = 0, None
        return
    subscriber.resume_at = now + _REST[min(subscriber.failures, len(_REST) - 1)]
    subscriber.failures += 1
    if status == _GONE:
        subscriber.disabled_at = subscriber.disabled_at or wall_now


_OLD: Final = (
    sa.select(Delivery.id)
    .where(
        Delivery.status.in_((OrderStatus.ACCEPTED.value, OrderStatus.DEAD.value)),
        Delivery.next_at < sa.bindparam("before"),
    )
    .limit(1_000)
)


def forget_deliveries(database: Database, *, now: datetime) -> int:
    """Forget what was told, or given up, long ago; gives how many."""
    with database.reads() as session:
        old = session.scalars(_OLD, {"before": now - KEPT}).all()
    if not old:
        return 0
    with database.sessions.begin() as session:
        session.execute(sa.delete(Delivery).where(Delivery.id.in_(old)))
    return len(old)
