from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from app.ivr.interpreter import interpret
from app.ivr.nodes import node_types
from app.ivr.turn import Position
from tests.ivr.tiny import cases_of, flows_of, heard_of, told

FOLDER = Path(__file__).parent / "nodes"
AROUND = "\na: {end: {}}\nb: {end: {}}\nc: {end: {}}\n"
HUMAN = "start: {human: {closed: bye, left: bye, done: bye}}\nbye: {end: {}}\n"


def _cases() -> list[Any]:
    return [
        pytest.param(case.get("node", cases["node"]), case, id=f"{path.stem} {case['it']}")
        for path in sorted(FOLDER.glob("*.yaml"))
        for cases in [cases_of(path)]
        for case in cases["cases"]
    ]


def test_every_node_type_has_its_table_of_cases() -> None:
    tables = {path.stem for path in FOLDER.glob("*.yaml")}

    assert tables == set(node_types())


@pytest.mark.parametrize(("node", "case"), _cases())
def test_a_node(node: dict[str, Any], case: dict[str, Any], tmp_path: Path) -> None:
    flows = flows_of(tmp_path / "f", t=f"here: {_yaml(node)}{AROUND}", human=HUMAN)
    known = dict(case.get("known", {}))
    if "opening" in case:
        known["opening"] = [[int(day), opens, closes] for day, opens, closes in case["opening"]]
    position = Position(flows.version, "t.here", "de", int(case.get("tries", "0")), known)

    turn = interpret(flows, position, heard_of(case["heard"]))

    found = told(turn)
    found["known"] = {name: _text(value) for name, value in found["known"].items() if name != "opening"}
    assert {name: found[name] for name in case["expect"]} == case["expect"]


def _yaml(value: Any) -> str:
    """Flow style, every scalar quoted: what was text in the table stays text."""
    if isinstance(value, dict):
        return "{" + ", ".join(f"{_yaml(key)}: {_yaml(each)}" for key, each in value.items()) + "}"
    if isinstance(value, list):
        return "[" + ", ".join(_yaml(each) for each in value) + "]"
    return f"'{value}'"


def _text(value: Any) -> Any:
    return str(value) if isinstance(value, int) else value
