"""A caller who cannot speak gets everywhere, and to an end, by keys alone."""

from __future__ import annotations

from typing import Final

from app.ivr.turn import Queue
from app.proving.moves import EVERYWHERE, HUMAN
from app.proving.path import path_to, walk
from app.proving.reach import can_bring_about
from app.proving.rule import Rule, Subject, Verdict, law, listed, proved, refuted
from app.proving.states import BEFORE, Edge

_MISTAKEN: Final = frozenset({"nomatch"})


def prove(subject: Subject) -> Verdict:
    """Compare where callers come with any move and with keys only; then look for the end by keys only.

    A key that is not understood is no way on, even if enough of them lead somewhere.
    """
    graph = subject.graph
    mistaken = {
        (graph.states[edge.source].node, edge.move.typed)
        for edge in graph.unlike()
        if edge.speaks(_MISTAKEN) and edge.source != BEFORE
    }

    def is_key(edge: Edge) -> bool:
        return edge.move.is_by_keys and (graph.states[edge.source].node, edge.move.typed) not in mistaken

    reached: set[str] = set()

    def remember(_: bool, edge: Edge) -> bool | None:
        if edge.move.is_of_caller and not is_key(edge):
            return None
        reached.add(graph.target(edge).node)
        return True

    walk(graph, True, remember, lambda _, edge: False)
    missed = {state.node for state in graph.waiting()} - reached
    if missed:
        found = path_to(graph, lambda state: state.node in missed)
        return refuted(f"no keys lead to {listed(missed)}", found)
    answerable = {
        graph.states[edge.source].node
        for edge in graph.unlike()
        if edge.source != BEFORE and is_key(edge) and _is_own(edge)
    }
    mute = path_to(
        graph,
        lambda state: state.waits_for_caller and not isinstance(state.wait, Queue) and state.node not in answerable,
    )
    if mute is not None:
        return refuted(f"{mute[1].node} takes no key for an answer", mute)
    goals = [state for state in graph.states if state.is_end or isinstance(state.wait, Queue)]
    ending = can_bring_about(graph, goals, is_key)
    stuck = path_to(graph, lambda state: state.waits_for_caller and state.number not in ending)
    if stuck is not None:
        return refuted(f"from {stuck[1].node} no keys lead to an end or a human", stuck)
    return proved(f"keys alone lead to all {len(reached)} nodes that wait, and on from them")


def _is_own(edge: Edge) -> bool:
    """Whether the key is the node's own, and none that counts everywhere."""
    return edge.move not in (HUMAN, *EVERYWHERE)


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
