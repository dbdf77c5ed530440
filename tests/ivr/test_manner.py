"""Slow speech, time to answer and plain language, as the caller chooses (S5; Decreto 11.034/2022 art. 6)."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path

import pytest

from app.ivr.flow import FlowSet
from app.ivr.interpreter import interpret
from app.ivr.loader import load_flows
from app.ivr.manner import USUAL, Manner
from app.ivr.turn import Effect, Gather, Heard, How, Position, Queue, Record
from app.ivr.words import Words

SHIPPED = Path(__file__).parents[2] / "ivr_flows"
BOTH, SLOW, PLAIN = Manner(True, True), Manner(True, False), Manner(False, True)


@pytest.fixture(scope="module")
def words() -> Words:
    return Words.load(SHIPPED / "prompts")


@pytest.fixture(scope="module")
def flows(words: Words) -> FlowSet:
    return load_flows(SHIPPED, words)


def at(flows: FlowSet, node: str, language: str = "de", **known: str) -> Position:
    return Position(flows.version, node, language, 1, known)


@pytest.mark.parametrize("node", ["main.subject", "complaint.hurt", "complaint.product", "cancellation.order"])
def test_the_star_changes_the_manner_at_once_and_asks_the_same_again(flows: FlowSet, node: str) -> None:
    """No try is lost by it, and pressing it again changes back."""
    turn = interpret(flows, at(flows, node), Heard(How.KEYS, keys="*"))

    assert (turn.position.node, turn.position.tries, turn.says[0].prompt) == (node, 1, "manner_both")
    assert turn.effects == (Effect("manner", {"pace": "slow", "style": "plain"}),)
    assert Manner.of(turn.position.known) == BOTH
    back = interpret(flows, turn.position, Heard(How.KEYS, keys="*"))
    assert (Manner.of(back.position.known), back.says[0].prompt) == (USUAL, "manner_usual")


@pytest.mark.parametrize(
    ("language", "said", "manner"),
    [
        ("de", "Langsamer bitte!", SLOW),
        ("de", "Können Sie bitte langsamer sprechen?", SLOW),
        ("de", "einfache Sprache", PLAIN),
        ("en", "slower please", SLOW),
        ("en", "this is a relay call", SLOW),
        ("en", "plain language please", PLAIN),
        ("pt-BR", "mais devagar, por favor", SLOW),
        ("pt-BR", "linguagem simples", PLAIN),
        ("bs", "Govorite sporije", SLOW),
        ("bs", "jednostavan jezik", PLAIN),
    ],
)
def test_words_do_what_the_star_does(flows: FlowSet, language: str, said: str, manner: Manner) -> None:
    """EN 301 549, 6.4: usable by speech alone, and by those who call through a relay service."""
    turn = interpret(flows, at(flows, "main.subject", language), Heard(How.SPEECH, speech=said))

    assert Manner.of(turn.position.known) == manner
    assert turn.position.node == "main.subject"


def test_a_story_that_calls_something_slow_stays_a_story(flows: FlowSet) -> None:
    """T1: what is told is not taken for a wish about the telephone."""
    told = "Die Waschmaschine schleudert immer langsamer"
    turn = interpret(flows, at(flows, "complaint.story_words"), Heard(How.SPEECH, speech=told))

    assert turn.position.known["story_text"] == told
    assert Manner.of(turn.position.known) == USUAL


def test_who_chose_usual_words_again_is_forgotten_to_have_chosen_others(flows: FlowSet) -> None:
    turn = interpret(flows, at(flows, "main.subject", pace="slow"), Heard(How.SPEECH, speech="wie üblich"))

    assert turn.effects == (Effect("manner", {}),)


def test_slow_callers_are_waited_for_twice_as_long(flows: FlowSet) -> None:
    """Also what a relay operator needs who types; nothing else of a wait changes."""
    assert SLOW.patient(Gather(timeout_seconds=6)) == Gather(timeout_seconds=12, speech_pause_seconds=4)
    assert SLOW.patient(Record()).silence_seconds == 2 * Record().silence_seconds
    assert SLOW.patient(Queue()) == Queue()
    assert PLAIN.patient(Gather()) == Gather()


def test_plain_language_is_there_for_the_main_paths_in_every_language(words: Words) -> None:
    """Complaint, cancellation, recall and promise; short sentences, each within twenty seconds (checked at loading)."""
    for language in words.languages:
        usual, plain = (
            [" ".join(map(str, words._languages[language].styles[style][name])) for name in PLAINER]
            for style in ("", "plain")
        )
        assert [name for name, one, other in zip(PLAINER, usual, plain, strict=True) if one == other] == []


PLAINER = (
    "complaint_open",
    "consent_ask",
    "hurt",
    "danger",
    "complaint_accepted",
    "complaint_procedure",
    "complaint_solution",
    "promise_due",
    "promise_none",
    "to_cancellation",
    "recall_identifier",
    "recall_none",
)


def test_a_remembered_manner_is_that_of_the_first_word(flows: FlowSet) -> None:
    known = {**BOTH.known, "languages": ["de"]}
    turn = interpret(flows, replace(at(flows, "main.welcome"), known=known), Heard(How.START))

    assert Manner.of(turn.position.known) == BOTH
