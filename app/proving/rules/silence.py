"""Who says and presses nothing is led on everywhere, and hears a word before the line is closed."""

from __future__ import annotations

from app.ivr.turn import Queue
from app.proving.moves import SILENCE
from app.proving.path import path_over, path_to
from app.proving.reach import passed
from app.proving.rule import Rule, Subject, Verdict, house, proved, refuted
from app.proving.states import Edge


def prove(subject: Subject) -> Verdict:
    """Let every waiting state hear nothing."""
    graph = subject.graph

    def says_nothing(edge: Edge) -> bool:
        if edge.move != SILENCE:
            return False
        after = passed(graph, edge)
        silent = not edge.says and not any(way.says for state in after for way in graph.ways(state))
        return silent or any(state.wait is None for state in after)

    mute = path_to(
        graph,
        lambda state: (
            state.waits_for_caller
            and not isinstance(state.wait, Queue)
            and not any(edge.move == SILENCE for edge in graph.ways(state))
        ),
    )
    if mute is not None:
        return refuted(f"at {mute[1].node} silence leads nowhere", mute)
    lost = path_over(graph, says_nothing)
    if lost is not None:
        return refuted("after silence nothing is said, or the way leads nowhere", lost)
    return proved("silence has a way on in every state, and nobody who is silent is cut off without a word")


RULE = Rule("silence", "Every silence has a way on, with a word.", (house("never hang up on failure"),), prove)
