"""A whole office in one process on a clock that jumps: the real services and jobs against the local phone network.

What a day takes in life takes seconds here, and the same seed gives the same day.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from random import Random
from typing import Final

import sqlalchemy as sa
from sqlalchemy import orm

from app.cli.due_work import DueWork
from app.cli.next_due import WATCHED, NextDue
from app.cli.silence import Silence
from app.cli.tick_sight import EAGER, LOOKS_AT, NEVER
from app.cli.written_tables import WrittenTables
from app.domain.clock import FakeClock
from app.jobs.ticks import TICKS, Office, Tick
from app.models.promise import Promise
from app.models.protocols import DICE
from app.models.staff import Staff
from app.runtime import Runtime
from app.settings import Settings
from app.simulator.carrier import Carrier
from app.simulator.faults import Faults
from app.simulator.http_client import InProcessClient
from app.simulator.line import Line
from app.simulator.people import Person
from app.simulator.transport import WsgiTransport
from app.telephony.twilio.phone import TwilioPhone
from app.web.app import create_app

_HALF_A_SECOND: Final = timedelta(seconds=0.5)


class VirtualOffice:
    """Runtime, web application, clock process and phone network, all on one clock."""

    def __init__(
        self,
        settings: Settings,
        *,
        now: datetime | None = None,
        clock: FakeClock | None = None,
        seed: int = 0,
        faults: Faults | None = None,
        unproved: bool = False,
        silent: bool = False,
        forgets_after: timedelta | None = None,
    ) -> None:
        """Open the office on a migrated database.

        Args:
            now: aware; None for Monday 2026-03-02 09:00 UTC.
            clock: the clock to run on, instead of one of its own that begins at `now`.
            seed: of everything that is drawn.
            faults: what the network does wrong; None for nothing.
            unproved: take flows that no rule was proved of, too.
            silent: speech that the office makes itself is silence of the same length.
            forgets_after: how long the network remembers a call that is over; None for ever.
        """
        self.clock = clock or FakeClock(now)
        runtime = Runtime.build(settings, clock=self.clock, wall=self.clock, unproved=unproved)
        self.runtime = replace(runtime, speech=Silence(settings.var_dir)) if silent else runtime
        self.app = create_app(self.runtime)
        self.carrier = Carrier(
            settings.twilio_account_sid,
            settings.twilio_auth_token,
            settings.public_url,
            transport=WsgiTransport(self.app),
            clock=self.clock,
            seed=seed,
            faults=faults or Faults(),
            calls_per_second=5,
            forgets_after=forgets_after,
        )
        for hotline in self.runtime.hotlines:
            for number in hotline.numbers:
                self.carrier.own(number, hotline.company.name)
        wire = InProcessClient(self.carrier)
        account, token = settings.twilio_account_sid, settings.twilio_auth_token
        phone = TwilioPhone(account, token, settings.twilio_api_url, wire)
        self.office = Office(self.runtime, phone)
        self.app.extensions["rueckruf"] = replace(self.runtime, wire=phone)  # agents ring from their pages, too
        self._next_tick = dict.fromkeys(EAGER, self.clock.now())
        self._looked_at = self._looked_at_all = self.clock.now()  # when ticks looked last: some, all
        self._moments: list[tuple[datetime, str]] = []  # what falls due after `_looked_at`
        self._seen_situation: object = None  # in which it was last tried in vain to ring somebody
        self._changed = True  # whether anything may have been written since `_moments` was asked
        self.watch()
        self._stirs = 1  # how often something has happened
        self._seen = dict.fromkeys(EAGER, 0)  # how many of these each eager tick has looked at
        # So that the same seed gives the same day: how long it takes to say a number depends on its digits.
        self.runtime.database.sessions.configure(info={DICE: Random(seed)})  # noqa: S311 - a made-up day

    def watch(self) -> None:
        """Ask the present runtime's database what is due, and notice when it is written to."""
        database = self.runtime.database
        written = WrittenTables(database, WATCHED)
        self._next_due = NextDue(database, self.office.graces, written)
        self._due_work = DueWork(database, written)
        sa.event.listen(database.sessions, "after_commit", self._note_change)

    def _note_change(self, _session: orm.Session) -> None:
        self._changed = True

    def forget(self) -> None:
        """Ask the database for everything again: somebody may have written to it whom nobody watches."""
        self._changed = True
        self._next_due.forget()
        self._due_work.forget()

    @property
    def number(self) -> str:
        """The first hotline's number."""
        return next(iter(self.runtime.hotlines)).numbers[0]

    def hire(
        self,
        name: str,
        phone: str,
        *languages: str,
        available: bool = True,
        person: Person | None = None,
        skills: Sequence[str] = (),
    ) -> int:
        """Employ an agent; gives their id.

        Args:
            skills: the kinds of case they handle; none: every kind.
            person: how they behave when their telephone rings; None for one who accepts every call.
        """
        with self.runtime.database.sessions.begin() as session:
            staff = Staff(
                email=f"{name.lower()}@example.org",
                name=name,
                role="agent",
                phone=phone,
                languages=list(languages) or ["de", "en", "pt-BR", "bs"],
                skills=list(skills),
                available=available,
                created_at=self.clock.now(),
            )
            session.add(staff)
            session.flush()
            staff_id = staff.id
        if person is not None:
            self.carrier.introduce(phone, person)
        return staff_id

    def call(self, from_number: str, to: str | None = None) -> Line:
        """A customer calls; the line waits for its first input."""
        return self.carrier.dial(from_number, to or self.number)

    def run(self, *, step_seconds: float = 900.0, **span: float) -> None:
        """Let time pass: events of the network and ticks of the clock, in turn.

        Time jumps to the next webhook or the next row that falls due, whichever comes first.

        Args:
            step_seconds: the longest jump, so that what becomes due by other rules than `NextDue` knows is seen, too.
            span: as for `timedelta`.
        """
        end = self.clock.now() + timedelta(**span)
        self.forget()
        while self.clock.now() < end:
            stop = self._next_stop(timedelta(seconds=step_seconds))
            if self._run_to_webhook(min(end, stop)):
                self._stirs += self._changed
                self._tick(self._eager_now())
            else:
                self.clock.set(min(end, stop))
                self._tick(self._due_now(timedelta(seconds=step_seconds)))

    def _run_to_webhook(self, stop: datetime) -> bool:
        """Run the network to its next webhook, at most to `stop`; fetching a sound changes nothing."""
        postman = self.carrier.postman
        seen = postman.number_sent
        return self.carrier.run_until(
            lambda: postman.number_sent > seen and postman.log[-1].kind != "sound", stop - self.clock.now()
        )

    def _next_stop(self, longest: timedelta) -> datetime:
        """When to tick next, if nothing comes from the network before."""
        now = self.clock.now()
        stops = [self._next_tick[name] for name in EAGER if self._seen[name] < self._stirs]
        if not stops:
            if self._changed:
                self._moments = self._next_due.after(self._looked_at)
                self._changed = False
            due = min((at for at, _ in self._moments), default=None)
            # The clock ticks twice a second; it sees what falls due at the next tick.
            stops = [self._looked_at_all + longest, *([due + _HALF_A_SECOND] if due else [])]
        return max(now, min(stops))

    def _due_now(self, longest: timedelta) -> list[Tick]:
        """The ticks that look at what has fallen due; all of them when they have not looked for long."""
        now = self.clock.now()
        if self._looked_at_all + longest <= now:
            self._looked_at_all = self._looked_at = now
            self._changed = True
            return [tick for tick in TICKS if tick.name not in NEVER and not tick.is_upkeep]
        due = {table for at, table in self._moments if at <= now}
        if not due:
            return self._eager_now()
        self._looked_at, self._changed = now, True
        eager = self._eager_now()
        return [
            tick
            for tick in TICKS
            if tick in eager or (tick.name not in NEVER and not tick.is_upkeep and due & LOOKS_AT.get(tick.name, due))
        ]

    def _eager_now(self) -> list[Tick]:
        """The eager ticks for which something has happened since they looked last."""
        now = self.clock.now()
        return [
            tick
            for tick in TICKS
            if tick.name in EAGER and self._seen[tick.name] < self._stirs and self._next_tick[tick.name] <= now
        ]

    def tick(self) -> None:
        """Every tick, at this moment; the sign of life is left out, for which there is nobody here to look."""
        self._looked_at = self._looked_at_all = self.clock.now()
        self._seen_situation = None
        self._tick(tick for tick in TICKS if tick.name not in NEVER and not tick.is_upkeep)

    def _tick(self, ticks: Iterable[Tick]) -> None:
        now = self.clock.now()
        for tick in ticks:
            if tick.name in EAGER:
                self._seen[tick.name] = self._stirs
                self._next_tick[tick.name] = now + timedelta(seconds=tick.seconds)
                if not self._may_find_something(tick.name):
                    continue
            found = self._run(tick)
            self._changed = True
            if found:
                self._stirs += 1
                self._seen_situation = None

    def _run(self, tick: Tick) -> object:
        """Run one tick; whether it found something to do."""
        return tick.run(self.office)

    def _may_find_something(self, name: str) -> bool:
        """Whether an eager tick is worth its while, or looks at the same as the last time, when it found nothing."""
        if name == "deliver orders":
            return self.office.billing is not None
        if name == "post letters":
            return self.office.mail is not None
        now = self.clock.now()
        if name == "send":
            return self._due_work.sends(now)
        if name in ("start contacts", "lead campaigns"):
            return self._due_work.has_campaigns(now)
        if not self._due_work.can_ring(now):
            return False
        exactly = self._due_work.exactly(now)
        if exactly == self._seen_situation:
            return False
        self._seen_situation = exactly
        return True

    def sleep_until(self, when: datetime, *, step_seconds: float = 900.0) -> None:
        """Let time pass until an instant."""
        self.run(step_seconds=step_seconds, seconds=max(0.0, (when - self.clock.now()).total_seconds()))

    def promises(self) -> list[Promise]:
        """Every promise, in order of making."""
        with self.runtime.database.reads() as session:
            return list(session.scalars(sa.select(Promise).order_by(Promise.id)).all())

    def close(self) -> None:
        """Close the office."""
        self.carrier.stop()
        self.runtime.close()


def utc(text: str) -> datetime:
    """An instant written as ``2026-03-02 09:00``, in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)
