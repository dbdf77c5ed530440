"""The callbacks of one simulated day under other orders of service, with fewer and fewer agents."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from pathlib import Path
from random import Random
from statistics import median
from typing import Any, Final

from app.cli.simulation.facts import Facts
from app.cli.simulation.queue_model import WAYS, Callback, Tally, serve
from app.cli.simulation.svg import Series, bars

_ENDS: Final = ("kept", "kept_late", "broken", "unreachable")
_ANSWERS: Final = 0.66  # of the customers, at each ring; as in `called.py`
_RING_SECONDS: Final = 40.0


@dataclass(frozen=True, slots=True)
class Compared:
    """The tallies by how many agents there were and by which way was gone."""

    callbacks: int
    crash_at: datetime
    tallies: dict[int, dict[str, Tally]]

    @classmethod
    def of(cls, facts: Facts, agents: int, seed: int) -> Compared:
        """Serve what a simulated day promised, with `agents` people and with ever fewer, down to one.

        The process that holds the timers dies once, at the moment at which half of the promises had been made.
        """
        callbacks = callbacks_of(facts, seed)
        spans = sorted(span for spans in facts.open_spans.values() for span in spans)
        crash_at = sorted(each.made_at for each in callbacks)[len(callbacks) // 2]
        tallies = {
            number: {way: serve(way, callbacks, number, spans, (crash_at,)) for way in WAYS}
            for number in range(agents, 0, -1)
        }
        return cls(len(callbacks), crash_at, tallies)

    def printed(self) -> Iterator[str]:
        """Line by line."""
        yield f"{self.callbacks} callbacks; the process dies once, at {self.crash_at:%Y-%m-%d %H:%M} UTC"
        for agents, ways in self.tallies.items():
            for way, tally in ways.items():
                line = f"{agents:>3} agents  {way:<13} {tally.kept} kept, {tally.late} late, {tally.lost} lost"
                why = (
                    f": {tally.crashed} in the crash, {tally.unanswered} away, {tally.nobody_there} with no agent free"
                )
                yield line + (why if tally.lost else "")

    def to_json(self) -> dict[str, Any]:
        """As JSON values."""
        return {
            "callbacks": self.callbacks,
            "crash_at": self.crash_at.isoformat(),
            "agents": {
                str(agents): {way: asdict(tally) for way, tally in ways.items()}
                for agents, ways in self.tallies.items()
            },
        }

    def draw(self, file: Path) -> None:
        """What was kept, as bars."""
        file.parent.mkdir(parents=True, exist_ok=True)
        series = [Series(way, [ways[way].kept for ways in self.tallies.values()]) for way in WAYS]
        file.write_text(
            bars(
                f"Promises kept in time, of {self.callbacks}",
                places=[str(agents) for agents in self.tallies],
                series=series,
                x_axis="agents at work",
                y_axis="promises",
            ),
            encoding="utf-8",
        )


def callbacks_of(facts: Facts, seed: int) -> list[Callback]:
    """The promises of a day that wanted a call, with the same dice for every way of serving them."""
    dice = Random(seed)
    promises = [fact for fact in facts.promises if fact.status in _ENDS]
    usual = median([fact.busy_seconds for fact in promises if fact.status == "kept"] or [300.0])
    found = []
    for fact in sorted(promises, key=lambda fact: (fact.made_at, fact.due_at)):
        tries = 1 + (dice.random() > _ANSWERS) + (dice.random() > _ANSWERS)
        seconds = round(dice.uniform(0.4, 1.6) * usual, 1)
        release = max(fact.release, fact.made_at + timedelta(seconds=20))
        found.append(Callback(fact.made_at, release, fact.due_at, seconds, tries, _RING_SECONDS))
    return found
