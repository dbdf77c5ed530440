"""The report of many days: what was promised, kept and broken, why, and what the best schedule could have done."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from app.cli.simulation.facts import BY_SOFTWARE, Facts, is_late
from app.cli.simulation.optimum import fewest_broken, fewest_expected
from app.cli.simulation.outcome import Outcome
from app.cli.simulation.sites import Lived
from app.domain.promise import PromiseStatus

MOST_BROKEN: Final = 1.05  # times what the best schedule had to break
LATENESS: Final = ((1, "up to 1 min"), (5, "1 to 5 min"), (15, "5 to 15 min"), (60, "15 to 60 min"), (240, "1 to 4 h"))


@dataclass(frozen=True, slots=True)
class MonthReport:
    """All figures of a stretch of days, over all hotlines."""

    outcome: Outcome
    facts: Facts
    optimum: dict[str, tuple[int, int]]  # by hotline: with live callers first, and for promises alone
    expected: dict[str, int]  # by hotline: of an office that does not know how long anybody will talk
    calls_placed: int

    @classmethod
    def of(cls, lived: list[Lived]) -> MonthReport:
        """Put together what the hotlines lived through."""
        facts = Facts.together([each.facts for each in lived])
        optimum = {
            name: (fewest_broken(facts, name, live_first=True), fewest_broken(facts, name, live_first=False))
            for name in facts.agents
        }
        expected = {name: fewest_expected(facts, name) for name in facts.agents}
        outcome = Outcome.together([each.outcome for each in lived])
        return cls(outcome, facts, optimum, expected, sum(each.calls_placed for each in lived))

    @property
    def late(self) -> int:
        """Promises that we broke or kept late."""
        return sum(is_late(fact) for fact in self.facts.promises)

    @property
    def by_software(self) -> int:
        """Promises broken for other reasons than too few people."""
        return sum(fact.status == "broken" and fact.cause in BY_SOFTWARE for fact in self.facts.promises)

    @property
    def best(self) -> int:
        """So many must be late in every schedule that serves live callers first."""
        return sum(first for first, _ in self.optimum.values())

    @property
    def to_expect(self) -> int:
        """So many an office must expect to be late that does not know how long anybody will talk."""
        return sum(self.expected.values())

    @property
    def wrong(self) -> list[str]:
        """What must not be, whatever the staff: the software's own faults, and customers who learnt by silence."""
        found = [sentence for sentence in self.outcome.wrong if "was broken:" not in sentence]
        if self.by_software:
            found.append(f"{self.by_software} promises were broken by the software")
        if self.facts.silent:
            found.append(f"{self.facts.silent} customers learnt by silence that we were late")
        return found

    def attempts_per_contact(self) -> float | None:
        """Rings at customers for each conversation that was promised; None without any."""
        spoken = sum(fact.status in ("kept", "kept_late") for fact in self.facts.promises)
        return round(sum(fact.rings for fact in self.facts.promises) / spoken, 2) if spoken else None

    def by_day(self) -> dict[str, dict[str, int]]:
        """By the day of the deadline: promises due, kept in time, late or broken, and ended otherwise."""
        days: dict[str, dict[str, int]] = {}
        for fact in sorted(self.facts.promises, key=lambda fact: fact.due_at):
            row = days.setdefault(fact.due_at.date().isoformat(), {"due": 0, "kept": 0, "late": 0, "otherwise": 0})
            row["due"] += 1
            row["kept" if fact.status == "kept" else "late" if is_late(fact) else "otherwise"] += 1
        return days

    def lateness(self) -> dict[str, int]:
        """How late those were who were called after the deadline, and how many were never called."""
        found = {name: 0 for _, name in LATENESS} | {"longer": 0, "never": 0}
        for fact in self.facts.promises:
            if fact.status == "broken":
                found["never"] += 1
            elif fact.status == "kept_late" and fact.ended_at is not None:
                minutes = (fact.ended_at - fact.due_at).total_seconds() / 60
                found[next((name for most, name in LATENESS if minutes <= most), "longer")] += 1
        return found

    def occupancy(self) -> dict[int, float]:
        """By hour of the day in UTC the percentage of the agents' open time in which they were rung or spoke."""
        there: Counter[int] = Counter()
        busy: Counter[int] = Counter()
        for hotline, spans in self.facts.open_spans.items():
            for start, end in spans:
                low, high = max(start, self.outcome.begins_at), min(end, self.outcome.ends_at)
                _spread(there, low, high, self.facts.agents[hotline])
        for fact in self.facts.attempts:
            _spread(busy, fact.started_at, fact.ended_at, 1)
        return {hour: round(100 * busy[hour] / there[hour], 1) for hour in range(24) if there[hour] >= 3600}

    def to_json(self) -> dict[str, Any]:
        """As JSON values, in a fixed order."""
        causes = Counter(f"{fact.cause}" for fact in self.facts.promises if fact.status == "broken")
        late = self.late
        return {
            **self.outcome.to_json(),
            "calls_in": self.outcome.calls.total(),
            "calls_placed": self.calls_placed,
            "kept_late": sum(fact.status == "kept_late" for fact in self.facts.promises),
            "broken_causes": dict(sorted(causes.items())),
            "broken_by_software": self.by_software,
            "late_or_broken": late,
            "optimum": {
                name: {"live_callers_first": first, "promises_alone": alone}
                for name, (first, alone) in self.optimum.items()
            },
            "times_the_optimum": round(late / self.best, 3) if self.best else None,
            "optimum_without_foresight": dict(self.expected),
            "times_without_foresight": round(late / self.to_expect, 3) if self.to_expect else None,
            "learnt_by_silence": self.facts.silent,
            "attempts_per_contact": self.attempts_per_contact(),
            "by_day": self.by_day(),
            "lateness": self.lateness(),
            "occupancy_by_hour_utc": {f"{hour:02d}": percent for hour, percent in self.occupancy().items()},
            "wrong": self.wrong,
        }

    def printed(self) -> Iterator[str]:
        """Line by line, for people."""
        found, late = self.outcome, self.late
        span = f"from {found.begins_at:%a %Y-%m-%d %H:%M} to {found.ends_at:%a %Y-%m-%d %H:%M} UTC"
        yield f"{span}, {found.webhooks} webhooks"
        yield f"calls          {found.calls.total()} in, {self.calls_placed} placed: {_counts(found.calls)}"
        yield f"complaints     {found.complaints} on record, {found.chose_complaint} callers chose complaint"
        states = ", ".join(f"{found.promises[state]} {state}" for state in PromiseStatus if state != "open")
        yield f"promises       {found.promises.total()}: {states}"
        if found.causes:
            yield f"  causes       {_counts(found.causes)}"
        yield f"  by software  {self.by_software} broken"
        yield f"  contact      {self.attempts_per_contact()} rings for each customer who was spoken to"
        first, alone = self.best, sum(alone for _, alone in self.optimum.values())
        times = f", {late / first:.2f} times the optimum" if first else ""
        broken = found.promises[PromiseStatus.BROKEN]
        yield f"  late         {late} late or broken, {broken} of them broken{times}"
        yield f"  optimum      at least {first} in every schedule; {alone} if nobody waited on the telephone"
        without = f", {late / self.to_expect:.2f} times that" if self.to_expect else ""
        yield f"  to expect    at least {self.to_expect} by who cannot know how long anybody talks{without}"
        yield f"  silence      {self.facts.silent} customers learnt by silence"
        busy = self.occupancy()
        if busy:
            hours = ", ".join(f"{hour:02d}h {percent:g}%" for hour, percent in busy.items())
            yield f"agents         {sum(self.facts.agents.values())} at work; busy by hour (UTC): {hours}"
        yield from (f"WRONG          {sentence}" for sentence in self.wrong[:20])
        yield "nothing was lost" if not self.wrong else f"{len(self.wrong)} things went wrong"


def _spread(into: Counter[int], start: datetime, end: datetime, times: int) -> None:
    """Count the seconds between two instants into the hours of the day they lie in."""
    at, last = start.astimezone(UTC).timestamp(), end.timestamp()
    while at < last:
        stop = min(last, (at // 3600 + 1) * 3600)
        into[int(at // 3600) % 24] += int(times * (stop - at))
        at = stop


def _counts(counted: Counter[Any]) -> str:
    return ", ".join(f"{number} {name}" for name, number in sorted(counted.items())) or "none"
