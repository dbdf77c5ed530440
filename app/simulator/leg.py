"""One line between the network and one party: its status, what comes in from the party, what it hears."""

from __future__ import annotations

from collections import deque
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.cookies import SimpleCookie
from typing import TYPE_CHECKING

from app.simulator.countries import geography
from app.simulator.loop import Sleep, Steps, Task
from app.simulator.transport import Params

if TYPE_CHECKING:
    from app.simulator.carrier import Carrier
    from app.simulator.people import Person
    from app.simulator.recordings import Recording
    from app.simulator.transcriptions import Transcription

TERMINAL = frozenset({"completed", "busy", "no-answer", "failed", "canceled"})


class Said(str):
    """Words that came through a line; a text that also knows its language and its sound."""

    language: str
    audio: str  # URL of the sound that was played; "" for speech the network made

    def __new__(cls, text: str, language: str = "", audio: str = "") -> Said:
        """Words with their language tag."""
        said = super().__new__(cls, text)
        said.language = language
        said.audio = audio
        return said


@dataclass(frozen=True, slots=True)
class Key:
    """One key the party pressed."""

    key: str


@dataclass(frozen=True, slots=True)
class Words:
    """Something the party said; `seconds` is how long it took."""

    text: str
    confidence: float
    seconds: float


@dataclass(frozen=True, slots=True)
class Item:
    """Something that happened on a line, for the telephone's screen."""

    seq: int
    at: datetime
    kind: str  # heard, pressed, said, beep, recording, state, text
    text: str
    language: str = ""
    audio: str = ""


@dataclass(frozen=True, slots=True)
class Goto:
    """The next document to fetch, with the parameters its request carries beyond the base."""

    url: str
    method: str = "POST"
    extra: Params = field(default_factory=list)
    kind: str = "document"


class Interrupt(Exception):
    """Something ends what the line is doing."""


class HungUp(Interrupt):
    """The party has gone."""


class Ended(Interrupt):
    """The network ended the call: REST said completed, or the other leg of a pair is over."""


class Redirected(Interrupt):
    """REST gave the call another document."""

    def __init__(self, goto: Goto | None, twiml: str = "") -> None:
        """Go to a URL, or run `twiml`."""
        super().__init__("redirected")
        self.goto = goto
        self.twiml = twiml


class Dequeued(Interrupt):
    """Somebody took the caller out of the queue."""


@dataclass
class Subscription:
    """Where a leg's status is reported to, and which events."""

    url: str
    method: str = "POST"
    events: frozenset[str] = frozenset({"completed"})
    sequence: int = 0


@dataclass(eq=False)
class Leg:
    """One line. All changes happen on the carrier's loop or under its lock."""

    carrier: Carrier
    sid: str
    direction: str  # inbound, outbound-api, outbound-dial
    from_: str
    to: str
    created_at: datetime
    parent: Leg | None = None
    person: Person | None = None
    manned: bool = False  # somebody outside presses and speaks: a test or a browser
    status: str = "ringing"
    started_at: datetime | None = None  # None until it rang
    answered_at: datetime | None = None  # None until it was answered
    ended_at: datetime | None = None  # None while it lasts
    subscription: Subscription | None = None
    fallback: Goto | None = None
    extra: dict[str, str] = field(default_factory=dict)
    waiting_for: str | None = None  # keys, speech, record, queue, talk
    picked_up: bool = False  # the person at the far end accepted or refused
    refused: str = ""  # busy, rejected
    gone: bool = False  # the party hung up
    order: Interrupt | None = None
    inbox: deque[Key | Words] = field(default_factory=deque)
    heard: list[Said] = field(default_factory=list)
    heard_from: int = 0  # index into `heard` of what came since the party's last move
    items: list[Item] = field(default_factory=list)
    documents: list[str] = field(default_factory=list)
    cookies: SimpleCookie = field(default_factory=SimpleCookie)
    task: Task | None = None
    partner: Leg | None = None  # the leg it is bridged with
    queue: str = ""  # name of the queue it waits in
    context: Callable[[], Params] | None = None  # further parameters of its requests while it is in a queue
    said: list[str] = field(default_factory=list)
    moves: int = 0  # how often the party was waited for
    transcriptions: list[Transcription] = field(default_factory=list)
    recorders: list[Recording] = field(default_factory=list)  # recordings that run beside the call

    @property
    def number(self) -> str:
        """The party's own number: who called, or who was called."""
        return self.from_ if self.direction == "inbound" else self.to

    @property
    def over(self) -> bool:
        """Whether the leg has reached a final status."""
        return self.status in TERMINAL

    @property
    def seconds(self) -> int:
        """How long it has been, or was, answered."""
        if self.answered_at is None:
            return 0
        return round(((self.ended_at or self.carrier.now()) - self.answered_at).total_seconds())

    def params(self, *, geo: bool = True) -> Params:
        """The parameters every request about this leg carries."""
        base = [
            ("AccountSid", self.carrier.account_sid),
            ("ApiVersion", "2010-04-01"),
            ("CallSid", self.sid),
            ("CallStatus", self.status),
            ("Called", self.to),
            ("Caller", self.from_),
            ("Direction", self.direction),
            ("From", self.from_),
            ("To", self.to),
        ]
        if geo:
            for side, number in (("Called", self.to), ("Caller", self.from_), ("From", self.from_), ("To", self.to)):
                base += geography(side, number)
        if self.parent is not None:
            base.append(("ParentCallSid", self.parent.sid))
        return base + list(self.extra.items())

    def note(self, kind: str, text: str, language: str = "", audio: str = "") -> None:
        """Put something on the telephone's screen."""
        self.items.append(Item(len(self.items) + 1, self.carrier.now(), kind, text, language, audio))

    def hear(self, text: str, language: str = "", audio: str = "", kind: str = "heard") -> None:
        """Let the party hear something."""
        self.heard.append(Said(text, language, audio))
        self.note(kind, text, language, audio)

    def heard_lately(self) -> str:
        """What the party heard since it last did something."""
        return " ".join(self.heard[self.heard_from :])

    def answer(self) -> None:
        """The network answers an incoming call, as the first verb that speaks or listens does."""
        if self.status == "ringing":
            self.status = "in-progress"
            self.answered_at = self.carrier.now()
            self.note("state", "in-progress")

    def interrupt(self, order: Interrupt) -> None:
        """Make the leg stop what it does, at its next wait."""
        self.order = order
        self.carrier.loop.wake(self.task)

    def hang_up(self) -> None:
        """The party hangs up."""
        if not self.gone and not self.over:
            self.gone = True
            self.note("state", "hung up")
            self.carrier.loop.wake(self.task)
            if self.partner is not None:
                self.carrier.loop.wake(self.partner.task)

    def put(self, thing: Key | Words) -> None:
        """The party pressed a key or said something."""
        self.heard_from = len(self.heard)
        self.inbox.append(thing)
        self.carrier.loop.wake(self.task)

    def check(self) -> None:
        """Stop here if the party has gone or somebody ordered something else.

        Raises:
            Interrupt: the reason.
        """
        if self.gone:
            raise HungUp
        if self.order is not None:
            order, self.order = self.order, None
            raise order

    def until(self, ready: Callable[[], bool], seconds: float | None) -> Steps[bool]:
        """Wait until `ready`, at most so many seconds (None: for ever).

        Returns:
            Whether `ready` came true.

        Raises:
            Interrupt: if something ends the waiting.
        """
        deadline = None if seconds is None else self.carrier.now() + timedelta(seconds=seconds)
        while True:
            self.check()
            if ready():
                return True
            if deadline is not None and self.carrier.now() >= deadline:
                return False
            yield Sleep(deadline)

    def rest(self, seconds: float) -> Steps[bool]:
        """Let time pass; an interrupt ends it."""
        return self.until(lambda: False, seconds)

    def expect(self, what: str) -> None:
        """Wait for the party from here on: tests go on now, people react."""
        self.waiting_for = what
        self.moves += 1
        if self.person is not None:
            self.person.react(self)
