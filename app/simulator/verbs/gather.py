"""`<Gather>`: prompts that keys or words interrupt, then the wait for keys or words."""

from __future__ import annotations

from app.simulator.document import Document, Verb
from app.simulator.execute import Next, link, verb
from app.simulator.leg import Goto, Key, Leg, Words
from app.simulator.loop import Steps
from app.simulator.transport import Params
from app.simulator.verbs.speak import sound, utter

LONGEST_SPEECH = 60.0


@verb("Gather")
def gather(leg: Leg, one: Verb, document: Document) -> Steps[Next]:
    """Speak the prompts and collect the caller's answer.

    Without an answer the next verb runs and nothing is requested, unless `actionOnEmptyResult` is true.
    """
    leg.answer()
    kinds = one.get("input", "dtmf").split()
    barge = one.is_true("bargeIn", True)
    leg.inbox.clear()
    for child in one.children:
        if child.name == "Pause":
            seconds = float(child.number("length", 1))
        elif child.name == "Say":
            seconds = utter(leg, child, document)
        else:
            seconds = yield from sound(leg, child, document)
        yield from leg.until(lambda: barge and _usable(leg, kinds), seconds)
        if barge and _usable(leg, kinds):
            break
    what = "keys" if "dtmf" in kinds else "speech"
    if not leg.inbox:
        leg.expect(what)
    try:
        keys, words, finished = yield from _collect(leg, one, kinds)
    finally:
        leg.waiting_for = None
        leg.inbox.clear()
    if not keys and words is None and not one.is_true("actionOnEmptyResult"):
        return None
    action = link(document, one.get("action")) if one.get("action") else document.url
    extra: Params = [("msg", "Gather End")]
    if words is None:
        extra += [("Digits", keys), ("FinishedOnKey", finished)]
    else:
        extra += [
            ("SpeechResult", words.text),
            ("Confidence", f"{words.confidence:.8f}"),
            ("Language", one.get("language", "en-US")),
            ("FinishedOnKey", ""),
        ]
    return Goto(action, one.get("method", "POST"), extra)


def _usable(leg: Leg, kinds: list[str]) -> bool:
    """Whether something has come in that this gather listens for; the rest is dropped."""
    while leg.inbox and not (("dtmf" in kinds) if isinstance(leg.inbox[0], Key) else ("speech" in kinds)):
        leg.inbox.popleft()
    return bool(leg.inbox)


def _collect(leg: Leg, one: Verb, kinds: list[str]) -> Steps[tuple[str, Words | None, str]]:
    """Collect keys until enough, the finishing key or a pause; or one utterance.

    Returns:
        The keys, the words (None if none were said), and the key that finished.
    """
    finishing = one.get("finishOnKey", "#")
    most = one.number("numDigits", 1000)
    keys = ""
    while True:
        came = yield from leg.until(lambda: _usable(leg, kinds), one.number("timeout", 5))
        if not came:
            return keys, None, ""
        thing = leg.inbox.popleft()
        leg.waiting_for = None
        if isinstance(thing, Words):
            if keys:
                continue
            yield from leg.until(lambda: bool(leg.inbox), min(thing.seconds, LONGEST_SPEECH))
            return "", thing, ""
        if thing.key == finishing:
            return keys, None, ""
        keys += thing.key
        if len(keys) >= most:
            return keys, None, ""
