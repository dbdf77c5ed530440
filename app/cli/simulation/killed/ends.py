"""What became of each promise, and whether the phone network rang anybody whom it should not have rung."""

from __future__ import annotations

from collections import Counter, defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import pairwise
from typing import NamedTuple, TypeAlias

import sqlalchemy as sa

from app.cli.virtual_office import VirtualOffice
from app.domain.promise import ENDED
from app.models.promise import Attempt, Promise
from app.promising.next_attempt import LEAST_SPACING
from app.simulator.leg import Leg

Key: TypeAlias = tuple[str, int]
"""A promise in any run of the same week: the customer's number, and the how manieth to that number it is."""


class End(NamedTuple):
    """How one promise ended."""

    status: str
    cause: str | None
    made_at: datetime
    due_at: datetime
    ended_at: datetime | None
    rings: tuple[datetime, ...]  # when the customer's line was dialled for it


def ends_of(office: VirtualOffice) -> dict[Key, End]:
    """Every promise of an office."""
    ends: dict[Key, End] = {}
    seen: Counter[str] = Counter()
    vault = office.runtime.vault
    with office.runtime.database.reads() as session:
        rings: dict[int, list[datetime]] = defaultdict(list)
        for promise_id, at in session.execute(
            sa.select(Attempt.promise_id, Attempt.dialled_at)
            .where(Attempt.dialled_at.is_not(None), Attempt.promise_id.is_not(None))
            .order_by(Attempt.dialled_at)
        ):
            assert promise_id is not None
            assert at is not None
            rings[promise_id].append(at)
        for each in session.scalars(sa.select(Promise).order_by(Promise.id)):
            number = str(vault.open(each.phone, f"promises:phone:{each.key}"))
            ends[number, seen[number]] = End(
                each.status, each.cause, each.made_at, each.due_at, each.ended_at, tuple(rings[each.id])
            )
            seen[number] += 1
    return ends


@dataclass(frozen=True, slots=True)
class Difference:
    """A promise that ended in another way, or is in one of the two runs alone."""

    key: Key
    unkilled: End | None
    killed: End | None


def differences(unkilled: dict[Key, End], killed: dict[Key, End]) -> list[Difference]:
    """Every promise whose end state is not the same."""
    return [
        Difference(key, unkilled.get(key), killed.get(key))
        for key in sorted(unkilled.keys() | killed.keys())
        if _state(unkilled.get(key)) != _state(killed.get(key))
    ]


def _state(end: End | None) -> str | None:
    return None if end is None else end.status


def complaints_about(office: VirtualOffice, ends: dict[Key, End]) -> Iterator[str]:
    """What a death may never cause, each as a sentence."""
    yield from wrong_on_record(ends)
    yield from _wrong_at_the_network(office, ends)
    with office.runtime.database.reads() as session:
        left = session.scalar(sa.select(sa.func.count()).select_from(Attempt).where(Attempt.stage != "ended"))
    if left:
        yield f"{left} attempts have no end"


def wrong_on_record(ends: dict[Key, End]) -> Iterator[str]:
    """Promises without an end, and rings too soon after another or after the end."""
    for (number, _), end in ends.items():
        if end.status not in ENDED:
            yield f"the promise to {number} due at {end.due_at} has no end"
        for sooner, later in pairwise(end.rings):
            if later - sooner < LEAST_SPACING:
                yield f"{number} was rung at {sooner} and again at {later}"
        if end.ended_at is not None and end.rings and end.rings[-1] > end.ended_at:
            yield f"{number} was rung at {end.rings[-1]}, after the promise had ended at {end.ended_at}"


def _wrong_at_the_network(office: VirtualOffice, ends: dict[Key, End]) -> Iterator[str]:
    legs: dict[str, list[Leg]] = defaultdict(list)
    for leg in office.carrier.calls:
        if leg.direction == "outbound-dial":
            legs[leg.to].append(leg)
    for number, own in legs.items():
        known = sum(len(end.rings) for (whose, _), end in ends.items() if whose == number)
        if len(own) > known:
            yield f"{number} was rung {len(own)} times, and {known} times by what is on record"
        own.sort(key=lambda leg: leg.created_at)
        for first, second in pairwise(own):
            if first.ended_at is None or second.created_at < first.ended_at:
                yield f"{number} was rung at {second.created_at}, while it rang or spoke since {first.created_at}"
