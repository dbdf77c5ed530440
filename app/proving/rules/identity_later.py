"""Nobody says who they are before a human, a complaint and a cancellation are within reach."""

from __future__ import annotations

from typing import Final

from app.ivr.nodes.gather import GatherDigits
from app.ivr.nodes.phone import Phone
from app.ivr.nodes.speech import Speech
from app.proving.path import walk
from app.proving.reach import passed
from app.proving.rule import DECREE_URL, Rule, Subject, Verdict, house, law, proved, refuted
from app.proving.states import Edge, Graph, State

NOT_WHO_CALLS: Final = frozenset({"model", "product", "story", "story_text"})
"""Answers that tell of the matter. Whatever else is entered or said in free words may tell who calls."""


def prove(subject: Subject) -> Verdict:
    """Look on every way that leads to such a question for a menu that offers all three."""
    graph = subject.graph
    offering = {state.number for state in graph.waiting() if _offers_all(graph, state)}

    def remember(offered: bool, edge: Edge) -> bool:
        return offered or edge.target in offering

    def is_wrong(offered: bool, edge: Edge) -> bool:
        return not offered and _asks_who_calls(graph, graph.target(edge))

    found = walk(graph, False, remember, is_wrong)
    if found is not None:
        return refuted(f"{found[1].node} asks who calls before human, complaint and cancellation are offered", found)
    if not offering:
        return refuted("nowhere are a human, a complaint and a cancellation one key away")
    asking = {state.node for state in graph.waiting() if _asks_who_calls(graph, state)}
    return proved(f"{len(asking)} questions ask for numbers or names, all of them later")


def _offers_all(graph: Graph, state: State) -> bool:
    ahead = [each for edge in graph.ways(state) for each in passed(graph, edge)]
    return (
        any(each.asks("human") for each in ahead)
        and any(each.asks("open_case", "complaint") for each in ahead)
        and any(each.asks("open_case", "cancellation") for each in ahead)
    )


def _asks_who_calls(graph: Graph, state: State) -> bool:
    node = graph.node(state)
    return isinstance(node, GatherDigits | Phone | Speech) and node.save not in NOT_WHO_CALLS


RULE = Rule(
    "identity-later",
    "No identity is asked for before a human, complaint and cancellation are reachable.",
    (
        law("Decreto 11.034/2022, art. 4 §4", DECREE_URL, "br-sac", confirmed=True),
        house("T2: nothing is needed to complain"),
    ),
    prove,
    incoming_only=True,
)
