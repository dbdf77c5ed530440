from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from app.ivr.flow import FlowSet
from app.ivr.interpreter import GRACE, MAX_WAITS, interpret
from app.ivr.turn import Ask, Gather, Hangup, Heard, How, Position, Queue, Record
from tests.ivr.tiny import flows_of, told

FLOWS = """
ask:
  menu: {prompt: choose, options: {1: {purpose: p, to: name, then: read}, 2: {purpose: q, to: ask}}, on_failure: bye}
name: {speech: {prompt: tell, save: product, next: bye, on_failure: bye}}
read: {read_back: {lines: {product: read_product}, prompt: really, "yes": bye, "no": ask, on_failure: bye}}
digits: {gather: {prompt: which, save: order, next: bye, on_failure: bye}}
record: {record: {prompt: story, save: story, next: bye, on_failure: bye}}
open: {open_case: {kind: complaint, next: thanks}}
thanks: {say: {prompt: your_number, next: ask}}
here: {say: {prompt: round, next: there}}
there: {say: {prompt: and_round, next: here}}
bye: {end: {prompt: goodbye}}
"""
HUMAN = "start: {human: {prompt: wait_please, closed: bye, left: bye, done: bye}}\nbye: {end: {}}\n"
KNOWN = {"languages": ["de", "en"], "consent": "granted"}


@pytest.fixture
def flows(tmp_path: Path) -> FlowSet:
    return flows_of(tmp_path / "f", t=FLOWS, human=HUMAN)


def at(flows: FlowSet, node: str, **known: Any) -> Position:
    return Position(flows.version, f"t.{node}", "de", known={**KNOWN, **known})


def keys(pressed: str) -> Heard:
    return Heard(How.KEYS, keys=pressed)


@pytest.mark.parametrize("node", ["ask", "name", "digits"])
def test_zero_leads_to_a_human_from_any_question(flows: FlowSet, node: str) -> None:
    turn = interpret(flows, at(flows, node), keys("0"))

    assert (turn.position.node, turn.wait) == ("human.start", Ask("human", {"urgent": "no"}))


@pytest.mark.parametrize("node", ["ask", "name", "digits"])
def test_nine_repeats_and_costs_no_try(flows: FlowSet, node: str) -> None:
    first = interpret(flows, at(flows, node), Heard(How.START))
    asked_in_vain = replace(first.position, tries=1)

    again = interpret(flows, asked_in_vain, keys("9"))

    assert again.says == first.says
    assert again.position.tries == 1


def test_a_language_key_asks_the_same_question_in_the_other_language(flows: FlowSet) -> None:
    turn = interpret(flows, at(flows, "ask"), keys("6"))

    assert (turn.position.node, turn.position.language) == ("t.ask", "en")


def test_the_key_of_the_language_in_use_leads_back_to_the_main_one(flows: FlowSet) -> None:
    position = replace(at(flows, "ask"), language="en")

    assert interpret(flows, position, keys("6")).position.language == "de"


def test_a_language_key_without_a_language_means_nothing(flows: FlowSet) -> None:
    turn = interpret(flows, at(flows, "ask"), keys("8"))

    assert (turn.position.language, turn.says[0].prompt) == ("de", "nomatch")


def test_language_keys_count_while_a_number_is_entered_only_when_alone(flows: FlowSet) -> None:
    turn = interpret(flows, at(flows, "digits"), keys("609"))

    assert turn.position.known["order"] == "609"
    assert turn.position.language == "de"


def test_the_word_for_a_human_leads_there_like_the_key(flows: FlowSet) -> None:
    turn = interpret(flows, at(flows, "name"), Heard(How.SPEECH, speech="PERSON!"))

    assert turn.position.node == "human.start"


def test_a_recording_ended_by_a_language_key_is_asked_again_in_that_language(flows: FlowSet) -> None:
    turn = interpret(flows, at(flows, "record"), Heard(How.RECORDING, keys="6", recording="RE1"))

    assert isinstance(turn.wait, Record)
    assert turn.position.language == "en"
    assert "story" not in turn.position.known


def test_the_answer_of_the_office_is_known_to_what_is_said_next(flows: FlowSet) -> None:
    asking = interpret(flows, at(flows, "open"), Heard(How.START))

    turn = interpret(flows, asking.position, Heard(How.OUTCOME, outcome={"protocol": "2612345679"}))

    assert asking.wait == Ask("open_case", {"kind": "complaint"})
    assert told(turn)["says"][0] == "your_number protocol=2612345679"
    assert isinstance(turn.wait, Gather)


@pytest.mark.parametrize("answer", [keys("#"), Heard(How.SPEECH, speech="toaster")])
def test_a_detour_comes_back_after_one_node(flows: FlowSet, answer: Heard) -> None:
    there = interpret(flows, at(flows, "ask", product="kettle"), keys("1")).position

    back = interpret(flows, there, answer)

    assert back.position.node == "t.read"
    assert not back.position.known["detour"]


def test_silence_on_a_detour_comes_back_as_well(flows: FlowSet) -> None:
    there = interpret(flows, at(flows, "ask", product="kettle"), keys("1")).position

    back = interpret(flows, replace(there, tries=2), Heard(How.SILENCE))

    assert back.position.node == "t.read"


def test_a_detour_is_off_once_a_human_was_asked_for(flows: FlowSet) -> None:
    there = interpret(flows, at(flows, "ask"), keys("1")).position

    assert not interpret(flows, there, keys("0")).position.known["detour"]


def test_a_hang_up_changes_nothing(flows: FlowSet) -> None:
    position = at(flows, "name")

    turn = interpret(flows, position, Heard(How.HANGUP))

    assert (turn.position, turn.wait, turn.says) == (position, Hangup(), ())


def test_a_call_of_an_earlier_version_goes_on_at_the_node_of_the_same_name(flows: FlowSet) -> None:
    turn = interpret(flows, replace(at(flows, "ask"), version="old"), keys("2"))

    assert (turn.position.node, turn.position.version) == ("t.ask", flows.version)


def test_a_call_whose_node_is_gone_gets_a_human(flows: FlowSet) -> None:
    turn = interpret(flows, replace(at(flows, "gone"), version="old"), keys("2"))

    assert turn.position.node == "human.start"


def test_a_circle_that_no_check_saw_ends_at_a_human(flows: FlowSet) -> None:
    turn = interpret(flows, at(flows, "here"), Heard(How.START))

    assert (turn.position.node, turn.wait) == ("human.start", Ask("human", {"urgent": "no"}))


def test_a_call_that_asks_without_end_is_handed_to_a_human(flows: FlowSet) -> None:
    position = replace(at(flows, "ask"), asked=MAX_WAITS - 1)

    assert interpret(flows, position, keys("9")).position.node == "human.start"


def test_a_stuck_key_does_not_hold_the_line_for_ever(flows: FlowSet) -> None:
    position = replace(at(flows, "ask"), asked=MAX_WAITS + GRACE - 1)

    turn = interpret(flows, position, keys("9"))

    assert (told(turn)["says"], turn.wait) == (["goodbye"], Hangup())


def test_waiting_for_the_office_is_not_counted_as_waiting_for_the_caller(flows: FlowSet) -> None:
    asking = interpret(flows, at(flows, "open"), Heard(How.START)).position

    assert interpret(flows, asking, Heard(How.OUTCOME)).position.asked == 0


def test_the_queue_is_waited_for_after_the_office_said_that_people_are_there(flows: FlowSet) -> None:
    asking = interpret(flows, at(flows, "ask"), keys("0")).position

    turn = interpret(flows, asking, Heard(How.OUTCOME, outcome={"human": "open"}))

    assert (told(turn)["says"], turn.wait) == (["wait_please"], Queue())


def test_a_position_survives_the_trip_through_json(flows: FlowSet) -> None:
    position = replace(at(flows, "ask", kinds=["change"]), tries=2, asked=7)

    assert Position.from_json(position.to_json()) == position
