"""Nobody is asked a second time what the matter is, unless to correct what was recorded."""

from __future__ import annotations

from typing import Final

from app.proving.path import Path, walk
from app.proving.reach import leading_to
from app.proving.rule import DECREE_URL, Rule, Subject, Verdict, house, law, proved, refuted
from app.proving.states import BEFORE, Edge, Graph, State

ISSUE: Final = {"story": "story", "story_text": "story", "kinds": "kinds", "product": "product", "about": "about"}
"""Answers that tell the matter → what they tell; a recorded account and a written one tell the same."""


def prove(subject: Subject) -> Verdict:
    """For each thing told: no question for it may be put on a call on which it was answered before."""
    graph = subject.graph
    for thing in sorted(set(ISSUE.values())):
        names = tuple(name for name, told in ISSUE.items() if told == thing)
        found = _asked_again(graph, thing, names)
        if found is not None:
            return refuted(f"{found[1].node} asks again for the {thing}, which was answered", found)
    asking = {state.node for state in graph.waiting() if _tells(graph, state)}
    return proved(f"{len(asking)} questions ask for the matter, none after it was answered but to correct it")


def _asked_again(graph: Graph, thing: str, names: tuple[str, ...]) -> tuple[Path, State] | None:
    """The shortest call on which it is; `names` are the answers that tell the thing."""

    def answers(edge: Edge) -> bool:
        return any(edge.saved.get(name) for name in names)

    def is_asked(edge: Edge) -> bool:
        target = graph.target(edge)
        return _tells(graph, target) == thing and _asks_anew(graph, edge, target)

    asking, answering = ({edge.alike for edge in graph.unlike() if is_it(edge)} for is_it in (is_asked, answers))
    before = leading_to(graph, {edge.source for edge in graph.edges if edge.alike in asking and edge.source != BEFORE})
    again = (edge.target in before or edge.alike in asking for edge in graph.edges if edge.alike in answering)
    if not any(again):
        return None
    return walk(
        graph,
        False,
        lambda answered, edge: answered or answers(edge),
        lambda answered, edge: answered and is_asked(edge),
    )


def _tells(graph: Graph, state: State) -> str:
    """What of the matter is told by the answer to a question; "" if nothing."""
    return ISSUE.get(str(getattr(graph.node(state), "save", "")), "") if state.waits_for_caller else ""


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
