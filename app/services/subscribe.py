"""Other systems are told of events: an administrator says where and of which, and gets the secret once."""

from __future__ import annotations

import secrets
from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.charge import OrderStatus
from app.domain.errors import Conflict, Invalid, NotFound, WrongState
from app.domain.told_event import TEST, read_events
from app.models.subscriber import Delivery, Subscriber, place_of
from app.models.vault import Vault
from app.outgoing.address import check_url
from app.outgoing.signature import new_secret

OVERLAP: Final = timedelta(hours=24)
"""The machine's time for which what is sent is signed with the old secret, too."""

_LONGEST_NAME: Final = 100


def subscribe(
    session: orm.Session,
    vault: Vault,
    *,
    name: str,
    url: str,
    events: Iterable[str],
    with_phone: bool,
    may_be_private: bool,
    wall_now: datetime,
) -> str:
    """A new subscriber; gives the secret, which cannot be shown again.

    Raises:
        Conflict: if the name is taken.
        Invalid: if the name is blank, an event unknown, or the address none that may be posted to.
    """
    if not name.strip() or len(name) > _LONGEST_NAME:
        raise Invalid("name", "is missing or too long; name the system that is told")
    if session.scalar(sa.select(Subscriber.id).where(Subscriber.name == name.strip())) is not None:
        raise Conflict("there is a webhook of this name already")
    secret = new_secret()
    subscriber = Subscriber(key=secrets.token_urlsafe(12), name=name.strip(), created_at=wall_now)
    subscriber.secret = vault.seal(secret, place_of(subscriber, "secret"))
    change(vault, subscriber, url=url, events=events, with_phone=with_phone, may_be_private=may_be_private)
    session.add(subscriber)
    session.flush()
    return secret


def change(
    vault: Vault, subscriber: Subscriber, *, url: str, events: Iterable[str], with_phone: bool, may_be_private: bool
) -> None:
    """Send elsewhere, or tell of other events; what waits goes to the new address.

    Raises:
        Invalid: if an event is unknown, or the address none that may be posted to.
    """
    wanted = read_events(events)
    checked = check_url(url.strip(), may_be_private=may_be_private)
    subscriber.url = vault.seal(checked, place_of(subscriber, "url"))
    subscriber.events = f" {' '.join(wanted)} "
    subscriber.with_phone = with_phone


def rotate(vault: Vault, subscriber: Subscriber, *, wall_now: datetime) -> str:
    """A new secret, which cannot be shown again; for `OVERLAP` both are signed with."""
    secret = new_secret()
    subscriber.old_secret, subscriber.old_until = subscriber.secret, wall_now + OVERLAP
    subscriber.secret = vault.seal(secret, place_of(subscriber, "secret"))
    return secret


def switch(subscriber: Subscriber, *, on: bool, wall_now: datetime) -> None:
    """Stop gathering and sending events, or begin again; what waited goes out then."""
    if on:
        subscriber.disabled_at, subscriber.failures, subscriber.resume_at = None, 0, None
    else:
        subscriber.disabled_at = subscriber.disabled_at or wall_now


def send_test(session: orm.Session, subscriber: Subscriber, *, now: datetime) -> None:
    """Send an event that says nothing, to see whether it comes."""
    key = secrets.token_urlsafe(12)
    session.add(Delivery(subscriber_id=subscriber.id, event_key=key, event=TEST, created_at=now, next_at=now))


def deliver_again(session: orm.Session, subscriber: Subscriber, delivery_id: int | None, *, now: datetime) -> int:
    """Send events that were given up once more, as often as new ones; gives how many.

    Args:
        delivery_id: which; None: all of them.

    Raises:
        NotFound: if this subscriber has no such delivery.
        WrongState: if it was not given up.
    """
    theirs = Delivery.subscriber_id == subscriber.id
    if delivery_id is not None:
        found = session.scalar(sa.select(Delivery).where(theirs, Delivery.id == delivery_id))
        if found is None:
            raise NotFound("delivery")
        if found.status != OrderStatus.DEAD.value:
            raise WrongState("delivery", found.status, OrderStatus.DEAD.value)
        theirs = Delivery.id == delivery_id
    again = (
        sa.update(Delivery)
        .where(theirs, Delivery.status == OrderStatus.DEAD.value)
        .values(status=OrderStatus.WAITING.value, tries=0, next_at=now)
        .returning(Delivery.id)
    )
    subscriber.failures, subscriber.resume_at = 0, None
    return len(session.execute(again).all())


def find_subscriber(session: orm.Session, name: str) -> Subscriber:
    """A subscriber by its name.

    Raises:
        NotFound: if there is none.
    """
    found = session.scalar(sa.select(Subscriber).where(Subscriber.name == name))
    if found is None:
        raise NotFound("webhook")
    return found
