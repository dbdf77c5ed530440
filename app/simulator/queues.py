"""Queues of callers, created by the first `<Enqueue>` that names them or over REST."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import TYPE_CHECKING

from app.simulator.leg import Dequeued, Goto, Leg, Redirected
from app.simulator.transport import Params

if TYPE_CHECKING:
    from app.simulator.carrier import Carrier


@dataclass(eq=False)
class Member:
    """A caller in a queue."""

    leg: Leg
    since: datetime
    taken_by: Leg | None = None  # None while it waits
    whisper: Goto | None = None  # what it hears before it is connected


@dataclass(eq=False)
class CallQueue:
    """Callers in the order in which they came."""

    sid: str
    name: str
    created_at: datetime
    most: int = 1000
    members: list[Member] = field(default_factory=list)
    takers: list[Leg] = field(default_factory=list)  # legs that wait for somebody to come
    waits: list[float] = field(default_factory=list)  # seconds that those who left had waited

    @property
    def average_wait(self) -> int:
        """The mean wait of those who have left, in whole seconds."""
        return round(sum(self.waits) / len(self.waits)) if self.waits else 0

    def join(self, leg: Leg) -> Member:
        """Let a caller in, at the end, and wake who waits for one."""
        member = Member(leg, leg.carrier.now())
        self.members.append(member)
        for taker in self.takers:
            leg.carrier.loop.wake(taker.task)
        return member

    def leave(self, member: Member) -> None:
        """Let a caller out."""
        if member in self.members:
            self.members.remove(member)
            self.waits.append((member.leg.carrier.now() - member.since).total_seconds())

    def take(self, taker: Leg, whisper: Goto | None) -> Member | None:
        """Take the first caller for a leg; None if nobody waits."""
        member = next((one for one in self.members if one.taken_by is None and not one.leg.gone), None)
        if member is not None:
            member.taken_by, member.whisper = taker, whisper
            member.leg.interrupt(Dequeued())
        return member

    def send(self, member: Member, goto: Goto) -> None:
        """Send a caller to another document, as REST asks."""
        member.taken_by = member.leg
        member.leg.interrupt(Redirected(goto))

    def params(self, member: Member, now: datetime) -> Params:
        """What a request made from inside the queue carries."""
        place = self.members.index(member) + 1 if member in self.members else 0
        return [
            ("QueuePosition", str(place)),
            ("QueueSid", self.sid),
            ("QueueTime", str(int((now - member.since).total_seconds()))),
            ("AvgQueueTime", str(self.average_wait)),
            ("CurrentQueueSize", str(len(self.members))),
            ("MaxQueueSize", str(self.most)),
        ]


class Queues:
    """All queues of the account."""

    def __init__(self, carrier: Carrier) -> None:
        """Start with none."""
        self._carrier = carrier
        self.all: list[CallQueue] = []

    def find(self, name_or_sid: str) -> CallQueue | None:
        """The queue of that name or sid."""
        return next((queue for queue in self.all if name_or_sid in (queue.sid, queue.name)), None)

    def named(self, name: str, most: int | None = None) -> CallQueue:
        """The queue of that name, created if there is none."""
        queue = self.find(name)
        if queue is None:
            queue = CallQueue(self._carrier.sid("QU"), name, self._carrier.now())
            self.all.append(queue)
        if most is not None:
            queue.most = most
        return queue
