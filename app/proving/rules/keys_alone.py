"""A caller who cannot speak gets everywhere, and to an end, by keys alone."""

from __future__ import annotations

from app.ivr.turn import Queue
from app.proving.moves import Move
from app.proving.path import path_to, walk
from app.proving.reach import can_bring_about
from app.proving.rule import Rule, Subject, Verdict, law, listed, proved, refuted
from app.proving.states import Edge


def prove(subject: Subject) -> Verdict:
    """Compare where callers come with any move and with keys only; then look for the end by keys only."""
    graph = subject.graph
    reached: set[str] = set()

    def remember(_: bool, edge: Edge) -> bool | None:
        if edge.move.is_of_caller and not edge.move.is_by_keys:
            return None
        reached.add(graph.target(edge).node)
        return True

    walk(graph, True, remember, lambda _, edge: False)
    missed = {state.node for state in graph.waiting()} - reached
    if missed:
        found = path_to(graph, lambda state: state.node in missed)
        return refuted(f"no keys lead to {listed(missed)}", found)

    def by_keys(move: Move) -> bool:
        return move.is_by_keys

    goals = [state for state in graph.states if state.is_end or isinstance(state.wait, Queue)]
    ending = can_bring_about(graph, goals, by_keys)
    stuck = path_to(graph, lambda state: state.waits_for_caller and state.number not in ending)
    if stuck is not None:
        return refuted(f"from {stuck[1].node} no keys lead to an end or a human", stuck)
    return proved(f"keys alone lead to all {len(reached)} nodes that wait, and on from them")


RULE = Rule(
    "keys-alone",
    "The hotline can be used by keys alone.",
    (
        law("EN 301 549 V3.2.1, 6.4", "", "de", "eu", confirmed=True),
        law("Decreto 11.034/2022, art. 6 (accessibility)", "", "br-sac", confirmed=True),
        law("house rule: S5", "", confirmed=False),
    ),
    prove,
)
