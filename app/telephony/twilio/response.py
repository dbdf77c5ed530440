"""Our turns into TwiML: the only place where documents for the network are written.

What is constant about a turn is composed once per language and kept; only the addresses and the slots are filled in.
The documents are written as text and checked in tests against the official library's vocabulary, because composing them
from objects at each turn costs more than the database write.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from xml.sax.saxutils import escape, quoteattr
from zoneinfo import ZoneInfo

from app.ivr.manner import RATE, USUAL, Manner
from app.ivr.turn import Ask, Gather, Hangup, Queue, Record, Say, Wait
from app.ivr.words import Words
from app.telephony.speech import slow
from app.telephony.twilio.voices import VOICES

_HEAD = '<?xml version="1.0" encoding="UTF-8"?><Response>'
_TAIL = "</Response>"
_UNSPEAKABLE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\ud800-\udfff\ufffe\uffff]")
_TURN = "\x00"  # stands for the next turn's address in a composed document
_CONSTANT_SLOTS = frozenset({"purpose", "key"})
_KEPT = 5_000  # composed documents; far more than nodes × languages × tries

LONGEST_MESSAGE = 1_600  # letters of one text message; the network refuses more

EMPTY = _HEAD + _TAIL
HANG_UP = _HEAD + "<Hangup/>" + _TAIL
LEAVE_QUEUE = _HEAD + "<Leave/>" + _TAIL


@dataclass(frozen=True, slots=True)
class Links:
    """The addresses a document may point to."""

    turn: str  # where the next turn goes
    wait: str = ""  # what a queued caller hears
    queue: str = ""  # the name of the queue a caller joins
    recording: str = ""  # told when a recording is ready
    transcript: str = ""  # told what was understood; absolute


def clean(text: str) -> str:
    """Text without the characters that no XML document may hold."""
    return _UNSPEAKABLE.sub("", text)


class Speaker:
    """Puts turns into documents, in every language of the office."""

    def __init__(self, words: Words, speech_address: Callable[[str, str], str]) -> None:
        """Take the words and, for languages without a voice at the network, where our own speech is fetched.

        Args:
            words: all prompts.
            speech_address: (text, language) → URL of the sound.
        """
        self._words = words
        self._speech_address = speech_address
        self._composed: dict[tuple[object, ...], str] = {}

    def text(self, says: Iterable[Say], language: str, *, now: datetime, zone: ZoneInfo) -> str:
        """What the caller hears, as one text."""
        return " ".join(
            self._words.text(say.language or language, say.prompt, say.slots, now=now, zone=zone) for say in says
        )

    def speak(
        self,
        says: Iterable[Say],
        language: str,
        *,
        now: datetime,
        zone: ZoneInfo,
        name_zone: bool = False,
        manner: Manner = USUAL,
    ) -> str:
        """The verbs that speak; neighbours in one language become one."""
        verbs: list[str] = []
        run: list[str] = []
        speaking = language
        for say in says:
            tongue = say.language or language
            if tongue != speaking and run:
                verbs.append(self._voice(" ".join(run), speaking, manner))
                run = []
            speaking = tongue
            words = self._words.text(
                tongue, say.prompt, say.slots, now=now, zone=zone, name_zone=name_zone, style=manner.style
            )
            run.append(clean(words))
        if run:
            verbs.append(self._voice(" ".join(run), speaking, manner))
        return "".join(verbs)

    def _voice(self, text: str, language: str, manner: Manner) -> str:
        voice = VOICES[language]
        if voice.name is None:
            own = slow(language) if manner.is_slow else language
            return f"<Play>{escape(self._speech_address(text, own))}</Play>"
        spoken = f'<prosody rate="{RATE:.0%}">{escape(text)}</prosody>' if manner.is_slow else escape(text)
        return f'<Say voice="{voice.name}" language="{voice.language}">{spoken}</Say>'

    def message(
        self, says: Iterable[Say], language: str, *, now: datetime, zone: ZoneInfo, name_zone: bool = False
    ) -> str:
        """What is written in a conversation by text messages: sentences one after another, each option on its line."""
        written = ""
        before = False  # whether the last thing written was an option
        for say in says:
            tongue = say.language or language
            text = self._words.text(
                tongue, say.prompt, say.slots, now=now, zone=zone, name_zone=name_zone, style="texted"
            )
            is_option = "key" in say.slots
            written += ("\n" if is_option or before else " ") + (text.rstrip(",") if is_option else text)
            before = is_option
        return written.strip()

    def document(
        self,
        says: tuple[Say, ...],
        wait: Wait,
        language: str,
        links: Links,
        *,
        now: datetime,
        zone: ZoneInfo,
        name_zone: bool = False,
        after_recording: bool = False,
        manner: Manner = USUAL,
    ) -> str:
        """The document of one turn.

        Args:
            name_zone: whether deadlines tell whose time it is.
            after_recording: the last turn recorded, so the live transcription must be stopped.
        """
        if all(say.slots.keys() <= _CONSTANT_SLOTS for say in says) and isinstance(wait, Gather | Hangup):
            key = (language, wait, after_recording, manner, *((s.prompt, s.language, *s.slots.items()) for s in says))
            composed = self._composed.get(key)
            if composed is None:
                spoken = self.speak(says, language, now=now, zone=zone, manner=manner)
                composed = self._compose(spoken, wait, language, Links(_TURN), after_recording)
                if len(self._composed) < _KEPT:
                    self._composed[key] = composed
            return composed.replace(_TURN, links.turn)
        spoken = self.speak(says, language, now=now, zone=zone, name_zone=name_zone, manner=manner)
        return self._compose(spoken, wait, language, links, after_recording)

    def _compose(self, spoken: str, wait: Wait, language: str, links: Links, after_recording: bool) -> str:
        before = '<Stop><Transcription name="story"/></Stop>' if after_recording else ""
        return _HEAD + before + _waiting(spoken, wait, language, links) + _TAIL


def _waiting(spoken: str, wait: Wait, language: str, links: Links) -> str:
    listening = VOICES[language].listening
    match wait:
        case Gather():
            return gather(spoken, wait, listening, links.turn)
        case Record():
            transcription = (
                f'<Start><Transcription name="story" statusCallbackUrl={quoteattr(links.transcript)} '
                f'languageCode="{listening}" track="inbound_track"/></Start>'
            )
            return (
                f"{spoken}{transcription if wait.transcribe else ''}"
                f'<Record action="{links.turn}" maxLength="{wait.max_seconds}" timeout="{wait.silence_seconds}" '
                f'finishOnKey="1234567890*#" playBeep="true" trim="do-not-trim" '
                f'recordingStatusCallback="{links.recording}" recordingStatusCallbackEvent="completed absent"/>'
                f"<Redirect>{links.turn}</Redirect>"
            )
        case Queue():
            return f'{spoken}<Enqueue action="{links.turn}" waitUrl="{links.wait}">{escape(links.queue)}</Enqueue>'
        case Hangup():
            return f"{spoken}<Hangup/>"
        case Ask():
            raise TypeError("the office has not answered yet; an Ask is never spoken")


def gather(spoken: str, wait: Gather, listening: str, address: str) -> str:
    """A gather that asks for an answer also when nothing came."""
    attributes = [f'action="{address}"', 'actionOnEmptyResult="true"', f'timeout="{wait.timeout_seconds}"']
    if wait.speech:
        pause = wait.speech_pause_seconds or "auto"
        attributes.append(f'input="dtmf speech" language="{listening}" speechTimeout="{pause}"')
        if wait.hints:
            attributes.append(f"hints={quoteattr(clean(', '.join(wait.hints)))}")
    else:
        attributes.append('input="dtmf"')
    if wait.digits:
        # Without a finishing key, so that # arrives as a key like the others.
        attributes.append(f'numDigits="{wait.digits}" finishOnKey=""')
    return f"<Gather {' '.join(attributes)}>{spoken}</Gather><Redirect>{address}</Redirect>"


def dial_customer(
    spoken: str, number: str, *, caller_id: str, whisper: str, status: str, action: str, ring_seconds: int
) -> str:
    """Ring the customer from the agent's leg; the pair is joined only after the whisper lets it."""
    return (
        f'{_HEAD}{spoken}<Dial callerId={quoteattr(caller_id)} timeout="{ring_seconds}" action="{action}">'
        f'<Number url="{whisper}" statusCallback="{status}" statusCallbackEvent="initiated ringing answered completed">'
        f"{escape(number)}</Number></Dial>{_TAIL}"
    )


def dial_queue(spoken: str, queue: str, *, announce: str, action: str) -> str:
    """Join the agent's leg with the caller who waits in `queue`."""
    meeting = f'<Queue url="{announce}">{escape(queue)}</Queue>'
    return f'{_HEAD}{spoken}<Dial action="{action}" timeout="10">{meeting}</Dial>{_TAIL}'


def enqueue(queue: str, *, wait: str, action: str) -> str:
    """Let a leg wait in `queue`, hearing what `wait` says."""
    return f'{_HEAD}<Enqueue waitUrl="{wait}" action="{action}">{escape(queue)}</Enqueue>{_TAIL}'


def looped(*verbs: str) -> str:
    """A document of ready verbs."""
    return _HEAD + "".join(verbs) + _TAIL


def record_message(spoken: str, action: str, after: str) -> str:
    """Speak, take a message, and go to `action` with it, or say `after` when nothing was said."""
    return (
        f'{_HEAD}{spoken}<Record action="{action}" maxLength="180" timeout="6" playBeep="true"/>{after}<Hangup/>{_TAIL}'
    )


def reply_text(body: str) -> str:
    """Answer a text message with another one; with more than one if it is too long for the network."""
    parts = wrap_text(clean(body))
    return _HEAD + "".join(f"<Message>{escape(part)}</Message>" for part in parts) + _TAIL


def wrap_text(body: str, longest: int = LONGEST_MESSAGE) -> list[str]:
    """A text in parts of at most so many letters, broken where a line ends, or else between words."""
    parts = []
    while len(body) > longest:
        place = max(body.rfind("\n", 1, longest), 0) or max(body.rfind(" ", 1, longest), 0) or longest
        parts.append(body[:place].rstrip())
        body = body[place:].lstrip()
    return [*parts, body]
