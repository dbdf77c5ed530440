"""Evidence of a call: every answer comes out again, and it is known what had been played when which key came."""

from __future__ import annotations

from random import Random

import pytest

from app.models.call import Call
from app.services.call_evidence import Moment, Played, call_evidence
from app.telephony.twilio.script import words_in
from tests.journeys.cast import ADA, BIA, CORA, ELLA, MILA, SAC, call_in_a_hurry, complain_and_hang_up, press_all
from tests.journeys.stage import Stage

CALLERS = [(CORA, None), (ELLA, None), (MILA, None), (BIA, SAC)]


def evidence(office: Stage, call: Call) -> list[Moment]:
    vault = office.runtime.vault

    def speech(address: str) -> str:
        return vault.read_address(address).partition("|")[2]

    with office.runtime.database.reads() as session:
        return call_evidence(office.runtime.board, session, call, lambda document: words_in(document, speech))


def wander(office: Stage, dice: Random) -> None:
    """A caller who does anything."""
    number, hotline = dice.choice(CALLERS)
    line = office.call(number, hotline)
    for _ in range(dice.randrange(3, 16)):
        if line.over:
            return
        deed = dice.random()
        if deed < 0.75:
            line.press(dice.choice("111222334567890#*"))
        elif deed < 0.9:
            line.say(dice.choice(["ja", "eine Beschwerde", "kettle", "Mitarbeiter", "não"]))
        else:
            line.stay_silent()
    if not line.over:
        line.hang_up()


@pytest.mark.parametrize("seed", range(3))
def test_each_answer_of_a_random_call_comes_out_again_byte_for_byte(office: Stage, seed: int) -> None:
    dice = Random(seed)
    office.hire("Ada", ADA)
    for _ in range(6):
        wander(office, dice)
        office.wait(minutes=2)

    told = {call.network_id: [moment.same for moment in evidence(office, call)] for call in office.calls()}
    assert {call: same for call, same in told.items() if not all(same)} == {}
    assert sum(len(same) for same in told.values()) > 20


def test_an_answer_that_was_altered_does_not_come_out_again(office: Stage) -> None:
    complain_and_hang_up(office)
    call = office.calls()[0]
    call.language = "en"  # as if the call had begun in another language

    assert next(moment.same for moment in evidence(office, call)) is False


def test_whoever_waits_for_the_end_of_the_menu_had_every_key_announced(office: Stage) -> None:
    line = office.call(CORA)
    line.stay_silent()
    line.press("1").hang_up()

    first = evidence(office, office.calls()[0])[0]
    assert {sentence.played for sentence in first.sentences} == {Played.WHOLE}
    assert {key.key: key.announced for key in first.keys if key.key in "123"} == dict.fromkeys("123", Played.WHOLE)
    assert {"0", "9"} <= {key.key for key in first.keys}
    assert first.node == "main.choose" or first.wait == "Gather"
    assert first.flow_version == office.calls()[0].flow_version


def test_whoever_presses_at_once_had_not_heard_what_the_other_keys_are_for(office: Stage) -> None:
    line = call_in_a_hurry(office, CORA, "1")
    line.hang_up()

    first = evidence(office, office.calls()[0])[0]
    assert first.seconds is not None
    assert first.seconds < 3
    assert first.sentences[0].played is Played.BEGUN
    assert {sentence.played for sentence in first.sentences[1:]} == {Played.NOT}
    assert {key.announced for key in first.keys if key.key in "123"} == {Played.NOT}


def test_a_key_that_meant_nothing_is_not_among_those_that_counted(office: Stage) -> None:
    press_all(office.call(CORA), "1").hang_up()

    first = evidence(office, office.calls()[0])[0]
    assert "#" not in {key.key for key in first.keys}
    assert {key.key: key.leads_to for key in first.keys}["0"].startswith("human.")
