"""What rules ask of a graph: what happens before the caller is waited for again, what callers can bring about."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.ivr.turn import Queue
from app.proving.states import Edge, Graph, State


def passed(graph: Graph, edge: Edge) -> list[State]:
    """The states that a call comes through after an edge, up to those where the caller is waited for or has gone."""
    seen: dict[int, State] = {}
    ahead = [graph.target(edge)]
    while ahead:
        state = ahead.pop()
        if state.number not in seen:
            seen[state.number] = state
            if not state.waits_for_caller:
                ahead.extend(graph.target(way) for way in graph.ways(state))
    return list(seen.values())


def first_waits(graph: Graph) -> list[State]:
    """Where callers are waited for first."""
    found = {state.number: state for edge in graph.ways(-1) for state in passed(graph, edge) if state.waits_for_caller}
    return list(found.values())


def can_bring_about(
    graph: Graph, goal: Iterable[State], may: Callable[[Edge], bool], within: int | None = None
) -> set[int]:
    """The states from which a caller reaches a goal, whatever the office answers and however a queue ends.

    Args:
        goal: where the caller wants to be.
        may: which of a caller's moves can be made.
        within: how many moves at most; None: as many as it takes.
    """
    reached = _let_happen(graph, {state.number for state in goal})
    round_number = 0
    while within is None or round_number < within:
        round_number += 1
        more = {
            edge.source
            for edge in graph.edges
            if edge.target in reached and edge.source >= 0 and edge.move.is_of_caller and may(edge)
        } - reached
        if not more:
            break
        reached = _let_happen(graph, reached | more)
    return reached


def _let_happen(graph: Graph, reached: set[int]) -> set[int]:
    """With those states in which all that can happen leads to the reached ones, without the caller."""
    reached = set(reached)
    others = [
        (state.number, [way.target for way in ways])
        for state in graph.states
        if not state.waits_for_caller or isinstance(state.wait, Queue)
        if (ways := graph.ways(state))
    ]
    changed = True
    while changed:
        more = {number for number, targets in others if number not in reached and reached.issuperset(targets)}
        changed = bool(more)
        reached |= more
    return reached
