"""What strangers say and write stays text, wherever it goes, and lies nowhere in clear."""

from __future__ import annotations

import io
import logging
import re
from collections.abc import Iterator
from pathlib import Path
from random import Random
from xml.etree import ElementTree

import pytest
import sqlalchemy as sa
import structlog
from hypothesis import example, given
from hypothesis import settings as limits
from hypothesis import strategies as st

from app.cli.virtual_office import VirtualOffice
from app.ivr.turn import Gather
from app.logs import configure
from app.models.base import Base
from app.settings import Settings
from app.simulator.people import Person
from app.telephony.twilio.response import clean, dial_customer, gather, looped, record_message, reply_text
from tests.trust.oracle import wire_complaints
from tests.trust.passing_time import run_until_quiet

NASTY = [
    "<Hangup/>",
    "]]><Dial>+1900</Dial>",
    "&amp;&lt;",
    '"><Say>',
    "'",
    "\x00\x07\ud800\ufffe",
    "{due_at}",
    "%s{0}",
    "🙂",
]
ANYTHING = st.one_of(st.text(max_size=60), st.sampled_from(NASTY), st.text(st.characters(codec=None), max_size=20))


@pytest.fixture
def office(settings: Settings) -> Iterator[VirtualOffice]:
    opened = VirtualOffice(settings)
    yield opened
    opened.close()


def read(document: str) -> ElementTree.Element:
    """The document as any reader of XML has it."""
    return ElementTree.fromstring(document.encode())


def as_read(text: str) -> str:
    """Text after XML's own rules for the ends of lines."""
    return clean(text).replace("\r\n", "\n").replace("\r", "\n")


@given(text=ANYTHING)
@example(text="".join(NASTY))
@limits(max_examples=1500)
def test_a_text_comes_out_as_it_went_in(text: str) -> None:
    message = read(reply_text(text)).find("Message")

    assert message is not None
    assert len(message) == 0
    assert (message.text or "") == as_read(text)


@given(text=ANYTHING)
@example(text="".join(NASTY))
@limits(max_examples=1500)
def test_a_number_or_hint_is_never_more_than_a_value(text: str) -> None:
    dialled = read(
        dial_customer("", clean(text), caller_id=clean(text), whisper="/w", status="/s", action="/a", ring_seconds=9)
    )
    asked = read(looped(gather("", Gather(hints=(text,)), "de-DE", "/voice/turn/k/1")))
    taken = read(record_message("", "/voice/fallback/recorded", ""))

    assert [verb.tag for verb in dialled.iter()] == ["Response", "Dial", "Number"]
    assert (dialled.find("Dial/Number").text or "") == as_read(text)
    assert [verb.tag for verb in asked] == ["Gather", "Redirect"]
    assert [verb.tag for verb in taken] == ["Record", "Hangup"]


def test_what_a_caller_says_is_whispered_to_the_agent_as_words(office: VirtualOffice) -> None:
    office.hire("Ada", "+493012345671")
    for place, words in enumerate(NASTY):
        number = f"+49151123456{place:02d}"
        office.carrier.introduce(number, Person())
        call = office.call(number).press("1").press("1").press("1")
        call.say(f"Kessel {words.encode('utf-8', 'ignore').decode()} ABC").hang_up()
        office.carrier.text(number, office.number, words.encode("utf-8", "ignore").decode())
    run_until_quiet(office)

    assert list(wire_complaints(office)) == []
    whispered = " ".join(said for leg in office.carrier.calls if leg.to == "+493012345671" for said in leg.heard)
    assert "Kessel <Hangup/> ABC" in whispered
    assert "Kessel ]]><Dial>+1900</Dial> ABC" in whispered
    assert {leg.to for leg in office.carrier.calls if leg.direction == "outbound-dial"} <= {
        f"+49151123456{place:02d}" for place in range(len(NASTY))
    }


@pytest.fixture
def log() -> Iterator[io.StringIO]:
    """Everything that is logged meanwhile, at the finest level."""
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    configure("DEBUG")
    lines = io.StringIO()
    root.handlers[0].setStream(lines)
    yield lines
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()


CALLS = {"sqlite": 200, "postgresql": 40}


def test_neither_numbers_nor_words_of_callers_lie_anywhere_in_clear(
    settings: Settings, log: io.StringIO, tmp_path: Path
) -> None:
    dice = Random(48)
    office = VirtualOffice(settings, seed=4)
    office.hire("Ada", "+493012345671")
    secrets = []
    calls = CALLS[office.runtime.database.engine.dialect.name]
    for place in range(calls):
        digits, word = f"151{dice.randrange(10**7, 10**8)}", f"Quastenflosser{dice.randrange(10**6, 10**7)}"
        secrets += [digits, word]
        call = office.carrier.dial(f"+49{digits}", office.number, settle=True)
        call.press("1").press("1").press("1").say(word)
        if place % 10 == 0:
            call.press("1").say(f"{word} brennt").press("#").press("2").press("1")
            office.carrier.text(f"+49{digits}", office.number, f"{word} noch einmal")
        call.hang_up()
    office.run(step_seconds=5, minutes=5)

    texts = [text for _, text in _everything(office, tmp_path, log)]
    office.close()
    assert [secret for text in texts for secret in secrets if secret in text] == []
    assert any("+493012345671" in text for text in texts)  # what is not sealed would be found


def _everything(office: VirtualOffice, folder: Path, log: io.StringIO) -> Iterator[tuple[str, str]]:
    """The database, its files, what lies under var with the files' names, and the log, each as one text."""
    with office.runtime.database.reads() as session:
        for table in Base.metadata.sorted_tables:
            yield table.name, "\n".join(str(tuple(row)) for row in session.execute(sa.select(table)))
    for file in sorted(folder.rglob("*")):
        yield str(file), file.name + (file.read_bytes().decode("latin-1") if file.is_file() else "")
    yield "log", re.sub(r"\s", "", log.getvalue())
