"""Callers of a simulated day: what they want, and how they go about it on the telephone."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Final

import phonenumbers

from app.cli.simulation.ears import Ears
from app.cli.simulation.matters import Matter, speakable
from app.simulator.leg import Leg
from app.simulator.people import HangUp, Person, Press, Reply, Speak

QUESTIONS: Final = (
    "consent_ask", "about", "product", "kinds", "story_record", "story_words", "hurt", "remedy", "own_number",
    "other_number", "number_right", "read_back_right", "correct", "protocol", "callback_offer", "order",
    "matter_menu", "withdraw_ask", "human_hint", "wish_day", "wish_part",
)  # fmt: skip
KINDS: Final = ("dissatisfaction", "misconduct", "compensation", "change")
REMEDIES: Final = ("refund", "repair", "replacement", "discount", "other")
_MOST_TRIES: Final = 4  # of one question, until this caller gives up
_SPOKEN_STORY: Final = 700  # characters; the network listens for a minute at most


def as_typed(number: str) -> str:
    """A number as it is typed in its own country: +49151… as 0151…; "" stays ""."""
    if not number:
        return ""
    national = phonenumbers.format_number(phonenumbers.parse(number), phonenumbers.PhoneNumberFormat.NATIONAL)
    return "".join(sign for sign in national if sign.isdigit())


@dataclass(frozen=True, slots=True)
class Plan:
    """What somebody calls for, and what sort of caller it is."""

    errand: str  # complaint, cancellation, human, matter; nothing: they hang up while they are greeted
    matter: Matter
    by_words: float  # how likely it is that they say a choice rather than press it
    consents: bool
    kind: str
    remedy: str
    is_hurt: bool
    other_number: str  # where to be called instead, E.164; "" to give none
    is_withheld: bool
    leaves_after: int | None  # answers after the choice; None: stays to the end
    asks_for_human_at: str | None  # the question at which they have enough of the machine
    patience_seconds: float  # in the queue
    trades: bool  # the place in the queue for a promise
    withdraws: bool  # when they call again
    talk_seconds: float


class Caller(Person):
    """Acts out a plan by what is heard."""

    def __init__(self, plan: Plan, ears: Ears, dice: Random) -> None:
        """Know nothing yet but the language."""
        super().__init__(talk_seconds=plan.talk_seconds)
        self.plan, self.ears, self.dice = plan, ears, dice
        self.chose_complaint = False
        self._asked: Counter[str] = Counter()
        self._answers = 0
        self._answer: dict[str, Callable[[str], Reply]] = {
            "human_hint": self._choose_subject,
            "consent_ask": lambda heard: self._choose(heard, "consent_yes" if plan.consents else "consent_no",
                                                      "yes" if plan.consents else "no"),
            "about": lambda heard: self._choose(heard, "about_service" if plan.matter.is_service else "about_product",
                                                "service" if plan.matter.is_service else "product"),
            "product": lambda _: Speak(plan.matter.product),
            "kinds": lambda heard: self._choose(heard, f"kind_{plan.kind}", plan.kind),
            "story_words": lambda _: Speak(speakable(plan.matter.story, _SPOKEN_STORY)),
            "hurt": lambda heard: self._say_yes_or_no(heard, plan.is_hurt),
            "remedy": lambda heard: self._choose(heard, f"remedy_{plan.remedy}", plan.remedy),
            "own_number": lambda heard: self._say_yes_or_no(heard, not plan.other_number),
            "other_number": lambda _: Press(f"{as_typed(plan.other_number)}#"),
            "number_right": lambda heard: self._say_yes_or_no(heard, True),
            "read_back_right": lambda heard: self._say_yes_or_no(heard, self._is_content()),
            "correct": lambda heard: self._choose(heard, "correct_remedy", "remedy"),
            "protocol": self._end,
            "callback_offer": lambda heard: self._say_yes_or_no(heard, True),
            "order": lambda _: Press(f"{dice.randrange(10**6)}#"),
            "matter_menu": self._go_on_with_matter,
            "withdraw_ask": lambda heard: self._say_yes_or_no(heard, True),
            "wish_day": lambda heard: self._choose(heard, "wish_tomorrow", "tomorrow"),
            "wish_part": lambda heard: self._choose(heard, "wish_any", "any_time"),
        }  # fmt: skip

    def reply(self, leg: Leg) -> Reply:
        """What to do now that the line waits."""
        heard = leg.heard_lately()
        match leg.waiting_for:
            case "talk":
                return HangUp(self.plan.talk_seconds)
            case "queue":
                return self._wait(leg, heard)
            case "record":
                return self._tell(leg)
        question = self.ears.question(heard)
        if question is None:
            return self._find_language(heard)
        self._asked[question] += 1
        if self._asked[question] > _MOST_TRIES:
            return HangUp()
        if self.chose_complaint:
            self._answers += 1
            if self.plan.leaves_after is not None and self._answers > self.plan.leaves_after:
                return HangUp(self.dice.uniform(0.2, 8))
        if question == self.plan.asks_for_human_at:
            return Press("0")
        return self._answer[question](heard)

    def _is_content(self) -> bool:
        return self._asked["correct"] > 0 or self.dice.random() < 0.9

    def _find_language(self, heard: str) -> Reply:
        key = self.ears.own_language_key(heard)
        self._asked[""] += 1
        if key is not None:
            return Press(key)
        return HangUp() if self._asked[""] > _MOST_TRIES else None

    def _choose_subject(self, heard: str) -> Reply:
        errand = self.plan.errand
        if errand == "nothing":
            return HangUp(0.5)
        if errand == "human":
            return Press("0")
        reply = self._choose(heard, f"to_{errand}", errand)
        self.chose_complaint |= errand == "complaint" and reply is not None
        return reply

    def _choose(self, heard: str, purpose: str, choice: str) -> Reply:
        """Say it, once; else press the key that was offered for it."""
        phrases = self.ears.phrases(choice)
        question = self.ears.question(heard)
        if phrases and self._asked[question or ""] == 1 and self.dice.random() < self.plan.by_words:
            return Speak(self.dice.choice(phrases), confidence=round(self.dice.uniform(0.6, 0.95), 2))
        key = self.ears.key(purpose, heard)
        return Press(key, after=round(self.dice.uniform(0.5, 4), 1)) if key else None

    def _say_yes_or_no(self, heard: str, is_yes: bool) -> Reply:
        answer = "yes" if is_yes else "no"
        return self._choose(heard, answer, answer)

    def _tell(self, leg: Leg) -> Reply:
        if self.plan.asks_for_human_at == "story_record" and not leg.said:
            return Press("0")
        if leg.said:
            return HangUp(0.5) if self.plan.leaves_after == 0 else Press("#")
        return Speak(self.plan.matter.story)

    def _wait(self, leg: Leg, heard: str) -> Reply:
        if self.plan.trades and self.ears.hears("wait.trade", heard):
            return Press("1")
        begun = leg.answered_at or leg.created_at
        waited = (leg.carrier.now() - begun).total_seconds()
        return HangUp() if waited > self.plan.patience_seconds else None

    def _go_on_with_matter(self, heard: str) -> Reply:
        if self._asked["withdraw_ask"]:
            return HangUp()
        wanted = [("matter_human", "human")]
        if self.plan.withdraws:
            wanted.insert(0, ("matter_withdraw", "withdraw"))
        elif self.plan.trades and not self._asked["wish_day"]:
            wanted.insert(0, ("matter_move", "other_time"))
        elif not self.plan.trades:
            wanted.insert(0, ("matter_now", "now"))
        replies = (self._choose(heard, purpose, choice) for purpose, choice in wanted if self.ears.key(purpose, heard))
        return next(replies, HangUp())

    def _end(self, heard: str) -> Reply:
        if self._asked["protocol"] == 1 and self.dice.random() < 0.2:
            return self._choose(heard, "protocol_again", "repeat")
        return self._choose(heard, "protocol_done", "done") if self.dice.random() < 0.5 else HangUp()
