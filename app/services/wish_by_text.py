"""A customer writes when they wish to be called: the promise is moved there, or to the nearest time that can be kept.

Where other times were offered by text (`app.services.repromise`), any short message that names a time answers them.
Otherwise a message counts as a wish only if it says nothing else: "tomorrow the plumber comes" moves no promise.
"""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any, Final, NamedTuple

import sqlalchemy as sa
from sqlalchemy import orm

from app.compliance.whereabouts import whereabouts
from app.domain.errors import LawUnknown
from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.ivr.words import Words
from app.models.journal import end_promise
from app.models.promise import Promise, is_being_rung
from app.models.reminder import Forewarning, open_offer
from app.promising.local_clock import zone_of
from app.promising.solver import Offer
from app.promising.wish import nearest_offer
from app.promising.written_wish import WrittenWish, wished_span, written_wish
from app.services.other_times import wanted_anew
from app.services.take_turn import Switchboard
from app.services.tell_customer import words_of
from app.services.write_promise import write_promise

_MOST_STRANGE: Final = 4  # words of an answer to an offer that say something else
_WISHED: Final = "the customer wished for another time by text"


class _Wished(NamedTuple):
    promise: Promise
    wish: WrittenWish
    offered: Forewarning | None  # None: no other times were offered


def wish_by_text(
    board: Switchboard,
    session: orm.Session,
    number: PhoneNumber | None,
    body: str,
    message_id: str,
    now: datetime,
    *,
    asked_at: datetime | None = None,
) -> str | None:
    """Move a promise to the time that a message wishes for; the same message moves it once.

    Args:
        asked_at: when the sender was last asked something else in a conversation, which the message then answers.

    Returns:
        The answer: when we call instead, or that we cannot; None if the message is no such wish.
    """
    if number is None:
        return None
    found = _wished(session, board, board.vault.index(number.e164), body, now, asked_at)
    if found is None:
        return None
    promise, wish, offered = found
    hotline, words = board.hotline_named(promise.hotline), board.present.words
    if is_being_rung(session, promise.id):
        return words_of(words, promise, hotline, "text.wish_ringing", now)
    if not wish.is_clear:
        return words_of(words, promise, hotline, "text.wish_unclear", now, due=promise.due_at.isoformat())
    try:
        nearest = _nearest(board, session, promise, number, hotline, wish, now)
    except LawUnknown:
        nearest = None
    if nearest is None or not end_promise(session, board.vault, promise, "moved", "customer", now, cause=_WISHED):
        return words_of(words, promise, hotline, "text.wish_not", now, due=promise.due_at.isoformat())
    offer, told = nearest
    successor = write_promise(
        session, board.vault, promise.case, hotline, number, made_by=f"wish:{message_id}", actor="customer",
        language=promise.language, now=now, urgent=promise.urgent, offer=offer, wish_told=told,
    )  # fmt: skip
    promise.successor_id, successor.owner_id = successor.id, promise.owner_id
    if offered is not None:
        offered.agreed_at = now
    answer = _answer(words, successor, hotline, now, is_granted=bool(told["granted"]))
    successor.spoken_text = board.vault.seal(answer, f"promises:spoken:{successor.key}")
    return answer


def _wished(
    session: orm.Session, board: Switchboard, index: str, body: str, now: datetime, asked_at: datetime | None
) -> _Wished | None:
    """The promise a message is about, and what it wishes for."""
    is_newer = Forewarning.foreseen_at > asked_at if asked_at is not None else sa.true()
    offered = open_offer(session, now, Forewarning.phone_index == index, is_newer)
    if offered is None and asked_at is not None:
        return None
    promise = offered.promise if offered is not None else _newest(session, index)
    if promise is None:
        return None
    words, hotline = board.present.words, board.hotline_named(promise.hotline)
    for language in dict.fromkeys((promise.language, *hotline.languages)):
        wish = written_wish(body, words.choices(language))
        if wish is not None and wish.strange <= (_MOST_STRANGE if offered is not None else 0):
            return _Wished(promise, wish, offered)
    return None


def _newest(session: orm.Session, index: str) -> Promise | None:
    """The promise that this number was given last, if it is open."""
    return session.scalar(
        sa.select(Promise)
        .where(Promise.phone_index == index, Promise.status == "open")
        .order_by(Promise.made_at.desc(), Promise.id.desc())
        .limit(1)
    )


def _nearest(
    board: Switchboard,
    session: orm.Session,
    promise: Promise,
    number: PhoneNumber,
    hotline: Hotline,
    wish: WrittenWish,
    now: datetime,
) -> tuple[Offer, Mapping[str, Any]] | None:
    """What can be promised, and how the wish is written down; None if nothing else than what is promised."""
    zone = zone_of(whereabouts(number, hotline), hotline, now)
    span = wished_span(wish, now, zone)
    if span is None:
        return None
    found = nearest_offer(wanted_anew(session, board.vault, promise, hotline, now), span, zone)
    if found is None or (found[0].due_at, found[0].not_before_at) == (promise.due_at, promise.not_before_at):
        return None
    offer, is_granted = found
    start, end = span.start.astimezone(zone), span.end.astimezone(zone)
    told = {"day": f"{start:%Y-%m-%d}", "part": f"{start:%H:%M}-{end:%H:%M}", "zone": zone.key, "granted": is_granted}
    return offer, told


def _answer(words: Words, successor: Promise, hotline: Hotline, now: datetime, *, is_granted: bool) -> str:
    slots = {"due": successor.due_at.isoformat()}
    if successor.not_before_at > now:
        slots["from"] = successor.not_before_at.isoformat()
    return words_of(words, successor, hotline, "text.agreed" if is_granted else "text.wish_nearest", now, **slots)
