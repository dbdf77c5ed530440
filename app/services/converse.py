"""A conversation by text messages: the flows that callers hear, one message a turn, the same records (S7).

It is a row among the calls, with turns like theirs; what is said is written instead. It ends when the flow ends, when
the customer asks for the menu again, or when nobody has written for `IDLE`; what was said by then is on record, and
who complained without hearing a deadline is told one, as after a call that broke off.
"""

from __future__ import annotations

import re
import secrets
from datetime import datetime, timedelta
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.domain.hotline import Hotline
from app.domain.phone_number import PhoneNumber
from app.ivr.flow import FlowNode, FlowSet
from app.ivr.graph import edges_without_caller, reached
from app.ivr.interpreter import interpret, start
from app.ivr.languages import language_for
from app.ivr.nodes.gather import GatherDigits
from app.ivr.nodes.phone import Phone
from app.ivr.turn import Ask, Heard, How, Position
from app.models.call import Call
from app.models.one_at_a_time import one_at_a_time
from app.models.ready import look_all
from app.services.answer_call import facts_at_start
from app.services.office import CallAtHand
from app.services.one_by_one import one_by_one
from app.services.remember_manner import remembered
from app.services.settle_call import settle_call
from app.services.take_turn import Switchboard, finish_turn

IDLE: Final = timedelta(hours=1)
"""The machine's time without a message after which a conversation has ended."""

NOTHING_RECORDED: Final = "none"
"""The consent mode of a conversation in which there is nothing to record."""

_KEY_BYTES: Final = 16
_AT_ONCE: Final = 50
_SEPARATORS: Final = re.compile(r"[\s.,;:()/-]+")


def heard_in(body: str, node: FlowNode | None) -> Heard:
    """A message as the flows understand it: one key, a number where one is asked for, or words."""
    signs = _SEPARATORS.sub("", body)
    if not signs:
        return Heard(How.SILENCE)
    if re.fullmatch(r"[0-9*#]", signs, re.ASCII):
        return Heard(How.KEYS, keys=signs)
    if isinstance(node, GatherDigits | Phone) and re.fullmatch(r"[0-9]+#?", signs, re.ASCII):
        return Heard(How.KEYS, keys=signs.rstrip("#"))
    return Heard(How.SPEECH, speech=body.strip())


def chosen_by(flows: FlowSet, position: Position, words: str) -> tuple[str, str]:
    """What words choose in the first menu of a conversation that begins at a position.

    Returns:
        Where they lead, "" if nowhere; and the kind of case that they put on record at once, "" if none.
    """
    menu = next(name for name in reached(flows, [position.node], edges_without_caller) if flows.nodes[name].waits)
    turn = interpret(flows, position.at(menu), Heard(How.SPEECH, speech=words))
    if turn.position.node == menu:
        return "", ""
    opens = turn.wait.details.get("kind", "") if isinstance(turn.wait, Ask) and turn.wait.what == "open_case" else ""
    return turn.position.node, str(opens)


def under_way(session: orm.Session, index: str | None, hotline: str) -> Call | None:
    """The conversation with a number; None if there is none."""
    if index is None:
        return None
    call = session.scalar(
        sa.select(Call)
        .where(Call.caller_index == index, Call.channel == "text", Call.hotline == hotline, Call.settled_at.is_(None))
        .order_by(Call.started_at.desc())
        .limit(1)
    )
    if call is None:
        return None
    one_at_a_time(session, f"call:{call.key}")  # the clock may be ending it at this moment
    session.refresh(call)
    return call if call.settled_at is None else None


def opening_position(
    board: Switchboard, session: orm.Session, hotline: Hotline, number: PhoneNumber | None, now: datetime
) -> Position:
    """Where a conversation with a number begins."""
    before = remembered(session, board.vault, board.vault.index(number.e164) if number else None)
    language = language_for(hotline, number.e164 if number else "", before.language)
    facts = {**facts_at_start(hotline, number, now), "channel": "text", "consent_mode": NOTHING_RECORDED}
    facts |= before.manner.known
    return start(board.present.flows, hotline, language, facts)


def begin(
    board: Switchboard,
    session: orm.Session,
    hotline: Hotline,
    number: PhoneNumber,
    position: Position,
    *,
    message_id: str,
    to_number: str,
    now: datetime,
    wall_now: datetime,
) -> Call:
    """The row of a conversation that begins at a position; its first turn must follow in the same transaction."""
    key = secrets.token_urlsafe(_KEY_BYTES)
    call = Call(
        key=key,
        network_id=message_id,
        hotline=hotline.name,
        channel="text",
        called=to_number,
        caller=board.vault.seal(number.e164, f"calls:caller:{key}"),
        caller_index=board.vault.index(number.e164),
        flow_version=position.version,
        language=position.language,
        started_at=now,
        status="in-progress",
        seen_at=wall_now,
    )
    session.add(call)
    session.flush()
    return call


def first_turn(
    board: Switchboard,
    session: orm.Session,
    hotline: Hotline,
    call: Call,
    position: Position,
    heard: Heard,
    *,
    now: datetime,
    wall_now: datetime,
) -> str:
    """The document of the first turn; words that answer its question are followed at once.

    Args:
        heard: the message, as what begins a conversation, or as the answer to what we wrote.
    """
    edition, key = board.present, call.key
    at_hand = CallAtHand(session, board.vault, edition.words, hotline, key, call.network_id, 0, position, now, wall_now)
    return finish_turn(board, edition, at_hand, interpret(edition.flows, position, heard), heard)


def go_on(
    board: Switchboard,
    session: orm.Session,
    hotline: Hotline,
    call: Call,
    body: str,
    *,
    now: datetime,
    wall_now: datetime,
) -> str:
    """The next turn of a conversation; gives its document."""
    place = board.turns.newest(call.key)
    assert place is not None  # the first turn came with the row
    edition = board.edition(place.position.version)
    heard = heard_in(body, edition.flows.nodes.get(place.position.node))
    at_hand = CallAtHand(
        session,
        board.vault,
        edition.words,
        hotline,
        call.key,
        call.network_id,
        place.number + 1,
        place.position,
        now,
        wall_now,
    )
    call.seen_at = wall_now
    return finish_turn(board, edition, at_hand, interpret(edition.flows, place.position, heard), heard)


def end_if_over(board: Switchboard, key: str, *, now: datetime, wall_now: datetime) -> None:
    """End a conversation whose last answer said goodbye; if we die before, the clock ends it when it has been idle."""
    place = board.turns.newest(key)
    if place is not None and place.wait == "Hangup":
        end(board, key, now=now, wall_now=wall_now)


def end(board: Switchboard, key: str, *, now: datetime, wall_now: datetime, idle_since: datetime | None = None) -> None:
    """Complete what a conversation leaves behind; a second time changes nothing.

    Args:
        idle_since: leave it alone if somebody has written after this instant, in the machine's time.
    """
    with board.database.sessions.begin() as session:
        one_at_a_time(session, f"call:{key}")
        call = session.get_one(Call, key)
        if idle_since is not None and call.seen_at > idle_since:
            return
        call.status = "completed"
        settle_call(board, session, call, now=now, wall_now=wall_now)


_IDLE: Final = (
    sa.select(Call.key)
    .where(Call.channel == "text", Call.settled_at.is_(None), Call.seen_at <= sa.bindparam("since"))
    .limit(_AT_ONCE)
)


def end_idle(board: Switchboard, *, now: datetime, wall_now: datetime) -> int:
    """End the conversations in which nobody has written for long; gives how many."""
    since = wall_now - IDLE

    def end_it(key: str) -> bool:
        end(board, key, now=now, wall_now=wall_now, idle_since=since)
        return True

    return one_by_one(look_all(board.database, _IDLE, since=since), end_it)
