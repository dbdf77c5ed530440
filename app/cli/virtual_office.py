"""A whole office in one process on a clock that jumps: the real services and jobs against the local phone network.

What a day takes in life takes seconds here, and the same seed gives the same day.
"""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import sqlalchemy as sa

from app.domain.clock import FakeClock
from app.jobs.ticks import TICKS, Office
from app.models.promise import Promise
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


class VirtualOffice:
    """Runtime, web application, clock process and phone network, all on one clock."""

    def __init__(
        self, settings: Settings, *, now: datetime | None = None, seed: int = 0, faults: Faults | None = None
    ) -> None:
        """Open the office on a migrated database.

        Args:
            now: aware; None for Monday 2026-03-02 09:00 UTC.
            seed: of everything that is drawn.
            faults: what the network does wrong; None for nothing.
        """
        self.clock = FakeClock(now)
        self.runtime = Runtime.build(settings, clock=self.clock, wall=self.clock)
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
        )
        for hotline in self.runtime.hotlines:
            for number in hotline.numbers:
                self.carrier.own(number, hotline.company.name)
        wire = InProcessClient(self.carrier)
        account, token = settings.twilio_account_sid, settings.twilio_auth_token
        phone = TwilioPhone(account, token, settings.twilio_api_url, wire)
        self.office = Office(self.runtime, phone)
        self._next_tick = {tick.name: self.clock.now() for tick in TICKS}

    @property
    def number(self) -> str:
        """The first hotline's number."""
        return next(iter(self.runtime.hotlines)).numbers[0]

    def hire(self, name: str, phone: str, *languages: str, available: bool = True, person: Person | None = None) -> int:
        """Employ an agent; gives their id.

        Args:
            person: how they behave when their telephone rings; None for one who accepts every call.
        """
        with self.runtime.database.sessions.begin() as session:
            staff = Staff(
                email=f"{name.lower()}@example.org",
                name=name,
                role="agent",
                phone=phone,
                languages=list(languages) or ["de", "en", "pt-BR", "bs"],
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

    def run(self, *, step_seconds: float = 1.0, **span: float) -> None:
        """Let time pass: events of the network and ticks of the clock, in turn."""
        end = self.clock.now() + timedelta(**span)
        while self.clock.now() < end:
            self.carrier.run(min(step_seconds, (end - self.clock.now()).total_seconds()))
            self.tick()

    def tick(self) -> None:
        """Every tick that is due at this moment."""
        now = self.clock.now()
        for tick in TICKS:
            if self._next_tick[tick.name] <= now:
                tick.run(self.office)
                self._next_tick[tick.name] = now + timedelta(seconds=tick.seconds)

    def sleep_until(self, when: datetime, *, step_seconds: float = 30.0) -> None:
        """Let time pass until an instant, in coarse steps."""
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
