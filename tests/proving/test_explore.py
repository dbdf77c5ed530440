"""The graph tells what real calls do: turns that were not taken again are the same as if they had been."""

from __future__ import annotations

from datetime import date
from typing import Final

import pytest

from app.domain.hotline import Hotline
from app.ivr.interpreter import interpret
from app.ivr.turn import Position
from app.proving.explore import explore
from app.proving.office import beginnings
from app.proving.prove import consent_modes
from app.proving.states import BEFORE
from app.proving.watched import WatchedKnown, WatchedPosition
from tests.proving.broken import Shipped

EVERY: Final = 17  # of so many edges one is looked at


@pytest.mark.parametrize("name", ["haushalt", "sac"])
def test_a_turn_taken_once_is_the_turn_of_all_calls_that_agree_in_what_it_looks_at(
    name: str, shipped: Shipped, hotlines: dict[str, Hotline]
) -> None:
    hotline = hotlines[name]
    graph = explore(shipped.flows, hotline, beginnings(consent_modes(hotline, on=date(2026, 3, 2))))

    wrong = []
    for edge in [edge for edge in graph.edges if edge.source != BEFORE][::EVERY]:
        turn = interpret(graph.flows, graph.position(graph.states[edge.source], "de"), edge.move.heard)
        target = graph.target(edge)
        told = (turn.position.node, turn.position.tries, type(turn.wait), [say.prompt for say in turn.says])
        if told != (target.node, target.tries, type(target.wait), [say.prompt for say in edge.says]):
            wrong.append((edge, told))

    assert wrong == []
    assert len({edge.alike for edge in graph.edges}) < len(graph.edges) / 5


def test_what_a_turn_looked_at_is_noted_but_not_what_it_gave_itself() -> None:
    looked_at: set[str] = set()
    begins = WatchedPosition("v", "a", "de", 0, WatchedKnown({"hurt": "yes", "phone": ""}, looked_at))

    after = begins.knowing({"phone": "+493012345601"}).at("b")

    assert (after.known["hurt"], after.known.get("phone"), "model" in after.known) == ("yes", "+493012345601", False)
    assert looked_at == {"hurt", "model"}
    assert isinstance(after, WatchedPosition)


def test_a_node_may_not_go_through_all_answers() -> None:
    position: Position = WatchedPosition("v", "a", "de", 0, WatchedKnown({"hurt": "yes"}, set()))

    with pytest.raises(TypeError, match="looks at answers by name"):
        list(position.known)
