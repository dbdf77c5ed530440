"""Running TwiML on a leg: fetch a document, check it, execute its verbs, follow where they lead."""

from __future__ import annotations

from collections.abc import Callable
from typing import TYPE_CHECKING, Final, TypeAlias
from urllib.parse import urljoin

from app.simulator.document import Document, Verb, check_type, read
from app.simulator.leg import Goto, Leg, Redirected
from app.simulator.limits import Refused
from app.simulator.loop import Fetch, Steps
from app.simulator.people import speaking_seconds
from app.simulator.webhook import Answer, Request

if TYPE_CHECKING:
    from app.simulator.carrier import Carrier


class Stop:
    """The call, or the document of a whisper, ends with this verb."""


HANG_UP: Final = Stop()
LEAVE: Final = Stop()
Next: TypeAlias = Goto | Stop | None  # None: the next verb
Handler: TypeAlias = Callable[[Leg, Verb, Document], Steps[Next]]

VERBS: dict[str, Handler] = {}
MOST_AT_ONCE = 100  # documents in no time at all: more are a circle
APOLOGY = "We are sorry, an application error has occurred. Goodbye."


def verb(name: str) -> Callable[[Handler], Handler]:
    """Register the function that executes a verb."""

    def register(handler: Handler) -> Handler:
        VERBS[name] = handler
        return handler

    return register


def run(leg: Leg, goto: Goto, allowed: frozenset[str] | None = None) -> Steps[Stop | None]:
    """Fetch and execute documents until one of them ends.

    Returns:
        The verb that ended it, or None if a document simply came to its end.

    Raises:
        Interrupt: if the party has gone or REST ordered something else.
    """
    going: Goto | None = goto
    begun, steps = leg.carrier.now(), 0
    while going is not None:
        begun, steps = (begun, steps + 1) if begun == leg.carrier.now() else (leg.carrier.now(), 0)
        if steps > MOST_AT_ONCE:
            leg.carrier.refuse(Refused(11215, "documents lead to one another without end"), going.url, leg.sid)
            return HANG_UP
        document = yield from fetch(leg, going, allowed)
        if document is None:
            return HANG_UP
        try:
            after = yield from run_verbs(leg, document)
        except Refused as refused:
            document = yield from fall_back(leg, going, refused, document.url, allowed)
            after = HANG_UP if document is None else (yield from run_verbs(leg, document))
        if after is None or isinstance(after, Stop):
            return after
        going = after
    return None


def run_verbs(leg: Leg, document: Document) -> Steps[Next]:
    """Execute the verbs of one document in order."""
    for one in document.verbs:
        handler = VERBS.get(one.name)
        if handler is None:
            leg.carrier.refuse(Refused(12200, f"this network does not execute <{one.name}>"), document.url, leg.sid)
            return HANG_UP
        after = yield from handler(leg, one, document)
        if after is not None:
            return after
    return None


def fetch(leg: Leg, goto: Goto, allowed: frozenset[str] | None = None) -> Steps[Document | None]:
    """Get and check one document, at the fallback URL if the first fails.

    Returns:
        None if there is nothing to execute; the party has heard Twilio's apology then.
    """
    answer = yield from ask(leg, goto)
    refusal = _refusal(answer)
    if refusal is None:
        try:
            return _read(leg, answer, allowed)
        except Refused as refused:
            refusal = refused
    return (yield from fall_back(leg, goto, refusal, answer.url, allowed))


def fall_back(
    leg: Leg, goto: Goto, refusal: Refused, url: str, allowed: frozenset[str] | None
) -> Steps[Document | None]:
    """Report a failure and ask the fallback URL what to do instead; without one, apologise."""
    leg.carrier.refuse(refusal, url, leg.sid)
    if leg.fallback is not None and not any(name == "ErrorCode" for name, _ in goto.extra):
        extra = [*goto.extra, ("ErrorCode", str(refusal.code)), ("ErrorUrl", url)]
        return (yield from fetch(leg, Goto(leg.fallback.url, leg.fallback.method, extra), allowed))
    leg.answer()
    leg.hear(APOLOGY, "en-US")
    yield from leg.rest(speaking_seconds(APOLOGY))
    return None


def ask(leg: Leg, goto: Goto) -> Steps[Answer]:
    """Request a document of the call, with its base parameters and those of `goto`."""
    carrier = leg.carrier
    params = leg.params() + goto.extra + (leg.context() if leg.context else [])
    request = Request(goto.method, goto.url, params, carrier.token(), leg.sid, goto.kind)
    answer: Answer = yield Fetch(lambda: carrier.request(request, leg.cookies))
    if answer.status and not answer.content_type.startswith("audio/"):
        leg.documents.append(answer.body.decode("utf-8", "replace"))
    return answer


def tell(leg: Leg, goto: Goto) -> Steps[None]:
    """Request a URL whose answer does not matter, since the party has gone."""
    yield from ask(leg, goto)


def link(document: Document, address: str) -> str:
    """The absolute form of a URL in a document.

    Raises:
        Refused: 11100 for a relative one in a document that was handed over REST and has no address.
    """
    url = address if "://" in address else urljoin(document.url, address)
    if "://" not in url:
        raise Refused(11100, f"{address!r} must be absolute here")
    return url


def _refusal(answer: Answer) -> Refused | None:
    if not answer.error:
        return None
    return Refused(answer.error, f"the answer was {answer.status}" if answer.status else "there was no answer")


def _read(leg: Leg, answer: Answer, allowed: frozenset[str] | None) -> Document:
    if not answer.body and answer.headers.get("transfer-encoding") == "chunked":
        raise Refused(11770, "the answer is empty")
    bare = check_type(answer.content_type)
    if bare.startswith("audio/"):
        return Document((Verb("Play", answer.url, {}, ()),), answer.url)
    if bare == "text/plain" and not answer.body.lstrip().startswith(b"<"):
        return Document((Verb("Say", answer.body.decode("utf-8", "replace"), {}, ()),), answer.url)
    return read(answer.body, answer.url, allowed=allowed)


def given(twiml: str, allowed: frozenset[str] | None = None) -> Document:
    """The document that REST handed over as text.

    Raises:
        Refused: if Twilio would refuse it.
    """
    return read(twiml.encode(), "", allowed=allowed)


_VERSION: Final = 0xF000 << 64 | 0xC000 << 48
_FOURTH: Final = 4 << 76 | 0x8000 << 48  # of the versions of UUID, in its usual variant


def new_token(carrier: Carrier) -> str:
    """An idempotency token, from the carrier's own dice."""
    bits = carrier.dice.getrandbits(128) & ~_VERSION | _FOURTH
    text = f"{bits:032x}"
    return f"{text[:8]}-{text[8:12]}-{text[12:16]}-{text[16:20]}-{text[20:]}"


def run_order(leg: Leg, order: Redirected) -> Steps[Stop | None]:
    """Go where REST sent the call.

    Raises:
        Interrupt: as `run`.
    """
    if order.goto is not None:
        return (yield from run(leg, order.goto))
    try:
        document = given(order.twiml)
    except Refused as refused:
        leg.carrier.refuse(refused, "", leg.sid)
        return HANG_UP
    after = yield from run_verbs(leg, document)
    if isinstance(after, Goto):
        return (yield from run(leg, after))
    return after
