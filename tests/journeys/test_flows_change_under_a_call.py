"""A call keeps the flow version it began with, also when the process restarts with changed files."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from tests.journeys.cast import ADA, CEM, CORA, TELL_ALL, complain_and_hang_up, press_all
from tests.journeys.stage import Stage

SHIPPED = Path(__file__).parents[2] / "ivr_flows"
OLD, NEW = "Worum geht es?", "Was betrifft Ihre Beschwerde?"


@pytest.fixture
def flows(tmp_path: Path) -> Path:
    """A copy of the shipped flows that a story may change."""
    return Path(shutil.copytree(SHIPPED, tmp_path / "flows"))


@pytest.fixture
def environ(environ: dict[str, str], flows: Path) -> dict[str, str]:
    """The environment of an office that reads its flows from that copy."""
    return {**environ, "HOTLINE_CONFIG": str(flows / "hotline.yaml")}


@pytest.fixture
def office(office: Stage) -> Stage:
    """An office that keeps every version."""
    office.runtime.keep_flows()
    return office


def reword(flows: Path) -> None:
    """Change what callers are asked."""
    file = flows / "prompts/de.yaml"
    file.write_text(file.read_text("utf-8").replace(OLD, NEW), "utf-8")


def drop_a_question(flows: Path) -> None:
    """Take the remedy out of the flow: after the question about injuries comes the number."""
    file = flows / "complaint.yaml"
    file.write_text(
        file.read_text("utf-8").replace(
            '"no": remedy, max_tries: 2, on_failure: remedy}', '"no": callback, max_tries: 2, on_failure: callback}'
        ),
        "utf-8",
    )


def test_a_call_under_way_goes_on_with_the_words_it_began_with(office: Stage, flows: Path) -> None:
    """And a new call hears the new ones."""
    call = office.call(CORA).press("1")
    reword(flows)
    office.restart()

    assert OLD in call.press("2").last_heard
    assert NEW in press_all(office.call(CEM), "1", "2").last_heard


def test_a_call_under_way_is_asked_every_question_of_its_own_version(office: Stage, flows: Path) -> None:
    """Its keys mean what they meant."""
    call = press_all(office.call(CORA), *TELL_ALL[:3])
    drop_a_question(flows)
    office.restart()
    press_all(call, *TELL_ALL[3:]).hang_up()

    assert office.record().matter.remedy_requested == "refund"
    assert office.promise().flow_version == office.calls()[0].flow_version


def test_the_promise_is_kept_by_a_process_with_other_flows(office: Stage, flows: Path) -> None:
    """Promises outlive versions."""
    complain_and_hang_up(office)
    reword(flows)
    office.restart()
    office.hire("Ada", ADA)
    office.wait(minutes=5)

    assert office.promise().status == "kept"


def test_a_restart_in_the_middle_of_a_callback_loses_nothing(office: Stage) -> None:
    """The rows know where it stands; the agent hears the next step from the new process."""
    office.carrier.manned.add(ADA)
    office.hire("Ada", ADA)
    complain_and_hang_up(office)
    office.wait(seconds=25)
    (agent,) = office.carrier.ringing(ADA)
    agent.answer()

    office.restart()
    agent.press("1", settle=False)
    office.wait(minutes=1)

    assert office.promise().status == "kept"
    assert len(office.rings_at(CORA)) == 1
