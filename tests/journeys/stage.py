"""The stage on which the stories play: an office that can be asked what it knows, and people with habits."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

import sqlalchemy as sa
from flask import request

from app.cli.virtual_office import VirtualOffice
from app.domain.complaint import ComplaintRecord
from app.domain.hotline import Hotline
from app.ivr.turn import Known
from app.jobs.ticks import Office
from app.models.call import Call, Wait
from app.models.case import Case, CaseEvent
from app.models.journal import details_of
from app.models.promise import Attempt, Promise
from app.models.records import open_record
from app.runtime import Runtime
from app.services.office import CallAtHand, Details
from app.simulator.line import Line
from app.simulator.people import Person, Pickup, Press
from app.simulator.transport import WsgiTransport
from app.web.app import create_app

LONGEST_JUMP = 3600.0  # seconds in which nothing happens


class Stage(VirtualOffice):
    """A virtual office with the questions that stories ask."""

    def wait(self, **span: float) -> None:
        """Let time pass, and see at once what the story has just changed."""
        self.tick()
        self.run(step_seconds=LONGEST_JUMP, **span)

    def wait_until(self, when: datetime) -> None:
        """Let time pass until an instant."""
        self.wait(seconds=max(0.0, (when - self.clock.now()).total_seconds()))

    def restart(self) -> None:
        """The processes end and start again, with the flow files of this moment; the network knows nothing of it."""
        phone, sessions = self.office.phone, self.runtime.database.sessions
        self.runtime.close()
        self.runtime = Runtime.build(self.runtime.settings, clock=self.clock, wall=self.clock)
        self.runtime.database.sessions.configure(info=sessions.kw["info"])
        self.runtime.keep_flows()
        self.app = create_app(self.runtime)
        self.carrier.postman.transport = WsgiTransport(self.app)
        self.office = Office(self.runtime, phone)
        self.watch()

    def breaks(self, what: str) -> None:
        """From now on, whatever a flow asks of the office under this name fails."""

        def fail(_call: CallAtHand, _details: Details) -> Known:
            raise RuntimeError(f"{what} is out of order")

        board = replace(self.runtime.board, answers={**self.runtime.board.answers, what: fail})
        self.app.extensions["rueckruf"] = replace(self.runtime, board=board)

    def fails_to_answer(self, path: str) -> None:
        """From now on, whatever the network asks us under this path fails."""
        board = self.runtime.board

        def hotline_named(name: str) -> Hotline:
            if request.path.startswith(path):
                raise RuntimeError(f"{path} is out of order")
            return board.hotline_named(name)

        self.app.extensions["rueckruf"] = replace(self.runtime, board=replace(board, hotline_named=hotline_named))

    def is_mended(self) -> None:
        """Everything works again."""
        self.app.extensions["rueckruf"] = self.runtime

    def case(self) -> Case:
        """The only case."""
        (case,) = self.cases()
        return case

    def cases(self) -> Sequence[Case]:
        """Every case, in order of opening."""
        with self.runtime.database.reads() as session:
            return session.scalars(sa.select(Case).order_by(Case.id)).all()

    def record(self, case: Case | None = None) -> ComplaintRecord:
        """The record of a case; of the only one if none is given."""
        return open_record(self.runtime.vault, case or self.case())

    def promise(self) -> Promise:
        """The only promise."""
        (promise,) = self.promises()
        return promise

    def attempts(self) -> Sequence[Attempt]:
        """Every attempt, in order."""
        with self.runtime.database.reads() as session:
            return session.scalars(sa.select(Attempt).order_by(Attempt.id)).all()

    def waits(self) -> Sequence[Wait]:
        """Every place in the queue, in order of joining."""
        with self.runtime.database.reads() as session:
            return session.scalars(sa.select(Wait).order_by(Wait.joined_at)).all()

    def calls(self) -> Sequence[Call]:
        """Every call of a customer, in order."""
        with self.runtime.database.reads() as session:
            return session.scalars(sa.select(Call).order_by(Call.started_at)).all()

    def history(self, case: Case | None = None) -> list[str]:
        """What happened in a case, by kind, in order."""
        return [event.kind for event in self.events(case)]

    def events(self, case: Case | None = None) -> Sequence[CaseEvent]:
        """The history of a case."""
        case_id = (case or self.case()).id
        with self.runtime.database.reads() as session:
            query = sa.select(CaseEvent).where(CaseEvent.case_id == case_id).order_by(CaseEvent.id)
            return session.scalars(query).all()

    def details(self, event: CaseEvent) -> dict[str, object]:
        """What an entry of a history says."""
        return details_of(self.runtime.vault, event)

    def spoken(self, promise: Promise) -> str:
        """The words in which a promise was given."""
        assert promise.spoken_text is not None
        return str(self.runtime.vault.open(promise.spoken_text, f"promises:spoken:{promise.key}"))

    def texts_to(self, number: str) -> list[str]:
        """The text messages a number received, oldest first."""
        return [text.body for text in self.carrier.texts if text.to == number]

    def rings_at(self, number: str) -> list[Line]:
        """Every call that ever rang at a number of ours or theirs, oldest first."""
        legs = [leg for leg in self.carrier.calls if leg.to == number and leg.direction != "inbound"]
        return [Line(self.carrier, leg) for leg in legs]

    def prompt(self, language: str, name: str, **slots: str) -> str:
        """A prompt's words, to look for in what was heard."""
        words = self.runtime.board.present.words
        zone = next(iter(self.runtime.hotlines)).zone
        return words.text(language, name, slots, now=self.clock.now(), zone=zone)


def heard_by(line: Line) -> str:
    """All that was heard on a line, in one text."""
    return " ".join(line.heard)


def is_in_order(parts: Sequence[str], text: str) -> bool:
    """Whether the parts stand in the text, one after the other."""
    at = 0
    for part in parts:
        found = text.find(part, at)
        if found < 0:
            return False
        at = found + len(part)
    return True


def absent() -> Person:
    """Somebody whose telephone rings in vain."""
    return Person("absent", pickup=Pickup.IGNORE)


def engaged() -> Person:
    """Somebody whose line is busy."""
    return Person("engaged", pickup=Pickup.BUSY)


def unwilling() -> Person:
    """An agent who answers and presses another key than 1."""
    return Person("unwilling", cues=((r"", Press("2")),))
