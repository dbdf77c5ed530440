"""Nobody is asked a second time what the matter is, unless to correct what was recorded."""

from __future__ import annotations

from typing import Final

from app.proving.path import walk
from app.proving.rule import DECREE_URL, Rule, Subject, Verdict, house, law, proved, refuted
from app.proving.states import BEFORE, Edge, Graph, State

ISSUE: Final = {"story": "story", "story_text": "story", "kinds": "kinds", "product": "product", "about": "about"}
"""Answers that tell the matter → what they tell; a recorded account and a written one tell the same."""


def prove(subject: Subject) -> Verdict:
    """For each thing told, follow the calls on which it was answered to the questions that ask for it."""
    graph = subject.graph
    for thing in sorted(set(ISSUE.values())):
        names = [name for name, told in ISSUE.items() if told == thing]

        def remember(answered: bool, edge: Edge, names: list[str] = names) -> bool:
            return answered or any(edge.saved.get(name) for name in names)

        def is_wrong(answered: bool, edge: Edge, thing: str = thing) -> bool:
            target = graph.target(edge)
            return answered and _asks_anew(graph, edge, target) and ISSUE.get(_saves(graph, target)) == thing

        found = walk(graph, False, remember, is_wrong)
        if found is not None:
            return refuted(f"{found[1].node} asks again for the {thing}, which was answered", found)
    asking = {state.node for state in graph.waiting() if _saves(graph, state) in ISSUE}
    return proved(f"{len(asking)} questions ask for the matter, none after it was answered but to correct it")


def _saves(graph: Graph, state: State) -> str:
    return str(getattr(graph.node(state), "save", "")) if state.waits_for_caller else ""


def _asks_anew(graph: Graph, edge: Edge, target: State) -> bool:
    """Whether the question is put by the flow: not repeated by the caller's wish, not while an answer is corrected."""
    repeated = edge.source != BEFORE and graph.states[edge.source].node == target.node
    return not repeated and not target.is_detour


RULE = Rule(
    "issue-once",
    "The matter is never asked for twice.",
    (
        law("Decreto 11.034/2022, art. 10", DECREE_URL, "br-sac", confirmed=False),
        house("what was said in one place is known in the others (S7)"),
    ),
    prove,
)
