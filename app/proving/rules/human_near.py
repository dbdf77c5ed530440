"""A human, or outside the hours a promise, is two keys away from every state."""

from __future__ import annotations

from app.ivr.nodes.phone import Phone
from app.ivr.turn import Queue
from app.proving.moves import Sort
from app.proving.office import Beginning
from app.proving.path import walk
from app.proving.reach import can_bring_about
from app.proving.rule import DECREE_URL, Rule, Subject, Verdict, house, law, proved, refuted
from app.proving.states import Edge


def prove(subject: Subject) -> Verdict:
    """Go back from the queue and the promise, as many keys as are allowed, whether or not somebody is there.

    Who cannot be called at the number calling, or does not want to be, is at the goal where a number is asked for as
    well: entering one is no key that a flow could spare.
    """
    graph, most = subject.graph, subject.profile.keys_to_human
    goals = [state for state in graph.states if isinstance(state.wait, Queue) or state.asks("promise")]
    asking = [state for state in graph.states if isinstance(graph.node(state), Phone)]
    near = can_bring_about(graph, goals, _is_one_key, most)
    near_for_others = can_bring_about(graph, [*goals, *asking], _is_one_key, most)

    def is_far(is_callable: bool, edge: Edge) -> bool:
        enough = near if is_callable else near_for_others
        return graph.target(edge).waits_for_caller and edge.target not in enough

    found = walk(graph, False, _is_callable, is_far, looks_at_states=True)
    if found is not None:
        return refuted(f"at {found[1].node} it takes more than {most} keys to a human or a promise", found)
    states = sum(1 for _ in graph.waiting())
    return proved(f"from all {states} states at most {most} keys lead to the queue or, with nobody there, to a promise")


def _is_callable(before: bool, edge: Edge) -> bool:
    """Whether the caller can be called at the number calling, and did not decline it."""
    if isinstance(edge.move.begins, Beginning):
        return edge.move.begins.callable
    return before and edge.saved.get("call_own") != "no"


def _is_one_key(edge: Edge) -> bool:
    return edge.move.sort is Sort.KEY


RULE = Rule(
    "human-near",
    "A human, or outside the hours a promise, is at most two keys away, always.",
    (
        law("Decreto 11.034/2022, art. 5 I (a human; how many keys is ours)", DECREE_URL, "br-sac", confirmed=True),
        house("0 leads to a human from everywhere"),
    ),
    prove,
)
