"""Which documents the network executes and which it refuses, with which code."""

from __future__ import annotations

import json
from pathlib import Path

import pytest
from lxml import etree
from twilio.twiml.voice_response import Gather, VoiceResponse

from app.simulator import vocabulary
from app.simulator.document import WAITING, WHISPER, check_type, read
from app.simulator.limits import Refused
from app.simulator.vocabulary import Word
from app.simulator.voices import check_voice

REFERENCE = Path(__file__).parents[3] / "shared" / "twilio" / "twiml_allowed.json"
HEAD = '<?xml version="1.0" encoding="UTF-8"?>'


def document(inner: str) -> bytes:
    return f"{HEAD}<Response>{inner}</Response>".encode()


REFUSED = [
    ("<say>Hi</say>", 12200),
    ("<Shout>Hi</Shout>", 12200),
    ('<Say lang="de">Hi</Say>', 12200),
    ("<Say></Say>", 13520),
    (f"<Say>{'x' * 4001}</Say>", 13521),
    (f'<Say voice="Polly.Vicki">{"x" * 3001}</Say>', 13521),
    ('<Say loop="-1">Hi</Say>', 13510),
    ("<Gather><Record/></Gather>", 12200),
    ("<Gather>text</Gather>", 12200),
    ('<Gather input="voice"/>', 12200),
    ('<Gather numDigits="0"/>', 13314),
    ('<Gather timeout="auto"/>', 13313),
    ('<Gather finishOnKey="12"/>', 13310),
    ('<Gather speechTimeout="auto" speechModel="deepgram_nova-2"/>', 13335),
    ('<Record maxLength="0"/>', 12200),
    ('<Record playBeep="yes"/>', 12200),
    ('<Dial timeout="3">+49301234567</Dial>', 13212),
    ("<Dial>nobody</Dial>", 13223),
    ("<Dial><Number>x</Number></Dial>", 13223),
    ("<Dial>" + "<Number>+49301234567</Number>" * 11 + "</Dial>", 13200),
    ('<Dial record="yes">+49301234567</Dial>', 12200),
    (f"<Enqueue>{'q' * 65}</Enqueue>", 12200),
    ('<Redirect method="PUT">/a</Redirect>', 13710),
    ("<Redirect></Redirect>", 11100),
    ("<Redirect>http://our_host/a</Redirect>", 11100),
    ("<Play></Play>", 11100),
    ('<Pause length="soon"/>', 13910),
    ('<Reject reason="tired"/>', 12200),
    ("text", 12200),
]


@pytest.mark.parametrize(("inner", "code"), REFUSED, ids=[inner[:40] for inner, _ in REFUSED])
def test_what_twilio_would_refuse_is_refused_with_its_code(inner, code):
    with pytest.raises(Refused) as refused:
        read(document(inner), "https://office.example/")

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("body", "code"),
    [
        (b"\n" + document("<Hangup/>"), 12100),
        (b"<Response><Say>Tom & Jerry</Say></Response>", 12100),
        (b"{}", 12100),
        (b"<html/>", 12100),
        (document("<Pause/>" * 10_000), 11750),
    ],
    ids=["blank line", "ampersand", "json", "html", "too large"],
)
def test_what_is_no_document_is_refused(body, code):
    with pytest.raises(Refused) as refused:
        read(body, "https://office.example/")

    assert refused.value.code == code


@pytest.mark.parametrize(("content_type", "code"), [("application/json", 12300), ("", 502)])
def test_other_content_types_are_refused(content_type, code):
    with pytest.raises(Refused) as refused:
        check_type(content_type)

    assert refused.value.code == code


def test_what_the_library_builds_is_read():
    response = VoiceResponse()
    gather = Gather(num_digits=1, input="dtmf speech", action="/next", speech_timeout="auto", hints="eins, zwei")
    gather.say("Guten Tag", voice="Polly.Vicki", language="de-DE")
    response.append(gather)
    dial = response.dial(action="/done", timeout=20, answer_on_bridge=True)
    dial.number("+49301234567", url="/whisper", status_callback="/leg", status_callback_event="initiated answered")
    response.enqueue("agents", wait_url="/wait", action="/left")
    response.start().transcription(status_callback_url="https://office.example/words", language_code="de-DE")

    verbs = read(str(response).encode(), "https://office.example/").verbs

    assert [verb.name for verb in verbs] == ["Gather", "Dial", "Enqueue", "Start"]
    assert verbs[0].children[0].text == "Guten Tag"


def test_marked_up_speech_is_heard_as_plain_words():
    number = '<say-as interpret-as="digits">12</say-as>'
    inner = f'<Say>Your number: {number}<break time="1s"/><sub alias="please">pls</sub>.</Say>'

    (say,) = read(document(inner), "https://office.example/").verbs

    assert say.text == "Your number: 12 please."


@pytest.mark.parametrize(
    ("inner", "allowed", "code"),
    [
        ("<Dial>+49301234567</Dial>", WHISPER, 13201),
        ("<Record/>", WAITING, 12200),
        ("<Enqueue>a</Enqueue>", WAITING, 12200),
    ],
)
def test_whispers_and_waits_allow_fewer_verbs(inner, allowed, code):
    with pytest.raises(Refused) as refused:
        read(document(inner), "https://office.example/", allowed=allowed)

    assert refused.value.code == code


@pytest.mark.parametrize(
    ("voice", "language", "code"),
    [
        ("Polly.Vicki", "de-DE", None),
        ("Polly.Camila-Neural", "pt-BR", None),
        ("Google.de-DE-Chirp3-HD-Aoede", "de-DE", None),
        ("man", "de-DE", None),
        ("Polly.Vicki", "pt-BR", 13512),
        ("Polly.Nobody", "de-DE", 13511),
        ("Vicki", "de-DE", 13511),
        ("man", "bs-BA", 13512),
        ("Google.sr-RS-Standard-A", "", 13511),
    ],
)
def test_a_voice_speaks_its_own_language_only(voice, language, code):
    wrong = check_voice(voice, language)

    assert (wrong[0] if wrong else None) == code


def test_the_vocabulary_of_the_library_is_the_one_of_the_reference():
    if not REFERENCE.exists():
        pytest.skip("the reference is not on this machine")
    reference = json.loads(REFERENCE.read_text())["voice"]
    differences = set(compare(vocabulary.voice(), "VoiceResponse", reference, set()))

    # ConversationRelay alone has spellings of attributes that the method does not offer.
    assert {name for name, _ in differences} <= {"ConversationRelay"}


EMITTED = [
    '<Say language="de-DE" voice="Polly.Vicki">Guten Tag</Say>',
    '<Gather input="dtmf speech" numDigits="1" action="/a" language="de-DE" hints="eins"><Say>Eins</Say></Gather>',
    '<Record action="/a" maxLength="60" timeout="5" finishOnKey="0123456789*#" playBeep="true"/>',
    '<Dial action="/a" timeout="20" callerId="+49301234567"><Number url="/w">+49301234567</Number></Dial>',
    '<Enqueue waitUrl="/w" action="/a">agents</Enqueue>',
    '<Redirect method="POST">/a</Redirect>',
    "<Play>https://office.example/a.wav</Play>",
    '<Pause length="2"/><Hangup/>',
    '<Reject reason="busy"/>',
]


@pytest.mark.parametrize("inner", EMITTED, ids=[inner[1:8] for inner in EMITTED])
def test_what_the_network_takes_is_also_valid_by_twilios_schema(inner):
    schema = REFERENCE.with_name("twiml.xsd")
    if not schema.exists():
        pytest.skip("the schema is not on this machine")
    body = document(inner)

    assert read(body, "https://office.example/").verbs
    etree.XMLSchema(etree.parse(schema)).assertValid(etree.fromstring(body))


REJECTED = ['<Say loop="x">Hi</Say>', "<Gather><Record/></Gather>", '<Pause length="soon"/>', "<Shout/>"]


@pytest.mark.parametrize("inner", REJECTED)
def test_what_twilios_schema_refuses_the_network_refuses_too(inner):
    schema = REFERENCE.with_name("twiml.xsd")
    if not schema.exists():
        pytest.skip("the schema is not on this machine")
    body = document(inner)

    assert not etree.XMLSchema(etree.parse(schema)).validate(etree.fromstring(body))
    with pytest.raises(Refused):
        read(body, "https://office.example/")


def compare(word: Word, key: str, reference: dict, seen: set[str]) -> list[tuple[str, frozenset[str]]]:
    if key in seen:
        return []
    seen.add(key)
    expected = reference[key]
    found = []
    if set(expected["attributes"]) != word.attributes:
        found.append((key, frozenset(set(expected["attributes"]) ^ word.attributes)))
    if set(expected["children"]) != set(word.children):
        found.append((key, frozenset(set(expected["children"]) ^ set(word.children))))
    for name, child in expected["children"].items():
        found += compare(word.children[name], child, reference, seen)
    return found
