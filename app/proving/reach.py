"""What rules ask of a graph: what happens before the caller is waited for again, what callers can bring about."""

from __future__ import annotations

from collections.abc import Callable, Iterable

from app.ivr.turn import Queue
from app.proving.states import BEFORE, Edge, Graph, State


def passed(graph: Graph, edge: Edge) -> tuple[State, ...]:
    """The states that a call comes through after an edge, up to those where the caller is waited for or has gone."""
    found = graph.passed.get(edge.target)
    if found is None:
        found = graph.passed[edge.target] = tuple(_passed(graph, graph.target(edge)))
    return found


def _passed(graph: Graph, begin: State) -> Iterable[State]:
    seen: dict[int, State] = {}
    ahead = [begin]
    while ahead:
        state = ahead.pop()
        if state.number not in seen:
            seen[state.number] = state
            if not state.waits_for_caller:
                ahead.extend(graph.target(way) for way in graph.ways(state))
    return seen.values()


def first_waits(graph: Graph) -> list[State]:
    """Where callers are waited for first."""
    found = {state.number: state for edge in graph.ways(BEFORE) for state in passed(graph, edge)}
    return [state for state in found.values() if state.waits_for_caller]


def leading_to(graph: Graph, goal: Iterable[int], through: Callable[[State], bool] | None = None) -> set[int]:
    """The states from which some call comes to one of these states, with them.

    Args:
        through: which states it may come from and through; without it all.
    """
    reached = set(goal)
    ahead = list(reached)
    while ahead:
        for edge in graph.arriving(ahead.pop()):
            source = edge.source
            if source >= 0 and source not in reached and (through is None or through(graph.states[source])):
                reached.add(source)
                ahead.append(source)
    return reached


def can_bring_about(
    graph: Graph, goal: Iterable[State], may: Callable[[Edge], bool], within: int | None = None
) -> set[int]:
    """The states from which a caller reaches a goal, whatever the office answers and however a queue ends.

    Args:
        goal: where the caller wants to be.
        may: which of a caller's moves can be made; asked once of all edges that are alike.
        within: how many moves at most; None: as many as it takes.
    """
    open_ends = {
        state.number: len(ways)
        for state in graph.states
        if (not state.waits_for_caller or isinstance(state.wait, Queue)) and (ways := graph.ways(state))
    }
    answers: dict[int, bool] = {}
    reached: set[int] = set()
    fresh = {state.number for state in goal}
    round_number = 0
    while fresh and (within is None or round_number <= within):
        round_number += 1
        reached |= fresh
        ahead, more = list(fresh), set[int]()
        while ahead:
            for edge in graph.arriving(ahead.pop()):
                source = edge.source
                if source in reached:
                    continue
                if source in open_ends:
                    # Reached without the caller as soon as nothing else can happen there.
                    open_ends[source] -= 1
                    if not open_ends[source]:
                        reached.add(source)
                        ahead.append(source)
                if source >= 0 and edge.move.is_of_caller:
                    if edge.alike not in answers:
                        answers[edge.alike] = may(edge)
                    if answers[edge.alike]:
                        more.add(source)
        fresh = more - reached
    return reached
