"""Each language of each hotline, walked by who only presses keys and by who only speaks (EN 301 549 6.4; S3, S5).

Callers understand by ear: they press the key that was offered for what they want, or say something that stands under
`words:` of their language. They know no position of the flow and no name of a node.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from itertools import count
from pathlib import Path
from random import Random
from typing import Final

import pytest
import sqlalchemy as sa

from app.cli.simulation.ears import Ears
from app.cli.throwaway import throwaway_office
from app.cli.virtual_office import VirtualOffice
from app.models.call import Call
from app.models.case import Case
from app.models.promise import Promise
from app.services.import_recalls import import_recalls
from app.simulator.line import Line

LANGUAGES: Final = ("de", "en", "pt-BR", "bs")
HOTLINES: Final = {"haushalt": "+493012345600", "sac": "+551130001234"}
BAR_CODE: Final = "035051120339"  # recall 24281 of the CPSC
RECALLS: Final = Path(__file__).parents[1] / "data" / "cpsc_recalls_rest.json"
MOST_MOVES: Final = 30
_numbers = count(12345600)


@dataclass(frozen=True)
class Answer:
    """What a caller wants at a question: a choice, by its key's purpose and by its words; or something of their own."""

    purpose: str = ""
    choice: str = ""
    typed: str = ""  # instead of a key that is offered
    said: str = ""  # instead of a choice


def choose(purpose: str, choice: str = "") -> Answer:
    return Answer(purpose, choice or purpose)


YES, NO = choose("yes"), choose("no")
ANSWERS: Final[Mapping[str, Answer]] = {
    "consent_ask": choose("consent_yes", "yes"),
    "about": choose("about_product", "product"),
    "product": Answer(typed="#", said="4711"),
    "kinds": choose("kind_dissatisfaction", "dissatisfaction"),
    "story_record": Answer(typed="#", said="4711"),
    "hurt": NO,
    "remedy": choose("remedy_refund", "refund"),
    "own_number": YES,
    "read_back_right": YES,
    "protocol": choose("protocol_done", "done"),
    "order": Answer(typed="4711#", said="4711"),
    "recall_how": choose("recall_by_number", "by_number"),
    "recall_identifier": Answer(typed=f"{BAR_CODE}#", said=BAR_CODE),
    "recall_read_back": YES,
    "recall_address": Answer(typed="101155#", said="Hauptstraße 5, 10115 Berlin"),
    "recall_address_right": YES,
    "recall_choose": Answer(typed="1", choice="refund"),
    "recall_next": choose("recall_understood", "understood"),
}


@pytest.fixture(scope="module")
def office() -> Iterator[VirtualOffice]:
    """One office for all walks; who calls is somebody else each time. Nobody is there, so a callback is promised."""
    with throwaway_office(datetime(2026, 3, 2, 9, tzinfo=UTC), proved=True, silent=True) as opened:
        with opened.runtime.database.sessions.begin() as session, RECALLS.open("rb") as file:
            import_recalls(session, file, name=RECALLS.name, now=opened.clock.now())
        yield opened
        assert [f"{fault.code} {fault.message}" for fault in opened.carrier.faults_seen] == []


@dataclass
class Walker:
    """A caller who only presses keys, or only speaks."""

    office: VirtualOffice
    hotline: str
    language: str
    presses: bool

    def call(self, errand: str) -> Line:
        """Call, find the language, and go through to the end."""
        self.dice = Random(f"{self.hotline} {self.language} {errand}")
        words = self.office.runtime.board.present.words
        self.ears = Ears(words, self.language, (*ANSWERS, "human_hint"))
        caller = f"+49151{next(_numbers)}" if self.hotline == "haushalt" else f"+55119{next(_numbers)}"
        line = self.office.call(caller, HOTLINES[self.hotline])
        self._find_language(line, Ears(words, self._first_language, ()))
        answers = {**ANSWERS, "human_hint": choose(f"to_{errand}", errand)}
        for _ in range(MOST_MOVES):
            if line.over:
                return line
            question = self.ears.question(line.last_heard)
            assert question is not None, line.last_heard
            self._answer(line, answers[question])
        raise AssertionError(f"no end after {MOST_MOVES} moves: {line.last_heard}")

    @property
    def _first_language(self) -> str:
        return "de" if self.hotline == "haushalt" else "pt-BR"

    def _find_language(self, line: Line, ears: Ears) -> None:
        if self.language == self._first_language:
            return
        if self.presses:
            key = self.ears.own_language_key(line.last_heard)
            assert key is not None
            line.press(key)
        else:
            line.say(self.dice.choice(ears.phrases(f"language_{self.language}")))

    def _answer(self, line: Line, answer: Answer) -> None:
        if self.presses:
            key = answer.typed or self.ears.key(answer.purpose, line.last_heard)
            assert key, f"{answer.purpose} is not offered in {line.last_heard}"
            line.press(key)
        elif line.waiting_for == "record":
            line.say(answer.said).stay_silent()
        else:
            line.say(answer.said or self.dice.choice(self.ears.phrases(answer.choice)))


def moves_of(line: Line) -> set[str]:
    """The sorts of things that the caller did."""
    return {item.kind for item in line.items} & {"pressed", "said"}


def case_of(office: VirtualOffice, line: Line) -> Case:
    """The case that was opened in a call."""
    with office.runtime.database.reads() as session:
        return session.scalars(
            sa.select(Case).join(Call, Call.key == Case.call_key).where(Call.network_id == line.sid)
        ).one()


def promise_of(office: VirtualOffice, case: Case) -> Promise:
    """The promise that was given for a case."""
    with office.runtime.database.reads() as session:
        return session.scalars(sa.select(Promise).where(Promise.case_id == case.id)).one()


@pytest.mark.parametrize("presses", [True, False], ids=["keys alone", "words alone"])
@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("hotline", HOTLINES)
def test_a_caller_complains_cancels_and_learns_of_a_recall(
    office: VirtualOffice, hotline: str, language: str, presses: bool
) -> None:
    """T4, T9: a complaint with a promise; S3: a cancellation in effect; P8: a recalled product is told as such."""
    walker = Walker(office, hotline, language, presses)

    complaint, cancellation, recall = (walker.call(errand) for errand in ("complaint", "cancellation", "recall"))

    for line, kind in ((complaint, "complaint"), (cancellation, "cancellation"), (recall, "recall")):
        assert moves_of(line) == {"pressed" if presses else "said"}
        assert line.heard[-1].language[:2].lower() == language[:2]
        assert case_of(office, line).kind == kind
    assert promise_of(office, case_of(office, complaint)).due_at > office.clock.now()
    assert walker.ears.hears("promise_due", " ".join(complaint.heard))
    assert case_of(office, cancellation).effective_at is not None
    assert walker.ears.hears("recall_exact", " ".join(recall.heard))
