"""One day of calls: who calls when, and time that passes until every promise has ended."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from random import Random
from typing import Final

import sqlalchemy as sa

from app.cli.simulation.called import Agent, Customer
from app.cli.simulation.callers import KINDS, QUESTIONS, REMEDIES, Caller, Plan
from app.cli.simulation.ears import Ears
from app.cli.simulation.matters import Matter
from app.cli.simulation.profile import BY_HOUR
from app.cli.virtual_office import VirtualOffice
from app.domain.hotline import Hotline
from app.models.call import Call, Wait
from app.models.outbox import OutboxItem
from app.models.promise import Attempt, Promise
from app.models.staff import Staff
from app.simulator.leg import Leg

LANGUAGES: Final = {"en": 55, "de": 27, "pt-BR": 14, "bs": 4}
NUMBERS: Final = {
    "en": ("+49151########", "+49151########", "+49160#######", "+1212555####"),
    "de": ("+49151########", "+49170#######", "+4930########"),
    "pt-BR": ("+55119########",),
    "bs": ("+38761######", "+49151########"),
}
"""By language: patterns of numbers that are called from; nothing leaves this process."""

WITHHELD: Final = "+266696687"
LONGEST: Final = timedelta(days=3)  # after the day itself
_DAY: Final = timedelta(days=1)
FORGOTTEN_AFTER: Final = timedelta(hours=6)  # what the network knows of a call that is over
_QUIET: Final = timedelta(hours=1)


@dataclass(frozen=True, slots=True)
class Arrival:
    """Somebody calls at some time."""

    at: datetime
    number: str
    hotline: Hotline
    language: str
    plan: Plan


@dataclass(slots=True)
class Conversation:
    """A call that was made, with the caller's own account of it."""

    network_id: str
    errand: str
    source_id: str  # of the complaint
    caller: Caller | None  # None once `chose_complaint` is final
    chose_complaint: bool = False

    def forget_caller(self) -> None:
        """The call is over: keep what they did, and not their whole plan."""
        if self.caller is not None:
            self.chose_complaint, self.caller = self.caller.chose_complaint, None


class Day:
    """Everything that is drawn is drawn from one seed."""

    def __init__(
        self,
        office: VirtualOffice,
        matters: Sequence[Matter],
        *,
        calls: int,
        agents: int,
        seed: int | str,
        days: int = 1,
    ) -> None:
        """Hire the agents and draw who calls when.

        Args:
            calls: how many call with a complaint, each with the next matter; a tenth more call for something else, and
                a tenth of those who complained call again.
        """
        self.office, self._dice = office, Random(seed)
        words = office.runtime.board.present.words
        self._ears = {language: Ears(words, language, QUESTIONS) for language in words.languages}
        self._taken: set[str] = set()
        self._legs: dict[str, Leg] = {}  # of calls that are not over
        self.days = days
        self.begins_at = office.clock.now()
        self._hire(agents)
        self.arrivals = self._draw(matters, calls)
        self.conversations: list[Conversation] = []

    def live(self) -> None:
        """Let everybody call, then time pass until every promise has ended; at most three days after the last day."""
        office = self.office
        under_way: list[Conversation] = []
        for arrival in self.arrivals:
            self.pass_until(arrival.at)
            caller = Caller(arrival.plan, self._ears[arrival.language], self._next_dice())
            customer = self.customer_for(arrival)
            if not arrival.plan.is_withheld:
                office.carrier.people.setdefault(arrival.number, customer)
            if arrival.plan.other_number:
                office.carrier.introduce(arrival.plan.other_number, customer)
            line = office.carrier.dial(
                WITHHELD if arrival.plan.is_withheld else arrival.number, arrival.hotline.numbers[0], person=caller
            )
            conversation = Conversation(line.sid, arrival.plan.errand, arrival.plan.matter.source_id, caller)
            self.conversations.append(conversation)
            self._legs[line.sid] = line.leg
            under_way = [each for each in [*under_way, conversation] if not self._is_told(each)]
        self.pass_until(office.clock.now() + _QUIET)  # the last one has only just dialled
        end = self.begins_at + timedelta(days=self.days) + LONGEST
        while office.clock.now() < end and self._is_anything_open():
            self.pass_until(office.clock.now() + _QUIET)
        for conversation in self.conversations:
            conversation.forget_caller()

    def pass_until(self, when: datetime) -> None:
        """Let time pass."""
        self.office.sleep_until(when)

    def customer_for(self, arrival: Arrival) -> Customer:
        """Whoever is called back after this call."""
        return Customer(self._next_dice(), self._ears[arrival.language])

    def set_presence(self, staff_id: int, is_there: bool) -> None:
        """Somebody comes to work or leaves."""
        with self.office.runtime.database.sessions.begin() as session:
            session.get_one(Staff, staff_id).available = is_there

    def _is_told(self, conversation: Conversation) -> bool:
        if not self._legs[conversation.network_id].over:
            return False
        conversation.forget_caller()
        del self._legs[conversation.network_id]
        return True

    def _is_anything_open(self) -> bool:
        with self.office.runtime.database.reads() as session:
            open_things = sa.select(
                sa.exists().where(Promise.status == "open")
                | sa.exists().where(Attempt.stage != "ended")
                | sa.exists().where(Call.settled_at.is_(None))
                | sa.exists().where(Wait.ended_at.is_(None))
                | sa.exists().where(OutboxItem.status.in_(("waiting", "sending")))
            )
            return bool(session.scalar(open_things))

    def send_home(self, absent: int) -> None:
        """So many agents do not come to work: the last ones, so that the languages of the others are as mixed."""
        with self.office.runtime.database.sessions.begin() as session:
            last = session.scalars(sa.select(Staff).order_by(Staff.id.desc()).limit(absent))
            for agent in last:
                agent.available = False

    def _hire(self, agents: int) -> None:
        languages = sorted(self._ears)
        for place in range(agents):
            # From three agents on, each lacks one language in turn, so that every one is spoken by two at least.
            lacks = languages[place % len(languages)] if agents >= len(languages) else None
            speaks = [language for language in languages if language != lacks]
            person = Agent(self._next_dice(), self._ears[speaks[0]])
            self.office.hire(f"Agent {place + 1}", f"+4930231250{place:02d}", *speaks, person=person)

    def _draw(self, matters: Sequence[Matter], calls: int) -> list[Arrival]:
        chosen = [matters[place % len(matters)] for place in range(calls)]
        first = [self._arrival("complaint", matter) for matter in chosen]
        others = [
            self._arrival(self._dice.choice(("cancellation", "human")), self._dice.choice(matters))
            for _ in range(round(calls / 10))
        ]
        callable_ones = [each for each in first if not each.plan.is_withheld]
        again = [self._again(each) for each in self._dice.sample(callable_ones, len(callable_ones) // 10)]
        return sorted([*first, *others, *again], key=lambda arrival: arrival.at)

    def _arrival(self, errand: str, matter: Matter) -> Arrival:
        dice = self._dice
        language = dice.choices(list(LANGUAGES), list(LANGUAGES.values()))[0]
        if language not in self._ears:
            language = next(iter(self._ears))
        hotline = self._hotline_for(language)
        midnight = self.begins_at.astimezone(hotline.zone).replace(hour=0, minute=0, second=0, microsecond=0)
        hour = dice.choices(range(24), BY_HOUR)[0]
        at = midnight + timedelta(hours=hour, seconds=round(dice.uniform(0, 3600), 1))
        if at < self.begins_at:
            at += _DAY
        return Arrival(at.astimezone(self.begins_at.tzinfo), self._number(language), hotline, language,
                       self._plan(errand, matter, hotline))  # fmt: skip

    def _plan(self, errand: str, matter: Matter, hotline: Hotline) -> Plan:
        dice = self._dice
        withheld = errand == "complaint" and dice.random() < 0.08
        other = self._number(hotline.languages[0]) if dice.random() < (0.5 if withheld else 0.06) else ""
        return Plan(
            errand=errand,
            matter=matter,
            by_words=dice.choice((0.0, 0.0, 0.4, 1.0)),
            consents=dice.random() < 0.75,
            kind=dice.choice(KINDS),
            remedy=dice.choice(REMEDIES),
            is_hurt=dice.random() < 0.05,
            other_number=other,
            is_withheld=withheld,
            leaves_after=dice.randrange(0, 9) if dice.random() < 0.2 else None,
            asks_for_human_at=dice.choice(("about", "story_record", "remedy")) if dice.random() < 0.08 else None,
            patience_seconds=dice.uniform(120, 1200),
            trades=dice.random() < 0.4,
            withdraws=dice.random() < 0.5,
            talk_seconds=round(dice.uniform(60, 480), 1),
        )

    def _again(self, before: Arrival) -> Arrival:
        """Who has complained calls once more, before or after the call that was promised."""
        plan = replace(before.plan, errand="matter", leaves_after=None, asks_for_human_at=None)
        return replace(before, at=before.at + timedelta(minutes=round(self._dice.uniform(10, 180))), plan=plan)

    def _hotline_for(self, language: str) -> Hotline:
        hotlines = list(self.office.runtime.hotlines)
        own = [hotline for hotline in hotlines if hotline.languages[0] == language]
        able = [hotline for hotline in hotlines if language in hotline.languages]
        return (own or able or hotlines)[0]

    def _number(self, language: str) -> str:
        while True:
            pattern = self._dice.choice(NUMBERS.get(language, NUMBERS["en"]))
            number = "".join(str(self._dice.randrange(1, 10)) if sign == "#" else sign for sign in pattern)
            if number not in self._taken:
                self._taken.add(number)
                return number

    def _next_dice(self) -> Random:
        return Random(self._dice.random())
