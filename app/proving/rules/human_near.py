"""A human, or outside the hours a promise, is two keys away from every state."""

from __future__ import annotations

from app.ivr.nodes.phone import Phone
from app.ivr.turn import Queue
from app.proving.moves import Sort
from app.proving.path import path_to
from app.proving.reach import can_bring_about
from app.proving.rule import DECREE_URL, Rule, Subject, Verdict, house, law, proved, refuted
from app.proving.states import State


def prove(subject: Subject) -> Verdict:
    """Go back from the queue and the promise, as many keys as are allowed, whether or not somebody is there.

    Who cannot be called back at the number calling is at the goal where the number is asked for: entering it is no
    key that a flow could spare.
    """
    graph, most = subject.graph, subject.profile.keys_to_human

    def is_goal(state: State) -> bool:
        return isinstance(state.wait, Queue) or state.asks("promise") or isinstance(graph.node(state), Phone)

    near = can_bring_about(graph, filter(is_goal, graph.states), lambda move: move.sort is Sort.KEY, most)
    far = path_to(graph, lambda state: state.waits_for_caller and state.number not in near)
    if far is not None:
        return refuted(f"at {far[1].node} it takes more than {most} keys to a human or a promise", far)
    states = sum(1 for _ in graph.waiting())
    return proved(f"from all {states} states at most {most} keys lead to the queue or, with nobody there, to a promise")


RULE = Rule(
    "human-near",
    "A human, or outside the hours a promise, is at most two keys away, always.",
    (
        law("Decreto 11.034/2022, art. 5 I and III (an attendant, as an option)", DECREE_URL, "br-sac", confirmed=True),
        house("0 leads to a human from everywhere"),
    ),
    prove,
)
