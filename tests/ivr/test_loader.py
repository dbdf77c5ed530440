from __future__ import annotations

from pathlib import Path

import pytest

from app.domain.errors import BadFile
from app.ivr.loader import load_flows
from tests.ivr.tiny import TinyWords, flows_of, write_flows

HUMAN = "start: {human: {closed: bye, left: bye, done: bye}}\nbye: {end: {}}\n"
END = "\nbye: {end: {}}\n"

FAULTS = {
    "an unknown target with a guess": (
        "a:\n  say: {prompt: hi, next: bey}" + END,
        "f/main.yaml:2:27: leads to 'bey', which is no node and no flow; did you mean 'bye'?",
    ),
    "an unknown target in another flow": (
        "a:\n  say: {prompt: hi, next: human.stat}" + END,
        "f/main.yaml:2:27: leads to 'human.stat', which is no node and no flow; did you mean 'human.start'?",
    ),
    "a target like nothing else": (
        "a:\n  say: {prompt: hi, next: zzz}" + END,
        "f/main.yaml:2:27: leads to 'zzz', which is no node and no flow; look for a slip of the pen, or add it",
    ),
    "an unknown type": (
        "a:\n  mneu: {}" + END,
        "f/main.yaml:2:3: 'mneu' is no node type; did you mean 'menu'?",
    ),
    "two types in one node": (
        "a:\n  say: {prompt: hi, next: bye}\n  end: {}" + END,
        "f/main.yaml:2:3: node 'main.a' needs exactly one type, such as `say:`",
    ),
    "an unknown field": (
        "a:\n  say: {promt: hi, prompt: hi, next: bye}" + END,
        "f/main.yaml:2:9: unknown key 'promt'; did you mean 'prompt'?",
    ),
    "a missing field": (
        "a:\n  say: {prompt: hi}" + END,
        "f/main.yaml:2:8: say needs 'next': where the call goes on",
    ),
    "an empty value": (
        "a:\n  say: {prompt: '', next: bye}" + END,
        "f/main.yaml:2:17: is empty; write a value or leave the field out",
    ),
    "a list where text belongs": (
        "a:\n  say: {prompt: hi, next: [bye]}" + END,
        "f/main.yaml:2:27: expected text",
    ),
    "text where a mapping belongs": (
        "a:\n  branch: {on: x, cases: bye, otherwise: bye}" + END,
        "f/main.yaml:2:26: expected a mapping",
    ),
    "a mapping where a list belongs": (
        "a:\n  say: {prompt: {x: y}, next: bye}" + END,
        "f/main.yaml:2:17: expected a list",
    ),
    "a number that is none": (
        "a:\n  speech: {prompt: hi, save: x, next: bye, on_failure: bye, max_tries: many}" + END,
        "f/main.yaml:2:72: 'many' is no whole number from 1 to 5",
    ),
    "a number out of bounds": (
        "a:\n  speech: {prompt: hi, save: x, next: bye, on_failure: bye, max_tries: 9}" + END,
        "f/main.yaml:2:72: '9' is no whole number from 1 to 5",
    ),
    "a list where a number belongs": (
        "a:\n  speech: {prompt: hi, save: x, next: bye, on_failure: bye, max_tries: [3]}" + END,
        "f/main.yaml:2:72: expected text",
    ),
    "a word that is not possible": (
        "a:\n  open_case: {kind: complain, next: bye}" + END,
        "f/main.yaml:2:21: 'complain' is not possible here; did you mean 'complaint'?",
    ),
    "neither yes nor no": (
        "a:\n  gather: {prompt: hi, save: x, next: bye, on_failure: bye, spoken: on}" + END,
        "f/main.yaml:2:69: 'on' is neither yes nor no",
    ),
    "a node twice": (
        "a:\n  end: {}\na:\n  end: {}\n",
        "f/main.yaml:3:1: key 'a' stands here twice",
    ),
    "an anchor": (
        "a: &x\n  end: {}\n",
        "f/main.yaml:1:4: anchor &x: repeat the content instead",
    ),
    "an option without a purpose": (
        "a:\n  menu: {options: {1: {to: bye}}, on_failure: bye}" + END,
        "f/main.yaml:2:23: an option needs 'purpose'",
    ),
    "an option that leads nowhere": (
        "a:\n  menu: {options: {1: {purpose: p}}, on_failure: bye}" + END,
        "f/main.yaml:2:23: an option needs 'to'",
    ),
    "an option with a strange key": (
        "a:\n  menu: {options: {1: {purpose: p, to: bye, key: 1}}, on_failure: bye}" + END,
        "f/main.yaml:2:45: unknown key 'key'; known are purpose, then, to, value, words",
    ),
}


@pytest.mark.parametrize(("text", "fault"), FAULTS.values(), ids=FAULTS)
def test_a_fault_tells_its_place_and_what_to_do(text: str, fault: str, tmp_path: Path) -> None:
    folder = write_flows(tmp_path / "f", main=text, human=HUMAN)

    with pytest.raises(BadFile) as bad:
        load_flows(folder, TinyWords())

    assert str(bad.value).splitlines() == [fault]


def test_all_faults_of_all_files_are_told_at_once(tmp_path: Path) -> None:
    folder = write_flows(
        tmp_path / "f", b="a:\n  say: {next: zzz}\n", a="a:\n  mneu: {}\n", human="a:\n  end: {x: y}\n"
    )

    with pytest.raises(BadFile) as bad:
        load_flows(folder, TinyWords())

    assert [str(fault).split(": ")[0] for fault in bad.value.faults] == [
        "f/a.yaml:2:3",
        "f/b.yaml:2:8",
        "f/b.yaml:2:15",
        "f/human.yaml:2:9",
    ]


def test_without_a_flow_for_zero_nothing_is_loaded(tmp_path: Path) -> None:
    with pytest.raises(BadFile, match=r"human\.yaml:1:1: is missing; key 0 leads to its first node"):
        flows_of(tmp_path / "f", main="a: {end: {}}\n")


def test_scalars_stay_as_they_were_typed(tmp_path: Path) -> None:
    flows = flows_of(
        tmp_path / "f", t="a: {set: {save: x, value: 08:30, next: b}}\nb: {end: {prompt: no}}", human=HUMAN
    )

    assert flows.nodes["t.a"].value == "08:30"  # type: ignore[attr-defined]
    assert flows.nodes["t.b"].prompts() == ("no",)


def test_the_version_changes_with_every_word_and_with_nothing_else(tmp_path: Path) -> None:
    one = flows_of(tmp_path / "one", main="a: {end: {}}\n", human=HUMAN, hotline="x: y\n")
    same = flows_of(tmp_path / "same", main="a: {end: {}}\n", human=HUMAN, hotline="other: hours\n")
    other = flows_of(tmp_path / "other", main="a: {end: {prompt: x}}\n", human=HUMAN)

    assert one.version == same.version != other.version


def test_a_flow_begins_at_its_first_node(tmp_path: Path) -> None:
    flows = flows_of(tmp_path / "f", main="z: {say: {prompt: p, next: human}}\na: {end: }\n", human=HUMAN)

    assert flows.entries["main"] == "main.z"
    assert flows.nodes["main.z"].targets() == ("human.start",)
