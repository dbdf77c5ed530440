"""Computes the answers of a call again, from its own flow version: the same input gives the same document."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Final

from app.domain.hotline import Hotline
from app.ivr.interpreter import interpret
from app.ivr.turn import Ask, Heard, How, Position, Say, Turn
from app.models.call import Call
from app.services.take_turn import Edition, Switchboard, spoken_document

_MAX_ASKS: Final = 12
OUTCOMES: Final[Mapping[str, frozenset[str]]] = {
    "open_case": frozenset({"protocol", "case_kind", "opened_at"}),
    "promise": frozenset({"promised", "due_at", "promise_reason", "protocol", "answer_by", "zone"}),
    "human": frozenset(
        {"human", "closed_because", "opens_at", "safety", "safety_asked", "own_recall", "own_title", "own_hazard"}
    ),
    "recall": frozenset(
        {
            "match",
            "recall_id",
            "recall_number",
            "recall_title",
            "hazard",
            "recall_do",
            "recall_remedy",
            "recall_remedies",
            "recall_drop_off",
            "recall_home",
        }
    ),
    "safety": frozenset({"safety", "safety_asked", "own_recall", "own_title", "own_hazard"}),
    "latest_recalls": frozenset({"latest"}),
    "hours": frozenset({"special_days"}),
    "topics": frozenset({"topic_list"}),
    "find_topic": frozenset({"topic_match", "topic_found", "topic_list"}),
    "topic": frozenset({"topic_title", "topic_text", "topic_as_of"}),
    "matter": frozenset({"found", "protocol", "case_kind", "kind", "due_at", "offer_at", "matter_status", "zone"}),
    "withdraw": frozenset({"withdrawn"}),
    "suspend_charge": frozenset({"suspended", "decide_by"}),
    "cancel_contract": frozenset(
        {"cancel_answer", "contract_tail", "paid_until", "withdraw", "withdraw_until", "order", "ends"}
    ),
    "cancel_period": frozenset({"cancel_answer", "withdraw_until"}),
    "cancel_withdraw": frozenset({"cancel_answer", "withdrawn"}),
    "cancel_day": frozenset({"cancel_answer", "end_on"}),
    "cancel_end": frozenset({"cancel_answer", "ends", "ends_on"}),
    "cancel_address": frozenset({"cancel_answer", "email_start", "email_at"}),
    "cancel_letter": frozenset({"cancel_answer", "receipt"}),
    "cancel_receipt": frozenset({"cancel_answer"}),
    "days": frozenset({"wish_days"}),
    "move": frozenset({"moved", "due_at", "from_at", "zone"}),
}
"""What is asked of the office → under which names its answer stands in what the call knows afterwards.

An answer of which nothing is said here is taken to be all that the call knows afterwards.
"""


@dataclass(frozen=True, slots=True)
class KeptTurn:
    """A turn as it was kept."""

    number: int
    at: datetime
    heard: Heard
    position: Position  # afterwards
    wait: str
    document: str

    @classmethod
    def of(cls, number: int, at: datetime, body: Mapping[str, Any]) -> KeptTurn:
        """The turn of a row and its opened content."""
        values = dict(body["h"])
        heard = Heard(How(values.pop("how")), **values)
        return cls(number, at, heard, Position.from_json(body["p"]), body["w"], body["d"])


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
    turn = _answered(edition, interpret(edition.flows, begin, kept.heard), kept.position.known)
    after_recording = before is not None and before.wait == "Record"
    return spoken_document(board, edition, call.key, kept.number, hotline, turn, kept.at, after_recording)


def _beginning(edition: Edition, call: Call, hotline: Hotline, after: Position) -> Position:
    """Where the call began: at the hotline's flow, in its first language, with the facts that it still knows."""
    return Position(edition.flows.version, edition.flows.entries[hotline.flow], call.language, known=after.known)


def _answered(edition: Edition, turn: Turn, known: Mapping[str, Any]) -> Turn:
    """The turn with what the office answered at the time, which stands in what the call knew afterwards."""
    says: tuple[Say, ...] = turn.says
    for _ in range(_MAX_ASKS):
        if not isinstance(turn.wait, Ask):
            break
        names = OUTCOMES.get(turn.wait.what, frozenset(known))
        outcome = {name: value for name, value in known.items() if name in names}
        if turn.wait.what == "open_case":
            outcome["case_kind"] = turn.wait.details.get("kind", outcome.get("case_kind"))
        turn = interpret(edition.flows, turn.position, Heard(How.OUTCOME, outcome=outcome))
        says += turn.says
    return Turn(turn.position, turn.wait, says)
