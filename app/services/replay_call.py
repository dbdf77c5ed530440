"""Computes the answers of a call again, from its own flow version: the same input gives the same document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from app.domain.hotline import Hotline
from app.ivr.checks import ANSWERED_BY_TEXT, BEGUN_BY_US
from app.ivr.interpreter import interpret
from app.ivr.turn import Heard, How, Known, Position, Say, Turn
from app.models.call import Call
from app.services.take_turn import Edition, Switchboard, spoken_document


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A turn as it was kept."""

    number: int
    at: datetime
    heard: Heard
    position: Position  # afterwards
    wait: str
    document: str
    told: tuple[Known, ...] = ()  # what the office answered to each ask, in order

    @classmethod
    def of(cls, number: int, at: datetime, body: Mapping[str, Any]) -> KeptTurn:
        """The turn of a row and its opened content."""
        values = dict(body["h"])
        heard = Heard(How(values.pop("how")), **values)
        return cls(number, at, heard, Position.from_json(body["p"]), body["w"], body["d"], tuple(body.get("o", ())))


def replay_call(board: Switchboard, call: Call, turns: Sequence[KeptTurn]) -> list[bool]:
    """For each turn, in order from the call's first: whether its answer comes out the same, byte for byte."""
    same = []
    for number, turn in enumerate(turns):
        before = turns[number - 1] if number else None
        try:
            same.append(_document(board, call, before, turn) == turn.document)
        except (KeyError, ValueError, TypeError):  # these flows cannot even speak it
            same.append(False)
    return same


def _document(board: Switchboard, call: Call, before: KeptTurn | None, kept: KeptTurn) -> str:
    edition = board.edition(kept.position.version)
    hotline = board.hotline_named(str(kept.position.known["hotline"]))
    begin = before.position if before is not None else _beginning(edition, call, hotline, kept.position)
    turn = _answered(edition, interpret(edition.flows, begin, kept.heard), kept.told)
    after_recording = before is not None and before.wait == "Record"
    return spoken_document(board, edition, call.key, kept.number, hotline, turn, kept.at, after_recording)


def _beginning(edition: Edition, call: Call, hotline: Hotline, after: Position) -> Position:
    """Where the call began: in the flow of calls to us or by us, in its first language, with the facts known still."""
    flow = BEGUN_BY_US if call.rung_by is not None else hotline.flow
    if call.channel == "text" and after.known.get("outreach"):
        flow = ANSWERED_BY_TEXT
    return Position(edition.flows.version, edition.flows.entries[flow], call.language, known=after.known)


def _answered(edition: Edition, turn: Turn, told: Sequence[Known]) -> Turn:
    """The turn with what the office answered at the time."""
    says: tuple[Say, ...] = turn.says
    for outcome in told:
        turn = interpret(edition.flows, turn.position, Heard(How.OUTCOME, outcome=outcome))
        says += turn.says
    return Turn(turn.position, turn.wait, says)
