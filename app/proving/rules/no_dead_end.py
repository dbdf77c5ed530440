"""From every state a call can come to an end, and no way leads nowhere."""

from __future__ import annotations

from app.proving.path import path_to
from app.proving.reach import can_bring_about
from app.proving.rule import Rule, Subject, Verdict, house, proved, refuted


def prove(subject: Subject) -> Verdict:
    """Go back from all ends, whatever the office answers."""
    graph = subject.graph
    nowhere = path_to(graph, lambda state: state.wait is None)
    if nowhere is not None:
        return refuted(f"leads to {nowhere[1].node!r}, which is not there", nowhere)
    ends = [state for state in graph.states if state.is_end]
    ending = can_bring_about(graph, ends, lambda edge: True)
    stuck = path_to(graph, lambda state: state.number not in ending)
    if stuck is not None:
        return refuted(f"from {stuck[1].node} no way leads to an end", stuck)
    return proved(f"an end can be reached from all {len(graph.states)} states")


RULE = Rule("no-dead-end", "No way leads nowhere, and every call can come to an end.", (house(),), prove)
