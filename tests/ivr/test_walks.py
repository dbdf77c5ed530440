"""Callers who do anything at all, on the flows as they are shipped."""

from __future__ import annotations

import random
from typing import Final

import pytest

from app.domain.hotline import Hotline
from app.ivr.checks import check_flows
from app.ivr.flow import FlowSet
from app.ivr.hotline_file import Hotlines
from app.ivr.interpreter import GRACE, MAX_WAITS
from app.ivr.turn import Hangup, Heard, How, Queue, Record
from app.ivr.words import Words
from tests.ivr.storytelling import Conversation

WALKS: Final = 2_000
MOST_TURNS: Final = MAX_WAITS + GRACE
KEYS: Final = ("0", "1", "2", "3", "4", "5", "6", "7", "8", "9", "*", "#", "12", "03012345601", "2612345679", "4711")
OUTCOMES: Final = {
    "human": [{"human": "open"}, {"human": "closed"}],
    "promise": [{"promised": "yes"}, {"promised": "no"}],
    "recall": [{"match": "exact", "hazard": "fire"}, {"match": "possible"}, {"match": "none"}, {"match": "unchecked"}],
    "feedback": [{"feedback": "none"}, {"feedback": "due", "feedback_title": "Kettle", "feedback_done": "refund"}],
    "matter": [
        {"found": "no"},
        {"found": "yes", "protocol": "2612345679", "matter_status": "closed", "case_kind": "complaint"},
        {"found": "yes", "protocol": "2612345679", "matter_status": "open", "due_at": "2026-03-02T13:00:00+00:00"},
    ],
}


def anything(chance: random.Random, call: Conversation) -> Heard:
    """One thing that a caller may do now; rarely hanging up, so that walks get far."""
    if isinstance(call.wait, Queue):
        return Heard(How.QUEUE, queue=chance.choice(["bridged", "left", "error", "hangup"]))
    if isinstance(call.wait, Record) and chance.random() < 0.7:
        return Heard(How.RECORDING, recording="RE1", seconds=9, keys=chance.choice(["", "#", "0", "9", "7"]))
    spoken = call.flows.spoken[call.position.language]
    return chance.choice(
        [
            Heard(How.KEYS, keys=chance.choice(KEYS)),
            Heard(How.KEYS, keys=chance.choice("12345")),
            Heard(How.SPEECH, speech=chance.choice(spoken).written),
            Heard(How.SPEECH, speech=chance.choice(["", "äh", "a story about a kettle", "nein ja"])),
            Heard(How.SILENCE),
            Heard(How.SILENCE) if chance.random() < 0.95 else Heard(How.HANGUP),
        ]
    )


def walk(flows: FlowSet, hotline: Hotline, seed: int) -> tuple[Conversation, int, bool]:
    """One call to its end: the conversation, how many turns it took, and whether complaint was chosen."""
    chance = random.Random(seed)
    office = {what: chance.choice(answers) for what, answers in OUTCOMES.items()}
    call = Conversation.begin(
        flows,
        hotline,
        hotline.languages[seed % 4],
        office,
        caller=chance.choice(["", "+493012345601"]),
        caller_callable=chance.choice(["yes", "no"]),
        consent_mode=chance.choice(["ask", "announce"]),
    )
    turns, complained = 0, False
    while not isinstance(call.wait, Hangup) and turns <= MOST_TURNS:
        heard = anything(chance, call)
        complained |= call.position.node == "main.subject" and heard.keys == "1"
        call.hear(heard)
        turns += 1
    return call, turns, complained


@pytest.mark.parametrize("part", range(4))
def test_every_call_ends_and_no_complaint_is_lost(
    part: int, shipped_flows: FlowSet, shipped_hotlines: Hotlines
) -> None:
    hotline = shipped_hotlines.all[part % 2]

    walks = [walk(shipped_flows, hotline, seed) for seed in range(part, WALKS, 4)]

    assert max(turns for _, turns, _ in walks) <= MOST_TURNS
    assert [call.position for call, _, complained in walks if complained and not _recorded(call)] == []
    assert sum(complained for _, _, complained in walks) > len(walks) / 20


def test_what_is_promised_was_asked_of_the_office_in_the_same_call(
    shipped_flows: FlowSet, german_hotline: Hotline
) -> None:
    promising = {"text_promise", "text_complaint"}  # promise_due may tell of a promise from an earlier call as well

    for seed in range(300):
        call, _, _ = walk(shipped_flows, german_hotline, seed)
        if promising & {say.prompt for say in call.says}:
            assert "promise" in {ask.what for ask in call.asks}
            assert call.position.known["promised"] == "yes"


def test_who_only_listens_comes_to_an_end_soon(shipped_flows: FlowSet, german_hotline: Hotline) -> None:
    call = Conversation.begin(shipped_flows, german_hotline)

    turns = 0
    while not isinstance(call.wait, Hangup):
        call.hear(Heard(How.SILENCE))
        turns += 1

    assert turns <= 6


@pytest.mark.parametrize("key", ["1", "9", "6", "0"])
def test_a_stuck_key_does_not_hold_the_line(key: str, shipped_flows: FlowSet, german_hotline: Hotline) -> None:
    call = Conversation.begin(shipped_flows, german_hotline)

    turns = 0
    while not isinstance(call.wait, Hangup):
        call.hear(Heard(How.KEYS, keys=key))
        turns += 1

    assert turns <= MOST_TURNS


def test_the_shipped_flows_have_no_fault(
    shipped_flows: FlowSet, shipped_words: Words, shipped_hotlines: Hotlines
) -> None:
    begins = tuple({hotline.flow for hotline in shipped_hotlines})

    assert check_flows(shipped_flows, shipped_words, begins) == []


def _recorded(call: Conversation) -> bool:
    return any(ask.what == "open_case" and ask.details["kind"] == "complaint" for ask in call.asks)
