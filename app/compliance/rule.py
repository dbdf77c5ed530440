"""What every rule has: a source, a day from which it holds, and a verdict."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Generic, TypeVar

Value = TypeVar("Value")


@dataclass(frozen=True, slots=True)
class Citation:
    """Where a rule comes from.

    `confirmed` tells whether the text was read in a source; a rule without it, or without an address, is not to be
    stated as law.
    """

    text: str  # "Decreto 11.034/2022, art. 13"
    url: str  # "" for a house rule
    read_on: date
    confirmed: bool

    @property
    def is_house_rule(self) -> bool:
        """Whether no law stands behind it."""
        return self.text.startswith("house rule")


@dataclass(frozen=True, slots=True)
class InForce(Generic[Value]):
    """A rule's value, the day from which it holds, and its source."""

    since: date
    value: Value
    citation: Citation


@dataclass(frozen=True, slots=True)
class Dated(Generic[Value]):
    """A rule's values over time, earliest first."""

    values: tuple[InForce[Value], ...] = ()

    def on(self, day: date) -> InForce[Value] | None:
        """What holds on this day; None if nothing does yet."""
        held = [entry for entry in self.values if entry.since <= day]
        return held[-1] if held else None


@dataclass(frozen=True, slots=True)
class Verdict:
    """A rule's answer, kept beside what was done because of it."""

    allowed: bool
    reason: str
    citation: Citation | None  # None: no rule is in force, and so it is not allowed


def verdict_values(verdict: Verdict) -> dict[str, str | bool | None]:
    """A verdict as JSON values, for keeping it beside what was done."""
    citation = verdict.citation
    return {
        "allowed": verdict.allowed,
        "reason": verdict.reason,
        "source": citation.text if citation else None,
        "url": citation.url if citation else None,
        "read_on": citation.read_on.isoformat() if citation else None,
        "confirmed": citation.confirmed if citation else None,
    }
