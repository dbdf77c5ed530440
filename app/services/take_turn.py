"""One turn: read the call's place, decide, write the answer down, answer.

A turn that asks nothing of the office costs one insert, and before it one read unless this process answered the turn
before; each is a transaction of its own. A turn that opens
a case or makes a promise does so in the transaction that appends the turn, so it happens exactly once.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, fields, replace
from datetime import datetime
from typing import Any

from app.domain.errors import NotAllowed, NotFound
from app.domain.hotline import Hotline
from app.ivr.flow import FlowSet
from app.ivr.interpreter import interpret
from app.ivr.manner import Manner
from app.ivr.turn import Ask, Effect, Heard, How, Known, Position, Queue, Record, Say, Turn
from app.ivr.words import Words
from app.models.engines import Database
from app.models.one_at_a_time import one_at_a_time
from app.models.turns import NewTurn, Place, TurnStore
from app.models.vault import Vault
from app.services.name_queue import queue_name
from app.services.office import Answer, CallAtHand, Carry, told_in
from app.telephony.twilio.response import Links, Speaker, reply_text

_HEARD = tuple(field.name for field in fields(Heard))
_MAX_ASKS = 12  # in one turn; no shipped flow needs more than four


@dataclass(frozen=True, slots=True)
class Edition:
    """One version of what callers hear and press."""

    flows: FlowSet
    words: Words
    speaker: Speaker


class AlreadyAnswered(Exception):
    """Somebody else appended this turn first; nothing of ours was kept."""


@dataclass(frozen=True, slots=True)
class Switchboard:
    """Everything that answering calls needs, built once per process."""

    database: Database
    vault: Vault
    turns: TurnStore
    present: Edition  # what new calls hear
    edition: Callable[[str], Edition]  # by version: a call keeps the one it began with
    hotline_named: Callable[[str], Hotline]
    answers: Mapping[str, Answer]  # by what is asked
    carries: Mapping[str, Carry]  # by effect
    after_turn: Callable[[CallAtHand, Turn], None]
    public_url: str


def links_for(
    board: Switchboard, call_key: str, turn: int, hotline: Hotline, position: Position, wait: object
) -> Links:
    """The addresses that the document of turn `turn` may point to; the caller's answer to it is the next turn."""
    urgent = isinstance(wait, Queue) and wait.urgent
    return Links(
        turn=f"/voice/turn/{call_key}/{turn + 1}",
        wait=f"/voice/wait/{call_key}",
        queue=queue_name(hotline, position, urgent=urgent),
        recording=f"/voice/recording/{call_key}",
        transcript=f"{board.public_url}/voice/transcript/{call_key}",
    )


def take_turn(
    board: Switchboard, call_key: str, number: int, network_id: str, heard: Heard, *, now: datetime, wall_now: datetime
) -> str:
    """The document that answers turn `number` of a call.

    The same turn asked again gets the same document, byte for byte; a turn far ahead gets the newest one, so that
    nobody jumps past a menu.

    Raises:
        NotFound: if the key is none of ours.
        NotAllowed: if the request is about another call.
    """
    place = board.turns.before(call_key, number)
    if place is None:
        raise NotFound("call")
    if place.network_id != network_id:
        raise NotAllowed("speak for another call")
    if number != place.number + 1:
        return _again(board, call_key, min(number, place.number))
    hotline = board.hotline_named(str(place.position.known["hotline"]))
    edition = board.edition(place.position.version)
    turn = interpret(edition.flows, place.position, heard)
    after_recording = place.wait == "Record"
    if not isinstance(turn.wait, Ask | Queue) and not turn.effects:
        document = spoken_document(board, edition, call_key, number, hotline, turn, now, after_recording)
        if board.turns.append(_row(call_key, number, network_id, heard, turn, document, now)):
            return document
        return _again(board, call_key, number)
    try:
        with board.database.sessions.begin() as session:
            one_at_a_time(session, f"call:{call_key}")  # a repetition waits here, and then finds what was done
            at_hand = CallAtHand(
                session,
                board.vault,
                edition.words,
                hotline,
                call_key,
                network_id,
                number,
                place.position,
                now,
                wall_now,
            )
            return finish_turn(board, edition, at_hand, turn, heard, after_recording=after_recording)
    except AlreadyAnswered:
        return _again(board, call_key, number)


def finish_turn(
    board: Switchboard,
    edition: Edition,
    at_hand: CallAtHand,
    turn: Turn,
    heard: Heard,
    *,
    after_recording: bool = False,
) -> str:
    """Let the office answer what the turn asks, carry out its effects, and append it; all in one transaction.

    Raises:
        AlreadyAnswered: if the turn was answered meanwhile; the transaction must be given up.
    """
    says: tuple[Say, ...] = turn.says
    effects: tuple[Effect, ...] = turn.effects
    told: tuple[Known, ...] = ()
    for _ in range(_MAX_ASKS):
        if not isinstance(turn.wait, Ask):
            break
        at_hand = replace(at_hand, position=turn.position)
        outcome = board.answers[turn.wait.what](at_hand, turn.wait.details)
        told += (outcome,)
        turn = interpret(edition.flows, turn.position, Heard(How.OUTCOME, outcome=outcome))
        says, effects = says + turn.says, effects + turn.effects
    turn = replace(turn, says=says, effects=effects)
    at_hand = replace(at_hand, position=turn.position)
    for effect in effects:
        board.carries[effect.what](at_hand, effect.details)
    board.after_turn(at_hand, turn)
    document = spoken_document(
        board, edition, at_hand.call_key, at_hand.turn, at_hand.hotline, turn, at_hand.now, after_recording
    )
    row = _row(at_hand.call_key, at_hand.turn, at_hand.network_id, heard, turn, document, at_hand.now, told)
    at_hand.session.flush()
    if not board.turns.append(row, at_hand.session):
        raise AlreadyAnswered
    return document


def spoken_document(
    board: Switchboard,
    edition: Edition,
    call_key: str,
    number: int,
    hotline: Hotline,
    turn: Turn,
    now: datetime,
    after_recording: bool,
) -> str:
    """What the network is told to say and to wait for, the same whenever it is put together again."""
    known = turn.position.known
    if known.get("channel") == "text":
        zone, name_zone = told_in(known, hotline), bool(known.get("zone"))
        return reply_text(
            edition.speaker.message(turn.says, turn.position.language, now=now, zone=zone, name_zone=name_zone)
        )
    links = links_for(board, call_key, number, hotline, turn.position, turn.wait)
    manner = Manner.of(known)
    return edition.speaker.document(
        turn.says,
        manner.patient(turn.wait),
        turn.position.language,
        links,
        now=now,
        zone=told_in(turn.position.known, hotline),
        name_zone=bool(turn.position.known.get("zone")),
        after_recording=after_recording and not isinstance(turn.wait, Record),
        manner=manner,
    )


def _row(
    call_key: str,
    number: int,
    network_id: str,
    heard: Heard,
    turn: Turn,
    document: str,
    now: datetime,
    told: tuple[Known, ...] = (),
) -> NewTurn:
    return NewTurn(
        call_key=call_key,
        number=number,
        at=now,
        position=turn.position,
        heard=heard_values(heard),
        wait=type(turn.wait).__name__,
        network_id=network_id,
        document=document,
        told=told,
    )


def heard_values(heard: Heard) -> dict[str, Any]:
    """What was heard, as JSON values, without what is empty."""
    values = ((name, getattr(heard, name)) for name in _HEARD)
    return {name: value for name, value in values if value not in ("", None, 0, {})}


def _again(board: Switchboard, call_key: str, number: int) -> str:
    place: Place | None = board.turns.at(call_key, number)
    if place is None:
        raise NotFound("turn")
    return place.document
