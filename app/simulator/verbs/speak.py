"""`<Say>`, `<Play>` and `<Pause>`: what the party hears, alone or inside a `<Gather>`."""

from __future__ import annotations

import io
import wave
from urllib.parse import unquote

from app.simulator.document import Document, Verb
from app.simulator.execute import Next, link, verb
from app.simulator.leg import Leg
from app.simulator.limits import Refused, voice_refusal
from app.simulator.loop import Fetch, Steps
from app.simulator.people import speaking_seconds
from app.simulator.webhook import Answer, Request

DEFAULT_LANGUAGE = "en-US"


@verb("Say")
def say(leg: Leg, one: Verb, document: Document) -> Steps[Next]:
    """Speak, and let the time pass that it takes."""
    leg.answer()
    seconds = utter(leg, one, document)
    yield from leg.rest(seconds)
    return None


@verb("Play")
def play(leg: Leg, one: Verb, document: Document) -> Steps[Next]:
    """Fetch a sound and play it."""
    leg.answer()
    seconds = yield from sound(leg, one, document)
    if leg.queue:
        leg.expect("queue")
    yield from leg.rest(seconds)
    return None


@verb("Pause")
def pause(leg: Leg, one: Verb, document: Document) -> Steps[Next]:
    """Wait; as the first verb of an incoming call the caller hears it ring meanwhile."""
    if leg.queue:
        leg.expect("queue")
    yield from leg.rest(one.number("length", 1))
    return None


def utter(leg: Leg, one: Verb, document: Document) -> float:
    """Let the party hear a `<Say>`.

    Returns:
        Its length in seconds; 0 if Twilio would skip it for want of a voice.
    """
    refused = voice_refusal(one.attributes)
    if refused is not None:
        leg.carrier.refuse(refused, document.url, leg.sid)
        return 0
    leg.hear(one.text, one.get("language", DEFAULT_LANGUAGE))
    return speaking_seconds(one.text) * max(1, one.number("loop", 1))


def sound(leg: Leg, one: Verb, document: Document) -> Steps[float]:
    """Let the party hear a `<Play>`; its words are known if the answer has a header `X-Transcript`.

    Returns:
        Its length in seconds; 0 if the file could not be had.
    """
    if not one.text:
        return 0.5 * len(one.get("digits"))
    carrier = leg.carrier
    url = link(document, one.text)
    request = Request("GET", url, [], carrier.token(), leg.sid, "sound")
    answer: Answer = yield Fetch(lambda: carrier.request(request, leg.cookies))
    kind = answer.content_type.split(";")[0]
    if answer.error:
        carrier.refuse(Refused(answer.error, f"no sound: the answer was {answer.status}"), url, leg.sid)
        return 0.0
    if not kind.startswith("audio/"):
        carrier.refuse(Refused(13420, f"content type {kind!r} is no sound"), url, leg.sid)
        return 0.0
    text = unquote(answer.headers.get("x-transcript", "")) or url
    leg.hear(text, answer.headers.get("content-language", ""), url)
    return _length(answer.body) * float(max(1, one.number("loop", 1)))


def _length(body: bytes) -> float:
    try:
        with wave.open(io.BytesIO(body)) as file:
            return float(file.getnframes() / file.getframerate())
    except (wave.Error, EOFError, ZeroDivisionError):
        # Compressed speech has about 4 kB a second; only the order of magnitude matters.
        return max(1.0, len(body) / 4000)
