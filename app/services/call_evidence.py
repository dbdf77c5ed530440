"""What a call can prove: under which flows, what had been played when which key came, and which keys counted then.

How far a text had been played is reckoned from the time between our answer and the next input, at the speech rate by
which prompts are checked. Input that came at once is taken for hearing the least: a sentence counts as heard when all
of it fits into that time, as begun when part of it does. Whoever is silent until we ask again has heard all of it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from typing import Final
from zoneinfo import ZoneInfo

from sqlalchemy import orm

from app.ivr.asking import Asking
from app.ivr.flow import Scene
from app.ivr.interpreter import interpret
from app.ivr.manner import RATE, Manner
from app.ivr.turn import Hangup, Heard, How
from app.models.call import Call
from app.models.turns import heard_of
from app.services.replay_call import KeptTurn, replay_call
from app.services.take_turn import Edition, Switchboard

_SENTENCE_END: Final = re.compile(r"(?<=[.!?…])\s+")
_KEYS: Final = "1234567890*#"
_ANYWHERE: Final = ZoneInfo("UTC")  # what names a key tells no time
_ANY_LENGTH: Final = frozenset({How.SILENCE, How.RECORDING, How.QUEUE})


class Played(StrEnum):
    """How far a sentence had been played when the next input came."""

    WHOLE = "whole"
    BEGUN = "begun"
    NOT = "not"


@dataclass(frozen=True, slots=True)
class Sentence:
    """One sentence of an answer."""

    text: str
    seconds: float  # about how long it sounds
    played: Played


@dataclass(frozen=True, slots=True)
class Key:
    """A key that counted."""

    key: str
    leads_to: str  # the node that follows
    announced: (
        Played | None
    )  # how far the sentence that names it had been played; None: no sentence of this answer does


@dataclass(frozen=True, slots=True)
class Moment:
    """One turn: what came in, what was answered, and what the caller heard of it and could do before the next one."""

    number: int
    at: datetime
    flow_version: str
    node: str  # where the call waited then
    language: str
    wait: str
    heard: Heard  # what came in
    sentences: tuple[Sentence, ...]
    keys: tuple[Key, ...]
    seconds: float | None  # until the next input or the end of the call; None while it lasts
    same: bool  # whether the flows give the same answer again, byte for byte


def call_evidence(
    board: Switchboard, session: orm.Session, call: Call, words_in: Callable[[str], tuple[str, ...]]
) -> list[Moment]:
    """A call, moment by moment; nothing of an erased one.

    Args:
        words_in: gives the texts of a document that the network was given.
    """
    turns = [KeptTurn.of(row.number, row.at, body) for row, body in heard_of(session, board.vault, call.key)]
    same = replay_call(board, call, turns)
    moments = []
    for place, turn in enumerate(turns):
        following = turns[place + 1] if place + 1 < len(turns) else None
        until = following.at if following is not None else call.ended_at
        is_written = call.channel == "text"
        heard_all = is_written or (following is not None and following.heard.how in _ANY_LENGTH)
        edition = board.edition(turn.position.version)
        lasted = max(until - turn.at, timedelta(0)) if until is not None else None
        time = None if heard_all or lasted is None else lasted.total_seconds()
        rate = RATE if Manner.of(turn.position.known).is_slow else 1.0
        sentences = tuple(_sentences(edition, turn.position.language, words_in(turn.document), time, rate))
        moments.append(
            Moment(
                number=turn.number,
                at=turn.at,
                flow_version=turn.position.version,
                node=turn.position.node,
                language=turn.position.language,
                wait=turn.wait,
                heard=turn.heard,
                sentences=sentences,
                keys=tuple(_keys(edition, turn, sentences)),
                seconds=lasted.total_seconds() if lasted is not None else None,
                same=same[place],
            )
        )
    return moments


def _sentences(
    edition: Edition, language: str, texts: tuple[str, ...], time: float | None, rate: float
) -> Iterator[Sentence]:
    """The sentences of an answer.

    Args:
        time: seconds until the next input; None if all of it was played.
        rate: of the speech, as a share of the usual one.
    """
    begins = 0.0
    for text in (part for each in texts for part in _SENTENCE_END.split(each) if part):
        length = edition.words.seconds_of_text(language, text) / rate
        if time is None or begins + length <= time:
            played = Played.WHOLE
        else:
            played = Played.BEGUN if begins < time else Played.NOT
        yield Sentence(text, round(length, 1), played)
        begins += length


def _keys(edition: Edition, turn: KeptTurn, sentences: tuple[Sentence, ...]) -> Iterator[Key]:
    """Every key that the flows would have followed then, tried on them."""
    position, flows = turn.position, edition.flows
    if turn.wait not in ("Gather", "Record") or position.node not in flows.nodes:
        return
    nothing = interpret(flows, position, Heard(How.SILENCE))
    announced = _announced(edition, turn)
    how = How.KEYS if turn.wait == "Gather" else How.RECORDING
    for key in _KEYS if turn.wait == "Gather" else "09":
        step = interpret(flows, position, Heard(how, keys=key))
        means_nothing = (step.position.node, step.position.tries) == (nothing.position.node, nothing.position.tries)
        if means_nothing or isinstance(step.wait, Hangup):
            continue
        text = announced.get(key)
        yield Key(key, step.position.node, _how_far(text, sentences) if text is not None else None)


def _announced(edition: Edition, turn: KeptTurn) -> dict[str, str]:
    """The words that name each key, by key."""
    position = turn.position
    node = edition.flows.nodes[position.node]
    if not isinstance(node, Asking):
        return {}
    said: dict[str, str] = {}
    for say in node.question(Scene(edition.flows, position)):
        if "key" in say.slots:
            language = say.language or position.language
            style = "texted" if position.known.get("channel") == "text" else ""
            text = edition.words.text(language, say.prompt, say.slots, now=turn.at, zone=_ANYWHERE, style=style)
            said[str(say.slots["key"])] = text.rstrip(",")
    return said


def _how_far(text: str, sentences: tuple[Sentence, ...]) -> Played | None:
    for sentence in sentences:
        if text in sentence.text or sentence.text in text:
            return sentence.played
    return None
