"""A simulated campaign for people, and as JSON values."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from app.cli.campaigns import lines_of, values_of
from app.cli.simulation.campaign import CampaignOutcome

_SHOWN = 20


def printed_campaign(found: CampaignOutcome) -> Iterator[str]:
    """What became of it, with all that is wrong."""
    habits = ", ".join(f"{number} {habit}" for habit, number in sorted(found.habits.items()))
    yield f"{found.owners} owners: {habits}"
    for death in found.deaths:
        seconds = (death.up_again_at - death.at).total_seconds()
        yield f"the office died at {death.at:%a %H:%M:%S} UTC, {death.moment} a dial, for {seconds:.0f} s"
    yield from lines_of(found.figures)
    hours = (found.ended_at - found.began_at).total_seconds() / 3600
    yield f"{found.legs} calls in {hours:.1f} hours of office time"
    again, never = found.rung_twice_after_warning, found.never_rung
    yield f"called again after the warning, or twice at once: {again}; never called: {never}"
    yield f"wrong: {len(found.wrong)}"
    yield from (f"  {each}" for each in found.wrong[:_SHOWN])


def values_of_campaign(found: CampaignOutcome) -> Mapping[str, Any]:
    """The same as JSON values."""
    return {
        "owners": found.owners,
        "habits": dict(sorted(found.habits.items())),
        "deaths": [
            {"at": each.at.isoformat(), "moment": each.moment, "up_again_at": each.up_again_at.isoformat()}
            for each in found.deaths
        ],
        "figures": values_of(found.figures),
        "calls": found.legs,
        "began_at": found.began_at.isoformat(),
        "ended_at": found.ended_at.isoformat(),
        "called_again": found.rung_twice_after_warning,
        "never_called": found.never_rung,
        "wrong": found.wrong,
    }
