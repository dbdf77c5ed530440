"""A call told turn by turn: what the caller did, and what was played to them."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import sqlalchemy as sa
from sqlalchemy import orm

from app.models.call import Call, LegEvent, Recording
from app.models.promise import Attempt
from app.models.staff import Staff
from app.models.turns import heard_of
from app.models.vault import Vault


@dataclass(frozen=True, slots=True)
class Step:
    """One turn of a call."""

    number: int
    at: datetime
    node: str  # where the caller waited afterwards
    heard: dict[str, Any]  # how, keys, speech, recording …
    played: tuple[str, ...]  # sentences


@dataclass(frozen=True, slots=True)
class CallStory:
    """One call with all that happened in it."""

    call: Call
    caller: str  # E.164; "" when withheld
    steps: tuple[Step, ...]
    recordings: tuple[Recording, ...]
    legs: tuple[LegEvent, ...]  # every status webhook about the caller's leg, and those of agents rung for them
    talks: tuple[tuple[Attempt, Staff], ...]  # who was rung for this caller, or spoke with them


def call_story(session: orm.Session, vault: Vault, call: Call, words_in: Callable[[str], tuple[str, ...]]) -> CallStory:
    """Tell a call.

    Args:
        words_in: gives the sentences of a document that the network was given.
    """
    turns = heard_of(session, vault, call.key)
    talks = session.execute(
        sa.select(Attempt, Staff)
        .join(Staff, Staff.id == Attempt.staff_id)
        .where(Attempt.wait_key == call.key)
        .order_by(Attempt.id)
    ).all()
    return CallStory(
        call=call,
        caller=str(vault.open(call.caller, f"calls:caller:{call.key}")),
        steps=tuple(Step(row.number, row.at, row.node, body["h"], words_in(body["d"])) for row, body in turns),
        recordings=tuple(
            session.scalars(sa.select(Recording).where(Recording.call_key == call.key).order_by(Recording.started_at))
        ),
        legs=tuple(
            session.scalars(
                sa.select(LegEvent).where(LegEvent.network_id.in_(_legs(call, talks))).order_by(LegEvent.id)
            )
        ),
        talks=tuple((attempt, person) for attempt, person in talks),
    )


def _legs(call: Call, talks: Any) -> list[str]:
    """The network's names of all legs of a call."""
    attempts = [attempt for attempt, _ in talks]
    theirs = [name for each in attempts for name in (each.network_id, each.customer_network_id, each.key) if name]
    return [call.network_id, *theirs]
