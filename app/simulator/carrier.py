"""The phone network: numbers, people, lines and texts, and the wire between them and the product."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from email.utils import format_datetime
from functools import lru_cache
from http.cookies import SimpleCookie
from random import Random

from app.simulator import verbs  # noqa: F401 - registers the verbs
from app.simulator.calls import receive
from app.simulator.clock import Clock, SettableClock, VirtualClock
from app.simulator.execute import new_token
from app.simulator.faults import Faults
from app.simulator.leg import Goto, Key, Leg, Subscription, Words
from app.simulator.limits import Refused
from app.simulator.line import PATIENCE, Line
from app.simulator.loop import Fetch, RealLoop, Steps, VirtualLoop
from app.simulator.people import Person, speaking_seconds
from app.simulator.queues import Queues
from app.simulator.recordings import Recordings
from app.simulator.rest import answer as answer_rest
from app.simulator.rest.asked import Given
from app.simulator.softphones import Softphones
from app.simulator.texts import Text
from app.simulator.texts import receive as receive_text
from app.simulator.transport import HttpTransport, Params, Transport
from app.simulator.webhook import Answer, Postman, Request, Webhook

_LATEST_WEBHOOKS = 1_000  # of a network that forgets


@dataclass(frozen=True, slots=True)
class Office:
    """One of the product's own numbers and where its calls and texts are announced."""

    number: str
    label: str
    voice_url: str
    fallback_url: str
    status_url: str
    text_url: str


@dataclass(frozen=True, slots=True)
class Fault:
    """Something Twilio would have refused or reported in its debugger."""

    code: int
    message: str
    url: str
    call: str


_rfc2822 = lru_cache(maxsize=1_000)(format_datetime)


@dataclass
class Carrier:
    """Twilio's side of the wire.

    With a clock that can be set (the default) it is virtual: nothing happens but in `run`, `run_until_idle`
    and in the moves of a `Line`. With `live=True` it follows the clock in threads of its own after `start`.
    """

    account_sid: str
    auth_token: str
    public_url: str
    transport: Transport = field(default_factory=HttpTransport)
    clock: Clock = field(default_factory=VirtualClock)
    seed: int = 0
    faults: Faults = field(default_factory=Faults)
    calls_per_second: float = 1.0
    api_url: str = "https://api.twilio.com"
    live: bool = False
    forgets_after: timedelta | None = None  # a call that is over so long, and all about it; None: never

    def __post_init__(self) -> None:
        """Set up an empty network."""
        self.dice = Random(self.seed)
        self.loop = RealLoop(self.clock) if self.live else VirtualLoop(_settable(self.clock))
        self.postman = Postman(self.auth_token, self.transport, self.clock)
        self.postman.keeps = None if self.forgets_after is None else _LATEST_WEBHOOKS
        self.numbers: dict[str, Office] = {}
        self.people: dict[str, Person] = {}
        self.manned: set[str] = set()
        self.softphones = Softphones(self.clock)
        self.calls: list[Leg] = []
        self.placed = 0  # legs to anybody's number, whether or not the network still remembers them
        self.recordings = Recordings(self)
        self.queues = Queues(self)
        self.texts: list[Text] = []
        self.opted_out: set[tuple[str, str]] = set()  # (our number, theirs) after STOP
        self._slot = self.now()
        self.faults_seen: list[Fault] = []
        self._copies = ThreadPoolExecutor(16, "copies")

    @property
    def webhooks(self) -> list[Webhook]:
        """Every request that was sent, oldest first."""
        return self.postman.log

    def now(self) -> datetime:
        """The instant, aware, in UTC."""
        return self.clock.now()

    def sid(self, prefix: str) -> str:
        """A new sid, e.g. `CA` and 32 hexadecimal digits."""
        return f"{prefix}{self.dice.getrandbits(128):032x}"

    def token(self) -> str:
        """A new idempotency token."""
        return new_token(self)

    def rfc2822(self, instant: datetime) -> str:
        """An instant in Twilio's words: `Thu, 12 Feb 2026 11:48:25 +0000`."""
        return _rfc2822(instant)

    def own(self, number: str, label: str = "") -> Office:
        """Give the product a number; its URLs are the product's usual ones."""
        base = self.public_url.rstrip("/")
        office = Office(
            number,
            label or number,
            f"{base}/voice/incoming",
            f"{base}/voice/fallback",
            f"{base}/voice/status",
            f"{base}/messages/incoming",
        )
        self.numbers[number] = office
        return office

    def introduce(self, number: str, person: Person) -> Person:
        """Put somebody at a number; unknown numbers belong to a friendly person."""
        self.people[number] = person
        return person

    def man(self, number: str, manned: bool = True) -> None:
        """Let a test or a browser answer a number, or leave it to its person again."""
        (self.manned.add if manned else self.manned.discard)(number)

    def dial(self, from_: str, to: str, *, person: Person | None = None, settle: bool = True) -> Line:
        """Somebody calls one of the product's numbers.

        Args:
            person: plays the caller; without one the caller does what the returned line is told.
        """
        with self.loop.lock:
            office = self.numbers.get(to) or self.own(to)
            leg = Leg(self, self.sid("CA"), "inbound", from_, to, self.now(), person=person, manned=person is None)
            leg.subscription = Subscription(office.status_url)
            leg.fallback = Goto(office.fallback_url)
            self.calls.append(leg)
            leg.task = self.loop.spawn(receive(leg, Goto(office.voice_url)))
            if person is not None and person.hangs_up_after is not None:
                self.loop.soon(leg.hang_up, person.hangs_up_after)
        line = Line(self, leg)
        if settle and person is None:
            self.settle(leg)
        return line

    def place(self, direction: str, from_: str, to: str, *, parent: Leg | None = None) -> Leg:
        """Make a leg to somebody's number; its task is the caller's business."""
        manned = to in self.manned or self.softphones.is_softphone(to)
        person = None if manned else self.people.get(to) or Person()
        leg = Leg(self, self.sid("CA"), direction, from_, to, self.now(), parent, person, manned, status="queued")
        self.calls.append(leg)
        self.placed += 1
        return leg

    def next_slot(self) -> datetime:
        """When the next call over REST may start, so many a second."""
        slot = max(self.now(), self._slot)
        self._slot = slot + timedelta(seconds=1 / self.calls_per_second)
        return slot

    def text(self, from_: str, to: str, body: str) -> Text:
        """Somebody texts one of the product's numbers; on a virtual carrier the answer comes before this returns."""
        with self.loop.lock:
            text = receive_text(self, from_, to, body)
        self.run_until(lambda: False, timedelta(0))
        return text

    def rest(self, method: str, url: str, form: dict[str, list[str]], authorization: str) -> Given:
        """Carry out a REST request in this process; `url` is path and query.

        Raises:
            NoAnswer: if the faults want the client to wait in vain.
        """
        return answer_rest(self, method, url, form, authorization)

    def line(self, sid: str) -> Line:
        """The handle of a call.

        Raises:
            KeyError: if there is no such call.
        """
        for leg in self.calls:
            if leg.sid == sid:
                return Line(self, leg)
        raise KeyError(sid)

    def lines_at(self, number: str) -> list[Line]:
        """The calls at somebody's telephone that are not over, oldest first."""
        return [Line(self, leg) for leg in self.calls if leg.number == number and not leg.over]

    def ringing(self, number: str) -> list[Line]:
        """The calls that ring at a manned number and that nobody has taken."""
        return [
            line
            for line in self.lines_at(number)
            if line.status == "ringing" and line.leg.direction != "inbound" and not line.leg.picked_up
        ]

    def press(self, leg: Leg, keys: str) -> None:
        """The party of a leg presses keys."""
        with self.loop.lock:
            leg.note("pressed", keys)
            for key in keys:
                leg.put(Key(key))

    def speak(self, leg: Leg, text: str, confidence: float = 0.9) -> None:
        """The party of a leg says something."""
        with self.loop.lock:
            leg.note("said", text)
            leg.put(Words(text, confidence, speaking_seconds(text)))
            for transcription in leg.transcriptions:
                transcription.content(text, confidence)
            if leg.partner is not None:
                leg.partner.hear(text, leg.heard[-1].language if leg.heard else "")
                for transcription in leg.partner.transcriptions:
                    transcription.content(text, confidence, "outbound_track")
            for recording in leg.recorders + (leg.partner.recorders if leg.partner else []):
                recording.add(text)

    def pick_up(self, leg: Leg, refused: str = "") -> None:
        """Answer or refuse a leg that rings at a manned number."""
        with self.loop.lock:
            if not leg.picked_up and not leg.over:
                leg.picked_up, leg.refused = True, refused
                self.loop.wake(leg.task)

    def request(self, request: Request, cookies: SimpleCookie | None = None) -> Answer:
        """Send a request; with the fault `repeat`, several times at once."""
        copies = self.faults.repeat if request.kind != "sound" else 0
        others = [self._copies.submit(self.postman.send, request) for _ in range(copies)]
        answer = self.postman.send(request, cookies)
        for other in others:
            other.result()
        return answer

    def forget(self, leg: Leg) -> None:
        """A call is over: after a while nobody can ask about it any more, if this network forgets at all."""
        if self.forgets_after is None:
            return

        def drop() -> None:
            self.calls.remove(leg)
            self.recordings.drop_of(leg.sid)

        self.loop.soon(drop, self.forgets_after.total_seconds())

    def notify(self, url: str, method: str, params: Params, call: str, kind: str, after: float = 0) -> None:
        """Send a webhook whose answer does not matter, subject to the faults."""
        request = Request(method, url, params, self.token(), call, kind)
        for late in self.faults.arrivals(self.dice):
            self.loop.spawn(self._deliver(request), after + late)

    def _deliver(self, request: Request) -> Steps[None]:
        yield Fetch(lambda: self.request(request))

    def replay(self, webhook: Webhook) -> Answer:
        """Send a webhook of the log once more, as it was: same parameters, same token, signed."""
        params = list(webhook.params.items()) if webhook.method == "POST" else []
        return self.postman.send(
            Request(webhook.method, webhook.url, params, webhook.token, webhook.call, webhook.kind)
        )

    def refuse(self, refused: Refused, url: str, call: str) -> None:
        """Note what Twilio would not have executed."""
        self.faults_seen.append(Fault(refused.code, refused.message, url, call))

    def start(self) -> None:
        """Follow the clock from now on (live carriers only)."""
        if isinstance(self.loop, RealLoop):
            self.loop.start()

    def stop(self) -> None:
        """Stop following the clock."""
        if isinstance(self.loop, RealLoop):
            self.loop.stop()
        self._copies.shutdown(wait=False)

    def run(self, seconds: float) -> None:
        """Let so many seconds of virtual time pass."""
        if isinstance(self.loop, VirtualLoop):
            self.loop.run(seconds)

    def run_until(self, ready: Callable[[], bool], within: timedelta = PATIENCE) -> bool:
        """Run events until `ready`, at most so long in virtual time; whether it came true."""
        return isinstance(self.loop, VirtualLoop) and self.loop.run_until(ready, self.now() + within)

    def run_until_idle(self, within: timedelta = timedelta(hours=4)) -> bool:
        """Run all that is left to happen, at most so long in virtual time; whether nothing is left."""
        return isinstance(self.loop, VirtualLoop) and self.loop.run_until(self.loop.is_empty, self.now() + within)

    def settle(self, leg: Leg) -> None:
        """Run until the line waits for its party, or is over and its last reports are sent."""
        self.run_until(lambda: leg.over or (leg.waiting_for is not None and not leg.inbox))
        self.run_until(lambda: False, timedelta(0))


def _settable(clock: Clock) -> SettableClock:
    if not hasattr(clock, "set"):
        raise TypeError("a virtual carrier needs a clock that can be set; pass live=True for the machine's")
    return clock  # type: ignore[return-value]  # just checked
