"""A hotline as the hotline file describes it; plain frozen data, read by `app.ivr.hotline_file`."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, time, timedelta
from typing import TypeAlias
from zoneinfo import ZoneInfo

from app.domain.knowledge import Topic

Hours: TypeAlias = tuple[tuple[time, time], ...]  # local spans of one day; an end of 00:00 means midnight


@dataclass(frozen=True, slots=True)
class Company:
    """Who answers: what callers may ask for (S8)."""

    name: str
    address: str
    email: str
    registration: str
    website: str
    phone: str = ""  # the published number, E.164


@dataclass(frozen=True, slots=True)
class CallbackRules:
    """How callbacks are promised and dialled. Spans are office time."""

    lead: timedelta = timedelta(hours=4)  # from the promise to its deadline, counted in opening hours
    urgent_lead: timedelta = timedelta(minutes=45)
    attempts: int = 3  # rings at the customer's, all told
    spacing: Mapping[str, timedelta] = field(default_factory=dict)  # by cause: busy, no_answer, machine, failed
    handling: timedelta = timedelta(minutes=10)  # one conversation with wrap-up, until measured
    ring_seconds: int = 25


@dataclass(frozen=True, slots=True)
class RecallQueue:
    """The queue of its own in which callers wait for a human because of a recall (P11)."""

    callers: str = "rung"  # rung: whom a campaign rang; all: who calls us about a recall, too; none: no such queue
    goes: str = "with"  # before, with, after: the other callers, when people of both serve it


@dataclass(frozen=True, slots=True)
class QueueRules:
    """How callers wait for a human."""

    max_wait: timedelta = timedelta(minutes=15)
    max_waiting: int = 50  # in each queue
    recall: RecallQueue = RecallQueue()


@dataclass(frozen=True, slots=True)
class CancellationRules:
    """What callers who cancel are told besides; the names of prompts."""

    consequence: str = ""  # one sentence about what follows from it, consequence.<name>; "" for none
    returns: str = ""  # how goods come back free of charge, returns.<name>; "" where there are none


@dataclass(frozen=True, slots=True)
class Shift:
    """Agents who are on duty at the same hours, speak the same languages and handle the same kinds of case."""

    people: int
    languages: tuple[str, ...]
    hours: Mapping[int, Hours] | None = None  # Monday is 0, local hours; None: whenever the hotline is open
    skills: tuple[str, ...] = ()  # kinds of case, see `app.domain.competence`; none: every kind
    from_on: date | None = None  # the first local day of this shift; None: it has always been so
    until_on: date | None = None  # the day after its last; None: until it is changed


@dataclass(frozen=True, slots=True)
class Week:
    """How every week of a hotline is from a local day on, in place of what the file says."""

    from_on: date
    opening: Mapping[int, Hours]  # Monday is 0
    holiday_hours: Hours = ()
    urgent_hours: Mapping[int, Hours] = field(default_factory=dict)
    staffing: tuple[Shift, ...] = ()  # none: the people of the office count, whenever it is open


@dataclass(frozen=True, slots=True)
class Hotline:
    """One hotline: its numbers, flow, languages, hours and rules."""

    name: str  # a short id, "haushalt"
    numbers: tuple[str, ...]  # E.164
    flow: str  # the flow a call starts in
    languages: tuple[str, ...]  # the main one first
    zone: ZoneInfo
    jurisdiction: str  # br-sac, de, eu, us
    country: str  # ISO 3166, for holidays and for reading national numbers
    subdivision: str | None  # ISO 3166-2 part for holidays, or None
    opening: Mapping[int, Hours]  # Monday is 0
    company: Company
    holiday_hours: Hours = ()  # on public holidays, whatever the weekday; none: nobody is there
    urgent_hours: Mapping[int, Hours] = field(
        default_factory=dict
    )  # besides opening: somebody is there for urgent calls
    closed_on: frozenset[date] = frozenset()  # days on which nobody is there, besides such holidays
    callback: CallbackRules = field(default_factory=CallbackRules)
    queue: QueueRules = field(default_factory=QueueRules)
    cancellation: CancellationRules = field(default_factory=CancellationRules)
    knowledge: tuple[Topic, ...] = ()  # what callers and agents may look up
    staffing: tuple[Shift, ...] = ()  # none: the people of the office count, whenever it is open
    weeks: tuple[Week, ...] = ()  # changed by page, in order of their first day; the last one that has begun holds
    days: Mapping[date, Hours] = field(default_factory=dict)  # days with hours of their own, set by page; none: closed

    @property
    def main_language(self) -> str:
        """The language callers hear first unless something better is known."""
        return self.languages[0]
