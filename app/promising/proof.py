"""A plan written down small: for one promise the slot that it was given, and every other slot that was taken then."""

from __future__ import annotations

import base64
import json
import zlib
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from app.promising.load import Planned
from app.promising.timetable import Team

THIS = 0
"""Stands in the schedule for the promise that it proves, which had no number yet."""


@dataclass(frozen=True, slots=True)
class Planning:
    """One promise in a schedule: who is called when, by which agent of which team."""

    promise_id: int  # `THIS` for the promise that the schedule proves
    starts_at: datetime
    ends_at: datetime
    team: Team
    agent: int  # one of the team, from 1 on; a place and no person


@dataclass(frozen=True, slots=True)
class Proof:
    """The schedule by which a promise and all the others can be kept."""

    planned: Planning  # the promise's own
    others: int  # how many other promises it holds
    late: int  # how many of them nobody could keep in time any more; they are called first
    moved: int  # how many had to make room
    schedule: str  # all slots, packed

    def values(self) -> dict[str, Any]:
        """As it is stored."""
        return {
            "starts_at": self.planned.starts_at.isoformat(),
            "ends_at": self.planned.ends_at.isoformat(),
            "team": list(self.planned.team.languages),
            "skills": list(self.planned.team.skills),
            "agent": self.planned.agent,
            "others": self.others,
            "late": self.late,
            "moved": self.moved,
            "schedule": self.schedule,
        }


def proof_of(planned: Planned) -> Proof:
    """The plan as it stands; the promise that was put last is the one it proves."""
    plan, table = planned.plan, planned.table
    ids = [*planned.ids, THIS]
    place = plan.place_of[-1]
    slot, team = divmod(place, len(table.teams))
    starts_at = datetime.fromtimestamp(table.starts[slot], UTC)
    own = Planning(
        THIS, starts_at, starts_at + planned.slot, table.teams[team], plan.held[place].index(len(ids) - 1) + 1
    )
    rows = []
    for each in sorted(set(plan.place_of)):
        slot, team = divmod(each, len(table.teams))
        rows.append([table.starts[slot], team, *(ids[number] for number in plan.held[each])])
    length = round(planned.slot.total_seconds())
    return Proof(own, len(ids) - 1, len(planned.late_ids), len(plan.moved), _packed([length, table.teams, rows]))


def schedule_of(schedule: str) -> list[Planning]:
    """Every slot of a packed schedule, in order of time."""
    seconds, teams, rows = json.loads(zlib.decompress(base64.b64decode(schedule)))
    named = [Team(tuple(languages), tuple(skills)) for languages, skills in teams]
    found = []
    for start, team, *ids in rows:
        starts_at = datetime.fromtimestamp(start, UTC)
        ends_at = starts_at + timedelta(seconds=seconds)
        found += [Planning(each, starts_at, ends_at, named[team], agent) for agent, each in enumerate(ids, 1)]
    return found


def _packed(values: object) -> str:
    return base64.b64encode(zlib.compress(json.dumps(values, separators=(",", ":")).encode(), 1)).decode()
