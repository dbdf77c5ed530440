"""A real day once more, under another roster: the same calls at the same times, by made-up people."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from random import Random
from typing import Any, Final

from app.cli.simulation.call_log import CallLog
from app.cli.simulation.called import Agent, Customer
from app.cli.simulation.day import Arrival, Day
from app.cli.simulation.ears import Ears
from app.cli.simulation.matters import Matter
from app.cli.simulation.outcome import Outcome
from app.cli.virtual_office import VirtualOffice
from app.domain.hotline import Hotline, Shift
from app.domain.promise import PromiseStatus
from app.domain.spans import spans_from
from app.simulator.leg import Leg
from app.simulator.people import HangUp, Reply

_DAYS: Final = 5  # for which the roster is laid out: the day, and the days until every promise has its end


class LoggedCustomer(Customer):
    """Takes the first rings as the log tells, and talks for as long; then as the dice fall."""

    def __init__(self, dice: Random, ears: Ears, moods: Sequence[str], talk_seconds: float | None) -> None:
        """Know how it went in life."""
        super().__init__(dice, ears)
        self._known, self._talks = list(moods), talk_seconds

    def choose_mood(self) -> str:
        """What the log tells of this ring, as far as it goes."""
        return self._known.pop(0) if self._known else super().choose_mood()

    def reply(self, leg: Leg) -> Reply:
        """As anybody, but for the length of the conversation."""
        if leg.waiting_for == "talk" and self._talks:
            return HangUp(self._talks)
        return super().reply(leg)


class Replay(Day):
    """The calls of one day of the log."""

    def __init__(
        self, office: VirtualOffice, matters: Sequence[Matter], log: CallLog, *, agents: int | None, seed: int
    ) -> None:
        """Hire the agents of the roster and prepare the callers.

        Args:
            agents: so many, whenever a hotline is open; None: those of the hotlines' `staffing` sections.
        """
        self._log = log
        self._changes: list[tuple[datetime, int, bool]] = []  # who comes to work or leaves, and when
        super().__init__(office, matters, calls=len(log.calls), agents=agents or 0, seed=seed)
        if agents is None:
            self._hire_roster()

    def pass_until(self, when: datetime) -> None:
        """Let time pass, and people come to work and leave."""
        while self._changes and self._changes[0][0] <= when:
            at, staff_id, is_there = self._changes.pop(0)
            self.office.sleep_until(at)
            self.set_presence(staff_id, is_there)
        self.office.sleep_until(when)

    def customer_for(self, arrival: Arrival) -> Customer:
        """Somebody who takes the promised call as the customer did."""
        logged = self._logged[arrival.number]
        ears = self._ears[arrival.language]
        return LoggedCustomer(self._next_dice(), ears, logged.moods, logged.talk_seconds)

    def _hire_roster(self) -> None:
        for hotline in self.office.runtime.hotlines:
            for shift in hotline.staffing:
                for _ in range(shift.people):
                    self._hire_for(hotline, shift)
        self._changes.sort()

    def _hire_for(self, hotline: Hotline, shift: Shift) -> None:
        number = self._hired = getattr(self, "_hired", 0) + 1
        person = Agent(self._next_dice(), self._ears[shift.languages[0]])
        name, phone = f"Agent {number}", f"+4930231251{number:02d}"
        hours = shift.hours
        staff_id = self.office.hire(name, phone, *shift.languages, available=hours is None, person=person)
        if hours is not None:
            week = hours

            def on_duty(day: date) -> Any:
                return week.get(day.weekday(), ())

            for span in spans_from(on_duty, hotline.zone, self.begins_at, _DAYS):
                self._changes += [(span.start, staff_id, True), (span.end, staff_id, False)]

    def _draw(self, matters: Sequence[Matter], calls: int) -> list[Arrival]:
        self._logged = {}
        arrivals = []
        for logged in self._log.calls:
            named = self.office.runtime.hotlines.named(logged.hotline)
            hotline = named or next(iter(self.office.runtime.hotlines))
            language = logged.language if logged.language in self._ears else next(iter(self._ears))
            plan = self._plan(logged.errand, self._dice.choice(matters), hotline)
            plan = replace(
                plan, is_withheld=False, other_number="", leaves_after=None, asks_for_human_at=None,
                talk_seconds=logged.talk_seconds or plan.talk_seconds,
            )  # fmt: skip
            number = self._number(language)
            self._logged[number] = logged
            arrivals.append(Arrival(max(logged.started_at, self.begins_at), number, hotline, language, plan))
        return sorted(arrivals, key=lambda arrival: arrival.at)


@dataclass(frozen=True, slots=True)
class Replayed:
    """What really happened, and what happened under the other roster."""

    log: CallLog
    outcome: Outcome

    def printed(self) -> Iterator[str]:
        """Line by line."""
        yield f"{self.log.day}: {len(self.log.calls)} calls"
        if self.log.promises is None:
            yield "in life        the export does not tell what became of promises"
        else:
            yield f"in life        {_states(self.log.promises)}"
        yield f"replayed       {_states(self.outcome.promises)}"
        for agent in self.outcome.agents:
            yield f"{agent['name']:<15}{agent['conversations']} conversations, busy {agent['busy_minutes']} min"
        yield from (f"WRONG          {sentence}" for sentence in self.outcome.wrong)

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "day": self.log.day.isoformat(),
            "calls_in_life": len(self.log.calls),
            "promises_in_life": None if self.log.promises is None else dict(sorted(self.log.promises.items())),
            "replayed": self.outcome.to_json(),
        }


def midnight_of(log: CallLog, hotline: Hotline) -> datetime:
    """When the day begins where the hotline is."""
    day = log.day
    first = min(logged.started_at for logged in log.calls)
    return min(datetime(day.year, day.month, day.day, tzinfo=hotline.zone), first - timedelta(minutes=1))


def _states(promises: Any) -> str:
    total = sum(promises.values())
    states = ", ".join(f"{promises[state]} {state}" for state in PromiseStatus if promises.get(state))
    return f"{total} promises: {states or 'none'}"
