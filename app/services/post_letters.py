"""Letters go out until a mail server has taken them; one whose sender died is simply sent again.

The Message-ID of a letter is the same each time, so that who receives it twice can tell.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, Final

import sqlalchemy as sa
import structlog

from app.domain.clock import Clock
from app.domain.errors import Conflict, NotFound
from app.mail.port import Letter, LetterNotTaken, MailServer
from app.models.case import Case
from app.models.journal import note
from app.models.outbox import LETTER, OutboxItem
from app.models.vault import SealBroken
from app.services.take_turn import Switchboard

_AT_ONCE: Final = 3  # in one tick, which must not last so long that the clock takes itself for hung
_LEASE: Final = timedelta(seconds=90)  # the machine's time; longer than one exchange may take
_PAUSES: Final = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 20, 60))  # office time; the last repeats
MOST_TRIES: Final = 50  # about two days, then a person must look
_log = structlog.get_logger()


def post_letters(
    board: Switchboard, mail: MailServer | None, *, clock: Clock, wall: Clock, go_on: Callable[[], bool] = lambda: True
) -> int:
    """Send what is due; gives how many letters were taken. Without a mail server they wait, and are shown.

    Args:
        go_on: asked before each letter; False leaves the rest to the next time.
    """
    if mail is None:
        return 0
    due = sa.select(OutboxItem.id).where(_is_free(wall.now()), OutboxItem.next_at <= clock.now())
    with board.database.reads() as session:
        ids = session.scalars(due.order_by(OutboxItem.next_at).limit(_AT_ONCE)).all()
    taken = 0
    for item_id in ids:
        if not go_on() or not _post(board, mail, item_id, clock, wall):
            break  # a server that does not answer would not answer the next either
        taken += 1
    return taken


def _is_free(wall_now: datetime) -> sa.ColumnElement[bool]:
    """A letter that waits, or was left behind by a sender that died."""
    left = sa.and_(OutboxItem.status == "sending", OutboxItem.claimed_until < wall_now)
    return sa.and_(OutboxItem.kind == LETTER, sa.or_(OutboxItem.status == "waiting", left))


def _post(board: Switchboard, mail: MailServer, item_id: int, clock: Clock, wall: Clock) -> bool:
    claimed = _claim(board, item_id, wall.now())
    if claimed is None:
        return False
    letter, tries = claimed
    try:
        message_id = mail.send(letter)
    except LetterNotTaken as refusal:
        _log.warning("the mail server did not take a letter", outbox=item_id, cause=refusal.cause)
        _put_off(board, item_id, tries, refusal, clock.now())
        return False
    _end(board, item_id, tries, "sent", clock.now(), network_id=message_id)
    return True


def _claim(board: Switchboard, item_id: int, wall_now: datetime) -> tuple[Letter, int] | None:
    """The letter, and which try this is; a sender that slept past its lease is told by the number from the next one."""
    with board.database.sessions.begin() as session:
        tries = session.scalar(
            sa.update(OutboxItem)
            .where(OutboxItem.id == item_id, _is_free(wall_now))
            .values(status="sending", claimed_until=wall_now + _LEASE, tries=OutboxItem.tries + 1)
            .returning(OutboxItem.tries)
        )
        if tries is None:
            return None
        item = session.get_one(OutboxItem, item_id)
        try:
            payload: dict[str, Any] = board.vault.open(item.payload, f"outbox:{item.key}")
        except SealBroken:  # it would stand in the way of all the others for ever
            item.status, item.cause = "failed", "its content cannot be opened"
            return None
        letter = Letter(
            key=item.key,
            to=payload["to"],
            from_address=payload["from"],
            from_name=payload["from_name"],
            subject=payload["subject"],
            body=payload["body"],
            language=payload["language"],
            written_at=item.created_at,
        )
        return letter, tries


def _is_mine(item_id: int, tries: int) -> sa.ColumnElement[bool]:
    return sa.and_(OutboxItem.id == item_id, OutboxItem.status == "sending", OutboxItem.tries == tries)


def _put_off(board: Switchboard, item_id: int, tries: int, refusal: LetterNotTaken, now: datetime) -> None:
    if refusal.hopeless or tries >= MOST_TRIES:
        _end(board, item_id, tries, "failed", now, cause=refusal.cause)
        return
    pause = _PAUSES[min(tries, len(_PAUSES)) - 1]
    with board.database.sessions.begin() as session:
        session.execute(
            sa.update(OutboxItem)
            .where(_is_mine(item_id, tries))
            .values(status="waiting", next_at=now + pause, cause=refusal.cause)
        )


def _end(board: Switchboard, item_id: int, tries: int, status: str, now: datetime, **values: str) -> None:
    """Write down how it ended, unless somebody else has meanwhile."""
    with board.database.sessions.begin() as session:
        case_id = session.execute(
            sa.update(OutboxItem)
            .where(_is_mine(item_id, tries))
            .values(status=status, **values)
            .returning(OutboxItem.case_id)
        ).first()
        if case_id is not None and case_id[0] is not None:
            case = session.get_one(Case, case_id[0])
            details = {"cause": values["cause"]} if "cause" in values else {}
            note(session, board.vault, case, f"letter_{status}", "clock", now, outbox=item_id, **details)


def post_letter_again(session: sa.orm.Session, item_id: int, *, now: datetime) -> None:
    """Try a failed letter once more, after somebody has mended what stood in its way.

    Raises:
        NotFound: if there is no such letter.
        Conflict: if it has not failed, or was erased.
    """
    item = session.get(OutboxItem, item_id)
    if item is None or item.kind != LETTER:
        raise NotFound("letter")
    revived = session.scalar(
        sa.update(OutboxItem)
        .where(OutboxItem.id == item_id, OutboxItem.status == "failed", OutboxItem.cause != "erased")
        .values(status="waiting", tries=0, next_at=now)
        .returning(OutboxItem.id)
    )
    if revived is None:
        raise Conflict("this letter is on its way already, or was erased; nothing was changed")
