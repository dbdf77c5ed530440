"""The shipped flows are proved; broken in one place by program, each by the rule that should see it, they are not."""

from __future__ import annotations

from dataclasses import replace
from datetime import date
from typing import Final

import pytest

from app.domain.hotline import Hotline
from app.ivr.interpreter import interpret, start
from app.proving.explore import explore
from app.proving.office import Beginning, beginnings
from app.proving.path import Path
from app.proving.profile import profile_of
from app.proving.prove import consent_modes, prove_all
from app.proving.rule import Subject, Verdict
from app.proving.rules import rules
from app.proving.states import Graph
from tests.proving.breaks import BROKEN, Broken
from tests.proving.broken import Shipped

TODAY: Final = date(2026, 3, 2)
ALL: Final = [(rule, broken) for rule, variants in BROKEN.items() for broken in variants]


@pytest.fixture(scope="module")
def as_shipped(shipped: Shipped, hotlines: dict[str, Hotline]) -> dict[str, Graph]:
    """The graphs of the flows that are not broken, for variants that differ in other things."""
    return {
        name: explore(shipped.flows, hotline, beginnings(consent_modes(hotline, on=TODAY)))
        for name, hotline in hotlines.items()
    }


def verdict_on(it: Shipped, hotline: Hotline, rule: str, as_shipped: dict[str, Graph]) -> Verdict:
    graph = as_shipped[hotline.name]
    if it.flows is not graph.flows:
        graph = explore(it.flows, hotline, beginnings(consent_modes(hotline, on=TODAY)))
    graph = replace(graph, hotline=hotline)
    subject = Subject(graph, it.words, it.classes, profile_of(hotline.jurisdiction), TODAY)
    return next(each for each in rules() if each.name == rule).prove(subject)


def end_of(path: Path, it: Shipped, hotline: Hotline) -> str:
    """The node to which the interpreter comes by these moves, in a call with all that is known of it."""
    first, *others = path.moves
    assert isinstance(first.begins, Beginning)
    turn = interpret(it.flows, start(it.flows, hotline, hotline.main_language, first.begins.known()), first.heard)
    for move in others:
        turn = interpret(it.flows, turn.position, move.heard)
    return turn.position.node


@pytest.mark.parametrize("jurisdiction", ["as shipped", "eu", "us"])
def test_the_shipped_flows_are_proved(jurisdiction: str, shipped: Shipped, hotlines: dict[str, Hotline]) -> None:
    lines = list(hotlines.values())
    if jurisdiction != "as shipped":
        lines = [replace(lines[0], jurisdiction=jurisdiction)]

    reports = prove_all(shipped.flows, shipped.words, shipped.classes, lines, on=TODAY)

    found = [(report.hotline, rule.name, verdict) for report in reports for rule, verdict in report.verdicts]
    assert [each for each in found if not each[2].proved] == []
    assert len(found) == len(lines) * len(rules())


@pytest.mark.parametrize(("rule", "broken"), ALL, ids=[f"{rule}: {broken.what}" for rule, broken in ALL])
def test_what_is_broken_is_refuted_by_its_rule(
    rule: str, broken: Broken, shipped: Shipped, hotlines: dict[str, Hotline], as_shipped: dict[str, Graph]
) -> None:
    it = broken.breaks(shipped)
    hotline = replace(hotlines[broken.hotline], **it.of_hotline)

    verdict = verdict_on(it, hotline, rule, as_shipped)

    assert not verdict.proved, verdict.evidence
    if verdict.path is not None and verdict.path.end in it.flows.nodes:
        assert end_of(verdict.path, it, hotline) == verdict.path.end


def test_every_rule_has_something_that_breaks_it() -> None:
    assert set(BROKEN) == {rule.name for rule in rules()}
    assert len(ALL) >= 40
